# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two administration sites of a box, driven by what a person sees (appliance-interface.md 11.2)."""

from __future__ import annotations
