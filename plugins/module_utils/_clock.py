# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clock of a box: wrong, it makes download keys and updates fail with errors that name something else (G22, C2)."""

from __future__ import annotations

import time

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, Refused, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell

LARGEST_SKEW_SECONDS = 60.0
ADVICE = "Correct NTP on /appliance > Networking > IP Configuration first."


def trouble(name: str, box_time: float | None) -> str:
    """What is wrong with a clock that showed `box_time` (seconds since 1970) just now, ``""`` where nothing is."""
    if box_time is None:
        return ""
    skew = box_time - time.time()
    if abs(skew) <= LARGEST_SKEW_SECONDS:
        return ""
    return f"The clock of {name} is wrong by {spell(abs(skew))}: it is {'ahead' if skew > 0 else 'behind'}."


def trouble_of(box: Box) -> str:
    """The same, with the box asked now; ``""`` also where it does not tell its time."""
    try:
        return trouble(box.name, box.time())
    except (ApiFailed, Unreachable):
        return ""


def refuse_wrong(box: Box) -> None:
    """Stop where the clock is wrong.

    :raises Refused: by more than a minute.
    """
    wrong = trouble_of(box)
    if wrong:
        raise Refused(wrong, advice=ADVICE, guide=("G22",))
