# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests and answers as the product has them (appliance-interface.md 1 and 8)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl

from aiohttp import web

from simbox.uploads import Parts

if TYPE_CHECKING:
    from simbox.box import Box

# read: shows; query: makes the box look something up; auth: log-in, log-out, token; download: takes something off
# the box; write: changes the box.
Kind = Literal["read", "query", "auth", "download", "write"]

HEADERS = {
    "Server": "Apache",
    "Cache-Control": "must-revalidate, no-cache, no-store, post-check=0, pre-check=0, private",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "X-XSS-Protection": "1; mode=block",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline'; report-uri /csp_report",
    "Vary": "X-Requested-With,Authorization",
}


@dataclass(frozen=True)
class Call:
    """One request that reached a box: at which address, what it said."""

    request: web.BaseRequest
    box: Box
    address: str
    body: bytes
    parts: Parts = field(default_factory=Parts)

    @property
    def method(self) -> str:
        """GET, POST, …"""
        return self.request.method

    @property
    def path(self) -> str:
        """Path without the query."""
        return self.request.path

    @property
    def query(self) -> dict[str, str]:
        """Query parameters; the last of equal names counts."""
        return dict(self.request.query)

    def form(self) -> list[tuple[str, str]]:
        """Fields of an URL-encoded, multipart or JSON body, in order, without files; none for other bodies."""
        if self.request.content_type == "application/json":
            return [(name, str(value)) for name, value in (json_object(self.body) or {}).items()]
        if self.request.content_type != "application/x-www-form-urlencoded":
            return self.parts.fields
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def header(self, name: str) -> str:
        """A header, empty when absent."""
        return self.request.headers.get(name, "")


@dataclass(frozen=True)
class Plan:
    """What a request asks for, before it is done: its name, its kind, and how to do it."""

    op: str
    kind: Kind
    run: Callable[[], Awaitable[web.Response]]


def answer(op: str, kind: Kind, response: web.Response) -> Plan:
    """A plan whose answer is ready."""

    async def run() -> web.Response:
        return response

    return Plan(op, kind, run)


def finish(response: web.Response, api: bool) -> web.Response:
    """Add the product's headers; an API call is one connection (appliance-interface.md 1)."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if api:
        response.force_close()
    return response


def html(text: str, status: int = 200) -> web.Response:
    """A page."""
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def plain(text: str, status: int = 200) -> web.Response:
    """Plain text."""
    return web.Response(text=text, status=status, content_type="text/plain", charset="utf-8")


def jsons(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON."""
    return web.Response(
        text=json.dumps(value), status=status, content_type="application/json", charset="utf-8", headers=headers
    )


def redirect(path: str) -> web.Response:
    """302 to another page of the same box."""
    return web.Response(status=302, headers={"Location": path})


def error_page(status: int, title: str) -> web.Response:
    """The web server's own error page, as it comes when the software behind it is away."""
    text = f"<!DOCTYPE html>\n<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>\n"
    return html(text, status)


def json_object(body: bytes) -> dict[str, Any] | None:
    """The body as a JSON object, {} when empty, None when it is none."""
    if not body:
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
