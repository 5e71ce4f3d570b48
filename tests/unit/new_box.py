# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A box of the tests' own making, whose pages no simulator has: first log-in, restore, reset, shut-down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.unit.web.box import Asked, Reply, redirect

LOGIN = """<html lang="en"><title>Log in</title><h2>Welcome</h2>{said}<form method="post" action="/{app}/in">
<p><label>User <input name="u"></label></p><p><label>Password <input type="password" name="p"></label></p>
<button>Sign In</button></form></html>"""
CHANGE = """<html lang="en"><title>Change Password</title><h1>Change Password</h1>{said}
<p>You must change your password before you go on.</p><form method="post" action="/{app}/change"><dl>{old}
<dt><label for="n1">New Password</label></dt><dd><input id="n1" type="password" name="n1"></dd>
<dt><label for="n2">Confirm New Password</label></dt><dd><input id="n2" type="password" name="n2"></dd></dl>
<input type="submit" value="Change Password"></form></html>"""
OLD = '<dt><label for="n0">Current Password</label></dt><dd><input id="n0" type="password" name="n0"></dd>'
PAGE = """<html lang="en"><title>{title}</title><nav><ul>{menu}</ul><a href="/{app}/out">Log Out</a></nav>
<h1>{title}</h1>{body}</html>"""
MENUS = {
    "login": [("Status", "status"), ("Information", "information"), ("Management", "management"),
              ("Software", "software"), ("Failover", "failover")],
    "appliance": [("Status", "status"), ("Basics", "basics"), ("Updates", "updates")],
}
RESTORE = """<section aria-label="Restore Settings"><p>A lost password cannot be replaced.</p>
<form method="post" action="/login/restore" enctype="multipart/form-data">
<label>Backup File <input type="file" name="f"></label>{password}<button>Upload Backup</button></form></section>"""
ASKED = '<label>Backup Password <input type="password" name="pw"></label>'
POWER = """<dl><dt>Serial Number</dt><dd>BT-7</dd><dt>Base Software Version</dt><dd>6.2.0</dd></dl>
<form method="post" action="/appliance/reset"><button>Reset Appliance to Factory Defaults</button></form>
<form method="post" action="/appliance/off"><button>Shut Down This Appliance</button></form>"""


@dataclass
class NewBox:
    """Answers as such a box does; each attribute switches one habit."""

    passwords: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"login": {"admin": "password"}, "appliance": {"root": "s3cret-Word"}}
    )
    must_change: set[str] = field(default_factory=lambda: {"login"})
    asks_current: bool = True
    logs_out_after_change: bool = False
    shortest: int = 8
    restore_says: str = "<p class='ok'>The backup has been restored.</p>"
    restored_accounts: dict[str, str] = field(default_factory=lambda: {"boss": "b0ss-Word-1"})
    asks_password_later: bool = False
    ends_sessions: bool = False
    stumbles: int = 0
    strays: int = 0
    fails: int = 0
    uploads: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    confirm: str = "<form method='post' action='/appliance/really'><button>Yes</button></form>"
    resets: int = 0
    off: int = 0
    sessions: dict[str, str] = field(default_factory=dict)
    after_reset: Callable[[NewBox], None] = lambda box: box.wipe()

    def wipe(self) -> None:
        """What a reset leaves."""
        self.resets += 1
        self.sessions.clear()
        self.passwords = {app: {"admin": "password"} for app in MENUS}
        self.must_change = set(MENUS)

    def __call__(self, asked: Asked) -> Reply:
        app, _slash, page = asked.path.strip("/").partition("/")
        if self.fails:
            self.fails -= 1
            return Reply("<h1>Bad Gateway</h1>", 502)
        if app not in MENUS:
            return Reply("fine", 200)
        if self.strays:
            self.strays -= 1
            return Reply("<html lang='en'><title>Portal</title><h1>Welcome to the guest network</h1></html>", 200)
        if page == "in" and asked.method == "POST":
            return self._log_in(app, asked)
        user = self.sessions.get(asked.cookies.get(f"{app}id", ""))
        if user is None:
            return Reply(LOGIN.format(app=app, said=""))
        if page == "out":
            self.sessions.pop(asked.cookies[f"{app}id"])
            return redirect(f"/{app}")
        if page == "change":
            return self._change(app, user, asked)
        if app in self.must_change:
            return self._wants_change(app)
        return self._inside(app, page, asked)

    def _log_in(self, app: str, asked: Asked) -> Reply:
        user = asked.form.get("u", "")
        if self.passwords[app].get(user) != asked.form.get("p"):
            self.refused.append(user)
            return Reply(LOGIN.format(app=app, said="<p>Invalid username or password.</p>"))
        mark = f"s{len(self.sessions)}{app}"
        self.sessions[mark] = user
        return redirect(f"/{app}", cookie=f"{app}id={mark}; Path=/; Secure")

    def _wants_change(self, app: str, said: str = "") -> Reply:
        return Reply(CHANGE.format(app=app, said=said, old=OLD if self.asks_current else ""))

    def _change(self, app: str, user: str, asked: Asked) -> Reply:
        form = asked.form
        if self.asks_current and form.get("n0") != self.passwords[app][user]:
            return self._wants_change(app, "<p>The current password is not valid.</p>")
        if form["n1"] != form["n2"] or len(form["n1"]) < self.shortest:
            return self._wants_change(app, f"<p>A password must not be shorter than {self.shortest} letters.</p>")
        self.passwords[app][user] = form["n1"]
        self.must_change.discard(app)
        if self.logs_out_after_change:
            self.sessions.clear()
        return redirect(f"/{app}")

    def _inside(self, app: str, page: str, asked: Asked) -> Reply:
        bodies = {
            "information": "<dl><dt>Product Version</dt><dd>24.3.1</dd><dt>Product Build</dt><dd>4711</dd></dl>",
            "failover": "<p>Failover is currently not configured.</p>",
            "software": RESTORE.format(password="" if self.asks_password_later else ASKED),
            "basics": POWER,
        }
        if asked.method == "POST":
            return getattr(self, f"_{page}")(asked)
        return self._page(app, page.title() or "Status", bodies.get(page, ""))

    def _page(self, app: str, title: str, body: str) -> Reply:
        menu = "".join(f'<li><a href="/{app}/{name}">{text}</a></li>' for text, name in MENUS[app])
        return Reply(PAGE.format(app=app, title=title, menu=menu, body=body))

    def _restore(self, asked: Asked) -> Reply:
        if self.stumbles:
            self.fails = self.stumbles
            return Reply("<h1>Bad Gateway</h1>", 502)
        if self.ends_sessions:
            self.sessions.clear()
            return Reply(LOGIN.format(app="login", said=""))
        if self.asks_password_later and b'name="f"' in asked.body:
            self.uploads.append(asked.body)
            form = f"<form method='post' action='/login/restore'>{ASKED}<button>Upload Backup</button></form>"
            return self._page("login", "Restore Settings", form)
        self.uploads.append(asked.body)
        if "has been restored" in self.restore_says:
            self.passwords["login"] = dict(self.restored_accounts)
        return self._page("login", "Software", self.restore_says + RESTORE.format(password=ASKED))

    def _reset(self, _asked: Asked) -> Reply:
        return self._page("appliance", "Are you sure?", self.confirm) if self.confirm else self._really(_asked)

    def _really(self, _asked: Asked) -> Reply:
        self.after_reset(self)
        return self._page("appliance", "Reset", "<p>The appliance is being reset.</p>")

    def _off(self, _asked: Asked) -> Reply:
        self.off += 1
        return self._page("appliance", "Off", "<p>The appliance is shutting down.</p>")
