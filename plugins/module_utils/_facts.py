# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a box is and runs, read from it (bt_info; the before and after of everything else)."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, PageNotUnderstood, Unreachable

Facts = dict[str, Any]


def when(seconds: float | None) -> str | None:
    """Seconds since 1970 as a time in UTC."""
    if seconds is None:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_facts(box: Box) -> Facts:
    """Everything that can be read of a box with the accounts at hand.

    :raises BadInput: neither an API account nor one of ``/login`` was given.
    """
    require(box, "Reading the state", "api", "login")
    health = box.health()
    facts: Facts = {
        "box": box.name,
        "host": box.connection.endpoint.address,
        "appliance_id": health.appliance_id or None,
        "host_name": health.host_name or None,
        "product_version": health.version.text if health.version else None,
        "product_build": health.build or None,
        "healthy": health.healthy,
        "health_message": health.message or None,
        "failover_role": health.role or None,
        "enabled_shared_ips": list(health.shared_ips),
        "last_sync": when(health.last_sync),
        "last_sync_status": health.last_sync_status or None,
        "source": health.source,
        "box_time": health.box_time,
        "serial": None,
        "base_version": None,
        "system_time": None,
    }
    if box.connection.appliance is not None:
        basics = box.basics()
        facts.update(
            serial=basics.serial or None,
            base_version=basics.base_version.text if basics.base_version else None,
            system_time=basics.system_time or None,
        )
    return facts


def read_any(box: Box) -> Facts:
    """The same of a box that may be so new that it has no site software yet: then what its base software tells.

    :raises BtError: what keeps the facts from being read, where it is something else.
    """
    try:
        return {**read_facts(box), "site_software": True}
    except (ApiFailed, PageNotUnderstood, Unreachable):
        if box.connection.appliance is None or box.connection.manual.everything or not box.lacks_software():
            raise
    return read_bare(box)


def read_bare(box: Box) -> Facts:
    """What the base software of a box tells; what only a site could tell is null."""
    basics = box.basics()
    nothing = (
        "host_name", "product_version", "product_build", "healthy", "health_message", "failover_role", "last_sync",
        "last_sync_status", "box_time",
    )
    return {
        "box": box.name,
        "host": box.connection.endpoint.address,
        "appliance_id": basics.appliance_id or None,
        **dict.fromkeys(nothing),
        "enabled_shared_ips": [],
        "source": "pages",
        "serial": basics.serial or None,
        "base_version": basics.base_version.text if basics.base_version else None,
        "system_time": basics.system_time or None,
        "site_software": False,
    }


def sentence(facts: Facts) -> str:
    """The facts as an operator reads them, in one line."""
    if facts.get("site_software") is False:
        known = f"serial {facts['serial'] or 'unknown'}, base {facts['base_version'] or 'unknown'}"
        return f"{facts['box']}: no site software is installed yet, or none is up; {known}"
    role = {"none": "in no failover relationship", None: "failover role unknown"}.get(
        facts["failover_role"], f"failover role {facts['failover_role']}"
    )
    parts = [
        f"product {facts['product_version'] or 'unknown'}",
        f"base {facts['base_version']}" if facts["base_version"] else "",
        "healthy" if facts["healthy"] else f"NOT healthy ({facts['health_message'] or 'no reason given'})",
        role,
        f"serves {', '.join(facts['enabled_shared_ips'])}" if facts["enabled_shared_ips"] else "",
        f"last data sync {facts['last_sync']} ({facts['last_sync_status']})" if facts["last_sync"] else "",
    ]
    return f"{facts['box']}: " + ", ".join(part for part in parts if part)
