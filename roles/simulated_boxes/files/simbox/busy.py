# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When a box works by itself: a client can only wait meanwhile, so this time is not the client's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Span:
    """One piece of work, Unix seconds; `end` is None while it lasts."""

    work: str
    begin: float
    end: float | None = None


@dataclass
class Busy:
    """What one box worked on so far."""

    spans: list[Span] = field(default_factory=list)

    @contextmanager
    def during(self, work: str) -> Iterator[None]:
        """Note a piece of work, however it ends."""
        span = Span(work, time.time())
        self.spans.append(span)
        try:
            yield
        finally:
            span.end = time.time()

    def as_json(self) -> list[dict[str, Any]]:
        """For the control interface."""
        return [asdict(span) for span in self.spans]
