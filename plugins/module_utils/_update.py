# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates of one box: asked for, chosen, backed up, installed once, watched to the end (G3, G6, G16 to G18, G25)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    NotOffered,
    PageNotUnderstood,
    Refused,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, chain
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Page, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import SessionEnded
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import (
    Offer,
    UpdatesPage,
    open_updates,
    read_updates,
)

NORMAL_SECONDS = 3600.0
# After a restart: so many good readings in a row before an update counts as done (A7, A10).
GOOD_READINGS = 3
# How long a box may show no sign of an install whose answer was lost before it counts as never begun.
GRACE_SECONDS = 15.0
# How long a restarting box may show a certificate that is not the site's.
STRANGE_CERTIFICATE_SECONDS = 600.0
MOST_PAGES_BEFORE_START = 4

# What a box in the middle of a restart answers; none of it says anything about the update.
_RESTARTING = (Unreachable, AnswerLost, ApiFailed, PageNotUnderstood, SessionEnded)

_NO_TOUCH = "Do not restart, switch off or touch the box: call the vendor's support."


@dataclass(frozen=True)
class Terms:
    """Under which an update is done.

    :param accepted_by: the person who accepts a licence agreement; empty: stop at one.
    :param stop_at: ``base`` stops before the product.
    """

    backup: _backup.Wish
    patience: Patience
    accepted_by: str = ""
    stop_at: str = "product"


@dataclass(frozen=True)
class Package:
    """What is being installed."""

    kind: str
    version: Version

    def __str__(self) -> str:
        return f"{'base software' if self.kind == 'base' else 'product'} {self.version}"


def read_installed(box: Box) -> Installed:
    """What the box runs now."""
    health = box.health()
    base = box.basics().base() if box.connection.appliance else None
    return Installed(health.version, health.build, base, health.healthy)


def update(box: Box, context: Context, wish: Wish, terms: Terms) -> tuple[Installed, Installed, list[str]]:
    """Bring the box to what is wished, one package after the other, each with a backup right before it.

    :returns: what was installed before and after, and the titles of what is still to come (check mode, stop_at).
    :raises NotOffered: the wish cannot be met by what is offered; nothing was changed.
    """
    require(box, "An update", "appliance")
    require(box, "An update", "api", "login")
    _attach(box, context, terms)
    before = read_installed(box)
    now, page = before, ask_for_updates(box, context, before, wish)
    if context.check_mode and not page.offers:
        return before, before, _forecast(box, context, before, wish)
    while steps := chain(now, page.offers, wish):
        offer = steps[0]
        if offer.kind == "product" and terms.stop_at == "base":
            return before, now, [step.title for step in steps]
        if context.check_mode:
            for step in steps if terms.stop_at == "product" else [s for s in steps if s.kind == "base"]:
                context.plan(f"Took a backup of {box.name}.")
                context.plan(f"Installed {step.title} on {box.name}.")
            return before, before, [step.title for step in steps]
        _backup.ensure(box, context, terms.backup)
        _install(box, context, offer, terms, page)
        now = read_installed(box)
        page = ask_for_updates(box, context, now, wish)
    if wish.product is not None and now.product != wish.product:
        raise NotOffered(f"{box.name} runs {now.product}, not {wish.product}, and nothing is left to install.")
    _note_end(box, context)
    return before, now, []


def _note_end(box: Box, context: Context) -> None:
    """Tell in the journal base software that was all that was wanted from base software that waits for its product."""
    begun = [r for r in context.journal.records() if r.get("box") == box.name and r.get("act") == "install"]
    if begun and begun[-1]["kind"] != "updated" and not context.check_mode:
        said = f"{box.name} runs what was wanted."
        context.journal.write("updated", said, box=box.name, act="install", phase=context.phase)


def _forecast(box: Box, context: Context, installed: Installed, wish: Wish) -> list[str]:
    """The plan of check mode for a box that lists no updates until it is asked, which check mode does not do."""
    at_base = wish.base is None or (installed.base is not None and installed.base >= wish.base)
    if wish.product is not None and installed.product == wish.product and at_base:
        return []
    product = f"product {wish.product or '(the newest offered)'}"
    base = f"base software {wish.base}" if wish.base else "the base software that it needs, if any"
    context.plan(f"Asked {box.name} for updates, which it lists only then.")
    context.plan(f"Installed {base}, then {product} on {box.name}, each after a backup.")
    return [base, product]


def ask_for_updates(box: Box, context: Context, installed: Installed, wish: Wish) -> UpdatesPage:
    """The Updates page, after "Check for Updates" unless nothing could be wanted of it.

    Check mode presses nothing: it goes by what the page lists.
    """
    page = open_updates(box.appliance)
    if page.running:
        page = _await_idle(box, page)
    satisfied = wish.product is not None and installed.product == wish.product
    if context.check_mode or (satisfied and (wish.base is None or installed.base == wish.base)):
        return page
    if page.offers and wish.product and any(offer.version == wish.product for offer in page.offers):
        return page
    answer = read_updates(box.appliance.submit(page.check()))

    def look() -> Look[UpdatesPage]:
        now = open_updates(box.appliance)
        listed = bool(now.offers or now.nothing) and not now.looking
        return Look("asks the update server", now if listed else None, failed=_trouble(now.page))

    if (trouble := _trouble(answer.page)):
        raise NotOffered(f"{box.name} cannot ask for updates: {trouble}", guide=("G18", "G22"))
    if (answer.offers or answer.nothing) and not answer.looking:
        return answer
    return wait_until(f"[{box.name}] Check for Updates", look, Patience(30, 180), context.say, guide=("G18", "G22"))


def _trouble(page: Page) -> str:
    """What the page says of a failed question to the update server."""
    said = page.says("updates.unreachable")
    return said.text if said else ""


def _await_idle(box: Box, page: UpdatesPage) -> UpdatesPage:
    """Wait for an update that somebody else has started."""
    box.say(f"an update is running already ({page.running}); it is waited for")

    def look() -> Look[UpdatesPage]:
        try:
            if not box.is_healthy():
                return Look("answers, its site is not up yet")
            now = open_updates(box.appliance)
        except _RESTARTING:
            return Look("does not answer, as during a restart")
        return Look(now.running, failed=now.failed) if now.running else Look("no update runs", now)

    return wait_until(
        f"[{box.name}] running update",
        look,
        Patience(NORMAL_SECONDS, 6 * NORMAL_SECONDS),
        box.context.say,
        settle=GOOD_READINGS,
        guide=("G3", "G6"),
        advice=_NO_TOUCH,
    )


def _attach(box: Box, context: Context, terms: Terms) -> None:
    """Go on waiting for an install that an earlier run began and whose end it did not see (law 3, T1)."""
    begun = context.journal.open_act(box.name, "install")
    if begun is None:
        return
    package = Package(begun["package"], Version.wanted(begun["version"], "the journal"))
    if context.check_mode:
        context.plan(f"Waited for {package} that an earlier run began to install on {box.name}.")
        return
    box.say(f"an earlier run began to install {package}; asking the box how far it is")
    started = _await_installed(box, package, terms, lost=True)
    result = "done" if started else "not_begun"
    context.journal.write(
        "outcome", f"The install of {package} on {box.name} was found {result.replace('_', ' ')}.",
        box=box.name, act="install", phase=context.phase, result=result,
    )
    if started:
        context.actions.append(f"Installed {package} on {box.name}, which an earlier run had begun.")


def _install(box: Box, context: Context, offer: Offer, terms: Terms, page: UpdatesPage) -> None:
    """Press "Install This Update" once and watch until the version and its health are proven."""
    package = Package(offer.kind, offer.version)
    sentence = f"Installed {package} on {box.name}."
    with context.act(box.name, "install", sentence, package=package.kind, version=package.version.text):
        lost = False
        try:
            answer = box.appliance.submit(page.install(offer))
            _agree(box, context, answer, terms)
        except (AnswerLost, SessionEnded):
            lost = True
            box.say("the answer to Install was lost; asking the box what it is doing")
        if not _await_installed(box, package, terms, lost):
            raise Refused(f"{box.name} did not begin to install {package}.", advice="Run the same command again.")


def _agree(box: Box, context: Context, page: Page, terms: Terms) -> None:
    """Go through what stands between the button and the install: a licence agreement, a question."""
    for _page in range(MOST_PAGES_BEFORE_START):
        if read_updates(page).running:
            return
        accept_box, accept = page.maybe_field("eula.accept"), page.maybe_button("eula.accept")
        confirm = page.maybe_button("confirm.yes")
        if accept_box is not None or accept is not None:
            page = _accept_eula(box, context, page, terms)
        elif confirm is not None:
            page = box.appliance.submit(page.fill({}, confirm))
        else:
            said = page.says("error")
            if said is not None:
                raise Refused(f"{box.name} refuses the install: {said.text}", guide=("G22",))
            return


def _accept_eula(box: Box, context: Context, page: Page, terms: Terms) -> Page:
    if not terms.accepted_by:
        raise Refused(
            f"{box.name} asks to accept a licence agreement before it installs.",
            advice="Have it read, and give the name of the person who accepts it (bt_accept_eula).",
            guide=("G41",),
        )
    digest = hashlib.sha256(page.text.encode()).hexdigest()
    context.journal.write(
        "agreement", f"The licence agreement on {box.name} was accepted by {terms.accepted_by}.",
        box=box.name, accepted_by=terms.accepted_by, text_sha256=digest,
    )
    tick, name = page.maybe_field("eula.accept"), page.maybe_field("eula.name")
    values: dict[Field, Value] = {}
    if tick is not None:
        values[tick] = True
    if name is not None:
        values[name] = terms.accepted_by
    press = page.maybe_button("eula.accept") or page.maybe_button("confirm.yes") or page.button("updates.install")
    return box.appliance.submit(page.fill(values, press))


def _await_installed(box: Box, package: Package, terms: Terms, lost: bool) -> bool:
    """Wait until the box runs the package and is healthy; False: it never began.

    :param lost: whether it is in doubt that the install began at all.
    """
    clock = Clock()
    started = clock.now()
    strange_since: float | None = None

    def look() -> Look[bool]:
        nonlocal lost, strange_since
        try:
            seen = _look_once(box, package)
        except TlsRefused:
            strange_since = strange_since or clock.now()
            if clock.now() - strange_since > STRANGE_CERTIFICATE_SECONDS:
                raise
            seen = Look[bool]("shows a certificate that is not trusted, as it may while it restarts")
        except _RESTARTING:
            seen = Look[bool]("does not answer, as during a restart")
        else:
            strange_since = None
        if seen.value is False:
            if lost and clock.now() - started > GRACE_SECONDS:
                return Look("idle", False)
            return Look("has not shown that it began" if lost else "is between two steps")
        lost = False
        return seen

    return wait_until(
        f"[{box.name}] installs {package}",
        look,
        terms.patience,
        box.context.say,
        settle=GOOD_READINGS,
        option="timeout",
        guide=("G3", "G6"),
        advice=(_NO_TOUCH if package.kind == "base" else "") + " Run the same command again to go on waiting.",
    )


def _look_once(box: Box, package: Package) -> Look[bool]:
    """One look: True when done, False when the box is up, unchanged and shows no running update."""
    if not box.is_healthy():
        return Look("answers, its site is not healthy yet")
    now = box.basics().base() if package.kind == "base" else box.health().version
    if now is not None and now >= package.version:
        return Look(f"runs {package} and is healthy", True)
    page = open_updates(box.appliance)
    if page.failed:
        return Look(page.failed, failed=page.failed)
    return Look(page.running) if page.running else Look("idle", False)
