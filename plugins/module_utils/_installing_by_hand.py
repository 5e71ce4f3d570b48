# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates that a person installs on a box whose pages tell nothing, neither what there is nor what runs (G17, G25).

What shows that something is being installed: the box is away, or not healthy, or another version. What it was shows the
version afterwards; that the product runs proves the base software that it needs. After every such round in which the
product is still the old one it was base software, and so another backup is taken before a person is asked to go on.
"""

from __future__ import annotations

from functools import partial

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup, _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import CACHED_SECONDS
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    BadInput,
    PageNotUnderstood,
    SessionEnded,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import (
    GOOD_READINGS,
    NO_TOUCH,
    Terms,
    read_installed,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._offline import Offline
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, refuse_newer
from ansible_collections.bt_ops.pra.plugins.module_utils._users import tell_users
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import open_updates

_AWAY = (Unreachable, AnswerLost, ApiFailed, PageNotUnderstood, SessionEnded, TlsRefused)

_CUT_OFF = "they are cut off while it installs"


def step_of(packages_dir: str) -> str:
    """The step by which updates come onto a box."""
    return "upload" if packages_dir else "install"


def is_blind(box: Box, packages_dir: str) -> bool:
    """Whether a person installs on the box, and no page tells what there is and what runs."""
    if box.connection.manual.everything:
        return True
    if not _manual.by_hand(box, step_of(packages_dir)):
        return False
    try:
        open_updates(box.appliance)
    except PageNotUnderstood:
        return True
    return False


def refuse_unseen(box: Box, product: Version | None, base: Version | None, known_base: Version | None) -> None:
    """Stop before anything is done with a wish of which nothing could show that it is fulfilled.

    :raises BadInput: naming what cannot be seen.
    """
    if product is None:
        raise BadInput(
            f"Which version is the latest for {box.name} stands on its Updates page, which is not read here.",
            state="Nothing was changed.",
            advice="Name the version (bt_target_version).",
            guide=("G16",),
        )
    if base is not None and known_base is None:
        raise BadInput(
            f"Which base software {box.name} runs stands on its pages only, which are not read here.",
            state="Nothing was changed.",
            advice="Leave bt_target_base_version out: that the product runs proves the base software that it needs.",
            guide=("G17",),
        )


def update(box: Box, context: Context, wish: Wish, terms: Terms) -> tuple[Installed, Installed, list[str]]:
    """Have a person bring the box to the wanted product, with a backup before each package.

    :raises BadInput: what is wanted could not be seen.
    :raises NotDoneByHand: a person did not begin in time.
    """
    before = now = read_installed(box)
    refuse_unseen(box, wish.product, wish.base, before.base)
    refuse_newer(box.name, before.product, before.base, wish)
    if terms.stop_at == "base":
        raise BadInput(
            f"until=base needs a page of {box.name} that is read: only that shows base software.",
            state="Nothing was changed.",
        )
    title = f"product {wish.product}"
    while not _is_at(now, wish):
        values = {"package": title, "how": _how(box, context, wish, terms)}
        sentence = f"Installed an update on the way to {title} on {box.name}."
        step = step_of(terms.packages_dir)
        if context.check_mode:
            context.plan(f"Took a backup of {box.name}.")
            _manual.would(box, context, step, sentence, values)
            return before, before, [title]
        _backup.ensure(box, context, terms.backup)
        details = {"package": "product", "version": str(wish.product), **tell_users(box, _CUT_OFF)}
        shown = box.presented().sha256
        with context.act(box.name, "install", _manual.told(box, step, sentence), certificate=shown, **details):
            _manual.ask(box, context, step, partial(_begun, box, now), values)
            now = _await_end(box, terms, now)
        box.say(f"runs product {now.product} and is healthy")
    _close(box, context, title)
    return before, now, []


def _is_at(now: Installed, wish: Wish) -> bool:
    return now.product == wish.product and (wish.base is None or (now.base is not None and now.base >= wish.base))


def _how(box: Box, context: Context, wish: Wish, terms: Terms) -> str:
    """What to press, with every file to choose from where packages are sent."""
    if terms.packages_dir:
        files = Offline(box, context, terms.packages_dir).listed(wish)
        return "\n".join([
            "Of these files, take the first one that is not installed yet, choose it, and press \"Update Software\".",
            *files,
            "One only; after it this run takes another backup and asks again.",
        ])
    return (
        f'Press "Check for Updates". If product {wish.product} is listed and can be installed, press "Install This'
        ' Update" at it.\n'
        "If it needs base software first, install that, and nothing else: after it this run takes another backup and"
        " asks again."
    )


def _begun(box: Box, old: Installed) -> Look[bool]:
    """Whether the box shows in any way that something is being installed on it."""
    try:
        if not box.is_healthy():
            return Look("is not healthy, as during an install", True)
        now = read_installed(box)
    except _AWAY:
        return Look("does not answer, as during a restart", True)
    if (now.product, now.base) != (old.product, old.base):
        return Look(f"runs product {now.product}", True)
    return Look(f"is up and runs product {now.product}")


def _await_end(box: Box, terms: Terms, old: Installed) -> Installed:
    """What the box runs once it is back and well."""
    clock = Clock()
    well: float | None = None

    def look() -> Look[Installed]:
        nonlocal well
        try:
            if not box.is_healthy():
                return Look("answers, its site is not healthy yet")
            is_old_news = box.health().source == "v2"
            now = read_installed(box)
        except _AWAY:
            well = None
            return Look("does not answer, as during a restart")
        well = clock.now() if well is None else well
        if is_old_news and now.product == old.product and clock.now() - well < CACHED_SECONDS:
            return Look(f"is back; what it tells, product {now.product}, may be a minute old")
        return Look(f"runs product {now.product}", now if now.healthy else None)

    return wait_until(
        f"[{box.name}] is back after an update", look, terms.patience, box.context.say, settle=GOOD_READINGS,
        option="timeout", guide=("G3", "G6"), advice=f"{NO_TOUCH} Run the same command again to go on waiting.",
    )


def _close(box: Box, context: Context, title: str) -> None:
    """Tell in the journal that an install whose end an earlier run did not see has come to it."""
    if context.check_mode or context.journal.open_act(box.name, "install") is None:
        return
    context.journal.write(
        "outcome", f"{box.name} runs {title}, which an earlier run had asked for.",
        box=box.name, act="install", phase=context.phase, result="done",
    )
