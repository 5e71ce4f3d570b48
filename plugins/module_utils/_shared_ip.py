# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shared IP of a pair on one box: whether it is enabled, and switching it (G32)."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

from ansible_collections.bt_ops.pra.plugins.module_utils import _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    BtError,
    DeadlinePassed,
    PageNotUnderstood,
    Refused,
    SessionEnded,
    TlsRefused,
    Unproven,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._gates import refuse_address
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import driving
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import (
    LATE_SECONDS,
    Clock,
    Look,
    Patience,
    spell,
    wait_until,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._addresses_page import (
    AddressPage,
    glance,
    open_address,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission

PROBE_SECONDS = 1.0
# How long a box may take to show a switch. Nobody serves the site while one is to come on, so that wait is short.
OFF_SECONDS = 30.0
ON_SECONDS = 8.0


def checked_address(text: str) -> str:
    """The shared IP as an address.

    :raises BadInput: it is none.
    """
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        raise BadInput(
            f"The shared IP is {text[:60]!r}, which is no IP address.", state="Nothing was changed."
        ) from None


@driving("shared_ip")
def open_shared(box: Box, address: str) -> AddressPage:
    """The page on which the shared IP is switched, open and understood."""
    require(box, "The shared IP", "appliance")
    return open_address(box.appliance, address)


def is_free(address: str, port: int) -> bool:
    """Whether nobody listens at the address."""
    try:
        with socket.create_connection((address, port), timeout=PROBE_SECONDS):
            return False
    except OSError:
        return True


def shown(box: Box, address: str) -> bool | None:
    """Whether the box itself says that it has the address enabled, however little of its pages is understood.

    By its page; else by API, which tells it within a relationship only (appliance-interface.md 2.2). None: it does not
    tell.
    """
    if box.connection.appliance is not None:
        try:
            return open_address(box.appliance, address).enabled
        except PageNotUnderstood:
            box.say("its page of addresses is not understood; its API is asked")
    if box.command is None:
        return None
    health = box.health()
    if address in health.shared_ips:
        return True
    return False if health.role in ("primary", "backup") else None


def _has(box: Box, address: str, port: int) -> bool:
    """Whether the box has the address: by its own word, else by whether it is the box that answers there.

    :raises BadInput: neither can be asked.
    """
    told = shown(box, address)
    if told is not None or is_free(address, port):
        return bool(told)
    require(box, "The shared IP, by hand,", "api")
    own = box.connection.endpoint
    there = box.at(address, port, own.name or own.address)
    try:
        return box.api is not None and there.api is not None and there.api.knows(box.api.token)
    except (TlsRefused, Unreachable):  # another box has another certificate
        return False


def _ask_to_set(
    box: Box, context: Context, address: str, on: bool, port: int, unverified_by: str
) -> tuple[bool, bool]:
    """The same by a person."""
    before = _has(box, address, port)
    if before == on:
        return on, on
    refuse_busy(box, context)
    _refuse_taken(box, address, on, port)
    if on:
        refuse_address(box, context, unverified_by)
    state = "enabled" if on else "disabled"
    values = {
        "what": f"have the shared IP {address} {state} on {box.name}",
        "how": f'Click the address {address}, put "Enabled" {"on" if on else "off"} and press "Save Changes".',
        "effect": f"{address} {state} on {box.name}",
    }
    sentence = f"{state.capitalize()} the shared IP {address} on {box.name}."
    if _manual.would(box, context, "shared_ip", sentence, values):
        return before, before

    def look() -> Look[bool]:
        now = _has(box, address, port)
        return Look(f"has the address {'enabled' if now else 'disabled'}", True if now == on else None)

    with context.act(box.name, "shared_ip", _manual.told(box, "shared_ip", sentence), address=address, on=on):
        _manual.ask(box, context, "shared_ip", look, values)
    return before, on


def _refuse_taken(box: Box, address: str, on: bool, port: int) -> None:
    if on and not is_free(address, port):
        raise Refused(
            f"Somebody answers at {address}, so it is not enabled on {box.name} too.",
            advice="Switch it off on the box that has it first, or use bt_cutover, which does both.",
            guide=("G32",),
        )


@driving("shared_ip")
def set_enabled(
    box: Box, context: Context, address: str, on: bool, port: int, unverified_by: str = ""
) -> tuple[bool, bool]:
    """Switch the shared IP on one box and read back that it is so.

    :param port: where the site listens; the address is switched on only while nobody answers there (Q5).
    :param unverified_by: the person who has it enabled although the open run does not lead there.
    :returns: whether it was enabled before and is after.
    """
    if _manual.by_hand(box, "shared_ip"):
        return _ask_to_set(box, context, address, on, port, unverified_by)
    page = open_shared(box, address)
    if page.enabled == on:
        return on, on
    refuse_busy(box, context)
    _refuse_taken(box, address, on, port)
    if on:
        refuse_address(box, context, unverified_by)
    sentence = f"{'Enabled' if on else 'Disabled'} the shared IP {address} on {box.name}."
    if context.would(sentence):
        return page.enabled, page.enabled
    with context.act(box.name, "shared_ip", sentence, address=address, on=on):
        let_pass(box, switch(prepare(box, page, on)))
    return page.enabled, on


# What became of a switch that was sent: the page shows it; the box answered and does not show it yet; the answer was
# lost; the box was silent, and may still be at it.
Became = Literal["shown", "answered", "lost", "silent"]


@dataclass(frozen=True)
class Prepared:
    """The page of the shared IP on one box, open, with "Enabled" filled in and ready to be sent."""

    box: Box
    page: AddressPage
    on: bool
    form: Submission


def prepare(box: Box, page: AddressPage, on: bool) -> Prepared:
    """Fill in the open page.

    :raises PageNotUnderstood: it has no button that saves.
    """
    return Prepared(box, page, on, page.switch(on))


def switch(prepared: Prepared, alive: Callable[[], None] = lambda: None) -> float:
    """Send the prepared switch; returns once the box's own page, read back, shows the address as wanted.

    The site is away meanwhile: the page itself is read back at once, not what a redirect leads to. An answer that shows
    the form again is no proof: it may be what was sent.

    :param alive: called again and again while the box is asked.
    :returns: until when, by the monotonic clock, the box may still carry out what was sent and not answered; 0 where
        that is nothing.
    :raises DeadlinePassed, Unproven: the box does not show the address as wanted.
    """
    sent = time.monotonic()
    became = _send(prepared)
    if became == "lost" and prepared.on:
        became = _send_again(prepared)
    if became == "shown":
        return 0.0
    if became == "silent":
        return sent + LATE_SECONDS if _await_late(prepared, sent, alive) else 0.0
    seconds = ON_SECONDS if prepared.on else OFF_SECONDS
    await_enabled(prepared.box, prepared.page.address, prepared.on, seconds, alive)
    return 0.0


def _send(prepared: Prepared) -> Became:
    """Send it once.

    :raises Unreachable: it was not sent.
    """
    try:
        answer = prepared.box.appliance.submit_unfollowed(prepared.form)
        with contextlib.suppress(Unreachable):  # a look that fails: it is looked at again
            return "shown" if _is_shown(prepared, answer) else "answered"
        return "answered"
    except AnswerLost as lost:
        return "silent" if lost.silent else "lost"
    except SessionEnded:
        return "lost"


def _send_again(prepared: Prepared) -> Became:
    """Send "on" once more where the box does not show it: nobody serves, and on twice is on.

    A log-out elsewhere can have ended the session in that moment, so that the first was not carried out.
    """
    try:
        now = open_address(prepared.box.appliance, prepared.page.address)
        return "shown" if now.enabled else _send(prepare(prepared.box, now, True))
    except Unreachable:
        return "lost"


def _await_late(prepared: Prepared, sent: float, alive: Callable[[], None]) -> bool:
    """Wait for a box that was silent: nothing may be switched on the other one while it may still be at it (Q5).

    Nobody serves while the address is to come on: then it is sent once more, which does no harm when both are carried
    out. A box that does not live any more is waited for no longer than usual.

    :returns: whether it was sent once more.
    :raises Unproven: the box is away.
    """
    box, address, on = prepared.box, prepared.page.address, prepared.on
    again = False
    lived = time.monotonic()

    def look() -> Look[bool]:
        nonlocal again, lived
        alive()
        try:
            now = open_address(box.appliance, address)
        except Unreachable:
            alive()
            lived = time.monotonic() if _lives(box) else lived
            if time.monotonic() - lived > (ON_SECONDS if on else OFF_SECONDS):
                raise Unproven(f"{box.name} was silent when {address} was to be switched, and is away since.") from None
            return Look("is silent, and may still be at it")
        lived = time.monotonic()
        if on and not now.enabled and not again:
            again = True
            alive()
            became = _send(prepare(box, now, on))
            return Look("was sent it once more", True if became == "shown" else None)
        state = "enabled" if now.enabled else "disabled"
        return Look(f"shows the address {state}, and may still be at it", True if now.enabled == on else None)

    wait_until(
        f"[{box.name}] shared IP {address} {'on' if on else 'off'}, without an answer", look,
        Patience(5, max(sent + LATE_SECONDS - time.monotonic(), ON_SECONDS)), box.context.say, guide=("G32",),
        longest_pause=PROBE_SECONDS, every_moment=True,
    )
    return again


def _lives(box: Box) -> bool:
    try:
        box.is_healthy(PROBE_SECONDS)
    except BtError:
        return False
    return True


def let_pass(box: Box, late: float) -> None:
    """Wait until a switch that was sent to the box cannot be carried out any more: nothing is done to another before.

    :param late: what `switch` gave.
    """
    clock = Clock()
    left = late - clock.now()
    if left > 0:
        wait_until(
            f"[{box.name}] a switch that it did not answer is past",
            lambda: Look("it may still come", True if clock.now() >= late else None),
            Patience(left, left + LATE_SECONDS), box.context.say,
        )


def _is_shown(prepared: Prepared, answer: Page | Submission) -> bool:
    """Whether one look at the page shows the address as wanted; a question whether one is sure is answered."""
    site = prepared.box.appliance
    if isinstance(answer, Submission):
        if glance(site, prepared.page) == prepared.on:
            return True
        answer = site.submit(answer)
    confirm = answer.maybe_button("confirm.yes")
    if confirm is not None and answer.maybe_field("ip.enabled") is None:
        site.submit(answer.fill({}, confirm))
    return glance(site, prepared.page) == prepared.on


def await_enabled(box: Box, address: str, on: bool, seconds: float, alive: Callable[[], None]) -> AddressPage:
    """Read the page anew until it shows the address as wanted.

    :raises DeadlinePassed: it does not.
    """

    def look() -> Look[AddressPage]:
        alive()
        now = open_address(box.appliance, address)
        return Look(f"shows the address {'enabled' if now.enabled else 'disabled'}", now if now.enabled == on else None)

    what = f"[{box.name}] shared IP {address} {'on' if on else 'off'}"
    try:
        return wait_until(
            what, look, Patience(5, seconds), box.context.say, guide=("G32",), every_moment=True
        )
    except DeadlinePassed as error:
        raise DeadlinePassed(
            f"{box.name} was told to {'enable' if on else 'disable'} the shared IP {address}. {spell(seconds)} later it"
            f" {error.facts['last_seen']}.",
            state="The box was left alone.",
            advice="Run the same command again: it asks the box first.",
            guide=("G32",),
            **error.facts,
        ) from None
