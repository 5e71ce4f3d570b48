# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lines of progress while many bytes go to or come from somewhere."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, spell

FIRST_LINE_SECONDS = 2.0
LONGEST_SILENCE_SECONDS = 30.0
FORETOLD = 0.02  # share of the whole after which the time that is left can be told
_UNITS = (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))


def spell_size(size: float) -> str:
    """A number of bytes as a person says it: ``812 bytes``, ``1.5 KiB``, ``300 MiB``, ``4.0 GiB``."""
    for unit, bytes_of in _UNITS:
        if size >= bytes_of:
            amount = size / bytes_of
            return f"{amount:.0f} {unit}" if amount >= 100 else f"{amount:.1f} {unit}"
    return f"{size:.0f} bytes"


class Progress:
    """Tells how far it is: soon, then at growing distances.

    :param what: what goes where, such as "[box-a] sends base software 6.2.0".
    :param total: bytes of the whole, None where that is not known.
    :param done: bytes that were there before.
    """

    def __init__(
        self, what: str, total: int | None, say: Callable[[str], None], done: int = 0, clock: Clock | None = None
    ) -> None:
        self._what = what
        self._total = total
        self._say = say
        self._clock = clock or Clock()
        self._begun = self._clock.now()
        self._before = done
        self._next = FIRST_LINE_SECONDS
        self._silence = FIRST_LINE_SECONDS

    def at(self, done: int) -> None:
        """So many bytes of the whole are done now; says so when it is time to."""
        elapsed = self._clock.now() - self._begun
        if elapsed < self._next:
            return
        self._silence = min(LONGEST_SILENCE_SECONDS, self._silence * 1.5)
        self._next = elapsed + self._silence
        speed = (done - self._before) / elapsed
        line = f"{self._what}: {spell_size(done)}"
        if self._total:
            line += f" of {spell_size(self._total)} ({100 * done // self._total} %)"
        line += f", {spell_size(speed)}/s"
        if self._total and done >= self._total * FORETOLD:
            line += f", about {spell((self._total - done) / speed)} left"
        self._say(line)
