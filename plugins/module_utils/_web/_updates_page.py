# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Updates``: what is offered, what runs, and the buttons (G16, G17; appliance-interface.md 6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Button, Page, Scope, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import find_phrase, is_one_of, may_say

_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}) ?%")
_NOT_RUNNING = ("updates.installable", "updates.failed", "updates.download_failed")
Kind = Literal["base", "product"]


@dataclass(frozen=True)
class Offer:
    """A package that the box offers; `blocked` is the box's own sentence why it cannot be installed yet, `agreement`
    tells that it speaks of a licence agreement."""

    kind: Kind
    version: Version
    title: str
    blocked: str
    button: Button | None
    agreement: bool = False


@dataclass(frozen=True)
class UpdatesPage:
    """The page as it was read once; `running`, `failed` and `not_downloaded` are the box's own sentences, `looking`
    tells that it still asks the update server. A download that failed is no update that failed."""

    page: Page
    offers: tuple[Offer, ...]
    running: str
    failed: str
    not_downloaded: str
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
    failed, not_downloaded = _failures(page)
    # Neither "updates that can be installed" nor one that could not be is an update that is being installed.
    others = _lines(page, *_NOT_RUNNING)
    running = next((line for line in _lines(page, "updates.installing") if line not in others), "")
    return UpdatesPage(
        page=page,
        offers=tuple(_offers(page)),
        running=_with_percent(page, running) if running else "",
        failed=failed,
        not_downloaded=not_downloaded,
        nothing=page.says("updates.none") is not None,
        looking=page.says("updates.checking") is not None,
    )


def _failures(page: Page) -> tuple[str, str]:
    """What the page says of an install that failed, and of a download that did; at most one of them.

    A mere heading such as "Update failed" says nothing of which it was: what stands beside it does.
    """
    downloads = _lines(page, "updates.download_failed")
    failures = [line for line in _lines(page, "updates.failed") if line not in downloads]
    if downloads and all(is_one_of(line, page.words.of("updates.failed")) for line in failures):
        return "", " ".join(downloads)
    return " ".join(failures), ""


def _lines(page: Page, *keys: str) -> list[str]:
    """The lines of the page that say one of the phrases of those keys, each once, in their order."""
    likely = [phrase for key in keys for phrase in page.words.of(key) if may_say(page.text, phrase)]
    lines = page.text.splitlines() if likely else []
    return [line for line in dict.fromkeys(lines) if any(find_phrase(line, phrase) for phrase in likely)]


def _with_percent(page: Page, sentence: str) -> str:
    """What the box says of a running update, with how far it is where the page tells that in one place."""
    told = set(_PERCENT.findall(page.text)) - set(_PERCENT.findall(sentence))
    return f"{sentence} {told.pop()} %" if len(told) == 1 else sentence


def _offers(page: Page) -> list[Offer]:
    """Every part of the page that is titled with a version and either can be installed or says why not.

    Packages stand in sections of their own, or else in the rows of a table.
    """
    cards = [offer for part in _inner_sections(page) for offer in _offer(page, part.title, part)]
    if cards:
        return cards
    titled = [(next((cell for cell in row.cells if Version.find(cell)), ""), row.scope) for row in page.rows()]
    return [offer for title, part in titled for offer in _offer(page, title, part)]


def _inner_sections(scope: Scope) -> Iterator[Scope]:
    """The sections of a scope from inside out, those that hold others after what they hold."""
    for section in scope.sections():
        yield from _inner_sections(section)
        yield section


def _offer(page: Page, title: str, part: Scope) -> Iterator[Offer]:
    """The offer that a part of the page is, if it is one; a part with several buttons is more than one package."""
    version = Version.find(title)
    buttons, blocked = part.buttons("updates.install"), part.says("updates.blocked")
    if version is None or len(buttons) > 1 or not (buttons or blocked):
        return
    button = buttons[0] if buttons and buttons[0].enabled else None
    why = blocked.text if blocked else "" if button else "its button is disabled"
    agreement = part.says("eula.title") is not None
    yield Offer(kind_of(page, title), version, title, why, button, agreement)


def kind_of(page: Page, title: str) -> Kind:
    """A base package is called by the name of the base software; everything else is the product."""
    words = [word.casefold() for word in page.words.of("updates.base")]
    return "base" if any(word in title.casefold() for word in words) else "product"
