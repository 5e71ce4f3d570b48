# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables of a page, of elements or of ARIA roles: which cell stands left of, above, or at the head of which."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache

from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import CONTROL, FOOTNOTE, SILENT, Document

WIDEST = 200  # columns of a table that are looked at


class Tables:
    """The tables of one document."""

    def __init__(self, document: Document, fields: list[int]) -> None:
        """:param fields: the visible fields of the page in document order."""
        self._document = document
        self._fields = fields
        self._field_ticks = [document.start[index] for index in fields]
        self._position = {cell: at for cells in document.rows.values() for at, cell in enumerate(cells)}
        self._column = lru_cache(maxsize=None)(self._columns_by_cell)
        self.text = lru_cache(maxsize=None)(self._text)
        self.columns = lru_cache(maxsize=None)(self._columns)
        self.is_head = lru_cache(maxsize=None)(self._is_head)
        self._heads: dict[int, dict[int, int]] = {}

    def cells(self, row: int) -> list[int]:
        """The cells of a row, from the left."""
        return self._document.rows.get(row, [])

    def _text(self, cell: int) -> str:
        return self._document.text(cell, without=SILENT | CONTROL, space=" ")

    def label(self, cell: int) -> str:
        """The text of a cell without small print."""
        return self._document.text(cell, without=SILENT | CONTROL | FOOTNOTE, space=" ")

    def has_field(self, index: int) -> bool:
        """Whether a field lies in the element."""
        document = self._document
        at = bisect_left(self._field_ticks, document.start[index])
        return at < len(self._field_ticks) and self._field_ticks[at] < document.stop[index]

    def left_of(self, cell: int) -> str:
        """The text of the nearest cell to the left that has text and no field; a field in between ends the search."""
        cells = self.cells(self._document.context[cell].row)
        for at in range(self._position.get(cell, 0) - 1, -1, -1):
            if self.has_field(cells[at]):
                return ""
            if self.text(cells[at]):
                return self.text(cells[at])
        return ""

    def right_of(self, cell: int) -> str:
        """The text of the cell just to the right, where it has no field."""
        cells = self.cells(self._document.context[cell].row)
        at = self._position.get(cell, 0) + 1
        return self.text(cells[at]) if at < len(cells) and not self.has_field(cells[at]) else ""

    def _columns(self, row: int) -> tuple[tuple[int, int, int], ...]:
        """For each cell of a row: first column, first column after it, the cell."""
        found = []
        column = 0
        for cell in self.cells(row)[:WIDEST]:
            span = self._document.get(cell, "colspan") or self._document.get(cell, "aria-colspan")
            width = min(int(span), WIDEST) if span.isascii() and span.isdigit() and span != "0" else 1
            found.append((column, column + width, cell))
            column += width
        return tuple(found)

    def _is_head(self, row: int) -> bool:
        """Whether a row holds the headings of columns: in thead, or two or more header cells and nothing else."""
        document = self._document
        cells = self.cells(row)
        above = document.parent[row]
        if not cells or not (above >= 0 and document.tags[above] == "thead"):
            told = [cell for cell in cells if self.text(cell)]
            if len(told) < 2 or not all(self._is_header(cell) for cell in told):
                return False
        return not self.has_field(row) or self._has_only_a_box(row)

    def _is_header(self, cell: int) -> bool:
        return self._document.tags[cell] == "th" or self._document.get(cell, "role") == "columnheader"

    def _has_only_a_box(self, row: int) -> bool:
        """Whether the fields of a row are but a box to tick all rows."""
        document = self._document
        at = bisect_left(self._field_ticks, document.start[row])
        inside = [index for index in self._fields[at : at + 2] if document.inside(index, row)]
        return len(inside) == 1 and document.get(inside[0], "type").lower() == "checkbox"

    def heads(self, table: int) -> dict[int, int]:
        """For each row of a table the row of column headings that holds for it; rows without one are absent."""
        known = self._heads.get(table)
        if known is None:
            known = self._heads[table] = {}
            head = -1
            for row in self._document.tables.get(table, ()):
                if self.is_head(row):
                    head = row
                elif head >= 0:
                    known[row] = head
        return known

    def heading_of(self, cell: int) -> str:
        """The heading of the column in which a cell stands, ``""`` where the table has none."""
        context = self._document.context[cell]
        head = self.heads(context.table).get(context.row, -1)
        return self._aligned(cell, context.row, head) if head >= 0 else ""

    def above(self, cell: int) -> str:
        """The text of the cell right above, where that has no field and the row above has as many cells."""
        context = self._document.context[cell]
        rows = self._document.tables.get(context.table, [])
        at = bisect_left(rows, context.row)
        if at == 0 or at >= len(rows) or self.has_field(rows[at - 1]):
            return ""
        if len(self.cells(rows[at - 1])) != len(self.cells(context.row)):
            return ""
        return self._aligned(cell, context.row, rows[at - 1])

    def _aligned(self, cell: int, row: int, other: int) -> str:
        """The text of the cell of another row that stands in the same column."""
        column = self._column(row).get(cell, -1)
        columns = self.columns(other)
        at = bisect_right(columns, column, key=lambda each: each[0]) - 1
        return self.text(columns[at][2]) if column >= 0 and at >= 0 and column < columns[at][1] else ""

    def _columns_by_cell(self, row: int) -> dict[int, int]:
        return {cell: first for first, _after, cell in self.columns(row)}
