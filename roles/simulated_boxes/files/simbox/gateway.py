# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The way of every request: reachable at all? what does it ask for? planned faults, watcher, log."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
import traceback
from typing import TYPE_CHECKING

from aiohttp import web

from simbox import api
from simbox.faults import Fault
from simbox.http import Call, Plan, error_page, finish, jsons, redirect
from simbox.log import Entry
from simbox.uploads import Parts, receive
from simbox.watch import current_request

if TYPE_CHECKING:
    from simbox.box import Box
    from simbox.world import World

RETRY_AFTER_SECONDS = 2
TITLES = {404: "Not Found", 429: "Too Many Requests", 502: "Bad Gateway", 503: "Service Unavailable"}
BEFORE = {"refuse", "reset", "429", "500", "502", "503", "login_redirect", "json"}


class Gateway:
    """Handles what arrives at any box."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, box: Box, address: str, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, or cut its connection."""
        body, parts = b"", Parts()
        try:
            if request.content_type == "multipart/form-data":
                half = (request.content_length or 0) // 2
                parts = await receive(request, half if "upload_breaks" in box.troubles else None)
            else:
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return finish(error_page(413, "Payload Too Large"), True)
        except ValueError:
            return finish(error_page(400, "Bad Request"), True)
        except ConnectionError:
            entry = self._world.log.add(box.name, address, request.method, request.path, "upload.broken", "read")
            return self._leave(Call(request, box, address, body), entry, time.monotonic(), 0)
        call = Call(request, box, address, body, parts)
        started = time.monotonic()
        in_api = call.path.startswith(api.PREFIXES)
        closed = self._closed(call)
        if closed is not None:
            entry = self._world.log.add(box.name, address, call.method, call.path, "outage", "read")
            return self._leave(call, entry, started, closed)
        plan = self._plan(call)
        entry = self._world.log.add(box.name, address, call.method, call.path, plan.op, plan.kind)
        fault = self._world.faults.pick(box.name, call.method, call.path, plan.op)
        entry.fault = fault.do if fault else ""
        if fault and fault.do in BEFORE:
            return self._leave(call, entry, started, self._instead(call, fault))
        if fault and fault.do == "hold":
            if not await self._world.holds.until_released(entry.number, request):
                return self._leave(call, entry, started, 0)
            if (closed := self._closed(call)) is not None:
                return self._leave(call, entry, started, closed)
            plan = self._plan(call)
        response = finish(await self._run(call, plan, entry, fault), in_api)
        if fault and fault.do == "do_then_reset":
            return self._leave(call, entry, started, 0)
        if fault and fault.do == "do_then_hold" and not await self._world.holds.until_released(entry.number, request):
            return self._leave(call, entry, started, 0)
        if fault and fault.do == "truncate":
            await self._truncate(call, response)
            return self._leave(call, entry, started, 0)
        if fault and fault.do == "garbage":
            response = web.Response(body=secrets.token_bytes(600), content_type=response.content_type)
        return self._leave(call, entry, started, response)

    def _plan(self, call: Call) -> Plan:
        for application, site in (("appliance", call.box.appliance), ("login", call.box.login)):
            if call.path == f"/{application}" or call.path.startswith(f"/{application}/"):
                return site.plan(call)
        return api.plan(call)

    def _closed(self, call: Call) -> int | None:
        """The status with which an outage answers, 0 for a cut connection, None when the box answers."""
        power = call.box.power
        gate = power.system
        if gate == "open" and not call.path.startswith("/appliance"):
            gate = power.software
            if gate == "open" and call.box.bare:
                return call.box.bare
        if gate == "open":
            return None
        return int(gate) if gate in ("502", "503") else 0

    async def _run(self, call: Call, plan: Plan, entry: Entry, fault: Fault | None) -> web.Response:
        current_request.set(entry)
        watch = self._world.watch
        watch.begin(call.box, plan)
        try:
            if fault and fault.do == "delay":
                await asyncio.sleep(fault.seconds)
            return await plan.run()
        except Exception:  # a defect of the simulator must not look like a box that went away
            text = traceback.format_exc()
            self._world.errors.append(text)
            print(text, file=sys.stderr, flush=True)
            return error_page(500, "Internal Server Error")
        finally:
            watch.end(call.box, plan)

    def _instead(self, call: Call, fault: Fault) -> web.Response | int:
        if fault.do == "login_redirect":
            application = "appliance" if call.path.startswith("/appliance") else "login"
            return redirect(f"/{application}")
        if fault.do == "json":
            return jsons({"message": "Unauthenticated."})
        if fault.do == "refuse":
            self._world.spawn(self._world.net.refuse(call.box, fault.seconds))
            return 0
        if fault.do == "reset":
            return 0
        if fault.do == "500":
            return error_page(500, "Internal Server Error")
        response = error_page(int(fault.do), TITLES[int(fault.do)])
        if fault.do in ("429", "503"):
            response.headers["Retry-After"] = str(max(1, round(fault.seconds)))
        return response

    async def _truncate(self, call: Call, response: web.Response) -> None:
        body = response.body if isinstance(response.body, bytes) else b""
        partial = web.StreamResponse(status=response.status, headers=response.headers)
        partial.content_length = max(2, len(body))
        await partial.prepare(call.request)
        await partial.write(body[: len(body) // 2])
        await asyncio.sleep(0.02)

    def _leave(self, call: Call, entry: Entry, started: float, response: web.Response | int) -> web.StreamResponse:
        entry.seconds = time.monotonic() - started
        if isinstance(response, int) and response:
            answer = error_page(response, TITLES[response])
            if response == 503:
                answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            response = finish(answer, True)
        if isinstance(response, web.Response):
            entry.status = response.status
            return response
        entry.status = 0
        if call.request.transport is not None:
            call.request.transport.abort()
        return web.Response(status=500)
