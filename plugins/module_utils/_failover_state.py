# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Failover role and last data sync of one box, as it shows them now (G24, G29; appliance-interface.md 2.2, 7.3)."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils import _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BtError,
    NotOffered,
    NotPermitted,
    PageNotUnderstood,
    Refused,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._facts import when
from ansible_collections.bt_ops.pra.plugins.module_utils._web._failover_page import FailoverPage, verdict

STEPS = ("sync", "break", "establish")


@dataclass(frozen=True)
class Sync:
    """The last data sync of a box.

    `by_api` and `on_page` are its time by either way, empty where that way does not tell; `good` is None where the box
    does not tell how it went; `age` in seconds by the box's own clock, None where that cannot be known; `running` is
    what the box says of one under way. `failure` is what it shows of one that failed, the last one or an earlier one;
    `complaints` are all lines of its page that may tell of a failure.
    """

    by_api: str
    on_page: str
    good: bool | None
    status: str
    running: str
    age: float | None
    failure: str = ""
    complaints: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """Its time, by the better way."""
        return self.by_api or self.on_page

    def later_than(self, other: Sync) -> bool:
        """Whether another sync has ended since; two ways of telling the time are never compared with each other."""
        if self.by_api and other.by_api:
            return self.by_api != other.by_api
        if self.on_page and other.on_page:
            return self.on_page != other.on_page
        return bool(self.mark) and not other.mark

    @property
    def failing(self) -> str:
        """What it shows of a last sync that failed, empty where that may be one of a history."""
        return self.failure if self.good is False or not self.on_page else ""

    def failure_since(self, other: Sync) -> str:
        """What is shown of a failure and was not shown then, empty for nothing."""
        if self.good is False and (self.status, self.mark) != (other.status, other.mark):
            return self.status
        added = Counter(self.complaints) - Counter(other.complaints)
        return next(iter(added), "")


@dataclass(frozen=True)
class State:
    """Role and last sync as the box shows them now; `shown` is the page, None where only the API told."""

    role: str
    sync: Sync
    shown: FailoverPage | None

    def page(self, box: Box) -> FailoverPage:
        """The page on which something is to be done.

        :raises PageNotUnderstood: it is none that could be understood.
        """
        return self.shown or box.failover_page()

    def facts(self) -> dict[str, object]:
        """As a result tells them."""
        return {
            "failover_role": self.role,
            "last_sync": self.sync.mark or None,
            "last_sync_status": self.sync.status or None,
            "sync_running": bool(self.sync.running),
        }


def read_state(box: Box) -> State:
    """Ask the box for its role and last sync.

    The page is fresh and shows a running sync; the API, where there is one, tells times that can be compared.
    """
    page = _shown(box)
    if page is None:
        return _state_by_api(box)
    by_api, status, age = "", page.last_sync_status, None
    if box.command is not None:
        try:
            health = box.health()
        except BtError:
            health = None
        if health is not None and health.last_sync is not None and health.source == "xml":
            by_api, status = when(health.last_sync) or "", health.last_sync_status or status
            age = (health.box_time or time.time()) - health.last_sync
    good = verdict(status)
    failure = status if good is False else page.failure
    sync = Sync(by_api, page.last_sync, good, status, page.syncing, age, failure, page.complaints)
    return State(page.role, sync, page)


def role_now(box: Box) -> str:
    """The failover role of the box: by its page, which is never old, else by its API.

    :raises Refused: the box tells it by neither way; it may be half of a pair then.
    """
    role, why = "", ""
    try:
        role = read_state(box).role if box.connection.login is not None else ""
    except (NotOffered, NotPermitted, PageNotUnderstood) as error:
        why = f" ({error.what})"
    if not role and box.command is not None:
        role = box.health().role
    if role in ("", "unknown"):
        raise Refused(
            f"{box.name} does not tell whether it is in a failover relationship{why}.",
            advice="Give an API account (bt_api_client_id), or a /login account that may open Management > Failover.",
            guide=("G24",),
        )
    return role


def _shown(box: Box) -> FailoverPage | None:
    """The page; None where nobody reads it, or where a person works on it because nothing here understands it."""
    if box.connection.manual.everything:
        return None
    try:
        return box.failover_page()
    except PageNotUnderstood:
        if box.command is None or not any(_manual.by_hand(box, step) for step in STEPS):
            raise
        return None


def _state_by_api(box: Box) -> State:
    """What the API tells without the page: not whether a sync runs now."""
    health = box.health()
    by_api = when(health.last_sync) or ""
    age = None if health.last_sync is None else (health.box_time or time.time()) - health.last_sync
    status = health.last_sync_status
    good = verdict(status)
    sync = Sync(by_api, "", good, status, "", age, status if good is False else "")
    return State(health.role or "unknown", sync, None)
