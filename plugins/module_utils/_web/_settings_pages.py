# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings of ``/appliance``, which no backup holds, read page by page as they stand (G37; H13)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotPermitted, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site

# Networks, syslog, SNMP, NTP, mail, accounts: pages of base 6.1 (appliance-interface.md 6.1); not every base has all.
PAGES: dict[str, tuple[str, ...]] = {
    "Users": ("menu.users",),
    "Networking > IP Configuration": ("menu.networking", "menu.ip_configuration"),
    "Networking > Static Routes": ("menu.networking", "menu.static_routes"),
    "Networking > SNMP": ("menu.networking", "menu.snmp"),
    "Security > TLS Configuration": ("menu.security", "menu.tls"),
    "Security > Appliance Administration": ("menu.security", "menu.administration"),
    "Security > Email Configuration": ("menu.security", "menu.email"),
}
_SECRET = ("password", "file")


@dataclass(frozen=True)
class Settings:
    """What the pages show: per page its fields by label, and the lines of its tables. `unread` are pages not found."""

    fields: dict[str, dict[str, str]]
    rows: dict[str, list[str]]
    unread: list[str]


def read_settings(site: Site) -> Settings:
    """Open every page that there is. Passwords are not read.

    :raises PageNotUnderstood: not one of the pages is there.
    """
    fields: dict[str, dict[str, str]] = {}
    rows: dict[str, list[str]] = {}
    unread: list[str] = []
    failed: PageNotUnderstood | None = None
    for name, menu in PAGES.items():
        try:
            page = site.open(*menu)
        except NotPermitted:
            unread.append(name)
        except PageNotUnderstood as error:
            failed = error
            unread.append(name)
        else:
            fields[name] = fields_of(page)
            rows[name] = _rows(page)
    if not fields and failed is not None:
        raise failed
    return Settings(fields, rows, unread)


def fields_of(page: Page) -> dict[str, str]:
    """What each field is set to, without passwords; a second one of the same label gets a number."""
    found: dict[str, str] = {}
    for each in page.fields():
        if each.kind in _SECRET:
            continue
        label, count = each.label or "without a label", 2
        while label in found:
            label = f"{each.label} ({count})"
            count += 1
        found[label] = ("on" if each.checked else "off") if each.kind == "checkbox" else each.value
    return found


def _rows(page: Page) -> list[str]:
    """The lines of tables whose columns have headings; a table that only lays out the page has none."""
    tables = page.controls.names.tables
    told = [[(tables.heading_of(cell), tables.text(cell)) for cell in tables.cells(row.index)] for row in page.rows()]
    return [
        " | ".join(f"{heading}: {text}" for heading, text in cells if heading and text)
        for cells in told
        if any(heading and text for heading, text in cells)
    ]
