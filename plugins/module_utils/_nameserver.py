# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Name servers: questions, and dynamic updates signed with a key (RFC 2136, RFC 8945).

The only file that knows dnspython, which the collection needs only where DNS is asked or changed by it.
"""

from __future__ import annotations

import base64
import binascii
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    BadInput,
    LoginRefused,
    MissingLibrary,
    NotPermitted,
    Refused,
    Unreachable,
)

if TYPE_CHECKING:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.query
    import dns.rcode
    import dns.rdataset
    import dns.rdatatype
    import dns.tsig
    import dns.update

    HAVE_DNSPYTHON: bool
else:
    try:
        import dns.exception
        import dns.flags
        import dns.message
        import dns.name
        import dns.query
        import dns.rcode
        import dns.rdataset
        import dns.rdatatype
        import dns.tsig
        import dns.update

        HAVE_DNSPYTHON = True
    except ImportError:
        HAVE_DNSPYTHON = False

ASK_SECONDS = 3.0
UPDATE_SECONDS = 15.0
PORT = 53
Family = Literal["A", "AAAA"]


@dataclass(frozen=True)
class Server:
    """A name server or resolver."""

    address: str
    port: int = PORT

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"


@dataclass(frozen=True)
class Key:
    """What updates are signed with (TSIG)."""

    name: str
    secret: bytes = field(repr=False)
    algorithm: str = "hmac-sha256"


@dataclass(frozen=True)
class Answer:
    """What a server says of a name: addresses with their TTL in seconds, or what the name is an alias of.

    `trouble` tells why it has no answer, empty when it has one; a name that does not exist is an answer.
    """

    values: tuple[str, ...] = ()
    ttl: int = 0
    alias: str = ""
    authoritative: bool = False
    trouble: str = ""


def need_library() -> None:
    """Stop where dnspython is missing.

    :raises MissingLibrary: it is.
    """
    if not HAVE_DNSPYTHON:
        raise MissingLibrary(
            "The Python library dnspython is not installed where this task runs.",
            state="Nothing was changed.",
            advice="Install dnspython for that Python, or switch by a tasks file of your own (bt_dns_tasks).",
        )


def family_of(address: str) -> Family:
    """The type of record that holds such an address."""
    return "A" if ip_address(address).version == 4 else "AAAA"


def address_of(text: str, option: str) -> str:
    """An address as it is, or the one that a host name has here.

    :raises BadInput: it is neither.
    """
    try:
        return str(ip_address(text.strip().strip("[]")))
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(text.strip(), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadInput(
            f"{option} is {text[:60]!r}, which is no address and no name that has one here.",
            state="Nothing was changed.",
        ) from None
    return sorted((str(entry[4][0]) for entry in found), key=lambda one: ":" in one)[0]


def server_of(text: str, option: str, port: int = PORT) -> Server:
    """A server given as ``ADDRESS``, ``ADDRESS:PORT`` or ``[ADDRESS]:PORT``; a host name will do for an address.

    :raises BadInput: it is none of these.
    """
    host, colon, number = text.strip().rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        host, number = text.strip(), str(port)
    if not number.isdecimal() or not 0 < int(number) < 65536:
        raise BadInput(f"{option} is {text[:60]!r}, whose port is none.", state="Nothing was changed.")
    return Server(address_of(host, option), int(number))


def name_of(text: str, option: str, zone: str = "") -> str:
    """A name in full, ending in a dot. A short one is completed by the zone; ``@`` is the zone itself.

    :raises BadInput: it is no name, or lies outside the zone.
    """
    need_library()
    try:
        name = dns.name.from_text(text.strip() or "..", None)  # an empty text is no name, as two dots are none
        if not zone:
            return name.derelativize(dns.name.root).canonicalize().to_text()
        origin = dns.name.from_text(zone)
        absolute = name if name.is_absolute() else name.derelativize(dns.name.root)
        if not name.is_absolute() and not absolute.is_subdomain(origin):
            absolute = name.derelativize(origin)
        if not absolute.is_subdomain(origin):
            raise BadInput(f"{option} is {text[:60]!r}, which is not in the zone {zone}", state="Nothing was changed.")
        return absolute.canonicalize().to_text()
    except (dns.exception.DNSException, UnicodeError):
        raise BadInput(f"{option} is {text[:60]!r}, which is no name in DNS.", state="Nothing was changed.") from None


def key_of(name: str, secret: str, algorithm: str) -> Key:
    """A key that can sign.

    :raises BadInput: the secret is not written in Base64; it is not shown.
    """
    need_library()
    try:
        raw = base64.b64decode("".join(secret.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("key_secret is not written in Base64.", state="Nothing was changed.") from None
    return Key(name_of(name, "key_name"), raw, algorithm)


def ask(server: Server, name: str, family: Family | Literal["SOA"], *, recurse: bool = False) -> Answer:
    """Ask a server for one kind of record.

    :param recurse: let it ask others, as resolvers do.
    :raises Unreachable: it gives no answer.
    """
    need_library()
    question = dns.message.make_query(name, family)
    if not recurse:
        question.flags &= ~dns.flags.RD
    try:
        reply, _tcp = dns.query.udp_with_fallback(question, server.address, timeout=ASK_SECONDS, port=server.port)
    except (OSError, dns.exception.DNSException) as error:
        told = "no answer" if isinstance(error, dns.exception.Timeout) else str(error) or type(error).__name__
        raise Unreachable(f"The name server {server} does not answer: {told}.", state="Nothing was changed.") from None
    rcode = reply.rcode()
    trouble = "" if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) else dns.rcode.to_text(rcode)
    wanted = dns.rdatatype.from_text(family)
    found = [rrset for rrset in reply.answer if rrset.rdtype == wanted]
    aliases = [rrset for rrset in reply.answer if rrset.rdtype == dns.rdatatype.CNAME]
    return Answer(
        values=tuple(sorted(_plain(item.to_text()) for rrset in found for item in rrset)),
        ttl=min((rrset.ttl for rrset in [*found, *aliases]), default=0),
        alias=aliases[0][0].to_text().rstrip(".") if aliases else "",
        authoritative=bool(reply.flags & dns.flags.AA),
        trouble=trouble,
    )


def _plain(value: str) -> str:
    """An address in its one canonical form; other values as they are."""
    try:
        return str(ip_address(value))
    except ValueError:
        return value


def addresses(server: Server, name: str) -> list[str]:
    """All addresses of a name, IPv4 first, as a server knows them. Empty where it knows none.

    :raises Unreachable: it gives no answer.
    """
    full = name_of(name, "site_hostname")
    families: tuple[Family, Family] = ("A", "AAAA")
    return [value for family in families for value in ask(server, full, family, recurse=True).values]


def update(
    server: Server, zone: str, key: Key, name: str, family: Family, old: Sequence[str], new: Sequence[str], ttl: int
) -> None:
    """Put `new` with that TTL in place of exactly `old`: if the record is another by now, nothing is changed.

    Without `new` nothing is changed in any case, and the server says whether the key may.

    :raises LoginRefused: the server does not know the key or its signature.
    :raises NotPermitted: the key may not change this zone.
    :raises Refused: the record is not `old`.
    :raises AnswerLost: the server must be asked what it did.
    """
    message = dns.update.UpdateMessage(zone, keyring=_tsig(key))
    message.present(name, dns.rdataset.from_text_list("IN", family, 0, list(old)))
    if new:
        message.replace(name, dns.rdataset.from_text_list("IN", family, ttl, list(new)))
    try:
        rcode = dns.query.tcp(message, server.address, timeout=UPDATE_SECONDS, port=server.port).rcode()
    except dns.tsig.PeerBadTime:
        raise LoginRefused(
            f"The name server {server} refuses the key {_short(key.name)}: its clock and the clock here differ.",
            state="Nothing was changed.",
        ) from None
    except (dns.tsig.PeerError, dns.tsig.BadSignature, dns.tsig.BadKey) as error:
        raise LoginRefused(
            f"The name server {server} refuses the key {_short(key.name)}: {_spoken(error)}.",
            state="Nothing was changed.",
            advice="Compare key_name, key_secret and key_algorithm with the name server's configuration.",
        ) from None
    except dns.exception.FormError:  # an answer without a signature comes from a server that does not take the key
        raise NotPermitted(
            f"The name server {server} takes no updates of the zone {_short(zone)} with the key {_short(key.name)}.",
            state="Nothing was changed.",
        ) from None
    except (OSError, dns.exception.DNSException, EOFError) as error:
        raise AnswerLost(f"The name server {server} did not answer an update: {type(error).__name__}.") from None
    _judge(rcode, server, zone, key, name)


def _judge(rcode: dns.rcode.Rcode, server: Server, zone: str, key: Key, name: str) -> None:
    """Nothing where the server has done what it was asked for."""
    if rcode == dns.rcode.NOERROR:
        return
    if rcode in (dns.rcode.NXRRSET, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN):
        raise Refused(
            f"The record {_short(name)} was changed by somebody else just now, so it was left alone.",
            advice="Run the same command again; it looks at the record anew.",
        )
    said = dns.rcode.to_text(rcode)
    if rcode in (dns.rcode.REFUSED, dns.rcode.NOTAUTH, dns.rcode.NOTZONE):
        raise NotPermitted(
            f"The name server {server} does not let {_short(key.name)} change the zone {_short(zone)} ({said}).",
            state="Nothing was changed.",
            advice="Let the key update this zone, or name the zone and server that hold the record.",
        )
    raise ApiFailed(f"The name server {server} could not change {_short(name)}: {said}.", state="Nothing was changed.")


def _spoken(error: Exception) -> str:
    if isinstance(error, dns.tsig.PeerBadKey):
        return "it knows no such key for this algorithm, or none that may change this zone"
    if isinstance(error, (dns.tsig.PeerBadSignature, dns.tsig.BadSignature)):
        return "the secret is wrong"
    return str(error).rstrip(".")


def _tsig(key: Key) -> dns.tsig.Key:
    """The key as dnspython takes it; MD5 has a longer name there."""
    algorithm = f"{key.algorithm}.sig-alg.reg.int" if key.algorithm == "hmac-md5" else key.algorithm
    return dns.tsig.Key(key.name, key.secret, algorithm)


def _short(name: str) -> str:
    return name.rstrip(".")
