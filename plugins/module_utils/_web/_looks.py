# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an element's tag, role and attributes say about how it looks: hidden, greyed, bold, part of a menu."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ansible_collections.bt_ops.pra.plugins.module_utils._web._source import Element

HIDDEN, SILENT, CONTROL, DISABLED, NAVIGATION, CLOSED, FOOTNOTE, BOLD, INERT = 1, 2, 4, 8, 16, 32, 64, 128, 256
LINK, CALLED_MENU = 512, 1024  # the latter: by its id or class a menu, which is not yet sure
LONGEST_STYLE = 200_000  # characters of a style sheet that are looked at
LONGEST_RULE = 2_000  # characters of one rule of it, or of one attribute

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1",
        "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav",
        "noscript", "ol", "optgroup", "option", "p", "pre", "search", "section", "select", "summary", "table", "tbody",
        "td", "textarea", "tfoot", "th", "thead", "tr", "ul",
    }
)
BLOCK_ROLES = frozenset(
    {
        "alert", "article", "cell", "columnheader", "definition", "group", "gridcell", "heading", "listitem", "main",
        "navigation", "region", "row", "rowheader", "status", "table", "tabpanel", "term",
    }
)
_NEVER_SHOWN = HIDDEN | SILENT
_OF_TAG = {
    **dict.fromkeys(("head", "script", "style", "title", "meta", "link", "base"), _NEVER_SHOWN),
    **dict.fromkeys(("object", "audio", "video", "iframe", "canvas"), _NEVER_SHOWN),
    "template": _NEVER_SHOWN | INERT,
    **dict.fromkeys(("button", "select", "textarea"), CONTROL),
    "datalist": CONTROL | INERT,
    "nav": NAVIGATION,
    **dict.fromkeys(("small", "sup", "abbr"), FOOTNOTE),
    **dict.fromkeys(("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"), BOLD),
}
_OF_ROLE = {"button": CONTROL, **dict.fromkeys(("navigation", "menubar", "menu", "tablist"), NAVIGATION)}
_CAN_BE_DISABLED = frozenset({"fieldset", "optgroup", "button", "input", "select", "textarea"})
_MAY_BE_MENUS = frozenset({"ul", "ol", "div", "table", "td", "aside", "header"})
_MAY_BE_HINTS = frozenset({"span", "div", "p", "i", "em", "b", "strong"})
_MAY_BE_MARKS = frozenset({"span", "i", "em", "b", "strong"})
_NAVIGATION = re.compile(r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|menubar|tabs?|tabbar|sidebar|topbar)(?:$|[\s_-])")
_NO_MENU = re.compile(r"(?:^|[\s_-])(?:content|pane|panel|page|body|main|container|wrapper|item)(?:$|[\s_-])")
_HINT = re.compile(r"(?:^|[\s_-])(?:help|hint|description|note|tooltip)(?:$|[\s_-])")
_MARK = re.compile(r"(?:^|[\s_-])(?:required|optional|badge)(?:$|[\s_-])")
_NO_HINT = re.compile(
    r"(?:^|[\s_-])(?:label|legend|group|row|control|item|list|term|title|name|value|wrapper|container)(?:$|[\s_-])"
)
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.I)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_HIDING_CLASS = frozenset({"hidden", "d-none", "is-hidden", "ng-hide", "hide"})
_HIDING_ON_DESKS = re.compile(
    r"^(?:d-(?:sm|md|lg)-none|(?:sm|md|lg):hidden|visible-(?:xs|sm|phone|tablet)(?:-\w+)?|show-for-small-only)$"
)
_DIALOG_ROLES = frozenset({"dialog", "alertdialog"})
_DIALOG_CLASSES = frozenset({"modal", "dialog", "popup", "popover"})
_OPEN_CLASSES = frozenset({"show", "in", "open", "is-open", "active", "is-active", "visible"})
_SHOWING_CLASS = re.compile(r"(?:^|[:-])(?:block|flex|inline|grid|table(?:-\w+)*|contents)$")
_SIMPLE_SELECTOR = re.compile(r"^[.#][\w-]+$")


class Looks:
    """Judges the elements of one page.

    :param drawn: a browser has told what is hidden, so that nothing else is asked.
    """

    def __init__(self, root: Element, drawn: bool = False) -> None:
        self._drawn = drawn
        self._opened = set() if drawn else _targets(root)
        self._hidden_classes, self._hidden_ids = (set(), set()) if drawn else _style_rules(root)

    def flags(self, tag: str, role: str, attributes: Mapping[str, str]) -> int:
        """What an element says about itself; what is said about its ancestors holds for it, too."""
        flags = _OF_TAG.get(tag, 0)
        if not attributes:
            return flags | CLOSED if tag == "dialog" and not self._drawn else flags
        if tag == "a" and "href" in attributes:
            flags |= LINK
        if role:
            flags |= _OF_ROLE.get(role, 0)
        name, classes, style = attributes.get("id", ""), attributes.get("class", ""), attributes.get("style", "")
        hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
        if classes:
            flags |= _of_classes(tag, classes[:LONGEST_RULE]) & (~HIDDEN if self._drawn else -1)
            if self._hidden_classes and not self._hidden_classes.isdisjoint(classes.split()):
                hidden = True
        if name:
            if tag in _MAY_BE_MENUS and _NAVIGATION.search(name[:LONGEST_RULE].lower()):
                flags |= CALLED_MENU
            hidden = hidden or name in self._hidden_ids
        if style:
            hidden = hidden or bool(_HIDING_STYLE.search(style[:LONGEST_RULE]))
            flags |= BOLD if _BOLD_STYLE.search(style[:LONGEST_RULE]) else 0
        if hidden:
            flags |= HIDDEN
        if name in self._opened and tag not in _OF_TAG:
            flags &= ~HIDDEN
        dialog = not self._drawn and (tag == "div" or tag == "dialog" or role or "popover" in attributes)
        if dialog and tag not in _OF_TAG:
            flags = _of_dialog(tag, role, attributes, flags)
        if tag in _CAN_BE_DISABLED and "disabled" in attributes or attributes.get("aria-disabled") == "true":
            flags |= DISABLED
        return flags


def _of_dialog(tag: str, role: str, attributes: Mapping[str, str], flags: int) -> int:
    """A dialog that is not open is not hidden for good: a button opens it."""
    names = attributes.get("class", "")[:LONGEST_RULE].split()
    if tag == "dialog":
        closed = "open" not in attributes
    elif "popover" in attributes:
        closed = True
    elif role in _DIALOG_ROLES or not _DIALOG_CLASSES.isdisjoint(names):
        closed = bool(flags & HIDDEN) or ("modal" in names and _OPEN_CLASSES.isdisjoint(names))
    else:
        return flags
    return (flags & ~HIDDEN) | CLOSED if closed else flags


@lru_cache(maxsize=4096)
def _of_classes(tag: str, classes: str) -> int:
    """What conventional class names say."""
    names = classes.split()
    hidden = not _HIDING_CLASS.isdisjoint(names) or any(_HIDING_ON_DESKS.match(each) for each in names)
    hidden = hidden and not any(_SHOWING_CLASS.search(each) for each in names)
    flags = HIDDEN if hidden else 0
    told = classes.lower()
    if tag in _MAY_BE_MENUS and _NAVIGATION.search(told) and not _NO_MENU.search(told):
        flags |= CALLED_MENU
    elif tag in _MAY_BE_HINTS and not _NO_HINT.search(told):
        is_hint = _HINT.search(told) or (tag in _MAY_BE_MARKS and _MARK.search(told))
        flags |= FOOTNOTE if is_hint else 0
    return flags


def _targets(root: Element) -> set[str]:
    """Ids of what a tab or a disclosure button opens: hidden at first, but one click away."""
    found = set(root.xpath("//*[@role='tabpanel']/@id"))
    for controls in root.xpath("//*[@aria-controls][@aria-expanded or @role='tab']/@aria-controls"):
        found.update(controls.split())
    return {str(name) for name in found}


def _style_rules(root: Element) -> tuple[set[str], set[str]]:
    """Classes and ids that a style sheet in the page hides."""
    classes: set[str] = set()
    ids: set[str] = set()
    for element in root.iter("style"):
        for rule in (element.text or "")[:LONGEST_STYLE].split("}"):
            selectors, _brace, body = rule.partition("{")
            if len(selectors) < LONGEST_RULE and _HIDING_STYLE.search(body[:LONGEST_RULE]):
                for selector in selectors.split(","):
                    name = selector.strip()
                    if _SIMPLE_SELECTOR.match(name):
                        (classes if name[0] == "." else ids).add(name[1:])
    return classes, ids
