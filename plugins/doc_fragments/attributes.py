# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every bt_ module supports; a module that differs says so under its own `attributes`."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation only. What a module writes under an attribute replaces the words given here."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description:
      - Can run in check mode and tell what it would do, without changing the box and without downloading from it.
    support: full
  diff_mode:
    description:
      - Returns as a diff what was read from the box before and what was read from it after, or would be read in
        check mode.
    support: full
  idempotent:
    description:
      - A second run with the same options, on a box that is already as asked, changes nothing.
    support: full
  action_group:
    description:
      - Options of all modules of the group are set in one place with C(module_defaults) and C(group/bt_ops.pra.bt).
    support: full
    membership:
      - bt_ops.pra.bt
  platform:
    description:
      - Platform of the machine that talks to the box. The box itself needs nothing.
    support: full
    platforms: posix
"""
