# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A box that has another name in the inventory since its upgrade began: its serial tells that it is the same (C1)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Identity, first_contact
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import RENAMED, Record


def take_new_names(boxes: Sequence[Box], records: list[Record], context: Context) -> list[Record]:
    """Have the journal know the boxes of an open run by the names that they have now.

    :param records: those of the open run.
    :returns: the same with the new names.
    :raises Refused: a box is none of the two with which the upgrade was begun, or check mode would have to write that.
    """
    begun = (str(records[0].get("a")), str(records[0].get("b")))
    gone = [name for name in begun if name not in [box.name for box in boxes]]
    new = {}
    for box in boxes:
        if box.name not in begun:
            known = {name: first_contact(box.run_dir, name) for name in gone}
            seen = _identity(box, context).names()
            old = next((name for name in gone if known[name].names() & seen), "")
            if not old:
                raise Refused(
                    f"The run folder belongs to an upgrade of {begun[0]} and {begun[1]} that is not finished.",
                    advice="Give each site a folder of its own: bt_site, or bt_run_dir, is that of another one.",
                    guide=("G23",),
                )
            new[old] = box
    for old, box in new.items():
        text = f"{box.name} is the box that was called {old} when the upgrade began: its serial is the same."
        context.say(text)
        if context.check_mode:
            raise Refused(text, advice="Check mode does not write that down; the same command without it does.")
        context.journal.write(RENAMED, text, old=old, new=box.name)
        folder = Path(box.run_dir) / "boxes"
        (folder / f"{file_name(old)}.json").rename(folder / f"{file_name(box.name)}.json")
    return context.journal.open_run() if new else records


def _identity(box: Box, context: Context) -> Identity:
    """Who the box says it is, without comparing that with what is known of its name."""
    alone = Box(box.connection, Context(memory=context.memory, say=context.say))
    basics = alone.basics()
    return Identity(basics.appliance_id, basics.serial)
