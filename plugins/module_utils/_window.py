# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The end of the maintenance window: after it nothing more is begun, and what was begun is brought to its end (T11)."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused


@dataclass(frozen=True)
class Window:
    """`end` in seconds since 1970, None for a window without one; `text` is how the user wrote it."""

    end: float | None = None
    text: str = ""

    def require(self, what: str) -> None:
        """Make sure that something may still be begun.

        :param what: such as "the update of box-b".
        :raises Refused: the window is over.
        """
        if self.end is not None and time.time() >= self.end:
            raise Refused(
                f"The maintenance window ended at {self.text} (bt_window_end), so {what} is not begun.",
                advice="Run the same command again in the next window.",
                guide=("G4",),
            )

    def is_shorter_than(self, seconds: float) -> bool:
        """Whether it ends sooner than so many seconds from now."""
        return self.end is not None and time.time() + seconds > self.end


def window_of(text: str) -> Window:
    """Understand a date and time; without an offset it is the local time of this machine.

    :raises BadInput: it is none.
    """
    if not text:
        return Window()
    try:
        return Window(datetime.datetime.fromisoformat(text).timestamp(), text)
    except (ValueError, OverflowError, OSError):
        raise BadInput(
            f"window_end (bt_window_end) is {text[:60]!r}, which is no time such as 2026-11-25T04:00:00+01:00.",
            state="Nothing was changed.",
        ) from None
