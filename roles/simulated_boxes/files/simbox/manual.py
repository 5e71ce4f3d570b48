# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A package that is uploaded: what a box looks at before it installs it (guide G20). Texts: GUESS (11.4 number 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simbox.failover import Outcome
from simbox.packages import read_header
from simbox.updates import Package
from simbox.uploads import Upload

if TYPE_CHECKING:
    from simbox.box import Box


def examine(box: Box, upload: Upload) -> Package | Outcome:
    """The package in a file, or why the box does not take it."""
    header = read_header(upload.head)
    if header is None or upload.size > header.size:
        box.world.watch.upload("M2", box, "a file that is no package")
        return Outcome(False, "manual_no_package")
    if upload.size < header.size or upload.seal != header.seal:
        box.world.watch.upload("M2", box, f"a damaged copy of {header.package}")
        return Outcome(False, "manual_damaged")
    if (header.site, header.box) != (box.site.hostname, box.id):
        box.world.watch.upload("M1", box, f"{header.package} of another box")
        return Outcome(False, "manual_other_box")
    package = next((newer for newer in box.updates.newer() if newer.id == header.package), None)
    return package or Outcome(False, "manual_not_newer")
