# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/login > Status > Information``: version and build of the product (appliance-interface.md 7.5)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site


@dataclass(frozen=True)
class Information:
    """Version and build of the product; None and empty where the page does not show them."""

    version: Version | None
    build: str


def read_information(site: Site) -> Information:
    """Read the page."""
    page = site.open("menu.status", "menu.information")
    version = Version.find(page.fact("information.product_version") or "")
    build = page.fact("information.product_build") or (version.build if version else "")
    return Information(version, build)
