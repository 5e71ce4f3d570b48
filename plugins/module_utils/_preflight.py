# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Both boxes of a pair and the site's public name, asked before anything is done (preflight)."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _changes,
    _clock,
    _facts,
    _installing_by_hand,
    _pair,
    _since,
    _update,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._agreement import refuse_unaccepted
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, NotOffered, Refused, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._failed_update import look_first
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record
from ansible_collections.bt_ops.pra.plugins.module_utils._manual import by_hand
from ansible_collections.bt_ops.pra.plugins.module_utils._offline import Offline
from ansible_collections.bt_ops.pra.plugins.module_utils._online import tell_unasked
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, refuse_newer
from ansible_collections.bt_ops.pra.plugins.module_utils._renamed import take_new_names
from ansible_collections.bt_ops.pra.plugins.module_utils._shared_ip import open_shared
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, who_surely_answers

_NOBODY_ACCEPTS = (
    "Nobody is named who accepts licence agreements (bt_accept_eula). Should a package ask for one, the run stops"
    " there, in the middle of the update of a box."
)


@dataclass(frozen=True)
class Question:
    """What is to be decided: the wish, the site, how the cut-over will be done, where packages lie that are sent.

    :param asked_at: the options by which the site's public name is asked, for the acts that ask it anew later.
    :param adopted_by: the person who has this run go on with a pair that no record here parted.
    :param accepted_by: the person who accepts a licence agreement.
    """

    version: str
    base: Version | None
    site: PublicName
    shared_ip: str
    stage: str = "finish"
    procedure: _pair.Procedure = "async"
    packages_dir: str = ""
    asked_at: Mapping[str, Any] = field(default_factory=dict)
    adopted_by: str = ""
    accepted_by: str = ""


def plan_pair(a: Box, b: Box, context: Context, question: Question) -> dict[str, Any]:
    """Ask the boxes and the public name, and decide where the upgrade stands.

    :raises Refused: a box is not what it must be, or the witnesses contradict each other.
    """
    for box in (a, b):
        require(box, "An upgrade", "appliance")
        require(box, "An upgrade", "login")
    context.hold_site()
    begun = context.journal.open_run()
    run = begun[0] if begun else None
    _tell_of_watchdog(context, begun)
    if run is not None and run["procedure"] != question.procedure:
        raise Refused(
            f"An upgrade of this site was begun as {run['procedure']} and is not finished.",
            advice=f"Go on with {run['procedure']}_upgrade.yml.",
            guide=("G7",),
        )
    if run is not None:
        begun = take_new_names((a, b), begun, context)
        run = begun[0]
    if run is not None and (run["a"], run["b"]) == (b.name, a.name):
        # The groups were swapped since, as they are to be once B serves; the run knows the boxes as they were.
        a, b = b, a
    for box in (a, b):
        look_first(box, context)
    facts = _read_both(a, b, context)
    _refuse_one_box(a, b, facts)
    for box in (a, b):
        # Right here, so that an install of somebody else is told as that, whatever else is amiss.
        if facts[box.name] and context.journal.open_act(box.name, "install") is None:
            refuse_busy(box, context)
    _refuse_wrong_clocks(a, b, facts)
    witness = who_surely_answers(question.site, [box for box in (a, b) if facts[box.name]], context.say)
    sides = [_side(box, facts[box.name], context) for box in (a, b)]
    target, known = _target(a, b, sides, question, run, context)
    serving: _pair.Serving = "a" if witness.box == a.name else "b" if witness.box == b.name else "nobody"
    if witness.answered and not witness.box:
        serving = "stranger"
    memories = _memories(context, begun, b.name)
    decide = partial(
        _pair.decide, sides[0], sides[1], serving, witness.how, target, question.base, procedure=question.procedure
    )
    adopted = False
    try:
        plan = decide(memories)
    except _pair.Unexplained:
        if not question.adopted_by:
            raise
        adopted, plan = True, decide(replace(memories, parted=True))
    if not known:
        plan = _pair.if_found(plan, *sides)
    if plan.next_phase != "finish":
        _refuse_half_updated(begun, sides, plan, target, question.base)
        _refuse_unready(a, b, facts, question, plan)
        _try_accounts([box for box in (a, b) if facts[box.name]], context)
        if not question.accepted_by and plan.next_phase not in ("verify_second", "restore_failover"):
            context.say(_NOBODY_ACCEPTS)
        if run is None and not context.check_mode:
            context.journal.write(
                "run",
                plan.situation,
                procedure=question.procedure,
                target=target.text,
                a=a.name,
                b=b.name,
                base={box.name: facts[box.name].get("base_version") for box in (a, b)},
                site=dict(question.asked_at),
                phase="preflight",
            )
        if adopted:
            _adopt(a, b, context, question.adopted_by, plan)
        if plan.next_phase in ("update_first", "verify_first"):
            _changes.note_contents(a, context)  # for a run that was killed right after it had broken the pair
    for box, side in zip((a, b), sides, strict=True):
        if side.healthy and side.is_at(target, question.base) and context.journal.updating(box.name):
            _update.note_end(box, context)  # a run that ended right after its last install did not come to it
        shown = facts[box.name]
        _since.note(
            context, box.name, role=shown.get("failover_role"), product=shown.get("product_version") or None,
            base=shown.get("base_version") or None,
        )
        context.say(_facts.sentence(shown) if shown else f"{box.name}: does not answer while an install is under way")
    context.say(plan.situation)
    if question.procedure == "async" and plan.phases()["break"] == "todo":
        context.say(
            f"From the break of the relationship until the site is switched, nobody may change settings on {a.name}:"
            f" {b.name} lacks them."
        )
    return {
        **_pair.result(plan, target, question.stage),
        "a": a.name,
        "b": b.name,
        "target_known": known,
        "boxes": facts,
        "witness": {"box": witness.box, "how": witness.how},
    }


def _adopt(a: Box, b: Box, context: Context, person: str, plan: _pair.Plan) -> None:
    """Have this run go on with a pair that it did not part, in the name of a person."""
    text = (
        f"{person} has this run go on with {a.name} and {b.name}, which were found without a failover relationship."
        " What was changed on the box that served since they were parted may be lost."
    )
    context.say(text)
    if not context.check_mode:
        context.journal.write("adopted", text, by=person, situation=plan.situation, phase="preflight")


def _refuse_half_updated(
    begun: list[Record], sides: list[_pair.Side], plan: _pair.Plan, target: Version, base: Version | None
) -> None:
    """Stop where somebody else has brought base software onto a box and its product is still to come (A6).

    The box whose update is next gets its product at once; while the other one waits for it, nothing else is done.

    :param begun: the records of the open run.
    """
    first, second = (1, 0) if plan.procedure == "async" else (0, 1)
    due = {"update_first": sides[first].name, "update_second": sides[second].name}.get(plan.next_phase)
    was = begun[0].get("base") or {} if begun else {}
    ours = {record["box"] for record in begun if record.get("act") == "install"}
    for side in sides:
        before = Version.find(was.get(side.name) or "")
        if side.name in ours or side.name == due or side.is_at(target, base) or before in (None, side.base):
            continue
        raise Refused(
            f"When this upgrade began, the base software of {side.name} was {before}; now it is {side.base}, its"
            f" product is still {side.product}, and this upgrade has not changed it: somebody else is at work.",
            advice=f"Find out who, and have product {target} installed on it at once. Until then nothing else may be"
            " done to the pair. Then run the same command again.",
            guide=("G23", "G25"),
        )


def _tell_of_watchdog(context: Context, begun: list[Record]) -> None:
    """Say what was done in the place of a run that was killed in the middle of the cut-over, once."""
    since = [record for record in begun if record["kind"] != "takeover"]
    if since and since[-1]["kind"] == "watchdog":
        context.say(since[-1]["text"])


def _memories(context: Context, mine: list[Record], backup: str) -> _pair.Memories:
    """What the records of an open run tell; nothing where none is open."""
    if not mine:
        return _pair.Memories()
    parted = any(r.get("act") == "break" or r["kind"] == "adopted" for r in mine)
    # What comes after the proof of B is the cut-over, whoever does it.
    proven = any(r["kind"] == "verified" and r.get("phase") == "verify_first" for r in mine)
    cutting = proven or any(r.get("act") == "cutover" for r in mine)
    established = any(r.get("act") == "establish" for r in mine)
    # A record that was switched is seen by everybody only when its old TTL has passed; until then the act is open.
    switching = "record" in (context.journal.open_act(backup, "cutover") or {})
    return _pair.Memories(parted, cutting, established, switching)


def _read_both(a: Box, b: Box, context: Context) -> dict[str, _facts.Facts]:
    """The facts of both boxes, asked at the same time; empty for one that is busy with an install of ours."""

    def read(box: Box) -> _facts.Facts:
        try:
            return _facts.read_facts(box)
        except Unreachable:
            if context.journal.open_act(box.name, "install") is None:
                raise
            return {}

    with ThreadPoolExecutor(2) as pool:
        return dict(zip((a.name, b.name), pool.map(read, (a, b)), strict=True))


def _side(box: Box, facts: _facts.Facts, context: Context) -> _pair.Side:
    begun = context.journal.open_act(box.name, "install")
    installing = f"{begun['package']} {begun['version']}" if begun else ""
    if not facts:
        return _pair.Side(box.name, "none", None, None, False, False, installing)
    return _pair.Side(
        name=box.name,
        role=facts["failover_role"] or "unknown",
        product=Version.find(facts["product_version"] or ""),
        base=Version.find(facts["base_version"] or ""),
        healthy=facts["healthy"],
        installing=installing,
    )


def _target(
    a: Box, b: Box, sides: list[_pair.Side], question: Question, run: Record | None, context: Context
) -> tuple[Version, bool]:
    """The version wanted; ``latest`` is what the open run took it for, else the newest that a box has or offers.

    :returns: it, and false where check mode cannot know whether there is a newer one.
    """
    if question.version != "latest":
        wanted = Version.wanted(question.version, "version")
        _refuse_newer(sides, wanted, question.base)
        _refuse_unoffered(b, a, sides, wanted, question, context)
        return wanted, True
    if run is not None:
        wanted = Version.wanted(run["target"], "the journal")
        _refuse_newer(sides, wanted, question.base)
        return wanted, True
    _refuse_newer(sides, None, question.base)
    for box, side in zip((a, b), sides, strict=True):
        if _installing_by_hand.is_blind(box, question.packages_dir):
            _installing_by_hand.refuse_unseen(box, None, question.base, side.base)
    known = [side.product for side in sides if side.product]
    found, unasked = [], False
    for box, side in zip((a, b), sides, strict=True):
        if side.reachable and not side.installing:
            installed = Installed(side.product, "", side.base, side.healthy)
            source, wish = _update.supply(box, context, question.packages_dir), Wish(None, question.base)
            if source.is_unasked(installed, wish):
                tell_unasked(box, context)
                unasked = True
            offers = source.offers(installed, wish)
            refuse_unaccepted(box, offers, question.accepted_by)
            found += [offer.version for offer in offers if offer.kind == "product"]
    if not known:
        raise BadInput("Neither box tells which product version it runs.", state="Nothing was changed.")
    if question.packages_dir:  # what lies in the folders is known, so it can be proven now
        _refuse_unoffered(b, a, sides, max(known + found), question, context)
    return max(known + found), bool(found) or not unasked


def _refuse_newer(sides: list[_pair.Side], wanted: Version | None, base: Version | None) -> None:
    """Stop where one of the boxes is ahead of what is wished, whatever the other one runs."""
    for side in sides:
        refuse_newer(side.name, side.product, side.base, Wish(wanted, base))


def _refuse_unoffered(
    b: Box, a: Box, sides: list[_pair.Side], wanted: Version, question: Question, context: Context
) -> None:
    """Stop before anything is changed when a box that must be updated does not offer the version (G16)."""
    for box, side in ((a, sides[0]), (b, sides[1])):
        if not side.reachable or side.installing or side.is_at(wanted, question.base):
            continue
        installed = Installed(side.product, "", side.base, side.healthy)
        wish = Wish(wanted, question.base)
        if _installing_by_hand.is_blind(box, question.packages_dir):
            _installing_by_hand.refuse_unseen(box, wanted, question.base, side.base)
            if question.packages_dir:
                Offline(box, context, question.packages_dir).listed(wish)
            else:
                context.say(f"[{box.name}] what it offers is not known: its Updates page is not read")
            continue
        source = _update.supply(box, context, question.packages_dir)
        if source.is_unasked(installed, wish):
            tell_unasked(box, context)
            continue
        try:
            steps = source.steps(installed, wish)
        except NotOffered as error:
            raise NotOffered(
                f"{box.name}: {error.what}", advice=error.advice, guide=error.guide, **error.facts
            ) from None
        refuse_unaccepted(box, steps, question.accepted_by)
        source.prove(steps)
        context.say(f"[{box.name}] to be installed: " + ", then ".join(step.title for step in steps))


def _refuse_one_box(a: Box, b: Box, facts: dict[str, _facts.Facts]) -> None:
    ids = [facts[box.name].get("appliance_id") or facts[box.name].get("serial") for box in (a, b)]
    if ids[0] and ids[0] == ids[1]:
        raise Refused(
            f"{a.name} and {b.name} lead to one and the same box ({ids[0]}).",
            advice="Correct ansible_host in the inventory.",
            guide=("G23",),
        )


def _refuse_wrong_clocks(a: Box, b: Box, facts: dict[str, _facts.Facts]) -> None:
    """A clock that is wrong makes updates fail with errors that name something else (C2, G22)."""
    told = {box.name: _clock.shown(facts[box.name]) for box in (a, b)}
    wrong = _clock.trouble_here(told)
    if wrong:
        raise Refused(wrong, advice=_clock.ADVICE_HERE, guide=("G22",))
    for box in (a, b):
        wrong = _clock.trouble(box.name, told[box.name])
        if wrong:
            raise Refused(wrong, advice=_clock.ADVICE, guide=("G22",))


def _try_accounts(boxes: list[Box], context: Context) -> None:
    """Log in to ``/login``, which with an API account is first needed when the pair is synchronised.

    :raises LoginRefused: the account is refused.
    """
    for box in boxes:
        installing = context.journal.open_act(box.name, "install") is not None
        if box.connection.login is not None and not box.connection.manual.everything and not installing:
            box.login.start()


def _refuse_unready(a: Box, b: Box, facts: dict[str, _facts.Facts], question: Question, plan: _pair.Plan) -> None:
    """What must hold before the first act, so that nothing is found out in the middle."""
    for box in (a, b):
        if facts[box.name] and not facts[box.name]["healthy"]:
            raise Refused(
                f"{box.name} is not healthy: {facts[box.name]['health_message'] or 'it gives no reason'}.",
                advice="Mend that first; an upgrade does not mend it.",
                guide=("G4",),
            )
    if question.shared_ip and _pair.PHASES.index(plan.next_phase) <= _pair.PHASES.index("cutover"):
        for box in (a, b):
            # Where a person switches it, who answers at the address shows who has it.
            if facts[box.name] and not by_hand(box, "shared_ip"):
                open_shared(box, question.shared_ip)
