# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which certificate a TLS server shows at an address when it is asked for a name; nothing is sent to it (H6)."""

from __future__ import annotations

import hashlib
import os
import socket
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint

CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class Presented:
    """What was shown, as DER.

    `chain` begins with the server's own certificate; `whole` tells whether the others could be seen too. `distrust` is
    why the certificate is not trusted under `name`, empty where it is. `anchors` are the authorities trusted here.
    """

    name: str
    chain: tuple[bytes, ...] = field(repr=False)
    whole: bool
    distrust: str
    anchors: tuple[bytes, ...] = field(repr=False)

    @property
    def sha256(self) -> str:
        """Fingerprint of the server's own certificate, in hexadecimal digits."""
        return hashlib.sha256(self.chain[0]).hexdigest()


def presented(endpoint: Endpoint) -> Presented:
    """Shake hands at the endpoint under its name, and close.

    :raises Unreachable: nobody answers there, or not in TLS.
    """
    name = endpoint.name or endpoint.authority or endpoint.address
    context = _context(endpoint)
    anchors = tuple(context.get_ca_certs(binary_form=True))
    try:
        chain, whole = _chain(endpoint, context, name)
        return Presented(name, chain, whole, "", anchors)
    except ssl.SSLCertVerificationError as error:
        distrust = error.verify_message
    # The certificate that is not trusted is looked at all the same, to tell what is wrong with it.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    chain, whole = _chain(endpoint, context, name)
    return Presented(name, chain, whole, distrust, anchors)


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if not endpoint.ca_path:
            context.load_default_certs()
        elif os.path.isdir(endpoint.ca_path):
            context.load_verify_locations(capath=endpoint.ca_path)
        else:
            context.load_verify_locations(cafile=endpoint.ca_path)
    except (OSError, ssl.SSLError):
        raise BadInput(
            f"{endpoint.ca_path} (ca_path) cannot be read as certificates.", state="Nothing was changed."
        ) from None
    return context


def _chain(endpoint: Endpoint, context: ssl.SSLContext, name: str) -> tuple[tuple[bytes, ...], bool]:
    try:
        with (
            socket.create_connection((endpoint.address, endpoint.port), timeout=CONNECT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=_asked(name)) as secured,
        ):
            own = secured.getpeercert(binary_form=True)
            shown = _all_shown(secured)
    except ssl.SSLCertVerificationError:
        raise
    except (ssl.SSLError, UnicodeError, ValueError) as error:
        raise Unreachable(f"{endpoint} does not answer in TLS: {_short(error)}.") from None
    except OSError as error:
        raise Unreachable(f"{endpoint} does not answer: {(error.strerror or str(error)).lower()}.") from None
    if own is None:
        raise Unreachable(f"{endpoint} shows no certificate.")
    return (own, *(each for each in shown if each != own)), bool(shown)


def _all_shown(secured: Any) -> list[bytes]:
    """Every certificate that the server sent; none where this Python cannot tell (before 3.13 it has no public way)."""
    if hasattr(secured, "get_unverified_chain"):
        return list(secured.get_unverified_chain() or ())
    inner: Any = getattr(secured, "_sslobj", None)
    if not hasattr(inner, "get_unverified_chain"):
        return []
    return [ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in inner.get_unverified_chain() or ()]


def _asked(name: str) -> str:
    """The name as the handshake carries it; an address is compared with the certificate but not sent."""
    try:
        return str(ip_address(name))
    except ValueError:
        return name.rstrip(".")


def _short(error: BaseException) -> str:
    reason = getattr(error, "reason", None)
    return str(reason).replace("_", " ").lower() if reason else str(error)[:80]
