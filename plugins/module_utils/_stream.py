# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One package streams in: gone on with where it broke off, proven, and only then called whole (G21, M2).

Nothing here removes what has come, because it may not be given again.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Incomplete, Refused, Unproven, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, sha256_of, sync_folder
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import now_text
from ansible_collections.bt_ops.pra.plugins.module_utils._ledger import KEY_FILE, LEDGER_FILE, Entry, Ledger
from ansible_collections.bt_ops.pra.plugins.module_utils._progress import Progress, spell_size
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._answer import Download
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._update_server import UpdateServer

NORMAL_SECONDS = 3600.0


class Stream:
    """The download of one package that the ledger says was begun.

    :param way: how the server offers it now; None: it does not, and the address from before is used.
    :param asked: whether it may have been asked for before: then it is gone on with, even if nothing has come of it.
    :param patience: seconds without a byte after which it is left, to be gone on with later.
    """

    def __init__(
        self,
        server: UpdateServer,
        ledger: Ledger,
        entry: Entry,
        way: Submission | None,
        patience: float,
        say: Callable[[str], None],
        *,
        asked: bool = True,
    ) -> None:
        self._server = server
        self._ledger = ledger
        self._entry = entry
        self._patience = patience
        self._asked = asked
        self._say = say
        self._part = ledger.part_of(entry)
        self._what = f"[{ledger.owner.box}] download of {entry}"
        if way is None and not entry.link:
            raise self._incomplete("the update server does not list it any more")
        self._way = way if way is not None else server.again(entry.link)

    def receive(self) -> Ledger:
        """Receive what is missing, as often as the connection breaks, and prove the whole.

        :raises Incomplete: the server gives no more of it, or nothing in all the time that it has.
        :raises Unproven: what came is not what the server said that it would be.
        """
        clock = Clock()
        fed = clock.now()

        def look() -> Look[bool]:
            nonlocal fed
            have = _size(self._part)
            try:
                if have == 0 or have != self._entry.size:
                    self._go_on(have)
            except Unreachable as error:
                now = _size(self._part)
                if now > have:
                    fed = clock.now()
                elif clock.now() - fed > self._patience:
                    raise self._incomplete(error.what.rstrip(".")) from None
                return Look(f"broke off at {spell_size(now)}" if now else "does not come")
            return Look("is here", True)

        wait_until(self._what, look, Patience(NORMAL_SECONDS, math.inf), self._say, guide=("G21",))
        return self._finish()

    def _go_on(self, have: int) -> None:
        """Ask for what is missing, once, and write it down."""
        asked, self._asked = self._asked, True
        answer = self._server.download(self._way, have if asked else None, self._entry.tag)
        if isinstance(answer, str):
            raise self._incomplete(f"the update server answers {answer}")
        with answer:
            offset, total = answer.offset, answer.whole_size
            if offset is None or offset > have:
                raise self._incomplete("the update server gives another part of it than was asked for")
            if offset and total not in (None, self._entry.size) and self._entry.size is not None:
                raise self._incomplete(f"the update server has another file now, of {total} bytes")
            self._entry = replace(
                self._entry,
                size=total if total is not None else self._entry.size,
                tag=answer.tag,
                link=self._way.target if self._way.method == "GET" else self._entry.link,
                file=self._entry.file if have else self._name_for(answer),
            )
            self._ledger = self._ledger.with_entry(self._entry)
            progress = Progress(self._what, self._entry.size, self._say, offset)
            try:
                _write(self._part, answer.chunks(), offset, self._entry.size, progress)
            except OSError as error:
                raise self._incomplete(f"{self._part} cannot be written: {error.strerror}") from None
        if self._entry.size is not None and _size(self._part) < self._entry.size:
            raise Unreachable("the connection was closed before the file was whole")

    def _finish(self) -> Ledger:
        """Prove the package of which the last byte has come, and give it its name."""
        entry, part = self._entry, self._part
        size, digest = _size(part), sha256_of(part)
        if (entry.size is not None and size != entry.size) or (entry.sha256 and digest != entry.sha256):
            aside = part.with_name(f"{part.name}.damaged-{digest[:12]}")
            os.replace(part, aside)
            told = f"{entry.size if entry.size is not None else 'no size'} and {entry.sha256 or 'no SHA-256'}"
            raise Unproven(
                f"{entry} for {self._ledger.owner.box} is damaged: it has {size} bytes and the SHA-256 {digest},"
                f" and the update server tells {told}.",
                state=f"It was put aside as {aside}.",
                advice="Run the same command again; if the server does not give it again, call the vendor's support.",
                guide=("G21",),
            )
        # Between these two steps the ledger is right about what the file is, and `recovered` about where it lies.
        whole = replace(entry, state="whole", size=size, sha256=digest, received=now_text(), link="", tag="")
        ledger = self._ledger.with_entry(whole)
        os.replace(part, ledger.path_of(whole))
        sync_folder(ledger.folder)
        return ledger

    def _name_for(self, answer: Download) -> str:
        """What the file is called: as the server calls it, unless that name is taken or means something here."""
        told = answer.name or self._way.target.split("?")[0].rstrip("/").rpartition("/")[2]
        name = file_name(told) if told else self._entry.file
        reserved = name in (KEY_FILE, LEDGER_FILE, "pages") or ".part" in name or name.endswith(".json")
        mine = (self._entry.kind, self._entry.parsed)
        taken = any(each.file == name and (each.kind, each.parsed) != mine for each in self._ledger.entries)
        if reserved or taken or (self._ledger.folder / name).exists():
            name = file_name(f"{self._entry.kind}-{self._entry.version}-{name}.package")
        return name

    def _incomplete(self, why: str) -> Incomplete:
        have, size = _size(self._part), self._entry.size
        left = f"{size - have} bytes are left" if size is not None else "how much is left is not known"
        return Incomplete(
            f"The download of {self._entry} for {self._ledger.owner.box} broke off: {why}. {have} bytes are here,"
            f" {left}.",
            state="What came is kept, and the same command goes on with it.",
            advice="If the server gives no more of it, have the vendor's support give the package again.",
            guide=("G21",),
            packages=self._ledger.facts(),
        )


def refuse_without_space(ledger: Ledger, entry: Entry) -> None:
    """Stop before a package is begun for which the disk has no room.

    :raises Refused: there is less room than the package has bytes.
    """
    free = shutil.disk_usage(ledger.folder).free
    if entry.size is not None and free < entry.size:
        raise Refused(
            f"{entry} for {ledger.owner.box} has {spell_size(entry.size)}, and {ledger.folder} has room for"
            f" {spell_size(free)}.",
            state="It was not begun.",
            guide=("G21",),
        )


def recovered(ledger: Ledger) -> Ledger:
    """Give packages their names that were whole when an earlier run was killed."""
    for entry in ledger.whole():
        part, path = ledger.part_of(entry), ledger.path_of(entry)
        if part.is_file() and not path.exists() and _size(part) == entry.size and sha256_of(part) == entry.sha256:
            os.replace(part, path)
            sync_folder(ledger.folder)
    return ledger


def _write(part: Path, chunks: Iterable[bytes], offset: int, size: int | None, progress: Progress) -> None:
    """Write what comes, from `offset` on. What is here already is compared, and replaced only from where it differs."""
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        file.seek(offset)
        for chunk in chunks:
            _put(file, chunk)
            progress.at(file.tell())
        if size is None or file.tell() == size:
            file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _put(file: IO[bytes], chunk: bytes) -> None:
    at = file.tell()
    known = file.read(len(chunk))
    if known == chunk:
        return
    if not chunk.startswith(known):
        file.seek(at)
        file.truncate()
        known = b""
    file.write(chunk[len(known) :])


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
