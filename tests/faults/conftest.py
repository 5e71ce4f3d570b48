# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults are tried on the same simulated boxes as everything else."""

from __future__ import annotations

from tests.integration.conftest import worker_number, worlds

__all__ = ["worker_number", "worlds"]
