# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where an upgrade of a pair stands: decided from what both boxes and the site's public name say (law 2).

The inventory's labels are a claim. The journal is asked only for what boxes cannot tell: whether it was this run that
broke the relationship, and which install it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

PHASES = (
    "preflight", "backup", "sync", "break", "update_first", "verify_first", "cutover", "update_second", "verify_second",
    "restore_failover", "finish",
)
Procedure = Literal["async", "sync"]
Serving = Literal["a", "b", "nobody", "stranger"]
_NOTHING = "Nothing to do: "
_UNKNOWN = (
    "Whether an update waits is not known. What a box offers is known only after it has looked for updates, which check"
    " mode does not do."
)


@dataclass(frozen=True)
class Side:
    """One box of the pair as it is now. `reachable` may only be false while an install that we began is under way."""

    name: str
    role: str
    product: Version | None
    base: Version | None
    healthy: bool
    reachable: bool = True
    installing: str = ""

    def is_at(self, target: Version, base: Version | None) -> bool:
        """Whether nothing is left to install here."""
        return not self.installing and self.product == target and base in (None, self.base)


@dataclass(frozen=True)
class Memories:
    """What the journal of an unfinished run tells.

    `parted`: the run broke the relationship, or a named person had the run take over a pair that was found without one.
    """

    parted: bool = False
    cutting_over: bool = False
    established: bool = False
    switching: bool = False


@dataclass(frozen=True)
class Plan:
    """The next phase of an upgrade and why, in one sentence."""

    next_phase: str
    situation: str
    procedure: Procedure = "async"

    def phases(self) -> dict[str, str]:
        """Each phase of the procedure: done or todo."""
        first = PHASES.index(self.next_phase)
        return {
            phase: "todo" if phase == "preflight" or place >= first else "done"
            for place, phase in enumerate(PHASES)
            if self.procedure == "async" or phase != "cutover"
        }


def if_found(plan: Plan, a: Side, b: Side) -> Plan:
    """The plan where nobody knows whether there is an update: that of one, should it be found."""
    if plan.next_phase != "finish":
        return plan
    seen = plan.situation.removeprefix(_NOTHING)
    if a.role == "primary":
        found = "If there is one, these phases are run"
        return Plan("backup", f"{_UNKNOWN} {found}: {seen}", plan.procedure)
    found = f"If there is one, the run asks to have {b.name} put in bt_primary and {a.name} in bt_backup"
    return Plan("finish", f"{_UNKNOWN} {found}: {seen}", plan.procedure)


def up_to(plan: Plan, stage: str) -> list[str]:
    """The phases to be run now: what is left, up to and including `stage`."""
    last = PHASES.index(stage)
    return [phase for phase, state in plan.phases().items() if state == "todo" and PHASES.index(phase) <= last]


def decide(
    a: Side,
    b: Side,
    serving: Serving,
    witness: str,
    target: Version,
    base: Version | None,
    memories: Memories,
    procedure: Procedure = "async",
) -> Plan:
    """Where to begin or go on.

    :param witness: what showed who serves the public name.
    :raises Refused: the boxes contradict the inventory or each other; nothing is done then.
    """
    done = {side.name: side.is_at(target, base) for side in (a, b)}
    seen = (
        f"{a.name} runs {a.product} (role {a.role}), {b.name} runs {b.product} (role {b.role}),"
        f" {_served(a, b, serving)}."
    )
    # A's turn comes second where B goes first (G30), first where A stays the primary (G26).
    turns = {a.name: "update_second", b.name: "update_first"}
    if procedure == "sync":
        turns = {a.name: "update_first", b.name: "update_second"}
    for side in (a, b):
        if side.installing:
            return Plan(turns[side.name], f"{side.installing} is being installed on {side.name}.", procedure)
    roles = (a.role, b.role)
    if roles in (("primary", "backup"), ("backup", "primary")):
        next_phase, situation = _decide_paired(a, b, serving, witness, done, seen, memories)
    elif roles == ("none", "none") and not memories.parted:
        raise unexplained(a, b, serving, seen)
    elif roles == ("none", "none"):
        alone = _decide_alone if procedure == "async" else _decide_alone_sync
        next_phase, situation = alone(a, b, serving, done, seen, memories)
    elif "none" in roles and memories.parted:
        next_phase, situation = "break", f"The relationship is broken on one side only: {seen}"
    else:
        raise Refused(
            f"The failover roles do not fit together: {seen}",
            advice="Look at /login > Management > Failover of both boxes; during a swap of roles, wait and try again.",
            guide=("G23", "G24"),
        )
    return Plan(next_phase, situation, procedure)


def _decide_paired(
    a: Side, b: Side, serving: Serving, witness: str, done: dict[str, bool], seen: str, memories: Memories
) -> tuple[str, str]:
    primary, letter = (a, "a") if a.role == "primary" else (b, "b")
    if serving != letter:
        raise Refused(
            f"{primary.name} is the primary, but it is not the box behind the site's public name ({witness}): {seen}",
            advice="Compare bt_site_hostname and bt_site_address with what users reach.",
            guide=("G23",),
        )
    if all(done.values()):
        if memories.established:
            return "restore_failover", f"The pair is together again, its first data sync is not proven: {seen}"
        return "finish", f"{_NOTHING}{seen}"
    if primary is b:
        raise Refused(
            f"The inventory names {a.name} as the primary (bt_primary), but {b.name} is the primary"
            f" and serves the site: {seen}",
            advice=f"Put {b.name} in bt_primary and {a.name} in bt_backup.",
            guide=("G23",),
        )
    return "backup", f"{a.name} is the primary and serves the site, {b.name} is its backup: {seen}"


def _decide_alone(
    a: Side, b: Side, serving: Serving, done: dict[str, bool], seen: str, memories: Memories
) -> tuple[str, str]:
    """Without a relationship, B first (G30 to G36)."""
    if done[b.name] and serving == "b":
        if done[a.name]:
            return "restore_failover", f"Both boxes are upgraded and not yet paired again: {seen}"
        if memories.switching:
            return "cutover", f"Not everybody may be led to {b.name} by DNS yet: {seen}"
        return "update_second", f"{b.name} serves the site on the new version: {seen}"
    if done[b.name] and serving == "a" and not done[a.name]:
        return "verify_first", f"{b.name} is upgraded and does not serve yet: {seen}"
    if done[b.name] and serving == "nobody" and memories.cutting_over:
        return "cutover", f"A cut-over was begun and not ended: {seen}"
    if not done[b.name] and not done[a.name] and serving == "a":
        return "update_first", f"The relationship is broken and no box is upgraded yet: {seen}"
    raise _unfit(seen)


def _decide_alone_sync(
    a: Side, b: Side, serving: Serving, done: dict[str, bool], seen: str, memories: Memories
) -> tuple[str, str]:
    """Without a relationship, A first; A serves the site all the time (G26 to G29)."""
    if serving == "b":
        raise Refused(
            f"{b.name} serves the site, but in a synchronous upgrade {a.name} stays the primary: {seen}",
            advice="If this upgrade was begun asynchronously, go on with async_upgrade.yml.",
            guide=("G26",),
        )
    if done[a.name] and done[b.name]:
        return "restore_failover", f"Both boxes are upgraded and not yet paired again: {seen}"
    if done[a.name]:
        return "verify_first", f"{a.name} is upgraded, {b.name} is not yet: {seen}"
    if not done[b.name]:
        return "update_first", f"The relationship is broken and no box is upgraded yet: {seen}"
    raise _unfit(seen)


class Unexplained(Refused):
    """A pair without a relationship, of which the run folder does not tell who broke it."""


def unexplained(a: Side, b: Side, serving: Serving, seen: str) -> Unexplained:
    """Nothing is done with a pair that this run folder did not part: what it would cost is not known here (T2)."""
    newer, older = (b, a) if serving == "b" else (a, b)
    return Unexplained(
        f"The boxes are not paired, and this run folder has no record of breaking the pair: {seen}",
        advice=f"Give the run folder of the upgrade that was begun (bt_run_dir). If it is lost, establish failover from"
        f" {newer.name} by hand where both run one version; the same command then begins anew. Or go on from here in"
        f" your name, -e 'bt_adopt=\"Your Name\"': what was changed on {newer.name} since the pair was broken is not on"
        f" {older.name}, and nobody can tell how much that is.",
        guide=("G24",),
    )


def _unfit(seen: str) -> Refused:
    return Refused(
        f"The boxes are not paired, and they stand where no step of this upgrade leads: {seen}",
        advice="Establish failover by hand from the box with the newer data, and have it serve the site. The same"
        " command then begins anew.",
        guide=("G24",),
    )


def _served(a: Side, b: Side, serving: Serving) -> str:
    return {
        "a": f"the site is served by {a.name}",
        "b": f"the site is served by {b.name}",
        "nobody": "nobody answers on the site's public name",
        "stranger": "the site's public name leads to another box",
    }[serving]


def result(plan: Plan, target: Version, stage: str) -> dict[str, Any]:
    """As a result tells it."""
    return {
        "next_phase": plan.next_phase,
        "situation": plan.situation,
        "phases": plan.phases(),
        "todo": up_to(plan, stage),
        "target_version": target.text,
    }
