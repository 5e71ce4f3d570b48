# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A site: the name that users know, and the one or two boxes behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simbox.config import SiteConfig
from simbox.watch import BackupMark
from simbox.witness import Witness

if TYPE_CHECKING:
    from simbox.box import Box


@dataclass
class Site:
    """State of a site that belongs to no single box. `connected`: Jump Client id to the box that it is connected to;
    `check_ins`: when a passive one looks in (monotonic seconds)."""

    config: SiteConfig
    boxes: list[Box] = field(default_factory=list)
    witness: Witness = field(default_factory=Witness)
    backups: list[BackupMark] = field(default_factory=list)
    connected: dict[int, str] = field(default_factory=dict)
    check_ins: dict[int, float] = field(default_factory=dict)
    public_box: str = ""

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

    def other(self, box: Box) -> Box | None:
        """The other half of the pair."""
        return next((member for member in self.boxes if member is not box), None)

    def public(self) -> Box | None:
        """The box behind the public name, whether or not it answers."""
        if self.shared_ip:
            return next((box for box in self.boxes if box.holds(self.shared_ip)), None)
        return next((box for box in self.boxes if box.name == self.public_box), None)
