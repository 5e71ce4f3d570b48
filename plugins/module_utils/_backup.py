# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Backups of a box: taken, proven, hashed, and used again while they still fit (G1, G24, G25)."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._api._backup import download
from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import Health
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, BadInput, NotPermitted, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._files import (
    CHUNK,
    file_name,
    private_folder,
    sha256_of,
    store,
    store_json,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import driving
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell
from ansible_collections.bt_ops.pra.plugins.module_utils._web._software_page import download_backup

SMALLEST = 256
# What no backup file starts with: the answers that look like success and are none (appliance-interface.md section 4).
_NO_BACKUP = (b"<", b"{", b"[", b"\xef\xbb\xbf<", b"Invalid credentials")


@dataclass(frozen=True)
class Backup:
    """A backup file on the controller and what it is of. `taken` is in UTC; `protected`: a password opens it."""

    path: str
    size: int
    sha256: str
    taken: str
    box: str
    appliance_id: str
    serial: str
    product_version: str
    base_version: str
    failover_role: str
    protected: bool
    way: str
    product_build: str = ""

    def age(self) -> float:
        """Seconds since it was taken."""
        return time.time() - seconds_of(self.taken)


@dataclass(frozen=True)
class Wish:
    """Where backups go, what protects them, and how old (in seconds) one may be to be used again."""

    folder: str
    password: str = ""
    max_age: float = 0.0


@dataclass(frozen=True)
class Subject:
    """What the backup is to be of, as the box is now."""

    health: Health
    serial: str
    base_version: str


def look(box: Box) -> Subject:
    """What the box is now, as far as a backup's manifest tells."""
    health = box.health()
    basics = box.basics() if box.connection.appliance else None
    base = basics.base_version.text if basics and basics.base_version else ""
    return Subject(health, basics.serial if basics else "", base)


def find(subject: Subject, box: Box, wish: Wish) -> Backup | None:
    """The newest proven backup of just this box, product and base software that is young enough.

    One from before anything else was done to the pair is too old, however young: data has moved since.
    """
    if wish.max_age <= 0 or not Path(wish.folder).is_dir():
        return None
    touched = max(
        (
            seconds_of(record["time"])
            for record in box.context.journal.records()
            if record.get("act") not in (None, "backup")
        ),
        default=0.0,
    )
    fitting = [
        backup
        for backup in map(_read, sorted(Path(wish.folder).glob("*.nsb.json")))
        if backup is not None
        and 0 <= backup.age() <= wish.max_age
        and seconds_of(backup.taken) >= touched
        and backup.box == box.name
        and (backup.appliance_id, backup.serial) == (subject.health.appliance_id, subject.serial)
        and backup.product_version == _text(subject.health)
        and backup.base_version == subject.base_version
        and backup.protected == bool(wish.password)
    ]
    newest_first = sorted(fitting, key=lambda backup: backup.taken, reverse=True)
    return next((backup for backup in newest_first if _whole(backup)), None)


def read(path: str, password: str) -> Backup:
    """A proven backup that lies on the disk, by the manifest beside it.

    :raises BadInput: there is none, it has changed since, or the password does not belong to it.
    """
    if not Path(path).is_file():
        raise BadInput(f"The backup {path} does not exist.", state="Nothing was changed.")
    backup = _read(Path(path + ".json"))
    if backup is None:
        raise BadInput(
            f"Beside {path} lies no manifest {Path(path).name}.json, so nobody knows what it is a backup of.",
            state="Nothing was changed.",
            advice="Give a file that bt_backup took.",
            guide=("G1",),
        )
    if not _whole(backup):
        raise BadInput(
            f"The file {path} is not the backup that its manifest describes: size or SHA-256 differ.",
            state="Nothing was changed.",
            advice="Give the file as it was taken.",
            guide=("G1",),
        )
    if backup.protected != bool(password):
        what = "needs the password that protects it" if backup.protected else "is protected by no password"
        raise BadInput(f"The backup {path} {what} (password).", state="Nothing was changed.", guide=("G1",))
    return backup


def described(path: str) -> Backup | None:
    """What the manifest beside a backup says of it, None where there is no such backup."""
    return _read(Path(path + ".json")) if path and Path(path).is_file() else None


def ensure(box: Box, context: Context, wish: Wish) -> tuple[Backup | None, bool]:
    """Have a proven backup of the box as it is now: one that is there, else a new one.

    :returns: the backup (None in check mode when it would be taken) and whether it was taken now.
    :raises Unproven: what the box gave is no backup.
    """
    require(box, "A backup", "api", "login")
    subject = look(box)
    there = find(subject, box, wish)
    if there is not None:
        _record(there, context)
        return there, False
    sentence = (
        f"Took a backup of {box.name} (product {_text(subject.health)}, base {subject.base_version or 'unknown'})."
    )
    if context.would(sentence):
        return None, True
    with driving("backup"), context.act(box.name, "backup", sentence):
        taken = _take(box, subject, wish)
    _record(taken, context)
    return taken, True


def _record(backup: Backup, context: Context) -> None:
    """Have the journal tell which file a later step relies on."""
    if not context.check_mode:
        context.journal.write("backup", f"A backup of {backup.box} is there.", phase=context.phase, **asdict(backup))


def _take(box: Box, subject: Subject, wish: Wish) -> Backup:
    folder = private_folder(wish.folder)
    taken = datetime.datetime.now(datetime.UTC)
    path = folder / f"{file_name(box.name)}-{_text(subject.health)}-{taken:%Y%m%dT%H%M%S%f}Z.nsb"
    start = time.monotonic()
    chunks, way, given = _source(box, wish)
    stored = store(_proven(chunks, box), path)
    backup = Backup(
        path=stored.path,
        size=stored.size,
        sha256=stored.sha256,
        taken=taken.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        box=box.name,
        appliance_id=subject.health.appliance_id,
        serial=subject.serial,
        product_version=_text(subject.health),
        base_version=subject.base_version,
        failover_role=subject.health.role,
        protected=bool(wish.password),
        way=way,
        product_build=subject.health.build,
    )
    store_json(asdict(backup), Path(stored.path + ".json"))
    if not _whole(backup):
        raise Unproven(f"The backup {backup.path} does not read back as it was written.", advice="Check the disk.")
    if given is not None:
        given.unlink()
    box.say(f"backup of {backup.size} bytes after {spell(time.monotonic() - start)}: {backup.path}")
    return backup


def _source(box: Box, wish: Wish) -> tuple[Iterator[bytes], str, Path | None]:
    """The backup's bytes by API, or where that is not open to us by form or by a person; the way; a person's file."""
    password = wish.password
    if "backup" in box.connection.manual.steps:
        given = _ask(box, wish)
        return _read_in_chunks(given), "hand", given
    box.say("takes a backup")
    if box.api is not None:
        try:
            return download(box.api, password), "api", None
        except (ApiFailed, NotPermitted):
            if box.connection.manual.everything:
                given = _ask(box, wish)
                return _read_in_chunks(given), "hand", given
            if box.connection.login is None:
                raise
    return box.login.download(download_backup(box.login, password)).chunks(), "form", None


def _ask(box: Box, wish: Wish) -> Path:
    """Have a person put a backup into a folder; gives it once it lies there whole. Older files do not count."""
    folder = private_folder(str(Path(wish.folder) / "by-hand" / file_name(box.name)))
    quoted = '"Backup Password" and "Confirm Password"'
    secret = f"Type the password of bt_backup_password into {quoted}." if wish.password else f"Leave {quoted} empty."
    return _manual.ask_for_file(box, box.context, "backup", folder, _trouble_with, {"password": secret})


def _trouble_with(path: Path) -> str:
    """Why a file is no backup, empty where it may be one."""
    with path.open("rb") as file:
        is_none = path.stat().st_size < SMALLEST or file.read(64).lstrip().startswith(_NO_BACKUP)
    return "is no backup" if is_none else ""


def _read_in_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _proven(chunks: Iterator[bytes], box: Box) -> Iterator[bytes]:
    """Let pass what may be a backup; stop at a page, an error text or next to nothing (S1)."""
    size, head = 0, b""
    for chunk in chunks:
        if len(head) < 64:
            head = (head + chunk)[:64]
            if head.lstrip().startswith(_NO_BACKUP):
                raise _no_backup(box, "it is a page or an error text")
        size += len(chunk)
        yield chunk
    if size < SMALLEST:
        raise _no_backup(box, f"it has {size} bytes only")


def _no_backup(box: Box, why: str) -> Unproven:
    return Unproven(
        f"What {box.name} gave as a backup is none: {why}.",
        state="The box is as it was; the file was not kept.",
        advice="Check the rights of the account (Backup API) and the health of the box.",
        guide=("G1",),
    )


def _text(health: Health) -> str:
    return health.version.text if health.version else "unknown"


def _read(manifest: Path) -> Backup | None:
    try:
        value: Any = json.loads(manifest.read_text())
        backup = Backup(**value)
        backup.age()
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    # The run folder may have been carried to another machine: the file lies beside its manifest.
    return Backup(**{**asdict(backup), "path": str(manifest)[: -len(".json")]})


def _whole(backup: Backup) -> bool:
    path = Path(backup.path)
    return path.is_file() and path.stat().st_size == backup.size and sha256_of(path) == backup.sha256


def is_kept(path: str, run_dir: str, sha256: str) -> bool:
    """Whether a backup still lies where it was put, or in the run folder where that was carried to another machine."""
    places = (Path(path), Path(run_dir) / "backups" / Path(path).name)
    return any(place.is_file() and sha256_of(place) == sha256 for place in places)
