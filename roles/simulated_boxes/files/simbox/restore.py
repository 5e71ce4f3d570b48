# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Restoring the settings of a site from a backup file (guide G42; appliance-interface.md 7.1).

That there is such a section is documented; what it refuses, and its texts, are GUESS (11.4 number 6).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from simbox.backup import Backup, BackupError, PasswordError, PasswordMissing, unpack
from simbox.failover import Outcome
from simbox.uploads import Upload
from simbox.versions import numbers

if TYPE_CHECKING:
    from simbox.box import Box


async def restore(box: Box, upload: Upload | None, password: str) -> Outcome:
    """Put the data of a backup in place of the box's; its log-ins, tokens and users' sessions end with it."""
    box.world.watch.restore(box)
    if box.failover.role != "none":
        return Outcome(False, "restore_in_relationship")
    if upload is None or not upload.size:
        return Outcome(False, "restore_no_file")
    try:
        backup = unpack(upload.content or b"", password)
    except PasswordMissing:
        return Outcome(False, "restore_password_missing")
    except PasswordError:
        return Outcome(False, "restore_password_wrong")
    except BackupError:
        return Outcome(False, "restore_no_backup")
    box.world.watch.restore_version(box, backup.manifest)
    refusal = _refusal(box, backup)
    if refusal is not None:
        return refusal
    with box.busy.during("restore"):
        await asyncio.sleep(box.world.durations.of("restore"))
    _put(box, backup)
    await box.world.settle()
    return Outcome(True, "restore_done")


def _refusal(box: Box, backup: Backup) -> Outcome | None:
    site, product = str(backup.manifest["site"]), str(backup.manifest["product"])
    if site != box.site.hostname:
        return Outcome(False, "restore_other_site", {"site": site})
    if numbers(product) > numbers(box.product):
        return Outcome(False, "restore_newer", {"version": product, "here": box.product})
    return None


def _put(box: Box, backup: Backup) -> None:
    box.forget_software()
    box.data = backup.data
    box.factory = False
    box.restored = dict(backup.manifest)
    # A session cannot outlive its connection.
    for record in box.data.open_sessions():
        record.ended = box.now()
