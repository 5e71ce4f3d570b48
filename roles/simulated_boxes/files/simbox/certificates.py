# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The certificates of a box, and which of them it really serves (appliance-interface.md 6.2).

Older boxes serve at an address what was assigned to it; newer ones choose by the host name that the client names.
"""

from __future__ import annotations

import secrets
import ssl
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import trustme
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from simbox.certificate_files import Key, Parsed, pack_pem, parse
from simbox.times import utc

DAY = 86400.0


@dataclass
class Certificate:
    """An entry of the page's list. `chain`: its issuers as far as they are known here, up to the root. `addresses` are
    those it is assigned to. `remarks`: warnings that a test wants to see."""

    name: str
    leaf: x509.Certificate
    key: Key | None
    chain: list[x509.Certificate]
    addresses: set[str] = field(default_factory=set)
    remarks: set[str] = field(default_factory=set)
    id: str = field(default_factory=lambda: secrets.token_hex(6))

    @property
    def fingerprint(self) -> str:
        """SHA-256, hexadecimal."""
        return self.leaf.fingerprint(hashes.SHA256()).hex()

    def parsed(self) -> Parsed:
        """As a file would hold it."""
        return Parsed(self.leaf, self.key, tuple(self.chain))

    @property
    def issued_to(self) -> str:
        """Common name."""
        return _readable(self.leaf.subject)

    @property
    def issued_by(self) -> str:
        """Common name or organisation of the issuer."""
        return _readable(self.leaf.issuer)

    @property
    def names(self) -> list[str]:
        """Subject alternative names, addresses too."""
        try:
            extension = self.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        except x509.ExtensionNotFound:
            return []
        return [str(entry.value) for entry in extension.value]

    @property
    def expires(self) -> float:
        """Unix seconds."""
        return self.leaf.not_valid_after_utc.timestamp()

    def context(self) -> ssl.SSLContext:
        """To serve with it; the root is not sent."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        sent = [issuer for issuer in self.chain if issuer.issuer != issuer.subject]
        with tempfile.NamedTemporaryFile() as file:
            file.write(pack_pem(self.leaf, self.key, sent, ""))
            file.flush()
            context.load_cert_chain(file.name)
        return context


class Certificates:
    """`entries` by id, oldest first; there is always one with a key, the factory's at least. `automatic`: chosen by
    host name. `ignored`: planned trouble, nothing but the first entry is ever served."""

    def __init__(self, root: x509.Certificate, factory: Certificate, automatic: bool) -> None:
        self._root = root
        self.automatic = automatic
        self.ignored = False
        # Planned trouble: what every client gets instead, and a TLS that is no longer good enough.
        self.impostor: Certificate | None = None
        self.old_tls = False
        self.entries: dict[str, Certificate] = {factory.id: factory}
        self._contexts: dict[tuple[str, int], ssl.SSLContext] = {}

    def add(self, name: str, parsed: Parsed) -> Certificate:
        """Put a certificate into the list; one that is there already gets the key and chain that it lacks."""
        known = next((entry for entry in self.entries.values() if entry.leaf == parsed.leaf), None)
        chain = _ordered(parsed.leaf, [*parsed.others, *(known.chain if known else []), self._root])
        if known is not None:
            known.key = known.key or parsed.key
            known.chain = chain
            return known
        entry = Certificate(name, parsed.leaf, parsed.key, chain)
        self.entries[entry.id] = entry
        return entry

    def assign(self, entry: Certificate, addresses: set[str]) -> None:
        """From now on the entry is served at these addresses and at no other."""
        for other in self.entries.values():
            other.addresses -= addresses
        entry.addresses = addresses

    def replace(self, entry: Certificate) -> None:
        """Forget all others."""
        self.entries = {entry.id: entry}

    def warnings(self, entry: Certificate) -> list[str]:
        """Keys of the sentences that the page shows about an entry (GUESS, 11.4 number 11)."""
        found = set(entry.remarks)
        if not self.complete(entry):
            found.add("certificate_chain_incomplete")
        if entry.key is None:
            found.add("certificate_no_key")
        if entry.expires < time.time():
            found.add("certificate_expired")
        return sorted(found)

    def complete(self, entry: Certificate) -> bool:
        """Does the chain lead to the root that clients trust?"""
        last = entry.chain[-1] if entry.chain else entry.leaf
        return last == self._root

    def serving(self, address: str, name: str) -> Certificate:
        """What a client gets that connects to `address` and asks for `name` (empty: for none)."""
        usable = [entry for entry in self.entries.values() if entry.key is not None]
        if self.impostor is not None:
            return self.impostor
        if self.ignored:
            return usable[0]
        if not self.automatic:
            return next((entry for entry in usable if address in entry.addresses), usable[0])
        wanted = name or address
        fitting = [entry for entry in usable if covers(entry.names, wanted)]
        valid = [entry for entry in fitting if entry.expires >= time.time()]
        return (valid or fitting or usable)[-1 if fitting else 0]

    def trusted(self, address: str, name: str) -> bool:
        """Does a client that connects to `address` and asks for `name` trust what it gets?"""
        entry = self.serving(address, name)
        return self.complete(entry) and covers(entry.names, name) and entry.expires >= time.time()

    def front(self, address: str) -> ssl.SSLContext:
        """The context to listen with at an address; each handshake is handed to the one of the right certificate."""
        context = self.serving(address, "").context()

        def choose(handshake: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
            handshake.context = self._context(self.serving(address, name or ""))

        if self.old_tls:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        else:
            context.sni_callback = choose
        return context

    def _context(self, entry: Certificate) -> ssl.SSLContext:
        key = (entry.id, len(entry.chain))
        if key not in self._contexts:
            self._contexts[key] = entry.context()
        return self._contexts[key]


def covers(names: Sequence[str], wanted: str) -> bool:
    """Is a host name or address among the names of a certificate? One wildcard label counts."""
    wanted = wanted.lower()
    wildcard = f"*.{wanted.partition('.')[2]}"
    return any(name.lower() in (wanted, wildcard) for name in names)


def issue(ca: trustme.CA, root: x509.Certificate, title: str, names: Sequence[str], days: float = 365.0) -> Certificate:
    """A certificate of the throw-away CA, with its chain."""
    now = time.time()
    leaf = ca.issue_cert(*names, common_name=names[0], not_before=utc(now - 30 * DAY), not_after=utc(now + days * DAY))
    content = b"".join(pem.bytes() for pem in [leaf.private_key_pem, *leaf.cert_chain_pems])
    parsed = parse(content, "")
    return Certificate(title, parsed.leaf, parsed.key, _ordered(parsed.leaf, [*parsed.others, root]))


def _ordered(leaf: x509.Certificate, known: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """The issuers of `leaf` among `known`, each followed by its own."""
    chain: list[x509.Certificate] = []
    last = leaf
    while last.issuer != last.subject:
        issuer = next((entry for entry in known if entry not in chain and _issued(last, entry)), None)
        if issuer is None:
            break
        chain.append(issuer)
        last = issuer
    return chain


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _readable(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(oid)
        if found:
            return str(found[0].value)
    return name.rfc4514_string()
