# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Versions of base software and product, and the builds behind them."""

from __future__ import annotations

import hashlib


def numbers(version: str) -> tuple[int, ...]:
    """`24.3.1` as numbers that compare; raises ValueError for anything else."""
    parts = version.split(".")
    if not all(part.isdigit() for part in parts):
        raise ValueError(f"{version!r} is not a version such as 24.3.1")
    return tuple(int(part) for part in parts)


def build_of(version: str) -> str:
    """A build in the product's form, `NNNNN-<40 hex>`, always the same for one version."""
    digest = hashlib.sha1(f"build {version}".encode(), usedforsecurity=False).hexdigest()
    return f"{20000 + int(digest[:4], 16)}-{digest}"
