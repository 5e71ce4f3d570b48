# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files from a box: streamed beside their place, hashed, synced to the disk, then renamed (law 11)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """A file that lies on the disk, whole."""

    path: str
    size: int
    sha256: str


def private_folder(path: str) -> Path:
    """Make a folder of mode 0700, with those above it, and give it back.

    :raises BadInput: it cannot be made or written to.
    """
    folder = Path(path)
    try:
        # `parents` would give the folders above the mode that everybody's files get.
        for missing in [each for each in (*reversed(folder.parents), folder) if not each.is_dir()]:
            missing.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BadInput(f"The folder {path} cannot be made: {error.strerror}.", state="Nothing was changed.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"The folder {path} cannot be written to.", state="Nothing was changed.")
    return folder


def file_name(name: str) -> str:
    """A name as a file or folder may be called; only letters, digits, ``-``, ``_`` and ``.`` stay as they are."""
    plain = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
    return plain[:80].lstrip(".") or "box"


def store(chunks: Iterable[bytes], path: Path) -> Stored:
    """Write what streams in to `path`; until it is whole it lies beside it as ``.part``, mode 0600."""
    part = path.with_name(path.name + ".part")
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    os.replace(part, path)
    sync_folder(path.parent)
    return Stored(str(path), size, digest.hexdigest())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder written to the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store_json(value: Any, path: Path) -> None:
    """Write a value as JSON for people and programs, whole or not at all."""
    store([(json.dumps(value, indent=2, sort_keys=True) + "\n").encode()], path)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
