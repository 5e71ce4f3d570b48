# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates that the box gets by itself from the vendor's update server (G16 to G18)."""

from __future__ import annotations

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _clock, _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotOffered
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import RESTARTING, Package, await_idle, idle_page
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, chain
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import driving
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import (
    Offer,
    UpdatesPage,
    open_updates,
    read_updates,
)

# How long a box that says something after "Check for Updates" may list nothing before that counts as its answer.
GRACE_SECONDS = 15.0


class Online:
    """What one box offers on its Updates page."""

    def __init__(self, box: Box, context: Context) -> None:
        self._box = box
        self._context = context
        self._page: UpdatesPage | None = None
        self._asked: tuple[Installed, Wish] | None = None
        self._before: Page | None = None

    def offers(self, installed: Installed, wish: Wish) -> tuple[Offer, ...]:
        """What the box offers; it is asked anew when something else is installed or wished."""
        if self._page is None or self._asked != (installed, wish):
            self._page = ask_for_updates(self._box, self._context, installed, wish)
            self._asked = (installed, wish)
        return self._page.offers

    def steps(self, installed: Installed, wish: Wish) -> list[Offer]:
        """What is still to be installed, in order."""
        return chain(installed, self.offers(installed, wish), wish)

    def is_unasked(self, installed: Installed, wish: Wish) -> bool:
        """Whether nothing can be said yet, because check mode presses no button."""
        return self._context.check_mode and not self.offers(installed, wish)

    def prove(self, steps: list[Offer]) -> None:
        """Nothing to prove: the box fetches and checks its packages itself."""

    def package(self, offer: Offer) -> Package:
        """What an offer is."""
        return Package(offer.kind, offer.version)

    def details(self, offer: Offer) -> dict[str, Any]:
        """Nothing more for the journal."""
        return {}

    def begin(self, offer: Offer) -> tuple[Page, frozenset[str]]:
        """Press "Install This Update"; gives the answer."""
        page = idle_page(self._box)
        now = next((one for one in page.offers if (one.kind, one.version) == (offer.kind, offer.version)), None)
        if now is None:
            raise NotOffered(
                f"{self._box.name} does not list {offer.title} any more.",
                advice="Run the same command again: it asks the box where it stands.",
                guide=("G18",),
            )
        self._before = page.page
        return self._box.appliance.submit(page.install(now)), frozenset()

    def is_unmoved(self) -> bool:
        """Whether the Updates page says not one word more than before the button was pressed.

        An install in words that nobody knows is something new, so it is waited for as long as any.
        """
        try:
            return self._before is not None and not open_updates(self._box.appliance).page.new_since(self._before)
        except RESTARTING:
            return False

    def may_begin_again(self) -> bool:
        """Never: what the button did is not known here."""
        return False


def tell_unasked(box: Box, context: Context) -> None:
    """Say what check mode cannot know of the box."""
    context.leave_unasked(box.name)
    context.plan(
        f"Asked {box.name} for updates: what it offers is known only after it has looked for them, which check mode"
        " does not do."
    )


def ask_for_updates(box: Box, context: Context, installed: Installed, wish: Wish) -> UpdatesPage:
    """The Updates page, after "Check for Updates" unless nothing could be wanted of it.

    Check mode presses nothing: it goes by what the page lists.
    """
    page = await_idle(box, open_updates(box.appliance))
    satisfied = wish.product is not None and installed.product == wish.product
    if context.check_mode or (satisfied and (wish.base is None or installed.base == wish.base)):
        return page
    if page.failed and not page.offers and page.page.maybe_button("updates.check") is None:
        raise NotOffered(
            f"{box.name} still says that an update failed, and offers none: {page.failed}",
            advice="Ask the vendor's support how the update comes back onto that page. The same command goes on once it"
            " is offered there again.",
            guide=("G6", "G18"),
        )
    if page.offers and wish.product and any(offer.version == wish.product for offer in page.offers):
        return page
    if _manual.by_hand(box, "check"):
        return _ask_to_check(box, context, page)
    with driving("check"):
        answer = read_updates(box.appliance.submit(page.check()))
    told = answer.page.new_since(page.page)
    clock = Clock()
    started = clock.now()

    def look() -> Look[UpdatesPage]:
        now = open_updates(box.appliance)
        listed = bool(now.offers or now.nothing) and not now.looking
        # It said something that nobody knows, shows no list, and does not seem to look any more.
        given_up = bool(told) and not now.looking and clock.now() - started > GRACE_SECONDS
        return Look("asks the update server", now if listed or given_up or _trouble(now.page) else None)

    if not _trouble(answer.page) and (answer.looking or not (answer.offers or answer.nothing)):
        what = f"[{box.name}] Check for Updates"
        answer = wait_until(what, look, Patience(30, 180), context.say, guide=("G18", "G22"))
    trouble = _trouble(answer.page) or ("" if answer.offers or answer.nothing else told)
    if trouble:
        wrong = _clock.trouble_of(box)
        raise NotOffered(
            f"{box.name} cannot ask for updates: {trouble}",
            advice=f"{wrong} {_clock.ADVICE}" if wrong else "Without the update server, bring the packages by hand"
            " (bt_update_source: package).",
            guide=("G18", "G22"),
        )
    return answer


def _ask_to_check(box: Box, context: Context, before: UpdatesPage) -> UpdatesPage:
    """The page once a person has had the box look for updates, which shows in what it lists."""

    def look() -> Look[UpdatesPage]:
        now = open_updates(box.appliance)
        listed = bool(now.offers or now.nothing) and not now.looking
        is_new = (now.offers, bool(now.nothing)) != (before.offers, bool(before.nothing))
        lists = f"lists {'; '.join(offer.title for offer in now.offers) or 'no updates'}"
        return Look(_trouble(now.page) or lists, now if listed and is_new else None)

    return _manual.ask(box, context, "check", look)


def _trouble(page: Page) -> str:
    """What the page says of a failed question to the update server."""
    said = page.says("updates.unreachable")
    return said.text if said else ""
