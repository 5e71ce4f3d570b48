# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The doctor on boxes that are whole, drawn by JavaScript, closed, hostile, or none at all. It presses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import CAPABILITIES
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import Question
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Unreachable
from tests.unit.doctor.boxes import APP, PAIR, SmallBox
from tests.unit.web.box import Reply, redirect, serving

LOG_INS = ["/login/enter", "/appliance/enter"]
ON_LOGIN = {"sync", "break", "establish"}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[SmallBox]:
    """A box on which everything works, without an API account."""
    with serving(tmp_path) as server:
        yield SmallBox(server)


def states(found: dict[str, Any]) -> dict[str, str]:
    """The state of each capability."""
    return {name: finding["state"] for name, finding in found["capabilities"].items()}


def verdict(found: dict[str, Any]) -> str:
    """The one verdict that was asked for."""
    sentences = [each["sentence"] for each in found["verdicts"].values()]
    assert len(sentences) == 1
    return str(sentences[0])


def test_a_whole_box(box: SmallBox, tmp_path: Path) -> None:
    found = box.consult(tmp_path / "run")
    told = states(found)
    assert set(told) == set(CAPABILITIES) - {"settings"}
    assert {name for name, state in told.items() if state != "ready"} == {
        "install", "licence", "establish", "clients", "presence", "certificate_assign",
    }
    assert found["facts"]["product_version"] == "23.3.1"
    assert found["facts"]["base_version"] == "6.1.0"
    assert [account["state"] for account in found["accounts"]] == ["missing", "accepted", "accepted"]
    assert verdict(found) == (
        "asynchronous upgrade: ready; left to people: Jump Clients: who is back; not to be seen yet: install an update,"
        " establishing failover"
    )
    assert found["capabilities"]["sync"]["seen"][0]["found"] == "Sync Now"
    assert box.written == LOG_INS
    assert "/appliance/key" not in box.server.seen("GET")
    assert len(box.server.asked) < 30
    page = Path(found["page_path"])
    assert page.name == "doctor-box-a.html"
    assert page.stat().st_mode & 0o077 == 0
    assert "Asynchronous upgrade" in page.read_text()


def test_settings_are_opened_only_for_a_move(box: SmallBox) -> None:
    found = box.consult(question=Question(procedures=("migration_old",)))
    assert found["capabilities"]["settings"]["state"] == "ready"
    assert "not found: Users" in found["capabilities"]["settings"]["unknown"]


def test_a_new_box_is_not_entered_at_login(box: SmallBox) -> None:
    found = box.consult(question=Question(procedures=("migration_new",)))
    assert box.written == ["/appliance/enter"]
    assert [account["state"] for account in found["accounts"]] == ["not_tried", "accepted"]
    assert found["capabilities"]["restore"]["state"] == "unseen"
    assert found["ready"]


def test_javascript_everywhere(box: SmallBox) -> None:
    for path in ("/login", "/appliance"):
        box.replies[path] = Reply(APP)
    found = box.consult()
    assert box.written == []
    assert states(found)["sync"] == "by_hand"
    told = found["capabilities"]["sync"]["told"]
    assert "drawn by JavaScript" in told or "stayed empty, although a browser ran its scripts" in told
    assert "neither an API nor a page tells version and role" in verdict(found)


def test_javascript_on_one_page_only(box: SmallBox) -> None:
    box.replies["/appliance/ip"] = Reply(APP)
    assert "ready; one step by hand: shared IP" in verdict(box.consult())


@pytest.mark.parametrize(
    "reply",
    [
        redirect("https://idp.example.com/saml?SAMLRequest=x"),
        Reply('<title>Welcome</title><a href="/login/saml">Use SAML Authentication</a>'),
        Reply('<form method="post" action="/idp"><input type="hidden" name="SAMLRequest" value="x"></form>'),
    ],
)
def test_single_sign_on(box: SmallBox, reply: Reply) -> None:
    box.replies["/login"] = reply
    found = box.consult()
    assert box.written == ["/appliance/enter"]
    assert found["accounts"][1]["state"] == "needs_person"
    assert {states(found)[name] for name in ON_LOGIN} == {"by_hand"}
    assert "not ready" in verdict(found), "nothing tells the role of this box"


def test_refused_once(box: SmallBox) -> None:
    box.password = "another"
    found = box.consult()
    assert box.written == LOG_INS
    assert [account["state"] for account in found["accounts"]] == ["missing", "refused", "refused"]
    assert set(states(found).values()) <= {"not_ready", "by_hand"}
    assert verdict(found).count("refuses the account 'admin' at /login.") == 1
    assert verdict(found).count("refuses the account 'admin' at /appliance.") == 1


def test_no_account(box: SmallBox) -> None:
    found = box.consult(appliance=None)
    assert "no account of /appliance was given (bt_appliance_username and bt_appliance_password)" in verdict(found)
    assert box.written == ["/login/enter"]


@pytest.mark.parametrize(
    "reply", [Reply("<h1>Forbidden</h1>", 403), Reply("<h1>Failover</h1><p>You do not have permission to do this.</p>")]
)
def test_a_right_that_is_missing(box: SmallBox, reply: Reply) -> None:
    box.replies["/login/failover"] = reply
    found = box.consult()
    assert "admin" in found["capabilities"]["sync"]["right"]
    assert states(found)["sync"] == "not_ready"
    assert "'admin'" in verdict(found)


def test_an_entry_that_is_missing(box: SmallBox) -> None:
    box.menu["Management"] = {"Software": "/login/software"}
    finding = box.consult()["capabilities"]["sync"]
    assert finding["state"] == "by_hand"
    assert "lacks the right" in finding["unknown"]
    assert finding["seen"][0]["key"] == "menu.failover"
    assert "Software" in finding["seen"][0]["others"]


def test_an_account_that_sees_nothing(box: SmallBox) -> None:
    box.menu = {"Mine": {"My Account": "/login/mine"}}
    found = box.consult()
    assert states(found)["sync"] == "not_ready"
    assert "came in and sees none of the pages" in verdict(found)


def test_the_backup_of_a_pair_shows_less(box: SmallBox) -> None:
    shown = box.pages["/login/failover"]
    box.pages["/login/failover"] = shown.replace("Primary Site", "Backup Site").replace("Backup<", "Primary<")
    box.menu = {"Status": {"Information": "/login/info"}, "Management": {"Failover": "/login/failover"}}
    found = box.consult()
    assert {states(found)[name] for name in ("client_limit", "restore", "backup")} == {"unseen"}
    assert found["ready"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply("hello", headers={"Content-Type": "text/plain"}),
        Reply("<h1>Hello</h1>"),
        Reply("<form method=post><input name=u><input type=password name=p><button>Login</button></form>"),
        Reply("no", 401),
        Reply("<h1>Not found</h1>", 404),
        Reply('{"ok": true}', headers={"Content-Type": "application/json"}),
    ],
)
def test_no_box_at_all(box: SmallBox, reply: Reply, tmp_path: Path) -> None:
    box.server.answering = lambda _asked: reply
    found = box.consult(tmp_path)
    assert not found["facts"]["is_box"]
    assert "is no such box" in verdict(found)
    assert not found["ready"]
    assert box.written == [], "no account is shown to a stranger"
    assert "no such box" in Path(found["page_path"]).read_text()


@pytest.mark.parametrize("wall", ["api", "page"])
def test_a_box_that_does_not_tell_its_product(box: SmallBox, wall: str) -> None:
    box.replies["/get_mech_list"] = Reply("<h1>Not found</h1>", 404)
    if wall == "api":
        box.replies["/api/command"] = Reply('{"error":"access_denied"}', 401)
    assert box.consult()["facts"]["is_box"]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_site_that_is_not_up(box: SmallBox, status: int, tmp_path: Path) -> None:
    box.replies["/check_health"] = Reply("<h1>Busy</h1>", status)
    with pytest.raises(Unreachable) as error:
        box.consult(tmp_path)
    assert "its site is not up" in Path(error.value.facts["page_path"]).read_text()


def test_an_unhealthy_box(box: SmallBox) -> None:
    box.replies["/check_health"] = Reply("Not healthy\n", 500, {"Content-Type": "text/plain"})
    assert "not ready: the box is not healthy" in verdict(box.consult())


def test_an_update_under_way(box: SmallBox) -> None:
    box.pages["/appliance/updates"] += "<p>Base Software 6.2.0 is being installed.</p>"
    found = box.consult()
    assert found["troubles"] == ["an update is under way: Base Software 6.2.0 is being installed."]
    assert not found["ready"]


def test_offers_that_are_listed(box: SmallBox) -> None:
    box.pages["/appliance/updates"] += (
        "<h2>Available Updates</h2><h3>Base Software 6.2.0</h3>"
        "<form method=post action=/act><button>Install This Update</button></form>"
        "<h3>BeyondTrust-24.3.1</h3><p>BeyondTrust-24.3.1 does not satisfy 6.2.0's requirements</p>"
    )
    finding = box.consult()["capabilities"]["install"]
    assert finding["state"] == "ready"
    assert "Base Software 6.2.0" in finding["unknown"]


def test_what_a_box_writes_is_escaped(box: SmallBox, tmp_path: Path) -> None:
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;"
    box.pages["/login/failover"] = box.pages["/login/failover"].replace("Sync Now", evil)
    found = box.consult(tmp_path)
    assert states(found)["sync"] == "by_hand"
    page = Path(found["page_path"]).read_text()
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "failover.sync_now: []" in page


def test_words_of_the_user(box: SmallBox) -> None:
    box.pages["/login/failover"] = box.pages["/login/failover"].replace("Sync Now", "Replicate")
    assert states(box.consult())["sync"] == "by_hand"
    told = box.consult(labels={"en": {"failover.sync_now": ["Replicate"]}})
    assert states(told)["sync"] == "ready"


def test_another_shared_address(box: SmallBox) -> None:
    found = box.consult(question=Question(PAIR.procedures, cutover="shared_ip", shared_ip="192.0.2.99"))
    assert "lists no address 192.0.2.99" in verdict(found)
    assert "shared_ip" in box.consult(question=Question(PAIR.procedures))["capabilities"]


def test_another_box_than_the_one_that_was_named(box: SmallBox) -> None:
    found = box.consult(serial="S-2")
    assert "must be the box S-2" in verdict(found)
