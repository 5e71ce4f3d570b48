# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration API, `/api/config/v1`, as far as the state after an update needs it (appliance-interface.md 5)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from simbox.box import Box
from simbox.data import ApiAccount, JumpClient
from simbox.http import Call, Plan, answer, jsons
from simbox.times import rfc3339

PAGING = {"per_page", "current_page"}
FILTERS = {"name", "hostname", "fqdn", "tag", "jump_group_id", "jump_group_type", "connection_type", "public_ip"}
PREFIX = "/api/config/v1"


def plan(call: Call, account: ApiAccount) -> Plan:
    """Jump Clients and Jumpoints, with the paging headers."""
    path = call.path.removeprefix(PREFIX)
    if path not in ("/jump-client", "/jumpoint"):
        return answer("api.config.unknown", "read", jsons({"message": "Not Found"}, 404))
    op = f"api.config.{path[1:]}"
    if not account.configuration:
        return answer(op, "read", jsons({"message": "This action is unauthorized."}, 403))
    if call.method not in ("GET", "HEAD"):
        return answer(op, "read", jsons({"message": "Method Not Allowed"}, 405))
    unknown = set(call.query) - PAGING - FILTERS
    if unknown:
        # 401, as documented for this API (5).
        return answer(op, "read", jsons({"message": f"Unknown field: {sorted(unknown)[0]}"}, 401))
    rows = jump_clients(call.box) if path == "/jump-client" else jumpoints(call.box)
    wanted = {name: value for name, value in call.query.items() if name in FILTERS}
    rows = [row for row in rows if all(str(row.get(name)) == value for name, value in wanted.items())]
    return answer(op, "read", _page(call, rows, call.box.tokens.limit_headers(account)))


def _page(call: Call, rows: list[dict[str, Any]], headers: dict[str, str]) -> web.Response:
    try:
        size = min(100, max(1, int(call.query.get("per_page", "100"))))
        current = max(1, int(call.query.get("current_page", "1")))
    except ValueError:
        return jsons({"message": "The given data was invalid.", "errors": {"current_page": ["not a number"]}}, 422)
    last = max(1, -(-len(rows) // size))
    host = call.header("Host")

    def link(page: int, rel: str) -> str:
        return f'<https://{host}{call.path}?per_page={size}&current_page={page}>; rel="{rel}"'

    links = [link(1, "first"), link(last, "last")]
    if current > 1:
        links.append(link(current - 1, "previous"))
    if current < last:
        links.append(link(current + 1, "next"))
    paging = {
        "Link": ", ".join(links),
        "X-BT-Pagination-Current-Page": str(current),
        "X-BT-Pagination-Last-Page": str(last),
        "X-BT-Pagination-Per-Page": str(size),
        "X-BT-Pagination-Total": str(len(rows)),
    }
    return jsons(rows[(current - 1) * size : current * size], headers={**headers, **paging})


def jump_clients(box: Box) -> list[dict[str, Any]]:
    """Jump Clients as the API tells them."""
    return [_jump_client(box, client) for client in box.data.clients.values()]


def _jump_client(box: Box, client: JumpClient) -> dict[str, Any]:
    lost = client.last_disconnect
    return {
        "id": client.id,
        "name": client.name,
        "hostname": client.hostname,
        "fqdn": client.hostname,
        "tag": "",
        "comments": "",
        "jump_group_id": 1,
        "jump_group_type": "shared",
        "connection_type": client.connection_type,
        "operating_system": client.operating_system,
        "public_ip": "203.0.113.10",
        "private_ip": f"10.20.0.{client.id % 250}",
        "needs_update": client.version != box.product,
        "is_lost": client.lost,
        "unavailable_reason": "none",
        "last_connect_timestamp": rfc3339(client.last_connect),
        "last_disconnect_timestamp": rfc3339(lost) if lost is not None else None,
    }


def jumpoints(box: Box) -> list[dict[str, Any]]:
    """The one Jumpoint of a simulated site; it is connected where the site is served."""
    connected = box.site.witness.serving == box.name
    return [{"id": 1, "name": "gateway-1", "enabled": True, "connected": connected}]
