# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure sums of the benchmark: time that intervals cover, and how long a client was without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Interval = tuple[float, float]


def covered(intervals: Iterable[Interval], since: float, until: float) -> float:
    """Seconds between `since` and `until` that lie in at least one of the intervals."""
    total, reached = 0.0, since
    for begin, end in sorted(intervals):
        begin, end = max(begin, reached), min(end, until)
        if end > begin:
            total += end - begin
            reached = end
    return total


def silence(answers: Sequence[float], away: Interval) -> float:
    """The longest time between two good answers that follow each other, among those that meet `away`; 0 for none.

    Elsewhere a busy machine may also make an answer late.
    """
    pairs = zip(answers, answers[1:], strict=False)
    return max((later - earlier for earlier, later in pairs if earlier <= away[1] and later >= away[0]), default=0.0)
