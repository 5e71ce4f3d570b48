# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The state of everything, as JSON, for tests. Secrets appear only as SHA-256."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

from simbox.api_config import jump_clients
from simbox.box import Box
from simbox.certificates import Certificates
from simbox.data import PRESHARED_KEY
from simbox.site import Site
from simbox.world import World


def describe(world: World) -> dict[str, Any]:
    """All boxes and sites."""
    return {
        "boxes": {name: describe_box(box) for name, box in world.boxes.items()},
        "sites": {key: describe_site(site) for key, site in world.sites.items()},
        "vendor": world.vendor.as_json(),
        "read_only": world.watch.read_only,
        "errors": world.errors,
    }


def describe_site(site: Site) -> dict[str, Any]:
    """The site's public side: who serves, outages."""
    return {
        "hostname": site.hostname,
        "shared_ip": site.shared_ip,
        "boxes": [box.name for box in site.boxes],
        "connected_clients": len(site.connected),
        "procedure": site.procedure,
        "moves": [move.as_json() for move in site.moves],
        **site.witness.as_json(),
    }


def describe_certificates(certificates: Certificates) -> list[dict[str, Any]]:
    """The certificates of a box; `private_key`: is it there?"""
    return [
        {
            "name": entry.name,
            "issued_to": entry.issued_to,
            "fingerprint": entry.fingerprint,
            "names": entry.names,
            "expires": entry.expires,
            "addresses": sorted(entry.addresses),
            "private_key": entry.key is not None,
            "complete": certificates.complete(entry),
        }
        for entry in certificates.entries.values()
    ]


def describe_box(box: Box) -> dict[str, Any]:
    """One box."""
    updates, failover, data = box.updates, box.failover, box.data
    running = updates.running
    settings = {name: setting.value for name, setting in data.settings.items()}
    settings[PRESHARED_KEY] = hashlib.sha256(settings[PRESHARED_KEY].encode()).hexdigest()
    return {
        "site": box.site.key,
        "address": box.config.address,
        "id": box.id,
        "serial": box.serial,
        "era": box.config.era,
        "language": box.config.language,
        "base": box.base,
        "product": box.product,
        "build": box.product_build,
        "fingerprint": box.fingerprint,
        "certificates": describe_certificates(box.certificates),
        "system": box.power.system,
        "software": box.power.software,
        "booted": box.power.booted,
        "healthy": box.is_healthy(),
        "factory": box.factory,
        "restored": box.restored,
        "reset": {"running": box.reset.running, "done": box.reset.done},
        "clock_offset": box.clock_offset,
        "ntp_server": box.ntp_server,
        "addresses": [dataclasses.asdict(entry) for entry in box.addresses],
        "bare": box.bare,
        "troubles": sorted(box.troubles),
        "busy": box.busy.as_json(),
        "failover": {
            "role": failover.role,
            "syncing": failover.sync_started is not None,
            "swapping": failover.swapping,
            "last_sync": failover.last_sync,
            "last_status": failover.last_status,
            "automatic": failover.automatic,
        },
        "updates": {
            "running": {"package": running.package.id, "phase": running.phase, "by": running.by} if running else None,
            "last": {"package": updates.last.package.id, "good": updates.last.good} if updates.last else None,
            "base_failed": updates.base_failed,
            "started": updates.started,
            "downloaded": sorted(updates.downloaded),
        },
        "backups": [mark.for_pair for mark in box.site.backups if mark.box == box.name],
        "users": [user.username for user in box.users.values()],
        "sessions": {lsid: dataclasses.asdict(record) for lsid, record in data.sessions.items()},
        "settings": settings,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in data.files.items()},
        "jump_clients": jump_clients(box),
        "most_upgrading": box.most_upgrading,
    }
