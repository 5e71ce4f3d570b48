# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who answers at a site's public address, and when nobody does."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Witness:
    """Periods of one site: since when which box served, None for an outage. Unix seconds."""

    periods: list[tuple[float, str | None]] = field(default_factory=list)

    @property
    def serving(self) -> str | None:
        """The box that serves now."""
        return self.periods[-1][1] if self.periods else None

    @property
    def last(self) -> str | None:
        """The box that serves, or the one that did so last."""
        return next((box for _since, box in reversed(self.periods) if box is not None), None)

    def age(self) -> float:
        """For how long this has been so, in seconds."""
        return time.time() - self.periods[-1][0] if self.periods else 0.0

    def see(self, box: str | None) -> bool:
        """Note who serves now; True when that is news."""
        if self.periods and self.periods[-1][1] == box:
            return False
        self.periods.append((time.time(), box))
        return True

    def as_json(self) -> dict[str, Any]:
        """Serving box, outages with their length, all periods."""
        ends = [since for since, _box in self.periods[1:]] + [time.time()]
        outages = [
            {"from": since, "to": end, "seconds": end - since}
            for (since, box), end in zip(self.periods, ends, strict=True)
            if box is None
        ]
        periods = [{"from": since, "box": box} for since, box in self.periods]
        return {"serving": self.serving, "outages": outages, "periods": periods}
