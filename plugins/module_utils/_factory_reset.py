# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reset of a box to factory defaults, to the end, and then its shut-down (G44; H16 to H18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _first_login
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Identity, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    PageNotUnderstood,
    Refused,
    Unproven,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._evidence import Case, Evidence, collect, facts_of
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, private_folder, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._first_login import Entry
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, now_text
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Absence, Clock, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._power_page import is_running, press

NORMAL_SECONDS = 3600.0
SHUTDOWN = Patience(60, 600)
# So many readings in a row before the door of a box is taken for what it shows.
GOOD_READINGS = 3
# How long a box may show no sign of a reset or a shut-down before it counts as never begun.
GRACE_SECONDS = 15.0
_RESTARTING = (Unreachable, AnswerLost, ApiFailed, PageNotUnderstood)


@dataclass(frozen=True)
class State:
    """What is known of the box: ``in_use``, ``reset`` or ``shut_down``; `evidence` was collected before a reset."""

    state: str
    serial: str
    evidence: tuple[Evidence, ...] = ()

    def facts(self) -> dict[str, Any]:
        """As a result tells it."""
        return {"state": self.state, "serial": self.serial or None}


def reset(case: Case, context: Context, patience: Patience, shut_down: bool) -> tuple[State, State]:
    """Reset the box, wait to the end, and shut it down where that is wanted.

    :raises Refused: a piece of evidence is missing; nothing was changed. It is said which.
    """
    box = case.box
    require(box, "A factory reset", "appliance")
    done, _off = _last_reset(box, context)
    if done is not None:
        serial = str(done.get("serial", ""))
        if Identity(serial=serial).names() != Identity(serial=case.serial).names():
            raise Refused(f"{box.name} was reset as {serial}, but {case.serial} was typed.", guide=("G44",))
        return _shut_down(box, context, serial, shut_down)
    begun = context.journal.open_act(box.name, "factory_reset")
    if begun is not None and not context.check_mode:
        box.say("an earlier run began the reset; asking the box how far it is")
        serial = str(begun.get("serial", ""))
        if _await_end(box, patience, lost=True):
            _note(box, context, serial, begun.get("evidence", []))
            return _after(box, context, serial, shut_down, State("in_use", serial))
        context.journal.write(
            "outcome", f"{box.name} was found not to have been reset.", box=box.name, act="factory_reset",
            phase=context.phase, result="not_begun",
        )
    require(box, "A factory reset", "login")
    evidence = collect(case)
    for one in evidence:
        box.say(f"{'ok' if one.ok else 'MISSING'}: {one.name}: {one.seen}")
    missing = [one for one in evidence if not one.ok]
    if missing:
        raise Refused(
            f"{box.name} is not reset. Missing: " + "; ".join(f"{one.name} ({one.seen})" for one in missing) + ".",
            advice="A reset cannot be taken back; it is done only when nothing speaks against it.",
            guide=tuple(sorted({one.guide for one in missing})),
            evidence=facts_of(evidence),
        )
    refuse_busy(box, context)
    serial = box.basics().serial
    before = State("in_use", serial, tuple(evidence))
    sentence = f"Reset {box.name} ({serial}) to factory defaults."
    if context.check_mode:
        context.plan(sentence)
        if shut_down:
            context.plan(f"Shut down {box.name}.")
        return before, before
    if not context.journal.open_run():
        context.journal.write("run", sentence, procedure="reset", a=box.name, phase=context.phase)
    with context.act(box.name, "factory_reset", sentence, serial=serial, evidence=facts_of(evidence)):
        _first_login.forget_refusals(box, "appliance")
        page = press(box.appliance, "reset.factory")
        lost = page is None or not is_running(page, "reset.factory")
        if not _await_end(box, patience, lost):
            raise Refused(f"{box.name} did not begin the reset.", advice="Run the same command again.", guide=("G44",))
    _note(box, context, serial, facts_of(evidence))
    return _after(box, context, serial, shut_down, before)


def _after(box: Box, context: Context, serial: str, shut_down: bool, before: State) -> tuple[State, State]:
    _before, after = _shut_down(box, context, serial, shut_down)
    return before, State(after.state, serial, before.evidence)


def _note(box: Box, context: Context, serial: str, evidence: list[dict[str, Any]]) -> None:
    """The proof for an auditor: in the journal, and as a file of its own beside it (H18)."""
    text = f"{box.name} ({serial}) is reset: it knows nothing but its factory account."
    context.journal.write("reset", text, box=box.name, phase=context.phase, serial=serial, evidence=evidence)
    if box.run_dir:
        proof = {"text": text, "time": now_text(), "box": box.name, "serial": serial, "evidence": evidence}
        store_json(proof, private_folder(box.run_dir) / f"reset-{file_name(box.name)}.json")


def _await_end(box: Box, patience: Patience, lost: bool) -> bool:
    """Wait until the reset is over and prove it by the factory account; False: it never began.

    A box that wipes itself may be silent for long, and its address may be gone afterwards. Nothing switches it off
    meanwhile (H17).

    :param lost: whether it is in doubt that the reset began at all.
    """
    clock = Clock()
    started = clock.now()
    told, away = not lost, False
    known_since: float | None = None

    def look() -> Look[bool]:
        nonlocal told, away, known_since
        try:
            page = box.appliance.front()
        except _RESTARTING:
            away, known_since = True, None
            return Look("does not answer, as while it is wiped")
        if is_running(page, "reset.factory"):
            told = away = True
            return Look("says that the reset is under way")
        now = clock.now()
        if page.is_login or page.status in (401, 419):
            # A box may end all sessions long before it goes away, so its log-in page alone proves nothing.
            return Look("shows its log-in page", True if away or now - started > GRACE_SECONDS else None)
        if known_since is None:
            known_since = now
        if not told and now - known_since > GRACE_SECONDS:
            return Look("still knows our session", False)  # silent for a moment or not: it was not wiped
        return Look("has not ended our session yet")

    over = wait_until(
        f"[{box.name}] factory reset", look, patience, box.context.say, settle=GOOD_READINGS, guide=("G44",),
        advice="Never switch the box off before it is through; look at its console. A reset may also take its address"
        " away. Run the same command again to go on waiting, or give more time (timeout).",
    )
    if not over:
        return False
    if _first_login.find_entry(box, "appliance", ("factory", "account")).way == "factory":
        return True
    if not told:
        return False
    raise Unproven(
        f"{box.name} still knows the account {box.connection.appliance.username!r}"  # type: ignore[union-attr]
        " after the reset, so it was not wiped.",
        advice="Look at its console.",
        guide=("G44",),
    )


def _enter(box: Box, context: Context) -> Entry:
    """Enter a box after its reset: by its factory account, or by what took its place on the way to the shut-down."""
    ways = _first_login.ways_after_claim(box, "appliance", context) or ("factory",)
    return _first_login.find_entry(box, "appliance", ways)


def _shut_down(box: Box, context: Context, serial: str, wanted: bool) -> tuple[State, State]:
    """Switch off a box that is reset; only after the wipe has ended (H17)."""
    _done, off = _last_reset(box, context)
    now = State("shut_down" if off else "reset", serial)
    box.say(f"({serial}) is reset" + (" and shut down" if off else ""))
    if off or not wanted:
        return now, now
    sentence = f"Shut down {box.name}."
    if context.would(sentence):
        return now, now
    if context.journal.open_act(box.name, "shut_down") is None or not _await_off(box, lost=True):
        entry = _first_login.claim(box, "appliance", _enter(box, context), context)
        shown = entry.box.basics().serial
        if Identity(serial=shown).names() != Identity(serial=serial).names():
            raise Refused(f"{box.name} must be {serial}, but the box that answers is {shown}.", guide=("G44",))
        with context.act(box.name, "shut_down", sentence, serial=serial):
            lost = press(entry.box.appliance, "shutdown") is None
            if not _await_off(box, lost):
                raise AnswerLost(
                    f"{box.name} was told to shut down, its answer was lost, and it is still on.",
                    state="It is reset; nothing else is left to do.",
                    advice="Run the same command again: it asks the box first.",
                    guide=("G44",),
                )
    else:
        context.journal.write("outcome", sentence, box=box.name, act="shut_down", phase=context.phase, result="done")
        context.actions.append(sentence)
    return now, State("shut_down", serial)


def _last_reset(box: Box, context: Context) -> tuple[Record | None, bool]:
    """The last reset of the box, and whether it was shut down after it; nothing for a box that was used again since."""
    done, off = None, False
    for record in context.journal.records():
        if record.get("box") != box.name:
            continue
        if record["kind"] == "reset":
            done, off = record, False
        elif record.get("act") in ("install", "restore"):
            done, off = None, False
        elif record.get("act") == "shut_down" and record.get("result") == "done":
            off = True
    return done, off


def _answers(box: Box) -> bool:
    try:
        box.appliance.front()
    except Unreachable:
        return False
    return True


def _await_off(box: Box, lost: bool) -> bool:
    """Wait until the box has been silent for long enough to be off; False: it never began to shut down.

    :param lost: whether it is in doubt that the box was told.
    """
    clock = Clock()
    started = clock.now()
    absence = Absence()

    def look() -> Look[bool]:
        if _answers(box):
            absence.end()
            return Look("still answers", False if lost and clock.now() - started > GRACE_SECONDS else None)
        return Look("is silent", True if absence.lasts(clock.now()) else None)

    return wait_until(
        f"[{box.name}] shut-down", look, SHUTDOWN, box.context.say, guide=("G44",), advice="Look at its console."
    )
