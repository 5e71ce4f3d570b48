# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finding a page through the menus, by their visible words, in one, two or three levels."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Link
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import (
    clean,
    is_one_of,
    is_title,
    parts,
    without_count,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import NAVIGATION

# Where older base software keeps a page that newer ones have elsewhere (appliance-interface.md 6.1).
OTHER_WAYS: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("menu.updates",): (("menu.support", "menu.updates"),),
}
_LISTS = frozenset({"ul", "ol", "menu", "dl"})
_CURRENT_CLASSES = frozenset({"active", "current", "selected", "on", "is-active", "current-page", "nav-active"})


def walk(start: Page, menu: tuple[str, ...], get: Callable[[Link], Page]) -> Page:
    """Follow the menu from a page to the one that the keys name, from outside in.

    :raises PageNotUnderstood: an entry is not there, or more than one leads to different pages.
    """
    found = _shortcut(start, menu)
    if found is not None:
        return get(found)
    return _steps(start, menu, get, frozenset(), None)


def is_at(page: Page, key: str) -> bool:
    """Whether a page is the one that a menu entry leads to, by its heading, its title, or the marked entry."""
    words = page.words.of(key)
    if page.heading and any(is_title(part, words) for part in (page.heading, *parts(page.heading))):
        return True
    if any(is_one_of(without_count(part), words) for part in parts(page.title)):
        return True
    return any(is_one_of(without_count(name), words) for name in _marked(page))


def _steps(
    page: Page, keys: tuple[str, ...], get: Callable[[Link], Page], known: frozenset[str], parent: str | None
) -> Page:
    key, rest = keys[0], keys[1:]
    found = _entries(page, key, parent)
    fresh = [link for link in found if link.target not in known]
    found = fresh or found
    if len(found) == 1:
        # Where a browser presses the entry of the page that it is at, nothing happens that could be waited for.
        stays = bool(rest) and page.document.drawn and is_at(page, key) and bool(_named(page, rest[0]))
        after = page if stays else get(found[0])
    elif not found and rest:
        after = page  # this level is not drawn here: the next one may be
    elif not found and parent is not None and is_at(page, key):
        return page
    else:
        raise page.not_understood("link", key, [f"{link.label} ({link.target})" for link in found], page)
    if not rest:
        return after
    targets = frozenset(link.target for link in entries(page)) if found else known
    deeper = _shortcut(after, (key, *rest))
    if deeper is not None:
        return get(deeper)
    return _steps(after, rest, get, targets, key if found else parent)


def _shortcut(page: Page, keys: tuple[str, ...]) -> Link | None:
    """The entry of the last key, where it stands under the entry before it: no page in between is needed."""
    if len(keys) < 2:
        return None
    words = page.words.of(keys[-2])
    under = [link for link in _named(page, keys[-1]) if _is_under(page, link, words)]
    targets = {link.target for link in under}
    return under[0] if len(targets) == 1 else None


def _entries(page: Page, key: str, parent: str | None) -> list[Link]:
    """The entries called so that lead to different pages; those in menus before others."""
    found = _named(page, key)
    if parent is not None:
        words = page.words.of(parent)
        found = [link for link in found if _is_under(page, link, words)] or found
    elif len(found) > 1:
        # The entry of the menu itself, before one of the same name below another entry.
        depths = [len(_above(page, link)) for link in found]
        found = [link for link, depth in zip(found, depths, strict=True) if depth == min(depths)]
    found = [link for link in found if link.is_navigation] or found
    return list({link.target: link for link in reversed(found)}.values())


def has_entry(page: Page, key: str) -> bool:
    """Whether the page shows a menu entry of that name, or has it in a menu that is folded up."""
    return bool(_named(page, key))


def entries(page: Page) -> list[Link]:
    """The links of a page, and those of its menus that are folded up."""
    return page.controls.links + page.controls.folded_links


def _named(page: Page, key: str) -> list[Link]:
    for words in page.words.ranks(key):
        found = [
            link
            for link in entries(page)
            if any(is_one_of(name, words) or is_one_of(without_count(name), words) for name in link.names.strong)
        ]
        if found:
            return found
    return []


def _is_under(page: Page, link: Link, words: tuple[str, ...]) -> bool:
    """Whether an entry of a menu stands below the entry called so."""
    return any(is_one_of(without_count(name), words) for name in _above(page, link))


def _above(page: Page, link: Link) -> list[str]:
    """What stands above an entry: the outer list entry, the button that unfolds its list, a heading."""
    document = page.document
    found: list[str] = []
    item = document.context[link.index].item
    while item >= 0 and document.parent[item] >= 0:
        item = document.context[document.parent[item]].item
        if item >= 0:
            found.append(_own_text(page, item))
    for name in page.controls.openers:
        target = document.ids.get(name, -1)
        if target >= 0 and document.inside(link.index, target):
            found.append(page.controls.openers[name])
    found += [
        name
        for section in page.all_sections
        if section is not page.main_section and section.start <= link.start < section.stop
        for name in section.names
    ]
    return found


def _own_text(page: Page, item: int) -> str:
    """What a list entry says before the list in it begins."""
    element = page.document.elements[item]
    texts = [element.text or ""]
    for child in element:
        if child.tag in _LISTS or (child.tag == "div" and len(child.findall(".//a")) > 1):
            break
        texts += ["".join(child.itertext()), child.tail or ""]
    return clean(" ".join(texts))


def _marked(page: Page) -> list[str]:
    """The texts of the entries that the menu marks as the current ones."""
    document = page.document
    found = []
    for index, attributes in enumerate(document.attributes):
        if not attributes:
            continue
        if attributes.get("aria-current", "false") != "false" or (
            attributes.get("aria-selected") == "true" and attributes.get("role") == "tab"
        ):
            found.append(document.text(index))
        elif document.flags[index] & NAVIGATION and not _CURRENT_CLASSES.isdisjoint(
            attributes.get("class", "").lower().split()
        ):
            found.append(_own_text(page, index) if document.tags[index] == "li" else document.text(index))
    return found
