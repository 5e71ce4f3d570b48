# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control interface for tests: plain HTTP with JSON on a loopback port. README.md lists the calls."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simbox.backup import BackupError, unpack
from simbox.box import Box, User
from simbox.data import PRESHARED_KEY, Account, SessionRecord, new_lsid, to_json
from simbox.fate import Fate
from simbox.state import describe
from simbox.updates import Package
from simbox.world import World

TROUBLES = {
    "sync_fail",
    "sync_fail_keeps_time",
    "sync_fail_on_page",
    "sync_hang",
    "download_fail",
    "update_fail",
    "updates_locked",
    "update_hang",
    "update_hang_outage",
    "update_slow",
    "update_server_unreachable",
    "peer_unreachable",
    "upload_breaks",
    "disk_full",
    "export_without_key",
    "export_without_chain",
    "import_warns",
    "old_certificate_served",
    "unhealthy",
}
MOST_BYTES = 64 * 1024 * 1024
Body = dict[str, Any]


class Refused(ValueError):
    """A control request that makes no sense; becomes status 400."""


class Control:
    """Serves the control interface of one world."""

    def __init__(self, world: World, stop: asyncio.Event) -> None:
        self._world = world
        self._stopping = stop
        self._fate = Fate(world)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> str:
        """Listen on 127.0.0.1; returns the URL."""
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/state", self._get(lambda: describe(self._world)))
        app.router.add_get("/log", self._get(lambda: [entry.as_json() for entry in self._world.log.entries]))
        app.router.add_get("/violations", self._get(self._world.watch.as_json))
        app.router.add_get("/config", self._get(self._config))
        app.router.add_get("/held", self._get(lambda: self._world.holds.waiting))
        app.router.add_get("/secrets", self._get(self._fate.secrets))
        app.router.add_delete("/log", self._post(self._clear_log))
        app.router.add_delete("/violations", self._post(self._clear_violations))
        app.router.add_delete("/faults", self._post(self._clear_faults))
        app.router.add_post("/inspect-backup", self._inspect)
        acts: dict[str, Callable[[Body], Awaitable[object]]] = {
            "durations": self._durations,
            "faults": self._faults,
            "troubles": self._troubles,
            "settings": self._settings,
            "sessions": self._sessions,
            "users": self._users,
            "clients": self._clients,
            "readonly": self._readonly,
            "clock": self._clock,
            "certificate": self._certificate,
            "power": self._power,
            "public": self._public,
            "expect": self._fate.expect,
            "user-update": self._user_update,
            "kill-sessions": self._kill_sessions,
            "release": self._fate.release,
            "impostor": self._fate.impostor,
            "eula": self._fate.eula,
            "role": self._fate.role,
            "mend": self._fate.mend,
            "stop": self._stop,
        }
        for name, act in acts.items():
            app.router.add_post(f"/{name}", self._post(act))
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _get(self, read: Callable[[], object]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(_request: web.Request) -> web.Response:
            return web.json_response(read())

        return handle

    def _post(self, act: Callable[[Body], Awaitable[object]]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                body = await request.json() if request.can_read_body else {}
                if not isinstance(body, dict):
                    raise Refused("the body must be a JSON object")
                return web.json_response(await act(body) or {})
            except (ValueError, KeyError, TypeError) as error:
                return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

        return handle

    def _config(self) -> object:
        raw = dataclasses.asdict(self._world.config)
        for site in raw["sites"]:
            site.pop("preshared_key")
            for account in [site["login"], *[box["appliance"] for box in site["boxes"]]]:
                account.pop("password")
            site["api"].pop("client_secret")
        return raw

    def _box(self, body: Body) -> Box:
        """The box named by `box`, or the one that serves the `site`."""
        if "site" in body:
            serving = self._world.sites[body["site"]].public()
            if serving is None:
                raise Refused("nobody serves the site")
            return serving
        return self._world.boxes[body["box"]]

    async def _clear_log(self, _body: Body) -> None:
        self._world.log.clear()

    async def _clear_violations(self, _body: Body) -> None:
        self._world.watch.violations.clear()

    async def _clear_faults(self, _body: Body) -> None:
        self._world.faults.planned.clear()

    async def _durations(self, body: Body) -> object:
        durations = self._world.durations
        known = {entry.name for entry in dataclasses.fields(durations)}
        for name, seconds in body.items():
            if name not in known:
                raise Refused(f"unknown duration {name!r}")
            setattr(durations, name, float(seconds))
        return dataclasses.asdict(durations)

    async def _faults(self, body: Body) -> object:
        self._world.faults.add(body)
        return [dataclasses.asdict(fault) for fault in self._world.faults.planned]

    async def _troubles(self, body: Body) -> object:
        box, name = self._box(body), body["trouble"]
        if name not in TROUBLES:
            raise Refused(f"trouble must be one of {', '.join(sorted(TROUBLES))}")
        if body.get("on", True):
            box.troubles.add(name)
        else:
            box.troubles.discard(name)
        box.certificates.ignored = "old_certificate_served" in box.troubles
        await self._world.settle()
        return sorted(box.troubles)

    async def _settings(self, body: Body) -> None:
        box = self._box(body)
        for name, value in body.get("settings", {}).items():
            box.data.set(PRESHARED_KEY if name == "preshared_key" else name, str(value), box.now())
        for name in body.get("accounts", []):
            box.data.accounts[str(name)] = Account(str(name), "")  # nobody can log in with it

    async def _sessions(self, body: Body) -> object:
        """Sessions of a user: `count` finished ones, or open ones with `open`; `end` ends all open ones first."""
        box = self._box(body)
        now = box.now()
        if body.get("end"):
            for record in box.data.open_sessions():
                record.ended = now
        ended = None if body.get("open") else now
        begun = [
            SessionRecord(new_lsid(), body.get("user", "user1"), body.get("client", "server001"), now, ended, box.name)
            for dummy in range(int(body.get("count", 1)))
        ]
        box.data.sessions.update({record.lsid: record for record in begun})
        return [record.lsid for record in begun]

    async def _users(self, body: Body) -> object:
        box = self._box(body)
        number = max(box.users, default=0) + 1
        name = str(body.get("user", f"user{number}"))
        box.users[number] = User(number, name, name.capitalize(), box.now())
        return number

    async def _clients(self, body: Body) -> object:
        """Jump Clients of a site by name: from now on they are lost, or (`lost` false) may come back."""
        site, names = self._world.sites[body["site"]], set(body["names"])
        lost = bool(body.get("lost", True))
        clients = [client for box in site.boxes for client in box.data.clients.values() if client.name in names]
        for client in clients:
            client.lost = lost
            if lost:
                site.connected.pop(client.id, None)
        return sorted({client.name for client in clients})

    async def _readonly(self, body: Body) -> None:
        self._world.watch.read_only = bool(body["on"])

    async def _clock(self, body: Body) -> None:
        self._box(body).clock_offset = float(body["offset"])

    async def _certificate(self, body: Body) -> object:
        """Another certificate: for `names`, good for `days`, without its issuers when `chain` is false."""
        box = self._box(body)
        known = [
            box.site.hostname,
            *(name for member in box.site.boxes for name in (member.name, member.config.address)),
        ]
        names = [str(name) for name in body.get("names", [*known, *filter(None, [box.site.shared_ip])])]
        new = self._world.issue(names[0], names, float(body.get("days", 365)))
        parsed = new.parsed()
        if not body.get("chain", True):
            parsed = dataclasses.replace(parsed, others=())
        entry = box.certificates.add(new.name, parsed)
        box.certificates.assign(entry, {address.address for address in box.addresses})
        return entry.fingerprint

    async def _power(self, body: Body) -> None:
        box = self._box(body)
        if not body["on"]:
            await box.power.shut_down_soon()
            return
        box.power.booted = time.time()
        await box.power.set_system("open")

    async def _public(self, body: Body) -> None:
        """Which box the public name of a site without shared IP leads to, as a person (or `by` a client) wants it."""
        site, box, by = self._world.sites[body["site"]], self._world.boxes[body["box"]], body.get("by", "person")
        if by not in ("client", "person"):
            raise Refused("by must be client or person")
        if site.public_box != box.name:
            self._world.watch.moved(box, by_client=by == "client")
        site.public_box = box.name
        await self._world.settle()

    async def _user_update(self, body: Body) -> object:
        """Another person starts an update on the box."""
        updates = self._box(body).updates
        packages = {package.id: package for package in updates.newer()}
        package: Package | None = packages.get(body["package"])
        if package is None or not updates.start(package, str(body.get("by", "another person"))):
            raise Refused(f"cannot be started; newer packages are {', '.join(packages) or 'none'}")
        return package.id

    async def _kill_sessions(self, body: Body) -> None:
        """End log-ins on a box: of one web site (`application`) or both; with `tokens` the API tokens too."""
        box = self._box(body)
        for site in (box.login, box.appliance):
            if body.get("application") in (None, site.application):
                site.end_sessions()
        if body.get("tokens"):
            box.tokens.clear()

    async def _stop(self, _body: Body) -> None:
        asyncio.get_running_loop().call_later(0.05, self._stopping.set)

    async def _inspect(self, request: web.Request) -> web.Response:
        """What a backup file holds: the file is the body, its password the query parameter `password`."""
        try:
            opened = unpack(await request.read(), request.query.get("password", ""))
        except BackupError as error:
            return web.json_response({"error": str(error)}, status=400)
        data = to_json(opened.data)
        data.pop("files")
        data["settings"].pop(PRESHARED_KEY, None)
        return web.json_response({"manifest": opened.manifest, "data": data})
