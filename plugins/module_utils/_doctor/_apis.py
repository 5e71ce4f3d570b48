# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the documented APIs of a box give to the account at hand. Only questions are asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import Health, Info
from ansible_collections.bt_ops.pra.plugins.module_utils._api._config import jump_client_pages
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import AccountFinding, Finding, State
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    ApiFailed,
    BtError,
    LoginRefused,
    NotPermitted,
)

SITE = "API"
WHERE_RIGHTS = "/login > Management > API Configuration"
_KINDS = {"xml": "XML", "v2": "JSON v2"}


@dataclass
class ApiLook:
    """What came of asking. `infos` are by way; `failed` says why a way is not open, `denied` are those without right.

    `skew`: seconds that the clock of the box is ahead, None where no API tells.
    """

    account: AccountFinding
    infos: dict[str, Info] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    health: Health | None = None
    clients: str = ""
    skew: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the account was accepted."""
        return self.account.state == "accepted"

    def may(self, right: str) -> bool | None:
        """Whether the account has a right, None where no API tells."""
        told = [info.allows(right) for info in self.infos.values() if right in info.rights]
        if not told and right == "perm_command" and self.denied & {"xml", "v2"}:
            return False
        return any(told) if told else None

    @property
    def label(self) -> str:
        """The account in a sentence."""
        return f"the API account {self.account.name}"


def ask_apis(box: Box) -> ApiLook:
    """Get a token, once, and ask each API one small question."""
    account = box.connection.api
    command = box.command
    if account is None or box.api is None or command is None:
        told = "no API account was given (bt_api_client_id and bt_api_client_secret)"
        return ApiLook(AccountFinding(SITE, "", "missing", told))
    name = f"{account.client_id[:6]}…"
    try:
        token = box.api.token
    except BtError as error:
        state = "refused" if isinstance(error, LoginRefused) else "not_tried"
        return ApiLook(AccountFinding(SITE, name, state, error.what))
    found = ApiLook(AccountFinding(SITE, name, "accepted" if token else "refused"))
    ways: dict[str, Callable[[], Info]] = {"xml": command.info_by_xml, "v2": command.info_by_json}
    for way, ask in ways.items():
        try:
            info = found.infos[way] = ask()
            if info.box_time is not None:
                found.skew = info.box_time - time.time()
        except (ApiFailed, NotPermitted) as error:
            found.failed[way] = error.what
            if isinstance(error, NotPermitted):
                found.denied.add(way)
    if found.may("perm_command") is not False:
        try:
            found.health = command.health()
        except (ApiFailed, NotPermitted) as error:
            found.failed["health"] = error.what
    try:
        rows = next(jump_client_pages(box.api), [])
        found.clients = f"{len(rows)} on the first page of the list"
    except (ApiFailed, NotPermitted) as error:
        found.failed["config"] = error.what
    return found


def versions(look: ApiLook) -> str:
    """Which command APIs the box has, in a few words."""
    told = [f"{_KINDS[way]}{f' {info.version}' if info.version else ''}" for way, info in look.infos.items()]
    return " and ".join(told) or "none that answers"


def health_by_api(look: ApiLook) -> Finding | None:
    """How health and role will be read by API, None where that is not open."""
    if look.health is None:
        return None
    info = look.infos.get(look.health.source)
    version = f" {info.version}" if info and info.version else ""
    where = "/api/command" if look.health.source == "xml" else "/api/command/v2/health"
    return Finding("health", "ready", f"command API ({_KINDS[look.health.source]}{version})", where)


def why_no_health(look: ApiLook) -> tuple[str, str]:
    """Why health cannot be read by API, and the right that is missing for it."""
    if not look.is_open:
        return look.account.told, ""
    if look.may("perm_command") is False:
        return "", f"{look.label} lacks the right to the command API ({WHERE_RIGHTS})"
    return look.failed.get("health", "the command API is not open"), ""


def backup_of(look: ApiLook, ask_form: Callable[[], Finding]) -> Finding:
    """How a backup will be taken: by API, else by the form.

    :param ask_form: looks at the form, which is not needed where the API is sure to give one.
    """
    allowed = look.may("perm_backup")
    if look.is_open and allowed:
        return Finding("backup", "ready", "backup API", "/api/backup")
    form = ask_form()
    if look.is_open and allowed is None:
        unknown = f"whether {look.label} has the right to the backup API; else the form is used"
        state: State = "ready" if form.state == "ready" else "unseen"
        told = "" if state == "ready" else f"the form cannot be used: {form.told}"
        return replace(form, state=state, way=f"backup API, else {form.way}", told=told, unknown=unknown)
    right = f"{look.label} lacks the right to the backup API ({WHERE_RIGHTS})" if look.is_open else ""
    return replace(form, right=form.right or right)


def clients_by_api(look: ApiLook) -> Finding:
    """How Jump Clients are counted: there is no other way than the configuration API."""
    place = ("configuration API", "/api/config/v1/jump-client")
    if look.clients:
        return Finding("clients", "ready", *place)
    if not look.is_open:
        return Finding("clients", "by_hand", *place, told=look.account.told)
    right = ""
    if look.may("perm_configuration") is False:
        right = f"{look.label} lacks the right to the configuration API ({WHERE_RIGHTS})"
    return Finding("clients", "by_hand", *place, told=look.failed.get("config", ""), right=right)


def presence_by_api(look: ApiLook) -> Finding:
    """How it is found out who is connected: by the command API alone; a busy site is not asked for it here."""
    if look.health is not None:
        way = "JSON v2" if "v2" in look.infos else "XML"
        return Finding("presence", "ready", f"command API ({way})", "")
    told, right = why_no_health(look)
    return Finding("presence", "not_ready", "command API", "", told or right, right)
