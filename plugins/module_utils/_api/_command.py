# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command API: XML, and JSON v2 where a box has it (appliance-interface.md sections 2 and 3).

Both tell the same things, so both are read into the same record. XML is asked first: v2's health may be a minute old.
"""

from __future__ import annotations

import datetime
import email.utils
from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import Api, json_of, kind_of
from ansible_collections.bt_ops.pra.plugins.module_utils._deps import etree, requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, NotPermitted
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

# So many seconds old may be what the JSON form tells of the state of the box (appliance-interface.md section 3).
CACHED_SECONDS = 60.0
ROLES = ("none", "primary", "backup")


@dataclass(frozen=True)
class Health:
    """What a box tells of itself; times in seconds since 1970, None where it does not tell.

    `source` names the way: ``xml``, ``v2``. `box_time` is the box's clock when it answered.
    """

    appliance_id: str
    host_name: str
    version: Version | None
    build: str
    healthy: bool
    message: str
    role: str
    shared_ips: tuple[str, ...]
    last_sync: float | None
    last_sync_status: str
    source: str
    box_time: float | None


@dataclass(frozen=True)
class Info:
    """Which version of the API a box has, and what the account may do: right and value, as the box writes them.

    `box_time` is the clock of the box in seconds since 1970, None where it does not tell.
    """

    way: str
    version: str
    rights: dict[str, str]
    box_time: float | None = None

    def allows(self, right: str) -> bool:
        """Whether the account has a right such as ``perm_backup``."""
        return self.rights.get(right, "").casefold() not in ("", "0", "deny", "none", "false")


class CommandApi:
    """The calls that this collection needs of the command API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._way = ""

    def health(self) -> Health:
        """Identity, version, health, failover role and last data sync.

        :raises ApiFailed: neither form of the API gives an answer of the documented shape.
        """
        failures: list[str] = []
        for way, ask in (("xml", self._health_xml), ("v2", self._health_v2)):
            if self._way not in ("", way):
                continue
            try:
                health = ask()
            except (ApiFailed, NotPermitted) as error:
                failures.append(error.what)
                continue
            self._way = way
            return health
        if self._way:
            self._way = ""
        raise ApiFailed(" ".join(failures))

    def info_by_xml(self) -> Info:
        """Version and rights, by the XML API.

        :raises ApiFailed: the API is not there, or gives no answer of the documented shape.
        """
        answer = self._api.call("GET", "/api/command", params={"action": "get_api_info"})
        root = self._xml(answer, "get_api_info")
        if _local(root) != "api_information":
            raise ApiFailed(f"The command API of {self._where} does not answer get_api_info as documented.")
        rights = {
            str(node.get("name")): (node.text or "").strip()
            for node in root.iter()
            if _local(node) == "permission" and node.get("name")
        }
        stamp = _text(root, "timestamp")
        return Info("xml", _text(root, "api_version"), rights, float(stamp) if stamp.isdigit() else None)

    def info_by_json(self) -> Info:
        """The same by JSON v2.

        :raises ApiFailed: the API is not there, or gives no answer of the documented shape.
        """
        answer = self._api.call("GET", "/api/command/v2/info", accept="application/json")
        body = json_of(answer)
        if answer.status_code != 200 or not isinstance(body, dict) or not isinstance(body.get("permissions"), dict):
            raise ApiFailed(f"The command API v2 of {self._where} gave HTTP {answer.status_code}, {kind_of(answer)}.")
        rights = {str(name): str(value) for name, value in body["permissions"].items()}
        return Info(
            "v2", str(body.get("command_api_version") or ""), rights, moment(str(body.get("current_time") or ""))
        )

    def _health_xml(self) -> Health:
        answer = self._api.call("GET", "/api/command", params={"action": "check_health"})
        root = self._xml(answer, "check_health")
        appliance = _child(root, "appliance")
        sync = _child(root, "last_data_sync_time")
        stamp = sync.get("ts") if sync is not None else None
        version = _text(root, "version")
        found = Version.find(version)
        return Health(
            appliance_id=(appliance.get("id") or "").lower() if appliance is not None else "",
            host_name=(appliance.text or "").strip() if appliance is not None else "",
            version=found,
            build=found.build if found else "",
            healthy=_text(root, "success") == "1",
            message=_text(root, "error_message"),
            role=_role(_text(root, "failover_role")),
            shared_ips=tuple(
                (node.text or "").strip() for node in root.iter() if _local(node) == "ip" and (node.text or "").strip()
            ),
            last_sync=float(stamp) if stamp and stamp.isdigit() else moment(_text(root, "last_data_sync_time")),
            last_sync_status=_text(root, "last_data_sync_status"),
            source="xml",
            box_time=date_of(answer),
        )

    def _health_v2(self) -> Health:
        answer = self._api.call("GET", "/api/command/v2/health", accept="application/json")
        body = json_of(answer)
        # An unhealthy box answers 500 with the same fields and a message.
        if not isinstance(body, dict) or "appliance_id" not in body:
            raise ApiFailed(f"The command API v2 of {self._where} gave HTTP {answer.status_code}, {kind_of(answer)}.")
        build = str(body.get("build") or "")
        return Health(
            appliance_id=str(body.get("appliance_id") or "").lower(),
            host_name=str(body.get("appliance_hostname") or ""),
            version=Version.find(str(body.get("version") or "")),
            build=build,
            healthy=answer.status_code == 200,
            message=str(body.get("message") or ""),
            role=_role(str(body.get("failover_role") or "")),
            shared_ips=tuple(str(address) for address in body.get("enabled_shared_ips") or ()),
            last_sync=moment(str(body.get("last_data_sync") or "")),
            last_sync_status=str(body.get("last_data_sync_status") or ""),
            source="v2",
            box_time=date_of(answer),
        )

    @property
    def _where(self) -> str:
        return str(self._api.transport.endpoint)

    def _xml(self, answer: requests.Response, action: str) -> Any:
        """The root element of an answer; ``<error>`` counts under any status."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(answer.content, parser)
        except etree.XMLSyntaxError:
            root = None
        if root is None:
            raise ApiFailed(
                f"The command API of {self._where} gave HTTP {answer.status_code}, {kind_of(answer)} for {action}."
            )
        if _local(root) == "error":
            raise ApiFailed(
                f"The command API of {self._where} refused {action}: {''.join(map(str, root.itertext())).strip()[:200]}"
            )
        return root


def _local(node: Any) -> str:
    """The name of an element without its namespace, which differs between versions."""
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def _child(root: Any, name: str) -> Any:
    return next((node for node in root if _local(node) == name), None)


def _text(root: Any, name: str) -> str:
    node = _child(root, name)
    return (node.text or "").strip() if node is not None else ""


def _role(text: str) -> str:
    return text.lower() if text.lower() in ROLES else ""


def moment(text: str) -> float | None:
    """A time as the APIs write it, in seconds since 1970; ``+0000`` and ``+00:00``, with or without a fraction."""
    text = text.strip()
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z"):
        try:
            return datetime.datetime.strptime(text.replace("Z", "+0000"), form).timestamp()
        except ValueError:
            continue
    return None


def date_of(answer: requests.Response) -> float | None:
    """The clock of the box, from the Date header of its answer."""
    try:
        return email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None
