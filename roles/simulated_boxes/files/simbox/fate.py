# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a test lets happen to boxes from outside: strangers at their addresses, licence terms, roles, support."""

from __future__ import annotations

from typing import Any, get_args

import trustme

from simbox.box import Box
from simbox.certificates import Certificate, issue
from simbox.config import Role
from simbox.site import Procedure
from simbox.world import World

Body = dict[str, Any]
DISGUISES = ("", "stranger", "expired", "other_name", "old_tls")


class Fate:
    """The calls of the control interface that are about it."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def impostor(self, body: Body) -> None:
        """Every connection to the box meets another certificate or an old TLS (`show`), or its own again."""
        box, show = self._world.boxes[body["box"]], body["show"]
        if show not in DISGUISES:
            raise ValueError(f"show must be one of {', '.join(DISGUISES)}")
        box.certificates.impostor = self._disguise(box, show)
        box.certificates.old_tls = show == "old_tls"
        await self._world.net.reopen(box)

    def _disguise(self, box: Box, show: str) -> Certificate | None:
        world, own = self._world, box.certificates.serving(box.config.address, box.site.hostname)
        if show == "stranger":
            stranger = trustme.CA(organization_name="Somebody else")
            return issue(stranger, world.root, own.name, own.names)
        if show == "expired":
            return world.issue(own.name, own.names, -1.0)
        if show == "other_name":
            return world.issue("other.example.test", ["other.example.test"])
        return None

    async def eula(self, body: Body) -> object:
        """The vendor asks for a licence agreement with a package, or no longer; `told`: its card says so beforehand."""
        meant = [entry for entry in self._world.config.catalogue if f"{entry.kind}-{entry.version}" == body["package"]]
        if not meant:
            raise ValueError(f"no package {body['package']!r}")
        for entry in meant:
            entry.eula = bool(body.get("on", True))
            entry.eula_told = entry.eula and bool(body.get("told"))
        return [entry.version for entry in meant]

    async def role(self, body: Body) -> None:
        """A box takes itself for something else, without the other one being asked."""
        role = body["role"]
        if role not in get_args(Role):
            raise ValueError(f"role must be one of {', '.join(get_args(Role))}")
        self._world.boxes[body["box"]].failover.role = role
        await self._world.settle()

    async def expect(self, body: Body) -> None:
        """The site's pair is upgraded in this order from now on; with `changes_given_up` what is set on the box that
        serves may be lost by it."""
        procedure = body["procedure"]
        if procedure not in get_args(Procedure):
            raise ValueError(f"procedure must be one of {', '.join(get_args(Procedure))}")
        site = self._world.sites[body["site"]]
        site.procedure, site.changes_given_up = procedure, bool(body.get("changes_given_up"))

    async def mend(self, body: Body) -> None:
        """The vendor's support repairs a box after an update that failed: its packages are offered again. With `words`
        its page goes on telling of the failure."""
        updates = self._world.boxes[body["box"]].updates
        if updates.running:
            raise ValueError("an update runs")
        updates.mended(bool(body.get("words")))

    async def release(self, _body: Body) -> object:
        """Requests that are held go on."""
        return {"released": self._world.holds.release()}

    def secrets(self) -> object:
        """All that must be shown nowhere: what was configured, and every token and cookie given out since the start."""
        configured: set[str] = set()
        for site in self._world.config.sites:
            configured |= {site.preshared_key, site.login.password, site.api.client_secret}
            configured |= {box.appliance.password for box in site.boxes}
        return {"configured": sorted(configured - {""}), "given": sorted(self._world.given)}
