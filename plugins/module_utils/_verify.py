# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Proof that a box has been updated well: version and health, and its site under the public name (G26, G31, A10)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict, dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError, DeadlinePassed, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import now_text, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._update import read_installed
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, spell, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, answers_healthy, who_answers

# So many bad looks in a row are no passing trouble of a network.
MOST_BAD_LOOKS = 5
SOAK_GRACE_SECONDS = 300.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    seen: str
    guide: str


class Untold(Check):
    """A look that showed nothing, neither good nor bad."""


@dataclass(frozen=True)
class Site:
    """The site's public name, found anew for every look, for it may lead elsewhere by then; and the seconds to look."""

    names: Callable[[], list[PublicName]]
    seconds: float


def verify(
    box: Box, context: Context, product: Version | None, base: Version | None, site: Site
) -> list[Check]:
    """Look at everything, then judge.

    :param site: where the site's public name is asked: no hosts file is touched for it (G31).
    :raises Unproven: naming each thing that is not as it must be.
    """
    if not context.check_mode:
        context.journal.write("verifying", f"Verifying {box.name}.", box=box.name, phase=context.phase)
    checks = _versions(box, product, base)
    checks += _under_public_name(box, site)
    failed = [check for check in checks if not check.ok]
    if not context.check_mode:
        context.journal.write(
            "verified",
            f"Verified {box.name}.",
            box=box.name,
            phase=context.phase,
            checks=[asdict(check) for check in checks],
        )
    if failed and not context.check_mode:
        raise Unproven(
            f"{box.name} is not proven to work: " + "; ".join(f"{check.name}: {check.seen}" for check in failed) + ".",
            state="No other box was touched.",
            advice="Find out why on this box before going on.",
            guide=tuple(sorted({check.guide for check in failed})),
            checks=[asdict(check) for check in checks],
        )
    for check in checks:
        box.say(f"{'ok' if check.ok else 'not yet'}: {check.name}: {check.seen}")
    return checks


def soak(box: Box, context: Context, site: Site, seconds: float) -> None:
    """See the box serve well until so many seconds have passed since the switch, before another box is touched (Q13).

    The time that passed while no run was at work counts too.

    :raises BoxFailed: it does not serve well, several looks in a row.
    """
    clock = Clock()
    start, left = clock.now(), seconds - _since_the_switch(context)
    if left <= 0:
        return
    if context.check_mode:
        context.plan(f"Waited for {spell(seconds)} while {box.name} serves.")
        return
    bad = 0

    def look() -> Look[bool]:
        nonlocal bad
        not_well = [check for one in site.names() if not (check := _at_address(box, one)).ok]
        behind = [f"{check.name}: {check.seen}" for check in not_well]
        if any(not isinstance(check, Untold) for check in not_well):
            bad += 1
        elif not behind:
            bad = 0
        if bad >= MOST_BAD_LOOKS:
            return Look("", failed="; ".join(behind))
        over = clock.now() - start >= left
        return Look("; ".join(behind) or "serves well", True if over and not behind else None)

    wait_until(
        f"[{box.name}] serves for {spell(seconds)} before another box is touched", look,
        Patience(left, left + SOAK_GRACE_SECONDS), context.say, option="soak", guide=("G35",),
        advice="The other box was not touched. Find out why on this one before going on.",
    )


def _since_the_switch(context: Context) -> float:
    """Seconds since the journal saw the last switch of the site; 0 where it knows none."""
    for record in reversed(context.journal.records()):
        done = record["kind"] == "outcome" and record.get("act") == "cutover" and record.get("result") == "done"
        if done or (record["kind"] == "verified" and record.get("phase") == "cutover"):
            return max(0.0, seconds_of(now_text()) - seconds_of(record["time"]))
    return 0.0


def _versions(box: Box, product: Version | None, base: Version | None) -> list[Check]:
    now = read_installed(box)
    checks = [
        Check(
            "health", now.healthy, "the box says that it is healthy" if now.healthy else "the box is not healthy", "G26"
        )
    ]
    if product is not None:
        checks.append(Check("product version", now.product == product, str(now.product), "G26"))
    if base is not None:
        checks.append(Check("base version", now.base is not None and now.base >= base, str(now.base), "G26"))
    return checks


def _under_public_name(box: Box, site: Site) -> list[Check]:
    """One check for each address of the site, looked at until all are well or the time is over."""
    seen: list[Check] = []

    def look() -> Look[bool]:
        seen[:] = [_at_address(box, one) for one in site.names()]
        behind = [f"{check.name}: {check.seen}" for check in seen if not check.ok]
        return Look("; ".join(behind), None if behind else True)

    seconds = 0.0 if box.context.check_mode else site.seconds
    # What is not well when the time is over is judged with the rest.
    with contextlib.suppress(DeadlinePassed):
        wait_until(f"[{box.name}] serves the site", look, Patience(60, seconds), box.context.say)
    return seen


def _at_address(box: Box, site: PublicName) -> Check:
    name = f"https://{site.hostname} at {site.address}"
    try:
        well = answers_healthy(site, box)
        witness = who_answers(site, [box])
    except BtError as error:
        return Check(name, False, error.what, "G31")
    if witness.unknown:
        return Untold(name, False, f"it could not be told which box answers: {witness.how}", "G31")
    if witness.box != box.name:
        return Check(name, False, f"answered by another box ({witness.how})", "G31")
    return Check(name, well, "answers and is this box" if well else "answers, but is not healthy", "G31")
