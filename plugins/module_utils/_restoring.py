# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The upload of a backup to a box, the wait until it is restored, and the proof of it (G42, H3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import Health
from ansible_collections.bt_ops.pra.plugins.module_utils._backup import Backup
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    BoxFailed,
    LoginRefused,
    PageNotUnderstood,
    Unproven,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._first_login import Entry
from ansible_collections.bt_ops.pra.plugins.module_utils._press import NotBegun, Press
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Absence, Clock, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._restore_page import (
    RestorePage,
    Told,
    asked_on_the_way,
    open_restore,
)

# So many good readings in a row before a box whose site restarts counts as up again.
GOOD_READINGS = 3
# How long a box may show no sign of a restore before it counts as never begun.
GRACE_SECONDS = 15.0
MOST_QUESTIONS = 3
Sign = Literal[Told, "outside"]
_RESTARTING = (Unreachable, AnswerLost, ApiFailed, PageNotUnderstood)


def send_backup(entry: Entry, backup: Backup, password: str, press: Press) -> tuple[RestorePage, Told]:
    """Upload the file, once; gives the page it was sent from and what the box said of it.

    :raises BoxFailed: the box says that it does not restore it.
    """
    site = entry.box.login
    page = open_restore(site)
    path = Path(backup.path)
    with press.sent(), path.open("rb") as stream:
        answer = site.submit(page.upload(Upload(path.name, stream, backup.size, str(path)), password))
        for _question in range(MOST_QUESTIONS):
            submission = asked_on_the_way(answer, password)
            if submission is None or page.told(answer)[0] != "silent":
                break
            answer = site.submit(submission)
    if press.lost:
        return page, "silent"
    told, line = page.told(answer)
    if told == "failed":
        raise BoxFailed(
            f"{entry.box.name} does not restore the backup: {line[:300]}",
            state="The box is as it was.",
            advice="Check the file and its password (bt_backup_password).",
            guide=("G42",),
        )
    return page, told


def await_restored(entry: Entry, page: RestorePage, told: Sign, patience: Patience, press: Press) -> Sign:
    """Wait until the box is well and through with the restore, as far as our old session can tell.

    :returns: "done" when the box said so, "running" when it began and is through, "outside" when all that is known is
        that our session has ended, "silent" when it showed no sign.
    """
    box, clock = entry.box, Clock()
    started = clock.now()
    best: Sign = told
    absence = Absence()

    def look() -> Look[bool]:
        nonlocal best
        began = clock.now()
        try:
            healthy = box.is_healthy()
            shown = box.login.front() if healthy else None
        except _RESTARTING:
            if absence.lasts(began) and best != "done":
                best = "running"
            return Look("does not answer, as during a restart")
        absence.end()
        if shown is None:
            return Look("answers, its site is not healthy yet")
        now, line = page.told(shown)
        if now == "running":
            best = "running"
            return Look(line)
        if now == "done":
            best = "done"
        elif _is_outside(shown):
            # The restore replaces accounts and their sessions; but somebody may have ended ours.
            best = "outside" if best == "silent" else best
        elif best != "done" and not (press.is_over() and clock.now() - started > GRACE_SECONDS):
            return Look("shows nothing of the restore")
        through = best in ("running", "done")
        return Look("is through with the restore" if through else "shows nothing of the restore", True)

    wait_until(
        f"[{box.name}] restore", look, patience, box.context.say, settle=GOOD_READINGS, guide=("G42",),
        advice="Leave the box alone and run the same command again to go on waiting, or give more time (timeout).",
    )
    return best


def _is_outside(page: Page) -> bool:
    return page.is_login or page.status in (401, 419)


def prove(box: Box, entry: Entry, told: Sign, backup: Backup) -> Health:
    """Enter the box with the account of the inventory, as a restored one knows it, and read what it is now.

    What only the backup can have brought is the proof: an account that was not the one before, or an API account; the
    box's own word counts too.

    :raises LoginRefused: the box does not know the account (H3).
    """
    entry.box.login.log_out()
    box.login.forget_refusal()
    if box.api is not None:
        box.api.forget_refusal()
    try:
        box.login.start()
        health = box.health()
    except LoginRefused as error:
        raise LoginRefused(
            f"The backup was sent to {box.name}, and the box does not let in the account of the inventory:"
            f" {error.what}",
            state="It is not tried again.",
            advice="bt_login_username, bt_login_password and the API account must be such as the backup holds:"
            " those of the box that it is of.",
            guide=("G42",),
        ) from None
    brought = box.connection.login != entry.box.connection.login or box.connection.api is not None
    if told in ("silent", "outside") and not brought:
        raise Unproven(
            f"{box.name} does not tell whether it restored the backup.",
            advice="Give an API account that the backup holds; that the box then knows it is the proof.",
            guide=("G42",),
        )
    if health.role not in ("none", ""):
        raise Unproven(f"{box.name} has the failover role {health.role} after the restore.", guide=("G42",))
    if Version.find(backup.product_version) != health.version or not health.healthy:
        why = f"runs {health.version}" if health.healthy else f"is not healthy ({health.message or 'no reason given'})"
        raise Unproven(f"{box.name} {why} after the restore of a backup of {backup.product_version}.", guide=("G42",))
    return health


def await_well(box: Box, patience: Patience) -> None:
    """Wait until the site of a box in which an earlier run began a restore is up."""

    def look() -> Look[bool]:
        try:
            well = box.is_healthy()
        except _RESTARTING:
            return Look("does not answer, as during a restart")
        return Look("is well" if well else "answers, its site is not healthy yet", True if well else None)

    wait_until(
        f"[{box.name}] restore that an earlier run began", look, patience, box.context.say, settle=GOOD_READINGS,
        guide=("G42",),
    )


def attach(box: Box, entry: Entry, backup: Backup, patience: Patience) -> bool:
    """Find out what became of a restore that an earlier run began, and see it to its end (law 3).

    :returns: whether the backup is restored; False: the box has not done it and does not do it.
    """
    page = open_restore(entry.box.login)
    told: Sign = "silent"
    if page.page.says("restore.running") is not None:
        told = await_restored(entry, replace(page, known=frozenset()), "running", patience, Press(box))
    elif entry.way == "claimed":
        return False  # it still knows the account that a restore replaces
    try:
        prove(box, entry, told, backup)
    except (LoginRefused, Unproven):
        return False
    return True


def never_begun(box: Box, lost: str) -> NotBegun:
    """The error for a box that shows no sign of a restore; `lost` is how its answer was lost."""
    return NotBegun(f"{box.name} did not begin the restore. {lost}".rstrip(), guide=("G42",))
