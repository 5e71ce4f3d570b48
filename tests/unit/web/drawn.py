# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small appliance whose pages a script draws from JSON: nothing on them is there before it has run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.unit.web.box import Asked, Reply

SHELL = """<!doctype html><html lang="en"><head><title>Appliance</title></head><body><div id="stage"></div>
<script>window.habits = {habits};</script><script type="module" src="/appliance/draw.js"></script></body></html>"""
SCRIPT = r"""
const habits = window.habits, stage = document.getElementById("stage");
const later = () => new Promise(go => setTimeout(go, habits.slow));
const make = (tag, more = {}, ...inner) => {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(more)) {
    if (name.startsWith("on")) one.addEventListener(name.slice(2), value); else one.setAttribute(name, value);
  }
  one.append(...inner);
  return one;
};
const ask = async (method, path, body) => {
  const headers = {"X-Ticket": sessionStorage.getItem("ticket") || ""};
  const answer = await fetch("/appliance/data/" + path, {method, body, headers});
  if (answer.status === 401 && path !== "enter") { draw("/appliance/enter"); throw "out"; }
  return answer;
};
const show = (title, ...content) => {
  document.title = title;
  const menu = [["Status", "/appliance/status"], ["Basics", "/appliance/basics"], ["Updates", "/appliance/updates"]];
  const entry = ([text, to]) => make("li", {}, habits.plain
    ? make("a", {href: to, onclick: event => { event.preventDefault(); draw(to); }}, text)
    : make("span", {role: "menuitem", tabindex: 0, onclick: () => draw(to)}, text));
  stage.replaceChildren(
    make("nav", {}, make("ul", {}, ...menu.map(entry), make("li", {}, make("button", {onclick: leave}, "Log Out")))),
    make("h1", {}, title), ...content);
};
const leave = async () => { await ask("POST", "leave"); sessionStorage.clear(); draw("/appliance/enter"); };
const sure = (question, act) => {
  if (habits.asks === "window") { if (confirm(question)) act(); return; }
  if (habits.asks !== "dialog") { act(); return; }
  const box = make("div", {role: "dialog", "aria-modal": "true", "aria-label": question}, make("p", {}, question));
  box.append(make("button", {onclick: () => { box.remove(); act(); }}, "Yes"),
             make("button", {onclick: () => box.remove()}, "No"));
  stage.append(box);
};
const views = {
  "/appliance/enter": () => {
    document.title = "Log in";
    const said = make("p", {role: "alert"});
    const user = make("input", {"aria-label": "Username"}), word = make("input", {type: "password", id: "w"});
    const go = async () => {
      const answer = await ask("POST", "enter", JSON.stringify({user: user.value, word: word.value}));
      if (answer.status !== 200) { said.textContent = "Invalid username or password."; return; }
      if (habits.ticket) sessionStorage.setItem("ticket", (await answer.json()).ticket);
      draw("/appliance/status");
    };
    stage.replaceChildren(said, user, make("label", {for: "w"}, "Password"), word,
      make("div", {role: "button", tabindex: 0, onclick: go}, "Login"));
  },
  "/appliance/status": async () => { await ask("GET", "facts"); show("Status"); },
  "/appliance/basics": async () => {
    const facts = await (await ask("GET", "facts")).json();
    stage.setAttribute("aria-busy", "true");
    await later();
    stage.removeAttribute("aria-busy");
    const list = make("dl");
    for (const [name, value] of Object.entries(facts)) list.append(make("dt", {}, name), make("dd", {}, value));
    const host = make("div"), shadow = host.attachShadow({mode: "closed"});
    const name = make("input", {id: "n", value: facts["Host Name"]});
    const zone = make("select", {id: "z"}, make("option", {value: "1"}, "UTC"), make("option", {value: "2"}, "CET"));
    const on = make("input", {type: "checkbox", id: "o"});
    const way = ["Fast", "Slow"].map(
      text => make("label", {}, make("input", {type: "radio", name: "w", value: text}), text));
    const save = async () => {
      const chosen = shadow.querySelector("[name=w]:checked");
      const values = {name: name.value, zone: zone.value, on: on.checked, way: chosen.value};
      await ask("POST", "save", JSON.stringify(values));
      shadow.append(make("p", {}, "Saved."));
    };
    shadow.append(make("label", {for: "n"}, "Host Name"), name, make("label", {for: "z"}, "Time Zone"), zone,
      make("label", {}, on, "Enabled"), make("fieldset", {}, make("legend", {}, "Way"), ...way),
      make("button", {onclick: () => sure("Save these settings?", save)}, make("span", {}, habits.save)));
    show("Basics", list, host);
  },
  "/appliance/updates": async () => {
    await ask("GET", "facts");
    const file = make("input", {type: "file", "aria-label": "Package"});
    const send = async () => {
      const form = new FormData();
      form.append("p", file.files[0]);
      await ask("POST", "package", form);
      show("Updates", make("p", {}, "Received."));
    };
    const take = async () => {
      const blob = await (await ask("GET", "file")).blob();
      make("a", {href: URL.createObjectURL(blob), download: "kept.bin"}).click();
    };
    show("Updates", make("section", {"aria-label": "Manual Installation"}, file,
      make("button", {onclick: send}, "Upload"), make("button", {onclick: take}, "Download")));
  },
};
const draw = async to => {
  history.pushState({}, "", to);
  await later();
  try { await (views[to] || views["/appliance/status"])(); } catch (error) { if (error !== "out") throw error; }
};
draw(location.pathname);
"""


@dataclass
class Drawn:
    """Answers like such an appliance; each attribute switches one habit."""

    slow: int = 0  # milliseconds
    asks: str = ""  # "window" or "dialog": whether it asks if one is sure
    plain: bool = True  # menu entries are links with addresses
    ticket: bool = False  # the session is a header of which the browser keeps the value
    save: str = "Save Changes"
    word: str = "s3cret-word"
    inside: bool = False
    facts: dict[str, str] = field(default_factory=lambda: {"Serial Number": "BT-9", "Host Name": "box-9"})
    saved: list[dict[str, Any]] = field(default_factory=list)
    file: bytes = b"content"
    replies: dict[str, Reply] = field(default_factory=dict)  # instead of what it answers by itself
    log_ins: int = 0

    def __call__(self, asked: Asked) -> Reply:
        if asked.path in self.replies:
            return self.replies[asked.path]
        name = asked.path.removeprefix("/appliance/data/")
        if asked.path == "/appliance/draw.js":
            return Reply(SCRIPT, 200, {"Content-Type": "text/javascript"})
        if name == asked.path:
            habits = json.dumps({"slow": self.slow, "asks": self.asks, "plain": self.plain, "ticket": self.ticket,
                                 "save": self.save})
            return Reply(SHELL.format(habits=habits))
        if name == "enter":
            return self._enter(json.loads(asked.body))
        known = asked.headers.get("x-ticket") == "t1" if self.ticket else asked.cookies.get("drawn") == "s1"
        if not self.inside or not known:
            return Reply("{}", 401)
        if name == "leave":
            self.inside = False
        if name == "save":
            self.saved.append(json.loads(asked.body))
        if name == "file":
            return Reply(self.file, 200, {"Content-Type": "application/octet-stream"})
        return Reply(json.dumps(self.facts), 200, {"Content-Type": "application/json"})

    def _enter(self, given: dict[str, str]) -> Reply:
        self.log_ins += 1
        if given != {"user": "admin", "word": self.word}:
            return Reply("{}", 403)
        self.inside = True
        cookie = {} if self.ticket else {"Set-Cookie": "drawn=s1; Path=/appliance; Secure; HttpOnly; SameSite=Strict"}
        return Reply('{"ticket": "t1"}', 200, cookie)
