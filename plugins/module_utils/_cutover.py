# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cut-over by shared IP: off on A, proof, at once on B; if B cannot, on at A again (G32, Q5 to Q7)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError, DeadlinePassed, Refused, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._shared_ip import await_enabled, open_shared, prepare, switch
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, answers_healthy, who_answers

PROOF_SECONDS = 60.0


@dataclass(frozen=True)
class Cutover:
    """Who serves the shared IP before and after, and how long the site was away at most, in seconds."""

    before: str
    after: str
    outage: float


def cut_over(source: Box, target: Box, context: Context, address: str, site: PublicName) -> Cutover:
    """Move the shared IP from `source` to `target`.

    Both pages are open and filled in before the first is sent.

    :raises Refused: both boxes have the address, or `target` is not healthy; nothing was changed.
    """
    pages = {box.name: open_shared(box, address) for box in (source, target)}
    off, on = pages[source.name], pages[target.name]
    if on.enabled and off.enabled:
        raise Refused(
            f"{source.name} and {target.name} both have {address} enabled: two boxes answer for one site.",
            advice="Switch it off by hand on the box that must not serve, then run the same command again.",
            guide=("G32",),
        )
    if on.enabled:
        return Cutover(target.name, target.name, 0.0)
    if not context.check_mode and not target.is_healthy():
        raise Refused(f"{target.name} is not healthy, so it does not take over.", guide=("G35",))
    sentence = f"Moved the shared IP {address} from {source.name} to {target.name}."
    before = source.name if off.enabled else ""
    if context.would(sentence):
        return Cutover(before, before, 0.0)
    disable, enable = prepare(source, off, False), prepare(target, on, True)
    with context.act(target.name, "cutover", sentence, address=address, source=source.name):
        start = time.monotonic()
        if off.enabled:
            switch(disable)
        try:
            switch(enable)
        except BtError as error:
            _switch_back(source, target, context, address, error)
        outage = round(_await_public(target, site, start), 3)
        context.journal.write(
            "outage", f"The site was away for {outage} s at most.", phase=context.phase, seconds=outage
        )
    return Cutover(before, target.name, outage)


def _switch_back(source: Box, target: Box, context: Context, address: str, error: BtError) -> None:
    """B could not be switched on: give the address back to A, unless B has it after all.

    :raises Unproven: always, unless B turns out to have the address.
    """
    try:
        if await_enabled(target, address, True, seconds=2.0).enabled:
            return
    except BtError:
        target.say("could not be switched on; the shared IP goes back")
    with context.act(
        source.name, "shared_ip", f"Enabled the shared IP {address} on {source.name} again.", address=address
    ):
        switch(prepare(source, open_shared(source, address), True))
    raise Unproven(
        f"The shared IP {address} could not be enabled on {target.name}: {error.what}",
        state=f"{source.name} has it again and serves the site.",
        advice=f"Look at /appliance > Networking > IP Configuration of {target.name}, then run the same command again.",
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
        if witness.box != target.name:
            return Look(f"is answered, but not by {target.name}: {witness.how}")
        # Only now it is sure that it was not the other box that gave the first answer.
        return Look("answers", time.monotonic() - start)

    try:
        return wait_until(f"[{target.name}] site {site.hostname}", look, Patience(5, PROOF_SECONDS), target.context.say)
    except DeadlinePassed as error:
        raise Unproven(
            f"{site.hostname} {error.facts['last_seen']}.",
            state=f"{target.name} has the shared IP enabled.",
            advice="Look for another machine with that address; clear the ARP tables of the routers.",
            guide=("G32",),
        ) from None
