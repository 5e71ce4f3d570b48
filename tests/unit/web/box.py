# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small HTTPS server that answers as a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from urllib.parse import parse_qsl, urlsplit

import trustme

from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint

LONGEST_BODY = 10_000_000  # bytes that are kept


@dataclass
class Asked:
    """A request that arrived."""

    method: str
    path: str
    query: dict[str, str]
    fields: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    size: int = 0
    digest: str = ""

    @property
    def form(self) -> dict[str, str]:
        """The fields by name."""
        return dict(self.fields)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _equals, value in pairs if name}


@dataclass
class Reply:
    """What to answer."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[Asked], Reply]


def redirect(to: str, status: int = 302, cookie: str = "") -> Reply:
    """An answer that leads elsewhere."""
    return Reply("", status, {"Location": to, **({"Set-Cookie": cookie} if cookie else {})})


@dataclass
class Box:
    """The server of one test; `answering` says what it answers."""

    endpoint: Endpoint
    asked: list[Asked]
    answering: Answering

    def seen(self, method: str) -> list[str]:
        """The paths that were asked for by a method, in order."""
        return [each.path for each in self.asked if each.method == method]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


@contextmanager
def serving(folder: Path) -> Iterator[Box]:
    """Run a server on a loopback port, with a certificate of a throw-away CA."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    box = Box(Endpoint(""), [], lambda _asked: Reply(status=404))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _body(self) -> tuple[bytes, int, str]:
            """What was sent, its length and its SHA-256; of a long body only these two are kept."""
            left = size = int(self.headers.get("Content-Length") or 0)
            if size <= LONGEST_BODY:
                body = self.rfile.read(size)
                return body, size, hashlib.sha256(body).hexdigest()
            digest = hashlib.sha256()
            while left > 0 and (piece := self.rfile.read(min(left, 1 << 20))):
                digest.update(piece)
                left -= len(piece)
            return b"", size - left, digest.hexdigest()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body, size, digest = self._body()
            fields = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Asked(
                self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), fields, headers, body,
                size, digest,
            )
            box.asked.append(one)
            reply = box.answering(one)
            content = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            if self.close_connection:  # said, so that the client does not use it again while it is being closed
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        box.endpoint = Endpoint("127.0.0.1", server.server_port, ca_path=str(bundle))
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
