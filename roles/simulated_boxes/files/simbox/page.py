# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a page of a simulated box says, without saying how it looks.

The model of the box builds these; a markup (one per era) turns them into HTML. A form and its fields have
keys that only the simulator knows: the names that travel over the wire are drawn at random at every start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["text", "password", "number", "checkbox", "select", "radio", "file", "textarea"]
Tone = Literal["plain", "note", "success", "warning", "error", "progress"]


@dataclass(frozen=True)
class Option:
    """One choice of a select or of a radio group."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One control of a form; `key` is the simulator's own name for it."""

    key: str
    label: str
    kind: FieldKind = "text"
    value: str = ""
    checked: bool = False
    options: tuple[Option, ...] = ()
    help: str = ""
    enabled: bool = True


@dataclass(frozen=True)
class Button:
    """A button that sends its form; `key` tells the simulator which one was pressed. `leads`: it changes nothing by
    itself, the page that it leads to asks."""

    key: str
    label: str
    tone: Literal["plain", "primary", "danger"] = "plain"
    enabled: bool = True
    leads: bool = False


@dataclass(frozen=True)
class Group:
    """Fields of a form under a heading of their own (a legend)."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Link:
    """A link to another page of the box, or to a file."""

    label: str
    href: str
    file: bool = False


Cell = str | Link


@dataclass(frozen=True)
class Tick:
    """A row of a list of which some can be chosen: `key` is that of its check box, `label` what it may be called."""

    key: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Ticks:
    """A table inside a form, with a check box in front of each row."""

    columns: tuple[str, ...]
    rows: tuple[Tick, ...]


@dataclass(frozen=True)
class Form:
    """A form that is posted to `action`."""

    key: str
    action: str
    items: tuple[Field | Group | Ticks, ...] = ()
    buttons: tuple[Button, ...] = ()
    upload: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A sentence; its tone decides how it looks."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Facts:
    """Label and value, line by line, nothing to press."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under column headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Card:
    """A thing with a title of its own inside a section, such as one update package."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Progress:
    """How far something that runs has come, in percent; None where the box does not tell."""

    label: str
    percent: int | None = None


Item = Paragraph | Facts | Table | Card | Form | Link | Progress


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class MenuItem:
    """An entry of the menu, with the entries below it."""

    label: str
    href: str
    current: bool = False
    children: tuple[MenuItem, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page of one of the two web sites of a box. `dialog`: it asks about the page before it."""

    title: str
    language: Literal["en", "nl"]
    application: Literal["login", "appliance"]
    box: str
    product: str
    menu: tuple[MenuItem, ...] = ()
    sections: tuple[Section, ...] = ()
    messages: tuple[Paragraph, ...] = ()
    user: str = ""
    logout: Link | None = None
    refresh_seconds: int = 0
    dialog: bool = False
