# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who is connected to a box, by the command API (appliance-interface.md sections 2.6 and 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import Api, json_of, kind_of
from ansible_collections.bt_ops.pra.plugins.module_utils._deps import etree
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, NotPermitted

CLIENT_KINDS = ("access_consoles", "asset_clients", "gateways")


@dataclass(frozen=True)
class Presence:
    """How many users are logged in, how many sessions they have open, how many clients of any kind are connected.

    `sessions` is None where the API does not tell; nobody has one open where no user is logged in.
    """

    users: int
    sessions: int | None
    clients: int

    @property
    def nobody(self) -> bool:
        """Whether nobody at all is here."""
        return not (self.users or self.sessions or self.clients)

    def __str__(self) -> str:
        sessions = "" if self.sessions is None else f", {self.sessions} open sessions"
        return f"{self.users} users logged in{sessions}, {self.clients} clients connected"


def ask_presence(api: Api) -> Presence:
    """Ask by JSON v2, whose answers are documented in full, else by XML.

    :raises ApiFailed: neither gives an answer that can be understood.
    """
    failures = []
    for ask in (_by_json, _by_xml):
        try:
            return ask(api)
        except (ApiFailed, NotPermitted) as error:
            failures.append(error.what)
    raise ApiFailed(" ".join(failures))


def _by_json(api: Api) -> Presence:
    counts, users = _rows(api, "/api/command/v2/appliance/client-count"), _rows(api, "/api/command/v2/user")
    return Presence(
        users=len(users),
        sessions=sum(_number(api, user, "session_count") for user in users),
        clients=sum(_number(api, row, kind) for row in counts for kind in CLIENT_KINDS),
    )


def _rows(api: Api, path: str) -> list[dict[str, Any]]:
    answer = api.call("GET", path, accept="application/json")
    rows = json_of(answer)
    if answer.status_code != 200 or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ApiFailed(
            f"{api.transport.endpoint} gave HTTP {answer.status_code}, {kind_of(answer)} for {path}, which is no list."
        )
    return rows


def _number(api: Api, row: dict[str, Any], key: str) -> int:
    value = row.get(key)
    if not isinstance(value, int):
        raise ApiFailed(f"{api.transport.endpoint} gives no number for {key}.")
    return value


def _by_xml(api: Api) -> Presence:
    return Presence(
        users=_elements(api, {"action": "get_logged_in_reps"}),
        sessions=None,
        clients=_elements(api, {"action": "get_connected_client_list", "type": "all", "summary_only": "0"}),
    )


def _elements(api: Api, params: dict[str, str]) -> int:
    """How many things an XML list holds.

    The shape of these lists is not documented for this product, so only an empty one is taken at its word: whatever
    stands in it and is neither empty nor the number 0 counts as somebody.
    """
    answer = api.call("GET", "/api/command", params=params)
    try:
        root = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None or answer.status_code != 200 or etree.QName(root).localname == "error":
        raise ApiFailed(
            f"The command API of {api.transport.endpoint} gave HTTP {answer.status_code}, {kind_of(answer)}"
            f" for {params['action']}."
        )
    return sum(_counts(child) for child in root)


def _counts(element: Any) -> int:
    """Somebody, or a container that may hold somebody: a number that it gives, else what is in it, else itself."""
    if not isinstance(element.tag, str):
        return 0
    text = (element.text or "").strip()
    if len(element):
        inner = sum(_counts(child) for child in element)
        return min(inner, 1) if any(not len(child) and (child.text or "").strip() for child in element) else inner
    if text.isdigit():
        return int(text)
    return 1 if text or element.attrib else 0
