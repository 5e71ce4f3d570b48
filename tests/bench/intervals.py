# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pure sums of the benchmark: time that intervals cover, and the longest silence between two answers."""

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


def longest_silence(answers: Sequence[float]) -> float:
    """The longest time between two good answers that follow each other, in seconds; 0 for fewer than two."""
    return max((later - earlier for earlier, later in zip(answers, answers[1:], strict=False)), default=0.0)
