# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One word of the catalogue: what it says and how sure it is."""

from __future__ import annotations

from typing import Literal, NamedTuple

Mark = Literal["documented", "translated", "guessed"]


class Word(NamedTuple):
    """A text as a page shows it, whether that is known, and from where (a section of appliance-interface.md)."""

    text: str
    mark: Mark
    source: str


def documented(source: str, *texts: str) -> tuple[Word, ...]:
    """Words that stand in the vendor's own texts in that language."""
    return tuple(Word(text, "documented", source) for text in texts)


def translated(source: str, *texts: str) -> tuple[Word, ...]:
    """Words translated from the vendor's text in another language: the thing is documented, the wording is not."""
    return tuple(Word(text, "translated", source) for text in texts)


def guessed(*texts: str) -> tuple[Word, ...]:
    """Words that such a page could well use; tried only where no better one is found."""
    return tuple(Word(text, "guessed", "usual wording") for text in texts)
