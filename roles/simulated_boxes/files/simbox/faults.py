# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults that a test plans: what happens to a request instead of, or after, its proper answer."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Do = Literal[
    "refuse",  # the connection is cut and for `seconds` new ones are refused
    "reset",  # the connection is cut, nothing is done
    "do_then_reset",  # it is done, the answer is lost
    "delay",  # the proper answer comes after `seconds`
    "429",  # with Retry-After: `seconds`
    "500",
    "502",
    "503",  # with Retry-After: `seconds`
    "truncate",  # it is done, the answer ends half-way
    "garbage",  # random bytes under the proper type
    "login_redirect",  # 302 to the log-in page, nothing is done
    "json",  # JSON where a page is expected, nothing is done
    "hold",  # it waits, not yet done, until it is released; forgotten when its client goes away
    "do_then_hold",  # it is done, and the answer waits until it is released
]


@dataclass
class Fault:
    """What happens (`do`) and when: `box`, `method` and `op` are patterns, `path` a regular expression; from the `nth`
    match on, `count` times."""

    do: Do
    box: str = "*"
    method: str = "*"
    path: str = ""
    op: str = "*"
    nth: int = 1
    count: int = 1
    seconds: float = 1.0
    seen: int = 0
    used: int = 0

    def matches(self, box: str, method: str, path: str, op: str) -> bool:
        """True when this request is one of those meant; counts it."""
        if not (
            fnmatch.fnmatch(box, self.box) and fnmatch.fnmatch(method, self.method) and fnmatch.fnmatch(op, self.op)
        ):
            return False
        if self.path and not re.search(self.path, path):
            return False
        self.seen += 1
        if self.seen < self.nth or 0 <= self.count <= self.used:
            return False
        self.used += 1
        return True


@dataclass
class Faults:
    """All planned faults; the first that matches happens."""

    planned: list[Fault] = field(default_factory=list)

    def add(self, raw: dict[str, Any]) -> None:
        """Plan a fault from a control request; raises ValueError for what is unknown. `count` -1 = for ever."""
        if raw.get("do") not in get_args(Do):
            raise ValueError(f"do must be one of {', '.join(get_args(Do))}")
        unknown = set(raw) - {"do", "box", "method", "path", "op", "nth", "count", "seconds"}
        if unknown:
            raise ValueError(f"unknown entry {sorted(unknown)[0]!r}")
        try:
            re.compile(str(raw.get("path", "")))
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}") from error
        self.planned.append(Fault(**raw))

    def pick(self, box: str, method: str, path: str, op: str) -> Fault | None:
        """The fault for this request, if any."""
        for fault in self.planned:
            if fault.matches(box, method, path, op):
                return fault
        return None
