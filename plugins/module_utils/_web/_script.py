# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The few scripts of a button that need no JavaScript to be understood: ask, set hidden fields, send the form.

Anything else a script may do is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import Document

LONGEST_SCRIPT = 1_000  # characters
_FORM = (
    r"(?:this\.form|document\.getElementById\(\s*['\"](?P<id>[\w.:-]+)['\"]\s*\)"
    r"|document\.forms\[\s*(?P<number>\d{1,3})\s*\]|document\.forms\[\s*['\"](?P<name>[\w.:-]+)['\"]\s*\]"
    r"|document\.(?:forms\.)?(?P<word>(?!forms\b|getElementById\b)[A-Za-z_]\w*))"
)
_SENDS = re.compile(_FORM + r"\.(?:submit|requestSubmit)\(\s*\)$")
_SETS = re.compile(
    r"(?:(?:this\.form|document\.forms\[\s*(?:\d{1,3}|['\"][\w.:-]+['\"])\s*\]|document\.(?:forms\.)?[A-Za-z_]\w*)"
    r"(?:\.elements)?(?:\.(?P<word>[A-Za-z_]\w*)|\[\s*['\"](?P<name>[^'\"]{1,100})['\"]\s*\])"
    r"|document\.getElementById\(\s*['\"](?P<id>[\w.:-]+)['\"]\s*\))"
    r"\.value\s*=\s*(?:'(?P<single>[^'\\]*)'|\"(?P<double>[^\"\\]*)\"|(?P<bare>\d+))$"
)
_ASKS = r"(?:window\.)?confirm\((?:'[^'\\]*'|\"[^\"\\]*\")\)"
_QUESTION = re.compile(rf"^if\s*\(\s*{_ASKS}\s*\)\s*(?:\{{(?P<block>[^{{}}]*)\}}|(?P<one>[^{{}}]*))$")
_NOTHING = re.compile(rf"^(?:event\.preventDefault\(\s*\)|return\s+(?:false|true|{_ASKS})|void\(?\s*0\s*\)?|)$")


@dataclass(frozen=True)
class Effect:
    """What a script does when it runs: the values that elements get, and the form that is sent, -1 for none."""

    form: int
    values: dict[int, str]


@dataclass(frozen=True)
class _Script:
    """A script as read: what it sets by name or by id, and how it names the form that it sends."""

    by_name: dict[str, str]
    by_id: dict[str, str]
    sends: re.Match[str] | None


def effect(document: Document, own_form: int, script: str, form_of: Callable[[int], int]) -> Effect | None:
    """What the script of a button or link does, None where it does anything but set fields and send one form.

    :param own_form: the form of the button, -1 for none.
    """
    read = _read(script)
    if read is None:
        return None
    form = _form(document, own_form, read.sends) if read.sends else own_form
    if form < 0 and (read.sends or read.by_name):
        return None
    values = {document.ids.get(name, -1): value for name, value in read.by_id.items()}
    for name, value in read.by_name.items():
        fields = [
            index
            for index in document.all_of("input", "select", "textarea")
            if name in (document.get(index, "name"), document.get(index, "id")) and form_of(index) == form
        ]
        values[fields[0] if len(fields) == 1 else -1] = value
    return None if -1 in values else Effect(form if read.sends else -1, values)


def _form(document: Document, own_form: int, sends: re.Match[str]) -> int:
    """The form that a script sends, -1 where it is not there."""
    forms = document.all_of("form")
    if sends["id"]:
        target = document.ids.get(sends["id"], -1)
        return target if target >= 0 and document.tags[target] == "form" else -1
    if sends["number"]:
        return forms[int(sends["number"])] if int(sends["number"]) < len(forms) else -1
    name = sends["name"] or sends["word"]
    if name:
        named = [form for form in forms if name in (document.get(form, "name"), document.get(form, "id"))]
        return named[0] if len(named) == 1 else -1
    return own_form


def _read(script: str) -> _Script | None:
    text = script.strip()
    if not text or len(text) > LONGEST_SCRIPT:
        return None
    text = re.sub(r"^javascript:\s*", "", text, flags=re.I)
    question = _QUESTION.match(text.rstrip("; "))
    if question:
        text = question["block"] if question["block"] is not None else question["one"]
    read = _Script({}, {}, None)
    for statement in (part.strip() for part in text.split(";")):
        sets, sends = _SETS.match(statement), _SENDS.match(statement)
        if sets and read.sends is None:
            value = next(text for text in (sets["single"], sets["double"], sets["bare"]) if text is not None)
            if sets["id"]:
                read.by_id[sets["id"]] = value
            else:
                read.by_name[sets["word"] or sets["name"]] = value
        elif sends and read.sends is None:
            read = _Script(read.by_name, read.by_id, sends)
        elif not _NOTHING.match(statement):
            return None
    return read


def takes_over(script: str) -> bool:
    """Whether a script keeps the browser from doing what the element would do by itself."""
    return bool(re.search(r"return\s+false|preventDefault", script[:LONGEST_SCRIPT]))
