# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which API a path belongs to, and what every API call goes through first."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from simbox import api_backup, api_command, api_config, api_v2
from simbox.data import ApiAccount
from simbox.http import Call, Plan, answer, error_page, html, jsons, plain

Handler = Callable[[Call, ApiAccount], Plan]

PREFIXES = ("/api/", "/oauth2/")


def plan(call: Call) -> Plan:
    """Everything outside the two web sites."""
    if call.path == "/oauth2/token":
        if call.method != "POST":
            return answer("api.token", "auth", error_page(405, "Method Not Allowed"))
        return answer_later("api.token", call)
    handler = _handler(call)
    if handler is None:
        return _public(call)
    account = call.box.tokens.account(call)
    if isinstance(account, web.Response):
        return answer("api.refused", "read", account)
    return handler(call, account)


def answer_later(op: str, call: Call) -> Plan:
    """A token is granted when the plan runs, not before."""

    async def run() -> web.Response:
        return call.box.tokens.grant(call)

    return Plan(op, "auth", run)


def _handler(call: Call) -> Handler | None:
    path, api = call.path, call.box.site.config.api
    if path == "/api/command":
        return api_command.plan
    if path.startswith("/api/command/v2/") and api.v2:
        return api_v2.plan
    if path == "/api/backup":
        return api_backup.plan
    if path.startswith("/api/config/v1/"):
        return api_config.plan
    return None


def _public(call: Call) -> Plan:
    box = call.box
    if call.path == "/check_health":
        # The texts are not documented, only that they are short (2.2).
        response = plain("OK\n") if box.is_healthy() else plain("The site is not healthy.\n", 500)
        return answer("public.check_health", "read", response)
    if call.path == "/get_mech_list":
        mechs = {
            "mechs": ["password"],
            "default_mech": "password",
            "cache": 0,
            "company": box.site.hostname.split(".")[0],
            "product": "bpam",
        }
        return answer("public.get_mech_list", "read", jsons(mechs))
    if call.path == "/":
        name = "BeyondTrust Privileged Remote Access"
        page = (
            f'<!DOCTYPE html>\n<html lang="en"><head><title>{name}</title></head><body><h1>{name}</h1></body></html>\n'
        )
        return answer("public.start", "read", html(page))
    return answer("public.unknown", "read", error_page(404, "Not Found"))
