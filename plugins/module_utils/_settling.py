# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cut-over that was not seen to its end: one of the two boxes gets the shared IP, whatever was sent before (Q5, Q6).

The boxes are asked first. B gets the address where it can, else A gets it back; neither as long as the other may have
it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError, DeadlinePassed
from ansible_collections.bt_ops.pra.plugins.module_utils._shared_ip import (
    is_free,
    let_pass,
    open_shared,
    prepare,
    switch,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._watchdog import FORTH

# How long it is tried, in seconds; how long the first answer on the address is waited for.
SETTLE_SECONDS = 120.0
SERVED_SECONDS = 20.0
T = TypeVar("T")


@dataclass(frozen=True)
class Move:
    """A shared IP on its way; `began` is a time of the monotonic clock, which is the same in all processes.

    :param watch: seconds for which a box that still has the address is watched, as it may have been sent "off", and may
        carry that out without an answer.
    """

    source: Box
    target: Box
    address: str
    port: int
    began: float
    watch: float


@dataclass(frozen=True)
class Settled:
    """Which box has the address, empty where that cannot be known; what was done, as a sentence; seconds without."""

    serving: str
    sentence: str
    outage: float | None = None


def settle_for(move: Move, what: bytes) -> dict[str, Any]:
    """What the watchdog does in the place of a task that is dead, or that could not go on and asks for it.

    :param what: FORTH, BACK, or nothing for a task that is dead.
    """
    source, target, address = move.source, move.target, move.address
    context = source.context
    with contextlib.suppress(OSError):  # a full disk must not keep the site away
        context.lock.tell()
    if what:  # no request is on its way any more
        return asdict(settle(replace(move, watch=0.0), context, forth=what == FORTH))
    settled = settle(move, context)
    done = settled.serving == target.name
    result = "unknown" if not settled.serving else "done" if done else "failed"
    context.journal.write(
        "outcome", settled.sentence, box=target.name, act="cutover", phase=context.phase, result=result
    )
    if settled.outage is not None:
        context.journal.write(
            "outage", f"The site was away for {settled.outage} s at most.", phase=context.phase, seconds=settled.outage
        )
    sentence = (
        f"A run ended in the middle of the cut-over of {address} from {source.name} to {target.name};"
        f" its watchdog saw to it: {settled.sentence}"
    )
    context.journal.write("watchdog", sentence, phase=context.phase, serving=settled.serving)
    return asdict(settled)


def settle(move: Move, context: Context, forth: bool = True) -> Settled:
    """Have exactly one of the two boxes bear the address.

    :param forth: whether B may still be given it.
    """
    until = time.monotonic() + SETTLE_SECONDS
    refused, did, late = "", "", 0.0
    while True:
        try:
            serving = _who_has_it(move, max(until - time.monotonic(), 0.0), context)
        except DeadlinePassed as error:
            return Settled("", f"it is not known which box has it. {error.what}")
        if serving:
            break
        try:
            if forth and not refused and _is_healthy(move.target):
                late = _enable(move.target, move, context)
            else:
                if forth:
                    refused = refused or f"{move.target.name} is not healthy."
                _await_nowhere(move.target, move, context)
                late = _enable(move.source, move, context)
                did = " again"
        except BtError as error:
            refused = error.what
            if time.monotonic() > until:
                return Settled("", f"it is not known which box has it. {refused}")
    settled = Settled(serving, f"{serving} has it{did}." + (f" {refused}" if refused else ""), _outage(move, context))
    let_pass(move.target if serving == move.target.name else move.source, late)
    return settled


def _who_has_it(move: Move, seconds: float, context: Context) -> str:
    """The box that bears the address, empty where A certainly does not and B is not seen to.

    :raises DeadlinePassed: A does not tell whether it has it.
    """
    began = time.monotonic()

    def look() -> Look[str]:
        if _shows(move.target, move.address):
            return Look(f"{move.target.name} has it", move.target.name)
        here = _shows(move.source, move.address)
        if here is None:
            return Look(f"{move.source.name} does not tell whether it has it")
        if here:
            steady = time.monotonic() - began >= move.watch
            return Look(f"{move.source.name} has it", move.source.name if steady else None)
        return Look("nobody has it", "")

    return _wait(f"the shared IP {move.address}", look, seconds, context)


def _enable(box: Box, move: Move, context: Context) -> float:
    sentence = f"Enabled the shared IP {move.address} on {box.name}, to end a cut-over."
    with context.act(box.name, "shared_ip", sentence, address=move.address, on=True):
        return switch(prepare(box, open_shared(box, move.address), True))


def _await_nowhere(target: Box, move: Move, context: Context) -> None:
    """Make sure that B has not got the address: it shows so, or nothing answers there at all.

    :raises DeadlinePassed: that is not certain.
    """

    def look() -> Look[bool]:
        shown = _shows(target, move.address)
        free = shown is False or (shown is None and is_free(move.address, move.port))
        return Look(f"{target.name} may have it", True if free else None)

    _wait(f"the shared IP {move.address} on no box", look, SERVED_SECONDS, context)


def _shows(box: Box, address: str) -> bool | None:
    """Whether the box's page shows the address enabled; None where it tells nothing."""
    try:
        return open_shared(box, address).enabled
    except BtError:
        return None


def _is_healthy(box: Box) -> bool:
    try:
        return box.is_healthy()
    except BtError:
        return False


def _outage(move: Move, context: Context) -> float | None:
    """Seconds from the beginning of the cut-over until the address was answered again; None while it is not."""

    def look() -> Look[float]:
        served = not is_free(move.address, move.port)
        return Look("is not answered yet", time.monotonic() - move.began if served else None)

    try:
        seconds: float = _wait(f"answer at {move.address}", look, SERVED_SECONDS, context)
        return round(seconds, 3)
    except DeadlinePassed:
        return None


def _wait(what: str, look: Callable[[], Look[T]], seconds: float, context: Context) -> T:
    return wait_until(what, look, Patience(5, seconds), context.say, guide=("G32",), every_moment=True)
