# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is simulated: sites, their boxes, the vendor's catalogue, durations. Read from YAML or built in tests."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import yaml

from simbox.eras import TRAITS
from simbox.versions import numbers

Role = Literal["none", "primary", "backup"]
T = TypeVar("T")
LEAST_PACKAGE = 4096


class ConfigError(ValueError):
    """The configuration cannot be used; the text names the entry."""


@dataclass
class Durations:
    """How long things take, in seconds; `scale` stretches all of them."""

    scale: float = 1.0
    sync: float = 2.0
    first_sync_delay: float = 1.0
    role_swap: float = 0.3
    base_install: float = 6.0
    base_outage: float = 2.5
    product_install: float = 8.0
    product_outage: float = 3.0
    unhealthy: float = 0.7
    restart: float = 1.5
    reset: float = 4.0
    backup: float = 0.3
    restore: float = 0.5
    check: float = 0.2
    health_cache: float = 1.0
    client_return: float = 0.5
    client_upgrade: float = 0.3
    passive_return: float = 600.0
    session: float = 1800.0
    lockout: float = 300.0
    token: float = 3600.0
    key: float = 86400.0

    def of(self, name: str) -> float:
        """The scaled duration called `name`, in seconds."""
        return float(getattr(self, name)) * self.scale


@dataclass
class PackageConfig:
    """One update of the vendor's. `requires_base` is the least base version; `build` is derived when absent; `size` is
    that of the file, in bytes."""

    kind: Literal["base", "product"]
    version: str
    requires_base: str = ""
    build: str = ""
    eula: bool = False
    eula_told: bool = False
    size: int = 1_000_000


@dataclass
class AccountConfig:
    """An account of one of the web sites, or (with id and secret) of the APIs; drawn at random when absent."""

    username: str = ""
    password: str = ""
    must_change_password: bool = False


@dataclass
class ApiConfig:
    """The API account and which APIs a box has."""

    client_id: str = ""
    client_secret: str = ""
    command: Literal["deny", "read_only", "full_access"] = "full_access"
    backup: bool = True
    configuration: bool = True
    xml: bool = True
    v2: bool = True
    namespace: str = "http://www.beyondtrust.com/sra/namespaces/API/command"


@dataclass
class BoxConfig:
    """One box. `name` is its own host name, `address` a loopback address of its own. `factory`: it is new, with the
    factory credentials on /login and nothing set up. `bare`: it has no site software either, so all but /appliance
    answers with that status, 404 or 503 (GUESS, 11.4 number 7), until a product is installed."""

    name: str
    address: str
    role: Role = "none"
    era: str = "divs"
    language: Literal["en", "nl"] = "en"
    base: str = "6.1.0"
    product: str = "23.3.1"
    appliance: AccountConfig = field(default_factory=AccountConfig)
    appliance_agreement: bool = False
    login_agreement: bool = False
    factory: bool = False
    bare: int = 0
    shows_preshared_key: bool = False


@dataclass
class SiteConfig:
    """A site: one box, or a pair whose boxes have the roles primary and backup."""

    key: str
    hostname: str
    boxes: list[BoxConfig]
    shared_ip: str = ""
    target_version: str = ""
    preshared_key: str = ""
    login: AccountConfig = field(default_factory=AccountConfig)
    api: ApiConfig = field(default_factory=ApiConfig)
    separate_certificates: bool = False
    active_clients: int = 6
    passive_clients: int = 2
    users: int = 3
    sessions: int = 12


@dataclass
class VendorConfig:
    """The vendor's update server; without `address` there is none. `bytes_per_second` 0: as fast as it can."""

    address: str = ""
    hostname: str = "update.example.test"
    era: str = "divs"
    language: Literal["en", "nl"] = "en"
    bytes_per_second: int = 0


@dataclass
class Config:
    """Everything that one process simulates. Port 0 means: choose one that is free on every address. With
    `private_addresses` boxes may have such an address beside loopback ones: for network namespaces."""

    sites: list[SiteConfig]
    catalogue: list[PackageConfig] = field(default_factory=list)
    durations: Durations = field(default_factory=Durations)
    vendor: VendorConfig = field(default_factory=VendorConfig)
    port: int = 0
    control_port: int = 0
    lockout_after: int = 3
    private_addresses: bool = False


def build(kind: type[T], raw: object, where: str) -> T:
    """Make a dataclass from a mapping; unknown, missing and wrongly typed entries raise ConfigError."""
    if not isinstance(raw, Mapping):
        raise ConfigError(f"{where}: a mapping is needed, not {type(raw).__name__}")
    types = get_type_hints(kind)
    unknown = sorted(set(map(str, raw)) - set(types))
    if unknown:
        raise ConfigError(f"{where}: unknown entry {unknown[0]!r}; known are {', '.join(types)}")
    values = {str(name): _value(types[str(name)], entry, f"{where}.{name}") for name, entry in raw.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(f"{where}: {str(error).partition('__init__() ')[2] or error}") from error


def _value(kind: Any, raw: object, where: str) -> object:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return build(kind, raw, where)
    if get_origin(kind) is list:
        if not isinstance(raw, list):
            raise ConfigError(f"{where}: a list is needed")
        return [_value(get_args(kind)[0], entry, f"{where}[{index}]") for index, entry in enumerate(raw)]
    if get_origin(kind) is Literal:
        if raw not in get_args(kind):
            raise ConfigError(f"{where}: {raw!r} is none of {', '.join(get_args(kind))}")
        return raw
    fits = isinstance(raw, (int, float) if kind is float else kind) and isinstance(raw, bool) == (kind is bool)
    if not fits or (isinstance(raw, (int, float)) and raw < 0):
        raise ConfigError(f"{where}: {raw!r} is not a {kind.__name__}")
    return float(raw) if isinstance(raw, int) and kind is float else raw


def load(text: str) -> Config:
    """Read a configuration from YAML text; raises ConfigError with a sentence that names the entry."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"not YAML: {error}") from error
    config = build(Config, raw, "config")
    check(config)
    return config


def check(config: Config) -> None:
    """Refuse what contradicts itself."""
    names: set[str] = set()
    addresses: set[str] = set()
    for site in config.sites:
        roles = sorted(box.role for box in site.boxes)
        if roles not in (["none"], ["backup", "primary"], ["none", "none"]):
            raise ConfigError(f"site {site.key}: the roles {roles} make neither a single box nor a pair")
        if site.target_version not in ("", "latest"):
            numbers(site.target_version)
        for box in site.boxes:
            if box.era not in TRAITS:
                raise ConfigError(f"box {box.name}: era {box.era!r} is none of {', '.join(TRAITS)}")
            if box.name in names or box.name == site.hostname:
                raise ConfigError(f"box {box.name}: the name is used twice")
            names.add(box.name)
            numbers(box.base)
            numbers(box.product)
            if box.bare not in (0, 404, 503) or (box.bare and not box.factory):
                raise ConfigError(f"box {box.name}: bare must be 404 or 503, on a factory box")
        for address in [box.address for box in site.boxes] + ([site.shared_ip] if site.shared_ip else []):
            if not _is_allowed(address, config.private_addresses):
                raise ConfigError(f"site {site.key}: {address!r} is no loopback address")
            if address in addresses:
                raise ConfigError(f"site {site.key}: {address} is used twice")
            addresses.add(address)
    for package in config.catalogue:
        numbers(package.version)
        if package.size < LEAST_PACKAGE:
            raise ConfigError(f"package {package.version}: a size of at least {LEAST_PACKAGE} bytes is needed")
    vendor = config.vendor
    if vendor.address and (not _is_allowed(vendor.address, config.private_addresses) or vendor.address in addresses):
        raise ConfigError(f"vendor: {vendor.address!r} is no loopback address or used twice")
    if vendor.era not in TRAITS:
        raise ConfigError(f"vendor: era {vendor.era!r} is none of {', '.join(TRAITS)}")


def _is_allowed(text: str, private: bool) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or (private and address.is_private)
