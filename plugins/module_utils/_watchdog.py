# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A process beside this one that ends what this one has begun, should it die or stand still (Q6, T1).

What this process may do is lent: it says again and again that it is alive, and while it is silent for longer than the
lease it is ended before anything is done in its place, so that never two of them act. The watchdog has no terminal, no
output and no parent; all that it knows, secrets too, it has in memory from the moment in which it was split off.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused

READY, ALIVE, DONE = b"ready\n", b".", b"d"
# What the watchdog is to do with what was begun: end it as it was meant, or take it back. Nothing is told by the dead.
FORTH, BACK = b"f", b"b"
READY_SECONDS = 10.0
ENDING_SECONDS = 2.0
Finish = Callable[[bytes], dict[str, Any]]


class Watchdog:
    """Watches this process while the block lasts.

    :param seconds: the lease: for so long this process may be silent.
    :param finish: called in the watchdog with FORTH, BACK, or nothing where this process is dead. Gives plain values.
    :param keep: descriptors that stay open in the watchdog, such as that of a lock.
    """

    def __init__(self, seconds: float, finish: Finish, keep: Iterable[int] = ()) -> None:
        self._seconds = seconds
        self._finish = finish
        self._keep = set(keep)
        self._tell = self._hear = -1

    def __enter__(self) -> Watchdog:
        order, self._tell = os.pipe()
        self._hear, answer = os.pipe()
        try:
            child = os.fork()
        except OSError as error:
            raise Refused(f"No watchdog can be started for the cut-over: {error.strerror}.") from None
        if child == 0:
            self._become_watchdog(order, answer, os.getppid())
        for end in (order, answer):
            os.close(end)
        os.set_blocking(self._tell, False)
        os.waitpid(child, 0)
        if not self._read(READY_SECONDS).startswith(READY):
            self._close()
            raise Refused("The watchdog of the cut-over does not start.", advice="Run the same command again.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._send(DONE)
            self._read(ENDING_SECONDS)
        self._close()

    def renew(self) -> None:
        """Say that this process is alive and at work."""
        self._send(ALIVE)

    def hand_over(self, what: bytes, seconds: float) -> dict[str, Any]:
        """Have the watchdog finish, as this process cannot, and give what came of it.

        :param what: FORTH or BACK.
        :param seconds: how long that may take; nothing is given when it takes longer, and it goes on.
        """
        self._send(what)
        try:
            told = json.loads(self._read(seconds))
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def _send(self, what: bytes) -> None:
        with contextlib.suppress(BrokenPipeError, BlockingIOError):
            os.write(self._tell, what)

    def _read(self, seconds: float) -> bytes:
        """A line of the watchdog, or what came until it ended or the time was over."""
        told, until = b"", time.monotonic() + seconds
        while not told.endswith(b"\n"):
            ready, _none, _nor = select.select([self._hear], [], [], max(0.0, until - time.monotonic()))
            part = os.read(self._hear, 65536) if ready else b""
            if not part:
                break
            told += part
        return told

    def _close(self) -> None:
        for end in (self._tell, self._hear):
            os.close(end)

    def _become_watchdog(self, order: int, answer: int, watched: int) -> None:
        """Never returns; whatever goes wrong here must not run on as a second copy of the task."""
        try:
            os.setsid()
            if os.fork() == 0:
                _detach({order, answer, *self._keep})
                os.write(answer, READY)
                what = _listen(order, self._seconds, watched)
                if what != DONE:
                    told = json.dumps(self._finish(what))
                    with contextlib.suppress(BrokenPipeError):
                        os.write(answer, told.encode() + b"\n")
        finally:
            os._exit(0)


def _detach(keep: set[int]) -> None:
    """Let go of all that was inherited: whoever reads the output of the task must not wait for its watchdog.

    The numbers stay taken: an object of the task that closes its own later would else close one of the watchdog's.
    """
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    listed = Path("/proc/self/fd")
    numbers = {int(one.name) for one in listed.iterdir()} if listed.is_dir() else set(range(256))
    for number in {0, 1, 2, *numbers} - keep - {nowhere}:
        os.dup2(nowhere, number)


def _listen(order: int, seconds: float, watched: int) -> bytes:
    """What is to be done: DONE, FORTH, BACK; nothing when the watched process is dead, or was silent and is so now."""
    while True:
        ready, _none, _nor = select.select([order], [], [], seconds)
        if not ready:
            with contextlib.suppress(ProcessLookupError):
                os.kill(watched, signal.SIGKILL)
            return b""
        told = os.read(order, 65536)
        for what in (DONE, FORTH, BACK):
            if what in told:
                return what
        if not told:
            return b""
