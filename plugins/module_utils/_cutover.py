# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cut-over by shared IP: off on A, proof, at once on B; if B cannot, on at A again (G32, Q5 to Q7).

From "off" to "on" it is done under a lease: a watchdog ends it, should the process that does it die.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BadInput,
    BtError,
    DeadlinePassed,
    Refused,
    Unproven,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._gates import NOBODY, Answered, refuse_switch
from ansible_collections.bt_ops.pra.plugins.module_utils._life import uninterrupted
from ansible_collections.bt_ops.pra.plugins.module_utils._other_hands import refuse_other_hands
from ansible_collections.bt_ops.pra.plugins.module_utils._settling import SETTLE_SECONDS, Move, settle_for
from ansible_collections.bt_ops.pra.plugins.module_utils._shared_ip import let_pass, open_shared, prepare, switch
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import driving
from ansible_collections.bt_ops.pra.plugins.module_utils._users import tell_users
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import LATE_SECONDS, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._watchdog import BACK, FORTH, Watchdog
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, answers_healthy, who_answers

PROOF_SECONDS = 60.0


# Under the lease a box that does not answer is asked anew, rather than waited for.
LEASE_SECONDS = 30.0
SHORTEST_LEASE, LONGEST_LEASE = 5.0, 300.0
LEASE_SHARE = 0.3


@dataclass(frozen=True)
class Cutover:
    """Who serves the shared IP before and after, and how long the site was away at most, in seconds."""

    before: str
    after: str
    outage: float


@driving("shared_ip")
def cut_over(
    source: Box,
    target: Box,
    context: Context,
    address: str,
    site: PublicName,
    lease: float = LEASE_SECONDS,
    answered: Answered = NOBODY,
) -> Cutover:
    """Move the shared IP from `source` to `target`.

    Both pages are open and filled in before the first is sent.

    :param lease: seconds after which a watchdog ends the cut-over, should this process die or stand still in it.
    :param answered: who answers for it where it would be refused.
    :raises Refused: both boxes have the address, `target` is not healthy or not proven in the open run, or somebody
        else is at work; nothing was changed.
    """
    if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
        raise BadInput(
            f"lease_seconds is {lease:g}; {SHORTEST_LEASE:g} to {LONGEST_LEASE:g} are possible.",
            state="Nothing was changed.",
        )
    pages = {box.name: open_shared(box, address) for box in (source, target)}
    off, on = pages[source.name], pages[target.name]
    refuse_both(source, target, address, on.enabled and off.enabled)
    if on.enabled:
        return Cutover(target.name, target.name, 0.0)
    refuse_unhealthy(target, context)
    refuse_other_hands((source, target), context)
    refuse_switch(source, target, context, answered, away=not off.enabled)
    sentence = f"Moved the shared IP {address} from {source.name} to {target.name}."
    before = source.name if off.enabled else ""
    cut_off = tell_users(source, "their sessions end now, and are known on the other box when it has synchronised")
    if context.would(sentence):
        return Cutover(before, before, 0.0)
    if off.enabled:
        context.may_begin("the cut-over")
    disable, enable = prepare(source, off, False), prepare(target, on, True)
    for box in (source, target):
        box.hurry(lease * LEASE_SHARE)
    with context.act(target.name, "cutover", sentence, address=address, source=source.name, **cut_off):
        with uninterrupted(), _watched(source, target, context, address, site.port, lease) as watchdog:
            start, what, late = time.monotonic(), FORTH, 0.0
            try:
                if off.enabled:
                    switch(disable, watchdog.renew)
                what = BACK
                late = switch(enable, watchdog.renew)
            except BtError as error:
                _have_settled(watchdog, what, source, target, address, error)
        outage = round(_await_public(target, site, start), 3)
        context.journal.write(
            "outage", f"The site was away for {outage} s at most.", phase=context.phase, seconds=outage
        )
        let_pass(target, late)
    return Cutover(before, target.name, outage)


def refuse_both(source: Box, target: Box, address: str, have: bool) -> None:
    """Stop where both boxes have the address (Q5)."""
    if have:
        raise Refused(
            f"{source.name} and {target.name} both have {address} enabled: two boxes answer for one site.",
            advice="Switch it off by hand on the box that must not serve, then run the same command again.",
            guide=("G32",),
        )


def refuse_unhealthy(target: Box, context: Context) -> None:
    """Stop where the box that is to take over is not well."""
    if not context.check_mode and not target.is_healthy():
        raise Refused(f"{target.name} is not healthy, so it does not take over.", guide=("G35",))


def _watched(source: Box, target: Box, context: Context, address: str, port: int, lease: float) -> Watchdog:
    """What ends the cut-over in the place of this process; it prints nothing and shares no connection with it."""
    alone = Context(
        memory=context.memory.copy(), journal=context.journal, lock=context.lock, phase=context.phase
    )
    boxes = [box.hurried(lease * LEASE_SHARE, alone) for box in (source, target)]
    move = Move(boxes[0], boxes[1], address, port, time.monotonic(), LATE_SECONDS)
    held = context.lock.descriptor
    return Watchdog(lease, partial(settle_for, move), () if held is None else (held,))


def _have_settled(
    watchdog: Watchdog, what: bytes, source: Box, target: Box, address: str, error: BtError
) -> None:
    """It could not be switched as it was meant to: have one of the two boxes bear the address.

    :raises Unproven: always, unless `target` turns out to have it.
    """
    source.say(f"{error.what} The boxes are asked which of them has the shared IP; one of them gets it.")
    settled = watchdog.hand_over(what, SETTLE_SECONDS + 2 * LATE_SECONDS)
    serving = settled.get("serving")
    if serving == target.name:
        return
    raise Unproven(
        f"The shared IP {address} could not be moved from {source.name} to {target.name}: {error.what}",
        state=f"{serving} has it and serves the site." if serving else "Which box has it is not known.",
        advice="Look at /appliance > Networking > IP Configuration of both boxes, then run the same command again.",
        guide=("G32",),
    )


def _await_public(target: Box, site: PublicName, start: float) -> float:
    """Seconds from the first switch until the site was answered again, and by `target`.

    For a moment the other box may still answer, until it has really let go of the address or the neighbours know.

    :raises Unproven: `target` does not answer in time.
    """

    def look() -> Look[float]:
        if not answers_healthy(site, target):
            return Look("answers, but is not healthy")
        witness = who_answers(site, [target])
        if witness.unknown:
            return Look(f"is answered, but it could not be told by which box: {witness.how}")
        if witness.box != target.name:
            return Look(f"is answered, but not by {target.name}: {witness.how}")
        # Only now it is sure that it was not the other box that gave the first answer.
        return Look("answers", time.monotonic() - start)

    try:
        what = f"[{target.name}] site {site.hostname}"
        return wait_until(what, look, Patience(5, PROOF_SECONDS), target.context.say, every_moment=True)
    except DeadlinePassed as error:
        raise Unproven(
            f"{site.hostname} {error.facts['last_seen']}.",
            state=f"{target.name} has the shared IP enabled.",
            advice="Look for another machine with that address; clear the ARP tables of the routers.",
            guide=("G32",),
        ) from None
