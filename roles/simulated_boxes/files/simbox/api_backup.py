# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The backup API, `/api/backup` (appliance-interface.md 4)."""

from __future__ import annotations

import asyncio

from aiohttp import web

from simbox.backup import pack
from simbox.box import Box
from simbox.data import ApiAccount
from simbox.http import Call, Plan, json_object, jsons
from simbox.times import rfc3339


def plan(call: Call, account: ApiAccount) -> Plan:
    """Hand out a backup; the password comes as JSON. GUESS (11.4 number 6): a backup-role box answers too."""

    async def run() -> web.Response:
        if call.method not in ("GET", "POST"):
            return jsons({"message": "Method Not Allowed"}, 405)
        if not account.backup:
            return jsons({"message": "This action is unauthorized."}, 403)
        raw = json_object(call.body)
        password = raw.get("password", "") if raw is not None else None
        if not isinstance(password, str):
            return jsons({"message": "The given data was invalid."}, 422)
        if "disk_full" in call.box.troubles:
            # GUESS (11.4 number 6): a backup that cannot be put together.
            return jsons({"message": "Server Error"}, 500)
        content = await take(call.box, password)
        headers = call.box.tokens.limit_headers(account)
        return web.Response(body=content, content_type="application/octet-stream", headers=headers)

    return Plan("api.backup", "download", run)


async def take(box: Box, password: str, history: bool = True) -> bytes:
    """Make a backup of a box and note that it was handed out."""
    with box.busy.during("backup"):
        await asyncio.sleep(box.world.durations.of("backup"))
        content = _pack(box, password, history)
    box.world.watch.backup(box)
    return content


def _pack(box: Box, password: str, history: bool) -> bytes:
    manifest = {
        "box": box.name,
        "id": box.id,
        "site": box.site.hostname,
        "product": box.product,
        "build": box.product_build,
        "taken": rfc3339(box.now()),
        "history": history,
    }
    return pack(box.data, manifest, password, history)
