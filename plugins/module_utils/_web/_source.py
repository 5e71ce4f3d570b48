# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From the bytes of an answer to a tree, whatever these bytes are."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import etree

Element: TypeAlias = Any  # lxml's types cannot tell text from bytes, so they help nobody
LARGEST_PAGE = 20_000_000  # bytes; what is longer is cut
MOST_ATTRIBUTES = 200  # of one element; looking up more takes libxml2 a time that grows with their square
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONG_TAG, MOST_WORDS = 20_000, 5_000  # characters, and words, from which on a tag is cut
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{LONG_TAG},}}")
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)


def printable(text: str) -> str:
    """A text without characters that XML does not know."""
    return _CONTROL.sub("", text)


def _shortened(tag: re.Match[str]) -> str:
    """A tag with thousands of attributes without most of them."""
    return tag[0] if len(tag[0].split()) < MOST_WORDS else tag[0][:LONG_TAG]


def text_of(source: bytes, encoding: str) -> str:
    """The page as text that can be parsed."""
    return _LONG_TAG.sub(_shortened, printable(_decode(source[:LARGEST_PAGE], encoding)))


def parse(source: bytes, encoding: str) -> Element:
    """The root of the page; an empty or unreadable page gives an empty one."""
    return tree_of(text_of(source, encoding))


def tree_of(text: str) -> Element:
    """The root of a page that was made parsable."""
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return etree.fromstring(b"<html><body></body></html>", etree.HTMLParser()) if root is None else root


def charset_of(source: bytes, encoding: str) -> str:
    """The character set of a page: what HTTP says, else its byte order mark or meta element, else UTF-8."""
    if source.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    named = _META_CHARSET.search(source[:4096])
    for name in (encoding, named.group(1).decode("ascii", "replace") if named else ""):
        try:
            if name and "x".encode(name) == b"x":
                return "windows-1252" if name.lower() in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
        except (LookupError, UnicodeError):
            continue
    return "utf-8"


def _decode(source: bytes, encoding: str) -> str:
    return source.decode(charset_of(source, encoding), "replace").removeprefix("\ufeff")


def attributes_of(element: Element) -> dict[str, str]:
    """The attributes of an element."""
    attributes = element.attrib
    if len(attributes) <= MOST_ATTRIBUTES:
        return dict(attributes.items())
    return {name: attributes[name] for name in list(attributes.keys())[:MOST_ATTRIBUTES]}


CONTROL_TAGS = frozenset({"form", "input", "select", "textarea", "button"})
_CONTROL_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)|\Z)|<(textarea)\b.*?(?:</textarea|\Z)"
    r"|<(/?)(form|input|select|button)(?=[\s/>])",
    re.I | re.S,
)


def owners(text: str) -> list[tuple[str, int]]:
    """Each form and control in the order of the source, with the number of the form that a browser gives it to.

    Pages of old open a form in a table and close it elsewhere. A browser keeps the form open until its end tag,
    whatever the tables do, and ignores a form in a form; a tree cannot show that.
    """
    found: list[tuple[str, int]] = []
    forms, current = 0, -1
    for match in _CONTROL_TAG.finditer(text):
        tag = (match[1] or match[3] or "").lower()
        if not tag or (match[2] and tag != "form"):
            continue
        if match[2]:
            current = -1
        elif tag == "form":
            current = forms if current < 0 else current
            found.append((tag, forms))
            forms += 1
        else:
            found.append((tag, current))
    return found
