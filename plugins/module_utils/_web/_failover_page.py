# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/login > Management > Failover``: role, sync, break, establish (G24, G28, G29; appliance-interface.md 7.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site

# What on the page shows which role, in the order of how plainly it says so. Beside the button that breaks the
# relationship stands one that gives the role away: what a box can become is what it is not.
_EVIDENCE = (
    ("says", "failover.not_configured", "none"),
    ("section", "failover.primary_status", "primary"),
    ("section", "failover.backup_status", "backup"),
    ("button", "failover.establish", "none"),
    ("button", "failover.become_backup", "primary"),
    ("button", "failover.become_primary", "backup"),
)


@dataclass(frozen=True)
class FailoverPage:
    """The page as it was read once.

    `last_sync` is the time of the last data sync as the box writes it; `syncing` is what it says of one that runs.
    """

    page: Page
    role: str
    last_sync: str
    last_sync_status: str
    syncing: str

    @property
    def automatic(self) -> bool | None:
        """Whether "Enable Automatic Failover" is ticked, None where the page does not show it."""
        try:
            field = self.page.maybe_field("failover.automatic")
        except PageNotUnderstood:  # shown twice: not for us to tell which counts
            return None
        return field.checked if field is not None and field.kind == "checkbox" else None

    def sync_now(self) -> Submission:
        """"Sync Now", ready to be sent."""
        return self.page.fill({}, self.page.button("failover.sync_now"))

    def break_relationship(self) -> Submission:
        """"Break Failover Relationship", ready to be sent; never the button beside it (S12)."""
        return self.page.fill({}, self.page.button("failover.break"))

    def establish(self, backup: tuple[str, int], own: tuple[str, int]) -> Submission:
        """"Establish Relationship" with the new backup, filled in both ways.

        :param backup: how this box reaches the new backup: host and TLS port.
        :param own: how the new backup reaches this box.
        """
        values = {}
        for section, (host, port) in (("failover.new_backup", backup), ("failover.reverse", own)):
            part = self.page.section(section)
            values[part.field("failover.host")] = host
            values[part.field("failover.port")] = str(port)
        return self.page.fill(values, self.page.button("failover.establish"))


def open_failover(site: Site) -> FailoverPage:
    """Read the page."""
    return read_failover(site.open("menu.management", "menu.failover"))


def read_failover(page: Page) -> FailoverPage:
    """Understand a page that is open.

    :raises PageNotUnderstood: it shows no role, or more than one.
    """
    look: dict[str, Callable[[str], object]] = {
        "says": page.says,
        "section": page.maybe_section,
        "button": page.maybe_button,
    }
    roles: list[str] = []
    for kind, key, role in _EVIDENCE:
        if look[kind](key) is not None and role not in roles:
            roles.append(role)
    if len(roles) != 1:
        raise PageNotUnderstood(
            f"The page {page.title!r} shows "
            + ("no failover role." if not roles else f"the roles {' and '.join(roles)}.")
        )
    said = page.says("failover.last_sync")
    told = (said.values.get("time") or said.text) if said else ""
    last_sync = told or page.fact("failover.last_sync") or ""
    syncing, failed = page.says("failover.syncing"), page.says("failover.sync_failed")
    status = page.fact("failover.last_sync_status") or (failed.text if failed else "") or ("success" if said else "")
    return FailoverPage(page, roles[0], last_sync, status, syncing.text if syncing else "")
