# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a site's software holds: settings, session records, clients, accounts. A sync and a backup move exactly this."""

from __future__ import annotations

import base64
import dataclasses
import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

PRESHARED_KEY = "security.inter_appliance_preshared_key"
CLIENT_LIMIT = "jump_clients.maximum_concurrent_upgrades"
CLIENT_BANDWIDTH = "jump_clients.maximum_upgrade_bandwidth"
CLIENT_RATE = "jump_clients.connection_rate"
CLIENT_UPGRADES = "jump_clients.automatic_upgrades"
# Limits of Jump Clients as they come from the factory (7.4; the limit itself is GUESS, 11.4 number 12).
CLIENT_DEFAULTS = {CLIENT_LIMIT: "50", CLIENT_BANDWIDTH: "100", CLIENT_RATE: "50", CLIENT_UPGRADES: "always"}


@dataclass
class Setting:
    """A named setting and when it was last changed (Unix seconds, this box's clock)."""

    value: str
    changed: float


@dataclass
class SessionRecord:
    """A session of a user with a remote system; `ended` is None while it is open."""

    lsid: str
    user: str
    client: str
    started: float
    ended: float | None
    box: str
    external_key: str = ""


@dataclass
class JumpClient:
    """An installed Jump Client; `version` is the product version that it runs. `lost`: it does not come back."""

    id: int
    name: str
    hostname: str
    connection_type: Literal["active", "passive"]
    operating_system: str
    version: str
    last_connect: float
    last_disconnect: float | None = None
    lost: bool = False


@dataclass
class Account:
    """An account of a web site. `failures` counts refused log-ins since the last good one."""

    username: str
    hashed: str
    must_change_password: bool = False
    failures: int = 0
    locked_until: float = 0.0


@dataclass
class ApiAccount:
    """An account of the APIs, with the permissions of appliance-interface.md 1."""

    client_id: str
    hashed: str
    command: str
    backup: bool
    configuration: bool
    enabled: bool = True
    failures: int = 0


@dataclass
class SiteData:
    """All of it. `files` is the file store."""

    settings: dict[str, Setting] = field(default_factory=dict)
    sessions: dict[str, SessionRecord] = field(default_factory=dict)
    clients: dict[int, JumpClient] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    api_accounts: dict[str, ApiAccount] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def set(self, name: str, value: str, now: float) -> None:
        """Give a setting a value; an equal value is no change."""
        old = self.settings.get(name)
        if old is None or old.value != value:
            self.settings[name] = Setting(value, now)

    def value(self, name: str, default: str = "") -> str:
        """The value of a setting."""
        setting = self.settings.get(name)
        return setting.value if setting else default

    def last_change(self) -> float:
        """When a setting was last changed or a session last ended or began."""
        changes = [setting.changed for setting in self.settings.values()]
        changes += [record.ended or record.started for record in self.sessions.values()]
        return max(changes, default=0.0)

    def configured(self) -> dict[str, str]:
        """What people have set: every setting, and the accounts that there are."""
        settings = {name: setting.value for name, setting in self.settings.items()}
        return {**settings, **{f"account {name}": "" for name in self.accounts}}

    def open_sessions(self) -> list[SessionRecord]:
        """Sessions that have not ended."""
        return [record for record in self.sessions.values() if record.ended is None]

    def copy(self) -> SiteData:
        """An independent copy."""
        return from_json(to_json(self))


def merge(primary: SiteData, backup: SiteData) -> tuple[SiteData, SiteData]:
    """A data sync: the primary's settings overwrite the backup's, finished session records go both ways (10, G34)."""
    finished = {
        lsid: record for side in (backup, primary) for lsid, record in side.sessions.items() if record.ended is not None
    }
    still_open = {record.lsid: record for record in primary.open_sessions() if record.lsid not in finished}
    new_backup = dataclasses.replace(primary, sessions=finished).copy()
    primary.sessions = {**finished, **still_open}
    return primary, new_backup


def new_lsid() -> str:
    """An id of a session record."""
    return secrets.token_hex(16)


def to_json(data: SiteData) -> dict[str, Any]:
    """The data as JSON-able values."""
    raw = dataclasses.asdict(dataclasses.replace(data, files={}))
    raw["clients"] = list(raw["clients"].values())
    raw["files"] = {name: base64.b64encode(content).decode() for name, content in data.files.items()}
    return raw


def from_json(raw: dict[str, Any]) -> SiteData:
    """The inverse of to_json; raises KeyError or TypeError for other input."""
    return SiteData(
        settings={name: Setting(**entry) for name, entry in raw["settings"].items()},
        sessions={name: SessionRecord(**entry) for name, entry in raw["sessions"].items()},
        clients={entry["id"]: JumpClient(**entry) for entry in raw["clients"]},
        accounts={name: Account(**entry) for name, entry in raw["accounts"].items()},
        api_accounts={name: ApiAccount(**entry) for name, entry in raw["api_accounts"].items()},
        files={name: base64.b64decode(content) for name, content in raw["files"].items()},
    )
