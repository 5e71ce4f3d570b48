# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waiting, on a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils import _life
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BoxFailed,
    DeadlinePassed,
    RunEnded,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._life import uninterrupted
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import (
    CALLS,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_SLEEP,
    Clock,
    Look,
    Patience,
    spell,
    wait_until,
)


class TurnedClock(Clock):
    """Time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Seconds."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        self.slept.append(seconds)
        self.time += seconds


def wait(
    look: Callable[[TurnedClock], Look[str]], patience: Patience, settle: int = 1
) -> tuple[str, TurnedClock, list[str]]:
    """Wait on a clock of its own; what came out, the clock, and what was said."""
    clock, said = TurnedClock(), []
    ends = {"settle": settle, "clock": clock, "guide": ("G6",)}
    value = wait_until("[a] work", lambda: look(clock), patience, said.append, **ends)
    return value, clock, said


def after(seconds: float) -> Callable[[TurnedClock], Look[str]]:
    """A box that is done after that time."""
    return lambda clock: Look("works", "done" if clock.now() >= 1000 + seconds else None)


def test_what_is_done_needs_no_wait_and_no_word() -> None:
    value, clock, said = wait(after(0), Patience(10, 100))
    assert (value, clock.slept, said) == ("done", [], [])


def test_a_wait_tells_what_is_seen_how_long_and_what_is_normal() -> None:
    _value, _clock, said = wait(after(300), Patience(60, 1000))
    assert said[0] == "[a] work: works (0.0 s so far, normal is up to 60 s)"
    assert any("longer than normal; slow is not failed" in line for line in said)
    assert said[-1].startswith("[a] work: done after 5")
    assert len(said) < 20


def test_a_change_is_told_at_once() -> None:
    def look(clock: TurnedClock) -> Look[str]:
        done = clock.now() >= 1040
        return Look("copies" if clock.now() < 1020 else "restarts", "done" if done else None)

    _value, _clock, said = wait(look, Patience(60, 1000))
    assert sum("restarts" in line for line in said) >= 1


def test_a_deadline_tells_what_was_last_seen_and_not_that_it_failed() -> None:
    with pytest.raises(DeadlinePassed) as caught:
        wait(after(10**6), Patience(10, 100))
    told = str(caught.value)
    assert "not done after" in told
    assert "Last seen: works" in told
    assert "its work goes on" in told
    assert "fail" not in told
    assert "restart" not in told
    assert caught.value.facts["last_seen"] == "works"


def test_a_box_that_says_that_it_failed_ends_the_wait() -> None:
    with pytest.raises(BoxFailed, match="disk full") as caught:
        wait(lambda _clock: Look("installs", failed="disk full"), Patience(10, 100))
    assert caught.value.guide == ("G6",)


def test_no_answer_is_a_look_like_any_other() -> None:
    def look(clock: TurnedClock) -> Look[str]:
        if clock.now() < 1030:
            raise Unreachable("no answer")
        return Look("works", "done")

    value, _clock, said = wait(look, Patience(10, 100))
    assert value == "done"
    assert "does not answer" in said[0]


def test_settling_starts_anew_after_a_bad_look() -> None:
    looks = iter(["good", "good", None, "good", "good", "good"])
    seen: list[str | None] = []

    def look(_clock: TurnedClock) -> Look[str]:
        seen.append(next(looks))
        return Look("answers", seen[-1])

    value, _clock, _said = wait(look, Patience(10, 100), settle=3)
    assert value == "good"
    assert len(seen) == 6


def test_false_is_a_value() -> None:
    clock = TurnedClock()
    assert wait_until("work", lambda: Look("idle", False), Patience(1, 2), str, clock=clock) is False


@given(st.floats(0, 90000), st.floats(0.01, 90000))
def test_never_much_longer_than_needed_and_gentle_on_the_box(needed: float, deadline: float) -> None:
    try:
        _value, clock, _said = wait(after(needed), Patience(600, deadline))
        late = clock.now() - 1000 - needed
        assert late <= max(FIRST_PAUSE, min(LONGEST_PAUSE, needed * 0.06)) + 0.01
    except DeadlinePassed as passed:
        in_time = needed > deadline - 0.02 and passed.facts["elapsed"] <= deadline + LONGEST_PAUSE
        if not in_time:
            raise


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (42, "42 s"),
        (119.4, "119 s"),
        (120, "2 min"),
        (185, "3 min 5 s"),
        (7199, "119 min 59 s"),
        (7200, "2 h"),
        (7800, "2 h 10 min"),
    ],
)
def test_spell(seconds: float, words: str) -> None:
    assert spell(seconds) == words


def test_where_something_short_must_not_be_missed_the_pauses_stay_short() -> None:
    clock, said = TurnedClock(), list[str]()
    with pytest.raises(DeadlinePassed):
        wait_until("x", lambda: Look[str]("idle"), Patience(10, 600), said.append, clock=clock, longest_pause=2.0)
    assert max(clock.slept) == 2.0


@pytest.mark.parametrize("cost", [1, 3, 7])
def test_any_ten_seconds_see_at_most_twenty_calls_whatever_a_look_needs(cost: int) -> None:
    clock, calls = TurnedClock(), list[float]()

    def look() -> Look[str]:
        for _call in range(cost):
            CALLS.note()
        calls.extend([clock.now()] * cost)
        return Look("works")

    with pytest.raises(DeadlinePassed):
        wait_until("x", look, Patience(10, 300), str, clock=clock, longest_pause=1.0)
    assert max(sum(1 for other in calls if at <= other < at + 10) for at in calls) <= 20 + cost
    assert len(calls) > 100


def test_where_the_site_is_away_meanwhile_calls_are_not_counted() -> None:
    clock = TurnedClock()

    def look() -> Look[str]:
        for _call in range(5):
            CALLS.note()
        return Look("works", "done" if clock.now() > 1005 else None)

    wait_until("x", look, Patience(10, 300), str, clock=clock, every_moment=True)
    assert max(clock.slept) < 0.3


def dying_at(clock: TurnedClock, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run of the task that waits dies then."""
    monkeypatch.setattr(_life._RUN, "is_alive", lambda: clock.now() < 1000 + seconds)


@pytest.mark.parametrize("seconds", [0, 3, 1001, 1004, 1007, 1010])
def test_a_wait_whose_run_is_dead_ends_at_once_and_asks_the_box_no_more(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, looked = TurnedClock(), list[float]()
    dying_at(clock, seconds, monkeypatch)

    def look() -> Look[str]:
        looked.append(clock.now() - 1000)
        return Look("works")

    with pytest.raises(RunEnded, match="The run that this task was part of has ended") as caught:
        wait_until("x", look, Patience(10, 9000), [].append, clock=clock)
    assert "Run the same command again" in str(caught.value)
    assert clock.now() - 1000 - seconds <= LONGEST_SLEEP < LONGEST_PAUSE
    assert all(at < seconds for at in looked)


def test_a_wait_within_a_switch_goes_on_to_its_end_though_the_run_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = TurnedClock()
    dying_at(clock, 5, monkeypatch)
    with uninterrupted():
        assert wait_until("x", lambda: after(90)(clock), Patience(10, 900), [].append, clock=clock) == "done"
    with pytest.raises(RunEnded):
        wait_until("x", lambda: after(90)(clock), Patience(10, 900), [].append, clock=clock)
