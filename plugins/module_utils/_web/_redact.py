# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A copy of a page that may be kept and shown: its structure and its words, nothing that opens anything."""

from __future__ import annotations

import re
from copy import deepcopy

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import etree
from ansible_collections.bt_ops.pra.plugins.module_utils._web._source import (
    MOST_ATTRIBUTES,
    Element,
    attributes_of,
    printable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import Document

REDACTED = "[redacted]"
_RUN = re.compile(r"[A-Za-z0-9+/_=-]{16,}")
_ARMOURED = re.compile(r"-----BEGIN .*?(?:-----END [^-]*-----|$)", re.S)
_SHOWN_VALUES = frozenset({"submit", "button", "image", "reset"})
_CHOICES = frozenset({"checkbox", "radio"})
_STRUCTURE = frozenset(
    {"class", "id", "for", "name", "type", "role", "form", "style"}
    | {"aria-labelledby", "aria-controls", "aria-describedby"}
)


def redacted(document: Document, secrets: tuple[str, ...] = ()) -> str:
    """The page as HTML without values of fields, scripts, tokens, keys and the given secrets."""
    root: Element = deepcopy(document.root)
    hidden = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))
    for element in root.iter("*"):
        kind = (element.get("type") or "").lower()
        if element.tag in ("script", "style", "textarea"):
            element.text = REDACTED if element.text else None
        if element.tag == "input" and kind not in _SHOWN_VALUES | _CHOICES and element.get("value"):
            element.set("value", REDACTED)
        if element.tag == "meta" and element.get("content"):
            element.set("content", REDACTED)
        shown = attributes_of(element)
        if len(shown) == MOST_ATTRIBUTES:
            element.attrib.clear()
        changed = {
            name: _without(value, hidden)
            for name, value in shown.items()
            if name not in _STRUCTURE or any(secret in value for secret in hidden)
        }
        try:
            for name, value in changed.items():
                element.set(name, value)
        except ValueError:
            # A broken page has names that are none: they can be read, and neither be changed nor be taken away singly.
            element.attrib.clear()
        element.text = _without(element.text, hidden) if element.text else element.text
        element.tail = _without(element.tail, hidden) if element.tail else element.tail
    return str(etree.tostring(root, encoding="unicode", method="html"))


def _without(text: str, secrets: tuple[str, ...]) -> str:
    text = printable(text)
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    if len(text) < 16:
        return text
    return _RUN.sub(_unless_words, _ARMOURED.sub(REDACTED, text))


def _unless_words(run: re.Match[str]) -> str:
    """Digits among letters are random; seldom are letters only: long then, with several capitals, and no path."""
    text = run.group()
    digit, letter = (any(map(kind, text)) for kind in (str.isdigit, str.isalpha))
    long = (piece for piece in text.split("/") if len(piece) >= 20)
    return REDACTED if (digit and letter) or any(sum(map(str.isupper, piece)) > 1 for piece in long) else text
