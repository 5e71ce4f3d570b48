# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cut-over by DNS: TTL lowered beforehand, the one planned record switched, every resolver asked until none gives
the old address any more, TTL put back (G32, Q8, Q9).

Resolvers keep an answer for as long as its TTL said when they asked. So the old TTL passes between the lowering and the
switch, and the lowered one between the switch and anything that is done to the box that served before.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _nameserver
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._dns_record import (
    Planned,
    State,
    read,
    read_single,
    straggler,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    DeadlinePassed,
    Refused,
    Unproven,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._gates import refuse_unasked_switch
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal, Record, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._nameserver import Server
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, spell, wait_until

SETTING = "dns_ttl"
# How long the name server itself may take until it answers what it has accepted, as one behind another does.
SERVER_SECONDS = 60.0


def lower(planned: Planned, context: Context, ttl: int, resolvers: Sequence[Server]) -> tuple[State, State]:
    """Have resolvers keep the record for `ttl` seconds at most, so that a switch is soon seen by everybody.

    :raises Refused: the record is not one that can be switched, or a resolver cannot be asked; found out here, early.
    """
    before = read_single(planned)
    if planned.value in before.values:
        return before, before
    _prove(planned, before, resolvers)
    _tell_elsewhere(planned, before, context)
    kept = _unrestored(context.journal, planned)
    if before.ttl <= ttl:
        if kept and kept.get("open"):
            _note(context, planned, "changed", kept["old"], before.ttl, cached=kept["cached"])
        return before, before
    sentence = f"Lowered the TTL of {planned.label} from {before.ttl} s to {ttl} s."
    if context.would(sentence):
        return before, before
    # What is found is ours where it is what this run folder's upgrade left behind, else it is what is to be put back.
    old = kept["old"] if kept and kept["new"] == before.ttl else before.ttl
    cached = max(before.ttl, math.ceil(_left(kept)))
    _note(context, planned, "changing", old, ttl, cached=cached)
    with context.act(planned.label, SETTING, sentence, ttl=ttl):
        after = _change(planned, before, before.values, ttl, context)
    _note(context, planned, "changed", old, ttl, cached=cached)
    return before, after


def switch(
    planned: Planned,
    context: Context,
    box: str,
    resolvers: Sequence[Server],
    patience: float,
    unverified_by: str = "",
) -> tuple[State, State]:
    """Have the record lead to `planned.value`, and wait until nobody can have the old address any more.

    :param box: name of the box at that address.
    :param patience: seconds for resolvers that still give the old address after its TTL.
    :param unverified_by: the person who has it switched although nobody has just proven the box.
    :raises DeadlinePassed: some still do; they are named.
    """
    before = read_single(planned)
    _tell_elsewhere(planned, before, context)
    begun = context.journal.open_act(box, "cutover")
    if before.values == (planned.value,):
        if context.check_mode:
            return before, before
        _await_resolvers(planned, context, resolvers, before.ttl if begun else 0, patience)
        if begun:
            text = f"Switched {planned.label} to {planned.value}."
            context.journal.write("outcome", text, box=box, act="cutover", phase=context.phase, result="done")
        return before, before
    _prove(planned, before, resolvers)
    refuse_unasked_switch(box, context, unverified_by)
    old = before.values[0]
    sentence = f"Switched {planned.label} from {old} to {planned.value}."
    if context.would(sentence):
        return before, before
    context.may_begin("the switch of the record")
    _await_old_ttl(planned, context)
    with context.act(box, "cutover", sentence, record=planned.label, old=old, address=planned.value):
        after = _change(planned, before, (planned.value,), before.ttl, context)
        _await_resolvers(planned, context, resolvers, before.ttl, patience)
    return before, after


def restore(planned: Planned, context: Context) -> tuple[State, State]:
    """Put the TTL back to what it was before this run folder's upgrade lowered it.

    What somebody else has set since is theirs, and stays.
    """
    before = read(planned)
    kept = _unrestored(context.journal, planned)
    wanted = kept["old"] if kept else before.ttl
    if kept and before.ttl not in (kept["new"], kept["old"]):
        context.say(f"the TTL of {planned.label} is {before.ttl} s: somebody has set it since, so it stays")
        wanted = before.ttl
    after = before
    if before.ttl != wanted:
        sentence = f"Put the TTL of {planned.label} back from {before.ttl} s to {wanted} s."
        if context.would(sentence):
            return before, before
        with context.act(planned.label, SETTING, sentence, ttl=wanted):
            after = _change(planned, before, before.values, wanted, context)
    if kept and not context.check_mode:
        _note(context, planned, "restored", before.ttl, after.ttl)
    return before, after


def _prove(planned: Planned, state: State, resolvers: Sequence[Server]) -> None:
    """See that the key may change the record and every resolver can be asked, without changing anything.

    :raises Refused: a resolver does not know the name.
    """
    _nameserver.update(planned.server, planned.zone, planned.key, planned.name, planned.family, state.values, (), 0)
    for resolver in resolvers:
        answer = _nameserver.ask(resolver, planned.name, planned.family, recurse=True)
        if not answer.values:
            said = f" ({answer.trouble})" if answer.trouble else ""
            raise Refused(
                f"The resolver {resolver} knows no {planned.label}{said}.",
                advice="Name resolvers that the site's users ask.",
                guide=("G32",),
            )


def _tell_elsewhere(planned: Planned, state: State, context: Context) -> None:
    if state.elsewhere:
        other = "AAAA" if planned.family == "A" else "A"
        context.say(
            f"{planned.name.rstrip('.')} also has {other} {', '.join(state.elsewhere)}, which is left as it is: users"
            " who take that address are not switched by this"
        )


def _change(planned: Planned, before: State, values: Sequence[str], ttl: int, context: Context) -> State:
    """Replace the record and read it back from its server.

    :raises Unproven: the server accepted that and does not show it.
    """
    lost: AnswerLost | None = None
    try:
        _nameserver.update(
            planned.server, planned.zone, planned.key, planned.name, planned.family, before.values, values, ttl
        )
    except AnswerLost as error:
        lost = error

    def look() -> Look[State]:
        now = read(planned)
        done = now.values == tuple(sorted(values)) and now.ttl == ttl
        return Look(f"gives {', '.join(now.values)} with a TTL of {now.ttl} s", now if done else None)

    try:
        return wait_until(
            f"[{planned.server}] {planned.label}", look, Patience(2, SERVER_SECONDS), context.say, guide=("G32",)
        )
    except DeadlinePassed as error:
        if lost is not None:
            raise AnswerLost(
                lost.what, state=f"It {error.facts['last_seen']}.", advice="Run the same command again.", guide=("G32",)
            ) from None
        raise Unproven(
            f"The name server {planned.server} accepted {', '.join(values)} with a TTL of {ttl} s for {planned.label},"
            f" but it {error.facts['last_seen']}.",
            advice="Ask whether something else writes this record, or whether updates belong to another server.",
            guide=("G32",),
        ) from None


def _await_old_ttl(planned: Planned, context: Context) -> None:
    """Wait until every answer with the old, long TTL has been forgotten."""
    kept = _unrestored(context.journal, planned)
    if kept is None:
        context.say(f"the TTL of {planned.label} was not lowered beforehand")
        return
    if left := _left(kept):
        _await_time(f"the old TTL of {planned.label} passes", left, context)


def _left(kept: Record | None) -> float:
    """Seconds until all answers from before the TTL was lowered are forgotten.

    The one place where the time of day counts, because it may have been lowered days ago by another process.
    """
    if kept is None:
        return 0.0
    cached = float(kept["cached"])
    return max(0.0, min(seconds_of(kept["time"]) + cached - time.time(), cached))


def _await_time(what: str, seconds: float, context: Context) -> None:
    clock = Clock()
    start = clock.now()

    def look() -> Look[bool]:
        left = seconds - (clock.now() - start)
        return Look(f"{spell(max(left, 0))} left", True if left <= 0 else None)

    wait_until(what, look, Patience(seconds + 10, seconds + 60), context.say, guide=("G32",))


def _await_resolvers(
    planned: Planned, context: Context, resolvers: Sequence[Server], ttl: int, patience: float
) -> None:
    """Wait until every resolver gives the new address, and those that are not asked had to forget the old one.

    :raises DeadlinePassed: some resolvers still give the old one; they are named.
    """
    if ttl:
        _await_time(f"answers with the old address of {planned.label} are forgotten", ttl, context)
    behind: list[str] = []

    def look() -> Look[bool]:
        behind[:] = [told for told in (straggler(planned, resolver) for resolver in resolvers) if told]
        return Look("; ".join(behind) or "all resolvers give it", None if behind else True)

    try:
        wait_until(f"{planned.label} {planned.value}", look, Patience(5, patience), context.say, guide=("G32",))
    except DeadlinePassed as error:
        raise DeadlinePassed(
            f"{planned.label} leads to {planned.value}, but not every resolver says so: {'; '.join(behind)}.",
            state="Their users may still reach the box that served before; it must stay as it is.",
            advice="Flush their caches, or find out where else they ask; then run the same command again.",
            guide=("G32",),
            stragglers=list(behind),
            **{key: value for key, value in error.facts.items() if key == "elapsed"},
        ) from None


def _unrestored(journal: Journal, planned: Planned) -> Record | None:
    """The record of a TTL that was lowered and not yet put back. `open`: whether it was is not known."""
    last = journal.last("setting", name=SETTING, box=planned.label)
    if last is None or last["state"] == "restored":
        return None
    return {**last, "open": last["state"] == "changing"}


def _note(context: Context, planned: Planned, state: str, old: int, new: int, **details: Any) -> None:
    context.journal.write(
        "setting", f"The TTL of {planned.label} is {new} s ({state}).", name=SETTING, box=planned.label,
        phase=context.phase, state=state, old=old, new=new, **details,
    )
