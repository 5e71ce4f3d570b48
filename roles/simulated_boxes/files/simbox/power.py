# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a box answers at all: restarts and outages, and what is seen while they last."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from simbox.box import Box

# open: answers; reset: connections are cut; 502 and 503: the web server alone answers; closed: nothing listens.
Gate = Literal["open", "reset", "502", "503", "closed"]

# What an outage looks like from outside, as shares of its length (GUESS, 11.4 number 7).
SYSTEM_OUTAGE: tuple[tuple[Gate, float], ...] = (("502", 0.1), ("closed", 0.6), ("reset", 0.1), ("503", 0.2))
SOFTWARE_OUTAGE: tuple[tuple[Gate, float], ...] = (
    ("503", 0.15),
    ("closed", 0.25),
    ("reset", 0.1),
    ("502", 0.25),
    ("503", 0.25),
)
ANSWER_SECONDS = 0.1


class Power:
    """`system` is the whole box, `software` the site's software (everything but /appliance). `booted`: Unix seconds."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.system: Gate = "open"
        self.software: Gate = "open"
        self.booted = time.time() - 30 * 86400

    @property
    def up(self) -> bool:
        """Do both the box and the site's software answer?"""
        return self.system == "open" and self.software == "open"

    async def set_system(self, gate: Gate) -> None:
        """Open or close the whole box."""
        self.system = gate
        await self._box.world.settle()

    async def set_software(self, gate: Gate) -> None:
        """Open or close the site's software."""
        self.software = gate
        await self._box.world.settle()

    async def restart(self, seconds: float, hang: str = "") -> None:
        """Restart the box: everybody is logged out, everything is away for `seconds`; for ever under trouble `hang`."""
        self._box.forget_software()
        self._box.forget_system()
        with self._box.busy.during("restart"):
            for gate, share in SYSTEM_OUTAGE:
                await self.set_system(gate)
                await asyncio.sleep(seconds * share)
                if gate == "closed":
                    await self._box.while_trouble(hang)
        self.booted = time.time()
        self._box.draw_names()
        await self.set_system("open")

    async def restart_software(self, seconds: float, hang: str = "") -> None:
        """Restart the site's software: users are logged out, tokens void. The web server in front closes for a while,
        else /appliance goes on answering."""
        self._box.forget_software()
        for gate, share in SOFTWARE_OUTAGE:
            self.software = gate
            await self.set_system("closed" if gate == "closed" else "open")
            await asyncio.sleep(seconds * share)
            if gate == "502":
                await self._box.while_trouble(hang)
        self._box.forget_software()
        await self.set_software("open")

    async def restart_soon(self, seconds: float) -> None:
        """Restart, but let the answer to the request that asked for it go out first."""
        await asyncio.sleep(ANSWER_SECONDS)
        await self.restart(seconds)

    async def shut_down_soon(self) -> None:
        """Switch off, the answer first; only the control interface switches on again."""
        await asyncio.sleep(ANSWER_SECONDS)
        self._box.forget_software()
        self._box.forget_system()
        await self.set_system("closed")
