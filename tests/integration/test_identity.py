# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An answer that is no identity, such as HTTP 429, is never taken for another box, and nothing is decided on it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import trustme

from ansible_collections.bt_ops.pra.plugins.module_utils import _witness
from ansible_collections.bt_ops.pra.plugins.modules import bt_failover, bt_plan, bt_verify
from tests.integration.bench import SITE, Bench, good, refused
from tests.integration.conftest import World

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
NO_IDENTITY = [
    pytest.param(429, "application/json", b"{}", id="too many requests"),
    pytest.param(503, "text/html", b"<html><body>Service Unavailable</body></html>", id="not up"),
    pytest.param(404, "text/html", b"<html><body>Document Not Found</body></html>", id="not found"),
    pytest.param(200, "text/html", b"<html><body><h1>Welcome</h1></body></html>", id="another page"),
]


@contextmanager
def answering(address: str, status: int, kind: str, body: bytes) -> Iterator[int]:
    """A server that gives one answer to everything; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """The same to all."""
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer((address, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(SITE).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "kind", "body"), NO_IDENTITY)
def test_who_gives_no_identity_is_never_called_another_box(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch, status: int, kind: str, body: bytes
) -> None:
    monkeypatch.setattr(_witness, "UNTOLD_SECONDS", 1.0)
    world = worlds()
    bench = Bench(world, [])
    host = bench.facts(A)["host"]
    with answering(host.rpartition(".")[0] + ".200", status, kind, body) as port:
        site = {
            "site_hostname": SITE, "site_port": port, "site_address": host.rpartition(".")[0] + ".200",
            "validate_certs": False,
        }
        peer = {**bench.whole(B), "validate_certs": False}
        told = "ould not be told which box answers"
        result = bench.run(bt_verify, B, **bench.whole(B), **site, public=True)
        refused(result, "unproven", told)
        assert "another box" not in result["msg"]
        planned = bench.run(bt_plan, A, **bench.whole(A), peer=peer, version="24.3.1", **site)
        refused(planned, "refused", told)
        assert "another box" not in planned["msg"]
        for box in (A, B):
            world.tell("role", box=box, role="none")
        made = bench.run(bt_failover, A, **bench.whole(A), peer=peer, state="established", **site)
        refused(made, "refused", told)
    assert world.mutations() == []


@pytest.mark.parametrize("do", ["429", "garbage"])
def test_a_box_that_cannot_tell_its_own_id_is_not_taken_for_another_one(worlds: Worlds, do: str) -> None:
    """By its pages it is known all the same."""
    world = worlds()
    bench = Bench(world, [])
    world.tell("faults", do=do, box=A, op="api.command.check_health", nth=3, count=1)
    world.tell("faults", do=do, box=A, op="api.v2.health", nth=1, count=1)
    result = bench.run(bt_verify, A, **bench.whole(A), site_hostname=SITE)
    good(result, False)
