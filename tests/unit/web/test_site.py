# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A site over real HTTPS: log-in, menus, session end, redirects, agreement, refusal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    LoginRefused,
    NeedsPerson,
    NotPermitted,
    PageIsApplication,
    PageNotUnderstood,
    SessionEnded,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account, NewPasswordWanted, Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from tests.unit.web.appliance import ACCOUNT, Appliance, page
from tests.unit.web.box import Box, Reply, redirect, serving


@pytest.fixture
def appliance() -> Appliance:
    return Appliance()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with serving(tmp_path_factory.mktemp("tls")) as running:
        yield running


@pytest.fixture
def box(server: Box, appliance: Appliance) -> Box:
    server.answering = appliance
    server.asked.clear()
    return server


def site_of(box: Box, account: Account | None = ACCOUNT, memory: Memory | None = None) -> Site:
    """A site of the box, with cookies of its own."""
    return Site(Transport(box.endpoint), "appliance", account, Words(), memory or Memory())


def test_opens_a_page_through_two_levels_of_menu_with_one_login(box: Box) -> None:
    site = site_of(box)
    assert site.open("menu.status", "menu.basics").fact("basics.serial") == "BT-1"
    assert site.open("menu.updates").heading == "Updates"
    assert box.seen("POST") == ["/appliance/login.ns"]


def test_memory_spares_login_and_menus(box: Box) -> None:
    memory = Memory()
    site_of(box, memory=memory).open("menu.status", "menu.basics")
    before = len(box.asked)
    site_of(box, memory=memory).open("menu.status", "menu.basics")
    assert [each.path for each in box.asked[before:]] == ["/appliance/b.ns"]


def test_wrong_password_is_tried_once_and_never_again(box: Box) -> None:
    memory = Memory()
    with pytest.raises(LoginRefused, match="Invalid username or password"):
        site_of(box, Account("admin", "wrong-canary"), memory).open("menu.updates")
    with pytest.raises(LoginRefused, match="not tried again") as caught:
        site_of(box, Account("admin", "wrong-canary"), memory).open("menu.updates")
    assert len(box.seen("POST")) == 1
    assert "canary" not in str(caught.value)
    site_of(box, ACCOUNT, memory).open("menu.updates")


def test_locked_account_is_named(box: Box, appliance: Appliance) -> None:
    appliance.said = "Your account has been locked for 30 minutes."
    with pytest.raises(LoginRefused, match="locked the account 'admin'.*30 minutes"):
        site_of(box, Account("admin", "wrong")).open("menu.updates")


def test_no_account(box: Box) -> None:
    with pytest.raises(BadInput, match="bt_appliance_username"):
        site_of(box, None).open("menu.updates")
    assert box.seen("POST") == []


def test_agreement_before_the_login_is_accepted(box: Box, appliance: Appliance) -> None:
    appliance.agreement = True
    assert site_of(box).open("menu.updates").heading == "Updates"
    agreed = next(each for each in box.asked if each.method == "POST")
    assert agreed.form == {"k": "v"}


def test_lost_session_is_renewed_once_while_opening(box: Box, appliance: Appliance) -> None:
    site = site_of(box)
    site.open("menu.updates")
    appliance.sessions.clear()
    assert site.open("menu.updates").heading == "Updates"
    assert len(box.seen("POST")) == 2


def test_session_that_never_holds_is_an_error(box: Box, appliance: Appliance) -> None:
    appliance.after_login = page("Status")
    site = site_of(box)
    site.start()
    appliance.sessions = Never()
    with pytest.raises(SessionEnded, match="right after a log-in"):
        site.open("menu.updates")
    assert len(box.seen("POST")) == 2


class Never(set[str]):
    """Sessions that are forgotten as soon as they are made."""

    def add(self, element: str) -> None:
        pass


def test_submit_follows_the_redirect_and_sends_the_right_headers(box: Box) -> None:
    site = site_of(box)
    updates = site.open("menu.updates")
    assert site.submit(updates.fill({}, updates.button("updates.check"))).heading == "Updates"
    sent = box.asked[-2]
    assert (sent.path, sent.fields) == ("/appliance/do.ns", [("go", "1")])
    assert sent.headers["origin"] == box.endpoint.origin
    assert sent.headers["referer"] == f"{box.endpoint.origin}/appliance/u.ns"


def test_session_that_ended_before_a_write_is_told_and_the_write_not_repeated(box: Box, appliance: Appliance) -> None:
    site = site_of(box)
    updates = site.open("menu.updates")
    appliance.sessions.clear()
    with pytest.raises(SessionEnded) as caught:
        site.submit(updates.fill({}, updates.button("updates.check")))
    assert caught.value.kind == "session_ended"
    assert box.seen("POST") == ["/appliance/login.ns", "/appliance/do.ns"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply("<h1>Bad Gateway</h1>", 502), AnswerLost),
        (Reply('{"ok": true}', headers={"Content-Type": "application/json"}), AnswerLost),
        (Reply("<h1>Forbidden</h1>", 403), NotPermitted),
        (Reply("<h1>Page Expired</h1>", 419), SessionEnded),
        (redirect("/appliance/do.ns"), AnswerLost),
    ],
)
def test_answers_to_a_write(box: Box, appliance: Appliance, reply: Reply, error: type[Exception]) -> None:
    site = site_of(box)
    updates = site.open("menu.updates")
    appliance.pages["/appliance/do.ns"] = reply
    with pytest.raises(error):
        site.submit(updates.fill({}, updates.button("updates.check")))
    assert box.seen("POST").count("/appliance/do.ns") == 1


@pytest.mark.parametrize(("status", "error"), [(502, AnswerLost), (200, PageNotUnderstood)])
def test_page_in_place_of_a_file(
    box: Box, appliance: Appliance, status: int, error: type[Exception]
) -> None:
    """A box that cannot answer now is asked again another time; another page than expected is for a person to see."""
    site = site_of(box)
    updates = site.open("menu.updates")
    appliance.pages["/appliance/do.ns"] = Reply("<h1>Not a file</h1>", status)
    with pytest.raises(error):
        site.download(updates.fill({}, updates.button("updates.check")))


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply("<h1>Service Unavailable</h1>", 503), Unreachable),
        (Reply("<h1>Forbidden</h1>", 403), NotPermitted),
        (Reply("<h1>Gone</h1>", 404), PageNotUnderstood),
        (Reply("GIF89a", headers={"Content-Type": "image/gif"}), PageNotUnderstood),
        (redirect("/appliance/u.ns"), PageNotUnderstood),
        (redirect("https://sso.example.com/saml?SAMLRequest=x"), NeedsPerson),
        (Reply("<div id=app></div><script type=module src=/a.js></script>"), PageIsApplication),
    ],
)
def test_answers_to_a_request_for_a_page(box: Box, appliance: Appliance, reply: Reply, error: type[Exception]) -> None:
    appliance.pages["/appliance/u.ns"] = reply
    with pytest.raises(error):
        site_of(box).open("menu.updates")


SECOND_FACTOR = (
    '<title>Verify</title><form method=post><label>Verification code<input name=c></label><button>Next</button>'
    '</form>'
)
NEW_PASSWORD = """<title>Password</title><p>You must change your password.</p><form method=post><label>New Password
<input type=password name=a></label><label>Confirm New Password<input type=password name=b></label>
<button>Save</button></form>"""
SAML = (
    '<body onload="document.forms[0].submit()"><form method=post action="https://idp.example/">'
    '<input type=hidden name=SAMLRequest value=x>'
)


@pytest.mark.parametrize(
    ("reply", "match"),
    [
        (Reply(SECOND_FACTOR), "second factor"),
        (Reply(NEW_PASSWORD), "new password"),
        (Reply(SAML), "SAML"),
        (redirect("https://login.example.com/adfs"), "single sign-on"),
    ],
)
def test_what_only_a_person_can_do_after_the_login(box: Box, appliance: Appliance, reply: Reply, match: str) -> None:
    appliance.after_login = reply
    with pytest.raises(NeedsPerson, match=match):
        site_of(box).open("menu.updates")
    assert len(box.seen("POST")) == 1


def test_page_for_a_new_password_can_be_filled_in(box: Box, appliance: Appliance) -> None:
    appliance.after_login = Reply(NEW_PASSWORD)
    with pytest.raises(NewPasswordWanted) as caught:
        site_of(box).start()
    asked = caught.value.page
    sent = asked.fill(
        {asked.field("password.new"): "n", asked.field("password.again"): "n"}, asked.button("password.change")
    )
    assert sent.fields == [("a", "n"), ("b", "n")]


def test_log_out_ends_the_session(box: Box, appliance: Appliance) -> None:
    memory = Memory()
    site = site_of(box, memory=memory)
    site.open("menu.updates")
    assert site.is_alive()
    assert site.log_out()
    assert not appliance.sessions
    assert not site.is_alive()
    assert not site.log_out()
    assert memory.load("appliance.session") is None


def test_is_alive_never_logs_in(box: Box, appliance: Appliance) -> None:
    memory = Memory()
    assert not site_of(box, memory=memory).is_alive()
    assert box.asked == []
    site_of(box, memory=memory).open("menu.updates")
    before = len(box.asked)
    assert site_of(box, memory=memory).is_alive()
    assert len(box.asked) == before + 1
    appliance.sessions.clear()
    assert not site_of(box, memory=memory).is_alive()
    assert len(box.seen("POST")) == 1


def test_page_that_moved_is_found_through_the_menu_again(box: Box, appliance: Appliance) -> None:
    memory = Memory()
    site_of(box, memory=memory).open("menu.updates")
    memory.save("appliance.pages", {"menu.updates": "/appliance/gone.ns"})
    assert site_of(box, memory=memory).open("menu.updates").heading == "Updates"
    assert memory.load("appliance.pages") == {"menu.updates": "/appliance/u.ns"}


def test_download_gives_the_file_or_tells_what_the_page_says(box: Box, appliance: Appliance) -> None:
    site = site_of(box)
    updates = site.open("menu.updates")
    pressed = updates.fill({}, updates.button("updates.check"))
    named = {"Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="../a b.nsb"'}
    appliance.pages["/appliance/do.ns"] = Reply(b"\x00" * 3000, headers=named)
    with site.download(pressed) as file:
        assert (file.name, file.size, b"".join(file.chunks())) == ("a b.nsb", 3000, b"\x00" * 3000)
    appliance.pages["/appliance/do.ns"] = page("Updates", "<p>Error: the disk is full.</p>")
    with pytest.raises(PageNotUnderstood, match="the disk is full"):
        site.download(pressed)


@pytest.mark.parametrize(
    "shell",
    [
        '<html><head><meta http-equiv="refresh" content="0; url=/appliance/s.ns"></head></html>',
        "<html><script>window.location.href = '/appliance/s.ns';</script></html>",
    ],
)
def test_landing_page_that_only_leads_on(box: Box, appliance: Appliance, shell: str) -> None:
    appliance.pages["/appliance"] = Reply(shell)
    assert site_of(box).start().heading == "Status"


def test_redirect_that_names_the_site_stays_on_the_box(box: Box, appliance: Appliance) -> None:
    appliance.pages["/appliance"] = redirect("https://access.example.com/appliance/s.ns")
    assert site_of(box).start().heading == "Status"


def test_copy_of_a_page_that_is_not_understood_is_kept_without_secrets(box: Box, appliance: Appliance) -> None:
    appliance.pages["/appliance/u.ns"] = page("Updates", (
        f"<p>{ACCOUNT.password}</p><input type=hidden value=tok-canary>"
    ))
    kept: list[tuple[str, str]] = []

    def keep(name: str, source: str) -> str:
        kept.append((name, source))
        return f"/copies/{name}.html"

    site = Site(Transport(box.endpoint), "appliance", ACCOUNT, Words(), Memory(), keep)
    updates = site.open("menu.updates")
    with pytest.raises(PageNotUnderstood) as caught:
        updates.button("updates.install")
    assert caught.value.facts["copy"] == "/copies/appliance-u.ns.html"
    assert kept[0][0] == "appliance-u.ns"
    assert ACCOUNT.password not in kept[0][1]
    assert "canary" not in kept[0][1]
    assert "Updates" in kept[0][1]


def test_unreachable_box(box: Box) -> None:
    endpoint = box.endpoint
    closed = Transport(type(endpoint)("127.0.0.1", 9, ca_path=endpoint.ca_path))
    with pytest.raises(Unreachable):
        Site(closed, "login", ACCOUNT, Words(), Memory()).open("menu.updates")


def test_account_does_not_show_its_password() -> None:
    assert "s3cret" not in repr(ACCOUNT)


def test_page_that_only_tells_that_the_session_ended_leads_to_a_new_login(box: Box, appliance: Appliance) -> None:
    site = site_of(box)
    site.open("menu.status", "menu.basics")
    appliance.pages["/appliance/u.ns"] = Reply("<p>Your session has expired.</p><a href=/appliance>Log in again</a>")
    appliance.sessions.clear()
    with pytest.raises(SessionEnded):
        site.open("menu.updates")
    assert len(box.seen("POST")) == 2


def test_token_cookie_goes_back_as_a_header(box: Box, appliance: Appliance) -> None:
    site = site_of(box)
    updates = site.open("menu.updates")
    appliance.pages["/appliance/u.ns"] = Reply("<h1>Updates</h1>", headers={"Set-Cookie": (
        "XSRF-TOKEN=a%3D; Path=/; Secure"
    )})
    site.open("menu.updates")
    site.submit(updates.fill({}, updates.button("updates.check")))
    assert next(each for each in box.asked if each.path == "/appliance/do.ns").headers["x-xsrf-token"] == "a="
