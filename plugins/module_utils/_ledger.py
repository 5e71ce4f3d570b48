# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is carried to a box that does not reach the update server: one folder per box with its download key, its
packages and a ledger of them (G19 to G21, M1, M2, M6).

The vendor gives each package once. So the ledger says that a package was begun before the first byte is asked for, and
nothing here removes a file. The folder may be carried on a medium that keeps no file modes.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, sha256_of, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

SCHEMA = 1
KEY_FILE = "download_key.json"
LEDGER_FILE = "ledger.json"
State = Literal["begun", "whole"]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Owner:
    """The box that a key or a package is for; empty where it did not tell."""

    box: str
    appliance_id: str = ""
    serial: str = ""

    def is_other_than(self, other: Owner) -> bool:
        """Whether the two are certainly not the same box."""
        pairs = ((self.appliance_id, other.appliance_id), (self.serial, other.serial))
        known = [(_plain(mine), _plain(theirs)) for mine, theirs in pairs if mine and theirs]
        return any(mine != theirs for mine, theirs in known)

    def is_known_as(self, other: Owner) -> bool:
        """Whether at least one of id and serial is known of both and says that they are the same box."""
        pairs = ((self.appliance_id, other.appliance_id), (self.serial, other.serial))
        same = any(mine and _plain(mine) == _plain(theirs) for mine, theirs in pairs)
        return same and not self.is_other_than(other)

    def __str__(self) -> str:
        names = " / ".join(name for name in (self.serial, self.appliance_id) if name)
        return f"{self.box} ({names})" if names else self.box


@dataclass(frozen=True)
class Key:
    """A download key and what it was read from; `taken` is in UTC by this machine's clock."""

    key: str = field(repr=False)
    box: str
    appliance_id: str
    serial: str
    product_version: str
    base_version: str
    taken: str
    box_time: str

    @property
    def owner(self) -> Owner:
        """The box that the key is of."""
        return Owner(self.box, self.appliance_id, self.serial)


@dataclass(frozen=True)
class Entry:
    """A package in the ledger.

    `size` is what it has or, while it is begun, will have where that is known; `link` is the address at which a begun
    one is asked for again, `tag` tells whether it is still the same file.
    """

    kind: Literal["base", "product"]
    version: str
    title: str
    state: State
    file: str
    size: int | None = None
    sha256: str = ""
    requires_base: str = ""
    begun: str = ""
    received: str = ""
    link: str = field(default="", repr=False)
    tag: str = field(default="", repr=False)

    @property
    def parsed(self) -> Version:
        """The version, to be compared."""
        return Version.wanted(self.version, "the ledger")

    def __str__(self) -> str:
        return f"{'base software' if self.kind == 'base' else 'product'} {self.version}"

    def facts(self) -> dict[str, Any]:
        """As a result tells it."""
        hidden = {"link", "tag"}
        return {name: value for name, value in asdict(self).items() if name not in hidden}


@dataclass(frozen=True)
class Ledger:
    """The ledger of one box's folder."""

    folder: Path
    owner: Owner
    entries: tuple[Entry, ...] = ()

    def find(self, kind: str, version: Version) -> Entry | None:
        """The entry of a package, if there is one."""
        return next((each for each in self.entries if each.kind == kind and each.parsed == version), None)

    def whole(self) -> list[Entry]:
        """The packages that came whole, base software first, older ones first."""
        return sorted(
            (each for each in self.entries if each.state == "whole"), key=lambda each: (each.kind, each.parsed)
        )

    def with_entry(self, entry: Entry) -> Ledger:
        """The ledger with this entry in the place of the one of the same package, written to the disk."""
        others = tuple(
            each for each in self.entries if (each.kind, each.parsed) != (entry.kind, entry.parsed)
        )
        changed = replace(self, entries=(*others, entry))
        changed._save()
        return changed

    def path_of(self, entry: Entry) -> Path:
        """Where the package lies once it is whole."""
        return self.folder / entry.file

    def part_of(self, entry: Entry) -> Path:
        """Where it lies until then."""
        return self.folder / f"{entry.kind}-{entry.version}.part"

    def trouble_with(self, entry: Entry) -> str:
        """Why a package cannot be used, ``""`` when it is whole; reads all of it."""
        path = self.path_of(entry)
        if entry.state != "whole":
            part = self.part_of(entry)
            have = part.stat().st_size if part.is_file() else 0
            return f"only {have} of {entry.size if entry.size is not None else 'an unknown number of'} bytes are here"
        if not path.is_file():
            return f"the file {path} is not there"
        if path.stat().st_size != entry.size:
            return f"the file {path} has {path.stat().st_size} bytes, the ledger says {entry.size}"
        if sha256_of(path) != entry.sha256:
            return f"the file {path} has another SHA-256 than the ledger says"
        return ""

    def facts(self) -> list[dict[str, Any]]:
        """Its packages as a result tells them."""
        return [each.facts() for each in sorted(self.entries, key=lambda each: (each.kind, each.parsed))]

    def _save(self) -> None:
        value = {"schema": SCHEMA, **asdict(self.owner), "packages": [asdict(each) for each in self.entries]}
        store_json(value, self.folder / LEDGER_FILE)


def packages_dir_of(arguments: Mapping[str, Any]) -> str:
    """Where packages lie, by the options of a module: as given, else in the run folder; ``""`` where the box gets its
    packages itself.

    :raises BadInput: neither is given.
    """
    if arguments.get("source") == "online":
        return ""
    given, run_dir = arguments.get("packages_dir") or "", arguments.get("run_dir") or ""
    if not (given or run_dir):
        raise BadInput(
            "packages_dir and run_dir are missing: where do the packages lie?", state="Nothing was changed."
        )
    return given or str(Path(run_dir) / "packages")


def folder_of(packages_dir: str, box: str) -> Path:
    """The folder of one box."""
    return Path(packages_dir) / file_name(box)


def read_ledger(folder: Path) -> Ledger | None:
    """The ledger of a folder, None where there is none.

    :raises Refused: it is damaged, or of another version of this collection.
    """
    path = folder / LEDGER_FILE
    value = _read(path)
    if value is None:
        return None
    try:
        owner = _made(Owner, value)
        entries = tuple(_made(Entry, entry) for entry in value["packages"])
        for entry in entries:
            if entry.kind not in ("base", "product") or file_name(entry.file) != entry.file:
                raise ValueError(entry.kind)
            Version.wanted(entry.version, "the ledger")
    except (KeyError, TypeError, ValueError, BadInput):
        raise _damaged(path) from None
    return Ledger(folder, owner, entries)


def read_key(path: Path) -> Key | None:
    """A stored download key, None where there is none.

    :raises Refused: the file is damaged.
    """
    value = _read(path)
    if value is None:
        return None
    try:
        key = _made(Key, value)
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None
    if not key.key or not key.box:
        raise _damaged(path)
    return key


def store_key(key: Key, folder: Path) -> Path:
    """Write a download key into the folder of its box."""
    store_json({"schema": SCHEMA, **asdict(key)}, folder / KEY_FILE)
    return folder / KEY_FILE


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a folder for this run: two that fetch at once would ask for the same package twice.

    :raises Refused: another run has it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"Another run is fetching packages into {folder}.", advice="Wait until that one has ended."
            ) from None
        yield
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", state="Nothing was changed.") from None
    except ValueError:
        raise _damaged(path) from None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise _damaged(path)
    return value


def _made(kind: type[_T], value: dict[str, Any]) -> _T:
    """A record of a kind out of what JSON gave; everything but sizes is a text."""
    names = {each.name for each in fields(cast(Any, kind))}
    known = {name: value[name] for name in names if name in value}
    for name, each in known.items():
        fits = (each is None or (isinstance(each, int) and each >= 0)) if name == "size" else isinstance(each, str)
        if not fits:
            raise ValueError(name)
    return kind(**known)


def _damaged(path: Path) -> Refused:
    return Refused(
        f"{path} is damaged, or was written by another version of this collection.",
        advice="Bring the folder over again from where it was filled. Remove no package: the vendor gives each once.",
        guide=("G21",),
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
