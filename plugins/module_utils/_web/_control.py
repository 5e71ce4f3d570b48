# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One thing on a page that can be filled in, pressed or followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._web._drawing import MARK
from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import NameList
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import CLOSED, DISABLED, NAVIGATION, Document

FieldKind = Literal["text", "password", "number", "textarea", "checkbox", "radio", "select", "file"]


@dataclass(eq=False)
class Control:
    """Something on a page that can be used; identity, not content, tells controls apart."""

    document: Document
    index: int
    naming: Callable[[int], NameList]

    @cached_property
    def names(self) -> NameList:
        """What it is called."""
        return self.naming(self.index)

    @property
    def label(self) -> str:
        """The name to show in messages."""
        return self.names.first

    @property
    def start(self) -> int:
        """Where on the page it stands, as a tick."""
        return self.document.start[self.index]

    @property
    def enabled(self) -> bool:
        """Whether it can be used; greyed ones cannot."""
        return not self.document.flags[self.index] & DISABLED

    @property
    def mark(self) -> str:
        """By what a browser finds it again, ``""`` where none is asked."""
        return self.document.get(self.index, MARK) if self.document.drawn else ""

    @property
    def is_closed(self) -> bool:
        """Whether it lies in a dialog that is not open."""
        return bool(self.document.flags[self.index] & CLOSED)

    def attribute(self, name: str) -> str:
        """An attribute of its element, ``""`` where it is absent."""
        return self.document.get(self.index, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r}>"


@dataclass(frozen=True)
class Option:
    """One choice of a select or of a group of radio buttons; `means` is what it says where that is yes or no."""

    labels: tuple[str, ...]
    means: bool | None
    value: str
    selected: bool
    enabled: bool
    index: int

    @property
    def label(self) -> str:
        """What a person reads."""
        return self.labels[0] if self.labels else self.value


@dataclass(eq=False, repr=False)
class Field(Control):
    """Something that takes a value; a group of radio buttons is one field."""

    kind: FieldKind
    form: int
    choices: Callable[[], list[Option]] = list
    members: tuple[int, ...] = ()

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen in a select or a group of radio buttons."""
        return tuple(self.choices())

    @property
    def name(self) -> str:
        """What the form calls it: different on every box, of no meaning."""
        return self.attribute("name")

    @property
    def readonly(self) -> bool:
        """Whether it shows a value that cannot be typed over."""
        return self.document.has(self.index, "readonly")

    @property
    def required(self) -> bool:
        """Whether the form cannot be sent while it is empty."""
        return self.document.has(self.index, "required")

    @property
    def checked(self) -> bool:
        """Whether a box is ticked, or a choice of yes and no stands on yes."""
        if self.kind in ("radio", "select"):
            return any(option.selected and option.means is True for option in self.options)
        return self.document.has(self.index, "checked")

    @property
    def value(self) -> str:
        """The value as it came, of a choice its label; a password's is kept here but is never to be shown."""
        if self.kind in ("radio", "select"):
            return next((option.label for option in self.options if option.selected), "")
        if self.kind == "textarea":
            return "".join(self.document.elements[self.index].itertext()).removeprefix("\n")
        return self.attribute("value")


@dataclass(eq=False, repr=False)
class Button(Control):
    """Something that acts when it is pressed.

    `form` is the index of its form, -1 where it has none. `target` is where a link that acts leads to, `values` what
    its script puts into elements of the form, `opens` the dialog that it opens.
    """

    form: int
    kind: Literal["submit", "image", "link", "script"]
    target: str = ""
    values: Mapping[int, str] = field(default_factory=dict)
    opens: int = -1
    keying: Callable[[Button], tuple[object, ...]] = lambda button: (button.index,)

    @property
    def same_as(self) -> tuple[object, ...]:
        """Two buttons with the same of this do the same."""
        return self.keying(self)

    @property
    def acts(self) -> bool:
        """Whether pressing it does something without JavaScript."""
        return self.kind != "script"


@dataclass(eq=False, repr=False)
class Link(Control):
    """Something that leads to another page."""

    target: str

    @property
    def is_navigation(self) -> bool:
        """Whether it stands in a menu."""
        return bool(self.document.flags[self.index] & NAVIGATION)
