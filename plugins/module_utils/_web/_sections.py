# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sections of a page: what stands under which heading, legend, caption or title row.

A section is an interval of ticks (see `_tree`): a heading is no container, yet a person knows where its part of the
page ends, namely at the next heading of its kind or at the end of the box that both are drawn in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import Names
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import fold, is_title
from ansible_collections.bt_ops.pra.plugins.module_utils._web._titles import BOLD_LINE, LONGEST_TITLE, Titles
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import NAVIGATION, Block, Document

_NO_HEADS = frozenset({"a", "legend", "caption"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PLAIN, _CONTAINER = 30, 0
_NAMED = frozenset({"fieldset", "section", "article", "details", "table", "form", "dialog", "aside", "main", "figure"})
_NAMED_ROLES = frozenset(
    {"region", "group", "form", "article", "dialog", "alertdialog", "tabpanel", "table", "grid", "main", "status"}
)
_BOUNDS = frozenset(
    {"section", "article", "aside", "nav", "main", "dialog", "fieldset", "details", "td", "th", "li", "dd", "table"}
    | {"body", "footer"}
)


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
        self._titles = Titles(document, names)
        self._taken: list[tuple[int, int]] = []

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

    def plain(self, words: tuple[str, ...]) -> list[Section]:
        """Parts of the page under a line that reads like one of the words, though nothing marks it as a title.

        Such a part reaches to the next line drawn in the same way, and has something in it to fill in or press.
        """
        document = self._document
        titled = [each for each in self.all if any(is_title(name, words) for name in each.names)]
        found = []
        for block in document.blocks:
            if len(block.text) > LONGEST_TITLE or not is_title(block.text, words) or not self._may_head(block):
                continue
            if any(each.start <= block.start < each.stop for each in titled):
                continue
            wrapper = self._titles.wrapper(block.segments[0].owner)
            stop = next(
                (document.start[each] for each in self._behind(wrapper) if self._is_drawn_like(each, wrapper)),
                document.stop[max(document.parent[wrapper], 0)],
            )
            if any(self._acts(index) for index in document.elements_in(document.stop[wrapper], stop)):
                found.append(Section((block.text,), document.start[wrapper], stop, _PLAIN, wrapper))
        return found

    def _may_head(self, block: Block) -> bool:
        document = self._document
        owner = block.segments[0].owner
        context = document.context[owner]
        if document.flags[owner] & NAVIGATION or context.label >= 0 or document.tags[owner] in _NO_HEADS:
            return False
        return context.cell < 0 or len(document.rows.get(context.row, ())) == 1

    def _behind(self, index: int) -> Iterator[int]:
        following = self._document.next_sibling(index)
        while following >= 0:
            yield following
            following = self._document.next_sibling(following)

    def _is_drawn_like(self, index: int, other: int) -> bool:
        document = self._document
        return (
            document.tags[index] == document.tags[other]
            and document.get(index, "class") == document.get(other, "class")
            and self._titles.is_title(index)
        )

    def _acts(self, index: int) -> bool:
        tags = self._document.tags
        return tags[index] in ("input", "select", "textarea", "button") and self._document.is_visible(index)

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
        for index, kind in self._titles.all():
            tag = "" if kind == BOLD_LINE else document.tags[index]
            signature = (kind, tag, document.get(index, "class"))
            order = ranks.setdefault(signature, sum(1 for known in ranks if known[0] == kind))
            self._add(found, index, kind * 1000 + order)
        return sorted(found.values(), key=lambda heading: document.start[heading.index])

    def _add(self, found: dict[int, _Heading], index: int, rank: int) -> None:
        document = self._document
        if not document.is_visible(index):
            return
        names = _unique([document.text(index), document.text(index, space=" ")])
        if names and not self._overlaps(index):
            wrapper = self._titles.wrapper(index)
            found[index] = _Heading(index, rank, names, wrapper, document.start[wrapper])

    def _overlaps(self, index: int) -> bool:
        """Whether an element lies in a heading that is known, or around one; remembers it where it does not."""
        document = self._document
        start, stop = document.start[index], document.stop[index]
        at = bisect_left(self._taken, (start, 0))
        before, behind = self._taken[at - 1 : at], self._taken[at : at + 1]
        if (before and before[0][1] > start) or (behind and behind[0][0] < stop):
            return True
        self._taken.insert(at, (start, stop))
        return False


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if fold(name)))


def _names_alike(outer: Section, inner: Section) -> bool:
    """Whether a heading only names the container that it stands at the head of."""
    if outer.rank != _CONTAINER or inner.rank == _CONTAINER or outer.children:
        return False
    return not {fold(name) for name in outer.names}.isdisjoint(fold(name) for name in inner.names)
