# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A form filled in and ready to be sent, as HTML says that a browser sends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, TypeAlias
from urllib.parse import urldefrag, urlencode, urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, PageIsApplication, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Button, Controls, Field, Option
from ansible_collections.bt_ops.pra.plugins.module_utils._web._drawing import DRAWN_FORM, MARK
from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import BUTTON_TYPES
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import same
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import DISABLED, Document

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Upload:
    """A file for a file field: its name, an open stream, its size in bytes, and where it lies."""

    name: str
    stream: IO[bytes]
    size: int
    path: str = ""


Value: TypeAlias = "str | bool | Upload"


@dataclass(frozen=True)
class Touch:
    """What is done with the things on a page that a browser shows, each named by its mark.

    `fills` is done first: a text, a tick, a file, or for a list the mark of the choice. `press` is pressed then; where
    it is empty, the Enter key is.
    """

    press: str
    fills: tuple[tuple[str, Value], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Submission:
    """What is sent when a button is pressed.

    `target` is a whole address. `files` holds, per wire name, the file to send, None for a file field left empty.
    `page` is the address of the page that the button stands on. `touch` is what a browser does instead of sending it.
    """

    method: str
    target: str
    fields: list[tuple[str, str]] = field(repr=False)
    files: list[tuple[str, Upload | None]] = field(default_factory=list, repr=False)
    multipart: bool = False
    charset: str = "utf-8"
    page: str = ""
    button: str = ""
    touch: Touch | None = None

    @property
    def is_write(self) -> bool:
        """Whether it may change something: all but GET."""
        return self.method != "GET"

    @property
    def address(self) -> str:
        """Where to send it to; for GET the fields are part of it."""
        if self.method != "GET" or (not self.fields and not self.button):
            return self.target
        plain = urlsplit(self.target)._replace(query=self.encoded.decode("ascii"), fragment="")
        return plain.geturl()

    @property
    def encoded(self) -> bytes:
        """The fields as ``application/x-www-form-urlencoded``."""
        return urlencode(self.fields, encoding=self.charset, errors="xmlcharrefreplace").encode("ascii")


def follow(target: str, page: str, mark: str = "") -> Submission:
    """What is sent when a link is followed."""
    return Submission("GET", target, [], page=page, touch=Touch(mark) if mark else None)


class Filling:
    """Fills the form of one button."""

    def __init__(self, controls: Controls, charset: str) -> None:
        self._controls = controls
        self._document: Document = controls.document
        self._charset = charset

    def fill(self, values: Mapping[Field, Value], press: Button) -> Submission:
        """Work out what a browser would send.

        :raises PageNotUnderstood: a field is not part of the button's form, cannot be changed, or lacks the choice.
        :raises BadInput: the page does not take such a value.
        """
        if press.document is not self._document or any(each.document is not self._document for each in values):
            raise PageNotUnderstood("A control of another page was used.")
        if not press.enabled:
            raise PageNotUnderstood(f"The button {press.label!r} is greyed out.")
        if not press.acts:
            raise PageIsApplication(
                f"The button {press.label!r} works only by JavaScript.",
            )
        for each in values:
            self._check_field(each, press)
        if self._document.drawn:
            return self._touching(values, press)
        if press.form < 0:
            if values:
                raise PageNotUnderstood(f"{press.label!r} is a link; it sends no fields.")
            return Submission("GET", press.target, [], page=self._controls.url)
        return self._submission(values, press)

    def _touching(self, values: Mapping[Field, Value], press: Button) -> Submission:
        """What a browser is to do; whether that changes anything no page tells, so that it counts as a write."""
        document = self._document
        given: dict[int, Value] = {}
        for each, value in values.items():
            given.update(self._members(each, value))
        if press.form >= 0:
            self._check_required(press.form, press, given)
        fills: list[tuple[str, Value]] = []
        for index, value in given.items():
            if document.tags[index] == "select" and isinstance(value, str):
                value = document.get(int(value), MARK)
            if value is not False or document.get(index, "type").lower() == "checkbox":
                fills.append((document.get(index, MARK), value))
        touch = Touch(press.mark, tuple(fills))
        return Submission("POST", self._controls.url, [], page=self._controls.url, button=press.label, touch=touch)

    def _is_outside_forms(self, control: Field | Button) -> bool:
        """Whether a page that a browser draws keeps it outside any form, so that a script sends it."""
        return self._document.drawn and (control.form < 0 or self._document.get(control.form, "id") == DRAWN_FORM)

    def _check_field(self, each: Field, press: Button) -> None:
        loose = self._is_outside_forms(each) or self._is_outside_forms(press)
        if (each.form != press.form or press.form < 0) and not loose:
            raise PageNotUnderstood(f"The field {each.label!r} is not part of the form of the button {press.label!r}.")
        if not each.enabled or each.readonly:
            raise PageNotUnderstood(f"The field {each.label!r} cannot be changed.")

    def _submission(self, values: Mapping[Field, Value], press: Button) -> Submission:
        document, form = self._document, press.form
        method = self._setting(press, "formmethod", "method").strip().upper() or "GET"
        if method not in ("GET", "POST"):
            method = "GET"
        encoding = self._setting(press, "formenctype", "enctype").strip().lower()
        given: dict[int, Value] = dict(press.values)
        for each, value in values.items():
            for index, part in self._members(each, value).items():
                given[index] = part
        multipart = method == "POST" and encoding == "multipart/form-data"
        fields: list[tuple[str, str]] = []
        files: list[tuple[str, Upload | None]] = []
        for index in document.all_of("input", "select", "textarea", "button"):
            if self._controls.form_of(index) != form:
                continue
            self._collect(index, given, press, fields, files if multipart else None)
        if not multipart and any(isinstance(value, Upload) for value in given.values()):
            raise PageNotUnderstood(f"The form of the button {press.label!r} takes a file but is not multipart.")
        self._check_required(form, press, given)
        accepted = document.get(form, "accept-charset").replace(",", " ").split()
        charset = self._charset if not accepted else self._known_charset(accepted[0])
        return Submission(
            method, self._action(press), fields, files, multipart, charset, self._controls.url, press.label or "button"
        )

    @staticmethod
    def _known_charset(name: str) -> str:
        try:
            "x".encode(name)
        except (LookupError, UnicodeError):
            return "utf-8"
        return name

    def _setting(self, press: Button, own: str, of_form: str) -> str:
        if press.kind in ("submit", "image") and self._document.has(press.index, own):
            return press.attribute(own)
        return self._document.get(press.form, of_form)

    def _action(self, press: Button) -> str:
        action = self._setting(press, "formaction", "action").strip()
        if not action:
            return urldefrag(self._controls.url).url
        target = self._controls.resolve(action)
        if not target:
            raise PageIsApplication(f"The form of the button {press.label!r} is sent by JavaScript.")
        return target

    def _members(self, each: Field, value: Value) -> dict[int, Value]:
        """The values of the elements of a field."""
        if each.kind == "file":
            if not isinstance(value, Upload):
                raise BadInput(f"The field {each.label!r} takes a file.")
            return {each.index: value}
        if isinstance(value, Upload):
            raise PageNotUnderstood(f"The field {each.label!r} takes no file.")
        if each.kind == "checkbox":
            if not isinstance(value, bool):
                raise BadInput(f"The field {each.label!r} is a box to tick: true or false.")
            return {each.index: value}
        if each.kind in ("radio", "select"):
            chosen = self.choose(each, value)
            if each.kind == "select":
                return {each.index: str(chosen.index)}
            return {member: member == chosen.index for member in each.members}
        if isinstance(value, bool):
            raise BadInput(f"The field {each.label!r} takes a text.")
        return {each.index: self._typed(each, value)}

    def choose(self, each: Field, value: str | bool) -> Option:
        """The one option meant by a label, by a value, or by yes or no."""
        if isinstance(value, bool):
            fits = [option for option in each.options if option.means is value]
        else:
            fits = [option for option in each.options if any(same(label, value) for label in option.labels)]
            fits = fits or [option for option in each.options if option.value == value]
        if len(fits) != 1:
            offered = ", ".join(repr(option.label) for option in each.options[:15])
            raise PageNotUnderstood(f"The field {each.label!r} offers {offered}, so {value!r} cannot be chosen.")
        if not fits[0].enabled:
            raise PageNotUnderstood(f"The choice {fits[0].label!r} of the field {each.label!r} is greyed out.")
        return fits[0]

    @staticmethod
    def _typed(each: Field, value: str) -> str:
        """A text as it can be typed; what a browser would cut silently is refused."""
        if each.kind == "textarea":
            value = _LINE_BREAK.sub("\r\n", value)
        elif _LINE_BREAK.search(value) or "\x00" in value:
            raise BadInput(f"The field {each.label!r} takes one line of text.")
        longest = each.attribute("maxlength")
        if longest.isascii() and longest.isdigit() and len(value) > int(longest):
            raise BadInput(f"The field {each.label!r} takes at most {longest} characters; {len(value)} were given.")
        if each.kind == "number" and value:
            _check_number(each, value)
        return value

    def _collect(
        self,
        index: int,
        given: Mapping[int, Value],
        press: Button,
        fields: list[tuple[str, str]],
        files: list[tuple[str, Upload | None]] | None,
    ) -> None:
        """Add what one element sends; `files` is None for a form that is not multipart and sends none."""
        document = self._document
        tag, kind = document.tags[index], document.get(index, "type").strip().lower()
        name = document.get(index, "name")
        if tag == "button" or (tag == "input" and kind in BUTTON_TYPES):
            if index == press.index and press.kind == "image":
                prefix = f"{name}." if name else ""
                fields += [(f"{prefix}x", "1"), (f"{prefix}y", "1")]
            elif index == press.index and press.kind == "submit" and name:
                default = "Submit" if tag == "input" and not document.has(index, "value") else ""
                fields.append((name, document.get(index, "value") or default))
            return
        if not name or document.flags[index] & DISABLED or document.is_inert(index):
            return
        value = given.get(index)
        if tag == "select":
            self._collect_choice(index, name, value, fields)
        elif kind in ("checkbox", "radio") and tag == "input":
            if value if isinstance(value, bool) else document.has(index, "checked"):
                fields.append((name, document.get(index, "value") if document.has(index, "value") else "on"))
        elif kind == "file" and tag == "input":
            if files is None:
                fields.append((name, ""))
            else:
                files.append((name, value if isinstance(value, Upload) else None))
        elif name == "_charset_" and kind == "hidden":
            fields.append((name, self._charset.upper()))
        elif isinstance(value, str):
            fields.append((name, value))
        elif tag == "textarea":
            text = "".join(document.elements[index].itertext()).removeprefix("\n")
            fields.append((name, _LINE_BREAK.sub("\r\n", text)))
        else:
            fields.append((name, document.get(index, "value")))

    def _collect_choice(self, index: int, name: str, value: Value | None, fields: list[tuple[str, str]]) -> None:
        options = self._controls.options(index)
        if isinstance(value, str):
            fields += [(name, option.value) for option in options if str(option.index) == value]
        else:
            fields += [(name, option.value) for option in options if option.selected and option.enabled]

    def _check_required(self, form: int, press: Button, given: Mapping[int, Value]) -> None:
        """A browser does not send a form in which a required field is empty."""
        document = self._document
        if document.has(form, "novalidate") or document.has(press.index, "formnovalidate") or press.kind == "link":
            return
        for each in self._controls.fields:
            if each.form != form or not each.required or not each.enabled or each.readonly:
                continue
            if each.kind == "checkbox":
                filled = bool(given.get(each.index, each.checked))
            elif each.kind == "radio":
                filled = any(given.get(option.index, option.selected) for option in each.options)
            elif each.kind == "select":
                chosen = given.get(each.index)
                filled = any(
                    option.value for option in each.options
                    if (str(option.index) == chosen if chosen is not None else option.selected)
                )
            else:
                filled = bool(given.get(each.index, "" if each.kind == "file" else each.value))
            if not filled:
                raise PageNotUnderstood(
                    f"The form of the button {press.label!r} cannot be sent while {each.label!r} is empty."
                )


def _check_number(each: Field, value: str) -> None:
    try:
        number = float(value)
    except ValueError:
        raise BadInput(f"The field {each.label!r} takes a number, not {value!r}.") from None
    for name, fits in (("min", number.__ge__), ("max", number.__le__)):
        try:
            bound = float(each.attribute(name))
        except ValueError:
            continue
        if not fits(bound):
            raise BadInput(f"The field {each.label!r} takes a number of {name} {each.attribute(name)}, not {value}.")
