# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a person calls a control: accessible names (accname 1.2, HTML-AAM) and labels by position.

A control can be called by several names, say an aria-label and the words beside it; all that are seen or read out are
strong. Tooltips and placeholders are weak: they count only where no strong name of any control fits.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from ansible_collections.bt_ops.pra.plugins.module_utils._web._tables import Tables
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import clean, fold, without_brackets
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import (
    CONTROL,
    FOOTNOTE,
    HIDDEN,
    SILENT,
    Document,
    Piece,
)

BUTTON_TYPES = frozenset({"submit", "image", "button", "reset"})
TICKED = frozenset({"checkbox", "radio"})
LONGEST_LINE = 40  # fields of one line that are looked at to tell labels before from labels behind


class NameList(NamedTuple):
    """The names of one control, the strong before the weak ones, each kind without repetition."""

    strong: tuple[str, ...]
    weak: tuple[str, ...]

    @property
    def first(self) -> str:
        """The name to show in messages."""
        return next(iter(self.strong + self.weak), "")


def nameless(_index: int) -> NameList:
    """The names of what has none."""
    return NameList((), ())


class Names:
    """Finds the names of the controls of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def fields(self) -> list[int]:
        """Inputs, selects and text areas that take a value, in document order; hidden ones too."""
        document = self._document
        return [
            index
            for index in document.all_of("input", "select", "textarea")
            if document.tags[index] != "input" or document.get(index, "type").lower() not in BUTTON_TYPES | {"hidden"}
        ]

    @cached_property
    def tables(self) -> Tables:
        """The tables of the document."""
        return Tables(self._document, self._seen)

    @cached_property
    def _seen(self) -> list[int]:
        return [index for index in self.fields if self._document.is_visible(index)]

    @cached_property
    def _ticks(self) -> list[int]:
        return [self._document.start[index] for index in self._seen]

    @cached_property
    def _labels(self) -> dict[int, list[int]]:
        """The labels of each labelable element: those that name it, and the one around it."""
        document = self._document
        found: dict[int, list[int]] = {}
        taken: set[int] = set()
        by_target: dict[str, list[int]] = {}
        for label in document.all_of("label"):
            if document.get(label, "for"):
                taken.add(label)
                by_target.setdefault(document.get(label, "for"), []).append(label)
        for target, labels in by_target.items():
            same = document.same_id.get(target, [])
            # Sloppy pages use an id again in each form, and so do the labels: these belong together in their order.
            paired = same if len(same) == len(labels) else same[:1] * len(labels)
            for index, label in zip(paired, labels, strict=False):
                found.setdefault(index, []).append(label)
        for index in document.all_of("input", "select", "textarea", "button", "output", "meter", "progress"):
            label = document.context[index].label
            if label >= 0 and label not in taken and document.get(index, "type").lower() != "hidden":
                taken.add(label)
                found.setdefault(index, []).append(label)
        return {index: sorted(labels) for index, labels in found.items()}

    def labels(self, index: int) -> list[int]:
        """The visible label elements of a control."""
        return [label for label in self._labels.get(index, ()) if self._document.is_visible(label)]

    # -- names ------------------------------------------------------------------------------------------------

    def of_button(self, index: int) -> NameList:
        """The names of a button or of a link."""
        document = self._document
        strong = self._by_aria(index)
        if document.tags[index] == "input":
            kind = document.get(index, "type").lower()
            strong.append(document.get(index, "alt" if kind == "image" else "value"))
            weak = [document.get(index, "value") if kind == "image" else "", document.get(index, "title")]
        else:
            strong += self._texts(index, SILENT)
            weak = [document.get(index, "title")]
        strong += [text for label in self.labels(index) for text in self._texts(label, SILENT)]
        if not any(map(clean, strong)):
            strong, weak = weak, []
        return _names(strong, weak)

    def of_hidden(self, index: int) -> NameList:
        """The names of a link that is hidden until its menu is unfolded."""
        return _names([*self._by_aria(index), self._document.any_text(index)], [])

    def of_field(self, index: int) -> NameList:
        """The names of a field that is no radio button."""
        document = self._document
        strong = self._by_aria(index)
        labels = self.labels(index)
        for label in labels:
            strong += self._texts(label, SILENT | CONTROL)
        if len(labels) > 1:
            strong.append(" ".join(document.text(label, without=SILENT | CONTROL) for label in labels))
        weak = [document.get(index, name) for name in ("title", "placeholder", "aria-placeholder")]
        cell = document.context[index].cell
        if cell >= 0:
            weak += [document.get(cell, "data-label"), document.get(cell, "data-title")]
        beside = self.beside(index)
        if labels:
            head = self.tables.heading_of(cell) if cell >= 0 else ""
            strong.append(head)
        else:
            strong += beside
        return _names(strong, weak)

    def of_group(self, first: int) -> NameList:
        """The names of a group of radio buttons, of which the first is given."""
        document = self._document
        strong: list[str] = []
        group = document.context[first].group
        if group >= 0:
            strong += self.of_container(group)
        cell = document.context[first].cell
        if cell >= 0:
            strong += [self.tables.left_of(cell), self.tables.heading_of(cell)]
        label = document.context[first].label
        strong += self._before(label if label >= 0 else first)
        return _names(strong, [])

    def of_container(self, index: int) -> list[str]:
        """The names of an element that groups others: ARIA, legend, caption, summary."""
        strong = self._by_aria(index)
        document = self._document
        inner = {"fieldset": "legend", "table": "caption", "details": "summary", "figure": "figcaption"}.get(
            document.tags[index]
        )
        for child in document.elements[index].iterchildren(inner) if inner else ():
            at = self._index_of(child, index)
            if at >= 0 and document.is_visible(at):
                strong += self._texts(at, SILENT | CONTROL)
            break
        return [name for name in map(clean, strong) if name]

    def of_option(self, index: int) -> tuple[str, ...]:
        """What an option of a select, or one radio button, is called."""
        document = self._document
        if document.tags[index] == "option":
            shown = "".join(document.elements[index].itertext())
            return _names([document.get(index, "label"), shown], []).strong
        names = self._by_aria(index)
        for label in self.labels(index):
            names += self._texts(label, SILENT | CONTROL)
        if not any(map(clean, names)):
            names += self._beside_tick(index)
        return _names(names, [document.get(index, "title")]).strong or (document.get(index, "title"),)

    # -- parts of names ---------------------------------------------------------------------------------------

    def _index_of(self, element: object, parent: int) -> int:
        """The index of a child of an element."""
        document = self._document
        at = bisect_left(document.start, document.start[parent]) + 1
        while at < len(document.elements) and document.start[at] < document.stop[parent]:
            if document.elements[at] is element:
                return at
            at += 1
        return -1

    def _by_aria(self, index: int) -> list[str]:
        document = self._document
        if not document.attributes[index]:
            return []
        found: list[str] = []
        referred = document.get(index, "aria-labelledby").split()
        texts = [self._referred(document.ids[name]) for name in referred if name in document.ids]
        if texts:
            found.append(" ".join(texts))
            found += texts if len(texts) > 1 else []
        found.append(document.get(index, "aria-label"))
        return found

    def _referred(self, index: int) -> str:
        """The text that a reference by id stands for, hidden or not."""
        document = self._document
        own = document.get(index, "aria-label") or document.get(index, "alt")
        if not own and document.tags[index] == "input":
            own = document.get(index, "value") if document.get(index, "type").lower() != "password" else ""
        return clean(own) or document.any_text(index)

    def _texts(self, index: int, without: int) -> list[str]:
        """The text of an element, and the same without hints and with a space between touching elements."""
        document = self._document
        found = [
            document.text(index, without=without),
            document.text(index, without=without | FOOTNOTE),
            document.text(index, without=without | FOOTNOTE, space=" "),
        ]
        return [*found, without_brackets(found[-1])]

    # -- labels by position -----------------------------------------------------------------------------------

    def beside(self, index: int) -> list[str]:
        """What a person reads as the label of a field that has no label element."""
        document = self._document
        if document.get(index, "type").lower() in TICKED:
            return self._beside_tick(index)
        found = self._before(index)
        cell = document.context[index].cell
        if cell >= 0:
            if self._is_first_in(index, cell):
                left = self.tables.left_of(cell)
                found.append(left)
                if not left:
                    found.append(self.tables.above(cell))
            found.append(self.tables.heading_of(cell))
        return [text for name in found for text in (name, without_brackets(name))]

    def _beside_tick(self, index: int) -> list[str]:
        behind, before = self._line_behind(index), self._line_before(index)
        if behind and before and self._labels_stand_before(index):
            behind = ""
        found = [behind or before]
        cell = self._document.context[index].cell
        if cell >= 0:
            if not found[0]:
                left = self.tables.left_of(cell)
                found += [left, "" if left else self.tables.right_of(cell)]
            found.append(self.tables.heading_of(cell))
        elif not found[0] and not any(map(clean, self._by_aria(index))):
            # A box that says by itself what it is called is not called by the line above, which is another's label.
            found += self._before(index)
        return found

    def _is_first_in(self, index: int, cell: int) -> bool:
        at = bisect_left(self._ticks, self._document.start[cell])
        return at < len(self._seen) and self._seen[at] == index

    def _before(self, index: int) -> list[str]:
        """The text before a field on its line, or the line above it; nothing beyond another field or cell."""
        for without in (CONTROL | FOOTNOTE, CONTROL):
            line = self._line_before(index, without) or self._line_before(index, without, above=True)
            if line:
                return [line]
        return []

    def _line_before(self, index: int, without: int = CONTROL | FOOTNOTE, above: bool = False) -> str:
        document = self._document
        start = document.start[index]
        at = bisect_left(self._ticks, start) - 1
        limit = document.stop[self._seen[at]] if at >= 0 else -1
        pieces = document.pieces
        cell = document.context[index].cell
        found: list[Piece] = []
        at = bisect_left(document.piece_ticks, start) - 1
        while at >= 0 and pieces[at].tick > limit:
            piece = pieces[at]
            if piece.text == "\n":
                if found or not above:
                    break
            elif piece.text.strip() and not document.flags[piece.owner] & without:
                if document.context[piece.owner].cell != cell:
                    break
                found.append(piece)
            at -= 1
        return _joined(reversed(found))

    def _line_behind(self, index: int) -> str:
        document = self._document
        stop = document.stop[index]
        at = bisect_right(self._ticks, document.start[index])
        limit = self._ticks[at] if at < len(self._ticks) else document.stop[0] + 1
        found: list[Piece] = []
        for piece in document.pieces_in(stop, limit):
            if piece.text == "\n":
                break
            if not document.flags[piece.owner] & (CONTROL | FOOTNOTE | HIDDEN):
                found.append(piece)
        return _joined(found)

    def _labels_stand_before(self, index: int) -> bool:
        """Whether labels stand before the boxes to tick on a line: there is none behind the last one."""
        at = bisect_left(self._ticks, self._document.start[index])
        last = at
        while last + 1 < len(self._seen) and last - at < LONGEST_LINE and self._same_line(last, last + 1):
            last += 1
        return not self._line_behind(self._seen[last])

    def _same_line(self, one: int, other: int) -> bool:
        document = self._document
        between = document.pieces_in(document.stop[self._seen[one]], self._ticks[other])
        return all(piece.text != "\n" for piece in between)


def _joined(pieces: Iterable[Piece]) -> str:
    return clean("".join(" " if piece.text == "\x1f" else piece.text for piece in pieces))


def _names(strong: list[str], weak: list[str]) -> NameList:
    """Names without repetition and without those that say nothing."""
    seen: set[str] = set()
    kept: list[tuple[str, ...]] = []
    for names in (strong, weak):
        fresh = []
        for name in map(clean, names):
            folded = fold(name)
            if folded and folded not in seen:
                seen.add(folded)
                fresh.append(name)
        kept.append(tuple(fresh))
    return NameList(*kept)
