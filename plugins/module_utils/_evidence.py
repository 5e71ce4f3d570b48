# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The evidence behind which a box may be reset, all of it collected in the same call (G43, G44; H11, H12, H16).

Nothing is taken from the inventory: what counts is what the box, the box that took over, the public name and the
journal say now. Whatever cannot be found out counts against the reset.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup, _gaps
from ansible_collections.bt_ops.pra.plugins.module_utils._api._presence import ask_presence
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Identity
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError
from ansible_collections.bt_ops.pra.plugins.module_utils._web._basics_page import Basics
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import open_updates
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, who_answers


@dataclass(frozen=True)
class Evidence:
    """One thing that must be so; `seen` is what was seen of it, in words that follow its name."""

    name: str
    ok: bool
    seen: str
    guide: str = "G44"


@dataclass(frozen=True)
class Case:
    """What is to be reset, what took its place, and what a person typed."""

    box: Box
    peer: Box
    site: PublicName
    serial: str
    context: Context


Finding = tuple[bool, str]


def collect(case: Case) -> list[Evidence]:
    """Every piece of evidence, there or not; a question that cannot be asked is a piece that is missing."""
    questions: tuple[tuple[str, str, Callable[[Case], Finding]], ...] = (
        ("serial number typed by a person", "G44", _serial),
        ("another box took over", "G43", _another_box),
        ("another box answers on the public name", "G43", _public_name),
        ("no shared IP is enabled on it", "G43", _no_shared_ip),
        ("no failover relationship", "G44", _no_relationship),
        ("nobody is connected to it", "G43", _nobody),
        ("no update runs on it or has failed", "G6", _no_update),
        ("its backup is restored on the other box", "G42", _restored),
        ("what no backup holds is seen to", "G37", _gaps_settled),
    )
    found = []
    for name, guide, ask in questions:
        try:
            ok, seen = ask(case)
        except BtError as error:
            ok, seen = False, f"cannot be found out: {error.what}"
        found.append(Evidence(name, ok, seen, guide))
    return found


def _who(basics: Basics) -> Identity:
    return Identity(basics.appliance_id, basics.serial)


def _serial(case: Case) -> Finding:
    real = case.box.basics().serial
    typed = Identity(serial=case.serial).names()
    if not typed:
        return False, "nobody typed it"
    if not real:
        return False, "the box does not show its own"
    if typed != Identity(serial=real).names():
        return False, f"{case.serial} was typed, {case.box.name} is {real}"
    return True, real


def _another_box(case: Case) -> Finding:
    here, there = _who(case.box.basics()), _who(case.peer.basics())
    if not there.names() or not here.names():
        return False, "one of the two does not tell who it is"
    if here.names() & there.names():
        return False, f"{case.peer.name} is the same box ({there.serial or there.appliance_id})"
    return True, f"{case.peer.name} is {there.serial or there.appliance_id}"


def _public_name(case: Case) -> Finding:
    witness = who_answers(case.site, [case.box, case.peer])
    if witness.unknown:
        return False, f"it could not be told which box answers on {case.site.hostname}: {witness.how}"
    if witness.box == case.box.name:
        return False, f"{case.site.hostname} is answered by {case.box.name} itself ({witness.how})"
    if witness.box != case.peer.name:
        return False, f"{case.site.hostname} is not answered by {case.peer.name}: {witness.how}"
    return True, f"{case.site.hostname} is answered by {case.peer.name} ({witness.how})"


def _no_shared_ip(case: Case) -> Finding:
    enabled = case.box.health().shared_ips
    return (False, f"{', '.join(enabled)} is enabled") if enabled else (True, "none")


def _no_relationship(case: Case) -> Finding:
    by_page, told = case.box.failover_page().role, case.box.health().role
    if {by_page, told} != {"none"}:
        return False, f"its failover role is {', '.join(sorted({by_page, told or 'unknown'} - {'none'}))}"
    return True, "none"


def _nobody(case: Case) -> Finding:
    if case.box.api is None:
        return False, "cannot be found out without an API account (bt_api_client_id)"
    there = ask_presence(case.box.api)
    return there.nobody, str(there)


def _no_update(case: Case) -> Finding:
    begun = case.context.journal.open_act(case.box.name, "install")
    if begun is not None:
        return False, f"an install was begun and its end was not seen ({begun['text']})"
    page = open_updates(case.box.appliance)
    if page.running or page.failed:
        return False, page.running or page.failed
    return True, "none"


def _restored(case: Case) -> Finding:
    record = case.context.journal.last("restored", box=case.peer.name)
    if record is None:
        return False, f"the journal knows of no restore on {case.peer.name}"
    here, there = case.box.basics(), case.peer.basics()
    if Identity(record.get("of_appliance_id", ""), record.get("of_serial", "")).names().isdisjoint(_who(here).names()):
        return False, f"the backup that was restored is of another box ({record.get('of', '')})"
    if Identity(record.get("appliance_id", ""), record.get("serial", "")).names().isdisjoint(_who(there).names()):
        return False, f"it was restored on a box that is not {case.peer.name} as it answers now"
    if not _backup.is_kept(record["path"], case.box.run_dir, record["sha256"]):
        return False, f"the backup {record['path']} is not there any more as it was"
    health = case.peer.health()
    if not health.healthy:
        return False, f"{case.peer.name} is not healthy ({health.message or 'no reason given'})"
    return True, f"backup of {record.get('taken', '')}, on {case.peer.name}"


def _gaps_settled(case: Case) -> Finding:
    known = _gaps.remembered(case.context.journal, case.box.name)
    still_open = [item for item in _gaps.ITEMS if item not in known]
    if still_open:
        return False, f"neither collected nor waived: {', '.join(still_open)}"
    return True, ", ".join(f"{gap.item} {gap.how}{f' by {gap.by}' if gap.by else ''}" for gap in known.values())


def facts_of(evidence: list[Evidence]) -> list[dict[str, Any]]:
    """As a result tells it."""
    return [{"name": one.name, "ok": one.ok, "seen": one.seen, "guide": one.guide} for one in evidence]
