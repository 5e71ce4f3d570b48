# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command API in JSON, `/api/command/v2` (appliance-interface.md 3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simbox.api_command import REFUSALS, SWAP_MESSAGES, UNHEALTHY, api_version, connected_clients
from simbox.box import Box
from simbox.data import ApiAccount
from simbox.http import Call, Kind, Plan, answer, json_object, jsons
from simbox.times import rfc3339

PREFIX = "/api/command/v2/"


@dataclass(frozen=True)
class Request:
    """A checked call: the box, the account, the id in the path (empty without), query and body."""

    box: Box
    account: ApiAccount
    id: str
    query: dict[str, str]
    body: dict[str, Any]


Handler = Callable[[Request], web.Response]


@dataclass(frozen=True)
class Endpoint:
    """One method of one path. `fields` are the allowed body fields, `query` the allowed query parameters."""

    handler: Handler
    kind: Kind = "read"
    query: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


def plan(call: Call, account: ApiAccount) -> Plan:
    """Find the endpoint, check the request as documented, answer."""
    parts = call.path.removeprefix(PREFIX).split("/")
    number = parts[1] if len(parts) > 1 else ""
    template = "/".join("{id}" if index == 1 and part != "client-count" else part for index, part in enumerate(parts))
    if template == "openapi.yaml" and call.method == "GET":
        return answer("api.v2.openapi", "read", _openapi())
    methods = ENDPOINTS.get(template)
    op = f"api.v2.{template.replace('/{id}', '_by_id').replace('/', '.')}"
    if methods is None:
        return answer("api.v2.unknown", "read", jsons({"message": "Not Found"}, 404))
    endpoint = methods.get("GET" if call.method == "HEAD" else call.method)
    if call.method == "OPTIONS":
        return answer(op, "read", web.Response(status=204, headers={"Allow": ", ".join(methods)}))
    if endpoint is None:
        return answer(op, "read", jsons({"message": "Method Not Allowed"}, 405))
    refusal, body = _check(call, account, endpoint)
    if refusal is not None:
        return answer(op, "read", refusal)
    request = Request(call.box, account, number, call.query, body)

    async def run() -> web.Response:
        response = endpoint.handler(request)
        response.headers.update(call.box.tokens.limit_headers(account))
        return response

    return Plan(op, endpoint.kind, run)


def _check(call: Call, account: ApiAccount, endpoint: Endpoint) -> tuple[web.Response | None, dict[str, Any]]:
    if account.command == "deny" or (endpoint.kind == "write" and account.command != "full_access"):
        return jsons({"message": "This action is unauthorized."}, 403), {}
    if call.method in ("GET", "HEAD", "DELETE") and "application/json" not in call.header("Accept"):
        # GUESS (11.4 number 5): the status; that the header is required is documented.
        return jsons({"message": "Accept: application/json is required."}, 406), {}
    body = json_object(call.body) if call.method in ("POST", "PATCH") else {}
    if body is None or (call.body and call.request.content_type != "application/json"):
        return jsons({"message": "The body must be a JSON object."}, 400), {}
    unknown = sorted((set(call.query) - endpoint.query) | (set(body) - endpoint.fields))
    if unknown:
        return jsons({"message": f"Unknown field: {unknown[0]}"}, 400), {}
    return None, body


def _invalid(field: str, text: str) -> web.Response:
    return jsons({"message": "The given data was invalid.", "errors": {field: [text]}}, 422)


def info(request: Request) -> web.Response:
    """GET /info."""
    box, account = request.box, request.account
    return jsons(
        {
            "permissions": {
                "perm_backup": account.backup,
                "perm_command": account.command,
                "perm_configuration": account.configuration,
                "perm_configuration_vault_account": False,
                "perm_ecm": False,
                "perm_reporting_asset": False,
                "perm_reporting_license": False,
                "perm_reporting_session": False,
                "perm_reporting_vault": False,
                "perm_scim": False,
                "perm_vault_backup": False,
            },
            "current_time": rfc3339(box.now()),
            "command_api_version": "2.0.0",
            "config_api_version": "1.12",
            "reporting_api_version": api_version(box),
            "backup_api_version": "1.0.0",
            "product": "pra",
        }
    )


def health(request: Request) -> web.Response:
    """GET /health; an answer is kept for a while, as documented (up to a minute)."""
    box = request.box
    kept = box.health_cache
    if kept is None or kept[0] <= time.monotonic():
        kept = box.health_cache = (time.monotonic() + box.world.durations.of("health_cache"), *_health(box))
    return jsons(kept[2], kept[1])


def _health(box: Box) -> tuple[int, dict[str, Any]]:
    failover = box.failover
    primary = failover.role == "primary"
    synced = rfc3339(failover.last_sync) if primary and failover.last_sync is not None else None
    body: dict[str, Any] = {
        "version": box.product,
        "build": box.product_build,
        "appliance_hostname": box.name,
        "appliance_id": box.id,
        "cluster_role": "single",
        "failover_role": failover.role,
        "enabled_shared_ips": box.shared_enabled() or None,
        "last_data_sync": synced,
        "last_data_sync_status": failover.last_status if primary else None,
    }
    if box.is_healthy():
        return 200, body
    return 500, {**body, "enabled_shared_ips": None, "message": UNHEALTHY}


def appliances(request: Request) -> web.Response:
    """GET /appliance: both members of the pair."""
    box = request.box
    members = [box, *([box.failover.peer] if box.failover.peer else [])]
    return jsons(
        [
            {
                "id": member.id,
                "name": member.name,
                "public_hostname": box.site.hostname,
                "cluster_role": "single",
                "failover_role": member.failover.role,
                "accepting_connections": member.serves(),
                "timezone_offset": 0,
            }
            for member in members
        ]
    )


def client_count(request: Request) -> web.Response:
    """GET /appliance/client-count."""
    box = request.box
    counts = {
        "access_consoles": len(box.users),
        "asset_clients": len(connected_clients(box)),
        "gateways": int(box.site.witness.serving == box.name),
    }
    wanted = request.query.get("type")
    if wanted is not None:
        if f"{wanted}s" not in counts:
            return _invalid("type", "The selected type is invalid.")
        counts = {f"{wanted}s": counts[f"{wanted}s"]}
    return jsons([{"id": box.id, **counts}])


def _clients(box: Box) -> list[dict[str, Any]]:
    consoles = [
        {
            "id": f"c{user.id}",
            "type": "access_console",
            "hostname": f"{user.username}-pc",
            "platform": "Windows",
            "timezone_offset": 0,
            "user_id": user.id,
            "user_type": "normal",
            "username": user.username,
            "display_name": user.display_name,
            "session_count": len(_open(box, user.username)),
            "session_lsids": _open(box, user.username),
        }
        for user in box.users.values()
    ]
    assets = [
        {
            "id": f"a{number}",
            "type": "asset_client",
            "hostname": box.data.clients[number].hostname,
            "platform": box.data.clients[number].operating_system,
            "timezone_offset": 0,
            "lsid": None,
            "non_interactive": False,
        }
        for number in connected_clients(box)
    ]
    return consoles + assets


def _open(box: Box, username: str) -> list[str]:
    return [record.lsid for record in box.data.open_sessions() if record.user == username]


def clients(request: Request) -> web.Response:
    """GET /client."""
    wanted = request.query.get("type")
    return jsons([row for row in _clients(request.box) if wanted in (None, row["type"])])


def client(request: Request) -> web.Response:
    """GET /client/{id}."""
    row = next((row for row in _clients(request.box) if row["id"] == request.id), None)
    return jsons(row) if row else jsons({"message": "Not Found"}, 404)


def connections(request: Request) -> web.Response:
    """GET /client/{id}/connections. GUESS (11.4 number 5): the fields."""
    row = next((row for row in _clients(request.box) if row["id"] == request.id), None)
    if row is None:
        return jsons({"message": "Not Found"}, 404)
    return jsons([{"lsid": lsid} for lsid in row.get("session_lsids", [])])


def users(request: Request) -> web.Response:
    """GET /user."""
    box = request.box
    return jsons(
        [
            {
                "id": user.id,
                "type": "normal",
                "display_name": user.display_name,
                "logged_in_since": rfc3339(user.since),
                "session_count": len(_open(box, user.username)),
            }
            for user in box.users.values()
        ]
    )


def logout(request: Request) -> web.Response:
    """POST /user/{id}/logout."""
    box = request.box
    if not request.id.isdigit() or int(request.id) not in box.users:
        return jsons({"message": "Not Found"}, 404)
    user = box.users.pop(int(request.id))
    for lsid in _open(box, user.username):
        box.data.sessions[lsid].ended = box.now()
    return web.Response(status=204)


def session(request: Request) -> web.Response:
    """GET /session/{lsid}."""
    record = request.box.data.sessions.get(request.id)
    if record is None:
        return jsons({"message": "Not Found"}, 404)
    ended = rfc3339(record.ended) if record.ended is not None else None
    times = {"started": rfc3339(record.started), "ended": ended}
    return jsons({"lsid": record.lsid, "external_key": record.external_key, **times})


def change_session(request: Request) -> web.Response:
    """PATCH /session/{lsid}. GUESS (11.4 number 5): which attribute."""
    record = request.box.data.sessions.get(request.id)
    key = request.body.get("external_key")
    if record is None:
        return jsons({"message": "Not Found"}, 404)
    if not isinstance(key, str):
        return _invalid("external_key", "The field must be a string.")
    record.external_key = key
    return session(request)


def end_session(request: Request) -> web.Response:
    """DELETE /session/{lsid}."""
    record = request.box.data.sessions.get(request.id)
    if record is None or record.ended is not None:
        return jsons({"message": "Not Found"}, 404)
    record.ended = request.box.now()
    return web.Response(status=204)


def failover_role(request: Request) -> web.Response:
    """POST /failover-role."""
    role, body = request.body.get("role"), request.body
    if role not in ("primary", "backup"):
        return _invalid("role", "The selected role is invalid." if role else "The role field is required.")
    for name in ("data_sync_first", "force"):
        if not isinstance(body.get(name, False), bool):
            return _invalid(name, "The field must be true or false.")
    outcome = request.box.failover.change_role(role, body.get("data_sync_first", False), body.get("force", False))
    if not outcome.good:
        return jsons({"message": REFUSALS[outcome.message]}, 422)
    return jsons({"message": SWAP_MESSAGES[outcome.message]})


TYPE = frozenset({"type"})
ENDPOINTS: dict[str, dict[str, Endpoint]] = {
    "info": {"GET": Endpoint(info)},
    "health": {"GET": Endpoint(health)},
    "appliance": {"GET": Endpoint(appliances)},
    "appliance/client-count": {"GET": Endpoint(client_count, query=TYPE)},
    "client": {"GET": Endpoint(clients, query=TYPE)},
    "client/{id}": {"GET": Endpoint(client)},
    "client/{id}/connections": {"GET": Endpoint(connections)},
    "user": {"GET": Endpoint(users)},
    "user/{id}/logout": {"POST": Endpoint(logout, "write")},
    "session/{id}": {
        "GET": Endpoint(session),
        "PATCH": Endpoint(change_session, "write", fields=frozenset({"external_key"})),
        "DELETE": Endpoint(end_session, "write"),
    },
    "failover-role": {"POST": Endpoint(failover_role, "write", fields=frozenset({"role", "data_sync_first", "force"}))},
}


def _openapi() -> web.Response:
    lines = [
        "openapi: 3.0.3",
        "info: {title: BeyondTrust Privileged Remote Access Command APIs, version: 2.0.0}",
        "paths:",
    ]
    for path, methods in ENDPOINTS.items():
        described = ", ".join(f"{method.lower()}: {{responses: {{}}}}" for method in methods)
        lines.append(f"  /{path}: {{{described}}}")
    return web.Response(text="\n".join(lines) + "\n", content_type="application/yaml")
