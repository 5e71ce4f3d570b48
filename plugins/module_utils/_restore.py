# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The restore of a backup on a new box: first log-in, upload, and the proof that its data is there (G42, H1 to H10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup, _first_login, _restoring
from ansible_collections.bt_ops.pra.plugins.module_utils._api._presence import ask_presence
from ansible_collections.bt_ops.pra.plugins.module_utils._backup import Backup
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Identity, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, LoginRefused, NotPermitted, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._first_login import Entry, Way
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record
from ansible_collections.bt_ops.pra.plugins.module_utils._press import Press
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience, spell
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, who_surely_answers

NORMAL_SECONDS = 900.0


@dataclass(frozen=True)
class Terms:
    """Under which a backup is restored.

    :param max_age: seconds; an older backup is refused (H9), 0 takes any.
    :param consent: the box's serial, typed by a person who says that what is on the box may be lost.
    :param site: the public name; the box that serves it is in use.
    """

    password: str
    patience: Patience
    max_age: float
    consent: str = ""
    site: PublicName | None = None


@dataclass(frozen=True)
class Subject:
    """The box as it is now. `prepared`: its factory password is replaced; `account` is who entered ``/login``."""

    serial: str
    appliance_id: str
    base_version: str
    product_version: str | None
    product_build: str
    failover_role: str | None
    prepared: bool
    account: str
    restored: dict[str, Any] | None

    def facts(self) -> dict[str, Any]:
        """As a result tells them."""
        return {
            "serial": self.serial or None,
            "base_version": self.base_version or None,
            "product_version": self.product_version,
            "product_build": self.product_build or None,
            "failover_role": self.failover_role,
            "prepared": self.prepared,
            "restored": self.restored,
        }


def restored_on(box: Box, context: Context) -> Record | None:
    """What the journal tells of the last restore on the box; nothing for one that was reset since."""
    mine = [record for record in context.journal.records() if record.get("box") == box.name]
    last = [record for record in mine if record["kind"] in ("restored", "reset")][-1:]
    return last[0] if last and last[0]["kind"] == "restored" else None


def ways_in(box: Box, context: Context) -> tuple[Way, ...]:
    """In which order a box is to be entered, by what the journal says was done to it (H3)."""
    if restored_on(box, context) is not None or context.journal.open_act(box.name, "restore") is not None:
        return ("account", "claimed")
    return _first_login.ways_after_claim(box, "login", context) or ("factory", "account")


def prepare(box: Box, context: Context) -> tuple[Subject, Subject]:
    """Make the first log-in on a new box and replace its factory password (H2); one that is in use is left alone."""
    _require(box)
    entry = _enter(box, context)
    before = read_subject(box, entry, context)
    if entry.way != "factory":
        _refuse_paired(box, before)
        return before, before
    return before, read_subject(box, _first_login.claim(box, "login", entry, context), context)


def restore(box: Box, backup: Backup, context: Context, terms: Terms) -> tuple[Subject, Subject]:
    """Have the backup restored on the box.

    :raises Refused: the box is paired, in use, at another version, or the backup is too old; nothing was changed.
    :raises LoginRefused: after the restore the box does not know the account of the inventory (H3).
    """
    _require(box)
    begun = context.journal.open_act(box.name, "restore")
    if begun is not None and not context.check_mode:
        _restoring.await_well(box, terms.patience)
    entry = _enter(box, context)
    before = read_subject(box, entry, context)
    if entry.way == "account" and before.restored is not None and before.restored["sha256"] == backup.sha256:
        return before, before
    if begun is not None and not context.check_mode and _attach(box, entry, backup, begun, terms.patience):
        return before, read_subject(box, Entry(box, "account"), context)
    refuse_busy(box, context)
    _refuse_old(backup, terms)
    _refuse_in_use(box, entry, before, begun is not None, terms)
    sentence = f"Restored the backup of {backup.box}, taken {backup.taken}, on {box.name}."
    entry = _first_login.claim(box, "login", entry, context)
    if context.check_mode and entry.wanted is not None:
        context.plan(sentence)  # what the box runs is only seen behind the change of the factory password
        return before, before
    now = read_subject(box, entry, context)
    _refuse_paired(box, now)
    _refuse_other_version(box, now, backup)
    if context.would(sentence):
        return before, before
    context.may_begin("the restore")
    with context.act(box.name, "restore", sentence, sha256=backup.sha256, path=backup.path):
        press = Press(entry.box)
        page, told = _restoring.send_backup(entry, backup, terms.password, press)
        seen = _restoring.await_restored(entry, page, told, terms.patience, press)
        if seen == "silent" and (press.lost or entry.box.connection.login == box.connection.login):
            raise _restoring.never_begun(box, press.lost)
        _restoring.prove(box, entry, seen, backup)
        _note(box, backup, now, context)
    box.say("its failover settings and its pre-shared key are now those of the backup")
    return before, read_subject(box, Entry(box, "account"), context)


def _attach(box: Box, entry: Entry, backup: Backup, begun: Record, patience: Patience) -> bool:
    """See a restore to its end that an earlier run began; False: the box has not done it.

    It may have been another backup than the one that is wanted now: the box is asked about the one that it was sent.

    :raises Refused: it has restored that other one.
    """
    context = box.context
    sent = backup if begun.get("sha256") == backup.sha256 else _backup.described(begun.get("path", "")) or backup
    done = _restoring.attach(box, entry, sent, patience)
    sentence = f"Restored the backup of {sent.box}, taken {sent.taken}, on {box.name}."
    if done:
        _note(box, sent, read_subject(box, Entry(box, "account"), context), context)
    context.journal.write(
        "outcome", sentence if done else f"{box.name} was found not to have restored the backup.", box=box.name,
        act="restore", phase=context.phase, result="done" if done else "not_begun",
    )
    if done and sent is not backup:
        raise Refused(
            f"An earlier run has restored the backup of {sent.box}, taken {sent.taken}, on {box.name}.",
            advice="Nothing is restored over it; give that backup (src) to go on.",
            guide=("G42",),
        )
    if done:
        context.actions.append(sentence)
    return done


def _note(box: Box, backup: Backup, now: Subject, context: Context) -> None:
    """Have the journal tell that the backup is proven restored, and where: whoever resets the old box relies on it."""
    context.journal.write(
        "restored", f"The backup of {backup.box}, taken {backup.taken}, is restored on {box.name}.", box=box.name,
        phase=context.phase, sha256=backup.sha256, path=backup.path, serial=now.serial, appliance_id=now.appliance_id,
        of=backup.box, of_serial=backup.serial, of_appliance_id=backup.appliance_id, taken=backup.taken,
    )


def _require(box: Box) -> None:
    require(box, "A restore", "appliance")
    require(box, "A restore", "login")


def _enter(box: Box, context: Context) -> Entry:
    entry = _first_login.find_entry(box, "login", ways_in(box, context))
    account = entry.box.connection.login
    if entry.way != "factory" and entry.wanted is not None:
        raise Refused(
            f"{box.name} wants a new password for the account {account.username if account else ''!r}"
            " before anything else.",
            advice="Log in once with a browser and change it, then give the new password (bt_login_password).",
            guide=("G42",),
        )
    return entry


def read_subject(box: Box, entry: Entry, context: Context) -> Subject:
    """Who the box is and what it runs; what stands behind the change of the factory password cannot be read yet."""
    basics = box.basics()
    record = restored_on(box, context)
    health = None if entry.wanted is not None else entry.box.health()
    return Subject(
        serial=basics.serial,
        appliance_id=basics.appliance_id,
        base_version=basics.base_version.text if basics.base_version else "",
        product_version=health.version.text if health and health.version else None,
        product_build=health.build if health else "",
        failover_role=health.role if health else None,
        prepared=entry.way != "factory",
        account=entry.box.connection.login.username,  # type: ignore[union-attr]  # the caller has required it
        restored={key: record.get(key, "") for key in ("of", "taken", "sha256")} if record else None,
    )


def _refuse_old(backup: Backup, terms: Terms) -> None:
    """What was done since the backup is lost (H9)."""
    if terms.max_age > 0 and backup.age() > terms.max_age:
        raise Refused(
            f"The backup {backup.path} is {spell(backup.age())} old; what was done since would be lost.",
            advice="Take a new one, or allow its age (max_age).",
            guide=("G37", "G42"),
        )


def _refuse_paired(box: Box, now: Subject) -> None:
    """A restore replaces failover settings and the pre-shared key (H10)."""
    if now.failover_role not in (None, "none"):
        raise Refused(
            f"{box.name} has the failover role {now.failover_role or 'unknown'}; a paired box gets no backup restored.",
            advice="Break the failover relationship first.",
            guide=("G42",),
        )


def _refuse_in_use(box: Box, entry: Entry, now: Subject, ours: bool, terms: Terms) -> None:
    """Stop unless the box is factory-new, or in a restore of ours that was cut off, or given up by a person (H1)."""
    _refuse_paired(box, now)
    if terms.site is not None:
        # Neither its APIs nor an account that has yet to be prepared: the session of /appliance shows who answers.
        bare = Box(replace(box.connection, api=None, login=None), box.context, box.run_dir)
        witness = who_surely_answers(terms.site, [bare], box.context.say)
        if witness.box:
            raise Refused(
                f"{box.name} serves {terms.site.hostname}, so nothing is restored on it ({witness.how}).",
                guide=("G42",),
            )
    if entry.way != "account":
        return
    if box.api is not None:
        try:
            there = ask_presence(box.api)
        except (LoginRefused, ApiFailed, NotPermitted) as error:
            box.say(f"who is connected is not known: {error.what}")
        else:
            if not there.nobody:
                raise Refused(f"{box.name} is in use: {there}.", advice=_NOT_NEW, guide=("G42",))
    typed, real = Identity(serial=terms.consent).names(), Identity(serial=now.serial).names()
    if ours or (typed and typed == real):
        return
    wrong = f" {terms.consent!r} was typed, the box is {now.serial or 'without a serial'}." if typed else ""
    raise Refused(
        f"{box.name} is not factory-new: it knows the account {box.connection.login.username!r}"  # type: ignore[union-attr]
        f" and not the factory one, so it counts as a box in use.{wrong}",
        advice=_NOT_NEW,
        guide=("G42",),
    )


_NOT_NEW = (
    "Is it the right box? If all that is on it may be lost, type its serial number in bt_confirm_serial"
    " and run the same command again."
)


def _refuse_other_version(box: Box, now: Subject, backup: Backup) -> None:
    """The box must run just what the box of the backup ran (H8)."""
    wanted = Version.find(backup.product_version)
    here = Version.find(now.product_version or "")
    if wanted is None or here is None or wanted != here:
        raise Refused(
            f"{box.name} runs product {here or 'unknown'}, the backup is of {wanted or 'unknown'}.",
            advice="Update the box to the version of the backup first; a backup goes into no other version.",
            guide=("G41", "G42"),
        )
    builds = sorted((backup.product_build, now.product_build), key=len)
    if not builds[1].startswith(builds[0]):  # a page may show but the number of a build
        raise Refused(
            f"{box.name} runs build {now.product_build[:12]} of {here}, the backup is of build"
            f" {backup.product_build[:12]}.",
            advice="Install the very same package on both boxes first.",
            guide=("G41", "G42"),
        )
