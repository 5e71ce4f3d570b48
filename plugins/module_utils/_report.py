# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The summary of a run, made of its journal: for a tired operator as text, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _away
from ansible_collections.bt_ops.pra.plugins.module_utils._agreement import NAME_IT
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._files import private_folder, store, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import (
    RESULTS,
    Record,
    result_of,
    seconds_of,
    to_the_second,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._left_to_people import left_to_people
from ansible_collections.bt_ops.pra.plugins.module_utils._stopped import last_known
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell

# The phases of a single box, whose run is told by no record of its own.
_OF_SINGLE = frozenset({"backup", "update", "verify"})
PROCEDURES = {
    "async": "asynchronous upgrade", "sync": "synchronous upgrade", "single": "upgrade",
    "migration": "move to new hardware", "reset": "factory reset",
}


@dataclass
class Phase:
    """One phase: when it began, how long it took in seconds, how it came out, and what was done in it."""

    name: str
    start: str
    seconds: float = 0.0
    result: str = "done"
    acts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stop:
    """Why and where a run stopped. `command` is what is to be typed to go on, empty where that is not known; `stage` is
    the phase after which it was asked to stop."""

    reason: str = ""
    run_dir: str = ""
    command: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Summary:
    """All that is told of a run. `outage_seconds` is None where nobody measured it; `outage` is what is known of it in
    words. What tells of a stop is empty in a run that has finished."""

    outcome: str
    finished: bool
    procedure: str
    target_version: str
    start: str
    end: str
    seconds: float
    outage_seconds: float | None
    phases: list[Phase]
    boxes: list[dict[str, Any]]
    backups: list[dict[str, str]]
    certificates: list[dict[str, str]]
    by_hand: list[dict[str, str]]
    outage: str
    reason: str
    run_dir: str
    next_command: str


@dataclass(frozen=True)
class Report:
    """What a result tells of it. `path` is where the text lies, empty for nowhere."""

    text: str
    path: str
    summary: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


def report(
    run_dir: str, context: Context, boxes: Sequence[dict[str, Any]], finished: bool, stop: Stop | None = None
) -> Report:
    """Sum up the run that is open, write that beside the journal, and with `finished` close the run.

    :param boxes: facts of the boxes as they are now.
    """
    records = open_run(context.journal.records())
    if not records:
        return _nothing(run_dir, context)
    stop = replace(stop or Stop(), run_dir=run_dir)
    summary = summarise(records, boxes, finished and not context.check_mode, stop)
    text = as_text(summary) + _unasked(context)
    base = _file_of(summary.procedure)
    path = Path(run_dir) / f"{base}.txt"
    if not context.check_mode:
        folder = private_folder(run_dir)
        # The copy bears the time at which the run began, so one run has one copy however often it is summed up.
        stamp = "".join(letter for letter in summary.start.partition(".")[0] if letter.isalnum()) + "Z"
        for name in (base, f"{base}-{stamp}"):
            store([text.encode()], folder / f"{name}.txt")
            store_json(asdict(summary), folder / f"{name}.json")
        if finished:
            context.journal.write("finished", summary.outcome, phase=context.phase)
    before = {box["box"]: box["before"] for box in summary.boxes if box["before"]}
    after = {box["box"]: box["after"] for box in summary.boxes if box["after"]}
    return Report(text, "" if context.check_mode else str(path), asdict(summary), before, after)


def _file_of(procedure: str) -> str:
    """The name of a summary without its ending: the reset of an old box leaves that of the migration as it is."""
    return "factory-reset" if procedure == "reset" else "summary"


def _nothing(run_dir: str, context: Context) -> Report:
    path = Path(run_dir) / f"{_file_of((context.journal.last('run') or {}).get('procedure', ''))}.txt"
    last = str(path) if path.is_file() else ""
    done = f"Check mode: nothing was done.{_unasked(context)}" if context.check_mode else "There was nothing to do."
    return Report(f"{done} The summary of the last run is {last}." if last else done, last, {}, {}, {})


def _unasked(context: Context) -> str:
    """What check mode could not know."""
    names = context.unasked() if context.check_mode else []
    if not names:
        return ""
    offered = f"{' and '.join(names)} {'offers' if len(names) == 1 else 'offer'}"
    return f" What {offered} is known only after looking for updates, which check mode does not do."


def open_run(records: Sequence[Record]) -> list[Record]:
    """The records of the run that was not finished yet; none when nothing was begun since the last one ended."""
    ends = [place for place, record in enumerate(records) if record["kind"] == "finished"]
    since = records[ends[-1] + 1 :] if ends else records
    for kind in ("run", "intent"):
        begun = next((place for place, record in enumerate(since) if record["kind"] == kind), None)
        if begun is not None:
            return list(since[begun:])
    return []


def summarise(
    records: Sequence[Record], boxes: Sequence[dict[str, Any]], finished: bool, stop: Stop | None = None
) -> Summary:
    """Everything that the records of one run tell."""
    run: Record = next((record for record in records if record["kind"] == "run"), _single_run(records))
    why = Stop() if finished else stop or Stop()
    outages = [float(record["seconds"]) for record in records if record["kind"] == "outage"]
    phases = phases_of(records)
    start, end = records[0]["time"], records[-1]["time"]
    away = round(sum(outages), 3) if outages else None
    return Summary(
        outcome=_outcome(run, records, phases, finished, bool(why.stage)),
        finished=finished,
        procedure=run.get("procedure", ""),
        target_version=run.get("target", ""),
        start=start,
        end=end,
        seconds=round(seconds_of(end) - seconds_of(start), 1),
        outage_seconds=away,
        phases=phases,
        boxes=_boxes(records, boxes),
        backups=_files(records, "backup"),
        certificates=_files(records, "certificate"),
        by_hand=left_to_people(run, records, finished),
        outage=_away.told(run.get("procedure", ""), run.get("a", ""), records, away),
        reason=_line(why.reason) or (f"It was asked to stop after {why.stage} (bt_stage)." if why.stage else ""),
        run_dir=why.run_dir,
        next_command=_next_command(why),
    )


def _next_command(stop: Stop) -> str:
    """The command that goes on, with the name that the reason asks for."""
    return f"{stop.command} {NAME_IT}" if stop.command and NAME_IT in stop.reason else stop.command


def _single_run(records: Sequence[Record]) -> Record:
    """What a run of one box is, which no record tells: its box, and the product that it installs."""
    names = {record["box"] for record in records if record.get("box")}
    phases = {record["phase"] for record in records if record.get("phase")}
    if len(names) != 1 or not phases & _OF_SINGLE:
        return {}
    products = [record["version"] for record in records if record.get("package") == "product" and "version" in record]
    return {"procedure": "single", "a": names.pop(), "target": products[-1] if products else ""}


def phases_of(records: Iterable[Record]) -> list[Phase]:
    """The phases in the order in which they were begun; acts outside of any phase stand in one without a name."""
    phases: dict[str, Phase] = {}
    acts: dict[str, dict[tuple[str, str], str]] = {}
    begun: dict[tuple[str, str], str] = {}
    for record in records:
        key = (record.get("box", ""), record.get("act", "verify"))
        named = record.get("phase", "")
        if record["kind"] in ("intent", "verifying"):
            begun[key] = named
        elif record["kind"] in ("outcome", "verified"):
            # An act that a later run found at its end belongs to the phase in which it was begun.
            named = begun.get(key, named)
        if not named and record["kind"] not in ("intent", "outcome"):
            continue
        phase = phases.setdefault(named, Phase(named, record["time"]))
        phase.seconds = round(seconds_of(record["time"]) - seconds_of(phase.start), 1)
        result = result_of(record)
        if result:
            acts.setdefault(named, {})[key] = result
        if result == "done":
            phase.acts.append(_line(record["text"]))
    for name, results in acts.items():
        phases[name].result = max(results.values(), key=RESULTS.index)
    return list(phases.values())


def _outcome(
    run: Record, records: Sequence[Record], phases: Sequence[Phase], finished: bool, staged: bool
) -> str:
    what = PROCEDURES.get(run.get("procedure", ""), "run")
    if run.get("a"):
        what += f" of {run['a']}" + (f" and {run['b']}" if run.get("b") else "")
    if run.get("target"):
        what += f" to {run['target']}"
    if finished:
        return f"FINISHED: the {what}."
    last = next((record for record in reversed(records) if record["kind"] in ("intent", "outcome", "verified")), None)
    where = f" Last phase: {phases[-1].name}." if phases and phases[-1].name else ""
    told = ""
    if last is not None:
        told = f" Last act, {result_of(last)}: {_line(last['text'])}"
    again = "Once what stopped it is mended, the same command goes on from there."
    if staged:
        again = "It stopped as it was asked to; the same command without bt_stage goes on from there."
    return f"NOT FINISHED: the {what}.{where}{told} {again}"


def _boxes(records: Iterable[Record], facts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Versions before, from the first backup of each box, and after, from the facts that were given."""
    before: dict[str, dict[str, str]] = {}
    for record in records:
        if record["kind"] == "backup":
            versions = {key: record.get(key, "") for key in ("product_version", "base_version")}
            before.setdefault(record["box"], versions)
    after = {str(box.get("box", "")): box for box in facts if "silent" not in box}
    silent = {str(box["box"]): str(box["silent"]) for box in facts if "silent" in box}
    return [
        {
            "box": name, "before": before.get(name), "after": after.get(name),
            **({"silent": silent[name], "last_known": last_known(records, name)} if name in silent else {}),
        }
        for name in sorted({*before, *after, *silent})
    ]


def _files(records: Iterable[Record], kind: str) -> list[dict[str, str]]:
    """Each file of a kind once, however often it was relied on."""
    found = {record["path"]: record for record in records if record["kind"] == kind}
    keys = ("box", "path", "sha256", *(("taken",) if kind == "backup" else ()))
    return [{key: str(record.get(key, "")) for key in keys} for record in found.values()]


def as_text(summary: Summary) -> str:
    """The summary as it is read at two in the morning: what came of it first, then the rest in columns."""
    lines = [
        summary.outcome,
        *([f"Why: {summary.reason}"] if summary.reason else []),
        *([f"Run folder: {summary.run_dir}"] if summary.run_dir else []),
        *([f"Next: {summary.next_command}"] if summary.next_command else []),
        f"It took {spell(summary.seconds)}, from {to_the_second(summary.start)} to {to_the_second(summary.end)} UTC.",
        summary.outage,
        "",
    ]
    if summary.phases:
        rows = [(one.name or "-", to_the_second(one.start), spell(one.seconds), one.result) for one in summary.phases]
        head, *table = _columns([("Phase", "Began (UTC)", "Took", "Result"), *rows])
        lines.append(head)
        for phase, row in zip(summary.phases, table, strict=True):
            lines += [row, *(f"    {act}" for act in phase.acts)]
        lines.append("")
    if summary.boxes:
        lines += [*_columns([("Box", "Product", "Base", "Now"), *map(_box_row, summary.boxes)]), ""]
    for title, files in (
        ("Backups (SHA-256 begins with)", summary.backups),
        ("Certificates with their keys (fingerprint begins with)", summary.certificates),
    ):
        if files:
            lines += [title, *(f"    {file['sha256'][:12]}  {file['path']}" for file in files), ""]
    if summary.by_hand:
        lines += ["To be done by hand"]
        lines += [f"    {item['guide']:4} {item['text']}" for item in summary.by_hand] + [""]
    return "\n".join(lines)


def _box_row(box: dict[str, Any]) -> tuple[str, str, str, str]:
    before, after = box["before"] or {}, box["after"] or {}
    versions = []
    for key in ("product_version", "base_version"):
        was, now = before.get(key) or "", after.get(key) or ""
        versions.append(f"{was} -> {now}" if was and now and was != now else now or was or "unknown")
    if box.get("silent"):
        known = box["last_known"]
        told = [f"{key} {known[f'{key}_version']}" for key in ("product", "base") if known.get(f"{key}_version")]
        return str(box["box"]), "unknown", "unknown", f"{box['silent']} (last known: {', '.join(told) or 'nothing'})"
    role = after.get("failover_role")
    state = [
        "" if "healthy" not in after else "healthy" if after["healthy"] else "NOT healthy",
        f"failover role {role}" if role else "",
        f"serves {', '.join(after['enabled_shared_ips'])}" if after.get("enabled_shared_ips") else "",
        f"last data sync {after['last_sync']}" if after.get("last_sync") else "",
    ]
    return str(box["box"]), versions[0], versions[1], ", ".join(part for part in state if part) or "not asked"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows with each column as wide as its widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _line(text: str) -> str:
    """A text of the journal on one line."""
    return " ".join(text.split())
