# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates and the files that hold them, in PEM or PKCS#12: read and judged, without any box (G2, G10, G38, H4).

A private key is opened only to see whether it fits and what protects it; it is never kept or given on.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, MissingLibrary

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
        pkcs12,
    )

    MISSING = ""
except ImportError as missing:
    MISSING = missing.name or "cryptography"

Format = Literal["pem", "pkcs12"]
LARGEST_FILE = 1 << 20  # bytes; a certificate with key and chain has a few thousand
LONGEST_CHAIN = 10
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \1-----", re.S)
# A PKCS#12 file is an ASN.1 sequence that begins with the number 3 (RFC 7292 section 4).
_PKCS12 = re.compile(rb"^\x30(?:[\x00-\x7f]|\x80|\x81.|\x82..|\x83...|\x84....)\x02\x01\x03", re.S)


@dataclass(frozen=True)
class Certificate:
    """One certificate. Times are in UTC, `sha256` is the fingerprint in hexadecimal digits."""

    der: bytes = field(repr=False)
    issued_to: str
    issued_by: str
    names: tuple[str, ...]
    not_before: datetime.datetime
    not_after: datetime.datetime
    self_signed: bool

    @property
    def sha256(self) -> str:
        """SHA-256 of the certificate."""
        return hashlib.sha256(self.der).hexdigest()

    def is_shown_as(self, fingerprint: str) -> bool:
        """Whether a fingerprint that somebody shows, SHA-256 or SHA-1, is this certificate's."""
        digits = re.sub(r"[^0-9a-f]", "", fingerprint.casefold())
        return digits in (self.sha256, hashlib.sha1(self.der, usedforsecurity=False).hexdigest())

    def covers(self, name: str) -> bool:
        """Whether it is valid for a host name or address, as TLS clients judge it (RFC 6125)."""
        wanted = name.strip().rstrip(".").casefold()
        own = [each.casefold() for each in self.names]
        if _is_address(wanted):
            return str(ip_address(wanted)) in own
        head, dot, tail = wanted.partition(".")
        return bool(head) and (wanted in own or bool(dot and tail) and f"*.{tail}" in own)

    def days_left(self) -> float:
        """Days until it expires, negative afterwards."""
        return round((self.not_after - _now()).total_seconds() / 86400, 1)

    def trouble(self) -> str:
        """Why its time is not now, empty where it is."""
        if self.not_after < _now():
            return f"expired on {_day(self.not_after)}"
        return f"is not valid before {_day(self.not_before)}" if self.not_before > _now() else ""

    def facts(self) -> dict[str, Any]:
        """As results tell it."""
        return {
            "issued_to": self.issued_to,
            "issued_by": self.issued_by,
            "names": list(self.names),
            "not_before": _text(self.not_before),
            "not_after": _text(self.not_after),
            "days_left": self.days_left(),
            "self_signed": self.self_signed,
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class Bundle:
    """What a file holds: a certificate, those that lead to its authority, and a key or none.

    `key_matches` is None without a key; `protected`: the key cannot be had without a passphrase.
    """

    format: Format
    certificate: Certificate
    chain: tuple[Certificate, ...]
    key_matches: bool | None
    protected: bool


@dataclass(frozen=True)
class Path:
    """The way from a certificate to its authority; `gap` names who issued the last one, where that one is missing."""

    certificates: tuple[Certificate, ...]
    gap: str

    @property
    def complete(self) -> bool:
        """Whether nothing is missing on the way."""
        return not self.gap

    def trouble(self) -> str:
        """What is wrong with it, empty where nothing is."""
        if self.gap:
            return f"the certificate of {self.gap!r}, which issued {self.certificates[-1].issued_to!r}, is missing"
        late = next((each for each in self.certificates[1:] if each.trouble()), None)
        return f"the certificate of {late.issued_to!r} {late.trouble()}" if late else ""


def read_certificate(der: bytes) -> Certificate:
    """Understand one certificate.

    :raises BadInput: it is none.
    """
    _require_library()
    try:
        parsed = x509.load_der_x509_certificate(der)
        parsed.public_key()
        return _understood(parsed)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInput(f"it holds a certificate that cannot be read ({_short(error)})") from None


def read_bundle(content: bytes, passphrase: str) -> Bundle:
    """Understand a file, PEM or PKCS#12.

    :raises BadInput: half a sentence that goes on after the name of the file.
    """
    _require_library()
    if len(content) > LARGEST_FILE:
        raise BadInput(f"it has {len(content)} bytes, far more than a certificate file has")
    if not content.strip():
        raise BadInput("it is empty")
    if _BLOCK.search(content):
        return _read_pem(content, passphrase)
    if _PKCS12.match(content):
        return _read_pkcs12(content, passphrase)
    raise BadInput("it is no certificate file: neither PEM nor PKCS#12")


def path_of(leaf: Certificate, others: Iterable[Certificate], anchors: Iterable[Certificate]) -> Path:
    """The way from a certificate to an authority among `anchors`, or to one that signed itself.

    :param others: the certificates that came with it.
    :param anchors: the authorities that are trusted anyway.
    """
    trusted = tuple(anchors)
    candidates = (*trusted, *others)
    way = [leaf]
    while len(way) <= LONGEST_CHAIN:
        last = way[-1]
        if last.self_signed or last in trusted:
            return Path(tuple(way), "")
        issuer = next((each for each in candidates if each not in way and _issued(each, last)), None)
        if issuer is None:
            return Path(tuple(way), last.issued_by)
        way.append(issuer)
    return Path(tuple(way), way[-1].issued_by)


def authorities(ders: Iterable[bytes]) -> tuple[Certificate, ...]:
    """Those of the certificates that sign themselves; one that cannot be read is left out."""
    found = []
    for der in ders:
        try:
            one = read_certificate(der)
        except BadInput:
            continue
        if one.self_signed:
            found.append(one)
    return tuple(found)


def _read_pem(content: bytes, passphrase: str) -> Bundle:
    certificates: list[Certificate] = []
    keys: list[bytes] = []
    for match in _BLOCK.finditer(content):
        kind = match[1].decode()
        if kind in ("CERTIFICATE", "X509 CERTIFICATE"):
            certificates.append(_pem_certificate(match[2]))
        elif kind.endswith("PRIVATE KEY"):
            keys.append(match[0])
    if not certificates:
        raise BadInput("it holds no certificate")
    if len(set(keys)) > 1:
        raise BadInput("it holds more than one private key")
    if not keys:
        return Bundle("pem", certificates[0], tuple(certificates[1:]), None, False)
    protected = b"ENCRYPTED" in keys[0]
    key = _public_of_pem(keys[0], passphrase if protected else "")
    return _bundle("pem", certificates, key, protected)


def _pem_certificate(body: bytes) -> Certificate:
    try:
        return read_certificate(base64.b64decode(body))
    except binascii.Error:
        raise BadInput("it holds a certificate that cannot be read (no base64)") from None


def _public_of_pem(block: bytes, passphrase: str) -> bytes:
    try:
        key = load_pem_private_key(block + b"\n", passphrase.encode() or None)
    except TypeError:
        raise BadInput("its private key is protected and no passphrase was given") from None
    except ValueError:
        raise BadInput(
            "the passphrase does not open its private key" if passphrase else "its private key cannot be read"
        ) from None
    except UnsupportedAlgorithm as error:
        raise BadInput(f"its private key cannot be read ({_short(error)})") from None
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _read_pkcs12(content: bytes, passphrase: str) -> Bundle:
    opened, protected = _opened(content, passphrase)
    if opened.cert is None and not opened.additional_certs:
        raise BadInput("it holds no certificate")
    found = [opened.cert] if opened.cert is not None else []
    certificates = [
        read_certificate(each.certificate.public_bytes(Encoding.DER)) for each in (*found, *opened.additional_certs)
    ]
    if opened.key is None:
        return Bundle("pkcs12", certificates[0], tuple(certificates[1:]), None, False)
    key = opened.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _bundle("pkcs12", certificates, key, protected)


def _opened(content: bytes, passphrase: str) -> tuple[pkcs12.PKCS12KeyAndCertificates, bool]:
    """The file, and whether it takes a passphrase to open it."""
    try:
        for nothing in (None, b""):
            try:
                return pkcs12.load_pkcs12(content, nothing), False
            except ValueError:
                continue
        if not passphrase:
            raise BadInput("it is protected and no passphrase was given, or it is damaged")
        return pkcs12.load_pkcs12(content, passphrase.encode()), True
    except ValueError:
        raise BadInput("the passphrase does not open it, or it is damaged") from None
    except UnsupportedAlgorithm as error:
        raise BadInput(f"it cannot be read ({_short(error)})") from None


def _bundle(kind: Format, certificates: list[Certificate], key: bytes, protected: bool) -> Bundle:
    """The certificate is the one that the key fits, wherever it stands in the file; else the first."""
    own = next((each for each in certificates if _public(each) == key), None)
    leaf = own or certificates[0]
    rest = tuple(each for each in dict.fromkeys(certificates) if each != leaf)
    return Bundle(kind, leaf, rest, own is not None, protected)


def _public(certificate: Certificate) -> bytes:
    parsed = x509.load_der_x509_certificate(certificate.der)
    return parsed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _issued(issuer: Certificate, subject: Certificate) -> bool:
    """Whether one certificate was signed with the key of another, and that one may do so."""
    above = x509.load_der_x509_certificate(issuer.der)
    try:
        x509.load_der_x509_certificate(subject.der).verify_directly_issued_by(above)
        limits = above.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False
    return limits.ca


def _understood(parsed: x509.Certificate) -> Certificate:
    try:
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(
            str(each.value) for each in extension if isinstance(each, x509.DNSName | x509.IPAddress)
        )
    except (ValueError, x509.ExtensionNotFound):
        names = ()
    return Certificate(
        der=parsed.public_bytes(Encoding.DER),
        issued_to=_common_name(parsed.subject) or next(iter(names), "") or parsed.subject.rfc4514_string(),
        issued_by=_common_name(parsed.issuer) or parsed.issuer.rfc4514_string(),
        names=names,
        not_before=_time(parsed, "not_valid_before"),
        not_after=_time(parsed, "not_valid_after"),
        self_signed=_signed_itself(parsed),
    )


def _signed_itself(parsed: x509.Certificate) -> bool:
    try:
        parsed.verify_directly_issued_by(parsed)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _common_name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common[0].value) if common else ""


def _time(parsed: x509.Certificate, which: str) -> datetime.datetime:
    """A time of the certificate; libraries before 42 tell it without its zone, which is UTC."""
    aware: datetime.datetime | None = getattr(parsed, f"{which}_utc", None)
    if aware is not None:
        return aware
    naive: datetime.datetime = getattr(parsed, which)
    return naive.replace(tzinfo=datetime.UTC)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _text(time: datetime.datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(time: datetime.datetime) -> str:
    return time.date().isoformat()


def _short(error: BaseException) -> str:
    return str(error).partition("\n")[0][:80] or type(error).__name__


def _require_library() -> None:
    if MISSING:
        raise MissingLibrary(
            f"The Python library {MISSING} is not installed where this task runs.",
            advice="Install cryptography for that Python.",
        )
