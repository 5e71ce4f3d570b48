# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is made of what a box shows of a data sync, look by look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _press, _sync_watch, _wait
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import AnswerLost, BoxFailed, DeadlinePassed, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._failover_state import State, Sync
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._press import NotBegun, Press
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience

DAY = Patience(600, 86400)
OLD = Sync("9:00", "", True, "success", "", None)
FAILED = Sync("9:00", "", False, "failed: no peer", "", None, "failed: no peer")
RUNS = Sync("9:00", "", True, "success", "in progress", None)
DONE = Sync("10:00", "", True, "success", "", None)
BESIDE = Sync("", "9:00", True, "success", "", None, "Sync failed.", ("Sync failed.",))
HIDDEN = Sync("", "", None, "", "in progress", None)


class Slow(_wait.Clock):
    """A clock on which time passes by waiting alone."""

    passed = 0.0

    def now(self) -> float:
        return Slow.passed

    def sleep(self, seconds: float) -> None:
        Slow.passed += seconds


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    Slow.passed = 0.0
    for module in (_wait, _press, _sync_watch):
        monkeypatch.setattr(module, "Clock", Slow)


def box() -> Box:
    return Box(Connection("box-a", Endpoint("box-a.example.com")), Context())


def awaited(
    monkeypatch: pytest.MonkeyPatch,
    before: Sync,
    *shown: tuple[float, Sync],
    lost: bool = False,
    patience: Patience = DAY,
) -> float:
    """Wait for a sync that shows so, each for so many seconds and the last for ever; gives how long it took."""

    def look(_box: Box) -> State:
        until = 0.0
        for seconds, sync in shown:
            until += seconds
            if Slow.passed < until:
                return State("primary", sync, None)
        return State("primary", shown[-1][1], None)

    monkeypatch.setattr(_sync_watch, "read_state", look)
    own = box()
    press = Press(own)
    with press.sent():
        if lost:
            raise AnswerLost("HTTP status 502.")
    _sync_watch.await_sync([own], [State("primary", before, None)], patience, press)
    return Slow.passed


def test_sync_that_shows_late_is_waited_for_once_it_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert awaited(monkeypatch, OLD, (3600, OLD), (0, DONE)) >= 3600


def test_sync_that_does_not_show_after_a_lost_answer_was_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotBegun, match="did not begin a data sync. HTTP status 502."):
        awaited(monkeypatch, OLD, (0, OLD), lost=True)
    assert 60 < Slow.passed < 90


def test_sync_that_shows_after_a_lost_answer_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert awaited(monkeypatch, OLD, (30, OLD), (7200, RUNS), (0, DONE), lost=True) >= 7230


def test_failure_from_before_is_not_taken_for_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert awaited(monkeypatch, FAILED, (100, FAILED), (7200, RUNS), (0, DONE)) >= 7300


@pytest.mark.parametrize("lost", [True, False])
def test_failure_from_before_that_stays_while_nothing_runs_is_told(
    monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    with pytest.raises((NotBegun, Unproven), match="still .*'failed: no peer'"):
        awaited(monkeypatch, FAILED, (0, FAILED), lost=lost)
    assert Slow.passed < 150


@pytest.mark.parametrize("before", [OLD, FAILED], ids=["good before", "the same before"])
def test_failure_after_it_ran_is_told_at_once(monkeypatch: pytest.MonkeyPatch, before: Sync) -> None:
    with pytest.raises(BoxFailed, match="failed: no peer"):
        awaited(monkeypatch, before, (300, RUNS), (0, FAILED))
    assert Slow.passed < 330


def test_failure_that_shows_for_a_moment_before_the_good_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert awaited(monkeypatch, FAILED, (30, RUNS), (2, FAILED), (0, DONE)) < 60


def test_failure_beside_the_time_of_an_earlier_sync_is_no_good_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ran when the run came, so that no time was shown then."""
    with pytest.raises(BoxFailed, match="Sync failed"):
        awaited(monkeypatch, HIDDEN, (300, HIDDEN), (0, BESIDE))


def test_line_that_changes_with_each_look_is_no_new_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def texts() -> Iterator[tuple[float, Sync]]:
        for second in range(200):
            line = f"No sync: peer failed to answer at 10:{second}."
            yield 1.0, Sync("9:00", "", True, "success", "", None, line, (line,))

    assert awaited(monkeypatch, OLD, *texts(), (0, DONE)) >= 190


def test_deadline_repeats_the_failure_that_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeadlinePassed, match="it shows: failed: no peer"):
        awaited(monkeypatch, FAILED, (0, FAILED), patience=Patience(1, 30))


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ([("intent", "synchronise", "")], True),
        ([("intent", "synchronise", ""), ("outcome", "synchronise", "not_begun")], True),
        ([("intent", "synchronise", ""), ("outcome", "synchronise", "done")], False),
        ([("intent", "synchronise", ""), ("intent", "break", ""), ("outcome", "break", "done")], False),
        ([("intent", "synchronise", ""), ("finished", "", "")], False),
    ],
)
def test_what_was_asked_in_vain_is_of_this_relationship_and_this_run(
    tmp_path: Path, told: list[tuple[str, str, str]], counts: bool
) -> None:
    own = box()
    own.context.journal = Journal(str(tmp_path))
    for kind, act, result in told:
        own.context.journal.write(kind, "x", box="box-a", act=act, result=result, marks=[["9:00", ""]])
    asked = _sync_watch.asked_in_vain(own, own.context)
    assert (asked is not None) is counts
    if asked is not None:
        states = [State("primary", DONE, None)]
        assert _sync_watch.ended_since(asked, states)
        assert not _sync_watch.ended_since(asked, [State("primary", OLD, None)])
