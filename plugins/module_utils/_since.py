# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was seen of the boxes when the run was planned, and that it still is so right before an act (C7, A2).

Another controller without our run folder, or a person at the pages, is seen only by what they do. What this run does
itself is noted as it is done.
"""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused

_WORDS = {"role": "failover role", "product": "product version", "base": "base software"}


def note(context: Context, box: str, **facts: object) -> None:
    """Remember, for the tasks of this run that come, what the box shows: `role`, `product`, `base`."""
    known = context.memory.load(f"seen {box}") or {}
    told = {name: str(value) for name, value in facts.items() if value is not None}
    if not context.check_mode:
        context.memory.save(f"seen {box}", {**known, **told})


def is_planned(context: Context, box: str) -> bool:
    """Whether this run was planned, so that there is something to compare with."""
    return context.memory.load(f"seen {box}") is not None


def refuse_changed(context: Context, box: str, **facts: object) -> None:
    """Stop where the box shows something else than when the run was planned.

    :raises Refused: naming what was seen then and now.
    """
    known = context.memory.load(f"seen {box}") or {}
    for name, value in facts.items():
        if value is not None and name in known and known[name] != str(value):
            raise Refused(
                f"When this run was planned, the {_WORDS[name]} of {box} was {known[name]}; now it is {value}, and this"
                " run has not changed it: somebody else is at work.",
                advice="Find out who. The same command then asks the boxes anew and goes on from where they are.",
                guide=("G23",),
            )


def refuse_running(context: Context, box: str, running: str) -> None:
    """Stop where an update runs that was not there when the run was planned.

    :param running: what the box says of it, empty for none.
    """
    if running and is_planned(context, box):
        raise Refused(
            f"An update runs on {box} that this run has not begun ({running}): somebody else is at work.",
            advice="Let it end, however long it takes. The same command then goes on from where the boxes are.",
            guide=("G6", "G23"),
        )
