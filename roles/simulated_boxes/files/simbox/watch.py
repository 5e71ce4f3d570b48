# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The watcher: what must never happen to a box or a pair. Ids are those of failure-modes.md.

Only what a client asks for is judged; what a test does through the control interface is "other people" or fate.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from simbox.http import Plan
from simbox.log import Entry
from simbox.versions import numbers

if TYPE_CHECKING:
    from simbox.box import Box
    from simbox.certificates import Certificate
    from simbox.site import Site
    from simbox.updates import Package

# The request that is being worked on, None in what happens by itself.
current_request: ContextVar[Entry | None] = ContextVar("current_request", default=None)

FRESH_SYNC_SECONDS = 900.0
INSTALLS = {"appliance.updates.install", "appliance.updates.upload", "appliance.eula.accept"}


@dataclass(frozen=True)
class Violation:
    """One thing that must never happen, and the request that did it (None: nobody's, e.g. two at one address)."""

    id: str
    text: str
    box: str
    time: float
    request: dict[str, Any] | None


@dataclass(frozen=True)
class BackupMark:
    """A backup that was handed out. `for_pair`: it was the box that serves the site."""

    time: float
    box: str
    for_pair: bool


@dataclass
class Watch:
    """Judges requests and acts; `violations` is what it found. `read_only`: nothing may be changed (check mode)."""

    violations: list[Violation] = field(default_factory=list)
    read_only: bool = False
    _in_flight: dict[str, int] = field(default_factory=dict)

    def record(self, kind: str, box: Box, text: str) -> None:
        """Note a violation."""
        entry = current_request.get()
        self.violations.append(Violation(kind, text, box.name, time.time(), entry.as_json() if entry else None))

    def as_json(self) -> list[dict[str, Any]]:
        """All violations so far."""
        return [asdict(violation) for violation in self.violations]

    def begin(self, box: Box, plan: Plan) -> None:
        """A request is about to be carried out."""
        if self.read_only and plan.kind in ("write", "download"):
            self.record("T9", box, f"{plan.op} while nothing may be changed")
        if plan.kind != "write":
            return
        self._in_flight[box.name] = self._in_flight.get(box.name, 0) + 1
        running = box.updates.running
        if running and running.package.kind == "base" and plan.op not in INSTALLS:
            self.record("A5", box, f"{plan.op} while a base update runs on {box.name}")
        if box.updates.base_failed:
            self.record("A5", box, f"{plan.op} on {box.name}, whose base update failed")
        self._pair_rules(box, plan)

    def end(self, box: Box, plan: Plan) -> None:
        """The request is done."""
        if plan.kind == "write":
            self._in_flight[box.name] -= 1

    def _pair_rules(self, box: Box, plan: Plan) -> None:
        peer = box.site.other(box)
        if peer and (peer.updates.running or self._in_flight.get(peer.name)):
            self.record("T12", box, f"{plan.op} on {box.name} while {peer.name} is being acted on")
        for member in box.site.boxes:
            if member.updates.product_due and not (member is box and plan.op in INSTALLS):
                self.record("A6", box, f"{plan.op} on {box.name} between base and product of {member.name}")

    def shared_address(self, site: Site, boxes: list[Box]) -> None:
        """The shared IP is enabled on more than one box."""
        names = " and ".join(box.name for box in boxes)
        self.record("Q5", boxes[-1], f"the shared IP of {site.hostname} is enabled on {names}")

    def moved(self, box: Box, by_client: bool = False) -> None:
        """The site's name or address is about to come to `box`: by the request that is worked on, or a client that the
        control interface tells of. A box may have back what no other one has served under meanwhile."""
        site = box.site
        by_client = by_client or current_request.get() is not None
        site.note_move(box, by_client)
        if not by_client or site.witness.last == box.name:
            return
        told = f"{site.hostname} is moved to {box.name}, which"
        if box.failover.role == "backup":
            self.record("Q1", box, f"{told} is the backup of a pair")
        if not box.is_ready():
            self.record("Q1", box, f"{told} is not healthy")
        if site.procedure != "none" and site.target and numbers(box.product) < numbers(site.target):
            self.record("Q1", box, f"{told} has {box.product}: not {site.target}")
        lost = _lost_by_a_move(box) if site.procedure == "async" and not site.changes_given_up else []
        if lost:
            self.record("Q4", box, f"{told} lacks what was set meanwhile: {', '.join(lost)}")

    def install(self, box: Box, package: Package) -> None:
        """Someone is about to start an install."""
        if current_request.get() is None:
            return
        if box.updates.running:
            self.record("A3", box, f"a second install ({package.id}) while {box.updates.running.package.id} runs")
            return
        peer = box.site.other(box)
        if box.failover.role != "none" or (peer and peer.failover.role != "none"):
            self.record("S10", box, f"install of {package.id} while the relationship stands")
        if peer and peer.updates.last and not peer.updates.last.good:
            self.record("Q3", box, f"install of {package.id} on {box.name} after the update of {peer.name} failed")
        self._order(box, package)
        if box.updates.blocked(package):
            self.record("C5", box, f"{package.id} is installed out of order")
        if box.factory:
            # There is nothing to lose on it.
            return
        marks = [mark for mark in box.site.backups if mark.for_pair or mark.box == box.name]
        if not marks:
            self.record("S1", box, f"install of {package.id} without a backup")
        finished = box.updates.base_finished
        if package.kind == "product" and finished is not None:
            again = any(mark.box == box.name and mark.time > finished for mark in marks)
            if not again:
                self.record("A6", box, f"install of {package.id} without another backup after the base update (G25)")

    def _order(self, box: Box, package: Package) -> None:
        """Is this the half of the pair that comes next, in the procedure that a test has told of?"""
        site, peer = box.site, box.site.other(box)
        serving = site.holder() is box
        if site.procedure == "none" or peer is None or serving == (site.procedure == "sync"):
            return
        is_done = numbers(peer.updates.installed(package.kind)) >= numbers(package.version)
        if is_done and (not site.target or numbers(peer.product) >= numbers(site.target)):
            return
        kind, what = ("Q3", "serves the site") if serving else ("Y2", "does not serve the site")
        self.record(kind, box, f"install of {package.id} on {box.name}, which {what}, before {peer.name} is updated")

    def upload(self, kind: str, box: Box, what: str) -> None:
        """A file came for a manual installation that should not have been sent."""
        self.record(kind, box, f"{what} was uploaded to {box.name}")

    def backup(self, box: Box) -> None:
        """A backup was handed out."""
        for_pair = box.failover.role == "primary" or box.site.witness.serving == box.name or len(box.site.boxes) == 1
        box.site.backups.append(BackupMark(time.monotonic(), box.name, for_pair))

    def break_relation(self, box: Box) -> None:
        """Someone is about to break the relationship."""
        if current_request.get() is None:
            return
        failover = box.failover
        if failover.role == "none":
            self.record("S11", box, "break where there is no relationship")
        elif failover.sync_started is not None:
            self.record("S6", box, "break while a data sync runs")
        elif failover.last_status != "success":
            self.record("S7", box, f"break after a data sync that ended with {failover.last_status!r}")
        elif failover.synced is None or time.monotonic() - failover.synced > FRESH_SYNC_SECONDS:
            self.record("S6", box, "break without a fresh, completed data sync")

    def establish(self, box: Box, peer: Box | None, hosts: tuple[str, str]) -> None:
        """Someone is about to make `box` the primary of `peer`."""
        if current_request.get() is None:
            return
        if box.site.hostname in hosts or (box.site.shared_ip and box.site.shared_ip in hosts):
            self.record("R2", box, "establish with the site's shared name or address")
        if peer is None or peer is box:
            return
        if (box.product, box.product_build) != (peer.product, peer.product_build):
            self.record("R3", box, f"establish between {box.product} and {peer.product}")
        if box.fingerprint != peer.fingerprint and not (box.trusted and peer.trusted):
            self.record("R4", box, "establish between boxes of which clients trust only one")
        if _older(box, peer):
            self.record("Q15", box, f"establish from {box.name}, whose data is older than that of {peer.name}")

    def restore(self, box: Box) -> None:
        """Someone is about to restore a backup on the box."""
        if box.failover.role != "none":
            self.record("H10", box, f"restore on {box.name}, which is the {box.failover.role} of a pair")
        serving = box.site.witness.serving == box.name and not box.factory
        if serving or box.users or box.data.sessions or box.data.clients:
            self.record("H1", box, f"restore over {box.name}, which is in use")

    def restore_version(self, box: Box, manifest: dict[str, Any]) -> None:
        """The backup that is about to be restored was taken by another product than the box has?"""
        if (manifest["product"], manifest["build"]) != (box.product, box.product_build):
            self.record("H8", box, f"restore of a backup of {manifest['product']} into {box.product}")

    def assign(self, box: Box, entry: Certificate) -> None:
        """Someone is about to assign a certificate to addresses."""
        warnings = box.certificates.warnings(entry)
        if warnings:
            self.record("H5", box, f"assignment of {entry.issued_to} with warnings: {', '.join(warnings)}")

    def reset(self, box: Box) -> None:
        """Someone is about to erase the box."""
        if box.failover.role != "none":
            self.record("H16", box, f"reset of {box.name}, which is the {box.failover.role} of a pair")
        elif box.site.public() is box and not box.factory:
            self.record("H16", box, f"reset of {box.name}, to which the public name of {box.site.hostname} leads")
        elif box.users or box.name in box.site.connected.values():
            self.record("H16", box, f"reset of {box.name}, at which users or Jump Clients are")

    def restart(self, box: Box) -> None:
        """Someone is about to restart the box or shut it down."""
        if box.reset.running:
            self.record("H17", box, f"{box.name} is restarted or shut down while it is erased")
        if box.updates.running and box.updates.running.package.kind == "base":
            self.record("A5", box, f"{box.name} is restarted or shut down during a base update")

    def refused_login(self, box: Box, where: str, username: str, failures: int) -> None:
        """A log-in was refused for the `failures`th time in a row."""
        if failures > 1:
            self.record("A8", box, f"log-in to {where} of {box.name} as {username!r} refused {failures} times in a row")


def _lost_by_a_move(box: Box) -> list[str]:
    """What people have set on the box that served, since its relationship ended, and `box` does not have."""
    source = box.site.other(box)
    if source is None or source.failover.parted is None:
        return []
    then, now, here = source.failover.parted, source.data.configured(), box.data.configured()
    changed = [name for name in sorted({**then, **now}) if then.get(name) != now.get(name)]
    return [name for name in changed if now.get(name) != here.get(name)]


def _older(box: Box, peer: Box) -> bool:
    """Does `peer` hold the newer data? The box that serves the site does; if neither serves, the last change tells."""
    serving = box.site.witness.serving
    if serving in (box.name, peer.name):
        return serving == peer.name
    return box.data.last_change() < peer.data.last_change()
