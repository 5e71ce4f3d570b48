# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What bt_doctor finds out about a box: per capability of the collection how it will be done there, or why not."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

# ready: seen and understood. unseen: the box does not show it in the state it is in now. by_hand: a person must do it.
# not_ready: something must be mended first. not_needed: nothing here asks for it.
State = Literal["ready", "unseen", "by_hand", "not_ready", "not_needed"]
PAGE = "web page"
# What people call each state; what needs somebody's attention comes first.
STATE_NAMES: dict[State, str] = {
    "not_ready": "not ready", "by_hand": "by hand", "unseen": "not to be seen yet", "ready": "ready",
    "not_needed": "not needed",
}


class Capability(NamedTuple):
    """One thing that the collection can do with a box: what it is called, and the obligations that it serves."""

    title: str
    guide: tuple[str, ...]


CAPABILITIES: dict[str, Capability] = {
    "health": Capability("health, version and failover role", ("G23", "G26")),
    "basics": Capability("base software, serial number and clock", ("G22",)),
    "backup": Capability("backup", ("G1", "G24", "G25")),
    "sync": Capability("data sync", ("G24", "G29")),
    "break": Capability("breaking failover", ("G24",)),
    "check": Capability("check for updates", ("G16",)),
    "install": Capability("install an update", ("G16", "G17")),
    "licence": Capability("licence agreement", ("G41",)),
    "download_key": Capability("download key", ("G19",)),
    "upload": Capability("installing a package by upload", ("G20",)),
    "shared_ip": Capability("shared IP", ("G32",)),
    "establish": Capability("establishing failover", ("G28", "G36")),
    "clients": Capability("Jump Clients: who is back", ("G12", "G14")),
    "client_limit": Capability("Jump Clients: limit of concurrent upgrades", ("G11",)),
    "certificate_export": Capability("certificate: export", ("G2", "G38")),
    "certificate_import": Capability("certificate: import", ("G39",)),
    "certificate_assign": Capability("certificate: assign to an address", ("G40",)),
    "restore": Capability("restore of a backup", ("G42",)),
    "settings": Capability("settings of /appliance, which no backup holds", ("G37",)),
    "presence": Capability("who is connected", ("G43",)),
    "factory_reset": Capability("reset to factory defaults", ("G44",)),
    "shut_down": Capability("shut down", ("G44",)),
}


@dataclass(frozen=True)
class Seen:
    """A thing that was looked for on a page: the key of its words, these words, and how the page calls it, if it does.

    `others` are the words that the page shows instead.
    """

    kind: str
    key: str
    words: tuple[str, ...]
    found: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """How one capability will be done on this box.

    `told` says what keeps it from being done, `right` which right is missing on which account, `unknown` what cannot
    be known beforehand; empty where there is nothing of that kind. `copy` is where a page that was not understood lies.
    """

    name: str
    state: State
    way: str = ""
    where: str = ""
    told: str = ""
    right: str = ""
    unknown: str = ""
    seen: tuple[Seen, ...] = ()
    copy: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return CAPABILITIES[self.name].title

    @property
    def button(self) -> str:
        """The button that will be pressed, as the page writes it."""
        return next((each.found for each in reversed(self.seen) if each.kind == "button" and each.found), "")

    @property
    def how(self) -> str:
        """Way, place and button in a few words."""
        place = " ".join(part for part in (self.way, self.where) if part)
        return f"{place}, {self.button!r}" if self.button else place

    def facts(self) -> dict[str, Any]:
        """As a result tells it."""
        return {
            **asdict(self),
            "title": self.title,
            "guide": list(CAPABILITIES[self.name].guide),
            "seen": [{**asdict(each), "words": list(each.words), "others": list(each.others)} for each in self.seen],
        }


@dataclass(frozen=True)
class AccountFinding:
    """One account: `state` is ``accepted``, ``refused``, ``missing``, ``not_tried`` or ``needs_person``."""

    site: str
    name: str
    state: str
    told: str = ""


@dataclass
class Report:
    """Everything that was found out. `troubles` keep every procedure from being started."""

    box: str
    host: str
    is_box: bool = True
    what: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    skew: float | None = None
    certificates: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[AccountFinding] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def by_urgency(self) -> list[Finding]:
        """The findings, those first that need somebody's attention."""
        return sorted(self.findings.values(), key=lambda finding: list(STATE_NAMES).index(finding.state))

    def add(self, finding: Finding) -> None:
        """Keep a finding under its name."""
        self.findings[finding.name] = finding
