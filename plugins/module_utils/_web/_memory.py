# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a site remembers between tasks: its session, where its pages are, and that a log-in was refused."""

from __future__ import annotations

from http.cookiejar import Cookie
from typing import TYPE_CHECKING, Any, Protocol

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport


class Memory(Protocol):
    """Keeps small records; what it keeps of a session is a secret."""

    def load(self, key: str) -> dict[str, Any] | None:
        """The record kept under a key, or None."""

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Keep a record of plain values; an empty one forgets."""


def cookies_of(transport: Transport) -> list[dict[str, Any]]:
    """The cookies of a transport as plain values."""
    return [
        {"name": cookie.name, "value": cookie.value or "", "path": cookie.path, "expires": cookie.expires}
        for cookie in transport.cookies
    ]


def put_cookies(transport: Transport, cookies: list[dict[str, Any]]) -> None:
    """Give a transport cookies that were kept; they go to its own box and nowhere else."""
    host = transport.endpoint.authority or transport.endpoint.address
    host = f"[{host}]" if ":" in host else host
    domain = host if "." in host else f"{host}.local"  # what http.cookiejar calls a host without dots
    for each in cookies:
        cookie: Cookie = requests.cookies.create_cookie(  # type: ignore[no-untyped-call]
            each["name"],
            each["value"],
            domain=domain,
            path=each.get("path") or "/",
            expires=each.get("expires"),
            secure=True,
        )
        transport.cookies.set_cookie(cookie)
