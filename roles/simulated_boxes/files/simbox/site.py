# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A site: the name that users know, and the one or two boxes behind it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from simbox.config import SiteConfig
from simbox.versions import numbers
from simbox.watch import BackupMark
from simbox.witness import Witness

if TYPE_CHECKING:
    from simbox.box import Box


Procedure = Literal["none", "async", "sync"]


@dataclass(frozen=True)
class Move:
    """A box got the site's name or address. `source`: the box that served last; role, product and health are those of
    the box that got it, `target` is the product that the site's boxes are to reach."""

    time: float
    source: str | None
    to: str
    role: str
    product: str
    healthy: bool
    target: str
    by: Literal["client", "person"]

    def as_json(self) -> dict[str, Any]:
        """For the control interface."""
        told = asdict(self)
        return {"from": told.pop("source"), **told}


@dataclass
class Site:
    """State of a site that belongs to no single box. `connected`: Jump Client id to the box that it is connected to;
    `check_ins`: when a passive one looks in (monotonic seconds); `procedure`: how a test says that its pair is upgraded
    now, which no box can know; `changes_given_up`: and that what is set on the box that serves may be lost."""

    config: SiteConfig
    boxes: list[Box] = field(default_factory=list)
    witness: Witness = field(default_factory=Witness)
    backups: list[BackupMark] = field(default_factory=list)
    connected: dict[int, str] = field(default_factory=dict)
    check_ins: dict[int, float] = field(default_factory=dict)
    public_box: str = ""
    procedure: Procedure = "none"
    changes_given_up: bool = False
    moves: list[Move] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Short name."""
        return self.config.key

    @property
    def hostname(self) -> str:
        """The public host name."""
        return self.config.hostname

    @property
    def shared_ip(self) -> str:
        """The shared address, empty without one."""
        return self.config.shared_ip

    @property
    def target(self) -> str:
        """The product that the boxes are to reach: the one that was configured, else the newest that is offered; empty
        where nothing is."""
        if self.config.target_version not in ("", "latest"):
            return self.config.target_version
        offered = [entry.version for entry in self.boxes[0].world.config.catalogue if entry.kind == "product"]
        return max(offered, key=numbers, default="")

    def other(self, box: Box) -> Box | None:
        """The other half of the pair."""
        return next((member for member in self.boxes if member is not box), None)

    def public(self) -> Box | None:
        """The box behind the public name, whether or not it answers."""
        if self.shared_ip:
            return next((box for box in self.boxes if box.holds(self.shared_ip)), None)
        return next((box for box in self.boxes if box.name == self.public_box), None)

    def holder(self) -> Box | None:
        """The box behind the public name; where there is none just now, the one that served last."""
        last = next((box for box in self.boxes if box.name == self.witness.last), None)
        return self.public() or last

    def note_move(self, box: Box, by_client: bool) -> None:
        """The site's name or address comes to this box."""
        source, healthy = self.witness.last, box.is_ready()
        by: Literal["client", "person"] = "client" if by_client else "person"
        role, product = box.failover.role, box.product
        self.moves.append(Move(time.time(), source, box.name, role, product, healthy, self.target, by))
