# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Networking > IP Configuration``: one address, enabled or not (G32; appliance-interface.md 6.2)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotOffered
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Link, Page, Scope, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site


@dataclass(frozen=True)
class AddressPage:
    """The page on which one address is switched, open and understood."""

    page: Page
    part: Scope
    enabled_field: Field
    address: str

    @property
    def enabled(self) -> bool:
        """Whether the box has the address, as the page shows it."""
        return self.enabled_field.checked

    def switch(self, on: bool) -> Submission:
        """"Enabled" on or off and "Save Changes", ready to be sent."""
        button = self.part.maybe_button("ip.save") or self.page.button("ip.save")
        return self.page.fill({self.enabled_field: on}, button)


def open_address(site: Site, address: str) -> AddressPage:
    """Find the address: on the page itself, or behind the link that bears it.

    :raises NotOffered: the box does not list the address.
    """
    page = site.open("menu.networking", "menu.ip_configuration")
    found = read_address(page, address)
    if found is None:
        link = page.maybe_link_named(address) or _row_link(page, address)
        if link is None:
            raise NotOffered(
                f"The page {page.title!r} lists no address {address}.",
                advice="Add the shared IP on both boxes first; only one of them may have it enabled.",
                guide=("G32",),
            )
        page = site.submit(page.follow(link))
        found = read_address(page, address, only=True)
    if found is None:
        raise page.not_understood("field", "ip.enabled", [], page)
    return found


def read_address(page: Page, address: str, only: bool = False) -> AddressPage | None:
    """Understand an open page, or None where the address cannot be switched on it.

    :param only: the page is about this address, so its one "Enabled" is the one meant.
    """
    part: Scope | None = page.maybe_section_titled(address)
    if part is None:
        rows = [row for row in page.rows() if any(address == cell.partition("/")[0].strip() for cell in row.cells)]
        part = rows[0].scope if len(rows) == 1 else None
    if part is not None:
        enabled = part.maybe_field("ip.enabled")
        if enabled is not None:
            return AddressPage(page, part, enabled, address)
    if only or any(str(field.value).partition("/")[0].strip() == address for field in page.fields()):
        enabled = page.maybe_field("ip.enabled")
        if enabled is not None:
            return AddressPage(page, page, enabled, address)
    return None


def glance(site: Site, before: AddressPage) -> bool | None:
    """Whether the address is enabled now, by the same tick box of the same page, fetched anew.

    None where that is not clear, and for a page that is not about this address alone: on a list a control of the same
    name may be another address's.
    """
    field = before.enabled_field
    if before.part is not before.page or field.kind != "checkbox":
        return None
    tree = site.refetch(before.page)
    inputs = [each for each in tree.iter("input") if each.get("name") == field.name] if tree is not None else []
    boxes = [each for each in inputs if each.get("type", "").lower() == "checkbox"]
    return "checked" in boxes[0].attrib if len(boxes) == 1 else None


def _row_link(page: Page, address: str) -> Link | None:
    """The one link ("Edit") in the row of the address."""
    rows = [row for row in page.rows() if any(address == cell.partition("/")[0].strip() for cell in row.cells)]
    links = rows[0].scope.links() if len(rows) == 1 else []
    return links[0] if len(links) == 1 else None
