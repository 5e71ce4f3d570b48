# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The public name of a site: where users reach it, and which box answers there (G23, G32, C1)."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _nameserver
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    ApiFailed,
    BadInput,
    DeadlinePassed,
    NotPermitted,
    Refused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint, Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, wait_until

PROBE_SECONDS = 2.0
# How long it is asked again who answers, where the answers tell no identity.
UNTOLD_SECONDS = 60.0


@dataclass(frozen=True)
class PublicName:
    """Host name and port of a site, and the address at which users reach it."""

    hostname: str
    port: int
    address: str


@dataclass(frozen=True)
class Witness:
    """Which box answers on the public name: its name here, empty for none of ours; `how` tells what showed it.

    `answered` is false where nobody answers at all. `unknown` is true where the answers tell no identity, such as HTTP
    429: then nothing may be decided, least of all that it is another box.
    """

    box: str
    how: str
    answered: bool = True
    unknown: bool = False


def public_name(arguments: dict[str, Any]) -> PublicName | None:
    """The site that the options describe, None without a host name; where its name has several addresses, at the first.

    :raises BadInput: the name does not resolve and no address is given.
    """
    found = public_names(arguments)
    return found[0] if found else None


def public_names(arguments: dict[str, Any]) -> list[PublicName]:
    """The site that the options describe, once for each address at which users may reach it; none without a host name.

    :raises BadInput: the name does not resolve and no address is given.
    """
    hostname = (arguments.get("site_hostname") or "").strip()
    if not hostname:
        return []
    port = int(arguments.get("site_port") or 443)
    if not 0 < port < 65536:
        raise BadInput(f"site_port is {port}, which is no TCP port.", state="Nothing was changed.")
    address = (arguments.get("site_address") or "").strip()
    found = [address] if address else _resolved(hostname, arguments)
    return [PublicName(hostname, port, one) for one in found]


def _resolved(hostname: str, arguments: dict[str, Any]) -> list[str]:
    """The addresses of the name, as the name server of the site knows them where one is given, else as this machine
    does."""
    given = (arguments.get("dns_server") or "").strip()
    found: list[str] = []
    if given:
        server = _nameserver.server_of(given, "dns_server", int(arguments.get("dns_port") or _nameserver.PORT))
        found = _nameserver.addresses(server, hostname)
        where = f"at the name server {server}"
    else:
        where = "here"
        with contextlib.suppress(OSError, UnicodeError):
            entries = socket.getaddrinfo(hostname, None, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    if not found:
        raise BadInput(
            f"The site's name {hostname} does not resolve {where}.",
            state="Nothing was changed.",
            advice="Give bt_site_address, the address at which users reach the site.",
        )
    return found


def is_served(site: PublicName, seconds: float = PROBE_SECONDS) -> bool:
    """Whether anything listens at the public address at all."""
    try:
        with socket.create_connection((site.address, site.port), timeout=seconds):
            return True
    except OSError:
        return False


def answers_healthy(site: PublicName, box: Box) -> bool:
    """Whether the site says that it is well under its public name, over TLS that is valid for that name.

    :raises TlsRefused: the certificate shown there is not the site's.
    """
    answer = Transport(_endpoint(site, box)).request(
        "GET",
        "/check_health",
        headers={"Connection": "close"},
        connect_seconds=PROBE_SECONDS,
        read_seconds=PROBE_SECONDS,
    )
    return answer.status_code == 200


def who_answers(site: PublicName, boxes: list[Box]) -> Witness:
    """Find out which of the boxes serves the public name, without a log-in there.

    A session or token that a box itself has given is shown to whoever answers at the public address: only the box that
    gave it knows it. With the command API the answer also names the box.
    """
    if not is_served(site):
        return Witness("", f"nobody answers at {site.address}:{site.port}", answered=False)
    ids = {box.name: box.health().appliance_id for box in boxes if box.command is not None}
    known = {identity: name for name, identity in ids.items() if identity}
    untold: dict[str, str] = {}
    told: set[str] = set()
    for box in boxes:
        if not ids.get(box.name):  # by its pages alone a box does not tell its id, and there is nothing to compare
            continue
        there = box.at(site.address, site.port, site.hostname)
        try:
            if box.api and there.api and there.command and there.api.knows(box.api.token):
                identity = there.command.health().appliance_id
                if identity:
                    return Witness(known.get(identity, ""), f"appliance id {identity}")
            else:
                told.add(box.name)
        except (ApiFailed, NotPermitted) as error:
            untold[box.name] = error.what
    for box in boxes:
        for application, account in (("appliance", box.connection.appliance), ("login", box.connection.login)):
            try:
                if account is None:
                    continue
                if box.is_known_at(_endpoint(site, box), application):  # type: ignore[arg-type]
                    return Witness(box.name, f"it knows the session that {box.name} gave")
                told.add(box.name)  # it shows its log-in page, so it does not know the session
            except Unreachable as error:
                untold[box.name] = error.what
    doubts = [why for name, why in untold.items() if name not in told]
    if doubts:
        return Witness("", "; ".join(dict.fromkeys(doubts)).rstrip("."), unknown=True)
    return Witness("", "it is none of the boxes of the inventory")


def who_surely_answers(site: PublicName, boxes: list[Box], say: Callable[[str], None]) -> Witness:
    """The same, asked again for a while where the answers tell no identity.

    :raises Refused: they still do not.
    """

    def look() -> Look[Witness]:
        witness = who_answers(site, boxes)
        return Look(witness.how, None if witness.unknown else witness)

    what = f"Which box answers on {site.hostname}"
    try:
        return wait_until(what, look, Patience(5, UNTOLD_SECONDS), say)
    except DeadlinePassed as error:
        raise Refused(
            f"It could not be told which box answers on {site.hostname} at {site.address}: {error.facts['last_seen']}.",
            advice="Look what makes it answer so (the limit of API calls, which other tools of that account share, or"
            " something between here and the box), then run the same command again.",
            guide=("G23",),
        ) from None


def _endpoint(site: PublicName, box: Box) -> Endpoint:
    own = box.connection.endpoint
    return Endpoint(
        address=site.address,
        port=site.port,
        name=site.hostname,
        authority=site.hostname,
        ca_path=own.ca_path,
        validate_certs=own.validate_certs,
    )


SITE_SPEC: dict[str, Any] = {
    "site_hostname": {"type": "str"},
    "site_port": {"type": "int", "default": 443},
    "site_address": {"type": "str"},
    "dns_server": {"type": "str"},
    "dns_port": {"type": "int", "default": 53},
}
