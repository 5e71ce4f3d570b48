# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What goes on by itself: Jump Clients that come back and upgrade, users that stay or are cut (guide G11-G15)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from simbox.data import CLIENT_LIMIT, CLIENT_UPGRADES, JumpClient

if TYPE_CHECKING:
    from simbox.box import Box
    from simbox.site import Site
    from simbox.world import World

TICK_SECONDS = 0.1


async def live(world: World) -> None:
    """Run for as long as the world does."""
    while True:
        for site in world.sites.values():
            _tick(world, site)
        await asyncio.sleep(TICK_SECONDS)


def _tick(world: World, site: Site) -> None:
    serving = world.boxes.get(site.witness.serving or "")
    for number in [number for number, name in site.connected.items() if serving is None or name != serving.name]:
        box = world.boxes[site.connected.pop(number)]
        if number in box.data.clients:
            box.data.clients[number].last_disconnect = box.now()
    if serving is None or site.witness.age() < world.durations.of("client_return"):
        return
    for client in serving.data.clients.values():
        if client.connection_type == "active" and client.id not in site.connected and not client.lost:
            site.connected[client.id] = serving.name
            client.last_connect = serving.now()
    _upgrade(world, serving)


def _upgrade(world: World, box: Box) -> None:
    """Connected clients of an older version upgrade, no more at once than the limit allows."""
    if box.data.value(CLIENT_UPGRADES) == "never":
        return
    due = [client for client in _present(world, box) if client.version != box.product]
    waiting = [client for client in due if client.id not in box.upgrading]
    limit = int(box.data.value(CLIENT_LIMIT, "50"))
    for client in waiting[: max(0, limit - len(box.upgrading))]:
        box.upgrading.add(client.id)
        world.spawn(_upgrade_one(world, box, client))
    box.most_upgrading = max(box.most_upgrading, len(box.upgrading))


def _present(world: World, box: Box) -> list[JumpClient]:
    """Active clients that are connected, and passive ones whose time to look in has come (G12)."""
    passive = [client for client in box.data.clients.values() if client.connection_type == "passive"]
    pending = [client for client in passive if client.version != box.product and not client.lost]
    within, now = world.durations.of("passive_return"), time.monotonic()
    for number, client in enumerate(pending, start=1):
        box.site.check_ins.setdefault(client.id, now + within * number / len(pending))
    return _connected(box) + [client for client in pending if box.site.check_ins[client.id] <= now]


def _connected(box: Box) -> list[JumpClient]:
    return [client for client in box.data.clients.values() if box.site.connected.get(client.id) == box.name]


async def _upgrade_one(world: World, box: Box, client: JumpClient) -> None:
    await asyncio.sleep(world.durations.of("client_upgrade"))
    current = box.data.clients.get(client.id)
    if current is not None and box.site.witness.serving == box.name:
        current.version = box.product
        if current.connection_type == "passive":
            current.last_connect = box.now()
            box.site.check_ins.pop(client.id, None)
    box.upgrading.discard(client.id)
