# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What must hold before a box is installed on, and before the site is switched to one (law 6; G24, G26, G30 to G35).

Asserted in the act itself, from what the boxes say now and what the open run has journalled: no tag, limit, other
playbook or lost run folder leads round it. Check mode leaves acts out, so only a box by itself is judged there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._changes import refuse_lost_changes
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import DeadlinePassed, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._failover_state import role_now
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import read_installed
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, result_of, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import public_names, who_answers

PAIRED = ("primary", "backup")
# The phase that proves the box to which the site is switched.
PROOF = {"async": "verify_first", "migration": "verify_new"}
# How long the public name may be silent, as on a bad network, before it counts as not answered.
WITNESS = Patience(5, 30)
# So long after it was proven that the site may be switched, it may still be: in seconds.
SWITCH_SECONDS = 900.0
_BY_A_PERSON = "To move the site for another reason, name the person who answers for it (unverified_by)."


@dataclass(frozen=True)
class OpenRun:
    """The run of a site that was begun and is not finished: its procedure, its boxes, its records."""

    procedure: str
    a: str
    b: str
    target: Version | None
    records: tuple[Record, ...]

    @property
    def begun(self) -> Record:
        """The record with which it began."""
        return self.records[0]

    @property
    def has_moved(self) -> bool:
        """Whether it has switched the site."""
        return any(record.get("act") == "cutover" and result_of(record) == "done" for record in self.records)

    def has_proven(self, box: str, phase: str) -> bool:
        """Whether the box was verified well in that phase since anything was last installed on it."""
        proven = False
        for record in self.records:
            if record.get("box") != box:
                continue
            if record.get("act") == "install" and record["kind"] == "intent":
                proven = False
            elif record["kind"] == "verified" and record.get("phase") == phase:
                proven = result_of(record) == "done"
        return proven


def open_run(context: Context) -> OpenRun | None:
    """The run that is open in the run folder."""
    records = context.journal.open_run()
    if not records:
        return None
    first = records[0]
    target = Version.find(str(first.get("target") or ""))
    return OpenRun(str(first["procedure"]), str(first.get("a")), str(first.get("b")), target, tuple(records))


def is_new_box(box: Box, context: Context) -> bool:
    """Whether the box is the new one of the migration that is open."""
    run = open_run(context)
    return run is not None and run.procedure == "migration" and box.name == run.b


def refuse_paired(box: Box, target: Box) -> None:
    """Stop where the box has a failover relationship, so that nothing is installed on `target`.

    :raises Refused: it has one, or does not tell.
    """
    role = role_now(box)
    if role in PAIRED:
        raise Refused(
            f"{box.name} is the {role} of a failover relationship, so nothing is installed on {target.name}.",
            advice="Upgrade the pair by async_upgrade.yml or sync_upgrade.yml: they synchronise it and break the"
            " relationship first.",
            guide=("G24", "G30"),
        )


def refuse_install(box: Box, peer: Box | None, context: Context) -> None:
    """Stop where it is not the turn of the box, or nothing may be installed on it at all.

    :param peer: the other half of the pair, where an upgrade of a pair asks.
    :raises Refused: the box is in a relationship, serves in an asynchronous upgrade, or the other box comes first.
    """
    if context.check_mode and peer is not None:
        return
    for one in (box, peer):
        if one is not None:
            refuse_paired(one, box)
    run = open_run(context)
    if run is None or context.check_mode:
        return
    if box.name not in (run.a, run.b):
        raise Refused(
            f"The run folder belongs to an upgrade of {run.a} and {run.b} that is not finished, so nothing is installed"
            f" on {box.name}.",
            advice="Give each site a folder of its own: bt_site, or bt_run_dir, is that of another one.",
            guide=("G23",),
        )
    if run.procedure == "migration":
        _refuse_old(box, run)
    elif peer is None:
        raise Refused(
            f"{box.name} is half of a pair whose upgrade is not finished, so no other playbook installs on it.",
            advice=f"Go on with {run.procedure}_upgrade.yml.",
            guide=("G7",),
        )
    elif not context.journal.updating(box.name):  # after base software the product comes at once (G25)
        _refuse_turn(box, peer, run)


def _refuse_old(box: Box, run: OpenRun) -> None:
    if box.name == run.a:
        raise Refused(
            f"{box.name} is the old box of a migration that is not finished, so nothing is installed on it.",
            advice="Go on with hardware_migration.yml.",
            guide=("G37",),
        )


def _refuse_turn(box: Box, peer: Box, run: OpenRun) -> None:
    """Stop where the order of the procedure has the other box come first."""
    if run.procedure == "async":
        if _is_served_by(box, peer, run):
            raise Refused(
                f"{box.name} serves the site, so nothing is installed on it in an asynchronous upgrade.",
                advice="The other box is updated and proven first, and takes over. The same command does it in order.",
                guide=("G30", "G35"),
            )
        if box.name == run.a and not _await_served_by(peer, box, run):
            raise Refused(
                f"{peer.name} is not proven to serve the site, so nothing is installed on {box.name}.",
                advice="Look at what answers on the site's public name, then run the same command again.",
                guide=("G35",),
            )
    elif box.name == run.b and not run.has_proven(run.a, "verify_first"):
        raise Refused(
            f"{run.a} is not proven to work since its update, so nothing is installed on {box.name}.",
            advice="The same command updates and verifies it first.",
            guide=("G26", "G27"),
        )


def _answering(box: Box, peer: Box, run: OpenRun) -> set[str]:
    """Which boxes answer on the public name of the site, under every address that it has; an empty name for others."""
    asked = run.begun.get("site")
    if asked:
        return {who_answers(name, [peer, box]).box for name in public_names(asked)}
    # Begun by a version that did not note where the site is asked.
    return {run.b if run.has_moved or run.has_proven(run.b, "cutover") else run.a}


def _is_served_by(box: Box, peer: Box, run: OpenRun) -> bool:
    """Whether users may come to the box now."""
    return box.name in _answering(box, peer, run)


def _await_served_by(served_by: Box, other: Box, run: OpenRun) -> bool:
    """Whether that box alone answers; a moment in which nobody does is waited for."""

    def look() -> Look[bool]:
        names = _answering(served_by, other, run)
        told = ", ".join(sorted(name or "none of the two" for name in names))
        return Look(f"{told} answers", True if names == {served_by.name} else None)

    try:
        return wait_until(f"[{served_by.name}] serves the site", look, WITNESS, other.context.say)
    except DeadlinePassed:
        return False


@dataclass(frozen=True)
class Answered:
    """Who answers for a switch: `unverified_by` although this run has not updated and verified the box, `given_up_by`
    although changes of settings are lost by it. Empty for nobody."""

    unverified_by: str = ""
    given_up_by: str = ""


NOBODY = Answered()


def refuse_switch(
    source: Box, target: Box, context: Context, answered: Answered = NOBODY, away: bool = False
) -> None:
    """Stop where the site must not be switched to `target` (Q1, Q3, Q4, Y6).

    :param away: nobody serves the site now, so that it is brought back before anything else.
    :raises Refused: the pair is not parted, the box is not updated and verified in the run that is open, or what people
        have set on `source` meanwhile would be lost.
    """
    if context.check_mode:
        return
    for box in (source, target):
        role = role_now(box)
        if role in PAIRED:
            raise Refused(
                f"{box.name} is the {role} of a failover relationship, so the site is not switched to {target.name}.",
                advice="The relationship is broken first, after a data sync. The upgrade does it in order.",
                guide=("G24", "G32"),
            )
    if answered.unverified_by:
        _note_unverified(target.name, context, answered.unverified_by)
        return
    run = _run_of_switch(source.name, target.name, context)
    now = read_installed(target)
    if run.target is not None and (now.product is None or now.product < run.target):
        raise Refused(
            f"{target.name} runs {now.product}, not {run.target}, so the site is not switched to it.",
            advice="The same command updates it first.",
            guide=("G30", "G32"),
        )
    if run.procedure == "async" and not away:
        refuse_lost_changes(source, target, context, answered.given_up_by)


def _note_unverified(target: str, context: Context, person: str) -> None:
    text = f"{person} has the site switched to {target}, which no open run has verified."
    context.say(text)
    context.journal.write("unverified", text, box=target, by=person, phase=context.phase)


def _run_of_switch(source: str, target: str, context: Context) -> OpenRun:
    """The open run in which the site is switched to `target`, which it has proven to work."""
    run = open_run(context)
    advice = f"The upgrade's own command switches it when its turn has come. {_BY_A_PERSON}"
    if run is None:
        raise Refused(
            f"No upgrade is under way in this run folder, so the site is not switched to {target}.",
            advice=advice, guide=("G32",),
        )
    if run.procedure not in PROOF or (run.a, run.b) != (source, target):
        raise Refused(
            f"The {run.procedure} run of {run.a} and {run.b} does not switch the site from {source} to {target}.",
            advice=advice, guide=("G32",),
        )
    if not run.has_proven(target, PROOF[run.procedure]):
        raise Refused(
            f"{target} is not verified in this upgrade, so the site is not switched to it.", advice=advice,
            guide=("G31", "G32"),
        )
    return run


def note_switch(target: Box, context: Context) -> None:
    """Note that the site may be switched to the box now, for those who switch it and ask no box themselves."""
    if not context.check_mode:
        text = f"The site may be switched to {target.name}: it is updated, verified and parted from the other box."
        context.journal.write("may_switch", text, box=target.name, phase=context.phase)


def refuse_unasked_switch(target: str, context: Context, unverified_by: str) -> None:
    """Stop where nobody has just made sure that the site may be switched to `target`.

    :raises Refused: saying so.
    """
    if context.check_mode:
        return
    if unverified_by:
        _note_unverified(target, context, unverified_by)
        return
    told = [record for record in context.journal.open_run() if record["kind"] == "may_switch"]
    last = told[-1] if told else None
    if last is None or last.get("box") != target or time.time() - seconds_of(last["time"]) > SWITCH_SECONDS:
        raise Refused(
            f"The site is not switched to {target}: nothing has just proven that it is updated, verified and parted"
            " from the other box.",
            advice=f"The upgrade's own command does both. {_BY_A_PERSON}",
            guide=("G31", "G32"),
        )


def refuse_address(box: Box, context: Context, unverified_by: str) -> None:
    """Stop where a single box must not get the shared IP.

    :raises Refused: it is a backup, or the open upgrade has not come to it or has passed it.
    """
    if context.check_mode:
        return
    if role_now(box) == "backup":
        raise Refused(
            f"{box.name} is the backup of a failover relationship, so it does not get the shared IP.",
            advice="Its primary serves the site.", guide=("G32",),
        )
    if unverified_by:
        _note_unverified(box.name, context, unverified_by)
        return
    run = open_run(context)
    if run is None:
        return
    if box.name == run.b and not run.has_proven(run.b, PROOF.get(run.procedure, "")):
        raise Refused(
            f"{box.name} is not verified in this upgrade, so it does not get the shared IP.",
            advice="The same command switches it when its turn has come.", guide=("G31", "G32"),
        )
    if box.name == run.a and run.has_moved:
        raise Refused(
            f"The site was switched to {run.b}, so {box.name} does not get the shared IP: it lacks what was done on"
            f" {run.b} since.",
            advice="To go back all the same, name the person who answers for it (unverified_by).", guide=("G32",),
        )
