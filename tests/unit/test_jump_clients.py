# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jump Clients: what counts as back, who is awaited, when a limit may be touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _jump_client_limit, _jump_clients
from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import ApiAccount
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, BadInput, DeadlinePassed, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._jump_clients import Counted, JumpClient
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience
from ansible_collections.bt_ops.pra.plugins.module_utils._web._jump_clients_page import JumpClientsPage, shows_limit
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from tests.unit.web.box import Asked, Reply, serving
from tests.unit.web.box import Box as Server

HERE, GONE = "2026-11-24T10:00:00+00:00", "2026-11-24T11:00:00.250+0000"


def row(number: int, **other: Any) -> dict[str, Any]:
    """A client as the configuration API lists it."""
    return {
        "id": number, "name": f"host{number}", "connection_type": "active", "needs_update": False, "is_lost": False,
        "last_connect_timestamp": HERE, "last_disconnect_timestamp": None, **other,
    }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A box that answers as a test tells it to."""
    with serving(tmp_path) as box:
        yield box


def reach(server: Server, run_dir: str = "", check_mode: bool = False) -> tuple[Box, Context]:
    """The box and a call of a module."""
    context = Context(journal=Journal(run_dir), check_mode=check_mode)
    return Box(Connection("box-a", server.endpoint, api=ApiAccount("id", "secret")), context), context


def lists(server: Server, *pages: list[dict[str, Any]]) -> None:
    """Have it list clients, page by page, with links as the vendor documents them."""

    def answer(asked: Asked) -> Reply:
        if asked.path == "/oauth2/token":
            return Reply(json.dumps({"access_token": "t" * 40}), headers={"Content-Type": "application/json"})
        at = int(asked.query["current_page"])
        following = f'<https://access.example.com{asked.path}?per_page=100&current_page={at + 1}>; rel="next"'
        headers = {"Content-Type": "application/json", **({"Link": following} if at < len(pages) else {})}
        return Reply(json.dumps(pages[at - 1]), headers=headers)

    server.answering = answer


@pytest.mark.parametrize(
    ("came", "went", "connected"),
    [
        (HERE, None, True),
        (HERE, GONE, False),
        (GONE, HERE, True),
        (None, None, None),
        (None, HERE, False),
        ("", "x", None),
    ],
)
def test_connected(server: Server, came: str | None, went: str | None, connected: bool | None) -> None:
    lists(server, [row(1, last_connect_timestamp=came, last_disconnect_timestamp=went)])
    (client,) = _jump_clients.count(reach(server)[0]).clients
    assert client.connected is connected


def test_pages_are_followed_on_this_box(server: Server) -> None:
    lists(server, [row(1), row(2, connection_type="passive", needs_update=True)], [row(3, is_lost=True)])
    counted = _jump_clients.count(reach(server)[0])
    assert counted.facts() == {
        "known": True, "reason": "", "total": 3, "active": 2, "passive": 1, "lost": 1, "active_connected": 1,
        "needing_upgrade": 1, "active_needing_upgrade": 0, "passive_needing_upgrade": 1,
    }
    assert server.seen("GET") == ["/api/config/v1/jump-client"] * 2


@pytest.mark.parametrize("status", [403, 404])
def test_no_right_to_count_is_told(server: Server, status: int) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(json.dumps({"access_token": "t"})) if asked.method == "POST" else Reply("{}", status)

    server.answering = answer
    counted = _jump_clients.count(reach(server)[0])
    assert counted.why_not
    assert counted.facts()["known"] is False
    with pytest.raises(Refused, match="cannot be known"):
        _jump_clients.await_back(*reach(server), Patience(1, 1), 0)


@pytest.mark.parametrize("body", ["<html>", "{}", "[1]"])
def test_what_is_no_list_is_an_error(server: Server, body: str) -> None:
    server.answering = lambda asked: Reply(json.dumps({"access_token": "t"})) if asked.method == "POST" else Reply(body)
    with pytest.raises(ApiFailed, match="instead of the list"):
        _jump_clients.count(reach(server)[0])


def test_who_was_connected_before_is_awaited(server: Server, tmp_path: Path) -> None:
    run_dir = str(tmp_path / "run")
    lists(server, [row(1), row(2, last_disconnect_timestamp=GONE), row(3, is_lost=True), row(4)])
    box, context = reach(server, run_dir)
    _jump_clients.remember(box, context)
    assert _jump_clients.expected(context) == {1, 4}
    context.journal.write("intent", "Installed.", box="box-a", act="install", package="product", version="2.0")
    lists(server, [row(1), row(2, needs_update=True), row(5, needs_update=True)])
    box, context = reach(server, run_dir)
    assert _jump_clients.remember(box, context)["total"] == 4  # what was noted before the upgrade stands
    facts, missing = _jump_clients.await_back(box, context, Patience(1, 1), 0)  # 4 was deleted meanwhile
    assert (facts["active"], missing) == (3, [])
    assert _jump_clients.snapshot(context) is None


def test_too_many_missing(server: Server, tmp_path: Path) -> None:
    lists(server, [row(1, needs_update=True), row(2, last_disconnect_timestamp=GONE), row(3, is_lost=True)])
    box, context = reach(server, str(tmp_path / "run"))
    told = "0 of 2 active ones are back, 1 wait for their upgrade, 1 are not connected, still out: host1; host2"
    with pytest.raises(DeadlinePassed, match=told):
        _jump_clients.await_back(box, context, Patience(0.1, 0.3), 1)
    _facts, missing = _jump_clients.await_back(box, context, Patience(0.1, 0.3), 2)
    assert missing == ["host1", "host2"]


def test_check_mode_notes_nothing_and_waits_for_nobody(server: Server, tmp_path: Path) -> None:
    lists(server, [row(1, needs_update=True)])
    box, context = reach(server, str(tmp_path / "run"), check_mode=True)
    _jump_clients.remember(box, context)
    assert _jump_clients.await_back(box, context, Patience(60, 60), 0)[1] == ["host1"]
    assert not (tmp_path / "run").exists()


def test_lost_ones_are_awaited_only_when_they_were_there_before() -> None:
    lost = JumpClient(1, "host1", "active", False, True, False)
    counted = Counted((lost,), 1)
    assert counted.out(None) == []
    assert counted.out({1}) == [lost]


INSTALL = {"box": "box-a", "act": "install"}


@pytest.mark.parametrize(
    ("records", "held"),
    [
        ([], False),
        ([("intent", {"package": "base"})], True),
        ([("intent", {"package": "base"}), ("outcome", {"result": "unknown"})], True),
        ([("intent", {"package": "base"}), ("outcome", {"result": "failed"})], True),
        ([("intent", {"package": "base"}), ("outcome", {"result": "not_begun"})], False),
        ([("intent", {"package": "base"}), ("outcome", {"result": "done"})], True),
        (
            [
                *[("intent", {"package": "base"}), ("outcome", {"result": "done"})],
                *[("intent", {"package": "product"}), ("outcome", {"result": "not_begun"})],
            ],
            True,
        ),
        ([("intent", {"package": "base"}), ("outcome", {"result": "done"}), ("updated", {})], False),
        ([("intent", {"package": "product"}), ("outcome", {"result": "done"}), ("updated", {})], False),
        ([("intent", {"package": "base"}), ("finished", {})], False),
    ],
)
def test_nothing_is_touched_while_an_update_is_not_seen_to_have_ended(
    tmp_path: Path, records: list[tuple[str, dict[str, str]]], held: bool
) -> None:
    context = Context(journal=Journal(str(tmp_path)))
    for kind, details in records:
        context.journal.write(kind, "", **({**INSTALL, "version": "7.1.0", **details} if kind != "finished" else {}))
    assert bool(_jump_client_limit.update_under_way(context)) is held
    nobody = Box(Connection("box-b", Endpoint("192.0.2.1"), login=Account("admin", "secret")), context)
    context.journal.write("setting", "", name="jump_client_limit", box="box-b", state="changed", old="50", new="5")
    if held:
        assert _jump_client_limit.restore(nobody, context).held
        assert _jump_client_limit.lower(nobody, context, 5).held
        assert _jump_client_limit.unrestored(context, "box-b")


def test_nothing_to_put_back_asks_nobody() -> None:
    context = Context()
    assert _jump_client_limit.restore(Box(Connection("box-b", Endpoint("192.0.2.1")), context), context).before is None


def test_no_account_to_lower_it_with(tmp_path: Path) -> None:
    context = Context(journal=Journal(str(tmp_path)))
    with pytest.raises(BadInput, match="bt_login_username"):
        _jump_client_limit.lower(Box(Connection("box-b", Endpoint("192.0.2.1")), context), context, 5)


FORMS = """<html><body><h1>Jump Clients</h1>
<form action=/a method=post><input name=q><button name=go>Save Changes</button></form>
<form action=/b method=post><input type=hidden name=t value=1>
<table><tr><td>Maximum number of concurrent Jump Client upgrades:</td><td><input name=x[7] value=50></td></tr>
<tr><td>Maximum bandwidth of concurrent Jump Client upgrades</td><td><input name=x[8] value=100></td></tr></table>
<input type=submit name=y value="Save Changes"></form></body></html>"""


def test_the_save_of_the_same_form_is_pressed() -> None:
    page = Page(FORMS.encode(), url="https://box/x", words=Words("en"))
    assert shows_limit(page)
    found = JumpClientsPage(page, page.field("jump_clients.max_upgrades"))
    assert found.limit == "50"
    sent = found.set_limit("5")
    assert sent.target.endswith("/b")
    assert sent.fields == [("t", "1"), ("x[7]", "5"), ("x[8]", "100"), ("y", "Save Changes")]
