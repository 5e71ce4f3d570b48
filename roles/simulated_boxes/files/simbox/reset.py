# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reset to factory defaults: everything on the box is erased, which takes long (guide G44).

How it shows, and that /appliance has the factory credentials afterwards too, is GUESS (11.4 number 7).
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING

from simbox import factory
from simbox.failover import Failover

if TYPE_CHECKING:
    from simbox.box import Box

# The share of the time in which /appliance still answers and tells how far it is.
WIPE_SHARE = 0.7


class Reset:
    """The reset of one box. `done` counts those that came to their end."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._started: float | None = None
        self._task: asyncio.Task[None] | None = None
        self.done = 0

    @property
    def running(self) -> bool:
        """Is the box being erased?"""
        return self._started is not None

    def percent(self) -> int:
        """How far it is."""
        seconds = self._box.world.durations.of("reset")
        share = (time.monotonic() - (self._started or 0.0)) / seconds if seconds else 1.0
        return min(99, math.floor(100 * share))

    def start(self) -> bool:
        """Begin; False when that cannot be now."""
        self._box.world.watch.reset(self._box)
        if self.running or self._box.updates.running:
            return False
        self._started = time.monotonic()
        self._task = self._box.world.spawn(self._run())
        return True

    async def _run(self) -> None:
        box, seconds = self._box, self._box.world.durations.of("reset")
        with box.busy.during("reset"):
            box.forget_software()
            await box.power.set_software("503")
            await asyncio.sleep(seconds * WIPE_SHARE)
            self._erase()
            box.factory = True
            box.power.software = "open"
            await box.power.restart(seconds * (1 - WIPE_SHARE))
        self._started = None
        self.done += 1

    def _erase(self) -> None:
        box = self._box
        box.data = factory.data()
        box.restored = None
        box.healthy = True
        new = factory.account()
        box.appliance_accounts = {new.username: new}
        box.addresses = [entry for entry in box.addresses if not entry.shared]
        box.certificates.replace(box.world.factory_certificate(box.config))
        box.failover = Failover(box, "none")
        box.updates.offered = None
        box.updates.last = None

    def break_off(self) -> None:
        """The box is restarted or switched off meanwhile: what is left of it does not work."""
        if self.running and self._task:
            self._task.cancel()
            self._started = None
            self._erase()
            self._box.power.software = "open"
            self._box.troubles.add("unhealthy")
