# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Status > Basics``: who the box is and what base software it runs (appliance-interface.md 6.2)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site


@dataclass(frozen=True)
class Basics:
    """Facts of the page; empty or None where it does not show one."""

    page: Page
    serial: str
    appliance_id: str
    base_version: Version | None
    system_time: str

    def base(self) -> Version:
        """The base software.

        :raises PageNotUnderstood: the page does not show it.
        """
        if self.base_version is None:
            raise self.page.not_understood("value", "basics.base_version", [], self.page)
        return self.base_version


def read_basics(site: Site) -> Basics:
    """Read the page."""
    page = site.open("menu.status", "menu.basics")
    return Basics(
        page=page,
        serial=page.fact("basics.serial") or "",
        appliance_id=page.fact("basics.appliance_id") or "",
        base_version=Version.find(page.fact("basics.base_version") or ""),
        system_time=page.fact("basics.system_time") or "",
    )
