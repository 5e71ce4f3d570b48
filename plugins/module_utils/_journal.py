# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The journal of a run: one record of intent before and one of outcome after every act on a box (law 7).

JSON lines in the site's run folder, mode 0600, each synced to the disk and chained to the one before by its hash.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._files import private_folder

SCHEMA = 1
RENAMED = "renamed"
# Where records name boxes.
_NAMING = ("box", "a", "b", "peer", "source")
Record = dict[str, Any]


# How an act or a phase came out, the worst last; a phase is as good as the worst of its acts.
RESULTS = ("done", "not begun", "interrupted", "unknown", "failed")


def now_text() -> str:
    """The time in UTC as the journal writes it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float:
    """A time that the journal wrote, as seconds since 1970.

    :raises ValueError: it is none, or does not tell its zone.
    """
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"{text} does not tell its zone")
    return moment.timestamp()


def to_the_second(time: str) -> str:
    """A time that the journal wrote, as people read it."""
    return time.partition(".")[0].replace("T", " ")


def result_of(record: Record) -> str:
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


class Journal:
    """What has been done to the boxes of one site. Without a run folder nothing is kept."""

    def __init__(self, run_dir: str = "") -> None:
        self.run_dir = run_dir
        self._path = Path(run_dir) / "journal.jsonl" if run_dir else None

    def require_folder(self, purpose: str) -> None:
        """Stop before anything is done that could not be kept.

        :param purpose: what the run folder is needed for, as the second half of the sentence.
        :raises BadInput: there is no run folder.
        """
        if not self.run_dir:
            raise BadInput(f"run_dir is missing: {purpose}", state="Nothing was changed.")

    def records(self) -> list[Record]:
        """Every record, oldest first.

        :raises Refused: the journal was damaged or edited; a last line cut off by a crash is not damage.
        """
        if self._path is None or not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8", errors="replace").split("\n")
        whole = lines[:-1]
        records: list[Record] = []
        previous = ""
        for number, line in enumerate(whole, start=1):
            record = _parsed(line)
            if record is None or record.get("previous") != previous or record.get("hash") != _hash(record):
                raise Refused(
                    f"Line {number} of the journal {self._path} is damaged or was changed by hand.",
                    advice="Move the run folder aside; the same command then asks the boxes where they stand.",
                )
            if record.get("schema") != SCHEMA:
                raise Refused(f"The journal {self._path} was written by another version of this collection.")
            previous = record["hash"]
            records.append(record)
        return _as_named_now(records)

    def write(self, kind: str, text: str, **details: Any) -> None:
        """Append one record and have it on the disk before this returns."""
        if self._path is None:
            return
        private_folder(self.run_dir)
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise BadInput(f"The journal {self._path} cannot be written: {error.strerror}.") from None
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            kept = file.read()
            whole = kept[: kept.rfind(b"\n") + 1]
            last = _parsed(whole.rstrip(b"\n").rpartition(b"\n")[2].decode("utf-8", "replace")) if whole else None
            record: Record = {
                "schema": SCHEMA,
                "time": now_text(),
                "kind": kind,
                "text": text,
                **{key: value for key, value in details.items() if value not in (None, "")},
                "previous": last["hash"] if last else "",
            }
            record["hash"] = _hash(record)
            file.seek(len(whole))
            file.truncate()
            file.write((json.dumps(record, sort_keys=True, ensure_ascii=True) + "\n").encode())
            file.flush()
            os.fsync(file.fileno())

    def of_act(self, box: str, act: str) -> list[Record]:
        """All that is told of such acts on the box, the oldest first."""
        return [record for record in self.records() if record.get("box") == box and record.get("act") == act]

    def open_act(self, box: str, act: str) -> Record | None:
        """The intent to do `act` on `box` whose end is not known, if the last such act has no outcome."""
        return _open_of(self.of_act(box, act))

    def update_of(self, box: str) -> list[Record]:
        """What is told of the update of the box that is not over, oldest first; nothing without one.

        It goes from the first install until the box runs what was wanted, the vendor's support has let go of it, or the
        run is finished: base software is half an update (G25). An install that never began is no part of it.
        """
        told: list[Record] = []
        for record in self.records():
            if record["kind"] == "finished":
                told = []
            if record.get("box") != box:
                continue
            if record["kind"] in ("updated", "released"):
                told = []
            elif record.get("act") == "install" and record.get("result") == "not_begun":
                while told and told.pop()["kind"] != "intent":
                    pass
            elif record.get("act") == "install" or (told and record["kind"] == "certificate_changed"):
                told.append(record)
        return told

    def updating(self, box: str) -> bool:
        """Whether an update of the box was begun and is not over; after an install that failed it does not go on."""
        told = self.update_of(box)
        return bool(told) and told[-1].get("result") != "failed"

    def install_seconds(self, box: str, package: str) -> float | None:
        """How long the last install of such a package (``base``, ``product``) on the box took; None where none was seen
        from its beginning to its end."""
        took, begun = None, None
        for record in self.of_act(box, "install"):
            if record["kind"] == "intent":
                begun = record if record.get("package") == package else None
            elif record["kind"] == "outcome" and begun is not None:
                if record.get("result") == "done" and not record.get("attached"):
                    took = seconds_of(record["time"]) - seconds_of(begun["time"])
                begun = None
        return took

    def untouchable(self, box: str) -> Record | None:
        """The install of base software on the box that failed, or that was begun and not seen to have ended (G6).

        `failed` in it tells which, `ended` when it failed. The vendor's support lets go of one that failed.
        """
        begun: Record | None = None
        for record in self.records():
            if record.get("box") != box:
                continue
            if record["kind"] == "released":
                begun = None
            elif record.get("act") == "install" and record["kind"] == "intent":
                begun = {**record, "failed": False} if record.get("package") == "base" else begun
            elif record.get("act") == "install" and record["kind"] == "outcome" and begun is not None:
                failed = record.get("result") == "failed"
                ended = {**begun, "failed": True, "ended": record["time"]}
                begun = ended if failed else begun if record.get("result") == "unknown" else None
        return begun

    def open_run(self) -> list[Record]:
        """The records of the run that was begun and not finished, from its beginning on; none without one."""
        mine: list[Record] = []
        for record in self.records():
            if record["kind"] == "finished":
                mine = []
            elif record["kind"] == "run":
                mine = [record]
            elif mine:
                mine.append(record)
        return mine

    def of_run(self) -> list[Record]:
        """What is told of the run that is not finished, or since the last one that was; nothing of earlier upgrades."""
        told = self.open_run()
        if told:
            return told
        records = self.records()
        over = [place for place, record in enumerate(records) if record["kind"] == "finished"]
        return records[over[-1] + 1 :] if over else records

    def last(self, kind: str, **wanted: str) -> Record | None:
        """The latest record of that kind with those details."""
        for record in reversed(self.records()):
            if record["kind"] == kind and all(record.get(key) == value for key, value in wanted.items()):
                return record
        return None


def _as_named_now(records: list[Record]) -> list[Record]:
    """The records with the names that the boxes have in the inventory now."""
    for place, record in enumerate(records):
        if record["kind"] == RENAMED:
            records[:place] = [_with_name(each, record["old"], record["new"]) for each in records[:place]]
    return records


def _with_name(record: Record, old: str, new: str) -> Record:
    named = {key: new if key in _NAMING and value == old else value for key, value in record.items()}
    base = record.get("base")
    if isinstance(base, dict):
        named["base"] = {new if name == old else name: version for name, version in base.items()}
    return named


def broken_at(records: Iterable[Record], or_begun: bool = False) -> str:
    """When a run broke the relationship that it has not established again; empty where that is not so.

    :param or_begun: whether an act counts of which the end is not on record.
    """
    told = [r for r in records if result_of(r) == "done" or (or_begun and r["kind"] == "intent")]
    acts = [r for r in told if r.get("act") in ("break", "establish")]
    return str(acts[-1]["time"]) if acts and acts[-1]["act"] == "break" else ""


def _open_of(records: list[Record]) -> Record | None:
    """Of the records of one kind of act on one box the intent whose end is not known."""
    latest: Record | None = None
    for record in records:
        if record["kind"] == "intent":
            latest = record
        elif record["kind"] == "outcome" and record.get("result") != "unknown":
            latest = None
    return latest


def _parsed(line: str) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "hash" in record and "kind" in record else None


def _hash(record: Record) -> str:
    body = {key: value for key, value in record.items() if key != "hash"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
