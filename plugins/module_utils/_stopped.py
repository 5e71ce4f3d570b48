# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is told of boxes when a run stops: what they show now, or what the journal last knew of one that is silent."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _facts
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import AnswerLost, BtError, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock

# Whoever reads why a run stopped must not wait for a box that is away: for one answer, and for all.
ANSWER_SECONDS = 3.0
MOST_SECONDS = 8.0
_SILENT = (AnswerLost, Unreachable)


def ask_now(boxes: Sequence[Box], context: Context) -> list[dict[str, Any]]:
    """The facts of each box, all asked at once; of one that does not tell them its name and, as `silent`, why not."""
    found: dict[str, dict[str, Any]] = {box.name: {"box": box.name, "silent": "does not answer now"} for box in boxes}

    def ask(box: Box) -> None:
        try:
            found[box.name] = _facts.read_facts(box.hurried(ANSWER_SECONDS, context))
        except _SILENT:
            return
        except BtError as error:
            found[box.name]["silent"] = f"cannot be read now ({error.kind})"
        except OSError as error:  # of this machine's disk, which may be why the run stopped
            found[box.name]["silent"] = f"cannot be read now ({error.strerror})"

    # Nothing waits for a thread of this kind, not even the end of the process.
    threads = [threading.Thread(target=ask, args=(box,), daemon=True) for box in boxes]
    for thread in threads:
        thread.start()
    clock = Clock()
    end = clock.now() + MOST_SECONDS
    for thread in threads:
        thread.join(max(0.0, end - clock.now()))
    return [dict(found[box.name]) for box in boxes]


def last_known(records: Iterable[Record], box: str) -> dict[str, str]:
    """The versions that the journal last knew of a box: those of its backups and of what was installed since."""
    known: dict[str, str] = {}
    begun: Record = {}
    for record in records:
        if record.get("box") != box:
            continue
        if record["kind"] == "backup":
            known |= {key: record[key] for key in ("product_version", "base_version") if record.get(key)}
        elif record.get("act") == "install" and record["kind"] == "intent" and record.get("package"):
            begun = record
        elif record.get("act") == "install" and record.get("result") == "done" and begun:
            known[f"{begun['package']}_version"] = begun["version"]
    return known
