# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Update packages as files: a header that only a box can read, and filler that makes a file as big as wanted.

The real format is not public (GUESS, 11.4 number 7); that a package fits one site is documented (appliance-interface.md
9). Nothing of it is a client's business.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache

from simbox.uploads import HEADER_BYTES

MAGIC = b"BTPK\x00\x02"
BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Header:
    """What a package says of itself. `size` is that of the whole file, `seal` the SHA-256 of the filler."""

    package: str
    site: str
    box: str
    size: int
    seal: str

    def pack(self) -> bytes:
        """As the file begins."""
        return (MAGIC + json.dumps(asdict(self)).encode()).ljust(HEADER_BYTES, b"\x00")


def read_header(head: bytes) -> Header | None:
    """The header of a file, None when it is no package."""
    if len(head) < HEADER_BYTES or not head.startswith(MAGIC):
        return None
    try:
        return Header(**json.loads(head[len(MAGIC) : HEADER_BYTES].rstrip(b"\x00")))
    except (ValueError, TypeError):
        return None


@cache
def seal(package: str, size: int) -> str:
    """SHA-256 of the filler of a file of `size` bytes; takes seconds for gigabytes."""
    digest = hashlib.sha256()
    for block in _filler(package, 0, size - HEADER_BYTES):
        digest.update(block)
    return digest.hexdigest()


def content(header: Header, start: int) -> Iterator[bytes]:
    """The file from byte `start` on, in blocks."""
    if start < HEADER_BYTES:
        yield header.pack()[start:]
        start = HEADER_BYTES
    yield from _filler(header.package, start - HEADER_BYTES, header.size - HEADER_BYTES)


def _filler(package: str, start: int, end: int) -> Iterator[bytes]:
    block = hashlib.shake_256(package.encode()).digest(BLOCK_BYTES)
    while start < end:
        offset = start % BLOCK_BYTES
        piece = block[offset : min(BLOCK_BYTES, offset + end - start)]
        yield piece
        start += len(piece)
