# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Looking at the pages of a box without touching anything: what was looked for, what was found, and what follows.

A step counts as understood when the very form that it would send can be filled in; it is never sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeVar

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Application, Box
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import (
    PAGE,
    AccountFinding,
    Finding,
    Seen,
    State,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BadInput,
    BtError,
    LoginRefused,
    NeedsPerson,
    NotPermitted,
    PageIsApplication,
    PageNotUnderstood,
    Refused,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Button, Field, Page, Scope
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import NewPasswordWanted, Site

_T = TypeVar("_T", Button, Field, Scope)
MOST_WORDS = 8
BY_BROWSER = "its pages are opened by a browser"
# Errors that a person with a browser is not stopped by.
_FOR_A_PERSON = (PageNotUnderstood, NeedsPerson, BadInput)


class Told(NamedTuple):
    """What a look at a page has come to, where that is not simply that the step can be done."""

    state: State
    told: str = ""
    unknown: str = ""


class Eye:
    """Finds things on a page, or in a part of it, and keeps what it looked for."""

    def __init__(self, page: Page, part: Scope | None = None, seen: list[Seen] | None = None) -> None:
        self.page = page
        self.part = part or page
        self.seen: list[Seen] = [] if seen is None else seen

    def section(self, key: str) -> Eye:
        """The section called so."""
        return self.inside(self._noted("section", key, self.part.section))

    def inside(self, part: Scope) -> Eye:
        """A part of the page that was found in another way."""
        return Eye(self.page, part, self.seen)

    def button(self, key: str) -> Button:
        """The button called so."""
        return self._noted("button", key, self.part.button)

    def field(self, key: str) -> Field:
        """The field called so."""
        return self._noted("field", key, self.part.field)

    def maybe_field(self, key: str) -> Field | None:
        """The field called so, which need not be there."""
        return self.field(key) if self.part.maybe_field(key) is not None else None

    def value(self, key: str) -> str:
        """The value beside a label, empty where there is none."""
        value = self.part.fact(key) or ""
        self.note("value", key, value)
        return value

    def note(self, kind: str, key: str, found: str) -> None:
        """Keep that something was looked for, and how the page calls it."""
        others = () if found else tuple(self.part.seen(kind))[:MOST_WORDS]
        self.seen.append(Seen(kind, key, self.page.words.of(key)[:MOST_WORDS], found, others))

    def _noted(self, kind: str, key: str, find: Callable[[str], _T]) -> _T:
        try:
            found = find(key)
        except PageNotUnderstood:
            self.note(kind, key, "")
            raise
        self.note(kind, key, found.title if isinstance(found, Scope) else found.label)
        return found


Look = Callable[[Eye], "Told | None"]


class Visit:
    """One site of a box under its account, entered at most once; each of its pages is opened at most once."""

    def __init__(self, box: Box, application: Application) -> None:
        self._box = box
        self._application = application
        self._entered: BtError | None = None
        self._outside = ""
        self._pages: dict[tuple[str, ...], Page | BtError] = {}

    @property
    def site(self) -> Site:
        """The site itself."""
        return self._box.login if self._application == "login" else self._box.appliance

    @property
    def root(self) -> str:
        """Where the site begins."""
        return f"/{self._application}"

    @property
    def blame(self) -> str:
        """What is to be mended where the account sees nothing."""
        return (
            f"the account {self._account!r} of {self.root} came in and sees none of the pages: it lacks the rights, or"
            " its pages are in another language than bt_language"
        )

    @property
    def _account(self) -> str:
        given = self._box.connection.login if self._application == "login" else self._box.connection.appliance
        return given.username if given else ""

    def enter(self) -> AccountFinding:
        """Log in, and tell what came of it."""
        site = self.root
        if not self._account:
            variables = f"bt_{self._application}_username and bt_{self._application}_password"
            self._entered = NotPermitted(f"no account of {site} was given ({variables})")
            return AccountFinding(site, "", "missing", self._entered.what)
        try:
            page = self.site.start()
            if not self.site.is_entered and not page.offers("menu.logout"):
                raise PageNotUnderstood(f"{site} shows neither a log-in page nor its own pages, but {page.where}")
        except BtError as error:
            self._entered = error
            states = {LoginRefused: "refused", NewPasswordWanted: "refused", NeedsPerson: "needs_person"}
            state = next((states[kind] for kind in states if isinstance(error, kind)), "not_tried")
            return AccountFinding(site, self._account, state, error.what)
        drawn = self.site.engine.name == "browser"
        return AccountFinding(site, self._account, "accepted", BY_BROWSER if drawn else "")

    def stay_outside(self, why: str) -> AccountFinding:
        """Do not log in at all."""
        self._outside = why
        return AccountFinding(self.root, self._account, "not_tried", why)

    def open(self, *menu: str) -> Page:
        """The page that the menu leads to.

        :raises BtError: it cannot be opened, now or before.
        """
        if self._entered is not None:
            raise self._entered
        if menu not in self._pages:
            try:
                self._pages[menu] = self.site.open(*menu)
            except BtError as error:
                self._pages[menu] = error
        kept = self._pages[menu]
        if isinstance(kept, BtError):
            raise kept
        return kept

    def path(self, *menu: str) -> str:
        """The way through the menu, by the words that are looked for first."""
        words = self._box.words
        return " > ".join([self.root, *(words.of(key)[0] for key in menu)])

    def sees_nothing(self) -> bool:
        """Whether the account came in, and not one page was found through the menu."""
        lost = [each for each in self._pages.values() if isinstance(each, PageNotUnderstood)]
        drawn = any(isinstance(each, PageIsApplication) for each in lost)
        return self._entered is None and len(lost) > 1 and len(lost) == len(self._pages) and not drawn

    def examine(self, name: str, menu: tuple[str, ...], look: Look, hidden: str = "") -> Finding:
        """Open a page and look whether a step can be done on it.

        :param hidden: why the menu may lack the entry in the state that the box is in.
        """
        where = self.path(*menu)
        if self._outside:
            return Finding(name, "unseen", PAGE, where, self._outside)
        try:
            page = self.open(*menu)
        except BtError as error:
            not_there = isinstance(error, PageNotUnderstood) and not isinstance(error, PageIsApplication)
            if hidden and not_there:
                return Finding(name, "unseen", PAGE, where, hidden)
            finding = self._failed(name, where, error, _entry_of(error, menu))
            if finding.seen:
                who = f"whether the entry has another name, or the account {self._account!r} lacks the right to it"
                return replace(finding, unknown=who)
            return finding
        eye = Eye(page)
        try:
            told = look(eye)
        except Refused:
            raise
        except BtError as error:
            denied = page.says("not_permitted")
            if denied is not None:
                right = f"the account {self._account!r} may not use {where}: {denied.text[:200]}"
                return Finding(name, "not_ready", PAGE, where, right, right, seen=tuple(eye.seen))
            return self._failed(name, where, error, tuple(eye.seen))
        state, sentence, unknown = told or Told("ready")
        return Finding(name, state, PAGE, where, sentence, unknown=unknown, seen=tuple(eye.seen))

    def _failed(self, name: str, where: str, error: BtError, seen: tuple[Seen, ...]) -> Finding:
        copy = str(error.facts.get("copy", ""))
        if isinstance(error, NotPermitted):
            return Finding(name, "not_ready", PAGE, where, error.what, right=error.what, seen=seen, copy=copy)
        person = not isinstance(error, NewPasswordWanted) and isinstance(error, _FOR_A_PERSON)
        return Finding(name, "by_hand" if person else "not_ready", PAGE, where, error.what, seen=seen, copy=copy)


def _entry_of(error: BtError, menu: tuple[str, ...]) -> tuple[Seen, ...]:
    """The entry of a menu that was looked for in vain."""
    words, others = error.facts.get("looked_for"), error.facts.get("seen", [])
    key = error.facts.get("key", "")
    if not words or key not in menu:
        return ()
    return (Seen("menu entry", key, tuple(words)[:MOST_WORDS], "", tuple(others)),)
