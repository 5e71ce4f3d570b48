# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The vendor's side of updates: download keys, and packages that are handed out once (guide G19, G21).

That a key is unique to a box and a package is given once is documented; all else is GUESS (11.4 number 7).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simbox.packages import Header, seal
from simbox.updates import CLOCK_TOLERANCE, Package

if TYPE_CHECKING:
    from simbox.box import Box

DAY = 86400


@dataclass
class Offer:
    """A package for one box. `sent` is how far it was ever handed out, in bytes."""

    box: Box
    package: Package
    sent: int = 0
    complete: bool = False
    token: str = field(default_factory=lambda: secrets.token_hex(12))

    async def header(self) -> Header:
        """The beginning of the file."""
        size = self.package.config.size
        sealed = await asyncio.to_thread(seal, self.package.id, size)
        return Header(self.package.id, self.box.site.hostname, self.box.id, size, sealed)

    def note(self, sent: int) -> None:
        """So far the file has been handed out; what is complete shows nowhere among the available updates."""
        self.sent = max(self.sent, sent)
        if self.sent >= self.package.config.size:
            self.complete = True
            self.box.updates.downloaded.add(self.package.id)


class Vendor:
    """Keys that boxes showed, and offers by box and package."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._keys: dict[str, tuple[Box, float]] = {}
        self._offers: dict[tuple[str, str], Offer] = {}

    def show_key(self, box: Box) -> str | None:
        """The download key of a box, the same for a day; None when its clock is wrong (G22)."""
        if abs(box.clock_offset) > CLOCK_TOLERANCE:
            return None
        text = f"{box.id} {int(box.now()) // DAY}"
        raw = base64.b32encode(hmac.digest(self._secret, text.encode(), hashlib.sha256)[:20]).decode()
        key = "-".join(raw[at : at + 8] for at in range(0, len(raw), 8))
        self._keys.setdefault(key, (box, time.monotonic()))
        return key

    def offers(self, key: str) -> list[Offer] | None:
        """What the owner of a key may download; None for a key that no box showed or that is too old."""
        box, shown = self._keys.get(key.strip().upper(), (None, 0.0))
        if box is None or time.monotonic() - shown > box.world.durations.of("key"):
            return None
        packages = [package for package in box.updates.newer() if package.id not in box.updates.downloaded]
        return [self._offers.setdefault((box.name, package.id), Offer(box, package)) for package in packages]

    def find(self, token: str) -> Offer | None:
        """An offer by what its link holds."""
        return next((offer for offer in self._offers.values() if offer.token == token), None)

    def as_json(self) -> list[dict[str, Any]]:
        """For the control interface."""
        return [
            {
                "box": offer.box.name,
                "package": offer.package.id,
                "size": offer.package.config.size,
                "sent": offer.sent,
                "complete": offer.complete,
            }
            for offer in self._offers.values()
        ]
