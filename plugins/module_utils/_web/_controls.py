# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What can be filled in, pressed or followed on a page, and what belongs to which form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal, cast
from urllib.parse import urldefrag, urljoin

from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import BUTTON_TYPES, NameList, Names
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import clean, is_one_of
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import CLOSED, DISABLED, NAVIGATION, Document
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

FieldKind = Literal["text", "password", "number", "textarea", "checkbox", "radio", "select", "file"]
_KINDS: dict[str, FieldKind] = {
    "password": "password", "number": "number", "range": "number", "checkbox": "checkbox", "radio": "radio",
    "file": "file",
}
_SUBMITS = re.compile(
    r"^\s*(?:javascript:\s*)?(?:if\s*\(\s*confirm\([^()]{0,500}\)\s*\)\s*\{?\s*)?(?:event\.preventDefault\(\);?\s*)?"
    r"(?:this\.form|document\.getElementById\(\s*['\"](?P<id>[\w.:-]+)['\"]\s*\)|document\.forms\[\s*(?P<number>\d+)\s*\]"
    r"|document\.forms\[\s*['\"](?P<name>[\w.:-]+)['\"]\s*\]|document\.(?:forms\.)?(?P<word>[A-Za-z_]\w*))"
    r"\.(?:submit|requestSubmit)\(\s*\);?\s*\}?\s*(?:return\s+false;?\s*)?(?:void\(0\);?\s*)?$"
)


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

    `form` is the index of its form, -1 where it has none. `target` is where a link that acts leads to.
    """

    form: int
    kind: Literal["submit", "image", "link", "script"]
    target: str = ""

    @property
    def acts(self) -> bool:
        """Whether pressing it does something without JavaScript."""
        return self.kind != "script"

    @property
    def same_as(self) -> tuple[object, ...]:
        """Two buttons with the same of this do the same."""
        if not self.acts:
            return (self.index,)
        action = tuple(self.attribute(name) for name in ("name", "value", "formaction", "formmethod"))
        return (self.form, self.kind, self.target, self.enabled, *action)


@dataclass(eq=False, repr=False)
class Link(Control):
    """Something that leads to another page."""

    target: str

    @property
    def is_navigation(self) -> bool:
        """Whether it stands in a menu."""
        return bool(self.document.flags[self.index] & NAVIGATION)


class Controls:
    """All controls of one document."""

    def __init__(self, document: Document, names: Names, url: str, words: Words) -> None:
        self.document = document
        self.names = names
        self.url = url
        self._yes_and_no = (words.of("choice.on"), words.of("choice.off"))

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to."""
        for index in self.document.all_of("base"):
            if self.document.has(index, "href"):
                return urljoin(self.url, self.document.get(index, "href").strip())
        return self.url

    def resolve(self, address: str) -> str:
        """An address of the page as a whole one, without fragment; ``""`` where it is none that can be fetched."""
        try:
            whole = urldefrag(urljoin(self.base, address.strip())).url
        except ValueError:
            return ""
        return whole if whole.startswith(("http://", "https://")) else ""

    def form_of(self, index: int) -> int:
        """The form that a control belongs to: the one it names, else the one around it; -1 is none."""
        document = self.document
        if document.has(index, "form"):
            owner = document.ids.get(document.get(index, "form"), -1)
            return owner if owner >= 0 and document.tags[owner] == "form" else -1
        return document.owner.get(index, document.context[index].form)

    @cached_property
    def fields(self) -> list[Field]:
        """The visible fields in document order."""
        document, names = self.document, self.names
        found: list[Field] = []
        groups: dict[tuple[int, str], list[int]] = {}
        choices: Callable[[], list[Option]]
        for index in names.fields:
            if document.is_visible(index) and document.tags[index] == "input" and self._type(index) == "radio":
                groups.setdefault((self.form_of(index), document.get(index, "name")), []).append(index)
        for index in names.fields:
            if not document.is_visible(index):
                continue
            kind = self._kind(index)
            form = self.form_of(index)
            if kind == "radio":
                members = groups[(form, document.get(index, "name"))]
                if members[0] == index:
                    choices = partial(self._radios, tuple(members))
                    found.append(Field(document, index, names.of_group, kind, form, choices, tuple(members)))
                continue
            choices = partial(self.options, index) if kind == "select" else list
            found.append(Field(document, index, names.of_field, kind, form, choices))
        return found

    def _type(self, index: int) -> str:
        return self.document.get(index, "type").strip().lower()

    def _kind(self, index: int) -> FieldKind:
        tag = self.document.tags[index]
        if tag != "input":
            return cast(FieldKind, tag)
        return _KINDS.get(self._type(index), "text")

    def _radios(self, members: tuple[int, ...]) -> list[Option]:
        return [self._radio(member) for member in members]

    def _radio(self, index: int) -> Option:
        document = self.document
        value = document.get(index, "value") if document.has(index, "value") else "on"
        enabled = not document.flags[index] & DISABLED
        labels = self.names.of_option(index)
        return Option(labels, self._meaning(labels), value, document.has(index, "checked"), enabled, index)

    def _meaning(self, labels: tuple[str, ...]) -> bool | None:
        yes, no = self._yes_and_no
        if any(is_one_of(label, yes) for label in labels):
            return True
        return False if any(is_one_of(label, no) for label in labels) else None

    def _is_disabled(self, option: int) -> bool:
        return bool(self.document.flags[option] & DISABLED) or self.document.has(option, "disabled")

    def options(self, select: int) -> list[Option]:
        """The options of a select; one of a drop-down list is always selected."""
        document = self.document
        inner = [each for each in document.elements_in(document.start[select], document.stop[select])
                 if document.tags[each] == "option"]
        chosen = [index for index in inner if document.has(index, "selected")]
        if not document.has(select, "multiple"):
            usable = [index for index in inner if not self._is_disabled(index)]
            drop_down = document.get(select, "size") in ("", "0", "1")
            chosen = chosen[-1:] or (usable[:1] if drop_down else [])
        picked = set(chosen)
        found = []
        for index in inner:
            text = clean("".join(document.elements[index].itertext()))
            value = document.get(index, "value") if document.has(index, "value") else text
            enabled = not self._is_disabled(index)
            labels = self.names.of_option(index)
            found.append(Option(labels, self._meaning(labels), value, index in picked, enabled, index))
        return found

    @cached_property
    def buttons(self) -> list[Button]:
        """The visible buttons in document order, without those that only empty a form."""
        document = self.document
        real = {index for index in document.all_of("input") if self._type(index) in BUTTON_TYPES}
        real.update(document.of_tag.get("button", ()))
        indices = {index for index in real if self._type(index) != "reset"}
        indices.update(index for index in document.of_role.get("button", ()) if index not in real)
        found = []
        for index in sorted(indices):
            if document.is_visible(index):
                found.append(self._button(index))
        return found

    def _button(self, index: int) -> Button:
        document = self.document
        names = self.names.of_button
        tag, kind = document.tags[index], self._type(index)
        form = self.form_of(index)
        if tag == "a":
            return self._acting_link(index)
        if tag in ("input", "button") and form >= 0:
            if kind == "image" and tag == "input":
                return Button(document, index, names, form, "image")
            if kind == "submit" or (tag == "button" and kind != "button"):
                return Button(document, index, names, form, "submit")
        submitted = self._scripted(index, document.get(index, "onclick"))
        if submitted >= 0:
            return Button(document, index, names, submitted, "link")
        return Button(document, index, names, -1, "script")

    def _acting_link(self, index: int) -> Button:
        document, names = self.document, self.names.of_button
        address = document.get(index, "href").strip()
        for script in (document.get(index, "onclick"), address):
            submitted = self._scripted(index, script)
            if submitted >= 0:
                return Button(document, index, names, submitted, "link")
        target = "" if address.startswith("#") or document.has(index, "data-method") else self.resolve(address)
        return Button(document, index, names, -1, "link" if target and address else "script", target)

    def _scripted(self, index: int, script: str) -> int:
        """The form that a script does nothing but send, -1 where it does anything else."""
        match = _SUBMITS.match(script[:1000]) if script else None
        if match is None:
            return -1
        document = self.document
        forms = document.all_of("form")
        if match["id"]:
            target = document.ids.get(match["id"], -1)
            return target if target in forms else -1
        if match["number"]:
            return forms[int(match["number"])] if len(match["number"]) < 4 and int(match["number"]) < len(forms) else -1
        name = match["name"] or match["word"]
        if name:
            named = [form for form in forms if name in (document.get(form, "name"), document.get(form, "id"))]
            return named[0] if len(named) == 1 else -1
        return self.form_of(index)

    @cached_property
    def links(self) -> list[Link]:
        """The links in document order; hidden ones only where they stand in a menu that is folded up."""
        document = self.document
        found = []
        for index in document.all_of("a", "area"):
            address = document.get(index, "href").strip()
            if not address or address.startswith("#") or document.get(index, "role") == "button":
                continue
            if not document.is_visible(index):
                continue
            target = self.resolve(address)
            if target:
                found.append(Link(document, index, self.names.of_button, target))
        return found

    @cached_property
    def folded_links(self) -> list[Link]:
        """Links of menus that are hidden until a person unfolds them."""
        document = self.document
        found = []
        for index in document.of_tag.get("a", ()):
            address = document.get(index, "href").strip()
            if document.is_visible(index) or not document.flags[index] & NAVIGATION or document.is_inert(index):
                continue
            target = "" if not address or address.startswith("#") else self.resolve(address)
            if target:
                found.append(Link(document, index, self.names.of_hidden, target))
        return found

    @cached_property
    def openers(self) -> dict[str, str]:
        """For each id that a button or tab unfolds, what that button is called."""
        document = self.document
        found = {}
        for index, attributes in enumerate(document.attributes):
            if "aria-controls" in attributes:
                for name in attributes["aria-controls"].split():
                    found[name] = self.names.of_button(index).first
        return found

    @cached_property
    def acting_links(self) -> list[Button]:
        """Links outside menus, as the buttons that some pages use them for."""
        document = self.document
        return [
            self._acting_link(index)
            for index in document.all_of("a")
            if document.is_visible(index)
            and document.get(index, "role") != "button"
            and not document.flags[index] & NAVIGATION
        ]
