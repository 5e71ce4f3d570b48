# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one place that waits.

Slow is not failed (G3): a wait has a condition in the product's words, a normal time, a deadline, a heartbeat, and
tells at its end what the box was last seen doing. No other file sleeps.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BoxFailed, DeadlinePassed, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._life import require_run

T = TypeVar("T")

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0
# In a pause it is looked so often, in seconds, whether the run is alive.
LONGEST_SLEEP = 4.0
WAITING_SHARE = 0.05
SETTLING_SHARE = 0.02
HEARTBEAT_SHARE = 0.25
SHORTEST_HEARTBEAT = 5.0
LONGEST_HEARTBEAT = 60.0
# Boxes take 20 calls of an API in a second, for all tools of an account together; a wait makes no more than these in
# any ten seconds (appliance-interface.md section 1). Each call of a look is paid for with a pause: short at first, so
# that what is quick is seen at once, and up to CALL_SECONDS later.
MOST_CALLS, CALLS_WINDOW = 20, 10.0
CALL_SHARE = 0.26
CALL_SECONDS = 0.65
# A look with more calls than that had to log in, which it does once; where the next one has as many, they all count.
LARGEST_LOOK = 4
# A box that was silent may still carry out what it was sent, so long after that.
LATE_SECONDS = 90.0
# A box that is away for so long has gone down; for less it may be the network.
AWAY_SECONDS = 10.0


@dataclass(frozen=True)
class Look(Generic[T]):
    """What one look at the box showed.

    :param seen: what the box is doing, in a few words.
    :param value: given once the condition holds.
    :param failed: given once the box itself says that it failed.
    """

    seen: str
    value: T | None = None
    failed: str = ""


@dataclass(frozen=True)
class Patience:
    """How long something takes, in seconds: normally, and at the very most before the wait (not the work) ends."""

    normal: float
    deadline: float


class Clock:
    """Monotonic time and the only sleep of the collection."""

    def now(self) -> float:
        """Seconds on a clock that never jumps."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Do nothing for that long."""
        time.sleep(seconds)


class Calls:
    """Counts the requests that this process sent and boxes answered."""

    count = 0

    def note(self) -> None:
        """One was answered."""
        self.count += 1


CALLS = Calls()


class _Pace:
    """How soon a box may be looked at again, by how many calls the looks made."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque()
        self._least = self._last = LARGEST_LOOK

    def after(self, now: float, cost: int, elapsed: float, settling: bool) -> float:
        """The pause after a look that made so many calls.

        What seems to be over is looked at again at once: that is a few looks, and the next step waits for them.
        """
        if not cost:
            return 0.0
        cost, self._last = min(cost, max(LARGEST_LOOK, self._last)), cost
        self._least = min(self._least, cost)
        self._looks.append((now, cost))
        while self._looks[0][0] <= now - CALLS_WINDOW:
            self._looks.popleft()
        if settling:
            return 0.0
        due = cost * min(elapsed * CALL_SHARE, CALL_SECONDS)
        left = sum(each for _at, each in self._looks) + self._least - MOST_CALLS
        for at, each in self._looks:
            if left <= 0:
                break
            left -= each
            due = max(due, at + CALLS_WINDOW - now)
        return due


class Absence:
    """Whether a box that does not answer has been away without a break for long enough to mean something."""

    def __init__(self) -> None:
        self._since: float | None = None

    def lasts(self, now: float) -> bool:
        """Note that it is away at that time; gives whether it has been for `AWAY_SECONDS`."""
        if self._since is None:
            self._since = now
        return now - self._since >= AWAY_SECONDS

    def end(self) -> None:
        """It has answered."""
        self._since = None


def spell(seconds: float) -> str:
    """A duration as a person says it: ``0.4 s``, ``42 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 120:
        return f"{minutes} min" + (f" {rest} s" if rest else "")
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h" + (f" {minutes} min" if minutes else "")


def wait_until(
    what: str,
    look: Callable[[], Look[T]],
    patience: Patience,
    say: Callable[[str], None],
    *,
    settle: int = 1,
    option: str = "timeout",
    advice: str = "",
    guide: tuple[str, ...] = (),
    clock: Clock | None = None,
    longest_pause: float = LONGEST_PAUSE,
    every_moment: bool = False,
) -> T:
    """Look again and again until the condition has held `settle` times in a row.

    :param what: the condition in the product's words, such as "box-b installs base software 6.2.0".
    :param look: asks the box once. `Unreachable` raised from it counts as a look at a box that does not answer.
    :param longest_pause: most seconds between two looks, less than usual where something short must not be missed.
    :param every_moment: the site is away as long as this takes, so calls are not counted.
    :param say: prints a progress line; called at changes and as a heartbeat.
    :raises BoxFailed: the box says that it failed.
    :raises DeadlinePassed: time is over; what was last seen is told, and that the work goes on.
    :raises RunEnded: nobody waits any more.
    """
    clock = clock or Clock()
    start = clock.now()
    pace = _Pace()
    good, seen_last, said_at = 0, "", start
    normal = f"normal is up to {spell(patience.normal)}"
    while True:
        require_run()
        asked = CALLS.count
        try:
            seen = look()
        except Unreachable:
            seen = Look[T]("does not answer")
        now = clock.now()
        elapsed = now - start
        if seen.failed:
            raise BoxFailed(
                f"{what}: the box says that it failed: {seen.failed}",
                advice=advice,
                guide=guide,
                elapsed=round(elapsed, 1),
            )
        good = good + 1 if seen.value is not None else 0
        if seen.value is not None and good >= settle:
            if said_at > start:
                say(f"{what}: done after {spell(elapsed)}")
            return seen.value
        if elapsed >= patience.deadline:
            raise DeadlinePassed(
                f"{what}: not done after {spell(elapsed)}, the time that {option} gives. Last seen: {seen.seen}.",
                state="The box was left alone and its work goes on.",
                advice=advice or f"Run the same command again to go on waiting, or give more time with {option}.",
                guide=guide or ("G3",),
                elapsed=round(elapsed, 1),
                last_seen=seen.seen,
            )
        beat = min(LONGEST_HEARTBEAT, max(SHORTEST_HEARTBEAT, elapsed * HEARTBEAT_SHARE))
        # Changes are told at once when all is quick, and less often the longer it takes.
        changed = seen.seen != seen_last and now - said_at >= max(1.0, min(LONGEST_HEARTBEAT, elapsed * 0.1))
        if seen_last == "" or changed or now - said_at >= beat:
            late = "" if elapsed <= patience.normal else ", longer than normal; slow is not failed"
            say(f"{what}: {seen.seen} ({spell(elapsed)} so far, {normal}{late})")
            said_at, seen_last = now, seen.seen
        # The pause grows with the time gone by: quick when it is quick, gentle on the box when it is slow.
        share = SETTLING_SHARE if good else WAITING_SHARE
        pause = min(longest_pause, max(FIRST_PAUSE, elapsed * share))
        if not every_moment:
            pause = max(pause, pace.after(now, CALLS.count - asked, elapsed, settling=good > 0))
        _pause(clock, min(pause, max(patience.deadline - elapsed, 0.01)))


def _pause(clock: Clock, seconds: float) -> None:
    """Sleep, with looks for the run."""
    left = seconds
    while left > 0:
        require_run()
        clock.sleep(min(left, LONGEST_SLEEP))
        left -= LONGEST_SLEEP
