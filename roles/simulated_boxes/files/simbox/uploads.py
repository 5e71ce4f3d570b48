# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Forms with files: read as they come, in constant memory, however big a file is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

# So much of a file is kept; backups and certificates are smaller, of a package only the header is wanted.
KEPT_BYTES = 16 * 1024 * 1024
# The header of a package (packages.py); `Upload.seal` covers what follows it.
HEADER_BYTES = 1024
CHUNK_BYTES = 1024 * 1024
MOST_FIELD_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that came: `head` is its beginning, `seal` the SHA-256 of all behind the first HEADER_BYTES."""

    name: str
    size: int
    head: bytes
    seal: str

    @property
    def content(self) -> bytes | None:
        """The whole file, None when it was too big to keep."""
        return self.head if len(self.head) == self.size else None


@dataclass(frozen=True)
class Parts:
    """A multipart body: its fields in order, and its files by field name."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, Upload]] = field(default_factory=list)


async def receive(request: web.BaseRequest, most: int | None = None) -> Parts:
    """Read a multipart body; raises ValueError for one that is malformed, and ConnectionError when a file in it has
    more than `most` bytes (a planned trouble)."""
    parts = Parts()
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or not part.name:
            raise ValueError("a part of the form has no name")
        if part.filename is None:
            value = await part.read_chunk(MOST_FIELD_BYTES)
            if not part.at_eof() and await part.read_chunk(MOST_FIELD_BYTES):
                raise ValueError("a field of the form is too long")
            parts.fields.append((part.name, value.decode("utf-8", "replace")))
        else:
            parts.files.append((part.name, await _file(part, part.filename, most)))
    return parts


async def _file(part: BodyPartReader, name: str, most: int | None) -> Upload:
    head = bytearray()
    size = 0
    digest = hashlib.sha256()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        if len(head) < KEPT_BYTES:
            head += chunk[: KEPT_BYTES - len(head)]
        digest.update(chunk[max(0, HEADER_BYTES - size) :])
        size += len(chunk)
        if most is not None and size > most:
            raise ConnectionAbortedError("the upload is broken off")
    return Upload(name, size, bytes(head), digest.hexdigest())
