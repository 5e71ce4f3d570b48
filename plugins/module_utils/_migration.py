# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a move to new hardware stands: decided from both boxes and the site's public name (G37 to G43).

The journal is asked for what boxes cannot tell: which backup was restored on the new box.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _backup,
    _clock,
    _facts,
    _installing,
    _restore,
    _update,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Identity, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import LoginRefused, NeedsPerson, Refused, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, who_surely_answers

PHASES = (
    "preflight", "backup", "prepare", "export_certificate", "import_certificate", "assign_certificate", "update",
    "restore", "gaps", "verify_new", "switch", "verify", "finish",
)
# A new box without site software gets that first, by its base software; /login is there only then (G41, G42).
PHASES_FIRST = (*(phase for phase in PHASES[:7] if phase != "prepare"), "prepare", *PHASES[7:])
Serving = Literal["old", "new", "nobody", "stranger"]


@dataclass(frozen=True)
class Situation:
    """What is known before anything is done.

    :param restored: seconds since the backup was taken that is restored on the new box; None where none is known to be.
    :param finished: whether the journal closed the run in which that was done.
    :param alike: whether the new box runs the product version of the old one; None where one of them does not tell.
    :param begun: whether a restore was begun whose end is not known.
    """

    old: str
    new: str
    serving: Serving
    witness: str
    old_role: str
    restored: float | None
    finished: bool
    alike: bool | None
    begun: bool = False


@dataclass(frozen=True)
class Plan:
    """The next phase and why, in one sentence."""

    next_phase: str
    why: str


def decide(now: Situation, max_age: float) -> Plan:
    """Where to begin or go on.

    :param max_age: seconds after which what was restored is too old to go into service (H9).
    :raises Refused: the boxes and the public name do not fit what the inventory says.
    """
    if now.serving == "stranger":
        raise Refused(
            f"The site's public name leads to neither {now.old} nor {now.new} ({now.witness}).",
            advice="Compare bt_site_hostname and bt_site_address with what users reach.",
            guide=("G43",),
        )
    if now.serving == "new":
        if now.restored is None and now.alike is not True:
            raise Refused(
                f"{now.new} serves the site, and this run folder does not tell that {now.old} was moved to it.",
                advice="Are bt_old and bt_new exchanged in the inventory? Else give the run folder of the migration"
                " (bt_run_dir).",
                guide=("G43",),
            )
        if now.restored is None or now.finished:
            return Plan("finish", f"Nothing to do: {now.new} serves the site.")
        return Plan("verify", f"{now.new} serves the site, with the data of {now.old}.")
    if now.old_role not in ("none", ""):
        raise Refused(
            f"{now.old} has the failover role {now.old_role}; a box is moved while it is in no failover relationship.",
            advice="Break the relationship first, in the order of the guide (synchronise, then break).",
            guide=("G24", "G37"),
        )
    if now.restored is not None and now.restored <= max_age:
        return Plan("gaps", f"{now.new} has the data of {now.old} and does not serve yet.")
    if now.serving == "nobody":
        raise Refused(
            f"Nobody answers on the site's public name ({now.witness}); {now.old} must serve while it is moved.",
            guide=("G43",),
        )
    if now.restored is not None:
        raise Refused(
            f"What is on {now.new} is {spell(now.restored)} old, and {now.old} still serves the site: what was done"
            " since would be lost.",
            state=f"{now.new} does not serve.",
            advice=f"Reset {now.new} to factory defaults by hand, remove its records (bt_run_dir), and begin anew; stop"
            " with bt_stage=update where the switch is to come later. Or accept the loss (hardware_migration_max_age).",
            guide=("G37", "G43"),
        )
    if now.begun:
        return Plan("restore", f"A restore was begun on {now.new} and its end not seen; {now.old} serves the site.")
    return Plan("backup", f"{now.old} serves the site, {now.new} is to take its place.")


def up_to(plan: Plan, stage: str, order: Sequence[str] = PHASES) -> list[str]:
    """The phases to be run now: what is left, up to and including `stage`."""
    first, last = order.index(plan.next_phase), order.index(stage)
    return [phase for place, phase in enumerate(order) if phase == "preflight" or first <= place <= last]


def plan_migration(
    old: Box, new: Box, context: Context, site: PublicName, max_age: float, stage: str
) -> dict[str, Any]:
    """Ask both boxes and the public name, and decide where the migration stands.

    :raises Refused: a box is not what it must be, or the witnesses contradict each other; nothing was changed.
    """
    for box in (old, new):
        require(box, "A migration", "appliance")
        require(box, "A migration", "login")
    context.hold_site()
    _enter(new)
    _installing.await_begun(new, context)
    record = _restore.restored_on(new, context)
    # By the base software alone: before the restore the new box knows neither API account nor log-in of the inventory.
    asked = [_bare(box) for box in (old, new) if box is new or _answers(old, record)]
    witness = who_surely_answers(site, asked, context.say)
    serving: Serving = "old" if witness.box == old.name else "new" if witness.box == new.name else "nobody"
    if witness.answered and not witness.box:
        serving = "stranger"
    restored = record is not None or serving == "new"
    first_software = not restored and _update.is_first(new, context)
    facts: dict[str, _facts.Facts] = {
        old.name: _read_old(old, serving == "new"),
        new.name: _facts.read_facts(new) if restored else _facts.read_bare(new),
    }
    _refuse_one_box(old, new, facts)
    sent = context.journal.open_act(new.name, "restore") or {}
    begun = _backup.described(sent.get("path", "")) if record is None else None
    versions = [Version.find(facts[box.name].get("product_version") or "") for box in (old, new)]
    situation = Situation(
        old=old.name,
        new=new.name,
        serving=serving,
        witness=witness.how,
        old_role=facts[old.name].get("failover_role") or "",
        restored=time.time() - seconds_of(record["taken"]) if record else None,
        finished=record is not None and _is_closed(context, record),
        alike=None if None in versions else versions[0] == versions[1],
        begun=begun is not None,
    )
    plan = decide(situation, max_age)
    if plan.next_phase != "finish":
        _refuse_unready(old, new, facts)
        if not context.journal.open_run() and not context.check_mode:
            context.journal.write(
                "run", plan.why, procedure="migration", target=facts[old.name].get("product_version") or "",
                a=old.name, b=new.name, phase="preflight",
            )
    for box in (old, new):
        context.say(_told(box, facts[box.name]))
    context.say(plan.why)
    order = PHASES_FIRST if first_software else PHASES
    if first_software:
        context.say(f"{new.name} has no site software yet; it gets that first, then its first log-in")
    left = up_to(plan, "finish", order)
    return {
        "next_phase": plan.next_phase,
        "situation": plan.why,
        "todo": up_to(plan, stage, order),
        "phases": {phase: "todo" if phase in left else "done" for phase in order},
        "first_software": first_software,
        "target_version": facts[old.name].get("product_version") or facts[new.name].get("product_version") or "",
        "boxes": facts,
        "witness": {"box": witness.box, "how": witness.how},
        "begun_backup": begun.path if begun else "",
    }


def _bare(box: Box) -> Box:
    """The box by its base software alone."""
    return Box(replace(box.connection, api=None, login=None), box.context, box.run_dir)


def _answers(old: Box, record: Record | None) -> bool:
    """Whether the old box is there; it may be gone once its data is on the new one."""
    try:
        old.is_healthy()
    except Unreachable:
        if record is None:
            raise
        return False
    return True


def _read_old(old: Box, replaced: bool) -> _facts.Facts:
    """The facts of the old box; empty for one that is gone, or knows nobody any more, after it was replaced."""
    try:
        return _facts.read_facts(old)
    except (LoginRefused, Unreachable) as error:
        if not replaced:
            raise
        old.say(error.what)
        return {}


def _enter(new: Box) -> None:
    """Log in at /appliance of the new box, whose account nobody but a person can make."""
    if new.connection.manual.everything:
        return
    try:
        new.basics()
    except (LoginRefused, NeedsPerson) as error:
        error.advice = (
            f"The first log-in at /appliance of a new box is a person's: open https://{new.connection.endpoint}/appliance,"
            " log in with the factory credentials that the guide of the box names, and set a password. Put account and"
            f" password into bt_appliance_username and bt_appliance_password of {new.name}, then run the same command."
        )
        raise
    except Unreachable:
        new.say("does not answer at /appliance yet")


def _refuse_one_box(old: Box, new: Box, facts: dict[str, _facts.Facts]) -> None:
    mine, theirs = (
        Identity(facts[box.name].get("appliance_id") or "", facts[box.name].get("serial") or "").names()
        for box in (old, new)
    )
    if mine & theirs:
        raise Refused(
            f"{old.name} and {new.name} lead to one and the same box ({facts[new.name].get('serial')}).",
            advice="Correct ansible_host in the inventory.",
            guide=("G37",),
        )


def _refuse_unready(old: Box, new: Box, facts: dict[str, _facts.Facts]) -> None:
    """What must hold before the first act, so that nothing is found out in the middle."""
    for box in (old, new):
        if not facts[box.name]:
            continue
        if facts[box.name].get("healthy") is False:
            raise Refused(
                f"{box.name} is not healthy: {facts[box.name]['health_message'] or 'it gives no reason'}.",
                advice="Mend that first; a migration does not mend it.",
                guide=("G37",),
            )
        _clock.refuse_wrong(box)


def _is_closed(context: Context, record: Record) -> bool:
    """Whether the run in which a record was written has been finished since."""
    records = context.journal.records()
    place = [each["hash"] for each in records].index(record["hash"])
    return any(each["kind"] == "finished" for each in records[place:])


def _told(box: Box, facts: _facts.Facts) -> str:
    if not facts:
        return f"{box.name}: does not answer any more"
    if facts["healthy"] is None:
        return f"{box.name}: serial {facts['serial'] or 'unknown'}, base {facts['base_version'] or 'unknown'}, new"
    return _facts.sentence(facts)
