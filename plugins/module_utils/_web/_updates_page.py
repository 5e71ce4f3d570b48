# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Updates``: what is offered, what runs, and the buttons (G16, G17; appliance-interface.md 6.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Button, Page, Row, Scope, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site

Kind = Literal["base", "product"]


@dataclass(frozen=True)
class Offer:
    """A package that the box offers; `blocked` is the box's own sentence why it cannot be installed yet."""

    kind: Kind
    version: Version
    title: str
    blocked: str
    button: Button | None


@dataclass(frozen=True)
class UpdatesPage:
    """The page as it was read once; `running` and `failed` are the box's own sentences, `looking`
    tells that it still asks the update server."""

    page: Page
    offers: tuple[Offer, ...]
    running: str
    failed: str
    nothing: bool
    looking: bool

    def check(self) -> Submission:
        """"Check for Updates", ready to be sent."""
        return self.page.fill({}, self.page.button("updates.check"))

    def install(self, offer: Offer) -> Submission:
        """"Install This Update" of that offer, ready to be sent."""
        if offer.button is None:
            raise self.page.not_understood("button", "updates.install", [], self.page)
        return self.page.fill({}, offer.button)


def open_updates(site: Site) -> UpdatesPage:
    """Read the page."""
    return read_updates(site.open("menu.updates"))


def read_updates(page: Page) -> UpdatesPage:
    """Understand a page that is open."""
    running, failed = page.says("updates.installing"), page.says("updates.failed")
    return UpdatesPage(
        page=page,
        offers=tuple(_offers(page)),
        running=running.text if running else "",
        failed=failed.text if failed else "",
        nothing=page.says("updates.none") is not None,
        looking=page.says("updates.checking") is not None,
    )


def _offers(page: Page) -> Iterator[Offer]:
    """Every part of the page that names a version and either can be installed or says why not."""
    for title, place in _places(page):
        version = Version.find(title)
        if version is None:
            continue
        buttons = place.buttons("updates.install")
        blocked = place.says("updates.blocked")
        if len(buttons) > 1 or not (buttons or blocked):
            continue
        button = buttons[0] if buttons and buttons[0].enabled else None
        yield Offer(_kind(page, title), version, title, "" if button and not blocked else _reason(blocked), button)


def _reason(blocked: object) -> str:
    return str(getattr(blocked, "text", "")) or "its button is disabled"


def _places(page: Page) -> Iterator[tuple[str, Scope]]:
    """The smallest parts of a page with a title: sections without sections in them, and rows of tables."""
    waiting: list[Scope | Row] = list(page.sections())
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Row):
            yield next((cell for cell in part.cells if Version.find(cell)), ""), part.scope
            continue
        inner: list[Scope | Row] = list(part.sections())
        if Version.find(part.title):
            yield part.title, part
        waiting = inner + list(part.rows()) * (not inner) + waiting


def _kind(page: Page, title: str) -> Kind:
    """A base package is called by the name of the base software; everything else is the product."""
    words = [word.casefold() for word in page.words.of("updates.base")]
    return "base" if any(word in title.casefold() for word in words) else "product"
