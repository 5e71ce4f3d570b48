# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/login > Management > Security``: the pre-shared key of the boxes of a pair (G28; appliance-interface.md 7.2)."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site

# What stands for a value that is not shown.
_MASKS = frozenset("*\u2217\uff0a\u2022\u25cf\u2b24\u2219\u00b7\u25e6\u25cb\u25aa\u25a0")


def read_preshared_key(site: Site) -> str:
    """The key that the box shows, empty where the field is empty or masked: a secret, never to be kept.

    :raises PageNotUnderstood: the page or its field is not found.
    """
    return shown_key(site.open("menu.management", "menu.security"))


def shown_key(page: Page) -> str:
    """The same of a page that is open; no copy is kept of one without the field, which may show the key elsewhere."""
    field = page.maybe_field("security.pre_shared_key")
    if field is None:
        raise PageNotUnderstood(f"The page {page.where} shows no field for the pre-shared key.")
    value = field.value.strip()
    return "" if _MASKS.issuperset(value) else value
