# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The failover relationship of a pair: synchronise, break, establish (G24, G28, G29, G34, G36)."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _automatic_failover,
    _manual,
    _preshared_key,
    _since,
    _sync_watch,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import CACHED_SECONDS
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, DeadlinePassed, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._failover_state import State, Sync, read_state
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._press import Press
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import driving
from ansible_collections.bt_ops.pra.plugins.module_utils._sync_watch import FRESH_SECONDS, marks_of
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, spell, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._failover_page import FailoverPage

# How long a box that says something after "Establish" may show no relationship before that counts as its refusal.
GRACE_SECONDS = 15.0


@driving("sync")
def synchronise(
    box: Box, peer: Box | None, context: Context, patience: Patience, max_age: float
) -> tuple[State, State]:
    """Have a data sync that completed just now; one that is under way is waited for.

    Which of the two boxes shows the last sync differs between versions (S5), so the peer's page counts too.

    One that an earlier run asked for, and did not see, counts if it has ended since.

    :raises Refused: the box is in no relationship.
    :raises NotBegun: the answer to the press was lost, and no sync has shown.
    :raises BoxFailed: the sync ended badly.
    """
    boxes = [box] + ([peer] if peer else [])
    before = [read_state(one) for one in boxes]
    _since.refuse_changed(context, box.name, role=before[0].role)
    if before[0].role == "none":
        raise Refused(
            f"{box.name} is in no failover relationship, so there is nothing to synchronise with.", guide=("G24",)
        )
    if _fresh(before, box, context, max_age):
        return before[0], before[0]
    sentence = f"Synchronised the data of the pair from {box.name}, to the end."
    asked = _sync_watch.asked_in_vain(box, context)
    if asked is not None and _sync_watch.ended_since(asked, before):
        _note_ended(box, context, before, sentence)
        return before[0], before[0]
    for one in boxes:
        refuse_busy(one, context)
    if _manual.would(box, context, "sync", sentence):
        return before[0], before[0]
    by_hand = _manual.by_hand(box, "sync")
    if by_hand and _is_fresh_for_ours(before, box, context, FRESH_SECONDS):
        return before[0], before[0]
    context.may_begin("a data sync")
    press = Press(box)
    with context.act(box.name, _sync_watch.ACT, _manual.told(box, "sync", sentence), marks=marks_of(before)):
        if by_hand:
            before = _ask_for_sync(boxes, before, context)
        elif not any(state.sync.running for state in before):
            form = before[0].page(box).sync_now()
            with press.sent():
                box.login.submit(form)
        after = _sync_watch.await_sync(boxes, before, patience, press)
    _note_synchronised(box, context, after)
    return before[0], after[0]


def _note_synchronised(box: Box, context: Context, states: list[State]) -> None:
    marks = [state.sync.mark for state in states]
    context.journal.write("synchronised", "A data sync completed.", box=box.name, marks=marks)


def _note_ended(box: Box, context: Context, states: list[State], sentence: str) -> None:
    """The sync that an earlier run asked for has ended without it."""
    box.say(f"has ended the data sync that an earlier run asked for ({states[0].sync.mark})")
    if not context.check_mode:
        context.journal.write(
            "outcome", sentence, box=box.name, act=_sync_watch.ACT, phase=context.phase, result="done", attached=True
        )
        _note_synchronised(box, context, states)
        context.actions.append(sentence)


def _ask_for_sync(boxes: list[Box], before: list[State], context: Context) -> list[State]:
    """Have a person begin a data sync, unless one runs; gives the states that the one to be waited for comes after."""
    box = boxes[0]
    asked = _manual.open_request(context, box, "sync")
    failed = any(state.sync.good is False for state in before)
    olds = _sync_watch.as_marked(before, asked["marks"]) if asked is not None and not failed else None
    if olds is not None:
        # What was done since an earlier run asked for it counts; one that failed is to be done again.
        before = [replace(state, sync=old) for state, old in zip(before, olds, strict=True)]

    def look() -> Look[bool]:
        now = [read_state(one) for one in boxes]
        seen = _sync_watch.sync_seen(now, before)
        begun = seen.value or any(state.sync.running for state in now) or _sync_watch.new_failure(now, before)
        return Look(seen.seen, True if begun else None, seen.failed)

    marks = [[state.sync.by_api, state.sync.on_page] for state in before]
    _manual.ask(box, context, "sync", look, marks=marks)
    return before


def _fresh(states: list[State], box: Box, context: Context, max_age: float) -> bool:
    """Whether the last sync is complete, good and young enough, by the box's clock or else by our own journal.

    One that ended before this run asked for another, in vain, does not count: that one may have failed.
    """
    asked = _sync_watch.asked_in_vain(box, context)
    if asked is not None and not _sync_watch.ended_since(asked, states):
        return False
    syncs = [state.sync for state in states]
    if max_age <= 0 or any(sync.running or sync.good is False for sync in syncs):
        return False
    told = [sync for sync in syncs if sync.mark and sync.good]
    if any(sync.age is not None for sync in told):
        return any(sync.age is not None and sync.age <= max_age for sync in told)
    return _is_fresh_for_ours(states, box, context, max_age)


def _is_fresh_for_ours(states: list[State], box: Box, context: Context, max_age: float) -> bool:
    """Whether the last sync is one that our own journal tells of, good and young enough."""
    if any(state.sync.running for state in states):
        return False
    told = [state.sync for state in states if state.sync.mark and state.sync.good]
    ours = context.journal.last("synchronised", box=box.name)
    marks = {sync.mark for sync in told}
    return ours is not None and bool(marks & set(ours["marks"])) and time.time() - seconds_of(ours["time"]) <= max_age


@driving("break")
def break_relationship(box: Box, context: Context, max_age: float, peer: Box | None) -> tuple[State, State]:
    """Break the relationship, only after a complete, fresh and good sync (S6, S7, S8).

    Broken on one side only, by a break that reached one box, it is broken on the other too (S10).
    """
    states = [read_state(one) for one in ([box, peer] if peer else [box])]
    before = states[0]
    broken_there = states[-1].role == "none" and _broken_by_this_run(context)
    if not broken_there:
        _since.refuse_changed(context, box.name, role=before.role)
    if before.role == "none":
        return before, before
    pair = [box] + ([peer] if peer else [])
    for one in pair:
        refuse_busy(one, context)
    # In check mode the sync that comes before has not been done either.
    if not (broken_there or context.check_mode or _fresh(states, box, context, max_age)):
        raise Refused(
            f"The last data sync of {box.name} is {_describe(before.sync)}, so the relationship is not broken.",
            advice=f"Synchronise first; a sync may be at most {spell(max_age)} old (max_sync_age).",
            guide=("G24",),
            sync=before.facts(),
        )
    sentence = f"Broke the failover relationship on {box.name}."
    if _manual.would(box, context, "break", sentence):
        return before, before
    if not broken_there:
        context.may_begin("the break of the relationship")
    _automatic_failover.note(context, "before", dict(zip((box.name, peer.name if peer else ""), states, strict=False)))
    press = Press(box)
    with context.act(box.name, "break", _manual.told(box, "break", sentence), mark=before.sync.mark):
        if _manual.by_hand(box, "break"):
            if not (broken_there and _tells_soon(box)):
                _manual.ask(box, context, "break", lambda: _role_seen(box, "none"))
        else:
            _press_break(box, before.page(box), press)
        after = _await_role(box, "none", "the relationship is broken", press)
    for one in pair:
        _since.note(context, one.name, role="none")
    return before, after


def _tells_soon(box: Box) -> bool:
    """Whether a box whose other half was just broken off tells so by itself: what an API tells may be a minute old."""
    patience = Patience(10, 1.5 * CACHED_SECONDS)
    try:
        wait_until(f"[{box.name}] the relationship is broken here too", partial(_role_seen, box, "none"), patience,
                   box.context.say)
    except DeadlinePassed:
        return False
    return True


def _broken_by_this_run(context: Context) -> bool:
    """Whether this run has broken the relationship, and nobody has made one since: an earlier upgrade broke its own."""
    acts = [record for record in context.journal.of_run() if record.get("act") in ("break", "establish")]
    done = [record["act"] for record in acts if record["kind"] == "outcome" and record.get("result") == "done"]
    return done[-1:] == ["break"]


def _press_break(box: Box, page: FailoverPage, press: Press) -> None:
    form = page.break_relationship()
    with press.sent():
        answer = box.login.submit(form)
        if answer.maybe_button("failover.break") is None and answer.maybe_button("confirm.yes") is not None:
            box.login.submit(answer.fill({}, answer.button("confirm.yes")))


def _describe(sync: Sync) -> str:
    if sync.running:
        return f"still running ({sync.running})"
    if not sync.mark:
        return "unknown"
    age = "" if sync.age is None else f", {spell(max(sync.age, 0))} ago"
    return f"of {sync.mark}{age}, {sync.status or 'without a status'}"


def _role_seen(box: Box, role: str) -> Look[State]:
    now = read_state(box)
    return Look(f"failover role {now.role}", now if now.role == role else None)


def _await_role(box: Box, role: str, condition: str, press: Press) -> State:
    def look() -> Look[State]:
        with press.looked():
            seen = _role_seen(box, role)
        if seen.value is None:
            press.require_begun("break the relationship", f" It shows the {seen.seen} still.")
        return seen

    return wait_until(f"[{box.name}] {condition}", look, Patience(10, 120), box.context.say)


@dataclass(frozen=True)
class Sides:
    """How each box of the new relationship reaches the other: host and TLS port."""

    backup: tuple[str, int]
    own: tuple[str, int]


@driving("establish")
def establish(
    box: Box, peer: Box, context: Context, sides: Sides, site_hostname: str, patience: Patience
) -> tuple[State, State]:
    """Make `box` the primary and `peer` its backup, and have one good sync between them (G36, R6).

    The caller has made sure that `box` is the one with the newer data (Q15).
    """
    require(box, "Failover", "login")
    _refuse_shared_name(sides, site_hostname)
    before = read_state(box)
    if before.role == "none":
        _preshared_key.refuse_different(box, peer)
    sentence = f"Established the failover relationship: {box.name} primary, {peer.name} backup."
    values = {
        "peer": peer.name, "peer_host": sides.backup[0], "peer_port": sides.backup[1],
        "own_host": sides.own[0], "own_port": sides.own[1],
    }
    if before.role != "primary" and _manual.would(box, context, "establish", sentence, values):
        return before, before
    if before.role == "backup":
        raise Refused(f"{box.name} is a backup, so it cannot take a backup of its own.", guide=("G36",))
    peer_role = read_state(peer).role
    if before.role == "primary":
        if peer_role != "backup":
            raise Refused(f"{box.name} is primary already, but {peer.name} is not its backup (role {peer_role}).")
        return before, before
    if peer_role != "none":
        raise Refused(f"{peer.name} has the failover role {peer_role}, so it cannot become the backup of {box.name}.")
    for one in (box, peer):
        refuse_busy(one, context)
    _refuse_unequal(box, peer)
    _refuse_unequal_certificates(box, peer, site_hostname)
    with context.act(box.name, "establish", _manual.told(box, "establish", sentence), peer=peer.name):
        refusal, told, press = "", "", Press(box)
        if _manual.by_hand(box, "establish"):
            _manual.ask(box, context, "establish", lambda: _pair_seen(box, peer, press), values)
        else:
            refusal, told = _press_establish(box, before.page(box), sides, press)
        after = _await_pair(box, peer, refusal, told, press)
    for one, role in ((box, "primary"), (peer, "backup")):
        _since.note(context, one.name, role=role)
    _automatic_failover.note(context, "after", {box.name: after, peer.name: read_state(peer)})
    return before, after


def _press_establish(box: Box, page: FailoverPage, sides: Sides, press: Press) -> tuple[str, str]:
    """Gives what the box says for certain is wrong, and whatever it says anew; empty for nothing."""
    refusal, told = "", ""
    form = page.establish(sides.backup, sides.own)
    with press.sent():
        answer = box.login.submit(form)
        if answer.title != page.page.title and answer.maybe_button("confirm.yes") is None:
            # What stands on some other page is not said about this.
            box.say(f"answers Establish with the page {answer.title!r}; asking the box what it did")
            return "", ""
        said = answer.says("error")
        refusal = said.text if said else ""
        told = answer.new_since(page.page)
        if answer.maybe_button("confirm.yes") is not None:
            box.login.submit(answer.fill({}, answer.button("confirm.yes")))
    return refusal, told


def _pair_seen(box: Box, peer: Box, press: Press, refusal: str = "") -> Look[State]:
    here = read_state(box)
    if here.role == "none" and refusal:
        return Look("refused", failed=refusal)
    if here.role != "none":
        press.shows()
    there = read_state(peer).role
    done = here.role == "primary" and there == "backup"
    return Look(f"{box.name} is {here.role}, {peer.name} is {there}", here if done else None)


def _await_pair(box: Box, peer: Box, refusal: str, told: str, press: Press) -> State:
    """Wait until both boxes show the relationship.

    :param refusal: what the box says for certain is wrong.
    :param told: whatever it says anew; a refusal in words that nobody knows, where nothing comes of it.
    """
    clock = Clock()
    started = clock.now()

    def look() -> Look[State]:
        with press.looked():
            seen = _pair_seen(box, peer, press, refusal or (told if clock.now() - started > GRACE_SECONDS else ""))
        if seen.value is None and not seen.failed:
            press.require_begun("establish the relationship", f" Since then {seen.seen}.")
        return seen

    return wait_until(
        f"[{box.name}] failover relationship with {peer.name}",
        look,
        Patience(60, 300),
        box.context.say,
        advice="Both boxes need the same version, the same pre-shared key, and must reach each other both ways.",
        guide=("G28",),
    )


def has_good_sync(box: Box) -> bool:
    """Whether the pair has had one good sync since it was made (R6)."""
    state = read_state(box)
    return bool(state.sync.mark) and state.sync.good is True and not state.sync.running


def _refuse_shared_name(sides: Sides, site_hostname: str) -> None:
    hosts = [sides.backup[0].casefold(), sides.own[0].casefold()]
    if site_hostname and site_hostname.casefold() in hosts:
        raise BadInput(
            f"{site_hostname} is the site's shared name; each box is reached by its own address.",
            state="Nothing was changed.",
            guide=("G28",),
        )
    if hosts[0] == hosts[1] and sides.backup[1] == sides.own[1]:
        raise BadInput(f"Both boxes would be reached at {hosts[0]}.", state="Nothing was changed.", guide=("G28",))


def _refuse_unequal(box: Box, peer: Box) -> None:
    """Versions and builds must be equal (R3), and the two must be two boxes."""
    mine, theirs = box.health(), peer.health()
    if mine.appliance_id and mine.appliance_id == theirs.appliance_id:
        raise Refused(f"{box.name} and {peer.name} lead to one and the same box ({mine.appliance_id}).", guide=("G23",))
    if (mine.version, mine.build) != (theirs.version, theirs.build):
        raise Refused(
            f"{box.name} runs {mine.version} ({mine.build[:12]}),"
            f" {peer.name} runs {theirs.version} ({theirs.build[:12]}).",
            advice="Both boxes need the same version and build before they can be paired.",
            guide=("G28",),
        )
    for one, health in ((box, mine), (peer, theirs)):
        if not health.healthy:
            raise Refused(f"{one.name} is not healthy: {health.message or 'no reason given'}.", guide=("G28",))


def _refuse_unequal_certificates(box: Box, peer: Box, site_hostname: str) -> None:
    """Clients must trust what either box shows for the site, else they all fail when the other one takes over (R4)."""
    both = [one.presented(name=site_hostname) for one in (box, peer)]
    mine, theirs = (shown.sha256[:16] for shown in both)
    if mine == theirs:
        return
    told = f"For {site_hostname} {box.name} shows the certificate {mine}, {peer.name} shows {theirs}"
    distrust = next((shown.distrust for shown in both if shown.distrust), "")
    if distrust:
        raise Refused(
            f"{told}, and one of them is not trusted: {distrust}",
            advice="Have both boxes serve the same certificate first (bt_certificate).",
            guide=("G10", "G28"),
        )
    box.say(f"{told}; both are trusted, but the vendor wants one for both")
