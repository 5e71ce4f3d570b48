# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that one process simulates, put together from a configuration."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
import traceback
from collections.abc import Coroutine
from typing import Any, Literal, TypeVar

import trustme
from cryptography import x509

from simbox import factory
from simbox.box import Box, Credentials, User
from simbox.certificates import Certificate, Certificates, issue
from simbox.clients import live
from simbox.config import AccountConfig, BoxConfig, Config, SiteConfig
from simbox.data import (
    CLIENT_DEFAULTS,
    PRESHARED_KEY,
    Account,
    ApiAccount,
    JumpClient,
    SessionRecord,
    SiteData,
    new_lsid,
)
from simbox.eras import TRAITS
from simbox.faults import Faults
from simbox.gateway import Gateway
from simbox.hashed import hash_secret
from simbox.holds import Holds
from simbox.log import RequestLog
from simbox.net import Net, free_port
from simbox.site import Site
from simbox.vendor import Vendor
from simbox.vendor_site import VendorSite
from simbox.watch import Watch
from simbox.web import WebSite
from simbox.web_appliance import APPLIANCE_PAGES
from simbox.web_login import LOGIN_PAGES
from simbox.words import Words

T = TypeVar("T")
DAY = 86400.0


class World:
    """`boxes` by their own name, `sites` by key. `errors` are defects of the simulator, which a test should see."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.durations = config.durations
        self.boxes: dict[str, Box] = {}
        self.sites: dict[str, Site] = {}
        self.credentials: dict[str, Credentials] = {}
        self.log = RequestLog()
        self.faults = Faults()
        self.watch = Watch()
        self.holds = Holds()
        # Every cookie, form token and API token that a box has given out.
        self.given: set[str] = set()
        self.errors: list[str] = []
        self.ca = trustme.CA(organization_name="Simulated boxes")
        self.issuer = trustme.CA(parent_cert=self.ca, organization_name="Simulated boxes, intermediate")
        self.root = x509.load_pem_x509_certificate(self.ca.cert_pem.bytes())
        self._tasks: set[asyncio.Task[Any]] = set()
        addresses = [box.address for site in config.sites for box in site.boxes]
        addresses += [site.shared_ip for site in config.sites if site.shared_ip]
        addresses += [config.vendor.address] if config.vendor.address else []
        self.vendor = Vendor()
        self.vendor_site = VendorSite(self)
        self.net = Net(self, Gateway(self).handle, config.port or free_port(addresses))
        for site_config in config.sites:
            self._add_site(site_config)

    async def start(self) -> None:
        """Open the sockets and let time run."""
        await self.settle()
        if self.config.vendor.address:
            await self.vendor_site.open()
        self.spawn(live(self))

    async def close(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        self.vendor_site.close()
        await self.net.close()

    async def settle(self) -> None:
        """Make sockets and witnesses agree with the state of the boxes; to be called after every change of it."""
        await self.net.reconcile()
        for site in self.sites.values():
            box = site.public()
            serving = box.name if box is not None and box.serves() else None
            if site.witness.see(serving):
                for member in site.boxes:
                    if member.name != serving:
                        member.disconnect_users()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Let something happen in the background; an exception in it is a defect and is noted."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            text = "".join(traceback.format_exception(error))
            self.errors.append(text)
            print(text, file=sys.stderr, flush=True)

    def find(self, host: str, port: str) -> Box | None:
        """The box that one box reaches at host and port: by an own name or by an address that is up."""
        if port != str(self.net.port):
            return None
        named = self.boxes.get(host.lower())
        return named if named is not None else self.net.owner(host)

    def _add_site(self, config: SiteConfig) -> None:
        site = Site(config)
        self.sites[config.key] = site
        _fill(config.login, "admin-" + config.key)
        config.api.client_id = config.api.client_id or secrets.token_hex(20)
        config.api.client_secret = config.api.client_secret or secrets.token_urlsafe(33)
        config.preshared_key = config.preshared_key or secrets.token_urlsafe(24)
        data = _data(config, time.time())
        names = [config.hostname] + [name for box in config.boxes for name in (box.name, box.address)]
        if config.shared_ip:
            names.append(config.shared_ip)
        certificate = self.issue(config.hostname, names)
        for box_config in config.boxes:
            if config.separate_certificates:
                certificate = self.issue(config.hostname, names)
            _fill(box_config.appliance, "admin")
            self._add_box(site, box_config, factory.data() if box_config.factory else data.copy(), certificate)
        in_use = [box for box in site.boxes if box.config.role != "backup" and not box.factory]
        serving = in_use[0] if in_use else site.boxes[0]
        site.public_box = serving.name
        for number, name in enumerate(_people(config) if in_use else (), start=1):
            serving.users[number] = User(number, name, name.capitalize(), time.time() - 3600)

    def issue(self, title: str, names: list[str], days: float = 365.0) -> Certificate:
        """A new certificate for these names, from the CA that clients trust."""
        return issue(self.issuer, self.root, title, names, days)

    def factory_certificate(self, config: BoxConfig) -> Certificate:
        """What a new box serves: its own name and address, of the same CA so that clients can verify it (GUESS, 11.4
        number 11)."""
        own = self.issue("Factory Certificate", [config.name, config.address])
        own.addresses = {config.address}
        return own

    def _add_box(self, site: Site, config: BoxConfig, data: SiteData, certificate: Certificate) -> None:
        store = Certificates(self.root, self.factory_certificate(config), not TRAITS[config.era].assign)
        box = Box(self, site, config, data, store)
        if not config.factory:
            own = store.add(certificate.name, certificate.parsed())
            store.assign(own, {entry.address for entry in box.addresses})
        words = Words(config.language, TRAITS[config.era].older)
        box.login = WebSite(box, "login", LOGIN_PAGES, words)
        box.appliance = WebSite(box, "appliance", APPLIANCE_PAGES, words)
        site.boxes.append(box)
        self.boxes[config.name] = box
        login, api = site.config.login, site.config.api
        self.credentials[config.name] = Credentials(config.appliance, login, api.client_id, api.client_secret)


def _fill(account: AccountConfig, username: str) -> None:
    account.username = account.username or username
    account.password = account.password or secrets.token_urlsafe(18)


def _people(config: SiteConfig) -> list[str]:
    return [f"user{number}" for number in range(1, config.users + 1)]


def _data(config: SiteConfig, now: float) -> SiteData:
    """What a site holds that has been in use for a while. The file store is random, so that backups have a size."""
    login, api = config.login, config.api
    data = SiteData()
    settings = {
        "site.title": f"Remote access of {config.hostname}",
        "site.banner": "Welcome",
        "access.session_recording": "on",
        "access.maximum_session_minutes": "480",
        "security.idle_timeout": "30",
        PRESHARED_KEY: config.preshared_key,
        **CLIENT_DEFAULTS,
    }
    for name, value in settings.items():
        data.set(name, value, now - 20 * DAY)
    data.accounts[login.username] = Account(login.username, hash_secret(login.password), login.must_change_password)
    data.api_accounts[api.client_id] = ApiAccount(
        api.client_id, hash_secret(api.client_secret), api.command, api.backup, api.configuration
    )
    product = config.boxes[0].product
    for number in range(1, config.active_clients + config.passive_clients + 1):
        name = f"server{number:03d}"
        kind: Literal["active", "passive"] = "active" if number <= config.active_clients else "passive"
        data.clients[number] = JumpClient(number, name, f"{name}.example.test", kind, "Linux", product, now - DAY)
    people = _people(config)
    for number in range(config.sessions if people else 0):
        begun = now - 10 * DAY + number * 7200
        lsid, client = new_lsid(), f"server{number % 5 + 1:03d}"
        data.sessions[lsid] = SessionRecord(
            lsid, people[number % len(people)], client, begun, begun + 1800, config.boxes[0].name
        )
    data.files = {f"file{number}.bin": secrets.token_bytes(40_000) for number in range(1, 4)}
    return data
