# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Failover of a pair: roles, data syncs, making and breaking the relationship (appliance-interface.md 7.3 and 10).

Methods answer with an Outcome: whether it was done, and the key of the sentence that the box shows.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simbox.config import Role
from simbox.data import PRESHARED_KEY, merge

if TYPE_CHECKING:
    from simbox.box import Box


SYNC_FAILS = {"sync_fail", "sync_fail_keeps_time", "sync_fail_on_page"}


@dataclass(frozen=True)
class Outcome:
    """`message` is a key of the words catalogue, `values` what its sentence holds."""

    good: bool
    message: str
    values: dict[str, str] = field(default_factory=dict)


class Failover:
    """One box's side of it. `synced` (monotonic seconds) is the last good sync that this process saw end."""

    def __init__(self, box: Box, role: Role) -> None:
        self._box = box
        self.role: Role = role
        self.automatic = False
        self.sync_started: float | None = None
        self.synced: float | None = None
        self.last_sync: float | None = time.time() - 3600 if role != "none" else None
        self.last_status: str | None = "success" if role != "none" else None
        self.complaint = ""  # key of a sentence about a failed sync that the page shows beside the last good one
        self.swapping = False
        self.history: list[tuple[float, str]] = []
        self.parted: dict[str, str] | None = None  # what was set here when the last relationship ended
        self._first_sync: asyncio.Task[None] | None = None

    @property
    def peer(self) -> Box | None:
        """The other box while a relationship stands."""
        return self._box.site.other(self._box) if self.role != "none" else None

    def reachable(self, peer: Box) -> bool:
        """Can the two boxes talk to each other?"""
        cut = "peer_unreachable" in self._box.troubles | peer.troubles
        return peer.power.up and self._box.power.up and not cut

    def sync_now(self) -> Outcome:
        """Start a data sync; it goes from the primary to the backup whoever asks."""
        peer = self.peer
        if peer is None:
            return Outcome(False, "failover_no_relationship")
        if self.sync_started is not None or self.swapping:
            return Outcome(False, "failover_sync_running")
        self._begin_sync(peer)
        return Outcome(True, "failover_sync_started")

    def _begin_sync(self, peer: Box) -> asyncio.Task[None]:
        for side in (self, peer.failover):
            side.sync_started = time.monotonic()
            if side._first_sync is not None and side._first_sync is not asyncio.current_task():
                side._first_sync.cancel()
            side._first_sync = None
        primary, backup = (self._box, peer) if self.role == "primary" else (peer, self._box)
        return self._box.world.spawn(self._sync(primary, backup))

    async def _sync(self, primary: Box, backup: Box) -> None:
        world = self._box.world
        with primary.busy.during("sync"), backup.busy.during("sync"):
            await asyncio.sleep(world.durations.of("sync"))
            for box in (primary, backup):
                await box.while_trouble("sync_hang")
        good = primary.failover.reachable(backup) and not SYNC_FAILS & (primary.troubles | backup.troubles)
        if good:
            primary.data, backup.data = merge(primary.data, backup.data)
        for box in (primary, backup):
            box.failover._end_sync(good, box.now(), primary.troubles | backup.troubles)

    def _end_sync(self, good: bool, moment: float, troubles: set[str]) -> None:
        """Show how it ended. How a failed sync shows is GUESS (11.4 number 3): the time of the last good one may stay,
        and the page alone may tell."""
        self.sync_started = None
        self.synced = time.monotonic() if good else None
        self.complaint = ""
        if not good and "sync_fail_on_page" in troubles:
            self.complaint = "failover_sync_error"
            return
        self.last_status = "success" if good else "failed: the peer could not be synchronized"
        if good or "sync_fail_keeps_time" not in troubles:
            self.last_sync = moment
        else:
            self.complaint = "failover_sync_refused"
        self.note("failover_history_sync" if good else "failover_history_sync_failed")

    def break_relation(self) -> Outcome:
        """End the relationship on both boxes; only here when the peer does not answer (GUESS, 11.4 number 9)."""
        self._box.world.watch.break_relation(self._box)
        peer = self.peer
        if peer is None:
            return Outcome(False, "failover_no_relationship")
        if self.swapping:
            return Outcome(False, "failover_swap_running")
        if self.sync_started is not None:
            return Outcome(False, "failover_sync_running")
        sides = (self, peer.failover) if self.reachable(peer) else (self,)
        for side in sides:
            side._end()
        return Outcome(True, "failover_broken")

    def _end(self) -> None:
        self.role = "none"
        self.parted = self._box.data.configured()
        self.last_sync = self.last_status = self.synced = None
        self.complaint = ""
        if self._first_sync is not None:
            self._first_sync.cancel()
            self._first_sync = None
        self.note("failover_history_broken")

    def establish(self, host: str, port: str, back_host: str, back_port: str) -> Outcome:
        """Make this box the primary of the box at host:port; back_host:back_port is how that box reaches this one.

        The refusals are documented, their texts are not (GUESS, 11.4 number 9).
        """
        world, site = self._box.world, self._box.site
        peer = world.find(host, port)
        world.watch.establish(self._box, peer, (host, back_host))
        if self.role != "none":
            return Outcome(False, "failover_exists")
        if not (host and port and back_host and back_port):
            return Outcome(False, "failover_fields_missing")
        if site.hostname.lower() in (host.lower(), back_host.lower()):
            return Outcome(False, "failover_shared_name", {"name": site.hostname})
        if peer is None:
            return Outcome(False, "failover_unreachable", {"host": host, "port": port})
        if peer is self._box:
            return Outcome(False, "failover_same_host", {"host": host})
        if not self.reachable(peer):
            return Outcome(False, "failover_unreachable", {"host": host, "port": port})
        if world.find(back_host, back_port) is not self._box:
            return Outcome(False, "failover_reverse_unreachable", {"host": back_host, "port": back_port})
        if peer.site is not site:
            return Outcome(False, "failover_other_site", {"host": host})
        if peer.failover.role != "none":
            return Outcome(False, "failover_peer_taken", {"host": host})
        if (peer.product, peer.product_build) != (self._box.product, self._box.product_build):
            return Outcome(False, "failover_versions", {"here": self._box.product, "there": peer.product})
        if peer.data.value(PRESHARED_KEY) != self._box.data.value(PRESHARED_KEY):
            return Outcome(False, "failover_keys")
        self._join(peer)
        return Outcome(True, "failover_established")

    def _join(self, peer: Box) -> None:
        self.role, peer.failover.role = "primary", "backup"
        self.automatic = peer.failover.automatic = False  # GUESS: a new relationship begins with it switched off
        self._box.site.backups.clear()
        for box in (self._box, peer):
            side = box.failover
            side.parted = None
            side.last_sync = side.last_status = side.synced = None
            side.complaint = ""
            side.note("failover_history_established")
            box.updates.forget_run()
        self._first_sync = self._box.world.spawn(self._sync_later(peer))

    async def _sync_later(self, peer: Box) -> None:
        await asyncio.sleep(self._box.world.durations.of("first_sync_delay"))
        if self.role == "primary" and self.sync_started is None:
            await self._begin_sync(peer)

    def change_role(self, role: Role, sync_first: bool, force: bool) -> Outcome:
        """Swap roles with the peer; with `sync_first` after a data sync, with `force` even when the peer is away."""
        peer = self.peer
        if peer is None:
            return Outcome(False, "failover_no_relationship")
        if role == self.role:
            return Outcome(False, "failover_role_same")
        if self.sync_started is not None or self.swapping:
            return Outcome(False, "failover_sync_running")
        reachable = self.reachable(peer)
        if not reachable and not (role == "backup" and force):
            return Outcome(False, "failover_peer_away")
        sides = (self, peer.failover) if reachable else (self,)
        for side in sides:
            side.swapping = True
        self._box.world.spawn(self._swap(role, sync_first and reachable, sides))
        return Outcome(True, "failover_sync_then_swap" if sync_first else "failover_swapped")

    async def _swap(self, role: Role, sync_first: bool, sides: tuple[Failover, ...]) -> None:
        world, peer = self._box.world, self.peer
        if sync_first and peer is not None:
            await self._begin_sync(peer)
        if not sync_first or self.synced is not None:
            # Both may show "backup" for a moment (10).
            for side in sides:
                side.role = "backup"
                side._box.disconnect_users()
                side._enable_shared(False)
            await world.settle()
            with self._box.busy.during("role swap"):
                await asyncio.sleep(world.durations.of("role_swap"))
            primary = self if role == "primary" else next((side for side in sides if side is not self), None)
            if primary is not None:
                primary.role = "primary"
                primary._enable_shared(True)
            for side in sides:
                side.note(f"failover_history_{side.role}")
        for side in sides:
            side.swapping = False
        await world.settle()

    def _enable_shared(self, enabled: bool) -> None:
        """Within a relationship the shared IP goes with the primary (10)."""
        for entry in self._box.addresses:
            if entry.shared:
                if enabled and not entry.enabled:
                    self._box.world.watch.moved(self._box)
                entry.enabled = enabled

    def note(self, message: str) -> None:
        """Add a line to the status history."""
        self.history.append((self._box.now(), message))
