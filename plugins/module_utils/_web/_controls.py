# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What can be filled in, pressed or followed on a page, and what belongs to which form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Literal, cast
from urllib.parse import urldefrag, urljoin

from ansible_collections.bt_ops.pra.plugins.module_utils._web._control import (
    Button,
    Control,
    Field,
    FieldKind,
    Link,
    Option,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._drawing import MARK
from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import BUTTON_TYPES, Names
from ansible_collections.bt_ops.pra.plugins.module_utils._web._script import effect, takes_over
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import clean, is_one_of
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import CLOSED, DISABLED, NAVIGATION, Document
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

__all__ = ["Button", "Control", "Controls", "Field", "FieldKind", "Link", "Option"]

_KINDS: dict[str, FieldKind] = {
    "password": "password", "number": "number", "range": "number", "checkbox": "checkbox", "radio": "radio",
    "file": "file",
}
_LEADING_ROLES = ("link", "menuitem", "tab", "treeitem", "button")
_OPENERS = ("popovertarget", "commandfor", "aria-controls", "data-bs-target", "data-target", "data-dialog", "href")


class Controls:
    """All controls of one document."""

    def __init__(self, document: Document, names: Names, url: str, words: Words) -> None:
        self.document = document
        self.names = names
        self.url = url
        self._form_keys: dict[int, tuple[object, ...]] = {}
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

    def key_of(self, control: Button | Field) -> tuple[object, ...]:
        """Two controls with the same of this do the same: pages draw a whole form twice, for desks and for phones.

        Where a browser draws the page, only one of them is seen, and what a script does with it stands nowhere.
        """
        if self.document.drawn:
            return (control.index,)
        if isinstance(control, Field):
            return (self._form_key(control.form), control.name, control.kind, control.value)
        if not control.acts:
            return (control.index,)
        action = tuple(control.attribute(name) for name in ("name", "value", "formaction", "formmethod"))
        values = tuple(sorted((self.document.get(index, "name"), value) for index, value in control.values.items()))
        return (self._form_key(control.form), control.kind, control.target, control.enabled, action, values)

    def _form_key(self, form: int) -> tuple[object, ...]:
        """What a form sends by itself and where to; all of it, for a hidden value may be all that tells forms apart."""
        if form not in self._form_keys:
            document = self.document
            inner = [index for index in document.all_of("input", "select", "textarea") if self.form_of(index) == form]
            sent = [(document.get(index, "name"), document.get(index, "value")) for index in inner]
            attributes = [document.get(form, name) for name in ("action", "method", "enctype")] if form >= 0 else []
            self._form_keys[form] = (form if form < 0 or not inner else -2, *attributes, *sent)
        return self._form_keys[form]

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
        document, naming = self.document, self.names.of_button
        if document.drawn:
            return Button(document, index, naming, self.form_of(index), "submit", keying=self.key_of)
        tag, kind = document.tags[index], self._type(index)
        if tag == "a":
            return self._acting_link(index)
        form = self.form_of(index)
        script = document.get(index, "onclick")
        found = effect(document, form, script, self.form_of)
        is_submit = form >= 0 and (
            (tag == "input" and kind in ("submit", "image")) or (tag == "button" and kind not in ("button", "menu"))
        )
        if is_submit and not takes_over(script):
            values = found.values if found else {}
            is_image = kind == "image" and tag == "input"
            return Button(
                document, index, naming, form, "image" if is_image else "submit", values=values, keying=self.key_of
            )
        if found and found.form >= 0:
            return Button(document, index, naming, found.form, "link", values=found.values, keying=self.key_of)
        return Button(document, index, naming, -1, "script", opens=self._opened_by(index))

    def _opened_by(self, index: int) -> int:
        """The closed dialog that a button opens, -1 where it names none."""
        document = self.document
        for attribute in _OPENERS:
            target = document.ids.get(document.get(index, attribute).removeprefix("#"), -1)
            if target >= 0 and document.flags[target] & CLOSED:
                return target
        return -1

    def confirming(self, press: Button, yes: tuple[str, ...]) -> Button:
        """The button that really acts: in the dialog that one opens, the button that says the same, or yes."""
        if press.acts or press.opens < 0:
            return press
        inside = [each for each in self.buttons if each.acts and self.document.inside(each.index, press.opens)]
        for words in (press.names.strong, yes):
            named = [each for each in inside if any(is_one_of(name, words) for name in each.names.strong)]
            if len(named) == 1:
                return named[0]
        return press

    def _acting_link(self, index: int) -> Button:
        document, naming = self.document, self.names.of_button
        address, script = document.get(index, "href").strip(), document.get(index, "onclick")
        for each in (script, address):
            found = effect(document, self.form_of(index), each, self.form_of)
            if found and found.form >= 0:
                return Button(document, index, naming, found.form, "link", values=found.values, keying=self.key_of)
        leads = not address.startswith("#") and not document.has(index, "data-method") and not takes_over(script)
        target = self.resolve(address) if leads and address else ""
        kind: Literal["link", "script"] = "link" if target else "script"
        return Button(document, index, naming, -1, kind, target, opens=self._opened_by(index), keying=self.key_of)

    @cached_property
    def links(self) -> list[Link]:
        """The links in document order; hidden ones only where they stand in a menu that is folded up."""
        document = self.document
        if document.drawn:
            return [each for each in self._pressed_links() if document.is_visible(each.index)]
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

    def _pressed_links(self) -> list[Link]:
        """What leads to another page where a browser draws this one: links, and all that can be pressed in menus."""
        document = self.document
        found = set(document.all_of("a", "area", "button", "summary"))
        for role in _LEADING_ROLES:
            found.update(document.of_role.get(role, ()))
        links = []
        for index in sorted(found):
            plain = document.tags[index] in ("a", "area") and document.get(index, "role") != "button"
            leads = plain or document.get(index, "role") in ("link", "menuitem") or document.flags[index] & NAVIGATION
            if leads and document.has(index, MARK) and not document.flags[index] & DISABLED:
                links.append(Link(document, index, self.names.of_button, self._shown_target(index)))
        return links

    def _shown_target(self, index: int) -> str:
        """The address that a link leads to, with what a script makes of its fragment; else a name for its mark."""
        address = self.document.get(index, "href").strip()
        whole = urljoin(self.base, address) if address and address != "#" else ""
        return whole if whole.startswith(("http://", "https://")) else f"press:{self.document.get(index, MARK)}"

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
        make = self._button if document.drawn else self._acting_link
        return [
            make(index)
            for index in document.all_of("a")
            if document.is_visible(index)
            and document.get(index, "role") != "button"
            and not document.flags[index] & NAVIGATION
        ]
