# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a backup takes over by itself: noted before the relationship is broken, and after it is made anew (S9, R9).

Without a relationship no box takes over, so nothing has to be switched off while boxes are updated.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._failover_state import State

KIND = "automatic_failover"


def note(context: Context, when: str, states: Mapping[str, State]) -> None:
    """Have the journal tell what the failover pages show of it, for each box whose page shows it.

    :param when: ``before`` or ``after``.
    :param states: of each box, by its name.
    """
    for name, state in states.items():
        automatic = state.shown.automatic if state.shown else None
        if automatic is not None:
            text = f"Automatic failover is {'enabled' if automatic else 'not enabled'} on {name}."
            context.journal.write(KIND, text, box=name, phase=context.phase, when=when, enabled=automatic)
