# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the site of the product, ``/login``, shows of each step that is done there. Nothing is pressed."""

from __future__ import annotations

import io

from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._eye import Eye, Told, Visit
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import Finding
from ansible_collections.bt_ops.pra.plugins.module_utils._web._failover_page import FailoverPage, read_failover
from ansible_collections.bt_ops.pra.plugins.module_utils._web._jump_clients_page import read_jump_clients
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._restore_page import read_restore
from ansible_collections.bt_ops.pra.plugins.module_utils._web._software_page import fill_backup

FAILOVER = ("menu.management", "menu.failover")
SOFTWARE = ("menu.management", "menu.software")
JUMP_CLIENTS = ("menu.jump", "menu.jump_clients")
_ON_BACKUP = "a backup box shows fewer pages; it shows this one when it is none any more (G29)"
# Only to see whether the forms can be filled in; no form is sent.
_HOST, _TEXT = ("192.0.2.1", 443), "x"
_NO_FILE = Upload("x", io.BytesIO(), 0)


def look_at_login(visit: Visit, role: str) -> list[Finding]:
    """Every step that is done on ``/login``.

    :param role: the failover role, by the API; empty where that did not tell it.
    """
    hidden = _ON_BACKUP if role == "backup" else ""
    return [
        visit.examine("sync", FAILOVER, _sync),
        visit.examine("break", FAILOVER, _break),
        visit.examine("establish", FAILOVER, _establish),
        visit.examine("client_limit", JUMP_CLIENTS, _client_limit, hidden),
        visit.examine("restore", SOFTWARE, _restore, hidden),
    ]


def look_at_backup_form(visit: Visit, role: str) -> Finding:
    """The form for backups, for a box that gives none by its API."""
    return visit.examine("backup", SOFTWARE, _backup, _ON_BACKUP if role == "backup" else "")


def _role(page: Page) -> FailoverPage:
    return read_failover(page)


def _sync(eye: Eye) -> Told | None:
    now = _role(eye.page)
    if now.role == "none":
        return Told("unseen", "the box is in no failover relationship, so its page offers no data sync")
    if now.syncing:
        return Told("unseen", f"a data sync is running: {now.syncing}")
    eye.button("failover.sync_now")
    now.sync_now()
    eye.note("value", "failover.last_sync", now.last_sync)
    return Told("ready", unknown="" if now.last_sync else "how the page tells the time of the last data sync")


def _break(eye: Eye) -> Told | None:
    now = _role(eye.page)
    if now.role == "none":
        return Told("unseen", "the box is in no failover relationship, so there is nothing to break")
    eye.button("failover.break")
    now.break_relationship()
    return None


def _establish(eye: Eye) -> Told | None:
    now = _role(eye.page)
    if now.role != "none":
        return Told("unseen", "the page shows its form only while the box is in no failover relationship")
    for key in ("failover.new_backup", "failover.reverse"):
        part = eye.section(key)
        part.field("failover.host")
        part.field("failover.port")
    eye.button("failover.establish")
    now.establish(_HOST, _HOST)
    return Told("ready", unknown="whether both boxes hold the same pre-shared key (G28)")


def _client_limit(eye: Eye) -> Told | None:
    eye.field("jump_clients.max_upgrades")
    page = read_jump_clients(eye.page)
    page.set_limit(page.limit or "1")
    eye.button("jump_clients.save")
    return None


def _backup(eye: Eye) -> Told | None:
    part = eye.section("software.backup")
    part.field("backup.password")
    part.field("backup.confirm")
    part.maybe_field("backup.history")
    part.button("backup.download")
    fill_backup(eye.page, _TEXT)
    return None


def _restore(eye: Eye) -> Told | None:
    part = eye.section("software.restore")
    part.field("restore.file")
    part.maybe_field("restore.password")
    part.button("restore.upload")
    read_restore(eye.page).upload(_NO_FILE, _TEXT)
    return None
