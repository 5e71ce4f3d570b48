# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A certificate is served at an address: "Assign IP" where a box has it, and proof by handshake (G40, H6)."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from ipaddress import ip_address

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_files import Certificate
from ansible_collections.bt_ops.pra.plugins.module_utils._certificates import (
    Served,
    asked_name,
    listed,
    look,
    present,
    public_copy,
    stop_on_warnings,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    DeadlinePassed,
    Refused,
    SessionEnded,
    TlsRefused,
    Unproven,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _certificates_page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._certificates_page import Entry, read_certificates

PATIENCE = Patience(10, 60)


@dataclass(frozen=True)
class Assignment:
    """What is served before and after; `automatic`: the box has no step for it and selects by host name."""

    before: Served
    after: Served
    automatic: bool


def certificate_named(box: Box, context: Context, name: str, address: str) -> Certificate | None:
    """The one certificate that the box lists as issued to a name, from a copy without its key.

    Check mode fetches none: there it is the certificate that is served for the name already, else None.

    :raises Refused: none is, or several are, or the box gives no copy.
    """
    found = listed(box).named(name)
    if len(found) != 1:
        raise Refused(
            f"{box.name} lists {len(found)} certificates issued to {name}, so none can be chosen by its name.",
            advice="Name the certificate by its file (src).",
            guide=("G40",),
        )
    if context.check_mode:
        shown = look(box, address, name).certificate
        other = found[0].fingerprint and not shown.is_shown_as(found[0].fingerprint)
        return shown if found[0].bears(shown.issued_to) and not other else None
    copy = public_copy(box, found[0])
    if copy is None:
        raise Refused(
            f"{box.name} gives no copy of the certificate of {name}, so that it could be recognised in a handshake.",
            advice="Name the certificate by its file (src).",
        )
    return copy


def plan_by_name(box: Box, context: Context, name: str, address: str) -> Served:
    """Note that a certificate known only by its name would be assigned; gives what is served now."""
    context.plan(f"Assigned the certificate of {name} to {address} on {box.name}.")
    return look(box, address, name)


def address_of(box: Box, address: str) -> str:
    """The address of the box as it lists it: the one given, else what its host name resolves to."""
    host = address or box.connection.endpoint.address
    try:
        return str(ip_address(host.strip()))
    except ValueError:
        if address:
            raise BadInput(
                f"address is {address[:60]!r}, which is no IP address.", state="Nothing was changed."
            ) from None
    try:
        found = socket.getaddrinfo(host, box.connection.endpoint.port, type=socket.SOCK_STREAM)
        return str(found[0][4][0])
    except OSError:
        raise BadInput(f"{host} does not resolve here; give address.", state="Nothing was changed.") from None


def lost_name(box: Box, certificate: Certificate) -> str:
    """A warning where the box, once it serves the certificate, can no longer be reached under the name in use."""
    endpoint = box.connection.endpoint
    name = endpoint.name or endpoint.address
    if certificate.covers(name):
        return ""
    return (
        f"with the certificate of {certificate.issued_to}, {box.name} is no longer trusted as {name}; set its"
        f" bt_tls_name to a name that it is valid for: {', '.join(certificate.names)}"
    )


def ensure_assigned(
    box: Box, context: Context, certificate: Certificate, address: str, name: str
) -> Assignment:
    """Have the box serve a certificate at an address, and prove it by a handshake.

    :raises Refused: the box does not list the certificate, or warns about it.
    :raises Unproven: it selects certificates itself and shows another one.
    """
    asked = asked_name(box, certificate, name)
    before = look(box, address, asked)
    page = listed(box)
    box.basics()
    automatic = not page.assigns()
    entry = present(box, context, page, certificate)
    serves = before.certificate.der == certificate.der
    if entry is not None:
        stop_on_warnings(box, entry, "Nothing was changed.")
    if serves:
        _require_own(box, address, asked)
        return Assignment(before, before, automatic)
    sentence = f"Assigned the certificate of {certificate.issued_to} to {address} on {box.name}."
    if automatic:
        sentence = f"Waited until {box.name} itself selects the certificate of {certificate.issued_to}."
    if context.check_mode:
        context.plan(sentence)
        return Assignment(before, before, automatic)
    if entry is None:
        raise Refused(
            f"{box.name} does not list the certificate of {certificate.issued_to} ({certificate.sha256[:16]}).",
            advice="Import it first.",
            guide=("G40",),
        )
    if automatic:
        after = _await_served(box, certificate, address, asked, automatic)
        _require_own(box, address, asked)
        return Assignment(before, after, automatic)
    if page.assign(entry) is None:
        raise Refused(f"{box.name} offers no \"Assign IP\" for the certificate of {entry.issued_to}.", guide=("G40",))
    refuse_busy(box, context)
    with context.act(box.name, "assign_certificate", sentence, address=address, sha256=certificate.sha256):
        lost = _assign(box, entry, address)
        after = _await_served(box, certificate, address, asked, automatic, lost)
    return Assignment(before, after, automatic)


def _require_own(box: Box, address: str, asked: str) -> None:
    """Stop where another box answers at the address: it may well show the same certificate.

    :raises Refused: whoever answers there does not know the session that this box gave.
    """
    own = box.connection.endpoint
    if address != own.address and not box.is_known_at(replace(own, address=address, name=asked), "appliance"):
        raise Refused(
            f"At {address} the certificate is shown, but not by {box.name}: another box answers there.",
            advice="Give the address as this box lists it.",
            guide=("G40",),
        )


def _assign(box: Box, entry: Entry, address: str) -> str:
    """Press "Assign IP" and save; gives how the answer was lost, empty where it came."""
    now = listed(box)
    same = now.same_entry(entry)
    submission = now.assign(same) if same is not None else None
    if submission is None:
        raise Refused(f"The certificates of {box.name} have changed while they were looked at.")
    page = box.appliance.submit(submission)
    tick = _certificates_page.assigned_to(page, address)
    if tick.checked:
        return ""
    try:
        answer = box.appliance.submit(_certificates_page.save_assignment(page, tick))
        sure = answer.maybe_button("confirm.yes")
        if sure is not None and not read_certificates(answer).entries:
            box.appliance.submit(answer.fill({}, sure))
    except (AnswerLost, SessionEnded, TlsRefused) as error:
        # The box may begin to show the certificate before it has answered; the handshake tells what it did.
        box.say("the answer to the assignment did not come; looking at what the box shows")
        return error.what
    return ""


def _await_served(
    box: Box, certificate: Certificate, address: str, asked: str, automatic: bool, lost: str = ""
) -> Served:
    def seen() -> Look[Served]:
        now = look(box, address, asked)
        return Look(
            f"shows the certificate of {now.certificate.issued_to} ({now.certificate.sha256[:16]})",
            now if now.certificate.der == certificate.der else None,
        )

    what = f"[{box.name}] certificate of {certificate.issued_to} shown at {address} for {asked}"
    try:
        return wait_until(what, seen, PATIENCE, box.context.say, guide=("G40",))
    except DeadlinePassed as error:
        if lost:
            raise Unproven(
                f"{box.name} did not assign the certificate of {certificate.issued_to} to {address}. {lost} It still"
                f" {error.facts['last_seen']}.",
                advice="Run the same command again: it asks the box first.",
                guide=("G40",),
            ) from None
        how = "selects a certificate by host name itself" if automatic else "was told to use another certificate"
        raise Unproven(
            f"{box.name} {how} and still {error.facts['last_seen']} at {address} for {asked}.",
            state=f"The certificate of {certificate.issued_to} is on the box and is not served at {address}.",
            advice="Look at /appliance > Security > Certificates of this box, then run the same command again.",
            guide=("G40",),
        ) from None
