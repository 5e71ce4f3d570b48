# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A data sync from the moment in which it is asked for: whether it began, ended, failed (G24, S4, S7).

A box that was asked in vain must not be waited for to the end of the day, nor a failure that it shows. One that stood
there before is not taken for the new one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._failover_state import State, Sync, read_state
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._press import Press
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, wait_until

ACT = "synchronise"
# How long a page must show a new failure while nothing runs, before it is believed: what it says may still change.
STEADY_SECONDS = 5.0
# How long a failure that stood there before may stand there after the press, while nothing runs.
STILL_SECONDS = 120.0
# Where the sync that an earlier run asked for ended no longer ago, no other one is needed.
FRESH_SECONDS = 900.0
ADVICE = "Look at /login > Management > Failover; do not break the relationship before a sync has completed."


def marks_of(states: Sequence[State]) -> list[list[str]] | None:
    """What the journal keeps of the last syncs, to know a later one by; None while a running one hides them."""
    if any(state.sync.running and not state.sync.by_api for state in states):
        return None
    return [[state.sync.by_api, state.sync.on_page] for state in states]


def as_marked(states: Sequence[State], marks: Sequence[Sequence[str]]) -> list[Sync] | None:
    """The last syncs as the journal kept them; None where it kept those of other boxes."""
    if len(marks) != len(states):
        return None
    return [
        replace(state.sync, by_api=mark[0], on_page=mark[1]) for state, mark in zip(states, marks, strict=True)
    ]


def asked_in_vain(box: Box, context: Context) -> Record | None:
    """The last time that this run asked the box for a sync whose good end it has not seen; None where there is none.

    What was asked of an earlier relationship says nothing of this one.
    """
    asked: Record | None = None
    for record in context.journal.of_run():
        if record.get("act") in ("break", "establish"):
            asked = None
        elif record.get("box") == box.name and record.get("act") == ACT:
            if record["kind"] == "intent":
                asked = record
            elif record.get("result") == "done":
                asked = None
    return asked


def ended_since(asked: Record, states: Sequence[State]) -> bool:
    """Whether a sync that ended after that one was asked for is shown, good, and young enough to be its end."""
    olds = as_marked(states, asked.get("marks", []))
    if olds is None or any(state.sync.running for state in states):
        return False
    later = [state.sync for state, old in zip(states, olds, strict=True) if state.sync.later_than(old)]
    ages = [sync.age for sync in later if sync.age is not None] or [time.time() - seconds_of(asked["time"])]
    return bool(later) and all(sync.good for sync in later) and min(ages) <= FRESH_SECONDS


def sync_seen(now: Sequence[State], before: Sequence[State]) -> Look[list[State]]:
    """Whether a data sync has ended since, and well."""
    running = next((state.sync.running for state in now if state.sync.running), "")
    if running:
        return Look(running)
    ended = [new.sync for new, old in zip(now, before, strict=True) if new.sync.later_than(old.sync)]
    if not ended:
        failure = next((state.sync.failure for state in now if state.sync.failure), "")
        return Look("has not finished a sync since it was asked to" + (f"; it shows: {failure}" if failure else ""))
    if any(sync.good is False for sync in ended):
        return Look("sync ended", failed="; ".join(sync.status for sync in ended if sync.good is False))
    return Look(f"last sync {ended[0].mark}, {ended[0].status or 'no status told'}", list(now))


def new_failure(now: Sequence[State], before: Sequence[State]) -> str:
    """What the boxes show of a failure that they did not show before, empty for nothing."""
    found = (new.sync.failure_since(old.sync) for new, old in zip(now, before, strict=True))
    return next((failure for failure in found if failure), "")


class _Watch:
    """What was seen of a sync since it was asked for."""

    def __init__(self, boxes: Sequence[Box], before: Sequence[State], press: Press) -> None:
        self._boxes, self._before, self._press = boxes, before, press
        self._clock = Clock()
        self._idle_since = self._clock.now()
        self._ran = False
        self._shown: tuple[str, float] = ("", 0.0)

    def look(self) -> Look[list[State]]:
        """One look at the boxes.

        :raises NotBegun: the answer to the press was lost, and no sync has shown.
        :raises Unproven: nothing runs, nothing has ended, and an old failure stands there still.
        """
        with self._press.looked():
            now = [read_state(one) for one in self._boxes]
        seen = sync_seen(now, self._before)
        clock = self._clock.now()
        if any(state.sync.running for state in now):
            self._ran, self._idle_since, self._shown = True, clock, ("", clock)
            self._press.shows()
            return seen
        added = new_failure(now, self._before)
        # Where no time was shown before, as while a sync ran, any time looks like a new one.
        unmarked = not any(state.sync.mark for state in self._before)
        if seen.failed or (seen.value is not None and not (added and unmarked)):
            return seen
        old = next((state.sync for state in now if state.sync.failure), None)
        current = next((state.sync.failing for state in now if state.sync.failing), "")
        failure = added or (current if self._ran else "")
        if failure != self._shown[0]:
            self._shown = (failure, clock)
        if failure:
            self._press.shows()
            return Look(failure, failed=failure if clock - self._shown[1] >= STEADY_SECONDS else "")
        older = f", and still {old.failure!r}" if old is not None else ""
        self._press.require_begun("begin a data sync", f" It shows none that runs or has ended since{older}.")
        still = current or (old.failure if old is not None and self._ran else "")
        if still and clock - self._idle_since > STILL_SECONDS:
            raise Unproven(
                f"{self._boxes[0].name} was asked for a data sync and shows still the failure {still!r}; it shows no"
                " sync that runs or has ended since.",
                state="The relationship stands.",
                advice=f"{ADVICE} Run the same command again to have another one.",
                guide=("G24",),
            )
        return seen


def await_sync(boxes: Sequence[Box], before: Sequence[State], patience: Patience, press: Press) -> list[State]:
    """Wait until a data sync has ended since, and well.

    :param press: what asked for it.
    """
    return wait_until(
        f"[{boxes[0].name}] data sync", _Watch(boxes, before, press).look, patience, boxes[0].context.say,
        option="sync_timeout", advice=ADVICE, guide=("G24",),
    )
