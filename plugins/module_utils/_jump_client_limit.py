# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How many Jump Clients may upgrade at the same time: lowered for an upgrade, put back after it (G11, A11).

The old value is in the journal before the box is told, and stays open there until it is seen on the box again, by
whichever run.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils import _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BadInput,
    PageNotUnderstood,
    Refused,
    Unproven,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record
from ansible_collections.bt_ops.pra.plugins.module_utils._press import Press
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import LATE_SECONDS, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._jump_clients_page import (
    JumpClientsPage,
    open_jump_clients,
    shows_limit,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Said

# The highest that the page takes (appliance-interface.md 7.4).
HIGHEST = 500
SETTING = "jump_client_limit"


@dataclass(frozen=True)
class Outcome:
    """The limit before and after, as the page shows it; None where the box was not asked.

    `held` says why the box was left alone, `wanted` what it would show if check mode had not left the act out.
    """

    before: str | None
    after: str | None
    held: str = ""
    wanted: str = ""


def lower(box: Box, context: Context, limit: int) -> Outcome:
    """Have at most that many upgrade at the same time, until `restore`.

    :raises BadInput: the limit is none that the page takes.
    """
    require_possible(box, context, limit)
    if held := update_under_way(context):
        return Outcome(None, None, held=held)
    try:
        page = open_jump_clients(box.login)
    except PageNotUnderstood:
        if not context.check_mode:
            raise
        # A box that is still a backup has no such page; when its turn comes it is none any more.
        context.plan(f"Lowered the limit of Jump Client upgrades on {box.name} to {limit}.")
        return Outcome(None, None, wanted=str(limit))
    if page.limit.isdigit() and int(page.limit) <= limit:
        return Outcome(page.limit, page.limit)
    refuse_busy(box, context)
    sentence = f"Lowered the limit of Jump Client upgrades on {box.name} from {page.limit or 'none'} to {limit}."
    if _manual.would(box, context, "client_limit", sentence, {"limit": limit}):
        return Outcome(page.limit, page.limit, wanted=str(limit))
    kept = unrestored(context, box.name)
    old = kept.get("old", "") if kept else page.limit
    context.journal.write(
        "setting", f"The limit of Jump Client upgrades on {box.name} is changed for a while.", name=SETTING,
        box=box.name, phase=context.phase, state="changed", old=old, new=str(limit),
    )
    return Outcome(page.limit, _set(box, context, page, str(limit), sentence))


def require_possible(box: Box, context: Context, limit: int) -> None:
    """Stop before anything is done with a limit that cannot be set.

    :raises BadInput: no box takes it, the account is missing, or there is no journal to keep the old value in.
    """
    context.journal.require_folder("where is the old limit to be kept?")
    if not 1 <= limit <= HIGHEST:
        raise BadInput(
            f"The limit of Jump Client upgrades is {limit}; a box takes 1 to {HIGHEST}.", state="Nothing was changed.",
            guide=("G11",),
        )
    if box.connection.manual.everything:
        raise BadInput(
            f"The limit of Jump Client upgrades stands only on a page of {box.name}, and none is read there.",
            state="Nothing was changed.",
            advice="Lower it by hand and leave bt_jump_client_limit out.",
            guide=("G11",),
        )
    require(box, "The limit of Jump Client upgrades", "login")


def restore(box: Box, context: Context) -> Outcome:
    """Put the limit back to what it was before this run folder's upgrade lowered it; nothing is asked if it did not.

    What somebody else has set since is theirs, and stays.
    """
    kept = unrestored(context, box.name)
    if kept is None:
        return Outcome(None, None)
    if held := update_under_way(context) or _others_at_work(box, context):
        return Outcome(None, None, held=held)
    require(box, "The limit of Jump Client upgrades", "login")
    page = open_jump_clients(box.login)
    old, before, after = kept.get("old", ""), page.limit, page.limit
    # On the way out of a failure no phase is named: it belongs to the one in which the limit was lowered.
    context.phase = context.phase or kept.get("phase", "")
    sentence = f"Put the limit of Jump Client upgrades on {box.name} back to {old or 'none'}."
    if page.limit == kept["new"] != old:
        if _manual.would(box, context, "client_limit", sentence, {"limit": old or "nothing"}):
            return Outcome(before, before, wanted=old)
        after = _set(box, context, page, old, sentence)
    elif page.limit != old:
        box.say(f"the limit of Jump Client upgrades is {page.limit}: somebody has set it since, so it stays")
    if not context.check_mode:
        context.journal.write(
            "setting", f"The limit of Jump Client upgrades on {box.name} is {after}.", name=SETTING, box=box.name,
            phase=context.phase, state="restored", old=before, new=after,
        )
    return Outcome(before, after)


def _others_at_work(box: Box, context: Context) -> str:
    """Another run on the site, or an update that somebody else began: the limit is theirs to put back, or waits."""
    try:
        context.hold_site()
        refuse_busy(box, context)
    except Refused as error:
        return error.what.rstrip(".")
    return ""


def unrestored(context: Context, box: str) -> Record | None:
    """The record of a limit that was lowered on the box and not yet put back."""
    last = context.journal.last("setting", name=SETTING, box=box)
    return last if last is not None and last["state"] == "changed" else None


def update_under_way(context: Context, besides: str = "") -> str:
    """Why no setting of the site may be touched now, empty when it may (G6, G25): an install whose end is not known or
    that failed, or base software that waits for its product.

    :param besides: a box whose own installs do not count.
    """
    for box in {record["box"]: None for record in context.journal.records() if record.get("act") == "install"}:
        begun = [record for record in context.journal.update_of(box) if record["kind"] == "intent"]
        if begun and box != besides:
            what = f"{begun[-1]['package']} {begun[-1]['version']}"
            return f"{what} was begun on {box}, and that update is not seen to have ended"
    return ""


def _set(box: Box, context: Context, page: JumpClientsPage, limit: str, sentence: str) -> str:
    """Send it and read it back.

    :raises Unproven: the page shows another limit afterwards.
    """
    said, press = None, Press(box)
    with context.act(box.name, SETTING, _manual.told(box, "client_limit", sentence), limit=limit):
        if _manual.by_hand(box, "client_limit"):
            _manual.ask(box, context, "client_limit", lambda: _seen(box, limit), {"limit": limit or "nothing"})
        else:
            said = _save(box, page, limit, press)
        if press.lost:
            _await_late(box, limit, press)
        shown = open_jump_clients(box.login).limit
        if shown != limit:
            raise Unproven(
                f"{box.name} shows the limit {shown or 'none'} after {limit or 'none'} was saved"
                + (f": {said.text[:300]}" if said else f". {press.lost}".rstrip()),
                advice="Run the same command again: it asks the box first."
                if press.lost
                else "Look at /login > Jump > Jump Clients.",
                guide=("G11",),
            )
    return shown


def _save(box: Box, page: JumpClientsPage, limit: str, press: Press) -> Said | None:
    """Gives what the box says against it."""
    said, form = None, page.set_limit(limit)
    with press.sent():
        answer = box.login.submit(form)
        said = answer.says("error")
        confirm = answer.maybe_button("confirm.yes")
        if confirm is not None and not shows_limit(answer):
            box.login.submit(answer.fill({}, confirm))
    return said


def _await_late(box: Box, limit: str, press: Press) -> None:
    """Wait until the box shows the limit, or cannot set it any more: a limit that is lowered later nobody puts back."""

    def look() -> Look[bool]:
        with press.looked():
            seen = _seen(box, limit)
        return Look(seen.seen, True if seen.value or press.is_over() else None)

    what = f"[{box.name}] limit {limit or 'none'} of Jump Client upgrades, saved without an answer"
    wait_until(what, look, Patience(5, 3 * LATE_SECONDS), box.context.say)


def _seen(box: Box, limit: str) -> Look[bool]:
    shown = open_jump_clients(box.login).limit
    return Look(f"shows the limit {shown or 'none'}", True if shown == limit else None)
