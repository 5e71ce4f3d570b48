# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""bt_doctor from beginning to end: examine, judge, tell, and leave a page in the run folder."""

from __future__ import annotations

import contextlib
import fcntl
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._examine import Case, examine
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import Report
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._html import Part, page, part
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._text import lines
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import Verdict, verdicts
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, private_folder, store, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import now_text


def consult(case: Case, context: Context) -> dict[str, Any]:
    """Look at the box and tell what can be done with it.

    :raises Unreachable: nothing answers; the page says so too.
    :raises TlsRefused: its certificate is not trusted.
    """
    case = replace(case, question=replace(case.question, begun=bool(context.journal.open_run())))
    try:
        report = examine(case)
    except BtError as error:
        report = Report(case.box.name, str(case.box.connection.endpoint), is_box=False, what=error.what)
        report.troubles.append(error.what.rstrip("."))
        error.facts["page_path"] = _leave(case, report, verdicts(report, case.question), context)
        raise
    judged = verdicts(report, case.question)
    text = lines(report, judged)
    for line in text:
        context.say(line)
    return {
        "facts": {**report.facts, "box": report.box, "host": report.host, "is_box": report.is_box},
        "clock_skew": report.skew,
        "certificates": report.certificates,
        "accounts": [asdict(account) for account in report.accounts],
        "capabilities": {name: finding.facts() for name, finding in report.findings.items()},
        "verdicts": {verdict.procedure: verdict.facts() for verdict in judged},
        "ready": all(verdict.state != "not_ready" for verdict in judged),
        "troubles": report.troubles,
        "notes": report.notes,
        "text": text,
        "page_path": _leave(case, report, judged, context),
    }


def _leave(case: Case, report: Report, judged: list[Verdict], context: Context) -> str:
    """Write the page into the run folder and tell where; empty without one, and in check mode.

    Boxes that are looked at together have one page, which the last of them completes.
    """
    box = case.box
    if not box.run_dir or context.check_mode:
        return ""
    mine = part(report, judged, now_text()[:16].replace("T", " ") + " UTC", box.connection.language)
    root = private_folder(box.run_dir)
    if len(case.together) < 2:
        path = _write(root / f"doctor-{file_name(box.name)}.html", [mine])
    else:
        folder = private_folder(str(root / "doctor"))
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            store_json(asdict(mine), folder / f"{file_name(box.name)}.json")
            path = _write(root / "doctor.html", [mine, *_others(case, folder)])
    context.say(f"[{box.name}] the report as a page: {path}")
    return path


def _write(path: Path, parts: list[Part]) -> str:
    return store([page(parts).encode("utf-8", "replace")], path).path


def _others(case: Case, folder: Path) -> list[Part]:
    """What is known already of the boxes that are looked at together with this one."""
    found = []
    for name in case.together:
        path = folder / f"{file_name(name)}.json"
        if name != case.box.name and path.is_file():
            with contextlib.suppress(OSError, TypeError, ValueError):
                found.append(Part(**json.loads(path.read_text(encoding="utf-8"))))
    return found
