# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a client needs to know: `simbox.json`, and an inventory with the variables of interface.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from simbox.box import Box
from simbox.config import SiteConfig
from simbox.site import Site
from simbox.world import World

GROUPS = {"primary": "bt_primary", "backup": "bt_backup"}


def facts(world: World, control: str, ca: Path) -> dict[str, Any]:
    """For programs: the control URL, and where every box is and how to get in."""
    return {
        "control": control,
        "ca": str(ca),
        "pid": os.getpid(),
        "port": world.net.port,
        "vendor": _vendor(world),
        "sites": {
            key: {
                "hostname": site.hostname,
                "shared_ip": site.shared_ip,
                "port": world.net.port,
                "boxes": [box.name for box in site.boxes],
            }
            for key, site in world.sites.items()
        },
        "boxes": {name: _box_facts(world, box) for name, box in world.boxes.items()},
        "hosts": [
            {"name": name, "groups": _group(box.site.config, box), **_variables(world, box, ca)}
            for name, box in world.boxes.items()
        ],
    }


def _vendor(world: World) -> dict[str, str] | None:
    vendor = world.config.vendor
    if not vendor.address:
        return None
    url = f"https://{vendor.address}:{world.net.port}/"
    return {"hostname": vendor.hostname, "address": vendor.address, "url": url}


def _box_facts(world: World, box: Box) -> dict[str, Any]:
    credentials = world.credentials[box.name]
    return {
        "address": box.config.address,
        "port": world.net.port,
        "site": box.site.key,
        "id": box.id,
        "serial": box.serial,
        "era": box.config.era,
        "language": box.config.language,
        "role": box.config.role,
        "appliance": {"username": credentials.appliance.username, "password": credentials.appliance.password},
        "login": {"username": credentials.login.username, "password": credentials.login.password},
        "api": {"client_id": credentials.client_id, "client_secret": credentials.client_secret},
    }


def inventory(world: World, ca: Path) -> dict[str, Any]:
    """An Ansible inventory: the groups say which role a box has at the start."""
    groups: dict[str, Any] = {}
    for site in world.sites.values():
        for box in site.boxes:
            group = groups.setdefault(_group(site.config, box), {"hosts": {}})
            group["hosts"][box.name] = _variables(world, box, ca)
    return {"all": {"children": groups}}


def _group(site: SiteConfig, box: Box) -> str:
    if any(member.factory for member in site.boxes):
        return "bt_new" if box.config.factory else "bt_old"
    if len(site.boxes) == 1:
        return "bt_single"
    return GROUPS.get(box.config.role) or ("bt_primary" if site.boxes[0] is box.config else "bt_backup")


def _variables(world: World, box: Box, ca: Path) -> dict[str, Any]:
    return {**_box_variables(world, box, ca), **_site_variables(world, box.site)}


def _box_variables(world: World, box: Box, ca: Path) -> dict[str, Any]:
    credentials = world.credentials[box.name]
    return {
        "ansible_host": box.config.address,
        "bt_port": world.net.port,
        "bt_ca_path": str(ca),
        "bt_appliance_username": credentials.appliance.username,
        "bt_appliance_password": credentials.appliance.password,
        "bt_login_username": credentials.login.username,
        "bt_login_password": credentials.login.password,
        "bt_api_client_id": credentials.client_id,
        "bt_api_client_secret": credentials.client_secret,
        "bt_language": box.config.language,
    }


def _site_variables(world: World, site: Site) -> dict[str, Any]:
    variables: dict[str, Any] = {
        "bt_site": site.key,
        "bt_site_hostname": site.hostname,
        "bt_site_port": world.net.port,
    }
    if site.shared_ip:
        variables["bt_cutover"] = "shared_ip"
        variables["bt_shared_ip"] = site.shared_ip
    else:
        variables["bt_site_address"] = world.boxes[site.public_box].config.address
    if site.config.target_version:
        variables["bt_target_version"] = site.config.target_version
    return variables


def write_yaml(path: Path, value: object) -> None:
    """Write a file that only its owner may read: it holds passwords."""
    write(path, yaml.safe_dump(value, sort_keys=False))


def write(path: Path, text: str) -> None:
    """Write a file of mode 0600, whole or not at all."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    part.replace(path)
