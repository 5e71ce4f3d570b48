# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One box: how it is reached, who it is, and by which way each thing is asked of it.

A documented API comes first, a web page where there is none (appliance-interface.md section 11.1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import CommandApi, Health, date_of
from ansible_collections.bt_ops.pra.plugins.module_utils._api._door import Door, look_at_door
from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import Api, ApiAccount
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context, Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    ApiFailed,
    BadInput,
    NeedsPerson,
    NotPermitted,
    Refused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, private_folder, store, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._handshake import Presented, presented
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import ALL, SETTING, Manual, driving
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import READ_SECONDS, Endpoint, Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._web._basics_page import Basics, read_basics
from ansible_collections.bt_ops.pra.plugins.module_utils._web._browser import stop_browsers
from ansible_collections.bt_ops.pra.plugins.module_utils._web._failover_page import FailoverPage, open_failover
from ansible_collections.bt_ops.pra.plugins.module_utils._web._information_page import read_information
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account, Choice, Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

Application = Literal["login", "appliance"]


@dataclass(frozen=True)
class Connection:
    """Everything that is needed to reach one box and log in on it.

    `labels` are the user's own words for its pages, `manual` the steps that a person does there, `most_seconds` is how
    long an answer of its pages may take.
    """

    name: str
    endpoint: Endpoint
    appliance: Account | None = None
    login: Account | None = None
    api: ApiAccount | None = None
    language: str = "en"
    serial: str = ""
    labels: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    manual: Manual = field(default_factory=Manual)
    most_seconds: float = READ_SECONDS
    web_engine: Choice = "auto"


@dataclass(frozen=True)
class Identity:
    """Who a box says it is; empty where no way was open to ask."""

    appliance_id: str = ""
    serial: str = ""

    def names(self) -> set[str]:
        """Both names as they are compared."""
        return {_plain(name) for name in (self.appliance_id, self.serial) if name}


@dataclass
class Box:
    """A box, asked when something is wanted of it and not before."""

    connection: Connection
    context: Context
    run_dir: str = ""
    _known: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        """The name by which people know the box."""
        return self.connection.name

    def say(self, line: str) -> None:
        """Print a line of progress about this box."""
        self.context.say(f"[{self.name}] {line}")

    @cached_property
    def words(self) -> Words:
        """The words on this box's pages."""
        return Words(self.connection.language, self.connection.labels)

    @cached_property
    def api(self) -> Api | None:
        """Its APIs, where an API account was given."""
        if self.connection.api is None:
            return None
        return Api(Transport(self.connection.endpoint), self.connection.api, self.context.memory)

    @cached_property
    def command(self) -> CommandApi | None:
        """Its command API, where an API account was given."""
        return CommandApi(self.api) if self.api else None

    @cached_property
    def login(self) -> Site:
        """The site of the product, ``/login``."""
        return self._site("login", self.connection.login)

    @cached_property
    def appliance(self) -> Site:
        """The site of the base software, ``/appliance``."""
        return self._site("appliance", self.connection.appliance)

    def _site(self, application: Application, account: Account | None) -> Site:
        if self.connection.manual.everything:
            raise NeedsPerson(
                f"This would be read or done on the pages of {self.name}, none of which is opened ({SETTING}: {ALL}).",
                advice="Do it by hand, or name the steps that a person does one by one (docs/manual.md).",
            )
        endpoint = self.connection.endpoint
        memory = self.context.memory.of(f"{endpoint.origin} {endpoint.address} {account.username if account else ''}")
        if memory.load("endpoint") is None:  # whoever ends the session at the end of the run has only the memory
            others = {name: getattr(self.connection, name) for name in ("language", "labels", "web_engine")}
            memory.save("endpoint", {**asdict(endpoint), **others})
        transport = Transport(endpoint, most_seconds=self.connection.most_seconds)
        engine = self.connection.web_engine
        return Site(transport, application, account, self.words, memory, self._keep_copy, engine, self.context.wrote)

    def is_known_at(self, endpoint: Endpoint, application: Application) -> bool:
        """Whether whoever answers at another endpoint knows the session that this box gave; nobody logs in there."""
        if application == "login":
            own = self.login
            own.open("menu.status", "menu.information")
        else:
            own = self.appliance
            own.open("menu.status", "menu.basics")
        guest = Memory()
        guest.save(f"{application}.session", own.session())
        engine = self.connection.web_engine
        return Site(Transport(endpoint), application, None, self.words, guest, engine=engine).is_alive()

    def _keep_copy(self, name: str, html: str) -> str:
        """Put a redacted copy of a page into the run folder and tell where; empty without a run folder."""
        if not self.run_dir or self.context.check_mode:
            return ""
        folder = private_folder(str(Path(self.run_dir) / "pages"))
        return store([html.encode()], folder / f"{file_name(self.name)}-{file_name(name)}.html").path

    @cached_property
    def _probe(self) -> Transport:
        return Transport(self.connection.endpoint)

    def is_healthy(self, seconds: float = 5.0) -> bool:
        """The plain health probe that needs no account: HTTP 200 or 500.

        :raises Unreachable: no answer, or one that says that the site is not up.
        """
        answer = self._ask_health(seconds)
        if answer.status_code not in (200, 500):
            raise Unreachable(f"{self.connection.endpoint} answers HTTP {answer.status_code} to the health probe.")
        return answer.status_code == 200

    def lacks_software(self) -> bool:
        """Whether the box answers and has no site: no software for it yet, or none that is up.

        :raises Unreachable: it does not answer.
        """
        answer = self._probe.request("GET", "/login", headers={"Connection": "close"})
        return answer.status_code in (404, 503)

    def door(self) -> Door:
        """What answers at the box's address, asked without any account."""
        return look_at_door(self._probe)

    def presented(self, address: str = "", name: str = "") -> Presented:
        """The certificate that the box shows at its own address or another, asked by its own name or another."""
        own = self.connection.endpoint
        return presented(replace(own, address=address or own.address, name=name or own.name or own.address))

    def _ask_health(self, seconds: float) -> requests.Response:
        return self._probe.request(
            "GET", "/check_health", headers={"Connection": "close"}, connect_seconds=seconds, read_seconds=seconds
        )

    def time(self, seconds: float = 5.0) -> float | None:
        """The box's clock in seconds since 1970, None where its answer to the health probe tells none."""
        return date_of(self._ask_health(seconds))

    def health(self) -> Health:
        """What the box tells of itself now: by the command API, else by its pages."""
        if self.command is not None:
            try:
                health = self.command.health()
            except (ApiFailed, NotPermitted):
                if self.connection.login is None:
                    raise
                health = self._health_of_pages()
        else:
            health = self._health_of_pages()
        self.recognise(Identity(appliance_id=health.appliance_id))
        return health

    @driving(ALL)
    def _health_of_pages(self) -> Health:
        information = read_information(self.login)
        failover = open_failover(self.login)
        healthy = self.is_healthy()
        return Health(
            appliance_id="",
            host_name="",
            version=information.version,
            build=information.build,
            healthy=healthy,
            message="" if healthy else "the health probe answers 500",
            role=failover.role,
            shared_ips=(),
            last_sync=None,  # the page's words for a time are not documented, so they are not compared with a clock
            last_sync_status=failover.last_sync_status,
            source="pages",
            box_time=None,
        )

    @driving(ALL)
    def basics(self) -> Basics:
        """What ``/appliance > Status > Basics`` shows: serial, base software, clock."""
        basics = read_basics(self.appliance)
        self.recognise(Identity(appliance_id=basics.appliance_id, serial=basics.serial))
        return basics

    def failover_page(self) -> FailoverPage:
        """``/login > Management > Failover`` as it is now."""
        return open_failover(self.login)

    def recognise(self, seen: Identity) -> None:
        """Stop unless this is the box that was named, or that was met under this name before (C1).

        :raises Refused: another box answers.
        """
        if self._known or not seen.names():
            return
        expected = self.connection.serial
        if expected and seen.appliance_id and seen.serial and _plain(expected) not in seen.names():
            raise _stranger(self.name, expected, seen)
        comparable = len(seen.names()) == 1 and _looks_like_id(expected) == bool(seen.appliance_id)
        if expected and comparable and _plain(expected) not in seen.names():
            raise _stranger(self.name, expected, seen)
        self._compare_with_first_contact(seen)

    def _compare_with_first_contact(self, seen: Identity) -> None:
        if not self.run_dir:
            return
        folder = Path(self.run_dir) / "boxes"
        known = {name: _record(path) for path in sorted(folder.glob("*.json")) for name in [path.stem]}
        name = file_name(self.name)
        mine = known.get(name, {})
        for key, value in (("appliance_id", seen.appliance_id), ("serial", seen.serial)):
            if value and mine.get(key) and _plain(mine[key]) != _plain(value):
                raise _stranger(self.name, mine[key], seen)
            for other, kept in known.items():
                if value and other != name and _plain(kept.get(key, "")) == _plain(value):
                    raise Refused(
                        f"{self.name} answers as {value}, which is the box {other}: both names lead to one box.",
                        advice="Correct ansible_host in the inventory.",
                        guide=("G23",),
                    )
        now = {**mine, **{k: v for k, v in (("appliance_id", seen.appliance_id), ("serial", seen.serial)) if v}}
        if now != mine and not self.context.check_mode:
            private_folder(str(folder))
            store_json(now, folder / f"{name}.json")

    def hurry(self, most_seconds: float) -> None:
        """From now on wait no longer than that for an answer of a page of ``/appliance``."""
        self.appliance.transport.most_seconds = most_seconds

    def hurried(self, most_seconds: float, context: Context) -> Box:
        """The same box over connections of its own, where no answer of a page is waited for any longer."""
        return Box(replace(self.connection, most_seconds=most_seconds), context, self.run_dir)

    def at(self, address: str, port: int, authority: str) -> Box:
        """The same accounts asked at another address under another name: the site's public one."""
        endpoint = replace(self.connection.endpoint, address=address, port=port, authority=authority, name=authority)
        return Box(replace(self.connection, endpoint=endpoint), self.context)


def _stranger(name: str, expected: str, seen: Identity) -> Refused:
    shown = " / ".join(part for part in (seen.serial, seen.appliance_id) if part)
    return Refused(
        f"{name} must be the box {expected}, but the box that answers is {shown}.",
        advice="Correct ansible_host or bt_serial; if the box was exchanged, remove its file in the folder boxes.",
        guide=("G23",),
    )


def first_contact(run_dir: str, name: str) -> Identity:
    """Who was met under a name before; nobody where nothing is known."""
    path = Path(run_dir) / "boxes" / f"{file_name(name)}.json"
    kept = _record(path) if run_dir and path.exists() else {}
    return Identity(kept.get("appliance_id", ""), kept.get("serial", ""))


def _record(path: Path) -> dict[str, str]:
    """Who was met under a name before."""
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise Refused(
            f"{path} is damaged, so it is not known which box {path.stem} must be.", advice="Remove that file."
        )
    return {str(key): str(name) for key, name in value.items()}


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _looks_like_id(name: str) -> bool:
    """An appliance id is 32 hexadecimal digits; a serial is not."""
    plain = _plain(name)
    return len(plain) == 32 and all(letter in "0123456789abcdef" for letter in plain)


LOG_OUT_SECONDS = 3.0


def end_sessions(kept: Mapping[str, Mapping[str, Any]], memory: Memory) -> None:
    """Log out of every site of which `kept`, what `memory` holds, has a session.

    A box that does not answer now keeps its session until that times out.
    """
    for key, value in kept.items():
        owner, _space, name = key.rpartition(" ")
        where = dict(kept.get(f"{owner} endpoint", {}))
        if not value or not where:
            continue
        language, labels, engine = (where.pop(part) for part in ("language", "labels", "web_engine"))
        for application in ("login", "appliance"):
            if name == f"{application}.session":
                transport = Transport(Endpoint(**where), most_seconds=LOG_OUT_SECONDS)
                words = Words(language, labels)
                Site(transport, application, None, words, memory.of(owner), engine=engine).log_out()
    stop_browsers()


def require(box: Box, what: str, *ways: Literal["api", "login", "appliance"]) -> None:
    """Stop in one sentence when no account was given by which `what` could be done.

    Where everything is done by hand, that is an API account: nothing else tells what a person has done.

    :raises BadInput: naming the variables that are missing.
    """
    if box.connection.manual.everything:
        ways = ("api",)
    have = {"api": box.connection.api, "login": box.connection.login, "appliance": box.connection.appliance}
    if not any(have[way] for way in ways):
        named = " or ".join(
            {
                "api": "bt_api_client_id and bt_api_client_secret",
                "login": "bt_login_username and bt_login_password",
                "appliance": "bt_appliance_username and bt_appliance_password",
            }[way]
            for way in ways
        )
        raise BadInput(f"{what} on {box.name} needs {named}.", state="Nothing was changed.")
