# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Paths and field names that a client cannot know beforehand: drawn at random, and anew whenever software restarts."""

from __future__ import annotations

import secrets
import string


def _word(length: int = 7) -> str:
    first = secrets.choice(string.ascii_lowercase)
    return first + "".join(secrets.choice(string.ascii_lowercase + string.digits) for dummy in range(length - 1))


class Names:
    """The names of one web site of one box: (page, argument) to path, (form, field) to wire name, and back."""

    def __init__(self, prefix: str, bracketed: bool) -> None:
        self._prefix = prefix
        self._bracketed = bracketed
        self._paths: dict[tuple[str, str], str] = {}
        self._pages: dict[str, tuple[str, str]] = {}
        self._wires: dict[tuple[str, str], str] = {}
        self._keys: dict[str, tuple[str, str]] = {}
        self._forms: dict[str, str] = {}

    def path(self, page: str, argument: str = "") -> str:
        """The path of a page, the same until the next draw."""
        key = (page, argument)
        if key not in self._paths:
            path = f"{self._prefix}/{_word(9)}"
            self._paths[key] = path
            self._pages[path] = key
        return self._paths[key]

    def page(self, path: str) -> tuple[str, str] | None:
        """The page and argument behind a path."""
        return self._pages.get(path)

    def wire(self, form: str, field: str) -> str:
        """The name by which a field or button of a form travels."""
        key = (form, field)
        if key not in self._wires:
            if self._bracketed:
                group = self._forms.setdefault(form, _word())
                name = f"{group}[{_word()}]"
            else:
                name = _word(11)
            self._wires[key] = name
            self._keys[name] = key
        return self._wires[key]

    def field(self, wire: str) -> tuple[str, str] | None:
        """The form and field behind a wire name."""
        return self._keys.get(wire)
