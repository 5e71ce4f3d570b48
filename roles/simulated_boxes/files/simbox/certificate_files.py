# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files that hold a certificate: PEM, PKCS#12, DER. Which the product takes and gives is GUESS (11.4 number 11)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
KEYS = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)
SEQUENCE = 0x30
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)


class FileError(ValueError):
    """The file cannot be used; the text is the key of the sentence that says why."""


@dataclass(frozen=True)
class Parsed:
    """A certificate as a file holds it: with its key if that is there, and other certificates."""

    leaf: x509.Certificate
    key: Key | None
    others: tuple[x509.Certificate, ...]


def parse(content: bytes, passphrase: str) -> Parsed:
    """Read a file; raises FileError."""
    if b"-----BEGIN " in content:
        return _pem(content, passphrase)
    if not content or content[0] != SEQUENCE:
        raise FileError("certificate_no_file")
    try:
        return Parsed(x509.load_der_x509_certificate(content), None, ())
    except ValueError:
        return _pkcs12(content, passphrase)


def _pem(content: bytes, passphrase: str) -> Parsed:
    certificates: list[x509.Certificate] = []
    key: Key | None = None
    for block in _BLOCK.finditer(content):
        kind, text = block.group(1), block.group(0)
        if kind.endswith(b"PRIVATE KEY"):
            key = _pem_key(text, passphrase)
        elif kind == b"CERTIFICATE":
            try:
                certificates.append(x509.load_pem_x509_certificate(text))
            except ValueError as error:
                raise FileError("certificate_no_file") from error
    return _matched(certificates, key)


def _pem_key(text: bytes, passphrase: str) -> Key:
    sealed = b"ENCRYPTED" in text
    if sealed and not passphrase:
        raise FileError("certificate_passphrase_missing")
    try:
        key = load_pem_private_key(text, passphrase.encode() if sealed else None)
    except (ValueError, TypeError) as error:
        raise FileError("certificate_passphrase_wrong" if sealed else "certificate_no_file") from error
    if not isinstance(key, KEYS):
        raise FileError("certificate_no_file")
    return key


def _pkcs12(content: bytes, passphrase: str) -> Parsed:
    try:
        opened = pkcs12.load_pkcs12(content, passphrase.encode() or None)
    except ValueError as error:
        missing = "certificate_passphrase_wrong" if passphrase else "certificate_passphrase_missing"
        raise FileError(missing) from error
    if opened.cert is None or (opened.key is not None and not isinstance(opened.key, KEYS)):
        raise FileError("certificate_no_file")
    others = tuple(entry.certificate for entry in opened.additional_certs)
    return Parsed(opened.cert.certificate, opened.key, others)


def _matched(certificates: list[x509.Certificate], key: Key | None) -> Parsed:
    if not certificates:
        raise FileError("certificate_no_file")
    leaf = certificates[0]
    if key is not None:
        fitting = [entry for entry in certificates if entry.public_key() == key.public_key()]
        if not fitting:
            raise FileError("certificate_key_differs")
        leaf = fitting[0]
    return Parsed(leaf, key, tuple(entry for entry in certificates if entry is not leaf))


def pack_pem(leaf: x509.Certificate | None, key: Key | None, chain: Sequence[x509.Certificate], secret: str) -> bytes:
    """A PEM file with what is given."""
    parts = [leaf.public_bytes(Encoding.PEM)] if leaf is not None else []
    if key is not None:
        parts.append(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _sealed(secret)))
    return b"".join(parts + [entry.public_bytes(Encoding.PEM) for entry in chain])


def pack_pkcs12(
    leaf: x509.Certificate | None, key: Key | None, chain: Sequence[x509.Certificate], secret: str, name: str
) -> bytes:
    """A PKCS#12 file with what is given."""
    return pkcs12.serialize_key_and_certificates(name.encode(), key, leaf, list(chain) or None, _sealed(secret))


def _sealed(secret: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(secret.encode()) if secret else NoEncryption()
