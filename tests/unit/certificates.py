# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates for tests, with just the faults that a test wants."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """A certificate, its key, and those above it, the next one first."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        """The certificate alone."""
        return self.certificate.public_bytes(Encoding.DER)

    def key_pem(self, passphrase: str = "", traditional: bool = False) -> bytes:
        """The key in PEM, PKCS#8 or as OpenSSL wrote it formerly."""
        form = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
        return self.key.private_bytes(Encoding.PEM, form, _closed(passphrase))

    def pem(self, passphrase: str = "", key: bool = True, chain: bool = True) -> bytes:
        """A file as a box could give it."""
        parts = [self.certificate.public_bytes(Encoding.PEM)]
        parts += [self.key_pem(passphrase)] if key else []
        parts += [each.public_bytes(Encoding.PEM) for each in self.above] if chain else []
        return b"".join(parts)

    def p12(self, passphrase: str = "", key: bool = True, chain: bool = True) -> bytes:
        """The same as PKCS#12."""
        own, above = self.key if key else None, list(self.above) if chain else None
        return pkcs12.serialize_key_and_certificates(b"own", own, self.certificate, above, _closed(passphrase))


def _closed(passphrase: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()


def make(
    name: str,
    issuer: Made | None = None,
    *,
    names: tuple[str, ...] | None = None,
    ca: bool = False,
    days: float = 90,
    begins: float = -1,
) -> Made:
    """A certificate that expires in `days` days, by default for the host name that it is issued to."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else [])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + min(begins, days - 1) * DAY)
        .not_valid_after(now + days * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    alternatives = [_general(each) for each in (names if names is not None else () if ca else (name,))]
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    return Made(certificate, key, (issuer.certificate, *issuer.above) if issuer else ())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def chain(name: str = "access.example.com", **options: object) -> tuple[Made, Made, Made]:
    """A root, an authority under it, and a certificate of that."""
    root = make("Test Root", ca=True)
    issuing = make("Test Issuing", root, ca=True)
    return root, issuing, make(name, issuing, **options)  # type: ignore[arg-type]
