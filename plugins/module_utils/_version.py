# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Versions of base software and product, as boxes and people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

_WRITTEN = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+){1,4})(?![\d.])(?:\s*\(?\s*(?:build\s*)?([0-9]{3,}-?[0-9a-f]*)\)?)?", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class Version:
    """A version that can be compared; 24.10 is newer than 24.9, and 24.3 equals 24.3.0.

    `build` is what the box writes in brackets (``37380-<hash>``); it does not take part in comparisons, because a
    package names none.
    """

    parts: tuple[int, ...]
    text: str = field(compare=False)
    build: str = field(default="", compare=False)

    @classmethod
    def find(cls, text: str) -> Version | None:
        """The first version in a text such as ``Base Software 6.2.0`` or ``24.3.1 (37380-ab12)``, or None."""
        found = _WRITTEN.search(text or "")
        if not found:
            return None
        numbers = [int(part) for part in found.group(1).split(".")]
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers.pop()
        return cls(tuple(numbers), found.group(1), found.group(2) or "")

    @classmethod
    def wanted(cls, text: str, option: str) -> Version:
        """A version that a user asked for.

        :raises BadInput: the text is not a version such as ``24.3.1``.
        """
        found = cls.find(text) if re.fullmatch(r"\d{1,4}(\.\d{1,6}){1,4}", text.strip()) else None
        if found is None:
            raise BadInput(
                f"{option} is {text[:60]!r}, which is no version such as 24.3.1.", state="Nothing was changed."
            )
        return found

    def __str__(self) -> str:
        return self.text
