# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A data sync that was asked for in vain, and one that failed: both are told at once, whatever shows them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _press, _sync_watch
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from tests.integration.bench import Result, good, refused
from tests.integration.conftest import World, each_box
from tests.integration.test_failover import BREAK, SYNC, A, B, Pair
from tests.simbox.browser import Browser

Worlds = Callable[..., World]
FAILS = ("sync_fail", "sync_fail_keeps_time", "sync_fail_on_page")
BY_PAGES = {"api_client_id": None, "api_client_secret": None}


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes pass in seconds."""
    monkeypatch.setattr(_press, "SHOWN_SECONDS", 1.5)
    monkeypatch.setattr(_sync_watch, "STEADY_SECONDS", 0.5)


def started(worlds: Worlds, era: str = "divs", language: str = "en") -> Pair:
    """A pair in its relationship."""
    return Pair(worlds(lambda config: each_box(config, era=era, language=language)), [])


def in_vain(pair: Pair, op: str = SYNC) -> None:
    """The next press is answered 502 and not carried out."""
    pair.world.tell("faults", do="502", op=op, nth=1, count=1)


def by_a_person(pair: Pair, button: str) -> None:
    """Somebody presses a button on A's page."""
    told = json.loads((pair.world.folder / "sim" / "simbox.json").read_text())
    box = told["boxes"][A]
    page = Browser(f"https://{box['address']}:{box['port']}", told["ca"], "login")
    page.log_in(box["login"]["username"], box["login"]["password"], ("Username", "Password", "Login"))
    page.open("Management", "Failover")
    page.press(button, {})
    while pair.world.box("a")["failover"]["syncing"]:
        time.sleep(0.1)


def results(pair: Pair, act: str) -> list[str]:
    """How each such act on A came out, by the journal."""
    told = Journal(str(pair.world.run_dir)).of_act(A, act)
    return [record["result"] for record in told if record["kind"] == "outcome"]


def test_sync_that_was_asked_for_in_vain_is_told_soon_and_asked_for_again_by_the_same_command(worlds: Worlds) -> None:
    pair = started(worlds)
    in_vain(pair)
    refused(pair.sync(), "refused", "did not begin a data sync", "502", "Nothing was changed", "same command again")
    assert results(pair, "synchronise") == ["not_begun"]
    good(pair.sync(), True)
    assert pair.times(SYNC) == 2


def test_sync_that_has_ended_since_the_press_in_vain_counts(worlds: Worlds) -> None:
    pair = started(worlds)
    in_vain(pair)
    refused(pair.sync(), "refused", "did not begin a data sync")
    by_a_person(pair, "Sync Now")
    pair.world.forget_log()
    good(pair.sync(), True)
    assert any("that an earlier run asked for" in line for line in pair.said)
    assert pair.times(SYNC) == 0
    assert results(pair, "synchronise") == ["not_begun", "done"]
    good(pair.broken(), True)
    assert pair.world.ask("violations") == []


def test_sync_that_is_answered_and_takes_long_is_no_press_in_vain(worlds: Worlds) -> None:
    """Nor is one whose answer was lost, and that shows."""
    pair = started(worlds)
    pair.world.tell("durations", sync=3.0)
    good(pair.sync(), True)
    pair.world.tell("faults", do="do_then_reset", op=SYNC, nth=1, count=1)
    good(pair.sync(), True)
    assert pair.times(SYNC) == 2


def test_break_and_establish_in_vain_are_told_soon_and_made_by_the_same_command(worlds: Worlds) -> None:
    pair = started(worlds)
    good(pair.sync(), True)
    in_vain(pair, BREAK)
    refused(pair.broken(), "refused", "did not break the relationship", "502", "failover role primary still")
    good(pair.broken(), True)
    in_vain(pair, "login.failover.establish")
    refused(pair.paired(A), "refused", "did not establish the relationship", "502", f"{A} is none")
    good(pair.paired(A), True)
    assert pair.roles() == ("primary", "backup")
    assert pair.world.ask("violations") == []


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("accounts", [{}, BY_PAGES], ids=["all accounts", "pages alone"])
@pytest.mark.parametrize("trouble", FAILS)
def test_failed_sync_is_told_at_once_however_it_shows(
    worlds: Worlds, trouble: str, accounts: dict[str, Any], language: str
) -> None:
    """Twice: the same failure a second time is a new one, as the sync was seen to run."""
    pair = started(worlds, "tables" if accounts else "divs", language)
    pair.world.tell("durations", sync=1.2)
    pair.world.tell("troubles", box=A, trouble=trouble)
    for _time in range(2):
        began = time.monotonic()
        assert_failed(pair.sync(**accounts))
        assert time.monotonic() - began < 15
    refused(pair.broken(**accounts), "refused", "The last data sync", "Nothing was changed.")
    pair.world.tell("troubles", box=A, trouble=trouble, on=False)
    good(pair.sync(**accounts), True)
    good(pair.broken(**accounts), True)
    assert pair.world.ask("violations") == []


def assert_failed(result: Result) -> None:
    """The box itself says so."""
    assert (result["failed"], result["error"]) == (True, "box_failed"), result["msg"]
    words = ("failed", "error", "mislukt", "fout")
    assert any(word in result["msg"].partition("says that it failed:")[2].casefold() for word in words), result["msg"]


def test_second_upgrade_needs_a_fresh_sync_though_the_first_broke_the_relationship(worlds: Worlds) -> None:
    """One side shows none already: the record of the first upgrade says nothing about that."""
    pair = started(worlds)
    journal = Journal(str(pair.world.run_dir))
    journal.write("run", "The first upgrade.")
    good(pair.sync(), True)
    good(pair.broken(), True)
    good(pair.paired(A), True)
    journal.write("finished", "It is done.")
    time.sleep(2)
    pair.world.tell("role", box=B, role="none")
    pair.world.forget_log()
    refused(pair.broken(max_sync_age=1), "refused", "The last data sync", "Nothing was changed.")
    journal.write("run", "The second upgrade.")
    refused(pair.broken(max_sync_age=1), "refused", "The last data sync", "Nothing was changed.")
    assert pair.times(BREAK) == 0
