# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Listening sockets: one per live address of each box, opened and closed for real."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from simbox.box import Box
    from simbox.world import World

Handler = Callable[["Box", str, web.BaseRequest], Awaitable[web.StreamResponse]]


class Listener:
    """One address at which one box answers, with that box's certificate."""

    def __init__(self, box: Box, address: str, port: int, handler: Handler) -> None:
        self.box = box
        self.address = address
        self._port = port
        self._handler = handler
        self._web: web.Server | None = None
        self._server: asyncio.Server | None = None

    async def open(self, context: ssl.SSLContext) -> None:
        """Bind and listen; raises OSError when the address is taken."""

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            return await self._handler(self.box, self.address, request)

        self._web = web.Server(handle, access_log=None)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._web, self.address, self._port, ssl=context, reuse_address=True, backlog=128
        )

    def close(self) -> None:
        """Stop listening and cut the connections that came this way."""
        if self._server is not None:
            self._server.close()
        if self._web is not None:
            for connection in self._web.connections:
                if connection.transport is not None:
                    connection.transport.abort()


class Net:
    """All listeners of all boxes. `owner(address)` tells which box answers there now."""

    def __init__(self, world: World, handler: Handler, port: int) -> None:
        self._world = world
        self._handler = handler
        self.port = port
        self._listeners: dict[str, Listener] = {}
        self._lock = asyncio.Lock()
        self._conflicts: set[str] = set()
        self._refusing: set[str] = set()

    def owner(self, address: str) -> Box | None:
        """The box that answers at an address."""
        listener = self._listeners.get(address)
        return listener.box if listener else None

    async def reconcile(self) -> None:
        """Open and close sockets until they are what the boxes' state says."""
        async with self._lock:
            wanted = self._wanted()
            for address, listener in list(self._listeners.items()):
                if wanted.get(address) is not listener.box:
                    listener.close()
                    del self._listeners[address]
            for address, box in wanted.items():
                if address not in self._listeners:
                    listener = Listener(box, address, self.port, self._handler)
                    await listener.open(box.certificates.front(address))
                    self._listeners[address] = listener

    def _wanted(self) -> dict[str, Box]:
        claims: dict[str, list[Box]] = {}
        for box in self._world.boxes.values():
            if box.power.system != "closed" and box.name not in self._refusing:
                for address in box.live_addresses():
                    claims.setdefault(address, []).append(box)
        wanted: dict[str, Box] = {}
        for address, boxes in claims.items():
            if len(boxes) > 1 and address not in self._conflicts:
                self._world.watch.shared_address(boxes[0].site, boxes)
                self._conflicts.add(address)
            if len(boxes) == 1:
                self._conflicts.discard(address)
            owner = self.owner(address)
            wanted[address] = owner if owner in boxes else boxes[0]
        return wanted

    async def reopen(self, box: Box) -> None:
        """Cut every connection to a box and listen anew, with the certificate that it shows now."""
        async with self._lock:
            for address, listener in list(self._listeners.items()):
                if listener.box is box:
                    listener.close()
                    del self._listeners[address]
        await self.reconcile()

    async def refuse(self, box: Box, seconds: float) -> None:
        """Let a box refuse connections for a while (a planned fault)."""
        self._refusing.add(box.name)
        await self.reconcile()
        await asyncio.sleep(seconds)
        self._refusing.discard(box.name)
        await self.reconcile()

    async def close(self) -> None:
        """Close everything."""
        async with self._lock:
            for listener in self._listeners.values():
                listener.close()
            self._listeners.clear()


def free_port(addresses: list[str]) -> int:
    """A port below the ephemeral range that is free on every address; raises OSError when there is none."""
    for port in random.sample(range(20000, 32000), 200):
        if all(_is_free(address, port) for address in addresses):
            return port
    raise OSError("no port is free on every address")


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True
