# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A press whose answer was lost: what it does must begin to show within a time, else it came to nothing (law 3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import AnswerLost, Refused, SessionEnded, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import LATE_SECONDS, Clock

# How long a box may show no sign of what was pressed, where the answer was lost, before that counts as never begun.
SHOWN_SECONDS = 60.0


class NotBegun(Refused):
    """The answer to a press was lost, and nothing shows that the box has begun."""

    default_advice = "Run the same command again: it asks the box first, and presses again where nothing was done."


class Press:
    """One press on a box. `lost` tells how its answer was lost: empty where it came, or once an effect has shown."""

    def __init__(self, box: Box) -> None:
        self.lost = ""
        self._box = box
        self._clock = Clock()
        self._seconds = SHOWN_SECONDS
        self._until = 0.0

    @contextmanager
    def sent(self) -> Iterator[None]:
        """Around what is sent: an answer that is lost is no failure yet."""
        try:
            yield
        except (AnswerLost, SessionEnded) as error:
            self.lost = error.what
            if isinstance(error, AnswerLost) and error.silent:
                self._seconds = LATE_SECONDS
            self._until = self._clock.now() + self._seconds
            self._box.say(f"{error.what} It is asked what it did.")

    @contextmanager
    def looked(self) -> Iterator[None]:
        """Around one look at what it did: for a box that is away the time begins anew."""
        try:
            yield
        except Unreachable:
            self._until = self._clock.now() + self._seconds
            raise

    def shows(self) -> None:
        """It has begun: how long it takes is another matter."""
        self.lost = ""

    def is_over(self) -> bool:
        """Whether its time is over; that of a press that was answered always is."""
        return self._clock.now() > self._until

    def require_begun(self, what: str, more: str = "") -> None:
        """Stop where its time is over and nothing has shown.

        :param what: what the box should have done, as in "did not break the relationship".
        :raises NotBegun: it did not.
        """
        if self.lost and self.is_over():
            raise NotBegun(f"{self._box.name} did not {what}. {self.lost}{more}")
