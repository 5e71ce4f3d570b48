# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A part of a page, and what can be found in it by the words of the catalogue.

What cannot be found, or is found twice, is `PageNotUnderstood`; there is no guess.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Button, Control, Field, Link
from ansible_collections.bt_ops.pra.plugins.module_utils._web._sections import Section
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import (
    Said,
    find_phrase,
    is_exact_title,
    is_one_of,
    is_title,
    may_say,
    without_count,
)

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page

_T = TypeVar("_T", bound=Control)
_S = TypeVar("_S")


class Scope:
    """A page or a part of it."""

    def __init__(self, page: Page, start: int, stop: int, section: Section | None = None) -> None:
        self._page = page
        self._start = start
        self._stop = stop
        self._section = section

    # -- what it is -------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What the section is called, as the page writes it."""
        return self._section.title if self._section else ""

    @property
    def path(self) -> tuple[str, ...]:
        """The titles of the sections that this one is part of, from outside in, its own last."""
        titles: list[str] = []
        section = self._section
        while section is not None:
            titles.append(section.title)
            section = section.parent
        return tuple(reversed(titles))

    @cached_property
    def _blocks(self) -> list[str]:
        return [block.text for block in self._page.document.blocks_in(self._start, self._stop)]

    @property
    def text(self) -> str:
        """All visible text but that of buttons, line by line."""
        return "\n".join(self._blocks)

    # -- sections ---------------------------------------------------------------------------------------------

    def sections(self) -> list[Scope]:
        """The sections right inside this scope."""
        inner = [each for each in self._page.all_sections if self._has(each)]
        return [self._scope(each) for each in inner if each.parent is None or not self._has(each.parent)]

    def section(self, key: str) -> Scope:
        """The one section called so.

        :raises PageNotUnderstood: there is none, or more than one.
        """
        return self._one(self.maybe_section(key), "section", key)

    def maybe_section(self, key: str) -> Scope | None:
        """The section called so, or None; several are an error."""
        for words in self._page.words.ranks(key):
            found = self._titled(words)
            if found:
                return self._only(found, "section", key)
        for words in self._page.words.ranks(key):
            plain = [each for each in self._page.plain_sections(words) if self._has(each)]
            if plain:
                return self._only([self._scope(each) for each in plain], "section", key)
        return None

    def section_titled(self, text: str) -> Scope:
        """The one section with this title."""
        return self._one(self.maybe_section_titled(text), "section", text)

    def maybe_section_titled(self, text: str) -> Scope | None:
        """The section with this title, or None; several are an error."""
        plain = [each for each in self._page.plain_sections((text,)) if self._has(each)]
        found = self._titled((text,)) or [self._scope(each) for each in plain]
        return self._only(found, "section", text) if found else None

    def _has(self, section: Section) -> bool:
        return section is not self._section and self._start <= section.start and section.stop <= self._stop

    def _scope(self, section: Section) -> Scope:
        return Scope(self._page, section.start, section.stop, section)

    def _titled(self, words: tuple[str, ...]) -> list[Scope]:
        """Sections whose names fit: of nested ones the outermost, and the heading of the page only if no other does."""
        inner = [each for each in self._page.all_sections if self._has(each)]
        # "Users 2" may be the users, and two of them; where a section is called just so, that one is meant.
        found = [each for each in inner if any(is_exact_title(name, words) for name in each.names)] or [
            each for each in inner if any(is_title(name, words) for name in each.names)
        ]
        if len(found) > 1:
            main = self._page.main_section
            found = [each for each in found if each is not main]
        outermost: list[Section] = []
        for each in found:
            if not any(outer.start <= each.start and each.stop <= outer.stop for outer in outermost):
                outermost.append(each)
        return [self._scope(each) for each in outermost]

    # -- controls ---------------------------------------------------------------------------------------------

    def button(self, key: str) -> Button:
        """The one button called so; links that act count where there is no button."""
        return self._one(self.maybe_button(key), "button", key)

    def maybe_button(self, key: str) -> Button | None:
        """The button called so, or None; several that do different things are an error."""
        found = self.buttons(key)
        distinct = list({button.same_as: button for button in reversed(found)}.values())
        return self._only(distinct, "button", key) if distinct else None

    def buttons(self, key: str) -> list[Button]:
        """All buttons called so, in document order."""
        words = self._page.words.ranks(key)
        controls = self._page.controls
        real = self._named(controls.buttons, words) or self._called(self._buttons_of_own_forms(), words)
        if not any(button.acts for button in real):
            real = self._named(controls.acting_links, words) or real
        acting = [button for button in real if button.acts] or real
        return [button for button in acting if not button.is_closed] or acting

    def all_buttons(self) -> list[Button]:
        """Every button, in document order."""
        return self._inside(self._page.controls.buttons)

    def field(self, key: str) -> Field:
        """The one field called so."""
        return self._one(self.maybe_field(key), "field", key)

    def maybe_field(self, key: str) -> Field | None:
        """The field called so, or None; several are an error."""
        found = self._named(self._page.controls.fields, self._page.words.ranks(key))
        found = [each for each in found if not each.is_closed] or found
        if len(found) > 1:
            key_of = self._page.controls.key_of
            found = list({key_of(each): each for each in reversed(found)}.values())
        return self._only(found, "field", key) if found else None

    def fields(self) -> list[Field]:
        """Every field, in document order."""
        return self._inside(self._page.controls.fields)

    def link(self, key: str) -> Link:
        """The one link called so."""
        return self._one(self.maybe_link(key), "link", key)

    def maybe_link(self, key: str) -> Link | None:
        """The link called so, or None; several that lead to different pages are an error."""
        return self._only_link(self._named(self._page.controls.links, self._page.words.ranks(key)), key)

    def offers(self, key: str) -> bool:
        """Whether there is at least one link or button called so."""
        ranks = self._page.words.ranks(key)
        controls = self._page.controls
        return bool(self._named(controls.links, ranks) or self._named(controls.buttons, ranks))

    def maybe_link_named(self, text: str) -> Link | None:
        """The link with this text, or None."""
        return self._only_link(self._named(self._page.controls.links, ((text,),)), text)

    def links(self) -> list[Link]:
        """Every link, in document order."""
        return self._inside(self._page.controls.links)

    def _only_link(self, found: list[Link], key: str) -> Link | None:
        distinct = list({link.target: link for link in reversed(found)}.values())
        return self._only(distinct, "link", key) if distinct else None

    def _inside(self, controls: Sequence[_T]) -> list[_T]:
        first = bisect_left(controls, self._start, key=lambda control: control.start)
        last = bisect_left(controls, self._stop, key=lambda control: control.start)
        return list(controls[first:last])

    def _named(self, controls: Sequence[_T], ranks: tuple[tuple[str, ...], ...]) -> list[_T]:
        """The controls that are called by one of the words: surer words and strong names first."""
        return self._called(self._inside(controls), ranks)

    @staticmethod
    def _called(controls: Sequence[_T], ranks: tuple[tuple[str, ...], ...]) -> list[_T]:
        for words in ranks:
            for fits in (_strongly, _counted, _weakly):
                found = [control for control in controls if fits(control, words)]
                if found:
                    return found
        return []

    def _buttons_of_own_forms(self) -> list[Button]:
        """Buttons outside this scope whose forms have all their fields in it: drawn below it, but part of it."""
        if self._section is None:
            return []
        controls = self._page.controls
        inside = {field.form for field in self._inside(controls.fields)}
        outside = {field.form for field in controls.fields if not self._start <= field.start < self._stop}
        return [button for button in controls.buttons if button.form in inside - outside - {-1}]

    # -- text -------------------------------------------------------------------------------------------------

    def fact(self, key: str) -> str | None:
        """The read-only value beside a label, or None; different values under the same label are an error."""
        found = self.values(key)
        if len(found) > 1:
            raise self._page.not_understood("value", key, found, self)
        return found[0] if found else None

    def values(self, key: str) -> list[str]:
        """The different read-only values beside a label: of the surest words that have any."""
        for words in self._page.words.ranks(key):
            found = self._page.facts.find(words, self._start, self._stop)
            if found:
                return found
        return []

    def says(self, key: str, unless: str = "") -> Said | None:
        """The first line of text that contains one of the phrases, or None.

        :param unless: key of phrases that take a line out of account.
        """
        others = self._page.words.of(unless) if unless else ()
        whole = "\n".join(self._blocks)
        for phrases in self._page.words.ranks(key):
            likely = [phrase for phrase in phrases if may_say(whole, phrase)]
            for text in self._blocks if likely else ():
                for phrase in likely:
                    said = find_phrase(text, phrase)
                    if said is not None and not any(find_phrase(text, other) for other in others):
                        return said
        return None

    def rows(self) -> list[Row]:
        """The rows of tables, without those that hold but column headings."""
        document, tables = self._page.document, self._page.controls.names.tables
        return [
            Row(self._page, row)
            for row in sorted(document.rows, key=document.start.__getitem__)
            if self._start <= document.start[row] < self._stop and document.is_visible(row) and not tables.is_head(row)
        ]

    # -- errors -----------------------------------------------------------------------------------------------

    def _only(self, found: Sequence[_S], kind: str, key: str) -> _S:
        if len(found) != 1:
            raise self._page.not_understood(kind, key, [_title_of(each) for each in found], self)
        return found[0]

    def _one(self, found: _S | None, kind: str, key: str) -> _S:
        if found is None:
            raise self._page.not_understood(kind, key, [], self)
        return found

    def seen(self, kind: str) -> list[str]:
        """What the scope shows of a kind, for messages."""
        controls: dict[str, Sequence[Control]] = {
            "button": self._page.controls.buttons,
            "field": self._page.controls.fields,
            "link": self._page.controls.links,
        }
        if kind == "section":
            names = [each.title for each in self._page.all_sections if self._has(each)]
        else:
            names = [control.label for control in self._inside(controls.get(kind, ()))]
        return list(dict.fromkeys(name[:80] for name in names or self._blocks if name))


def _title_of(thing: object) -> str:
    return thing.label if isinstance(thing, Control) else str(getattr(thing, "title", thing))


def _strongly(control: Control, words: tuple[str, ...]) -> bool:
    return any(is_one_of(name, words) for name in control.names.strong)


def _counted(control: Control, words: tuple[str, ...]) -> bool:
    return isinstance(control, Link) and any(is_one_of(without_count(name), words) for name in control.names.strong)


def _weakly(control: Control, words: tuple[str, ...]) -> bool:
    return any(is_one_of(name, words) for name in control.names.weak)


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    page: Page
    index: int

    @property
    def cells(self) -> tuple[str, ...]:
        """What each cell shows."""
        tables = self.page.controls.names.tables
        return tuple(tables.text(cell) for cell in tables.cells(self.index))

    @property
    def title(self) -> str:
        """What the first cell that is not empty shows."""
        return next((cell for cell in self.cells if cell), "")

    @property
    def scope(self) -> Scope:
        """The row as a part of the page."""
        document = self.page.document
        return Scope(self.page, document.start[self.index], document.stop[self.index])

    def get(self, key: str) -> str | None:
        """What the cell under the column heading shows, or None where there is no such column."""
        tables = self.page.controls.names.tables
        for words in self.page.words.ranks(key):
            for cell in tables.cells(self.index):
                if is_one_of(tables.heading_of(cell), words):
                    return tables.text(cell)
        return None

    def __getitem__(self, key: str) -> str:
        found = self.get(key)
        if found is None:
            raise self.page.not_understood("column", key, [], self.page)
        return found
