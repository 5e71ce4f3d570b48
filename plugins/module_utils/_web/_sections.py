# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sections of a page: what stands under which heading, legend, caption or title row.

A section is an interval of ticks (see `_tree`): a heading is no container, yet a person knows where its part of the
page ends, namely at the next heading of its kind or at the end of the box that both are drawn in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property

from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import Names
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import clean, fold
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import (
    BOLD,
    CONTROL,
    NAVIGATION,
    SILENT,
    Block,
    Document,
)

LONGEST_TITLE = 150  # characters of what may be a title though it is no heading
MOST_BESIDE = 3  # pieces of text that may stand beside a heading in its bar
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TITLE_ROW, _TITLE_CLASS, _TERM, _BOLD_LINE, _CONTAINER = 10, 11, 12, 20, 0
_NAMED = frozenset({"fieldset", "section", "article", "details", "table", "form", "dialog", "aside", "main", "figure"})
_NAMED_ROLES = frozenset(
    {"region", "group", "form", "article", "dialog", "alertdialog", "tabpanel", "table", "grid", "main", "status"}
)
_BOUNDS = frozenset(
    {"section", "article", "aside", "nav", "main", "dialog", "fieldset", "details", "td", "th", "li", "dd", "table"}
    | {"body", "footer"}
)
_TITLE_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:title|heading|header|headline|caption|legend|sectionname)(?:$|[\s_-])", re.I
)
_TITLE_TAGS = ("div", "span", "p", "td", "li")


@dataclass(eq=False)
class Section:
    """A part of the page: what it is called, the interval of ticks, what it is part of and what is part of it."""

    names: tuple[str, ...]
    start: int
    stop: int
    rank: int
    heading: int
    parent: Section | None = None
    children: list[Section] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is called, as the page writes it."""
        return self.names[0]


@dataclass(eq=False)
class _Heading:
    """A heading before it is known how far it reaches."""

    index: int
    rank: int
    names: tuple[str, ...]
    wrapper: int
    start: int
    stop: int = 0


class Sections:
    """All sections of one document."""

    def __init__(self, document: Document, names: Names) -> None:
        self._document = document
        self._names = names

    @cached_property
    def all(self) -> list[Section]:
        """Every section, each after those it is part of, in document order."""
        found = [*self._containers(), *self._under_headings()]
        found.sort(key=lambda section: (section.start, -section.stop, section.rank))
        open_sections: list[Section] = []
        kept: list[Section] = []
        for section in found:
            while open_sections and open_sections[-1].stop <= section.start:
                open_sections.pop()
            above = open_sections[-1] if open_sections else None
            if above is not None and _names_alike(above, section):
                above.names = tuple(dict.fromkeys(above.names + section.names))
                continue
            section.parent = above
            if above is not None:
                section.stop = min(section.stop, above.stop)
                above.children.append(section)
            kept.append(section)
            open_sections.append(section)
        return kept

    # -- containers -------------------------------------------------------------------------------------------

    def _containers(self) -> list[Section]:
        document = self._document
        indices = {index for tag in _NAMED for index in document.of_tag.get(tag, ())}
        indices |= {index for role in _NAMED_ROLES for index in document.of_role.get(role, ())}
        found = []
        for index in sorted(indices):
            if not document.is_visible(index) or document.get(index, "role") in ("presentation", "none"):
                continue
            names = self._names.of_container(index) or self._tab_of(index)
            if names:
                found.append(
                    Section(_unique(names), document.start[index], document.stop[index], _CONTAINER, index)
                )
        return found

    def _tab_of(self, index: int) -> list[str]:
        """The name of the tab that shows a tab panel."""
        document = self._document
        if document.get(index, "role") != "tabpanel" or not document.has(index, "id"):
            return []
        name = document.get(index, "id")
        tabs = [tab for tab in document.of_role.get("tab", ()) if document.get(tab, "aria-controls") == name]
        return [document.text(tabs[0])] if len(tabs) == 1 else []

    # -- headings ---------------------------------------------------------------------------------------------

    def _under_headings(self) -> list[Section]:
        """Each heading reaches to the next one of its rank or above it, and never out of the box it stands in."""
        headings = self._headings()
        waiting: list[_Heading] = []
        pairs: list[tuple[_Heading, _Heading]] = []
        before: _Heading | None = None
        end = self._document.stop[0]
        for heading in headings:
            border = self._document.start[heading.wrapper]
            if before is not None:
                border = self._document.start[self._apart(heading.wrapper, before.wrapper)]
            while waiting and waiting[-1].rank >= heading.rank:
                closed = waiting.pop()
                closed.stop = min(closed.stop, border)
                if closed.rank == heading.rank:
                    pairs.append((closed, heading))
            heading.stop = min(end, self._bound(heading.wrapper))
            waiting.append(heading)
            before = heading
        self._widen_to_cards(pairs, headings)
        return [
            Section(
                heading.names,
                heading.start,
                max(heading.stop, self._document.stop[heading.wrapper]),
                heading.rank,
                heading.index,
            )
            for heading in headings
        ]

    def _apart(self, index: int, before: int) -> int:
        """The outermost element around `index` that starts after an element before it."""
        document = self._document
        limit = document.start[before]
        above = document.parent[index]
        while above >= 0 and document.start[above] > limit:
            index, above = above, document.parent[above]
        return index

    def _bound(self, index: int) -> int:
        """Where the nearest box around an element ends."""
        document = self._document
        above = document.parent[index]
        while above > 0:
            if document.tags[above] in _BOUNDS or document.get(above, "role") in _NAMED_ROLES:
                return document.stop[above]
            above = document.parent[above]
        return document.stop[0]

    def _widen_to_cards(self, pairs: list[tuple[_Heading, _Heading]], headings: list[_Heading]) -> None:
        """Where sibling headings stand each in a box of its own, each section is its whole box."""
        document = self._document
        ticks = [document.start[heading.index] for heading in headings]
        for one, other in pairs:
            first, second = self._card(one, ticks), self._card(other, ticks)
            if document.parent[first] != document.parent[second] or document.tags[first] != document.tags[second]:
                continue
            for heading, card in ((one, first), (other, second)):
                if card != heading.wrapper:
                    heading.start = min(heading.start, document.start[card])
                    heading.stop = document.stop[card]

    def _card(self, heading: _Heading, ticks: list[int]) -> int:
        """The outermost element around a heading in which no heading of its rank or above comes before or after it.

        Only the heading just before is looked at, and those after it up to the heading's own end.
        """
        document = self._document
        at = bisect_left(ticks, document.start[heading.index])
        before = ticks[at - 1] if at else 0
        index, above = heading.wrapper, document.parent[heading.wrapper]
        while above > 0 and document.start[above] > before and document.stop[above] <= heading.stop + 1:
            index, above = above, document.parent[above]
        return index

    def _headings(self) -> list[_Heading]:
        document = self._document
        found: dict[int, _Heading] = {}
        named = {heading for tag in HEADINGS for heading in document.of_tag.get(tag, ())}
        for index in sorted(named | set(document.of_role.get("heading", ()))):
            level = document.get(index, "aria-level")
            rank = int(level) if level in tuple("123456789") else HEADINGS.get(document.tags[index], 2)
            self._add(found, index, rank)
        ranks: dict[tuple[int, str, str], int] = {}
        for index, kind in (*self._title_rows(), *self._title_classes(), *self._terms(), *self._bold_lines()):
            signature = (kind, document.tags[index], document.get(index, "class"))
            order = ranks.setdefault(signature, sum(1 for known in ranks if known[0] == kind))
            self._add(found, index, kind * 1000 + order)
        return sorted(found.values(), key=lambda heading: document.start[heading.index])

    def _add(self, found: dict[int, _Heading], index: int, rank: int) -> None:
        document = self._document
        if not document.is_visible(index):
            return
        names = _unique([document.text(index), document.text(index, space=" ")])
        if names and not any(self._encloses(known, index) for known in found):
            wrapper = self._wrapper(index)
            found[index] = _Heading(index, rank, names, wrapper, document.start[wrapper])

    def _encloses(self, known: int, index: int) -> bool:
        document = self._document
        return document.inside(index, known) or document.inside(known, index)

    def _wrapper(self, index: int) -> int:
        """The outermost element that shows nothing but this heading; for a heading bar made of a table, the table."""
        document = self._document
        count = document.solid_in(document.start[index], document.stop[index])
        above = document.parent[index]
        while above > 0 and document.tags[above] not in ("body", "form"):
            if document.solid_in(document.start[above], document.stop[above]) != count or self._has_control(above):
                break
            index, above = above, document.parent[above]
        table = document.context[index].table
        if table < 0 or len(document.tables.get(table, ())) != 1 or self._has_control(table):
            return index
        is_bar = document.solid_in(document.start[table], document.stop[table]) <= count + MOST_BESIDE
        return table if is_bar else index

    def _has_control(self, index: int) -> bool:
        return self._names.tables.has_field(index)

    # -- titles that are no headings --------------------------------------------------------------------------

    def _title_rows(self) -> list[tuple[int, int]]:
        """Rows of tables with one cell across all columns: ``Software :: Backup Settings``."""
        document = self._document
        found = []
        for table, rows in document.tables.items():
            if document.flags[table] & NAVIGATION or len(rows) < 2:
                continue
            wide = any(len(document.rows.get(row, ())) > 1 for row in rows)
            for at, row in enumerate(rows):
                cells = document.rows.get(row, [])
                if len(cells) != 1 or not self._is_title(cells[0]):
                    continue
                marked = self._is_marked(cells[0])
                if marked or (at == 0 and (wide or document.has(cells[0], "colspan"))):
                    found.append((cells[0], _TITLE_ROW))
        return found

    def _is_marked(self, index: int) -> bool:
        document = self._document
        if document.tags[index] == "th" or _TITLE_CLASSES.search(document.get(index, "class")):
            return True
        pieces = list(document.pieces_in(document.start[index], document.stop[index]))
        return all(document.flags[piece.owner] & BOLD for piece in pieces if piece.text.strip("\x1f \t\r\n"))

    def _is_title(self, index: int) -> bool:
        """Whether an element holds one short line of text and nothing to fill in, press or follow."""
        document = self._document
        if self._has_control(index) or not document.is_visible(index):
            return False
        text = document.text(index)
        if not fold(text) or len(text) > LONGEST_TITLE:
            return False
        start, stop = document.start[index], document.stop[index]
        if len(document.blocks_in(start, stop)) != 1:
            return False
        inner = document.elements_in(start, stop)
        return not any(document.tags[each] in ("a", "button", "input", "select", "label") for each in inner)

    def _title_classes(self) -> list[tuple[int, int]]:
        """Elements whose class says that they are a title."""
        document = self._document
        return [
            (index, _TITLE_CLASS)
            for index in document.all_of(*_TITLE_TAGS)
            if _TITLE_CLASSES.search(document.get(index, "class"))
            and not document.flags[index] & (NAVIGATION | CONTROL | SILENT)
            and document.stop[index] - document.start[index] < 60
            and document.context[index].label < 0
            and self._is_alone(index)
            and self._is_title(index)
        ]

    def _is_alone(self, index: int) -> bool:
        """Whether an element in a table cell is not merely one cell of several in its row."""
        document = self._document
        cells = document.rows.get(document.context[index].row, ())
        return document.context[index].cell < 0 or len(cells) == 1 or document.context[index].cell != index

    def _terms(self) -> list[tuple[int, int]]:
        """Terms of a description list whose description has fields or buttons."""
        document = self._document
        found = []
        for index in document.all_of("dt"):
            following = document.next_sibling(index)
            if following >= 0 and document.tags[following] == "dd" and self._has_control(following):
                found.append((index, _TERM))
        return found

    def _bold_lines(self) -> list[tuple[int, int]]:
        """Lines in bold letters that stand alone."""
        document = self._document
        found = []
        for block in document.blocks:
            if len(block.text) <= LONGEST_TITLE and self._is_bold_line(block):
                index = block.segments[0].owner
                if self._is_title(index) and document.text(index, space=" ") == block.text:
                    found.append((index, _BOLD_LINE))
        return found

    def _is_bold_line(self, block: Block) -> bool:
        document = self._document
        for piece in block.segments:
            flags = document.flags[piece.owner]
            if not flags & BOLD or flags & NAVIGATION:
                return False
        owner = block.segments[0].owner
        context = document.context[owner]
        if context.label >= 0 or document.tags[owner] in ("th", "dt", "a", "legend", "caption", "summary"):
            return False
        cells = document.rows.get(context.row, ())
        return context.cell < 0 or len(cells) == 1 or not self._fills(block, context.cell)

    def _fills(self, block: Block, cell: int) -> bool:
        """Whether the line is all that its cell shows."""
        return self._document.text(cell, space=" ") == clean(block.text)


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if fold(name)))


def _names_alike(outer: Section, inner: Section) -> bool:
    """Whether a heading only names the container that it stands at the head of."""
    if outer.rank != _CONTAINER or inner.rank == _CONTAINER or outer.children:
        return False
    return not {fold(name) for name in outer.names}.isdisjoint(fold(name) for name in inner.names)
