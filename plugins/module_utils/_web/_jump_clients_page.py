# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/login > Jump > Jump Clients``: how many may upgrade at the same time (G11; appliance-interface.md 7.4)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Page, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site


@dataclass(frozen=True)
class JumpClientsPage:
    """The page, open and understood."""

    page: Page
    field: Field

    @property
    def limit(self) -> str:
        """The limit as the page shows it, not necessarily a number."""
        return self.field.value.strip()

    def set_limit(self, limit: str) -> Submission:
        """The limit filled in and "Save Changes" of the same form, ready to be sent."""
        saving = self.page.buttons("jump_clients.save")
        own = [button for button in saving if button.form == self.field.form]
        button = own[0] if len(own) == 1 else self.page.button("jump_clients.save")
        return self.page.fill({self.field: limit}, button)


def open_jump_clients(site: Site) -> JumpClientsPage:
    """Read the page.

    :raises PageNotUnderstood: it shows no such limit; a backup box, for one, lacks the page.
    """
    return read_jump_clients(site.open("menu.jump", "menu.jump_clients"))


def read_jump_clients(page: Page) -> JumpClientsPage:
    """Understand a page that is open."""
    return JumpClientsPage(page, page.field("jump_clients.max_upgrades"))


def shows_limit(page: Page) -> bool:
    """Whether a page is the one with the limit."""
    return page.maybe_field("jump_clients.max_upgrades") is not None
