# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""First log-in, restore, reset and shut-down on pages of the tests' own, over real HTTPS."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _backup,
    _factory_reset,
    _first_login,
    _press,
    _restore,
    _restoring,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BoxFailed,
    BtError,
    LoginRefused,
    NeedsPerson,
    Refused,
    Unproven,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal, now_text
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience
from ansible_collections.bt_ops.pra.plugins.module_utils._web._power_page import press
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from tests.unit.new_box import NewBox
from tests.unit.web import box as web

QUICK = Patience(1, 10)
BOSS = Account("boss", "b0ss-Word-1")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[web.Box]:
    with web.serving(tmp_path_factory.mktemp("tls")) as running:
        yield running


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here takes the time that a real box may take to show a sign."""
    monkeypatch.setattr(_restoring, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(_factory_reset, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(_press, "SHOWN_SECONDS", 0.3)


@pytest.fixture
def pages(server: web.Box) -> NewBox:
    pages = NewBox()
    server.answering = pages
    return pages


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(journal=Journal(str(tmp_path / "run")))


@pytest.fixture
def box(server: web.Box, pages: NewBox, context: Context) -> Box:
    return box_of(server, context)


def box_of(server: web.Box, context: Context, login: Account = BOSS) -> Box:
    """The box with the accounts of an inventory."""
    connection = Connection("box-new", server.endpoint, Account("root", "s3cret-Word"), login)
    return Box(connection, context)


@pytest.fixture
def backup(tmp_path: Path) -> _backup.Backup:
    path = tmp_path / "old.nsb"
    path.write_bytes(b"NSB" * 200)
    found = _backup.Backup(
        str(path), 600, hashlib.sha256(path.read_bytes()).hexdigest(), now_text(), "box-old", "", "BT-1", "24.3.1",
        "6.2.0", "none", True, "form", "4711-abc",
    )
    Path(f"{path}.json").write_text(json.dumps(dataclasses.asdict(found)))
    return found


def terms(**given: Any) -> _restore.Terms:
    """Terms under which a restore is done at once."""
    return _restore.Terms(**{"password": "pw", "patience": QUICK, "max_age": 60.0, **given})


# -- the first log-in --------------------------------------------------------------------------------------


@pytest.mark.parametrize("asks_current", [True, False])
@pytest.mark.parametrize("logs_out", [True, False])
def test_factory_password_is_replaced_and_the_new_one_proven(
    box: Box, pages: NewBox, context: Context, asks_current: bool, logs_out: bool
) -> None:
    pages.asks_current, pages.logs_out_after_change = asks_current, logs_out
    before, after = _restore.prepare(box, context)
    assert pages.passwords["login"] == {"admin": BOSS.password}
    assert (before.prepared, after.prepared, after.account) == (False, True, "admin")
    assert after.product_version == "24.3.1"
    assert pages.refused == []
    again, same = _restore.prepare(box, context)
    assert again == same == after
    assert context.actions == ["Changed the factory password of /login on box-new."]


def test_check_mode_changes_no_password(box: Box, pages: NewBox, server: web.Box) -> None:
    context = Context(check_mode=True)
    before, after = _restore.prepare(box_of(server, context), context)
    assert before == after
    assert pages.passwords["login"] == {"admin": "password"}
    assert len(context.actions) == 1


def test_password_that_breaks_the_rules_of_the_box(box: Box, pages: NewBox, context: Context) -> None:
    pages.shortest = 30
    with pytest.raises(Refused, match="must not be shorter than 30"):
        _restore.prepare(box, context)
    assert pages.passwords["login"] == {"admin": "password"}


def test_box_that_wants_no_new_password(box: Box, pages: NewBox, context: Context) -> None:
    pages.must_change.clear()
    with pytest.raises(NeedsPerson, match="wants no new password"):
        _restore.prepare(box, context)


def test_box_that_knows_none_of_the_accounts_is_tried_twice_only(box: Box, pages: NewBox, context: Context) -> None:
    pages.passwords["login"] = {"somebody": "else"}
    with pytest.raises(LoginRefused, match="none of the accounts"):
        _restore.prepare(box, context)
    assert pages.refused == ["admin", "boss"]


@pytest.mark.parametrize("changed", [True, False])
def test_run_that_was_killed_in_the_first_log_in(box: Box, pages: NewBox, context: Context, changed: bool) -> None:
    context.journal.write("intent", "…", box="box-new", act="first_login")
    if changed:
        pages.passwords["login"], pages.must_change = {"admin": BOSS.password}, set()
    _before, after = _restore.prepare(box, context)
    assert after.prepared
    assert len(pages.refused) <= 1


@pytest.mark.parametrize("changed", [True, False])
def test_password_that_was_refused_is_not_tried_first_by_the_next_run(
    box: Box, pages: NewBox, context: Context, changed: bool
) -> None:
    """The run before may have come to no log-in after it: two refusals in a row may lock the account."""
    context.journal.write("intent", "…", box="box-new", act="first_login")
    way: _first_login.Way = "factory" if changed else "claimed"
    context.journal.write("refused", "…", box="box-new", act="first_login", way=way)
    if changed:
        pages.passwords["login"], pages.must_change = {"admin": BOSS.password}, set()
    _before, after = _restore.prepare(box, context)
    assert after.prepared
    assert pages.refused == []


def test_page_of_something_else_is_no_way_in(box: Box, pages: NewBox, context: Context) -> None:
    """Else its account would be tried once more, and refused unnoted, where the box is asked for something next."""
    pages.strays = 1
    with pytest.raises(Unreachable, match="no page of a box"):
        _first_login.find_entry(box, "login", ("claimed", "factory"))
    assert pages.refused == []


def test_refusal_is_noted_for_the_next_run(box: Box, context: Context) -> None:
    context.journal.write("intent", "…", box="box-new", act="first_login")
    assert _first_login.find_entry(box, "login", ("claimed", "factory")).way == "factory"
    told = context.journal.last("refused", box="box-new", act="first_login")
    assert told is not None
    assert told["way"] == "claimed"
    assert _first_login.ways_after_claim(box, "login", context) == ("factory", "claimed")


# -- the restore -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [True, False])
def test_restore(box: Box, pages: NewBox, context: Context, backup: _backup.Backup, later: bool) -> None:
    pages.asks_password_later = later
    _before, after = _restore.restore(box, backup, context, terms())
    assert b"NSBNSB" in pages.uploads[0]
    assert b"pw" in pages.uploads[-1]
    assert after.restored is not None
    assert after.restored["sha256"] == backup.sha256
    assert after.account == "boss"
    assert pages.refused == []
    uploads = len(pages.uploads)
    assert _restore.restore(box, backup, context, terms()) == (after, after)
    assert len(pages.uploads) == uploads
    record = context.journal.last("restored", box="box-new")
    assert record is not None
    assert (record["of_serial"], record["serial"]) == ("BT-1", "BT-7")


def test_text_that_stood_there_before_is_no_failure(box: Box, pages: NewBox, backup: _backup.Backup) -> None:
    """The page warns that a password "cannot be replaced"; that is said of no restore."""
    context = box.context
    pages.restore_says = ""
    pages.passwords["login"] = {"admin": "password"}
    with pytest.raises(Refused, match="did not begin"):
        _restore.restore(box_of_admin(box), backup, context, terms())


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ({"ends_sessions": True}, "does not tell whether it restored"),
        ({"stumbles": 2}, "did not begin"),
    ],
    ids=["the session ends", "the network stumbles"],
)
def test_trouble_at_the_upload_is_no_sign_of_a_restore(
    box: Box, pages: NewBox, backup: _backup.Backup, trouble: dict[str, int], told: str
) -> None:
    """Where the account proves nothing either, the box is not said to have the data."""
    for habit, value in trouble.items():
        setattr(pages, habit, value)
    with pytest.raises(BtError, match=told):
        _restore.restore(box_of_admin(box), backup, box.context, terms())
    assert _restore.restored_on(box, box.context) is None
    for habit in trouble:
        setattr(pages, habit, 0)
    pages.restored_accounts = {"admin": "adm1n-Word"}
    assert _restore.restore(box_of_admin(box), backup, box.context, terms())[1].restored is not None


def box_of_admin(box: Box) -> Box:
    """The same box where the inventory names the very account that a new box has: it proves nothing then."""
    return Box(dataclasses.replace(box.connection, login=Account("admin", "adm1n-Word")), box.context)


def test_box_that_refuses_the_file(box: Box, pages: NewBox, context: Context, backup: _backup.Backup) -> None:
    pages.restore_says = "<p>The backup could not be restored: wrong password.</p>"
    with pytest.raises(BoxFailed, match="wrong password"):
        _restore.restore(box, backup, context, terms())
    assert context.journal.last("restored", box="box-new") is None


def test_account_that_the_backup_does_not_hold(
    box: Box, pages: NewBox, context: Context, backup: _backup.Backup
) -> None:
    pages.restored_accounts = {"another": "one"}
    with pytest.raises(LoginRefused, match="does not let in the account of the inventory"):
        _restore.restore(box, backup, context, terms())
    assert pages.refused == ["boss"]


@pytest.mark.parametrize(
    ("changes", "given", "word"),
    [
        ({"product_version": "23.3.1"}, {}, "runs product 24.3.1, the backup is of 23.3.1"),
        ({"product_version": "unknown"}, {}, "unknown"),
        ({"product_build": "9999-abc"}, {}, "build"),
        ({"taken": "2020-01-01T00:00:00.000Z"}, {}, "old"),
    ],
)
def test_backup_that_does_not_fit(
    box: Box, pages: NewBox, context: Context, backup: _backup.Backup, changes: dict[str, str], given: dict[str, Any],
    word: str,
) -> None:
    with pytest.raises(Refused, match=word):
        _restore.restore(box, dataclasses.replace(backup, **changes), context, terms(**given))
    assert pages.uploads == []


def test_box_that_is_not_new_needs_its_serial(
    box: Box, pages: NewBox, context: Context, backup: _backup.Backup
) -> None:
    pages.passwords["login"], pages.must_change = {"boss": BOSS.password}, set()
    with pytest.raises(Refused, match="not factory-new"):
        _restore.restore(box, backup, context, terms())
    with pytest.raises(Refused, match="'BT-8' was typed"):
        _restore.restore(box, backup, context, terms(consent="BT-8"))
    assert pages.uploads == []
    _before, after = _restore.restore(box, backup, context, terms(consent="bt 7"))
    assert after.restored is not None


# -- reset and shut-down -----------------------------------------------------------------------------------

CONFIRMATIONS = [
    "<form method='post' action='/appliance/really'><button>Yes</button></form>",
    "<form method='post' action='/appliance/really'><input type=checkbox name=s title=Sure><button>OK</button></form>",
    "<form method='post' action='/appliance/really'><button>Reset Appliance to Factory Defaults</button></form>",
    "",
]


@pytest.mark.parametrize("confirm", CONFIRMATIONS)
def test_reset_is_confirmed_once(box: Box, pages: NewBox, confirm: str) -> None:
    pages.confirm = confirm
    assert press(box.appliance, "reset.factory") is not None
    assert pages.resets == 1


def test_end_of_a_reset_is_proven_by_the_factory_account(box: Box, pages: NewBox) -> None:
    press(box.appliance, "reset.factory")
    assert _factory_reset._await_end(box, QUICK, lost=False)


def test_box_that_forgets_sessions_but_not_accounts_is_not_wiped(box: Box, pages: NewBox) -> None:
    pages.after_reset = lambda pages: pages.sessions.clear()
    press(box.appliance, "reset.factory")
    with pytest.raises(Unproven, match="still knows the account"):
        _factory_reset._await_end(box, QUICK, lost=False)


def test_inventory_account_called_like_the_factory_one_proves_nothing(
    server: web.Box, pages: NewBox, context: Context
) -> None:
    pages.passwords["appliance"] = {"admin": "s3cret-Word"}
    pages.after_reset = lambda pages: pages.sessions.clear()
    box = Box(Connection("box-new", server.endpoint, Account("admin", "s3cret-Word"), BOSS), context)
    press(box.appliance, "reset.factory")
    with pytest.raises(Unproven):
        _factory_reset._await_end(box, QUICK, lost=False)


def test_reset_that_never_began(box: Box, pages: NewBox) -> None:
    pages.after_reset = lambda pages: None
    press(box.appliance, "reset.factory")
    assert _factory_reset._await_end(box, QUICK, lost=True) is False


def test_shut_down_changes_the_factory_password_first(
    box: Box, pages: NewBox, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.wipe()
    monkeypatch.setattr(_factory_reset, "_await_off", lambda _box, lost: not lost)
    _before, after = _factory_reset._shut_down(box, context, "BT-7", True)
    assert after.state == "shut_down"
    assert pages.off == 1
    assert pages.passwords["appliance"] == {"admin": "s3cret-Word"}
    assert _factory_reset._shut_down(box, context, "BT-7", True)[0].state == "shut_down"
    assert pages.off == 1


def test_another_box_is_not_shut_down(box: Box, pages: NewBox, context: Context) -> None:
    pages.wipe()
    with pytest.raises(Refused, match="must be BT-6"):
        _factory_reset._shut_down(box, context, "BT-6", True)
    assert pages.off == 0


def test_factory_account_is_that_of_the_guide() -> None:
    assert (_first_login.FACTORY.username, _first_login.FACTORY.password) == ("admin", "password")


@pytest.mark.parametrize(
    ("told", "reset", "off", "restored"),
    [
        (["reset", "off"], True, True, False),
        (["reset", "off", "reset"], True, False, False),
        (["reset", "off", "restore", "restored"], False, False, True),
        (["restored", "reset"], True, False, False),
    ],
    ids=["reset and off", "reset again", "used again", "reset after a restore"],
)
def test_what_was_done_to_an_earlier_life_of_a_box_does_not_count(
    box: Box, context: Context, told: list[str], reset: bool, off: bool, restored: bool
) -> None:
    for kind in told:
        if kind == "off":
            context.journal.write("outcome", "Off.", box=box.name, act="shut_down", result="done")
        elif kind == "restore":
            context.journal.write("intent", "Restore.", box=box.name, act="restore")
        else:
            context.journal.write(kind, "Done.", box=box.name, serial="BT-7")
    done, was_off = _factory_reset._last_reset(box, context)
    assert (done is not None, was_off) == (reset, off)
    assert (_restore.restored_on(box, context) is not None) is restored
