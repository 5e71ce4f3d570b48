# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a TLS server shows is seen whole, trusted or not, and nothing is sent to it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_files import read_certificate
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._handshake import presented
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from tests.unit.certificates import Made, chain, make

NAME = "access.example.com"


@contextmanager
def server(made: Made, folder: Path, *, issuers: bool = True) -> Iterator[tuple[int, list[bytes]]]:
    """A TLS server on loopback; gives its port and what clients sent to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = folder / f"{made.certificate.serial_number}.pem"
    file.write_bytes(made.pem(chain=issuers))
    context.load_cert_chain(file)
    sent: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    plain, _from = listening.accept()
                    with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as secured:
                        sent.append(secured.recv(100))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], sent
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def trust(made: Made, folder: Path) -> str:
    """A CA bundle with one certificate."""
    path = folder / "ca.pem"
    path.write_bytes(made.certificate.public_bytes(Encoding.PEM))
    return str(path)


def test_a_good_chain(tmp_path: Path) -> None:
    root, issuing, leaf = chain(NAME)
    with server(leaf, tmp_path) as (port, sent):
        shown = presented(Endpoint("127.0.0.1", port, name=NAME, ca_path=trust(root, tmp_path)))
    assert shown.distrust == ""
    assert shown.whole
    assert shown.name == NAME
    assert shown.chain == (leaf.der, issuing.der, root.der)
    assert [read_certificate(der).issued_to for der in shown.anchors] == ["Test Root"]
    assert b"".join(sent) == b""


def test_an_address_is_a_name_too(tmp_path: Path) -> None:
    root, _issuing, leaf = chain(NAME, names=("127.0.0.1",))
    with server(leaf, tmp_path) as (port, _sent):
        assert presented(Endpoint("127.0.0.1", port, ca_path=trust(root, tmp_path))).distrust == ""


@pytest.mark.parametrize(
    ("fault", "why"),
    [("name", "other.example.com"), ("ca", "unable to get"), ("expired", "expired"), ("issuers", "unable to get")],
)
def test_what_is_not_trusted_is_seen_and_told(fault: str, why: str, tmp_path: Path) -> None:
    root, _issuing, leaf = chain(NAME, days=-1 if fault == "expired" else 90)
    asked = "other.example.com" if fault == "name" else NAME
    trusted = make("Another Root", ca=True) if fault == "ca" else root
    with server(leaf, tmp_path, issuers=fault != "issuers") as (port, sent):
        shown = presented(Endpoint("127.0.0.1", port, name=asked, ca_path=trust(trusted, tmp_path)))
    assert why in shown.distrust or (fault == "ca" and "self-signed" in shown.distrust)
    assert shown.chain[0] == leaf.der
    assert len(shown.chain) == (1 if fault == "issuers" else 3)
    assert b"".join(sent) == b""


def test_nobody_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Unreachable, match="connection refused"):
        presented(Endpoint("127.0.0.1", port))


def test_no_tls_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            plain, _from = listening.accept()
            with plain:
                plain.recv(1000)
                plain.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(Unreachable, match="does not answer in TLS"):
            presented(Endpoint("127.0.0.1", listening.getsockname()[1]))
        thread.join(5)


def test_a_bundle_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(BadInput, match=r"ca_path"):
        presented(Endpoint("127.0.0.1", 1, ca_path=str(tmp_path / "ca.pem")))


@pytest.mark.parametrize("name", ["a" * 300, "ä" * 80 + ".example.com"])
def test_names_that_are_no_host_names(name: str, tmp_path: Path) -> None:
    root, _issuing, leaf = chain(NAME)
    with server(leaf, tmp_path) as (port, _sent), pytest.raises(Unreachable):
        presented(Endpoint("127.0.0.1", port, name=name, ca_path=trust(root, tmp_path)))
