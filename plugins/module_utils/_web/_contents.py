# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What people set under ``/login``, as far as its pages show it: as digests, to see later whether it is the same."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Set

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotPermitted, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._menu import has_entry
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Row
from ansible_collections.bt_ops.pra.plugins.module_utils._web._settings_pages import fields_of
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import NAVIGATION
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

# The places by name, in each what is set there by label, with a digest of its value.
Contents = dict[str, dict[str, str]]

# By menu; not the pages of states, reports, failover and one's own account, which change by themselves.
PAGES: dict[str, tuple[str, ...]] = {
    "menu.configuration": ("menu.options", "menu.teams"),
    "menu.users_and_security": (
        "menu.users", "menu.access_invite", "menu.group_policies", "menu.session_policies", "menu.security_providers",
    ),
    "menu.jump": (
        "menu.jump_groups", "menu.jump_policies", "menu.jump_item_roles", "menu.gateways", "menu.jump_clients",
    ),
    "menu.access_console": (
        "menu.access_console_settings", "menu.custom_links", "menu.canned_scripts", "menu.special_actions",
    ),
    "menu.management": (
        "menu.security", "menu.site_configuration", "menu.email", "menu.outbound_events", "menu.api_configuration",
    ),
}
# Menus whose own first page is not one of those below it.
_WITH_A_PAGE = ("menu.configuration", "menu.users_and_security")
# Places are named in English whatever the page speaks: the two boxes of a pair may differ in that.
_NAME = Words("en", {})
TEXT, LIST = "its text", "its list"
MOST_LINES = 500
# Lists whose lines tell a state as well, such as "Upgrade Pending": only the names in them count.
_NAMES_ONLY = ("menu.jump_clients", "menu.gateways")
_TIME = re.compile(r"\d:\d\d|\d{4}-\d\d|\d+[./]\d+[./]\d+")
_LONGEST_NAME = 80
_KEY = "security.pre_shared_key"


def digest(text: str) -> str:
    """What stands for a value in the journal, which must not hold the value itself."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_contents(site: Site) -> Contents:
    """Open every such page that there is; one that is not there, or not for this account, is left out."""
    found: Contents = {}
    seen: set[str] = set()
    start = site.start()
    for group, keys in PAGES.items():
        if not has_entry(start, group):
            continue
        try:
            page = site.open(group)
        except (NotPermitted, PageNotUnderstood):
            continue
        if group in _WITH_A_PAGE:
            seen.add(page.url)
            found[_NAME.of(group)[0]] = contents_of(page)
        for key in keys:
            if has_entry(page, key):
                _read(site, (group, key), seen, found)
    return found


def _read(site: Site, menu: tuple[str, str], seen: set[str], found: Contents) -> None:
    """Add what one page shows, unless it was read already under another name."""
    try:
        page = site.open(*menu)
    except (NotPermitted, PageNotUnderstood):
        return
    if page.url not in seen:
        seen.add(page.url)
        found[_NAME.of(menu[-1])[0]] = contents_of(page, names_only=menu[-1] in _NAMES_ONLY)


def contents_of(page: Page, names_only: bool = False) -> dict[str, str]:
    """Fields by label, lines of tables by their first cell, and all other text, without times and numbers."""
    # The pre-shared key is a secret that some boxes show; no digest of it is kept either.
    fields = {label: value for label, value in fields_of(page).items() if not page.reads(_KEY, label)}
    found = {label: digest(value) for label, value in fields.items()}
    listed: dict[str, str] = {}
    for row in _inner_rows(page):
        cells = [cell for cell in row.cells if cell and not _TIME.search(cell)]
        if cells:
            name = _unused(cells[0][:_LONGEST_NAME], found.keys() | listed.keys())
            listed[name] = digest(cells[0] if names_only else " | ".join(cells))
    found |= in_short(listed)
    document = page.document
    lines = []
    for block in document.blocks_in(document.start[0], document.stop[0]):
        owner = block.segments[0].owner
        if not document.flags[owner] & NAVIGATION and document.context[owner].row < 0 and not _TIME.search(block.text):
            lines.append(re.sub(r"\d+", "#", block.text))
    found[TEXT] = digest("\n".join(lines))
    return found


def in_short(listed: dict[str, str]) -> dict[str, str]:
    """A list as it is kept: a long one as a whole, so that the journal stays small."""
    return listed if len(listed) <= MOST_LINES else {LIST: digest(json.dumps(listed, sort_keys=True))}


def _inner_rows(page: Page) -> list[Row]:
    """The rows of tables, without those that only lay out the page and hold other rows."""
    document, rows = page.document, page.rows()
    outer = {
        row.index for row, following in itertools.pairwise(rows) if document.inside(following.index, row.index)
    }
    return [row for row in rows if row.index not in outer]


def _unused(name: str, taken: Set[str]) -> str:
    """The name, with a number where it is taken already."""
    unused, count = name, 2
    while unused in taken:
        unused, count = f"{name} ({count})", count + 1
    return unused
