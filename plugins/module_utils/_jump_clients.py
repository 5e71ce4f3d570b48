# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Jump Clients of a site: who was connected before an update, who is back after it (G12, G14, A12).

Active ones are a gate. Passive ones come by themselves within 24 hours, so they are only told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import moment
from ansible_collections.bt_ops.pra.plugins.module_utils._api._config import Row, jump_client_pages
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, DeadlinePassed, NotPermitted, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, is_served

NORMAL_SECONDS = 900.0
MOST_NAMES = 20
FEW = 5  # so many are told by name in a line of progress
# Pages of the list are asked for no faster than this: an API account may call 15,000 times an hour.
SECONDS_A_PAGE = 0.5


@dataclass(frozen=True)
class JumpClient:
    """One Jump Client. `kind` is ``active``, ``passive`` or ``uninstalled``.

    `connected` is None where the box does not tell. `pending` means that it runs an older version: "Upgrade Pending".
    """

    id: int
    name: str
    kind: str
    pending: bool
    lost: bool
    connected: bool | None

    @property
    def is_back(self) -> bool:
        """Whether it is on the box's version and, as far as is known, connected."""
        return not self.pending and self.connected is not False


@dataclass(frozen=True)
class Counted:
    """Every Jump Client as the box lists it now, in `pages` pages. `why_not` says why they cannot be read."""

    clients: tuple[JumpClient, ...] = ()
    pages: int = 0
    why_not: str = ""

    def facts(self) -> dict[str, Any]:
        """As a result tells them."""
        active, passive = self.of("active"), self.of("passive")
        return {
            "known": not self.why_not,
            "reason": self.why_not,
            "total": len(self.clients),
            "active": len(active),
            "passive": len(passive),
            "lost": sum(client.lost for client in self.clients),
            "active_connected": len(self.connected()),
            "needing_upgrade": sum(client.pending for client in self.clients),
            "active_needing_upgrade": sum(client.pending for client in active),
            "passive_needing_upgrade": sum(client.pending for client in passive),
        }

    def of(self, kind: str) -> list[JumpClient]:
        """The clients of a kind."""
        return [client for client in self.clients if client.kind == kind]

    def connected(self) -> list[int]:
        """Ids of the active clients that are here now, as far as the box tells."""
        return [client.id for client in self.of("active") if not client.lost and client.connected is not False]

    def awaited(self, wanted: Collection[int] | None) -> list[JumpClient]:
        """The active clients that are to come back: those wanted, without such a list all that are not lost.

        One that was deleted meanwhile is awaited by nobody.
        """
        return [c for c in self.of("active") if (c.id in wanted if wanted is not None else not c.lost)]

    def out(self, wanted: Collection[int] | None) -> list[JumpClient]:
        """Those of the awaited that are not back."""
        return [client for client in self.awaited(wanted) if not client.is_back]


def count(box: Box) -> Counted:
    """Read the list; a box or an account by which it cannot be read is told, not failed.

    :raises ApiFailed: the box gave something else than the list.
    """
    if box.api is None:
        return Counted(why_not=f"no API account (bt_api_client_id) was given for {box.name}")
    clients: list[JumpClient] = []
    pages = 0
    try:
        for rows in jump_client_pages(box.api):
            clients += [_client(row) for row in rows]
            pages += 1
    except NotPermitted as error:
        return Counted(why_not=error.what.rstrip("."))
    return Counted(tuple(clients), pages)


def _client(row: Row) -> JumpClient:
    came, went = (moment(str(row.get(f"last_{way}_timestamp") or "")) for way in ("connect", "disconnect"))
    connected = None if came is None and went is None else came is not None and (went is None or came >= went)
    return JumpClient(
        id=int(row.get("id") or 0),
        name=str(row.get("name") or row.get("hostname") or row.get("id") or ""),
        kind=str(row.get("connection_type") or "active"),
        pending=bool(row.get("needs_update")),
        lost=bool(row.get("is_lost")),
        connected=connected,
    )


def snapshot(context: Context) -> Record | None:
    """Who was connected before the upgrade that is under way, as the journal holds it; None when nothing is awaited."""
    for record in reversed(context.journal.records()):
        if record["kind"] in ("clients_back", "finished"):
            return None
        if record["kind"] == "clients":
            return record
    return None


def remember(box: Box, context: Context) -> dict[str, Any]:
    """Note who is connected now; when an install was begun since the last note, that one stands and is given."""
    kept = snapshot(context)
    if kept is not None and _installed_since(kept, context.journal.records()):
        return dict(kept["counts"])
    counted = count(box)
    facts = counted.facts()
    if not context.check_mode:
        context.journal.write(
            "clients", f"Jump Clients of {box.name}: {told_of(facts)}.", box=box.name, phase=context.phase,
            connected=counted.connected(), counts=facts,
        )
    return facts


def expected(context: Context) -> set[int] | None:
    """Ids of the active clients that were noted before the upgrade; None where nobody counted them."""
    kept = snapshot(context)
    return set(kept["connected"]) if kept is not None and kept["counts"]["known"] else None


def _installed_since(record: Record, records: list[Record]) -> bool:
    at = [each["hash"] for each in records].index(record["hash"])
    return any(each["kind"] == "intent" and each.get("act") == "install" for each in records[at:])


def await_back(
    box: Box, context: Context, patience: Patience, allow_missing: int, sites: Sequence[PublicName] = ()
) -> tuple[dict[str, Any], list[str]]:
    """Wait until the active clients are back on the box's version, all but `allow_missing`; others are only told.

    Those are expected that the journal says were connected before; without such a note, all that are not lost.

    :param sites: where the clients come to; that nobody answers there is told before who is out.
    :returns: the counts, and the names of those that are out.
    :raises Refused: the clients cannot be counted.
    :raises DeadlinePassed: too many are still out.
    """
    first = count(box)
    if first.why_not:
        raise Refused(
            f"Whether the Jump Clients are back cannot be known: {first.why_not}.",
            advice="Look at the Jump Clients in the access console before another box is updated.",
            guide=("G14",),
        )
    wanted = expected(context)
    seen = _Reader(box, first)

    def look() -> Look[Counted]:
        try:
            now = seen.read()
        except ApiFailed:
            return Look("gives no list of Jump Clients")
        missing = now.out(wanted)
        return Look(_progress(now, wanted), now if len(missing) <= allow_missing else None)

    if context.check_mode:
        return first.facts(), names(first.out(wanted))
    try:
        counted = wait_until(
            f"[{box.name}] Jump Clients", look, patience, box.context.say, guide=("G14",),
            advice="Look in the access console at those that are out; then run the same command again, give more time"
            " (bt_jump_client_timeout), or say how many may be missing (bt_jump_client_missing).",
        )
    except DeadlinePassed as error:
        away = [one for one in sites if not is_served(one)]
        if away:
            where = " and ".join(f"{one.hostname} at {one.address}:{one.port}" for one in away)
            error.what = f"Nobody answers on the public name, {where}, so no Jump Client can come back. {error.what}"
            error.advice = f"See first why nobody answers there. {error.advice}"
        raise
    facts, missing = counted.facts(), names(counted.out(wanted))
    context.journal.write(
        "clients_back", f"Jump Clients of {box.name}: {_progress(counted, wanted)}.", box=box.name,
        act="clients", phase=context.phase, counts=facts, missing=missing,
    )
    return facts, missing


class _Reader:
    """Reads the list anew, a long one not too often."""

    def __init__(self, box: Box, last: Counted) -> None:
        self._box = box
        self._clock = Clock()
        self._last = last
        self._at = self._clock.now()

    def read(self) -> Counted:
        """The list as it is now, or as it was a moment ago."""
        if self._clock.now() - self._at >= self._last.pages * SECONDS_A_PAGE:
            counted = count(self._box)
            if counted.why_not:
                raise ApiFailed(counted.why_not)
            self._last, self._at = counted, self._clock.now()
        return self._last


def _progress(now: Counted, wanted: Collection[int] | None) -> str:
    """How far it is, in a few words."""
    missing = now.out(wanted)
    awaited, pending = len(now.awaited(wanted)), sum(client.pending for client in missing)
    passive = sum(client.pending for client in now.of("passive"))
    parts = [
        f"{awaited - len(missing)} of {awaited} active ones are back",
        f"{pending} wait for their upgrade" if pending else "",
        f"{len(missing) - pending} are not connected" if len(missing) > pending else "",
        f"still out: {'; '.join(names(missing))}" if 0 < len(missing) <= FEW else "",
        f"{passive} passive ones come within 24 h" if passive else "",
    ]
    return ", ".join(part for part in parts if part)


def told_of(facts: dict[str, Any]) -> str:
    """The counts as an operator reads them."""
    if not facts["known"]:
        return f"they cannot be counted, {facts['reason']}"
    parts = [
        f"{facts['active_connected']} of {facts['active']} active ones connected",
        f"{facts['passive']} passive",
        f"{facts['needing_upgrade']} need an upgrade" if facts["needing_upgrade"] else "",
        f"{facts['lost']} lost" if facts["lost"] else "",
    ]
    return ", ".join(part for part in parts if part)


def names(clients: Iterable[JumpClient]) -> list[str]:
    """The first names, for a result."""
    return sorted(client.name for client in clients)[:MOST_NAMES]
