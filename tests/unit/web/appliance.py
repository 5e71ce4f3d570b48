# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small appliance for the tests of a site: a log-in, a menu of two levels, a form."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from tests.unit.web.box import Asked, Reply, redirect

ACCOUNT = Account("admin", "s3cret-word")
LOGIN = """<html lang="en"><head><title>Appliance Login</title></head><body>{said}
<form method="post" action="/appliance/login.ns"><input type="hidden" name="t" value="tok">
<table><tr><td>Username:</td><td><input name="login[username]"></td></tr>
<tr><td>Password:</td><td><input type="password" name="login[password]"></td></tr></table>
<input type="submit" name="login[submit]" value="Login"></form></body></html>"""
PAGE = """<html lang="en"><head><title>{title}</title></head><body>
<ul class="menu"><li><a href="/appliance/s.ns">Status</a></li><li><a href="/appliance/n.ns">Networking</a></li>
<li><a href="/appliance/u.ns">Updates</a></li></ul><a href="/appliance/out.ns">Log Out</a>
{tabs}<h1>{title}</h1>{content}</body></html>"""
FORM = '<form method="post" action="/appliance/do.ns"><button name="go" value="1">Check for Updates</button></form>'


def page(title: str, content: str = "", tabs: str = "") -> Reply:
    """A page behind the log-in."""
    return Reply(PAGE.format(title=title, content=content, tabs=tabs))


@dataclass
class Appliance:
    """Answers like a small appliance; each attribute switches one habit on."""

    password: str = "s3cret-word"
    sessions: set[str] = field(default_factory=set)
    agreement: bool = False
    after_login: Reply | None = None
    said: str = "Invalid username or password."
    pages: dict[str, Reply] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/appliance/login.ns":
            return self._login(asked)
        if asked.path == "/appliance/out.ns":
            self.sessions.clear()
            return redirect("/appliance/login.ns")
        if self.agreement and asked.cookies.get("agreed") != "1":
            if asked.method == "POST":
                return redirect("/appliance", cookie="agreed=1; Path=/appliance; Secure")
            return Reply(
                "<title>Welcome</title><h1>Login Agreement</h1><p>Authorised use only.</p>"
                '<form method="post"><input type="hidden" name="k" value="v"><button>Accept</button></form>'
            )
        if asked.cookies.get("nsbase_session") not in self.sessions:
            return redirect("/appliance/login.ns")
        if asked.path in self.pages:
            return self.pages[asked.path]
        tabs = '<div id="tabs"><a href="/appliance/b.ns">Basics</a> <a href="/appliance/h.ns">Health</a></div>'
        if asked.path == "/appliance":
            return redirect("/appliance/s.ns")
        if asked.path == "/appliance/s.ns":
            return page("Status", tabs=tabs)
        if asked.path == "/appliance/b.ns":
            return page("Status :: Basics", "<dl><dt>Serial Number</dt><dd>BT-1</dd></dl>", tabs)
        if asked.path == "/appliance/u.ns":
            return page("Updates", FORM)
        if asked.path == "/appliance/do.ns":
            return redirect("/appliance/u.ns", 303)
        return Reply("<h1>Not Found</h1>", 404)

    def _login(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(LOGIN.format(said=""))
        form = asked.form
        good = form.get("login[password]") == self.password and form.get("t") == "tok" and "login[submit]" in form
        if not good:
            return Reply(LOGIN.format(said=f'<div class="error">{self.said}</div>'))
        session = f"s{len(self.sessions)}"
        self.sessions.add(session)
        cookie = f"nsbase_session={session}; Path=/appliance; Secure; HttpOnly; SameSite=Strict"
        if self.after_login is not None:
            reply = self.after_login
            return Reply(reply.body, reply.status, {**reply.headers, "Set-Cookie": cookie})
        return redirect("/appliance", cookie=cookie)
