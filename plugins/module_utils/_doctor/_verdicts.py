# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether each procedure can be done on a box, out of what was found there. Pure: asks nobody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import CAPABILITIES, Finding, Report
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import ALL, SETTING, STEPS

_ONLINE = ("check", "install", "licence")
_OFFLINE = ("download_key", "upload", "licence")
_PAIR = ("sync", "break", "establish")
PROCEDURES: dict[str, str] = {
    "single_upgrade": "upgrade of a single box",
    "sync_upgrade": "synchronous upgrade",
    "async_upgrade": "asynchronous upgrade",
    "offline_upgrade": "upgrade with packages that are carried over",
    "migration_old": "move to new hardware, as the old box",
    "migration_new": "move to new hardware, as the new box",
    "factory_reset": "factory reset",
}
# What a run does without where it must: told, and left to people.
OPTIONAL = frozenset({"clients"})
# What no box shows before it happens, so that there is nothing to tell of it.
NEVER_SEEN = frozenset({"licence"})


@dataclass(frozen=True)
class Question:
    """What is planned for the box, as far as it decides what is needed.

    `client_limit`: Jump Clients are to be held back. `begun`: an upgrade of the pair is under way.
    """

    procedures: tuple[str, ...] = tuple(PROCEDURES)
    update_source: str = "online"
    cutover: str = "manual"
    shared_ip: str = ""
    client_limit: bool = False
    begun: bool = False


@dataclass(frozen=True)
class Verdict:
    """Whether one procedure can be done: what keeps it from that, what a person must do, what could not be seen yet.

    `manual_steps` is what bt_manual_steps has to hold, so that a run is led through what a person does; empty where
    nothing is by hand, or not all that is can be guided.
    """

    procedure: str
    state: Literal["ready", "by_hand", "not_ready"]
    sentence: str
    missing: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    manual_steps: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What people call the procedure."""
        return PROCEDURES[self.procedure]

    def facts(self) -> dict[str, Any]:
        """As a result tells it."""
        lists = {name: list(getattr(self, name)) for name in ("missing", "by_hand", "unseen", "manual_steps")}
        return {**asdict(self), **lists, "title": self.title}


def needs(procedure: str, question: Question) -> tuple[str, ...]:
    """The capabilities that a procedure needs on a box, in its order."""
    update = _OFFLINE if question.update_source == "package" else _ONLINE
    upgrade = ("health", "basics", "backup", *update, "clients", *(("client_limit",) if question.client_limit else ()))
    switch = ("shared_ip",) if question.cutover == "shared_ip" else ()
    wanted: dict[str, tuple[str, ...]] = {
        "single_upgrade": upgrade,
        "sync_upgrade": (*upgrade, *_PAIR),
        "async_upgrade": (*upgrade, *_PAIR, *switch),
        "offline_upgrade": ("health", "basics", "backup", *_OFFLINE),
        "migration_old": ("health", "basics", "backup", "certificate_export", "settings"),
        "migration_new": ("basics", *update, "certificate_import", "certificate_assign", "restore"),
        "factory_reset": ("health", "basics", "presence", "factory_reset", "shut_down"),
    }
    return tuple(name for name in CAPABILITIES if name in wanted[procedure])


def verdicts(report: Report, question: Question) -> list[Verdict]:
    """The verdict on each procedure that was asked for, those first that need somebody's attention."""
    found = [judge(procedure, report, question) for procedure in question.procedures]
    return sorted(found, key=lambda verdict: ("not_ready", "by_hand", "ready").index(verdict.state))


def judge(procedure: str, report: Report, question: Question) -> Verdict:
    """The verdict on one procedure."""
    found = [report.findings[name] for name in needs(procedure, question) if name in report.findings]
    missing = [*report.troubles, *_unfit(procedure, report, question)]
    missing += _grouped([each for each in found if each.state == "not_ready" and each.name not in OPTIONAL])
    by_hand = [each.title for each in found if each.state == "by_hand" and each.name not in OPTIONAL]
    left = [each.title for each in found if each.state in ("by_hand", "not_ready") and each.name in OPTIONAL]
    unseen = [each.title for each in found if each.state == "unseen" and each.name not in NEVER_SEEN]
    lists = (tuple(missing), (*by_hand, *left), tuple(unseen))
    title = PROCEDURES[procedure]
    if missing:
        return Verdict(procedure, "not_ready", f"{title}: not ready: {'; '.join(missing)}", *lists)
    told = "ready"
    if by_hand:
        count = "one step" if len(by_hand) == 1 else f"{len(by_hand)} steps"
        told += f"; {count} by hand: {', '.join(by_hand)}"
    guided = _guided(procedure, [each.name for each in found if each.state == "by_hand" and each.name not in OPTIONAL])
    if left:
        told += f"; left to people: {', '.join(left)}"
    if unseen:
        told += f"; not to be seen yet: {', '.join(unseen)}"
    if guided:
        told += f"; guided with {SETTING}: {ALL if ALL in guided else '[' + ', '.join(guided) + ']'}"
    return Verdict(procedure, "by_hand" if by_hand else "ready", f"{title}: {told}", *lists, guided)


def _guided(procedure: str, by_hand: list[str]) -> tuple[str, ...]:
    """The steps by which a run leads through what is by hand; what is only read by hand needs all of them.

    Who installs accepts the agreement too. A limit that no page shows cannot be seen to be set.
    """
    names = [name for name in by_hand if name != "licence" or not {"install", "upload"} & set(by_hand)]
    if "client_limit" in names:
        return ()
    if set(names) <= set(STEPS):
        return tuple(names)
    return (ALL,) if procedure.endswith("_upgrade") and set(names) <= {*STEPS, "basics"} else ()


def _unfit(procedure: str, report: Report, question: Question) -> list[str]:
    """Why the state of the box does not fit a procedure."""
    role = report.facts.get("failover_role")
    pair, upgrade = procedure in ("sync_upgrade", "async_upgrade"), procedure.endswith("_upgrade")
    found = []
    if pair and role == "none" and not question.begun:
        found.append("the box is in no failover relationship")
    if procedure == "async_upgrade" and question.cutover == "shared_ip" and not question.shared_ip:
        found.append("no shared IP is named (bt_shared_ip)")
    if procedure in ("single_upgrade", "factory_reset", "migration_new") and role in ("primary", "backup"):
        found.append(f"the box is the {role} of a failover pair")
    if upgrade and report.facts.get("site_certificate"):
        found.append(str(report.facts["site_certificate"]))
    return found


def _grouped(findings: list[Finding]) -> list[str]:
    """Reasons, each once, with the things that it keeps from being done."""
    reasons: dict[str, list[str]] = {}
    for each in findings:
        reasons.setdefault((each.told or each.right).rstrip("."), []).append(each.title)
    return [f"{reason} ({', '.join(titles)})" for reason, titles in reasons.items()]
