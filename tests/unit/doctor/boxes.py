# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small box of our own making, whose pages a test changes, and a doctor for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._consult import consult
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._examine import Case
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import Question
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from tests.unit.web.box import Asked, Reply, redirect
from tests.unit.web.box import Box as Server

APP = '<div id="app"></div><script type="module" src="/a.js"></script>'
PAIR = Question(procedures=("async_upgrade",), cutover="shared_ip", shared_ip="192.0.2.10")


def form(body: str, kind: str = "") -> str:
    """A form that changes something when it is sent."""
    return f'<form method="post" action="/act" {kind}><input type="hidden" name="t" value="1">{body}</form>'


def button(text: str) -> str:
    """A form of one button."""
    return form(f"<button>{text}</button>")


MULTIPART = 'enctype="multipart/form-data"'
LOGIN_MENU = {
    "Status": {"Information": "/login/info"},
    "Jump": {"Jump Clients": "/login/jump"},
    "Management": {"Software": "/login/software", "Failover": "/login/failover"},
}
APPLIANCE_MENU = {
    "Status": {"Basics": "/appliance/basics"},
    "Networking": {"IP Configuration": "/appliance/ip"},
    "Security": {"Certificates": "/appliance/certs"},
    "Updates": {"Updates": "/appliance/updates"},
}
PAGES = {
    "/login/info": "<h1>Information</h1><dl><dt>Product Version</dt><dd>23.3.1</dd></dl>",
    "/login/failover": "<h1>Failover</h1><h2>Primary Site Instance Status</h2>"
    "<p>The last data-sync was successfully pulled at noon.</p>" + button("Sync Now") + button("Become Backup")
    + button("Break Failover Relationship"),
    "/login/software": "<h1>Software</h1><h2>Backup Settings</h2>" + form(
        "<label>Backup Password <input type=password name=a></label>"
        "<label>Confirm Password <input type=password name=b></label>"
        "<label><input type=checkbox name=h> Include logged history</label><button>Download Backup</button>"
    ) + "<h2>Restore Settings</h2>" + form(
        "<label>Backup File <input type=file name=f></label><button>Upload Backup</button>", MULTIPART
    ),
    "/login/jump": "<h1>Jump Clients</h1>" + form(
        "<label>Maximum number of concurrent Jump Client upgrades <input name=n value=50></label><button>Save</button>"
    ),
    "/appliance/basics": "<h1>Basics</h1><dl><dt>Serial Number</dt><dd>S-1</dd><dt>Base Software Version</dt>"
    "<dd>6.1.0</dd><dt>System Time</dt><dd>noon</dd></dl>" + button("Reset Appliance to Factory Defaults")
    + button("Shut Down This Appliance"),
    "/appliance/ip": "<h1>IP Configuration</h1><h2>192.0.2.10</h2>" + form(
        "<label><input type=checkbox name=e checked> Enabled</label><button>Save Changes</button>"
    ),
    "/appliance/certs": "<h1>Certificates</h1>" + button("Import") + form(
        "<table><tr><th></th><th>Issued To</th><th>Expires</th></tr>"
        "<tr><td><input type=checkbox name=c></td><td>access.example.com</td><td>2030</td></tr></table>"
        "<select name=x><option>-</option><option>Export</option></select><button>Apply</button>"
    ),
    "/appliance/updates": "<h1>Updates</h1>" + button("Check for Updates")
    + '<a href="/appliance/key">Appliance Download Key</a><h2>Manual Installation</h2>'
    + form("<label>File <input type=file name=f></label><button>Update Software</button>", MULTIPART),
}


def menu_of(menu: dict[str, dict[str, str]], out: str) -> str:
    """A menu in two levels, and the way out."""
    items = "".join(
        f"<li>{name}<ul>" + "".join(f'<li><a href="{to}">{text}</a></li>' for text, to in inner.items()) + "</ul></li>"
        for name, inner in menu.items()
    )
    return f'<nav><ul>{items}</ul></nav><a href="{out}">Log Out</a>'


@dataclass
class SmallBox:
    """What the box answers; `replies` come before everything else."""

    server: Server
    pages: dict[str, str] = field(default_factory=lambda: dict(PAGES))
    replies: dict[str, Reply] = field(default_factory=dict)
    menu: dict[str, dict[str, str]] = field(default_factory=lambda: dict(LOGIN_MENU))
    password: str = "geheim"

    def __post_init__(self) -> None:
        self.server.answering = self.answer
        self.replies["/check_health"] = Reply("OK\n", headers={"Content-Type": "text/plain"})
        told, kind = json.dumps({"product": "bpam"}), {"Content-Type": "application/json"}
        self.replies["/get_mech_list"] = Reply(told, headers=kind)

    def answer(self, asked: Asked) -> Reply:
        """What a request is answered with."""
        if asked.path in self.replies:
            return self.replies[asked.path]
        site = asked.path.split("/")[1]
        if site not in ("login", "appliance"):
            return Reply("<h1>Not found</h1>", 404)
        if asked.path == f"/{site}/enter":
            if asked.form.get("p") != self.password:
                return self._entry(site, "Invalid credentials")
            return redirect(f"/{site}/home", cookie=f"{site}=1; Path=/")
        if asked.cookies.get(site) != "1":
            return self._entry(site, "")
        menu = menu_of(self.menu if site == "login" else APPLIANCE_MENU, f"/{site}/out")
        return Reply(f'<html lang="en"><title>Box</title><body>{menu}{self.pages.get(asked.path, "<h1>Welcome</h1>")}')

    @staticmethod
    def _entry(site: str, said: str) -> Reply:
        return Reply(
            f'<html lang="en"><title>Login</title><body><p>{said}</p><form method="post" action="/{site}/enter">'
            "<label>Username <input name=u></label><label>Password <input type=password name=p></label>"
            "<button>Login</button></form>"
        )

    @property
    def written(self) -> list[str]:
        """What was asked with anything but GET."""
        return [each.path for each in self.server.asked if each.method != "GET"]

    def consult(self, folder: Path | None = None, question: Question = PAIR, **connection: Any) -> dict[str, Any]:
        """What the doctor tells of the box."""
        account = Account("admin", "geheim")
        given = {"login": account, "appliance": account, **connection}
        box = Box(Connection("box-a", self.server.endpoint, **given), Context(), str(folder) if folder else "")
        return consult(Case(box, question), Context())
