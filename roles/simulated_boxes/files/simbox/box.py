# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One simulated box: its identity, what is installed, its data, and the parts that make it act."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simbox.busy import Busy
from simbox.certificates import Certificates
from simbox.config import AccountConfig, BoxConfig
from simbox.data import Account, SiteData
from simbox.failover import Failover
from simbox.hashed import hash_secret
from simbox.power import Power
from simbox.reset import Reset
from simbox.tokens import Tokens
from simbox.updates import Updates
from simbox.versions import build_of

if TYPE_CHECKING:
    from simbox.site import Site
    from simbox.web import WebSite
    from simbox.world import World


@dataclass
class IpEntry:
    """An address on Networking > IP Configuration."""

    address: str
    netmask: str
    enabled: bool
    shared: bool


@dataclass
class User:
    """A person who is logged in to the access console."""

    id: int
    username: str
    display_name: str
    since: float


@dataclass(frozen=True)
class Credentials:
    """What a client needs to get in, in clear: for the inventory that is written at the start."""

    appliance: AccountConfig
    login: AccountConfig
    client_id: str
    client_secret: str


class Box:
    """A box. `login` and `appliance` are its two web sites; they are put in place by the world."""

    login: WebSite
    appliance: WebSite

    def __init__(self, world: World, site: Site, config: BoxConfig, data: SiteData, certificates: Certificates) -> None:
        self.world = world
        self.site = site
        self.config = config
        self.name = config.name
        self.id = secrets.token_hex(16)
        self.serial = f"BPRA-{secrets.randbelow(10**8):08d}"
        self.base = config.base
        # With which status all but /appliance answers while no product is installed; 0 with one.
        self.bare = config.bare
        self.product = "0" if config.bare else config.product
        self.product_build = build_of(config.product)
        self.data = data
        self.certificates = certificates
        self.factory = config.factory
        # The manifest of the backup that was restored last.
        self.restored: dict[str, Any] | None = None
        self.clock_offset = 0.0
        self.ntp_server = "clock.bomgar.com"
        self.addresses = [IpEntry(config.address, "255.255.255.0", True, False)]
        if site.shared_ip:
            self.addresses.append(IpEntry(site.shared_ip, "255.255.255.0", config.role == "primary", True))
        self.healthy = True
        self.xml_api = site.config.api.xml
        self.troubles: set[str] = set()
        self.busy = Busy()
        self.users: dict[int, User] = {}
        # Jump Clients that upgrade now, and how many at most did so at once.
        self.upgrading: set[int] = set()
        self.most_upgrading = 0
        # Until when (monotonic seconds) the JSON API repeats which status and body of /health.
        self.health_cache: tuple[float, int, dict[str, Any]] | None = None
        account = config.appliance
        self.appliance_accounts = {
            account.username: Account(account.username, hash_secret(account.password), account.must_change_password)
        }
        self.power = Power(self)
        self.tokens = Tokens(self)
        self.failover = Failover(self, config.role)
        self.updates = Updates(self)
        self.reset = Reset(self)

    def now(self) -> float:
        """The box's clock, Unix seconds."""
        return time.time() + self.clock_offset

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate that a client of the site gets, hexadecimal."""
        return self.certificates.serving(self.config.address, self.site.hostname).fingerprint

    @property
    def trusted(self) -> bool:
        """Do clients of the site trust the certificate that they get here?"""
        return self.certificates.trusted(self.config.address, self.site.hostname)

    def live_addresses(self) -> list[str]:
        """Addresses at which the box wants to answer."""
        return [entry.address for entry in self.addresses if entry.enabled]

    def holds(self, address: str) -> bool:
        """Does this box answer at `address` now?"""
        return self.world.net.owner(address) is self

    def shared_enabled(self) -> list[str]:
        """Shared addresses that are enabled here."""
        return [entry.address for entry in self.addresses if entry.shared and entry.enabled]

    def serves(self) -> bool:
        """Could a user work here: up, healthy, not a backup?"""
        return self.is_ready() and self.failover.role != "backup"

    def is_ready(self) -> bool:
        """Is it up and healthy?"""
        return self.power.up and not self.bare and self.is_healthy()

    def is_healthy(self) -> bool:
        """What /check_health says."""
        return self.healthy and "unhealthy" not in self.troubles

    async def while_trouble(self, name: str) -> None:
        """Wait for as long as the trouble of this name lasts; not at all for an empty name."""
        while name in self.troubles:
            await asyncio.sleep(0.02)

    def forget_software(self) -> None:
        """The site's software stops: log-ins to /login, tokens and users' sessions end."""
        self.login.end_sessions()
        self.tokens.clear()
        self.health_cache = None
        self.disconnect_users()
        self.login.draw_names()

    def forget_system(self) -> None:
        """The box stops: log-ins to /appliance end as well."""
        self.appliance.end_sessions()

    def draw_names(self) -> None:
        """New paths and field names on both web sites."""
        self.login.draw_names()
        self.appliance.draw_names()

    def disconnect_users(self) -> None:
        """Users lose their connection; their open sessions end now."""
        self.users.clear()
        for record in self.data.open_sessions():
            if record.box == self.name:
                record.ended = self.now()
