# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A page as a person understands it: sections, controls, facts and sentences, found by the words of the catalogue.

What cannot be found, or is found twice, is `PageNotUnderstood`: it names the page, the words looked for and those
seen, and nothing has been sent. There is no guess.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageIsApplication, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _kind
from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import (
    Button,
    Control,
    Controls,
    Field,
    Link,
    Option,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._facts import Facts
from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import Names
from ansible_collections.bt_ops.pra.plugins.module_utils._web._sections import Section, Sections
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import (
    Filling,
    Submission,
    Upload,
    Value,
    follow,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import (
    Said,
    clean,
    find_phrase,
    is_one_of,
    is_title,
    may_say,
    same,
    without_count,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import Document, charset_of
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

__all__ = ["Button", "Field", "Link", "Option", "Page", "Row", "Said", "Scope", "Section", "Submission", "Upload", "Value"]

MOST_SEEN = 15  # words of a page that an error tells
HOW_TO_ADD = "Add the words that the page shows to bt_labels (docs/labels.md), or do this step by hand."
_T = TypeVar("_T", bound=Control)
KeepCopy = Callable[[str, str], str]


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
        inner = [each for each in self._page.all_sections if self._has(each) and (each.parent is None or not self._has(each.parent))]
        return [self._scope(each) for each in inner]

    def section(self, key: str) -> Scope:
        """The one section called so.

        :raises PageNotUnderstood: there is none, or more than one.
        """
        return self._one(self.maybe_section(key), "section", key)

    def maybe_section(self, key: str) -> Scope | None:
        """The section called so, or None; several are an error."""
        for words in self._page.words.ranks(key):
            found = self._titled(lambda names, words=words: any(is_title(name, words) for name in names))  # type: ignore[misc]
            if found:
                return self._only(found, "section", key)
        return None

    def section_titled(self, text: str) -> Scope:
        """The one section with this title."""
        return self._one(self.maybe_section_titled(text), "section", text)

    def maybe_section_titled(self, text: str) -> Scope | None:
        """The section with this title, or None; several are an error."""
        found = self._titled(lambda names: any(is_title(name, (text,)) for name in names))
        return self._only(found, "section", text) if found else None

    def _has(self, section: Section) -> bool:
        return section is not self._section and self._start <= section.start and section.stop <= self._stop

    def _scope(self, section: Section) -> Scope:
        return Scope(self._page, section.start, section.stop, section)

    def _titled(self, fits: Callable[[tuple[str, ...]], bool]) -> list[Scope]:
        """Sections whose names fit: of nested ones the outermost, and the heading of the page only if no other does."""
        found = [each for each in self._page.all_sections if self._has(each) and fits(each.names)]
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
        real = self._named(controls.buttons, words)
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

    def link_named(self, text: str) -> Link:
        """The one link with this text."""
        return self._one(self.maybe_link_named(text), "link", text)

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
        inside = self._inside(controls)
        for words in ranks:
            for fits in (_strongly, _counted, _weakly):
                found = [control for control in inside if fits(control, words)]
                if found:
                    return found
        return []

    # -- text -------------------------------------------------------------------------------------------------

    def fact(self, key: str) -> str | None:
        """The read-only value beside a label, or None; different values under the same label are an error."""
        for words in self._page.words.ranks(key):
            found = self._page.facts.find(words, self._start, self._stop)
            if len(found) > 1:
                raise self._page.not_understood("value", key, found, self)
            if found:
                return found[0]
        return None

    def says(self, key: str) -> Said | None:
        """The first line of text that contains one of the phrases, or None."""
        whole = "\n".join(self._blocks)
        for phrases in self._page.words.ranks(key):
            likely = [phrase for phrase in phrases if may_say(whole, phrase)]
            for text in self._blocks if likely else ():
                for phrase in likely:
                    said = find_phrase(text, phrase)
                    if said is not None:
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
        things: Iterable[object] = {
            "section": self._page.all_sections,
            "button": self._page.controls.buttons,
            "field": self._page.controls.fields,
            "link": self._page.controls.links,
        }.get(kind, ())
        inside = [each for each in things if self._start <= each.start < self._stop]  # type: ignore[attr-defined]
        names = [_title_of(each) for each in inside] if inside else self._blocks
        return list(dict.fromkeys(name[:80] for name in names if name))


_S = TypeVar("_S")


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


class Page(Scope):
    """One answer of a box that is a page.

    :param keep_copy: takes a name and the redacted page, gives where it was kept.
    """

    def __init__(
        self,
        source: bytes,
        *,
        url: str,
        words: Words,
        status: int = 200,
        encoding: str = "",
        box: str = "",
        keep_copy: KeepCopy | None = None,
        secrets: tuple[str, ...] = (),
    ) -> None:
        self.url = url
        self.status = status
        self.box = box
        self.charset = charset_of(source, encoding)
        self.document = Document(source, encoding)
        self._keep_copy = keep_copy
        self._secrets = secrets
        declared = next((self.document.get(index, "lang") for index in self.document.all_of("html")), "")
        self.words = words.for_page(declared)
        self.language = self.words.language
        super().__init__(self, 0, self.document.stop[0] + 1)

    # -- lazily worked out ------------------------------------------------------------------------------------

    @cached_property
    def controls(self) -> Controls:
        """Everything that can be used on the page."""
        return Controls(self.document, Names(self.document), self.url)

    @cached_property
    def all_sections(self) -> list[Section]:
        """Every section of the page."""
        return Sections(self.document, self.controls.names).all

    @cached_property
    def facts(self) -> Facts:
        """Finds values beside labels."""
        return Facts(self.document, self.controls)

    @cached_property
    def main_section(self) -> Section | None:
        """The section of the page's own heading: the first of the highest rank."""
        ranked = [section for section in self.all_sections if 0 < section.rank < 7]
        top = min((section.rank for section in ranked), default=0)
        first = [section for section in ranked if section.rank == top]
        return first[0] if len(first) == 1 else None

    @cached_property
    def heading(self) -> str:
        """The page's own heading."""
        return self.main_section.title if self.main_section else ""

    @cached_property
    def title(self) -> str:  # type: ignore[override]
        """The page's title, else its heading."""
        titles = [self.document.elements[index].text for index in self.document.all_of("title")]
        return next((clean(title) for title in titles if title and clean(title)), "") or self.heading

    @cached_property
    def is_login(self) -> bool:
        """Whether the page asks for user name and password."""
        return _kind.is_login(self)

    @cached_property
    def is_application(self) -> bool:
        """Whether the page is drawn by JavaScript, so that there is nothing to see here."""
        return _kind.is_application(self)

    # -- acts -------------------------------------------------------------------------------------------------

    def fill(self, values: Mapping[Field, Value], press: Button) -> Submission:
        """Work out what pressing a button sends, with some fields of its form filled in; nothing is sent here.

        :raises PageNotUnderstood: a field is not part of the button's form or cannot be changed.
        :raises BadInput: the page does not take such a value.
        """
        try:
            return Filling(self.controls, self.words, self.charset).fill(values, press)
        except PageNotUnderstood as error:
            raise type(error)(
                f"The page {self.where} cannot be used as meant: {error.what}",
                advice=error.advice or HOW_TO_ADD,
                **self._evidence(),
            ) from None

    def follow(self, link: Link) -> Submission:
        """What following a link sends."""
        return follow(link.target, self.url)

    # -- errors -----------------------------------------------------------------------------------------------

    @property
    def where(self) -> str:
        """The page in a message: its title and its path, without query."""
        return f"{self.title or 'without title'!r} ({urlsplit(self.url).path or '/'})" + (f" of {self.box}" if self.box else "")

    def not_understood(self, kind: str, key: str, found: list[str], scope: Scope) -> PageNotUnderstood:
        """The error for a thing that is not there, or there more than once."""
        try:
            words = self.words.of(key)
        except KeyError:
            words = (key,)
        place = f" in the section {' / '.join(scope.path)!r}" if scope.path else ""
        looked_for = ", ".join(repr(word) for word in words[:8]) + (", ..." if len(words) > 8 else "")
        if self.is_application:
            return PageIsApplication(
                f"The page {self.where} is drawn by JavaScript, so the {kind} {looked_for} cannot be found in it.",
                advice="Do this step by hand, or use an engine that runs JavaScript.",
                **self._evidence(kind, words, scope),
            )
        if found:
            told = ", ".join(repr(name) for name in found[:MOST_SEEN])
            what = f"shows {len(found)} different {kind}s that read {looked_for}{place}: {told}."
        else:
            seen = ", ".join(repr(name) for name in scope.seen(kind)[:MOST_SEEN]) or "nothing of that kind"
            what = f"shows no {kind} that reads {looked_for}{place}. Seen: {seen}."
        return PageNotUnderstood(
            f"The page {self.where}, language {self.language}, {what}",
            advice=HOW_TO_ADD,
            **self._evidence(kind, words, scope),
        )

    def _evidence(self, kind: str = "", words: tuple[str, ...] = (), scope: Scope | None = None) -> dict[str, object]:
        facts: dict[str, object] = {"page": self.title, "path": urlsplit(self.url).path, "language": self.language}
        if kind:
            facts["looked_for"] = list(words)
            facts["seen"] = (scope or self).seen(kind)[:MOST_SEEN]
        copy = self.keep()
        if copy:
            facts["copy"] = copy
        return facts

    @cached_property
    def _kept(self) -> str:
        if self._keep_copy is None:
            return ""
        name = "-".join(part for part in urlsplit(self.url).path.split("/") if part) or "page"
        return self._keep_copy(name, self.redacted)

    def keep(self) -> str:
        """Keep a redacted copy of the page, once; gives where, ``""`` where none is kept."""
        return self._kept

    @property
    def redacted(self) -> str:
        """The page without anything that may be a secret."""
        from ansible_collections.bt_ops.pra.plugins.module_utils._web._redact import redacted

        return redacted(self.document, self._secrets)

    def reads(self, key: str, text: str) -> bool:
        """Whether a text is one of the words of a key."""
        return any(same(text, word) for word in self.words.of(key))
