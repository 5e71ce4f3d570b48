# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What comes back from a site, whichever engine asked: a page as bytes, or a file still to be read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

CHUNK = 1 << 16  # bytes; of a connection that breaks, what had come of the last piece is lost


@dataclass(frozen=True)
class Answer:
    """An answer that is a page, as bytes; `drawn` if a browser has run its scripts and tells what it shows now."""

    method: str
    url: str
    status: int
    body: bytes
    encoding: str
    drawn: bool = False


class Download(ABC):
    """An answer that is a file, still to be read; close it."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The file name that the box proposes, without any folder; ``""`` where it proposes none."""

    @property
    @abstractmethod
    def size(self) -> int | None:
        """How many bytes it will have, None where the box does not say."""

    @property
    def offset(self) -> int | None:
        """Which byte of the file comes first, None where the answer is a part that is not told to be which."""
        return 0

    @property
    def whole_size(self) -> int | None:
        """How many bytes the whole file has, None where the box does not say."""
        return self.size

    @property
    def tag(self) -> str:
        """What tells this state of the file from another (entity tag)."""
        return ""

    @abstractmethod
    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece.

        :raises AnswerLost, Unreachable: it broke off.
        """

    @abstractmethod
    def close(self) -> None:
        """Give back what holds it."""

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def address_of(url: str) -> str:
    """Path and query of an address, and the fragment, by which some applications tell their pages apart."""
    parts = urlsplit(urljoin("https://box.invalid/", url))
    return parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
