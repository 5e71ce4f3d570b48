# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The summary of a run, made of its journal: for a tired operator as text, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._files import private_folder, store, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell

# How an act or a phase came out, the worst last; a phase is as good as the worst of its acts.
RESULTS = ("done", "not begun", "interrupted", "unknown", "failed")
PROCEDURES = {
    "async": "asynchronous upgrade", "sync": "synchronous upgrade", "single": "upgrade",
    "migration": "move to new hardware", "reset": "factory reset",
}
_CLIENTS = (
    (
        "G9",
        "Access consoles update at their next start. Where an MSI rolled them out: roll out anew, keep the old MSI.",
    ),
    ("G13", "Integration clients do not update themselves: reinstall them."),
    ("G15", "Installers for Jump Clients and consoles that were made before are invalid: make them anew."),
)
_PASSIVE = ("G12", "{count} passive Jump Clients upgrade at their next contact, at the latest after 24 hours.")
_OUT = ("G14", "Active Jump Clients that are not back: {names}.")
_UNSEEN = ("G14", "Look in the access console whether the Jump Clients are back: {reason}.")
_LIMIT = ("G11", "The limit of Jump Client upgrades on {box} is {new}, it was {old}: the same command puts it back.")
_TTL = ("G32", "The TTL of {box} is {new} s, it was {old} s: the same command puts it back when it finishes.")
_CERTIFICATE = ("G10", "See whether this is meant: {text}")
_ALONE = ("G36", "There has been no failover since {time} UTC: go on as soon as you can.")
_AUTOMATIC = (
    "G36",
    "Automatic failover was enabled before and is not now: enable it on /login > Management > Failover of {box}.",
)
_ADDRESS = ("G33", "Integration clients that are configured by address must reach the box that serves now: {box}.")
_MOVED = (
    ("G33", "Integration clients that are configured by address must reach {new} now."),
    ("G43", "Test sessions on {new}. Once it is seen to work, give {old} up: factory_reset.yml; delete a virtual box."),
)
_DIFFERS = ("G37", "Set on {new} as {path} says it was on {old}: {what}.")
_INVENTORY = ("G36", "The roles are reversed: in the inventory, put {box} in bt_primary and {other} in bt_backup.")


@dataclass
class Phase:
    """One phase: when it began, how long it took in seconds, how it came out, and what was done in it."""

    name: str
    start: str
    seconds: float = 0.0
    result: str = "done"
    acts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Summary:
    """All that is told of a run. `outage_seconds` is None where nobody measured it."""

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


@dataclass(frozen=True)
class Report:
    """What a result tells of it. `path` is where the text lies, empty for nowhere."""

    text: str
    path: str
    summary: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]


def report(run_dir: str, context: Context, boxes: Sequence[dict[str, Any]], finished: bool) -> Report:
    """Sum up the run that is open, write that beside the journal, and with `finished` close the run.

    :param boxes: facts of the boxes as they are now.
    """
    records = open_run(context.journal.records())
    if not records:
        return _nothing(run_dir, context)
    summary = summarise(records, boxes, finished)
    text = as_text(summary)
    path = Path(run_dir) / "summary.txt"
    if not context.check_mode:
        folder = private_folder(run_dir)
        # The copy bears the time at which the run began, so one run has one copy however often it is summed up.
        stamp = "".join(letter for letter in summary.start.partition(".")[0] if letter.isalnum()) + "Z"
        for name in ("summary", f"summary-{stamp}"):
            store([text.encode()], folder / f"{name}.txt")
            store_json(asdict(summary), folder / f"{name}.json")
        if finished:
            context.journal.write("finished", summary.outcome, phase=context.phase)
    before = {box["box"]: box["before"] for box in summary.boxes if box["before"]}
    after = {box["box"]: box["after"] for box in summary.boxes if box["after"]}
    return Report(text, "" if context.check_mode else str(path), asdict(summary), before, after)


def _nothing(run_dir: str, context: Context) -> Report:
    path = Path(run_dir) / "summary.txt"
    last = str(path) if path.is_file() else ""
    done = "Check mode: nothing was done." if context.check_mode else "There was nothing to do."
    return Report(f"{done} The summary of the last run is {last}." if last else done, last, {}, {}, {})


def open_run(records: Sequence[Record]) -> list[Record]:
    """The records of the run that was not finished yet; none when nothing was begun since the last one ended."""
    ends = [place for place, record in enumerate(records) if record["kind"] == "finished"]
    since = records[ends[-1] + 1 :] if ends else records
    for kind in ("run", "intent"):
        begun = next((place for place, record in enumerate(since) if record["kind"] == kind), None)
        if begun is not None:
            return list(since[begun:])
    return []


def summarise(records: Sequence[Record], boxes: Sequence[dict[str, Any]], finished: bool) -> Summary:
    """Everything that the records of one run tell."""
    run: Record = next((record for record in records if record["kind"] == "run"), {})
    outages = [float(record["seconds"]) for record in records if record["kind"] == "outage"]
    phases = phases_of(records)
    start, end = records[0]["time"], records[-1]["time"]
    return Summary(
        outcome=_outcome(run, records, phases, finished),
        finished=finished,
        procedure=run.get("procedure", ""),
        target_version=run.get("target", ""),
        start=start,
        end=end,
        seconds=round(seconds_of(end) - seconds_of(start), 1),
        outage_seconds=round(sum(outages), 3) if outages else None,
        phases=phases,
        boxes=_boxes(records, boxes),
        backups=_files(records, "backup"),
        certificates=_files(records, "certificate"),
        by_hand=_by_hand(run, records),
    )


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
        result = _result(record)
        if result:
            acts.setdefault(named, {})[key] = result
        if result == "done":
            phase.acts.append(_line(record["text"]))
    for name, results in acts.items():
        phases[name].result = max(results.values(), key=RESULTS.index)
    return list(phases.values())


def _result(record: Record) -> str:
    """What a record says about its act, empty where it is about none."""
    if record["kind"] in ("intent", "verifying"):
        return "interrupted"
    if record["kind"] == "verified":
        return "done" if all(check["ok"] for check in record.get("checks", [])) else "failed"
    if record["kind"] == "clients_back":
        return "done"
    if record["kind"] == "outcome":
        result = str(record.get("result", "unknown")).replace("_", " ")
        return result if result in RESULTS else "unknown"
    return ""


def _outcome(run: Record, records: Sequence[Record], phases: Sequence[Phase], finished: bool) -> str:
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
        told = f" Last act, {_result(last)}: {_line(last['text'])}"
    return f"NOT FINISHED: the {what}.{where}{told} The same command goes on from there."


def _boxes(records: Iterable[Record], facts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Versions before, from the first backup of each box, and after, from the facts that were given."""
    before: dict[str, dict[str, str]] = {}
    for record in records:
        if record["kind"] == "backup":
            versions = {key: record.get(key, "") for key in ("product_version", "base_version")}
            before.setdefault(record["box"], versions)
    after = {str(box.get("box", "")): box for box in facts}
    return [{"box": name, "before": before.get(name), "after": after.get(name)} for name in sorted({*before, *after})]


def _files(records: Iterable[Record], kind: str) -> list[dict[str, str]]:
    """Each file of a kind once, however often it was relied on."""
    found = {record["path"]: record for record in records if record["kind"] == kind}
    keys = ("box", "path", "sha256", *(("taken",) if kind == "backup" else ()))
    return [{key: str(record.get(key, "")) for key in keys} for record in found.values()]


def _clients_out(records: Sequence[Record]) -> list[tuple[str, str]]:
    """The Jump Clients that were not seen to be back after an update of the product."""
    counted = [record for record in records if record["kind"] in ("clients", "clients_back")]
    last: Record = counted[-1] if counted else {"kind": ""}
    if last["kind"] != "clients_back":
        reason = last.get("counts", {}).get("reason") or "nobody waited for them"
        return [(_UNSEEN[0], _UNSEEN[1].format(reason=reason))]
    passive, missing = last["counts"]["passive_needing_upgrade"], last.get("missing", [])
    lines = [(_PASSIVE[0], _PASSIVE[1].format(count=passive))] if passive else []
    return lines + ([(_OUT[0], _OUT[1].format(names=", ".join(missing)))] if missing else [])


def _settings_left(records: Sequence[Record]) -> list[tuple[str, str]]:
    """What was changed for a while and is not back: limits of Jump Client upgrades, TTLs."""
    lines = {"jump_client_limit": _LIMIT, "dns_ttl": _TTL}
    last = {(record["name"], record["box"]): record for record in records if record["kind"] == "setting"}
    return [
        (lines[name][0], lines[name][1].format(box=box, new=record["new"], old=record.get("old", "none")))
        for (name, box), record in last.items()
        if record["state"] != "restored"
    ]


def _requests_left(records: Sequence[Record]) -> list[tuple[str, str]]:
    """What a person was asked for and was not seen to have done."""
    last = {(record["step"], record["box"]): record for record in records if record["kind"] in ("asked", "seen")}
    return [(record["guide"], record["text"]) for record in last.values() if record["kind"] == "asked"]


def _by_hand(run: Record, records: Sequence[Record]) -> list[dict[str, str]]:
    """What no collection can do, as far as what was done calls for it."""
    if run.get("procedure") == "migration":
        return _by_hand_after_move(run, records)
    begun: dict[tuple[str, str], Record] = {}
    product, moved_to, moved_from = False, "", ""
    for record in records:
        key = (record.get("box", ""), record.get("act", ""))
        if record["kind"] == "intent":
            begun[key] = record
        elif record["kind"] == "outcome" and record.get("result") == "done":
            product = product or begun.get(key, {}).get("package") == "product"
            if key[1] == "cutover":
                moved_to, moved_from = key[0], str(begun.get(key, {}).get("source", ""))
        elif record["kind"] == "verified" and record.get("phase") == "cutover" and _result(record) == "done":
            # However the switch was done, it is proven that this box answers on the public name.
            moved_to, moved_from = record["box"], str(run.get("a", ""))
    lines = [*_requests_left(records), *([*_CLIENTS, *_clients_out(records)] if product else [])]
    lines += _settings_left(records)
    lines += [(_CERTIFICATE[0], _CERTIFICATE[1].format(text=record["text"])) for record in records
              if record["kind"] == "certificate_changed"]
    lines += _alone(records) + _not_automatic(records)
    if moved_to:
        lines.append((_ADDRESS[0], _ADDRESS[1].format(box=moved_to)))
        if run.get("a") == moved_from and run.get("b") == moved_to:
            lines.append((_INVENTORY[0], _INVENTORY[1].format(box=moved_to, other=moved_from)))
    return [{"guide": guide, "text": text} for guide, text in lines]


def _alone(records: Sequence[Record]) -> list[tuple[str, str]]:
    """How long the pair has been without failover, where it still is (Y4)."""
    done = [r for r in records if r["kind"] == "outcome" and r.get("result") == "done"]
    last = next((r for r in reversed(done) if r.get("act") in ("break", "establish")), {"act": ""})
    return [(_ALONE[0], _ALONE[1].format(time=_clock(last["time"])))] if last["act"] == "break" else []


def _not_automatic(records: Sequence[Record]) -> list[tuple[str, str]]:
    """The backup that took over by itself before, and would not now (R9)."""
    told: dict[str, dict[str, bool]] = {"before": {}, "after": {}}
    for record in records:
        if record["kind"] == "automatic_failover":
            told[record["when"]][record["box"]] = record["enabled"]
    lost = told["after"] and any(told["before"].values()) and not any(told["after"].values())
    pair = next((r["peer"] for r in reversed(records) if r.get("act") == "establish" and r.get("peer")), "the backup")
    return [(_AUTOMATIC[0], _AUTOMATIC[1].format(box=pair))] if lost else []


def _by_hand_after_move(run: Record, records: Sequence[Record]) -> list[dict[str, str]]:
    """What is left when a site has moved to a new box; its clients stay on their version."""
    names = {"old": run.get("a", ""), "new": run.get("b", "")}
    lines = [*((guide, text.format(**names)) for guide, text in _MOVED), *_clients_out(records)]
    settings = next((record for record in reversed(records) if record.get("differences")), None)
    if settings is not None:
        what = "; ".join(settings["differences"])
        lines.append((_DIFFERS[0], _DIFFERS[1].format(path=settings.get("path", ""), what=what, **names)))
    return [{"guide": guide, "text": text} for guide, text in lines]


def as_text(summary: Summary) -> str:
    """The summary as it is read at two in the morning: what came of it first, then the rest in columns."""
    away = summary.outage_seconds
    measured = "was not measured" if away is None else f"was {_brief(away)} at most"
    lines = [
        summary.outcome,
        f"It took {spell(summary.seconds)}, from {_clock(summary.start)} to {_clock(summary.end)} UTC.",
        f"The outage of the site {measured}.",
        "",
    ]
    if summary.phases:
        rows = [(one.name or "-", _clock(one.start), spell(one.seconds), one.result) for one in summary.phases]
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


def _brief(seconds: float) -> str:
    """A duration to the millisecond while that is what it is measured in."""
    return f"{seconds:.3f} s" if seconds < 10 else spell(seconds)


def _clock(time: str) -> str:
    """A time of the journal, to the second."""
    return time.partition(".")[0].replace("T", " ")


def _line(text: str) -> str:
    """A text of the journal on one line."""
    return " ".join(text.split())
