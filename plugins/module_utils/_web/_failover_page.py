# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/login > Management > Failover``: role, sync, break, establish (G24, G28, G29; appliance-interface.md 7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import same

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

# How boxes may word the end of a sync; not documented (appliance-interface.md 11.4).
_GOOD = re.compile(r"success|succeed|\bok\b|complete|gelukt|geslaagd|voltooid", re.I)
_BAD = re.compile(
    r"fail|error|unsuccess|not succe|incomplete|abort|cancel|interrupt|refused|unreachable|timed?[ -]?out|could not"
    r"|mislukt|fout|niet |onvolledig|afgebroken|geannuleerd|onderbroken|geweigerd|onbereikbaar|verbroken",
    re.I,
)
_OF_A_SYNC = re.compile(r"sync", re.I)


def verdict(status: str) -> bool | None:
    """Whether a text says that a sync went well; None where it does not tell."""
    if _BAD.search(status):
        return False
    return True if _GOOD.search(status) else None


@dataclass(frozen=True)
class FailoverPage:
    """The page as it was read once.

    `last_sync` is the time of the last data sync as the box writes it; `syncing` is what it says of one that runs.
    `failure` is what it says of a sync that failed, which may be one of a history. `complaints` are all lines that may
    say so; some may always stand there.
    """

    page: Page
    role: str
    last_sync: str
    last_sync_status: str
    syncing: str
    failure: str
    complaints: tuple[str, ...]

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
    said, syncing = page.says("failover.last_sync", unless="failover.sync_failed"), page.says("failover.syncing")
    # Where the line about the last sync tells of a failure it is that one's, and not one of a history.
    failed = (page.says("failover.last_sync") if said is None else None) or page.says("failover.sync_failed")
    failure = failed.text if failed else ""
    told = (said.values.get("time") or said.text) if said else ""
    if said is None or same(told, said.phrase):  # a label alone, whose value stands beside it
        told = page.fact("failover.last_sync") or ""
    if verdict(told) is False:
        told, failure = "", told
    return FailoverPage(
        page=page,
        role=roles[0],
        last_sync=told,
        last_sync_status=page.fact("failover.last_sync_status") or ("success" if told else failure),
        syncing=syncing.text if syncing else "",
        failure=failure,
        complaints=tuple(each for each in page.text.splitlines() if _OF_A_SYNC.search(each) and verdict(each) is False),
    )
