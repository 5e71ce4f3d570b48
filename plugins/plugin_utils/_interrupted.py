# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is told when a run ends in the middle of an act, as after Ctrl-C: what may still go on, and the way on (T1)."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._context import not_done
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal, Record, seconds_of


def what_is_open(folder: str, since: float) -> str:
    """The acts in a run folder that were begun since then and have no end on record, as one text; empty for none.

    :param since: when the run began, in seconds since 1970.
    """
    try:
        records = Journal(folder).records()
    except (BtError, OSError):
        return ""
    begun: dict[tuple[str, str], Record] = {}
    for record in records:
        key = (record.get("box", ""), record.get("act", ""))
        if record["kind"] == "intent":
            begun[key] = record
        elif record["kind"] == "outcome":
            begun.pop(key, None)
    open_now = [record for record in begun.values() if seconds_of(record["time"]) >= since]
    if not open_now:
        return ""
    acts = "; ".join(not_done(record["text"]).rstrip(".") for record in open_now)
    return (
        f"The run was interrupted in the middle of this: {acts}. What a box has begun continues by itself: do not"
        " restart it. Give the same command again: it asks the boxes how far they are, and goes on from there."
    )
