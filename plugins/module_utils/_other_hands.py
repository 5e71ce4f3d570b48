# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""That nobody else works on a pair, looked at right before its site is switched (A6, C7, T12)."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.bt_ops.pra.plugins.module_utils import _since
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._failover_state import read_state
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import read_installed, refuse_busy


def refuse_other_hands(boxes: Iterable[Box], context: Context) -> None:
    """Stop where a box installs something, or shows another role or version than when the run was planned.

    :raises Refused: naming the box and what was seen.
    """
    for box in boxes:
        refuse_busy(box, context)
        if _since.is_planned(context, box.name):
            now = read_installed(box)
            _since.refuse_changed(
                context, box.name, role=read_state(box).role, product=now.product, base=now.base
            )
