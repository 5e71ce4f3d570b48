# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates of one box: what the vendor offers it, and installs as they run (appliance-interface.md 6.3 and 9)."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simbox.config import PackageConfig
from simbox.versions import build_of, numbers

if TYPE_CHECKING:
    from simbox.box import Box

Phase = Literal["downloading", "installing", "restarting"]
CLOCK_TOLERANCE = 60.0
DOWNLOAD_SHARE = 0.3
OLD_PROCESS_SHARE = 0.1


@dataclass(frozen=True)
class Package:
    """One package of the catalogue."""

    config: PackageConfig

    @property
    def id(self) -> str:
        """Such as `base-6.2.0`."""
        return f"{self.kind}-{self.version}"

    @property
    def kind(self) -> Literal["base", "product"]:
        """Base software, or the site's product."""
        return self.config.kind

    @property
    def version(self) -> str:
        """The version that it brings."""
        return self.config.version

    @property
    def build(self) -> str:
        """The product build that it brings."""
        return self.config.build or build_of(self.version)


@dataclass
class Running:
    """An install that goes on."""

    package: Package
    by: str
    phase: Phase
    since: float
    seconds: float

    def percent(self) -> int:
        """How far the phase is."""
        share = (time.monotonic() - self.since) / self.seconds if self.seconds else 1.0
        return min(99, math.floor(100 * share))


@dataclass(frozen=True)
class Last:
    """How the last install of this box ended, at which time of its clock; `came` tells whether its package could be
    downloaded at all."""

    package: Package
    good: bool
    ended: float
    came: bool = True


class Updates:
    """Update state of a box. `offered` is None until somebody checks; `base_finished` is in monotonic seconds;
    `uploaded` are packages that came as files and were not started yet."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.offered: list[Package] | None = None
        self.downloaded: set[str] = set()
        self.uploaded: dict[str, Package] = {}
        self.running: Running | None = None
        self.last: Last | None = None
        self.base_failed = False
        self.base_finished: float | None = None
        self.product_due = False
        self.started: list[str] = []
        self._task: asyncio.Task[None] | None = None

    def installed(self, kind: Literal["base", "product"]) -> str:
        """The installed version."""
        return self._box.base if kind == "base" else self._box.product

    def newer(self) -> list[Package]:
        """Packages of the vendor's for this box that are newer than what it has; base software first."""
        packages = [Package(config) for config in self._box.world.config.catalogue]
        newer = [package for package in packages if numbers(package.version) > numbers(self.installed(package.kind))]
        return sorted(newer, key=lambda package: (package.kind, numbers(package.version)))

    def blocked(self, package: Package) -> bool:
        """Does the package need a newer base first?"""
        need = package.config.requires_base
        return bool(need) and numbers(self._box.base) < numbers(need)

    def visible(self) -> list[Package]:
        """Cards under Available Updates: offered, still newer, and never downloaded (one-time, 6.3)."""
        newer = {package.id for package in self.newer()}
        return [package for package in self.offered or [] if package.id in newer - self.downloaded]

    def find(self, package_id: str) -> Package | None:
        """A visible package, or one that was uploaded and waits to be started."""
        shown = next((package for package in self.visible() if package.id == package_id), None)
        return shown or self.uploaded.get(package_id)

    async def check(self) -> bool:
        """Ask the vendor. False when that failed; whether the clock or the server is the cause is not told (G22)."""
        with self._box.busy.during("check"):
            await asyncio.sleep(self._box.world.durations.of("check"))
        wrong = abs(self._box.clock_offset) > CLOCK_TOLERANCE
        if wrong or "update_server_unreachable" in self._box.troubles:
            return False
        self.offered = self.newer()
        return True

    def start(self, package: Package, by: str) -> bool:
        """Start an install; False when one runs already or the package cannot be installed now."""
        self._box.world.watch.install(self._box, package)
        if self.running or self.blocked(package) or self.base_failed:
            return False
        if package.kind == "product":
            self.product_due = False
        self.started.append(package.id)
        self.downloaded.add(package.id)
        uploaded = self.uploaded.pop(package.id, None) is not None
        self.running = Running(package, by, "installing" if uploaded else "downloading", time.monotonic(), 0.0)
        self._task = self._box.world.spawn(self._run(self.running))
        return True

    async def _run(self, running: Running) -> None:
        with self._box.busy.during(f"install {running.package.id}"):
            await self._install(running)

    async def _install(self, running: Running) -> None:
        box, durations = self._box, self._box.world.durations
        package = running.package
        factor = 5.0 if "update_slow" in box.troubles else 1.0
        outage = durations.of(f"{package.kind}_outage") * factor
        before = max(0.0, durations.of(f"{package.kind}_install") * factor - outage)
        if running.phase == "downloading":
            await self._phase(running, "downloading", before * DOWNLOAD_SHARE)
            if "download_fail" in box.troubles:
                # What never came stays on the list (GUESS, 11.4 number 7).
                self.downloaded.discard(package.id)
                self._finish(package, False, came=False)
                return
        if "disk_full" in box.troubles:
            # Nothing is installed yet, so nothing is damaged; how a box tells it is not known (GUESS, 11.4 number 7).
            self._finish(package, False)
            return
        await self._phase(running, "installing", before * (1 - DOWNLOAD_SHARE))
        await box.while_trouble("update_hang")
        if "update_fail" in box.troubles:
            self.base_failed = package.kind == "base"
            self._finish(package, False)
            return
        # The old process still answers for a moment.
        await self._phase(running, "restarting", outage * OLD_PROCESS_SHARE)
        rest = outage * (1 - OLD_PROCESS_SHARE)
        if package.kind == "base":
            box.base, self.offered = package.version, None
            await box.power.restart(rest, "update_hang_outage")
        else:
            box.product, box.product_build, box.healthy, box.bare = package.version, package.build, False, 0
            await box.power.restart_software(rest, "update_hang_outage")
        self._finish(package, True)
        if package.kind == "product":
            await box.world.settle()
            await asyncio.sleep(durations.of("unhealthy"))
            box.healthy = True
        await box.world.settle()

    async def _phase(self, running: Running, phase: Phase, seconds: float) -> None:
        running.phase, running.since, running.seconds = phase, time.monotonic(), seconds
        await asyncio.sleep(seconds)

    def _finish(self, package: Package, good: bool, came: bool = True) -> None:
        self.running = None
        self.last = Last(package, good, self._box.now(), came)
        if good and package.kind == "base":
            self.base_finished = time.monotonic()
            # On a new box there is nothing that a product must be installed at once for.
            due = any(newer.kind == "product" for newer in self.newer())
            self.product_due = due and not self._box.factory

    def break_off(self) -> None:
        """The box is restarted or switched off while an install runs: it is damaged."""
        if self.running and self._task:
            self._task.cancel()
            self.base_failed = self.running.package.kind == "base"
            self._finish(self.running.package, False)
            self._box.troubles.add("unhealthy")

    def mended(self, words: bool = False) -> None:
        """The vendor's support has repaired the box: what is still newer is offered once more. With `words` the page
        goes on telling of the failure."""
        self.base_failed, self.offered = False, None
        self.last = self.last if words else None
        self.downloaded -= {package.id for package in self.newer()}

    def forget_run(self) -> None:
        """A new relationship: what counts as "between base and product" starts anew."""
        self.base_finished = None
        self.product_due = False
