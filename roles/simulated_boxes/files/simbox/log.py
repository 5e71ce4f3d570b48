# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The request log: every request that reached a box, what it meant, whether it changed something."""

from __future__ import annotations

import itertools
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from simbox.http import Kind


@dataclass
class Entry:
    """One request. `status` is None while it is worked on, 0 when the connection was cut instead of answered."""

    number: int
    time: float
    box: str
    address: str
    method: str
    path: str
    op: str
    kind: Kind
    status: int | None = None
    seconds: float = 0.0
    fault: str = ""

    @property
    def mutating(self) -> bool:
        """True when the request changes the box. Log-ins, tokens and downloads have kinds of their own."""
        return self.kind == "write"

    def as_json(self) -> dict[str, Any]:
        """For the control interface."""
        return {**asdict(self), "mutating": self.mutating}


@dataclass
class RequestLog:
    """Entries in the order in which the requests came; numbers go on after a `clear`."""

    entries: list[Entry] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, box: str, address: str, method: str, path: str, op: str, kind: Kind) -> Entry:
        """Note a request before it is worked on."""
        entry = Entry(next(self._numbers), time.time(), box, address, method, path, op, kind)
        self.entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget the entries."""
        self.entries.clear()
