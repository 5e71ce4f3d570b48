# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is trusted, against which name, and how often that is worked out: on a real TLS server."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.bt_ops.pra.plugins.module_utils import _transport
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, TlsRefused, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint, Transport

NAME = "box.example.test"


class Handler(BaseHTTPRequestHandler):
    """Answers everything, one connection for each request."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(HTTPServer):
    """A box' port; refused handshakes are the tests' subject and no defect."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@pytest.fixture
def ca(tmp_path: Path) -> trustme.CA:
    """The CA of the box, also as the file ca.pem."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return authority


@pytest.fixture
def port(ca: trustme.CA) -> Iterator[int]:
    """A box whose certificate is for its name and for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(NAME, "127.0.0.1").configure_cert(context)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port: int, ca_path: str, name: str = "", validate_certs: bool = True) -> int:
    """The status of one request."""
    endpoint = Endpoint("127.0.0.1", port, name=name, ca_path=ca_path, validate_certs=validate_certs)
    return Transport(endpoint).request("GET", "/").status_code


@pytest.mark.parametrize("name", ["", NAME, "127.0.0.1"])
def test_certificate_of_the_ca_and_the_name_is_trusted(port: int, tmp_path: Path, name: str) -> None:
    assert ask(port, str(tmp_path / "ca.pem"), name) == 200


def test_certificate_for_another_name_is_refused_whatever_was_asked_before(port: int, tmp_path: Path) -> None:
    path = str(tmp_path / "ca.pem")
    for name in ("other.example.test", "127.0.0.2"):
        assert ask(port, path, NAME) == 200
        with pytest.raises(TlsRefused, match=name) as caught:
            ask(port, path, name)
        assert f"It is for {NAME}, 127.0.0.1." in str(caught.value)


@pytest.mark.parametrize(("port", "words"), [(1, "127.0.0.1:1 does not answer"), (443, "does not answer on port 443")])
def test_who_does_not_answer_is_told_with_the_port_and_what_to_look_at(port: int, words: str) -> None:
    with pytest.raises(Unreachable, match=words) as caught:
        ask(port, "")
    for wanted in ("ansible_host", "bt_port", "firewall"):
        assert wanted in str(caught.value)


def test_certificate_of_another_ca_is_refused_even_where_the_environment_trusts_it(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with pytest.raises(TlsRefused):
        ask(port, str(tmp_path / "other.pem"))
    with pytest.raises(TlsRefused):
        ask(port, "")


def test_trust_is_nothing_but_the_bundle(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_transport.requests.utils, "DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "ca.pem"))
    monkeypatch.setattr(_transport.requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    with pytest.raises(TlsRefused):
        ask(port, str(tmp_path / "other.pem"))


def test_certificate_is_not_looked_at_where_the_user_says_so(port: int) -> None:
    assert ask(port, "", "other.example.test", validate_certs=False) == 200


def test_bundle_is_read_once_until_it_changes(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ca.pem"
    made: list[ssl.SSLContext] = []
    real = _transport.create_urllib3_context

    def create() -> ssl.SSLContext:
        made.append(real())
        return made[-1]

    monkeypatch.setattr(_transport, "create_urllib3_context", create)
    for _time in range(3):
        assert ask(port, str(path)) == 200
    assert len(made) == 1
    trustme.CA().cert_pem.write_to_path(str(path))
    os.utime(path, ns=(1, 1))
    with pytest.raises(TlsRefused):
        ask(port, str(path))
    assert len(made) == 2


def test_bundle_that_is_none(port: int, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    with pytest.raises(BadInput, match=r"empty\.pem"):
        ask(port, str(tmp_path / "empty.pem"))
    with pytest.raises(BadInput, match="does not exist"):
        ask(port, str(tmp_path / "missing.pem"))
