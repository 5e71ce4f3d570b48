# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record that leads users to a site: which one is meant, and what its name server says of it (Q9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _nameserver
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._nameserver import Family, Key, Server

LONGEST_TTL = 604800
UNCHANGED = "Nothing was changed."


@dataclass(frozen=True)
class Planned:
    """The one record that is to be changed: where, by which key, and to which address it leads in the end."""

    server: Server
    zone: str
    name: str
    key: Key
    value: str

    @property
    def family(self) -> Family:
        """A or AAAA, by the address."""
        return _nameserver.family_of(self.value)

    @property
    def label(self) -> str:
        """As people and the journal call it."""
        return f"{self.name.rstrip('.')} {self.family}"


@dataclass(frozen=True)
class State:
    """The record as its name server gives it. `elsewhere`: addresses of the other family, which this leaves alone."""

    values: tuple[str, ...]
    ttl: int
    elsewhere: tuple[str, ...]

    def facts(self, planned: Planned) -> dict[str, Any]:
        """As a result tells it."""
        return {
            "record": planned.name.rstrip("."), "type": planned.family, "values": list(self.values), "ttl": self.ttl,
            "elsewhere": list(self.elsewhere),
        }


def planned_by(arguments: Mapping[str, Any]) -> Planned:
    """The record that the options describe.

    :raises BadInput: an option is missing or cannot be worked with.
    """
    for option in ("server", "zone", "record", "key_name", "key_secret"):
        if not (arguments.get(option) or "").strip():
            raise BadInput(f"{option} is missing: which record is to be switched, and by which key?", state=UNCHANGED)
    zone = _nameserver.name_of(arguments["zone"], "zone")
    port = arguments["server_port"]
    if not 0 < port < 65536:
        raise BadInput(f"server_port is {port}, which is no port.", state=UNCHANGED)
    return Planned(
        server=Server(_nameserver.address_of(arguments["server"], "server"), port),
        zone=zone,
        name=_nameserver.name_of(arguments["record"], "record", zone),
        key=_nameserver.key_of(arguments["key_name"], arguments["key_secret"], arguments["key_algorithm"]),
        value=_nameserver.address_of(arguments["value"], "value"),
    )


def checked_ttl(ttl: int) -> int:
    """The TTL as it was given.

    :raises BadInput: no record can have it.
    """
    if not 0 < ttl <= LONGEST_TTL:
        raise BadInput(f"ttl is {ttl}; a TTL here is 1 to {LONGEST_TTL} seconds.", state=UNCHANGED)
    return ttl


def checked_resolvers(texts: Sequence[str]) -> list[Server]:
    """The resolvers that are to be asked.

    :raises BadInput: one of them is no address.
    """
    return [_nameserver.server_of(text, "resolvers") for text in texts]


def read(planned: Planned) -> State:
    """The record as its own name server has it.

    :raises BadInput: the server does not hold the zone, or the record does not exist.
    """
    held = _nameserver.ask(planned.server, planned.zone, "SOA")
    if not held.authoritative or not held.values:
        raise BadInput(
            f"The name server {planned.server} does not hold the zone {planned.zone.rstrip('.')}"
            + (f" ({held.trouble})." if held.trouble else "."),
            state=UNCHANGED,
            advice="Name the zone as it is served there, and the server that takes its updates.",
            guide=("G32",),
        )
    answer = _nameserver.ask(planned.server, planned.name, planned.family)
    if answer.alias:
        raise Refused(
            f"{planned.name.rstrip('.')} is an alias of {answer.alias} (CNAME), which is not changed.",
            advice="Name the record that holds the address.",
            guide=("G32",),
        )
    if not answer.values:
        raise BadInput(
            f"The name server {planned.server} has no record {planned.label}.",
            state=UNCHANGED,
            advice="Name the record that leads to the site now.",
            guide=("G32",),
        )
    other: Family = "AAAA" if planned.family == "A" else "A"
    elsewhere = _nameserver.ask(planned.server, planned.name, other).values
    return State(answer.values, answer.ttl, elsewhere)


def read_single(planned: Planned) -> State:
    """The record, which must lead to one box.

    :raises Refused: it has several addresses.
    """
    state = read(planned)
    if len(state.values) > 1:
        raise Refused(
            f"{planned.label} has {len(state.values)} addresses ({', '.join(state.values)}), and which one is to be"
            " replaced is not known.",
            advice="Take out those that do not lead to the box that serves.",
            guide=("G32",),
        )
    return state


def straggler(planned: Planned, resolver: Server) -> str:
    """What a resolver says instead of the new address, empty where it gives just that."""
    try:
        answer = _nameserver.ask(resolver, planned.name, planned.family, recurse=True)
    except Unreachable:
        return f"{resolver} does not answer"
    if answer.values == (planned.value,):
        return ""
    return f"{resolver} gives {', '.join(answer.values) or answer.trouble or 'nothing'}"
