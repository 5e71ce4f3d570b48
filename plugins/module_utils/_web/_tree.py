# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A page as parsed: its elements in document order, what is visible, and where text stands.

Everything is worked out in one walk. Each element and each piece of text gets a tick of one running counter, so that
"is inside" is a comparison of numbers and a section, which is no element, can be an interval like any other. Nothing
here recurses and nothing climbs the tree for each element, so a hostile page costs no more than a long one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ansible_collections.bt_ops.pra.plugins.module_utils._web._looks import (
    BLOCK_ROLES,
    BLOCKS,
    BOLD,
    CALLED_MENU,
    CLOSED,
    CONTROL,
    DISABLED,
    FOOTNOTE,
    HIDDEN,
    INERT,
    LINK,
    NAVIGATION,
    SILENT,
    Looks,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._source import (
    CONTROL_TAGS,
    Element,
    attributes_of,
    owners,
    text_of,
    tree_of,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import clean

__all__ = [
    "BOLD", "CLOSED", "CONTROL", "DISABLED", "FOOTNOTE", "HIDDEN", "INERT", "NAVIGATION", "SILENT",
    "Block", "Context", "Document", "Piece",
]

LONGEST_NAME = 2_000  # characters of a name or title that are looked at
_DRAWINGS = frozenset({"svg", "g"})  # their title is what they are called
_UNSEEN = HIDDEN | SILENT
_CLOCK = re.compile(r"\d:\d\d")


class Context(NamedTuple):
    """The nearest ancestors of each kind, as indices; -1 is none. Shared by all elements that have the same."""

    form: int = -1
    label: int = -1
    cell: int = -1
    row: int = -1
    table: int = -1
    group: int = -1
    item: int = -1


class Piece(NamedTuple):
    """A run of text: its tick, what it says, the element it stands in. The text ``\\n`` is the edge of a block."""

    tick: int
    text: str
    owner: int


_NOWHERE = Context()
_PLACES = frozenset({"td", "th", "tr", "table", "form", "label", "fieldset", "li"})
_CELL_ROLES = {"cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}
_GROUP_ROLES = frozenset({"group", "radiogroup"})


class Document:
    """One parsed page."""

    def __init__(self, source: bytes, encoding: str = "", drawn: bool = False) -> None:
        """Parse a page; whatever bytes these are, there is a document afterwards.

        :param drawn: it is what a browser shows, scripts and all.
        """
        self.drawn = drawn
        self._source = text_of(source, encoding)
        self.root = tree_of(self._source)
        self.elements: list[Element] = []
        self.attributes: list[dict[str, str]] = []
        self.tags: list[str] = []
        self.start: list[int] = []
        self.stop: list[int] = []
        self.parent: list[int] = []
        self.flags: list[int] = []
        self.context: list[Context] = []
        self.piece_ticks: list[int] = []
        self._texts: list[str] = []
        self._owners: list[int] = []
        self.ids: dict[str, int] = {}
        self.same_id: dict[str, list[int]] = {}
        self.of_tag: dict[str, list[int]] = {}
        self.of_role: dict[str, list[int]] = {}
        self.rows: dict[int, list[int]] = {}
        self.tables: dict[int, list[int]] = {}
        self._tick = 0
        self._last = ""
        self._walk()

    # -- the walk ---------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """One pass in document order: an element is closed when one comes that does not stand in it.

        Everything that is said here of one element is said some ten thousand times a page, hence the local names.
        """
        elements, parents, starts = self.elements, self.parent, self.start
        all_flags, contexts = self.flags, self.context
        of_tag, flags_of, close = self.of_tag, Looks(self.root, self.drawn).flags, self._close
        open_elements: list[int] = []
        parent = -1
        for element in self.root.iter("*"):
            above = element.getparent()
            while parent >= 0 and elements[parent] is not above:
                close(open_elements.pop())
                parent = open_elements[-1] if open_elements else -1
            index = len(elements)
            tag = element.tag
            attributes = attributes_of(element)
            role = attributes["role"].split(" ")[0].lower() if "role" in attributes else ""
            flags = flags_of(tag, role, attributes)
            context = _NOWHERE
            if parent >= 0:
                flags |= self._inherited(tag, parent)
                context = contexts[parent]
                if tag == "title" and self.tags[parent] in _DRAWINGS:
                    flags = all_flags[parent]
            if tag in _PLACES or role:
                context = self._context_of(context, tag, role, index)
            elements.append(element)
            self.attributes.append(attributes)
            self.tags.append(tag)
            parents.append(parent)
            all_flags.append(flags)
            contexts.append(context)
            if tag in of_tag:
                of_tag[tag].append(index)
            else:
                of_tag[tag] = [index]
            if role:
                self.of_role.setdefault(role, []).append(index)
            if "id" in attributes:
                self.ids.setdefault(attributes["id"], index)
                self.same_id.setdefault(attributes["id"], []).append(index)
            self._tick += 1
            starts.append(self._tick)
            self.stop.append(0)
            if not flags & _UNSEEN:
                is_block = tag in BLOCKS or role in BLOCK_ROLES
                self._add("\n" if is_block else attributes.get("alt") or "\x1f", index)
                if tag == "time" and "datetime" in attributes and not _CLOCK.search("".join(element.itertext())):
                    # "two minutes ago" says something else each time it is read
                    self._add(attributes["datetime"], parent)
                    all_flags[index] |= SILENT
                elif element.text:
                    self._add(element.text, index)
            parent = index
            open_elements.append(index)
        while open_elements:
            close(open_elements.pop())
        self._settle_menus()

    def _settle_menus(self) -> None:
        """What is called a menu is one if it has nothing to fill in and most of its text is links."""
        fields = [self.start[index] for index in self.all_of("input", "select", "textarea")]
        beyond = 0
        for index, flags in enumerate(self.flags):
            start, stop = self.start[index], self.stop[index]
            if not flags & CALLED_MENU or flags & NAVIGATION or start < beyond:
                continue
            at = bisect_left(fields, start)
            if at < len(fields) and fields[at] < stop or not self._is_mostly_links(start, stop):
                continue
            beyond = stop
            for inner in self.elements_in(start, stop):
                self.flags[inner] |= NAVIGATION

    def _is_mostly_links(self, start: int, stop: int) -> bool:
        """Whether an interval has as many links, folded up or not, as other texts; or is but the current entry."""
        first, last = bisect_left(self.piece_ticks, start), bisect_left(self.piece_ticks, stop)
        solid = [self._owners[at] for at in range(first, last) if not self._texts[at].isspace()]
        others = sum(1 for owner in solid if not self.flags[owner] & (LINK | CONTROL))
        links = [self.start[index] for index in self.of_tag.get("a", ())]
        return others <= max(bisect_left(links, stop) - bisect_left(links, start), 1)

    def _inherited(self, tag: str, parent: int) -> int:
        """What is said about the parent holds for its children; only the legend of a greyed field set is not greyed."""
        flags = self.flags[parent] & ~CALLED_MENU
        if tag == "legend" and flags & DISABLED and "disabled" in self.attributes[parent]:
            return flags & ~DISABLED
        return flags

    def _close(self, index: int) -> None:
        if not self.flags[index] & _UNSEEN:
            is_block = self.tags[index] in BLOCKS or self.attributes[index].get("role") in BLOCK_ROLES
            self._add("\n" if is_block else "\x1f", index)
        self._tick += 1
        self.stop[index] = self._tick
        parent = self.parent[index]
        tail = self.elements[index].tail
        if tail and parent >= 0 and not self.flags[parent] & _UNSEEN:
            self._add(tail, parent)

    def _add(self, text: str, owner: int) -> None:
        self._tick += 1
        if text == self._last and (text == "\n" or text == "\x1f"):
            return
        self._last = text
        self.piece_ticks.append(self._tick)
        self._texts.append(text)
        self._owners.append(owner)

    def _context_of(self, around: Context, tag: str, role: str, index: int) -> Context:
        kind = _CELL_ROLES.get(role, tag)
        form, label, cell, row, table, group, item = around
        if kind in ("td", "th"):
            if row >= 0:
                self.rows.setdefault(row, []).append(index)
            cell = index
        elif tag == "tr" or role == "row":
            if table >= 0:
                self.tables.setdefault(table, []).append(index)
            row, cell = index, -1
        elif tag == "table" or role in ("table", "grid", "treegrid"):
            table, row, cell = index, -1, -1
        elif tag == "form":
            form = index
        elif tag == "label":
            label = index
        elif tag == "fieldset" or role in _GROUP_ROLES:
            group = index
        elif tag == "li" or role == "listitem":
            item = index
        else:
            return around
        return Context(form, label, cell, row, table, group, item)

    # -- what is asked of it ----------------------------------------------------------------------------------

    @cached_property
    def pieces(self) -> list[Piece]:
        """All pieces of visible text in document order."""
        return list(map(Piece, self.piece_ticks, self._texts, self._owners))

    def get(self, index: int, name: str) -> str:
        """An attribute, ``""`` where it is absent."""
        return self.attributes[index].get(name, "")

    def has(self, index: int, name: str) -> bool:
        """Whether the element carries the attribute."""
        return name in self.attributes[index]

    def is_visible(self, index: int) -> bool:
        """Whether a person could see the element, as far as the page itself tells."""
        return not self.flags[index] & HIDDEN

    @cached_property
    def owner(self) -> dict[int, int]:
        """The form of each control as a browser sees it, -1 for none; what names its form itself is not regarded."""
        indices = self.all_of(*CONTROL_TAGS)
        found = owners(self._source)
        if [self.tags[index] for index in indices] != [tag for tag, _form in found]:
            return {index: self.context[index].form for index in indices}
        forms = self.of_tag.get("form", [])
        return {
            index: forms[form] if form >= 0 else -1 for index, (_tag, form) in zip(indices, found, strict=True)
        }

    def is_inert(self, index: int) -> bool:
        """Whether the element lies in a template: no part of the page."""
        return bool(self.flags[index] & INERT)

    def inside(self, index: int, outer: int) -> bool:
        """Whether an element is `outer` or lies in it."""
        return self.start[outer] <= self.start[index] < self.stop[outer]

    def all_of(self, *tags: str) -> list[int]:
        """The elements of these tags in document order."""
        if len(tags) == 1:
            return self.of_tag.get(tags[0], [])
        return sorted(index for tag in tags for index in self.of_tag.get(tag, ()))

    def elements_in(self, start: int, stop: int) -> range:
        """The elements that start within an interval of ticks."""
        return range(bisect_left(self.start, start), bisect_left(self.start, stop))

    def next_sibling(self, index: int) -> int:
        """The element right behind this one under the same parent, -1 where there is none."""
        following = bisect_left(self.start, self.stop[index])
        if following < len(self.start) and self.parent[following] == self.parent[index]:
            return following
        return -1

    def solid_in(self, start: int, stop: int) -> int:
        """How many pieces of text that is no white space lie within an interval of ticks."""
        ticks = self._solid_ticks
        return bisect_left(ticks, stop) - bisect_left(ticks, start)

    @cached_property
    def _solid_ticks(self) -> list[int]:
        return [tick for tick, text in zip(self.piece_ticks, self._texts, strict=True) if not text.isspace()]

    def pieces_in(self, start: int, stop: int) -> Iterator[Piece]:
        """The pieces of visible text within an interval of ticks."""
        pieces = self.pieces
        for at in range(bisect_left(self.piece_ticks, start), len(pieces)):
            if pieces[at].tick >= stop:
                return
            yield pieces[at]

    def text(self, index: int, *, without: int = SILENT, space: str = "") -> str:
        """The visible text of an element as one line, at most `LONGEST_NAME` characters.

        :param without: flags; text whose element has one of them, and the element asked for has not, is left out.
        :param space: what to put between inline elements that touch; a browser puts nothing.
        """
        skip = without & ~self.flags[index]
        texts, owners, flags = self._texts, self._owners, self.flags
        first = bisect_left(self.piece_ticks, self.start[index])
        last = bisect_left(self.piece_ticks, self.stop[index], first)
        out: list[str] = []
        length = 0
        for at in range(first, last):
            if flags[owners[at]] & skip:
                continue
            text = texts[at]
            out.append(space if text == "\x1f" else text)
            length += len(text)
            if length > LONGEST_NAME:
                break
        return clean("".join(out))[:LONGEST_NAME]

    def any_text(self, index: int) -> str:
        """The text of an element even where it is hidden: what aria-labelledby may point at."""
        if self.is_visible(index):
            return self.text(index)
        return clean("".join(self.elements[index].itertext()))[:LONGEST_NAME]

    def blocks_in(self, start: int, stop: int) -> list[Block]:
        """The blocks of visible text within an interval of ticks, without the text of controls."""
        blocks = self.blocks
        at = bisect_left(self._block_ticks, start)
        found: list[Block] = []
        while at < len(blocks) and blocks[at].start < stop:
            found.append(blocks[at])
            at += 1
        return found

    @cached_property
    def blocks(self) -> list[Block]:
        """Every block of visible text in document order."""
        found: list[Block] = []
        segments: list[Piece] = []

        def flush() -> None:
            text = clean("".join(" " if piece.text == "\x1f" else piece.text for piece in segments))
            if text:
                solid = [piece for piece in segments if piece.text != "\x1f" and piece.text.strip()]
                found.append(Block(solid[0].tick, text, tuple(solid)))
            segments.clear()

        for piece in self.pieces:
            if piece.text == "\n":
                flush()
            elif not self.flags[piece.owner] & (CONTROL | CLOSED):
                segments.append(piece)
        flush()
        return found

    @cached_property
    def _block_ticks(self) -> list[int]:
        return [block.start for block in self.blocks]


@dataclass(frozen=True)
class Block:
    """A line of text as it is shown: where it starts, what it says, the pieces it is made of."""

    start: int
    text: str
    segments: tuple[Piece, ...]
