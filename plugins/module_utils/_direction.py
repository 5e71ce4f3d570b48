# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which of two boxes has the newer data, before a relationship is made from one of them (G36, Q15).

The box that serves the site has it. How far the other one is behind is told by the journal, which knows when the two
were parted and who has served since.
"""

from __future__ import annotations

import time

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, Witness


def refuse_older(box: Box, peer: Box, context: Context, site: PublicName, witness: Witness) -> None:
    """Stop where the relationship would be made from the box with the older data.

    :raises Refused: telling how far it is behind.
    """
    if witness.box != box.name:
        behind = _behind(box, context) if witness.box == peer.name else ""
        raise Refused(
            f"{site.hostname} is answered by {witness.box or 'no box of this pair'} ({witness.how}), not by {box.name}:"
            f" the box that serves has the newer data, and the relationship is established from it.{behind}",
            advice=f"Have {box.name} serve the site first, or establish the relationship from the box that serves.",
            guide=("G36",),
            serving=witness.box,
        )
    moved = _last(context, "cutover")
    if moved is not None and moved.get("box") == peer.name:
        raise Refused(
            f"{box.name} serves {site.hostname}, but by the journal the site was moved to {peer.name}"
            f" {_ago(moved)} ago: what was done there since is not on {box.name}, and would be lost.",
            advice=f"Have {peer.name} serve the site again and establish from it; or move the site back by bt_cutover,"
            " if what was done there may be lost.",
            guide=("G36",),
            serving=witness.box,
        )


def _behind(box: Box, context: Context) -> str:
    """How old the data of the box is."""
    parted = _last(context, "break")
    if parted is None:
        return f" How far {box.name} is behind is not known here."
    return f" {box.name} is behind by {_ago(parted)}: so long ago the two were parted."


def _last(context: Context, act: str) -> Record | None:
    """The last time that was done in the run that is open, or else by tasks that belong to no run."""
    records = context.journal.open_run() or context.journal.records()
    mine = [record for record in records if record["kind"] == "outcome" and record.get("act") == act]
    return next((record for record in reversed(mine) if record.get("result") == "done"), None)


def _ago(record: Record) -> str:
    return spell(max(0.0, time.time() - seconds_of(record["time"])))
