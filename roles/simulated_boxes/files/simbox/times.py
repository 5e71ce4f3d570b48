# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Times as the product writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: float) -> datetime:
    """Unix seconds as a time in UTC."""
    return datetime.fromtimestamp(moment, UTC)


def rfc3339(moment: float) -> str:
    """With `+00:00` (appliance-interface.md 3)."""
    return utc(moment).isoformat(timespec="seconds")


def iso8601(moment: float) -> str:
    """With milliseconds and `+0000`, as in a recorded fixture (2.2)."""
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(moment * 1000) % 1000:03d}+0000"
