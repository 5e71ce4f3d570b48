# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What has to be installed on the machine that talks to a box."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation only; module_utils/_edge.py checks for these and names the one that is missing."""

    DOCUMENTATION = r"""
options: {}
requirements:
  - Python >= 3.11
  - requests >= 2.31.0
  - cryptography >= 41.0.0
  - lxml >= 4.9.3
"""
