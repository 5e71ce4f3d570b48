# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/login > Management > Software``: the backup by form (G1; appliance-interface.md 7.1)."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Page, Submission, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site


def download_backup(site: Site, password: str) -> Submission:
    """"Download Backup" with the logged history, ready to be sent; the password goes in twice."""
    return fill_backup(site.open("menu.management", "menu.software"), password)


def fill_backup(page: Page, password: str) -> Submission:
    """The same on a page that is open."""
    part = page.section("software.backup")
    values: dict[Field, Value] = {}
    if password:
        values[part.field("backup.password")] = password
        values[part.field("backup.confirm")] = password
    history = part.maybe_field("backup.history")
    if history is not None:
        values[history] = True
    return page.fill(values, part.button("backup.download"))
