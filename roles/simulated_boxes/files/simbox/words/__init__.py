# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The words that a box shows, per language and era. One module per language."""

from __future__ import annotations

from typing import Literal

from simbox.times import utc
from simbox.words import en, nl

Language = Literal["en", "nl"]
_MODULES = {"en": en, "nl": nl}


class Words:
    """Words of one box: `words("failover_sync")`. `older` is the wording of older versions where it differs."""

    def __init__(self, language: Language, older: bool) -> None:
        self.language: Language = language
        module = _MODULES[language]
        self._words: dict[str, str] = {**module.WORDS, **(module.OLDER if older else {})}
        self._months = module.MONTHS

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its values put in; raises KeyError for a key that no language has."""
        text = self._words[key]
        return text.format(**values) if values else text

    def time(self, moment: float) -> str:
        """A moment as pages show it: `August 10, 2012 03:40:18 PM UTC` (7.3). GUESS: the Dutch form (11.4 number 1)."""
        when = utc(moment)
        month = self._months[when.month - 1]
        if self.language == "nl":
            return f"{when.day} {month} {when:%Y %H:%M:%S} UTC"
        return f"{month} {when.day:02d}, {when:%Y %I:%M:%S %p} UTC"
