# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shared IP of a pair on one box: whether it is enabled, and switching it (G32)."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import AnswerLost, BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._addresses_page import (
    AddressPage,
    open_address,
    read_address,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import SessionEnded

PROBE_SECONDS = 1.0


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


def set_enabled(box: Box, context: Context, address: str, on: bool, port: int) -> tuple[bool, bool]:
    """Switch the shared IP on one box and read back that it is so.

    :param port: where the site listens; the address is switched on only while nobody answers there (Q5).
    :returns: whether it was enabled before and is after.
    """
    page = open_shared(box, address)
    if page.enabled == on:
        return on, on
    if on and not is_free(address, port):
        raise Refused(
            f"Somebody answers at {address}, so it is not enabled on {box.name} too.",
            advice="Switch it off on the box that has it first, or use bt_cutover, which does both.",
            guide=("G32",),
        )
    sentence = f"{'Enabled' if on else 'Disabled'} the shared IP {address} on {box.name}."
    if context.would(sentence):
        return page.enabled, page.enabled
    with context.act(box.name, "shared_ip", sentence, address=address, on=on):
        switch(box, page, on)
    return page.enabled, on


def switch(box: Box, page: AddressPage, on: bool) -> AddressPage:
    """Send the prepared switch and give the page that proves it.

    :raises DeadlinePassed: the box does not show the address as wanted.
    """
    try:
        shown = settled(box, box.appliance.submit(page.switch(on)))
        there = read_address(shown, page.address)
        if there is not None and there.page.url == page.page.url and there.enabled == on:
            return there
    except (AnswerLost, SessionEnded):
        pass
    return await_enabled(box, page.address, on)


def settled(box: Box, shown: Page) -> Page:
    """Answer the question whether one is sure, where the box asks it."""
    confirm = shown.maybe_button("confirm.yes")
    if confirm is None or shown.maybe_field("ip.enabled") is not None:
        return shown
    return box.appliance.submit(shown.fill({}, confirm))


def await_enabled(box: Box, address: str, on: bool, seconds: float = 30.0) -> AddressPage:
    """Read the page anew until it shows the address as wanted.

    :raises DeadlinePassed: it does not.
    """

    def look() -> Look[AddressPage]:
        now = open_address(box.appliance, address)
        return Look(f"shows the address {'enabled' if now.enabled else 'disabled'}", now if now.enabled == on else None)

    return wait_until(
        f"[{box.name}] shared IP {address} {'on' if on else 'off'}", look, Patience(5, seconds), box.context.say,
        guide=("G32",),
    )
