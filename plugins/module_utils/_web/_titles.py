# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Titles that are no heading elements: rows across a table, bold lines, terms, and what a class calls a title."""

from __future__ import annotations

import re

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
TITLE_ROW, TITLE_CLASS, TERM, BOLD_LINE = 10, 11, 12, 20  # kinds, surer ones lower
_TITLE_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:title|heading|header|headline|caption|legend|sectionname)(?:$|[\s_-])", re.I
)
_TITLE_TAGS = ("div", "span", "p", "td", "li")


class Titles:
    """Finds the titles of one document that no heading element marks."""

    def __init__(self, document: Document, names: Names) -> None:
        self._document = document
        self._names = names

    def all(self) -> list[tuple[int, int]]:
        """Each title's element and kind, the surer kinds first."""
        return [*self._rows(), *self._classes(), *self._terms(), *self._bold_lines()]

    def wrapper(self, index: int) -> int:
        """The outermost element that shows nothing but this heading; for a heading bar made of a table, the table."""
        document = self._document
        count = document.solid_in(document.start[index], document.stop[index])
        above = document.parent[index]
        while above > 0 and document.tags[above] not in ("body", "form"):
            shown = document.solid_in(document.start[above], document.stop[above])
            if shown != count or self._names.tables.has_field(above):
                break
            index, above = above, document.parent[above]
        table = document.context[index].table
        if table < 0 or len(document.tables.get(table, ())) != 1 or self._names.tables.has_field(table):
            return index
        is_bar = document.solid_in(document.start[table], document.stop[table]) <= count + MOST_BESIDE
        return table if is_bar else index

    def _rows(self) -> list[tuple[int, int]]:
        """Rows of tables with one cell across all columns: ``Software :: Backup Settings``."""
        document = self._document
        found = []
        for table, rows in document.tables.items():
            if document.flags[table] & NAVIGATION or len(rows) < 2:
                continue
            wide = any(len(document.rows.get(row, ())) > 1 for row in rows)
            for at, row in enumerate(rows):
                cells = document.rows.get(row, [])
                if len(cells) != 1 or not self.is_title(cells[0]):
                    continue
                marked = self._is_marked(cells[0])
                if marked or (at == 0 and (wide or document.has(cells[0], "colspan"))):
                    found.append((cells[0], TITLE_ROW))
        return found

    def _is_marked(self, index: int) -> bool:
        document = self._document
        if document.tags[index] == "th" or _TITLE_CLASSES.search(document.get(index, "class")):
            return True
        pieces = list(document.pieces_in(document.start[index], document.stop[index]))
        return all(document.flags[piece.owner] & BOLD for piece in pieces if piece.text.strip("\x1f \t\r\n"))

    def is_title(self, index: int) -> bool:
        """Whether an element holds one short line of text and nothing to fill in, press or follow."""
        document = self._document
        if self._names.tables.has_field(index) or not document.is_visible(index):
            return False
        text = document.text(index)
        if not fold(text) or len(text) > LONGEST_TITLE:
            return False
        start, stop = document.start[index], document.stop[index]
        if len(document.blocks_in(start, stop)) != 1:
            return False
        inner = document.elements_in(start, stop)
        return not any(document.tags[each] in ("a", "button", "input", "select", "label") for each in inner)

    def _classes(self) -> list[tuple[int, int]]:
        """Elements whose class says that they are a title."""
        document = self._document
        return [
            (index, TITLE_CLASS)
            for index in document.all_of(*_TITLE_TAGS)
            if _TITLE_CLASSES.search(document.get(index, "class"))
            and not document.flags[index] & (NAVIGATION | CONTROL | SILENT)
            and document.stop[index] - document.start[index] < 60
            and document.context[index].label < 0
            and self._is_alone(index)
            and self.is_title(index)
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
            if following >= 0 and document.tags[following] == "dd" and self._names.tables.has_field(following):
                found.append((index, TERM))
        return found

    def _bold_lines(self) -> list[tuple[int, int]]:
        """Lines in bold letters that stand alone."""
        document = self._document
        found = []
        for block in document.blocks:
            if len(block.text) <= LONGEST_TITLE and self._is_bold_line(block):
                index = block.segments[0].owner
                if self.is_title(index) and document.text(index, space=" ") == block.text:
                    found.append((index, BOLD_LINE))
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
