# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read-only values beside their labels, whatever the page draws them with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Controls
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import clean, fold, is_one_of, without_brackets
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import (
    CLOSED,
    CONTROL,
    FOOTNOTE,
    NAVIGATION,
    SILENT,
    Block,
    Document,
)

_NO_VALUE = SILENT | CONTROL | CLOSED
MOST_BLOCKS = 4  # lines that a value may have
_NOT_FACTS = frozenset(
    {"input", "select", "textarea", "button", "a", "nav", "form", "section", "fieldset", "table", "ul", "main", "aside"}
)
_NO_LABELS = frozenset({"legend", "caption", "summary"})
Words = tuple[str, ...]


class Facts:
    """Finds the values of labels within one document."""

    def __init__(self, document: Document, controls: Controls) -> None:
        self._document = document
        self._controls = controls
        self._tables = controls.names.tables

    def find(self, words: Words, start: int, stop: int) -> list[str]:
        """The different values that stand beside a label within an interval of ticks."""
        found: dict[str, str] = {}
        for value in self._all(words, start, stop):
            shown = clean(value)
            if shown:
                found.setdefault(fold(shown) or shown, shown)
        return list(found.values())

    def _all(self, words: Words, start: int, stop: int) -> Iterator[str]:
        yield from self._in_cells(words, start, stop)
        yield from self._in_fields(words, start, stop)
        yield from self._in_lines(words, start, stop)
        yield from self._by_aria(words, start, stop)

    def _is(self, text: str, words: Words) -> bool:
        return is_one_of(text, words) or is_one_of(without_brackets(text), words)

    def _value(self, index: int) -> str:
        """What an element shows: its text, else the value of the field in it."""
        document = self._document
        start, stop = document.start[index], document.stop[index]
        if len(document.blocks_in(start, stop)) > MOST_BLOCKS:
            return ""
        text = document.text(index, without=_NO_VALUE, space=" ")
        if text:
            return text
        inner = [each for each in self._controls.fields if start <= each.start < stop]
        return inner[0].value if len(inner) == 1 and inner[0].kind not in ("password", "file", "checkbox") else ""

    # -- tables -----------------------------------------------------------------------------------------------

    def _in_cells(self, words: Words, start: int, stop: int) -> Iterator[str]:
        document, tables = self._document, self._tables
        for row, cells in document.rows.items():
            if not start <= document.start[row] < stop or not document.is_visible(row):
                continue
            for at, cell in enumerate(cells):
                if not self._is(tables.text(cell), words) and not self._is(tables.label(cell), words):
                    continue
                if tables.is_head(row):
                    yield from self._below(row, cell)
                elif at + 1 < len(cells):
                    yield self._value(cells[at + 1])

    def _below(self, head: int, cell: int) -> Iterator[str]:
        """The value under a column heading, where the table has but one row of data."""
        document, tables = self._document, self._tables
        heads = tables.heads(document.context[cell].table)
        rows = [row for row, above in heads.items() if above == head]
        if len(rows) == 1:
            for each in tables.cells(rows[0]):
                if tables.heading_of(each) == tables.text(cell):
                    yield self._value(each)

    # -- fields -----------------------------------------------------------------------------------------------

    def _in_fields(self, words: Words, start: int, stop: int) -> Iterator[str]:
        for each in self._controls.fields:
            shows = start <= each.start < stop and each.kind not in ("password", "file", "checkbox")
            if shows and any(is_one_of(name, words) for name in each.names.strong):
                yield each.value

    # -- lines ------------------------------------------------------------------------------------------------

    def _in_lines(self, words: Words, start: int, stop: int) -> Iterator[str]:
        document = self._document
        blocks = document.blocks_in(start, stop)
        for at, block in enumerate(blocks):
            if document.flags[block.segments[0].owner] & NAVIGATION:
                continue
            if self._is(block.text, words) or self._is(_without_hints(document, block), words):
                yield self._behind(block, blocks[at + 1] if at + 1 < len(blocks) else None)
                continue
            label, colon, value = block.text.partition(":")
            if colon and value.strip() and self._is(label, words):
                yield value
                continue
            yield from self._in_segments(block, words)

    def _in_segments(self, block: Block, words: Words) -> Iterator[str]:
        """A label in an element of its own, its value behind it on the same line."""
        texts = [piece.text for piece in block.segments if not self._document.flags[piece.owner] & FOOTNOTE]
        for count in range(1, min(len(texts), 4)):
            if self._is(" ".join(texts[:count]), words):
                yield clean(" ".join(texts[count:])).lstrip(": ")
                return

    def _behind(self, block: Block, following: Block | None) -> str:
        """The value of a label that fills a line: the next element, or the next line under the same parent."""
        document = self._document
        index = self._alone(block)
        cell = document.context[index].cell
        if document.tags[index] in _NO_LABELS or (cell >= 0 and self._tables.text(cell) == block.text):
            return ""
        sibling = document.next_sibling(index)
        if sibling >= 0 and document.tags[sibling] != "br":
            return self._value(sibling)
        if following is not None and document.parent[index] >= 0:
            owner = following.segments[0].owner
            if owner == document.parent[index] or owner == index:
                return following.text
        return ""

    def _alone(self, block: Block) -> int:
        """The outermost element that shows nothing but the line and has no place behind it for a value."""
        document = self._document
        index = block.segments[0].owner
        above = document.parent[index]
        count = len(block.segments)
        while above > 0 and document.solid_in(document.start[above], document.stop[above]) == count:
            whole = document.solid_in(document.start[index], document.stop[index]) == count
            if whole and document.next_sibling(index) >= 0:
                break
            index, above = above, document.parent[above]
        return index

    # -- ARIA -------------------------------------------------------------------------------------------------

    @cached_property
    def _named(self) -> list[int]:
        """Elements that carry an accessible name of their own and are no controls; outputs with a label, too."""
        document = self._document
        found = set(document.all_of("output", "meter", "progress"))
        for index, attributes in enumerate(document.attributes):
            named = "aria-label" in attributes or "aria-labelledby" in attributes
            if named and document.tags[index] not in _NOT_FACTS:
                found.add(index)
        return sorted(index for index in found if document.is_visible(index) and not document.flags[index] & CONTROL)

    def _by_aria(self, words: Words, start: int, stop: int) -> Iterator[str]:
        document = self._document
        for index in self._named:
            if start <= document.start[index] < stop:
                names = self._controls.names.of_button(index).strong
                labelled = [name for name in names if name != document.text(index)]
                if any(is_one_of(name, words) for name in labelled):
                    told = document.get(index, "aria-valuetext") or document.get(index, "value")
                    yield self._value(index) or told


def _without_hints(document: Document, block: Block) -> str:
    """A line without what is small print in it."""
    return clean(" ".join(piece.text for piece in block.segments if not document.flags[piece.owner] & FOOTNOTE))
