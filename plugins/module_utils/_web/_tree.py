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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import html
from ansible_collections.bt_ops.pra.plugins.module_utils._web._source import parse
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import clean

HIDDEN, SILENT, CONTROL, DISABLED, NAVIGATION, CLOSED, FOOTNOTE, BOLD, INERT = 1, 2, 4, 8, 16, 32, 64, 128, 256
LONGEST_NAME = 2_000  # characters of a name or title that are looked at
LONGEST_STYLE = 200_000  # characters of a style sheet that are looked at

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1",
        "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav",
        "noscript", "ol", "optgroup", "option", "p", "pre", "search", "section", "select", "summary", "table", "tbody",
        "td", "textarea", "tfoot", "th", "thead", "tr", "ul",
    }
)
_NEVER_SHOWN = frozenset(
    {
        "head", "script", "style", "template", "title", "meta", "link", "base", "object", "audio", "video", "iframe",
        "canvas",
    }
)
_BLOCK_ROLES = frozenset(
    {
        "alert", "article", "cell", "columnheader", "definition", "group", "gridcell", "heading", "listitem", "main",
        "navigation", "region", "row", "rowheader", "status", "table", "tabpanel", "term",
    }
)
_DRAWINGS = frozenset({"svg", "g"})  # their title is what they are called
_CONTROL_TAGS = frozenset({"button", "select", "textarea", "datalist"})
_NAVIGATION = re.compile(r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|menubar|tabs?|tabbar|sidebar|topbar)(?:$|[\s_-])")
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.I)
_HIDING_CLASS = frozenset({"hidden", "d-none", "is-hidden", "ng-hide", "hide"})
_SHOWING_CLASS = re.compile(r"(?:^|[:-])(?:block|flex|inline|grid|table(?:-\w+)*|contents)$")
_SIMPLE_SELECTOR = re.compile(r"^[.#][\w-]+$")
_FOOTNOTES = frozenset({"small", "sup", "abbr"})
_BOLD_TAGS = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_FOOTNOTE_CLASS = re.compile(r"(?:^|[\s_-])(?:help|hint|description|note|tooltip|required|optional|badge)(?:$|[\s_-])")


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


_CELL_ROLES = {"cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}
_GROUP_ROLES = frozenset({"group", "radiogroup"})


class Document:
    """One parsed page."""

    def __init__(self, source: bytes, encoding: str = "") -> None:
        """Parse a page; whatever bytes these are, there is a document afterwards."""
        self.root = parse(source, encoding)
        self.elements: list[html.HtmlElement] = []
        self.tags: list[str] = []
        self.start: list[int] = []
        self.stop: list[int] = []
        self.parent: list[int] = []
        self.flags: list[int] = []
        self.context: list[Context] = []
        self.pieces: list[Piece] = []
        self.ids: dict[str, int] = {}
        self.same_id: dict[str, list[int]] = {}
        self.of_tag: dict[str, list[int]] = {}
        self.of_role: dict[str, list[int]] = {}
        self.rows: dict[int, list[int]] = {}
        self.tables: dict[int, list[int]] = {}
        self._tick = 0
        self._opened = self._targets()
        self._hidden_classes, self._hidden_ids = self._style_rules()
        self._walk()
        self.piece_ticks = [piece.tick for piece in self.pieces]

    # -- the walk ---------------------------------------------------------------------------------------------

    def _targets(self) -> set[str]:
        """Ids of what a visible tab or a disclosure button opens: hidden at first, but one click away."""
        found: set[str] = set()
        for element in self.root.iter("*"):
            attributes = element.attrib
            if "aria-controls" in attributes and (
                "aria-expanded" in attributes or attributes.get("role") == "tab" or element.tag == "summary"
            ):
                found.update(attributes["aria-controls"].split())
            elif attributes.get("role") == "tabpanel" and "id" in attributes:
                found.add(attributes["id"])
        return found

    def _style_rules(self) -> tuple[set[str], set[str]]:
        """Classes and ids that a style sheet in the page hides."""
        classes: set[str] = set()
        ids: set[str] = set()
        for element in self.root.iter("style"):
            for rule in (element.text or "")[:LONGEST_STYLE].split("}"):
                selectors, _brace, body = rule.partition("{")
                if len(selectors) < LONGEST_NAME and _HIDING_STYLE.search(body[:LONGEST_NAME]):
                    for selector in selectors.split(","):
                        name = selector.strip()
                        if _SIMPLE_SELECTOR.match(name):
                            (classes if name[0] == "." else ids).add(name[1:])
        return classes, ids

    def _walk(self) -> None:
        open_elements: list[int] = []
        elements = self.elements
        for element in self.root.iter("*"):
            above = element.getparent()
            while open_elements and elements[open_elements[-1]] is not above:
                self._close(open_elements.pop())
            self._open(element, open_elements[-1] if open_elements else -1)
            open_elements.append(len(elements) - 1)
        while open_elements:
            self._close(open_elements.pop())

    def _open(self, element: html.HtmlElement, parent: int) -> None:
        index = len(self.elements)
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        attributes = element.attrib
        flags = self.flags[parent] if parent >= 0 else 0
        context = self.context[parent] if parent >= 0 else Context()
        role = ""
        if attributes:
            role = attributes.get("role", "").split(" ")[0].lower()
            flags |= self._flags_of(tag, role, attributes)
            name = attributes.get("id")
            if name:
                self.ids.setdefault(name, index)
                self.same_id.setdefault(name, []).append(index)
        if tag in _NEVER_SHOWN and not (tag == "title" and self.tags[parent] in _DRAWINGS):
            flags |= HIDDEN | SILENT | (INERT if tag == "template" else 0)
        elif tag in _CONTROL_TAGS or role == "button":
            flags |= CONTROL | (INERT if tag == "datalist" else 0)
        elif tag == "nav" or role in ("navigation", "menubar", "menu", "tablist"):
            flags |= NAVIGATION
        elif tag in _FOOTNOTES:
            flags |= FOOTNOTE
        elif tag in _BOLD_TAGS:
            flags |= BOLD
        elif tag == "legend" and parent >= 0 and flags & DISABLED and "disabled" in self.elements[parent].attrib:
            flags &= ~DISABLED
        self.elements.append(element)
        self.tags.append(tag)
        self.of_tag.setdefault(tag, []).append(index)
        if role:
            self.of_role.setdefault(role, []).append(index)
        self.parent.append(parent)
        self.flags.append(flags)
        self.context.append(self._context_of(context, tag, role, index))
        self._tick += 1
        self.start.append(self._tick)
        self.stop.append(0)
        if tag in _BLOCKS or role in _BLOCK_ROLES:
            self._add("\n", index)
        elif tag == "img" or tag == "area":
            self._add(attributes.get("alt", ""), index)
        else:
            self._add("\x1f", index)
        if element.text:
            self._add(element.text, index)

    def _close(self, index: int) -> None:
        if self.tags[index] in _BLOCKS or self.elements[index].get("role", "") in _BLOCK_ROLES:
            self._add("\n", index)
        else:
            self._add("\x1f", index)
        self._tick += 1
        self.stop[index] = self._tick
        tail = self.elements[index].tail
        if tail:
            self._add(tail, max(self.parent[index], 0))

    def _add(self, text: str, owner: int) -> None:
        self._tick += 1
        if text and not self.flags[owner] & (HIDDEN | SILENT):
            pieces = self.pieces
            if text in ("\n", "\x1f") and pieces and pieces[-1].text == text:
                return
            pieces.append(Piece(self._tick, text, owner))

    def _flags_of(self, tag: str, role: str, attributes: Mapping[str, str]) -> int:
        flags = 0
        name = attributes.get("id", "")
        opened = name in self._opened
        if not opened and self._is_hidden(attributes, name):
            flags |= HIDDEN
        if tag == "dialog" and "open" not in attributes:
            flags |= CLOSED
        if "disabled" in attributes and tag in ("fieldset", "optgroup", "button", "input", "select", "textarea"):
            flags |= DISABLED
        if attributes.get("aria-disabled") == "true":
            flags |= DISABLED
        if "style" in attributes and _BOLD_STYLE.search(attributes["style"]):
            flags |= BOLD
        described = attributes.get("class", "")
        if described or name:
            if tag in ("ul", "ol", "div", "table", "td", "aside", "header") and _NAVIGATION.search(
                f"{described} {name}".lower()
            ):
                flags |= NAVIGATION
            elif tag in ("span", "div", "p", "i", "em", "b", "strong") and _FOOTNOTE_CLASS.search(described):
                flags |= FOOTNOTE
        return flags

    def _is_hidden(self, attributes: Mapping[str, str], name: str) -> bool:
        if "hidden" in attributes or attributes.get("aria-hidden") == "true" or name in self._hidden_ids:
            return True
        if _HIDING_STYLE.search(attributes.get("style", "")):
            return True
        classes = attributes.get("class")
        if not classes:
            return False
        names = classes.split()
        if not self._hidden_classes.isdisjoint(names):
            return True
        return not _HIDING_CLASS.isdisjoint(names) and not any(_SHOWING_CLASS.search(each) for each in names)

    def _context_of(self, context: Context, tag: str, role: str, index: int) -> Context:
        kind = _CELL_ROLES.get(role, tag)
        if kind in ("td", "th"):
            if context.row >= 0:
                self.rows.setdefault(context.row, []).append(index)
            return context._replace(cell=index)
        if tag == "tr" or role == "row":
            if context.table >= 0:
                self.tables.setdefault(context.table, []).append(index)
            return context._replace(row=index, cell=-1)
        if tag == "table" or role in ("table", "grid", "treegrid"):
            return context._replace(table=index, row=-1, cell=-1)
        if tag == "form":
            return context._replace(form=index)
        if tag == "label":
            return context._replace(label=index)
        if tag == "fieldset" or role in _GROUP_ROLES:
            return context._replace(group=index)
        if tag == "li" or role == "listitem":
            return context._replace(item=index)
        return context

    # -- what is asked of it ----------------------------------------------------------------------------------

    def get(self, index: int, name: str) -> str:
        """An attribute, ``""`` where it is absent."""
        return self.elements[index].get(name) or ""

    def has(self, index: int, name: str) -> bool:
        """Whether the element carries the attribute."""
        return name in self.elements[index].attrib

    def is_visible(self, index: int) -> bool:
        """Whether a person could see the element, as far as the page itself tells."""
        return not self.flags[index] & HIDDEN

    def is_inert(self, index: int) -> bool:
        """Whether the element lies in a template: no part of the page."""
        return bool(self.flags[index] & INERT)

    def inside(self, index: int, outer: int) -> bool:
        """Whether an element is `outer` or lies in it."""
        return self.start[outer] <= self.start[index] < self.stop[outer]

    def all_of(self, *tags: str) -> list[int]:
        """The elements of these tags in document order."""
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
        return [piece.tick for piece in self.pieces if piece.text.strip("\x1f \t\r\n\xa0")]

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
        out: list[str] = []
        length = 0
        for piece in self.pieces_in(self.start[index], self.stop[index]):
            if self.flags[piece.owner] & skip:
                continue
            out.append(space if piece.text == "\x1f" else piece.text)
            length += len(piece.text)
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
