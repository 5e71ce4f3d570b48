# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The download key of a box: read from it, and put into the folder that is carried to the update server (G19, M1)."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _clock, _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BoxFailed, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, private_folder
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import now_text, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._ledger import (
    KEY_FILE,
    Key,
    Owner,
    folder_of,
    read_key,
    read_ledger,
    store_key,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import driving
from ansible_collections.bt_ops.pra.plugins.module_utils._web._download_key_page import key_in, read_download_key


@dataclass(frozen=True)
class Subject:
    """The box as it is now, as far as it tells."""

    owner: Owner
    product_version: str
    base_version: str
    box_time: str


def look(box: Box) -> Subject:
    """Who the box is and what it runs."""
    require(box, "The download key", "appliance")
    basics = box.basics() if box.connection.appliance else None
    health = box.health() if box.connection.api or box.connection.login else None
    appliance_id = (basics.appliance_id if basics else "") or (health.appliance_id if health else "")
    return Subject(
        owner=Owner(box.name, appliance_id, basics.serial if basics else ""),
        product_version=health.version.text if health and health.version else "",
        base_version=basics.base_version.text if basics and basics.base_version else "",
        box_time=basics.system_time if basics else "",
    )


def find(subject: Subject, packages_dir: str, max_age: float) -> Key | None:
    """The stored key of just this box as it is now, if it is young enough.

    :raises Refused: the folder holds the key or the packages of another box.
    """
    folder = folder_of(packages_dir, subject.owner.box)
    key, ledger = read_key(folder / KEY_FILE), read_ledger(folder)
    for owner in (key.owner if key else None, ledger.owner if ledger else None):
        if owner is not None and owner.is_other_than(subject.owner):
            raise Refused(
                f"{folder} is the folder of {owner}, and the box that answers is {subject.owner}.",
                advice="Correct ansible_host, or give another packages_dir; no package may get lost.",
                guide=("G19", "G21"),
            )
    if key is None or not key.owner.is_known_as(subject.owner):
        return None
    same = (key.product_version, key.base_version) == (subject.product_version, subject.base_version)
    age = time.time() - seconds_of(key.taken)
    return key if same and 0 <= age <= max_age else None


@driving("download_key")
def ensure(box: Box, context: Context, packages_dir: str, max_age: float) -> tuple[Key | None, Key | None]:
    """Have the box's download key in its folder.

    :returns: the key that was there (of this box, of any age), and the one that is there now; in check mode the latter
        is None where one would be read.
    :raises Refused: the clock of the box is wrong, or the folder is another box's.
    :raises BoxFailed: the box gives no key.
    """
    subject = look(box)
    before = find(subject, packages_dir, float("inf"))
    there = find(subject, packages_dir, max_age)
    if there is not None:
        return before, there
    _clock.refuse_wrong(box)
    sentence = f"Read the download key of {box.name}."
    if _manual.would(box, context, "download_key", sentence):
        return before, None
    text = _given(box, context) if _manual.by_hand(box, "download_key") else _read(box, subject)
    if before is not None and before.key == text:
        return before, before
    key = Key(
        key=text,
        box=box.name,
        appliance_id=subject.owner.appliance_id,
        serial=subject.owner.serial,
        product_version=subject.product_version,
        base_version=subject.base_version,
        taken=now_text(),
        box_time=subject.box_time,
    )
    path = store_key(key, private_folder(str(folder_of(packages_dir, box.name))))
    context.journal.write(
        "download_key", sentence, box=box.name, phase=context.phase, **facts(key, packages_dir, box.name)
    )
    context.actions.append(sentence)
    box.say(f"its download key lies in {path}")
    return before, key


def _given(box: Box, context: Context) -> str:
    """The key as a person wrote it into a file, which is removed then: a key is a secret."""
    root = box.run_dir or "."
    folder = private_folder(str(Path(root) / "by-hand" / file_name(box.name)))
    path = _manual.ask_for_file(
        box, context, "download_key", folder, lambda file: "" if key_in(file.read_bytes()) else "is no download key"
    )
    text = key_in(path.read_bytes())
    path.unlink()
    return text


def _read(box: Box, subject: Subject) -> str:
    try:
        return read_download_key(box.appliance)
    except BoxFailed as error:
        # The box does not name the clock, though that is the usual reason (G22).
        shown = f" (the box shows {subject.box_time!r})" if subject.box_time else ""
        raise BoxFailed(
            error.what,
            state=error.state,
            advice=f"Check the time on /appliance > Status > Basics{shown}; if it is wrong, check NTP on /appliance >"
            " Networking > IP Configuration.",
            guide=error.guide,
        ) from None


def facts(key: Key | None, packages_dir: str, box: str) -> dict[str, Any]:
    """A key as a result tells it: never the key itself."""
    if key is None:
        return {}
    return {
        "path": str(folder_of(packages_dir, box) / KEY_FILE),
        "sha256": hashlib.sha256(key.key.encode()).hexdigest(),
        "appliance_id": key.appliance_id,
        "serial": key.serial,
        "product_version": key.product_version,
        "base_version": key.base_version,
        "taken": key.taken,
        "box_time": key.box_time,
    }
