# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one way from a browser to one box: each connection to the box is made and its certificate judged here.

A browser can be told which keys to trust, but takes them anywhere in the chain that a server shows. So it gets a key
that lives in this process alone, and what it sends goes on over TLS that is verified like every other request of ours.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import os
import select
import socket
import ssl
import tempfile
import threading
from contextlib import suppress

from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint, connected

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
except ImportError:  # `_edge` says that it is missing before anything is asked
    pass

PIECE = 1 << 18  # bytes that are held for a side that does not take them at once
IDLE_SECONDS = 1000.0  # in which neither side sends anything; longer than a box may take to answer an upload
_SAFE = (b"GET ", b"HEAD ", b"OPTIONS ")
_NOT_NOW = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)


class Relay:
    """Listens on loopback for a browser; `failure` is why the last connection to the box could not be made."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._context, self.pin = _own_key()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.failure: OSError | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """The port on 127.0.0.1 that the browser is sent to."""
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        """Take no more connections; those that are open end with the browser."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _address = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with plain:
            try:
                box = connected(self._endpoint)
            except OSError as error:
                self.failure = error
                return
            self.failure = None
            with box, suppress(OSError, ValueError):
                plain.settimeout(IDLE_SECONDS)
                with self._context.wrap_socket(plain, server_side=True) as browser:
                    _pump(browser, box)


class _Way:
    """One direction of a connection: what was read from one side and is not yet taken by the other."""

    def __init__(self, source: ssl.SSLSocket, sink: ssl.SSLSocket) -> None:
        self.source = source
        self.sink = sink
        self.held = b""
        self.ended = False

    def read(self) -> bool:
        """Whether anything came, be it the end."""
        if self.held or self.ended:
            return False
        try:
            self.held = self.source.recv(PIECE)
        except _NOT_NOW:
            return False
        except OSError:
            self.held = b""
        self.ended = not self.held
        return True

    def write(self) -> bool:
        """Whether the other side took anything."""
        if not self.held:
            return False
        try:
            self.held = self.held[self.sink.send(self.held) :]
        except _NOT_NOW:
            return False
        return True


def _pump(browser: ssl.SSLSocket, box: ssl.SSLSocket) -> None:
    """Carry bytes both ways until one side ends.

    A browser sends a request again by itself where a connection that it had used before breaks. A write is never sent
    twice: it goes over a new connection only, which breaks without that.
    """
    for each in (browser, box):
        each.setblocking(False)
    there, back = _Way(browser, box), _Way(box, browser)
    answered = False
    while True:
        moved = there.read()
        if moved and answered and there.held:
            if not there.held.startswith(_SAFE):
                return
            answered = False
        moved = there.write() or moved
        came = back.read()
        answered = answered or bool(came and back.held)
        moved = back.write() or came or moved
        if (there.ended and not there.held) or (back.ended and not back.held):
            return
        if not moved:
            reading = [way.source for way in (there, back) if not way.held]
            writing = [way.sink for way in (there, back) if way.held]
            if not any(select.select(reading, writing, [], IDLE_SECONDS)):
                return


def _own_key() -> tuple[ssl.SSLContext, str]:
    """A key for this relay alone, and what a browser is told to trust it by: the hash of its public half."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bt_ops.pra")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    descriptor, path = tempfile.mkstemp()  # mode 0600; OpenSSL takes keys from files only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(private + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    finally:
        os.unlink(path)
    return context, base64.b64encode(hashlib.sha256(public).digest()).decode()
