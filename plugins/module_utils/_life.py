# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The run that a task is part of: once that is dead, the task ends (T1, T3).

A task has a process of its own, which lives on when only the run's is killed: it would hold the site and ask the box
until its deadline. So every wait looks for the run first, and no act is begun without it. A task that stands elsewhere,
as in a long answer, is ended from beside. Neither happens between the two halves of a switch.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import RunEnded

# Seconds between two looks from beside; so many of them a task has to end by itself, which takes the longest pause
# between two looks of its own.
LOOK_SECONDS = 1.0
LOOKS_TO_END = 7
_NEVER = threading.Event()


class _Run:
    """The run of this process, if it is a task's."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Belong to no run, as a process that was split off: it ends what it has to do, whoever is dead."""
        self.is_alive: Callable[[], bool] = lambda: True
        self.is_followed = False
        # Held while nothing may end; by the one thread that switches.
        self.switching = threading.RLock()
        self.switches = 0


_RUN = _Run()
os.register_at_fork(after_in_child=_RUN.forget)


def follow(is_alive: Callable[[], bool]) -> None:
    """Have this process, that of one task, end with its run; a task with a loop says so again and again.

    :param is_alive: whether the run is.
    """
    if not _RUN.is_followed:
        _RUN.is_alive, _RUN.is_followed = is_alive, True
        threading.Thread(target=_end_late, daemon=True, name="bt_ops.pra life").start()


def require_run() -> None:
    """Go on only while the run is alive, or something is being switched.

    :raises RunEnded: it is dead.
    """
    if not _RUN.switches and not _RUN.is_alive():
        raise RunEnded("The run that this task was part of has ended, so the task ends too.")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Do something to its end, even if the run dies meanwhile.

    :raises RunEnded: it is dead already; nothing is begun.
    """
    require_run()
    with _RUN.switching:
        _RUN.switches += 1
        try:
            yield
        finally:
            _RUN.switches -= 1


def leave_the_dead() -> None:
    """End this process at once if the run is dead: nobody takes its result."""
    if not _RUN.is_alive():
        os._exit(1)


def _end_late() -> None:
    while _RUN.is_alive():
        _NEVER.wait(LOOK_SECONDS)
    left = LOOKS_TO_END
    while left:
        _NEVER.wait(LOOK_SECONDS)
        if _RUN.switching.acquire(blocking=False):
            left -= 1
            if not left:
                os._exit(1)
            _RUN.switching.release()
