# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command API in XML, `/api/command` (appliance-interface.md 2)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

from aiohttp import web

from simbox.box import Box
from simbox.data import ApiAccount
from simbox.http import Call, Kind, Plan, answer
from simbox.times import iso8601
from simbox.versions import numbers

# API versions of product versions, newest first (2.4).
API_VERSIONS = (
    ((24, 1), "1.24.1"),
    ((23, 3), "1.23.1"),
    ((23, 1), "1.22.3"),
    ((22, 2), "1.22.2"),
    ((22, 1), "1.22.1"),
    ((21, 2), "1.21.1"),
    ((20, 1), "1.19.2"),
)
WRITING = {"set_failover_role", "terminate_session"}
UNHEALTHY = "The site software is not ready."
SWAP_MESSAGES = {
    "failover_sync_then_swap": "Successfully started data sync. Role change will occur upon successful completion.",
    "failover_swapped": "Successfully changed role.",
}
# GUESS (11.4 number 3): the texts of refusals.
REFUSALS = {
    "failover_no_relationship": "Failover is not configured.",
    "failover_role_same": "This appliance already has that role.",
    "failover_sync_running": "A data sync or role change is in progress.",
    "failover_peer_away": "The peer could not be contacted.",
}


def plan(call: Call, account: ApiAccount) -> Plan:
    """One action, by GET or by an URL-encoded POST."""
    parameters = {**call.query, **dict(call.form())}
    action = parameters.get("action", "")
    kind: Kind = "write" if action in WRITING else "read"
    op = f"api.command.{action}" if action in ACTIONS else "api.command.unknown"
    box = call.box
    refusal = _refusal(box, account, action, kind)
    if refusal is not None:
        return answer(op, "read", refusal)

    async def run() -> web.Response:
        root = ACTIONS[action](box, account, parameters)
        return respond(box, root, 200, box.tokens.limit_headers(account))

    return Plan(op, kind, run)


def _refusal(box: Box, account: ApiAccount, action: str, kind: Kind) -> web.Response | None:
    # GUESS (11.4 number 3): the HTTP status beside <error>.
    if not box.xml_api:
        return respond(box, error("The XML API is not enabled."), 403)
    if account.command == "deny" or (kind == "write" and account.command != "full_access"):
        return respond(box, error("You do not have permission to perform this action."), 403)
    if action not in ACTIONS:
        return respond(box, error("Unknown action."), 200)
    return None


def respond(box: Box, root: ET.Element, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """Serialise under the configured namespace, in the recorded form: declaration, blank line, root."""
    root.set("xmlns", box.site.config.api.namespace)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n\n' + ET.tostring(root, encoding="unicode") + "\n"
    return web.Response(text=text, status=status, content_type="text/xml", charset="UTF-8", headers=headers)


def error(text: str) -> ET.Element:
    """The documented error shape."""
    root = ET.Element("error")
    root.text = text
    return root


def _child(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text
    return child


def check_health(box: Box, _account: ApiAccount, _parameters: dict[str, str]) -> ET.Element:
    """2.2; elements are absent as documented."""
    root = ET.Element("health_check")
    _child(root, "appliance", box.name, id=box.id)
    _child(root, "version", f"{box.product} ({box.product_build})")
    healthy = box.is_healthy()
    _child(root, "success", "1" if healthy else "0")
    if not healthy:
        _child(root, "error_message", UNHEALTHY)
    failover = box.failover
    _child(root, "failover_role", failover.role)
    shared = box.shared_enabled()
    if shared and failover.role != "none":
        addresses = ET.SubElement(root, "enabled_shared_ips")
        for address in shared:
            _child(addresses, "ip", address)
    if failover.role != "none" and failover.last_sync is not None:
        _child(root, "last_data_sync_time", iso8601(failover.last_sync), ts=str(int(failover.last_sync)))
        _child(root, "last_data_sync_status", failover.last_status or "")
    return root


def api_version(box: Box) -> str:
    """The API version that belongs to the installed product."""
    return next((api for least, api in API_VERSIONS if numbers(box.product) >= least), "1.19.0")


def get_api_info(box: Box, account: ApiAccount, _parameters: dict[str, str]) -> ET.Element:
    """2.4."""
    root = ET.Element("api_information")
    _child(root, "api_version", api_version(box))
    _child(root, "timestamp", str(int(box.now())))
    permissions = ET.SubElement(root, "permissions")
    values = {
        "perm_backup": str(int(account.backup)),
        "perm_command": account.command,
        "perm_configuration": str(int(account.configuration)),
        "perm_configuration_vault_acount": "0",
        "perm_ecm": "0",
        "perm_reporting": "0",
        "perm_reporting_license": "0",
        "perm_reporting_vault": "0",
        "perm_vault_backup": "0",
        "perm_scim": "0",
    }
    for name, value in values.items():
        ET.SubElement(permissions, "permission", {"name": name}).text = value
    return root


def get_logged_in_reps(box: Box, _account: ApiAccount, _parameters: dict[str, str]) -> ET.Element:
    """2.6. GUESS (11.4 number 4): the elements below `rep`."""
    root = ET.Element("logged_in_reps")
    for user in box.users.values():
        rep = ET.SubElement(root, "rep", {"id": str(user.id)})
        _child(rep, "username", user.username)
        _child(rep, "display_name", user.display_name)
        _child(rep, "logged_in_since", iso8601(user.since), ts=str(int(user.since)))
        open_sessions = [record for record in box.data.open_sessions() if record.user == user.username]
        _child(rep, "session_count", str(len(open_sessions)))
    return root


def get_connected_client_list(box: Box, _account: ApiAccount, parameters: dict[str, str]) -> ET.Element:
    """2.6. GUESS (11.4 number 4): element names."""
    root = ET.Element("connected_client_list")
    kinds = {"representative": len(box.users), "push_agent": len(connected_clients(box))}
    for kind, count in kinds.items():
        if parameters.get("type", "all") in ("all", kind):
            _child(root, "connected_clients", str(count), type=kind)
    return root


def get_connected_clients(box: Box, _account: ApiAccount, parameters: dict[str, str]) -> ET.Element:
    """2.6. GUESS (11.4 number 4): element names."""
    root = ET.Element("connected_clients")
    if parameters.get("type", "all") in ("all", "push_agent"):
        for number in connected_clients(box):
            client = ET.SubElement(root, "connected_client", {"id": str(number), "type": "push_agent"})
            _child(client, "hostname", box.data.clients[number].hostname)
    return root


def connected_clients(box: Box) -> list[int]:
    """Ids of the Jump Clients that are connected to this box."""
    connected = box.site.connected
    return [number for number, name in connected.items() if name == box.name and number in box.data.clients]


def get_appliances(box: Box, _account: ApiAccount, _parameters: dict[str, str]) -> ET.Element:
    """2.5."""
    root = ET.Element("appliances")
    for member in [box, *([box.failover.peer] if box.failover.peer else [])]:
        element = ET.SubElement(root, "appliance", {"id": member.id})
        _child(element, "name", member.name)
        _child(element, "public_hostname", box.site.hostname)
        _child(element, "cluster_role", "single")
        _child(element, "failover_role", member.failover.role)
        _child(element, "accepting_connections", str(int(member.serves())))
        _child(element, "timezone_offset", "0")
    return root


def set_failover_role(box: Box, _account: ApiAccount, parameters: dict[str, str]) -> ET.Element:
    """2.3. GUESS (11.4 number 3): the success text is wrapped in <success>."""
    role = parameters.get("role", "")
    if role not in ("primary", "backup"):
        return error("The role must be primary or backup.")
    outcome = box.failover.change_role(
        "primary" if role == "primary" else "backup",
        parameters.get("data_sync_first") == "1",
        parameters.get("force") == "1",
    )
    if not outcome.good:
        return error(REFUSALS[outcome.message])
    root = ET.Element("success")
    root.text = SWAP_MESSAGES[outcome.message]
    return root


def terminate_session(box: Box, _account: ApiAccount, parameters: dict[str, str]) -> ET.Element:
    """2.6; `lsid` is inferred there."""
    record = box.data.sessions.get(parameters.get("lsid", ""))
    if record is None or record.ended is not None:
        return error("There is no such session.")
    record.ended = box.now()
    root = ET.Element("success")
    root.text = "Successfully terminated."
    return root


Action = Callable[[Box, ApiAccount, dict[str, str]], ET.Element]
ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        check_health,
        get_api_info,
        get_logged_in_reps,
        get_connected_client_list,
        get_connected_clients,
        get_appliances,
        set_failover_role,
        terminate_session,
    )
}
