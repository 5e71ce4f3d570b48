# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A page as a person understands it: sections, controls, facts and sentences, found by the words of the catalogue.

What cannot be found, or is found twice, is `PageNotUnderstood`: it names the page, the words looked for and those
seen, and nothing has been sent. There is no guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageIsApplication, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _kind
from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Button, Controls, Field, Link, Option
from ansible_collections.bt_ops.pra.plugins.module_utils._web._facts import Facts
from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import Names
from ansible_collections.bt_ops.pra.plugins.module_utils._web._redact import redacted
from ansible_collections.bt_ops.pra.plugins.module_utils._web._scope import Row, Scope
from ansible_collections.bt_ops.pra.plugins.module_utils._web._sections import Section, Sections
from ansible_collections.bt_ops.pra.plugins.module_utils._web._source import charset_of
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import (
    Filling,
    Submission,
    Upload,
    Value,
    follow,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import Said, clean, same
from ansible_collections.bt_ops.pra.plugins.module_utils._web._tree import Document
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

__all__ = [
    "Button", "Field", "KeepCopy", "Link", "Option", "Page", "Row", "Said", "Scope", "Submission", "Upload", "Value",
]

MOST_SEEN = 15  # words of a page that an error tells
HOW_TO_ADD = "Add the words that the page shows to bt_labels (docs/labels.md), or do this step by hand."
LONGEST_SAYING = 300  # letters of what a page says
KeepCopy = Callable[[str, str], str]


class Page(Scope):
    """One answer of a box that is a page.

    :param keep_copy: takes a name and the redacted page, gives where it was kept.
    :param drawn: it is what a browser shows once the scripts of the page have run.
    """

    def __init__(
        self,
        source: bytes,
        *,
        url: str,
        words: Words,
        status: int = 200,
        encoding: str = "",
        box: str = "",
        keep_copy: KeepCopy | None = None,
        secrets: tuple[str, ...] = (),
        drawn: bool = False,
    ) -> None:
        self.url = url
        self.status = status
        self.box = box
        self.charset = charset_of(source, encoding)
        self.document = Document(source, encoding, drawn)
        self._keep_copy = keep_copy
        self._secrets = secrets
        declared = next((self.document.get(index, "lang") for index in self.document.all_of("html")), "")
        self.words = words.for_page(declared)
        self.language = self.words.language
        super().__init__(self, 0, self.document.stop[0] + 1)

    def new_since(self, before: Page) -> str:
        """What it says that the page before did not say, on one line and cut off where that is long."""
        known = set(before.text.splitlines())
        return " ".join(line for line in self.text.splitlines() if line not in known)[:LONGEST_SAYING]

    # -- lazily worked out ------------------------------------------------------------------------------------

    @cached_property
    def controls(self) -> Controls:
        """Everything that can be used on the page."""
        return Controls(self.document, Names(self.document), self.url, self.words)

    @cached_property
    def _sections(self) -> Sections:
        return Sections(self.document, self.controls.names)

    @property
    def all_sections(self) -> list[Section]:
        """Every section of the page that is marked as one."""
        return self._sections.all

    def plain_sections(self, words: tuple[str, ...]) -> list[Section]:
        """Parts of the page under a plain line of text that reads like one of the words."""
        return self._sections.plain(words)

    @cached_property
    def facts(self) -> Facts:
        """Finds values beside labels."""
        return Facts(self.document, self.controls)

    @cached_property
    def main_section(self) -> Section | None:
        """The section of the page's own heading: the first of the highest rank."""
        ranked = [section for section in self.all_sections if 0 < section.rank < 7]
        top = min((section.rank for section in ranked), default=0)
        first = [section for section in ranked if section.rank == top]
        return first[0] if len(first) == 1 else None

    @cached_property
    def heading(self) -> str:
        """The page's own heading."""
        return self.main_section.title if self.main_section else ""

    @cached_property
    def title(self) -> str:
        """The page's title, else its heading."""
        titles = [self.document.elements[index].text for index in self.document.all_of("title")]
        return next((clean(title) for title in titles if title and clean(title)), "") or self.heading

    @cached_property
    def is_login(self) -> bool:
        """Whether the page asks for user name and password."""
        return _kind.is_login(self)

    @cached_property
    def is_application(self) -> bool:
        """Whether the page is drawn by JavaScript, so that there is nothing to see here."""
        return _kind.is_application(self)

    # -- acts -------------------------------------------------------------------------------------------------

    def fill(self, values: Mapping[Field, Value], press: Button) -> Submission:
        """Work out what pressing a button sends, with some fields of its form filled in; nothing is sent here.

        :raises PageNotUnderstood: a field is not part of the button's form or cannot be changed.
        :raises BadInput: the page does not take such a value.
        """
        try:
            acting = self.controls.confirming(press, self.words.of("confirm.yes"))
            return Filling(self.controls, self.charset).fill(values, acting)
        except PageNotUnderstood as error:
            raise type(error)(
                f"The page {self.where} cannot be used as meant: {error.what}",
                advice=error.advice or HOW_TO_ADD,
                **self._evidence(),
            ) from None

    def follow(self, link: Link) -> Submission:
        """What following a link sends."""
        return follow(link.target, self.url, link.mark)

    # -- errors -----------------------------------------------------------------------------------------------

    @property
    def where(self) -> str:
        """The page in a message: its title and its path, without query."""
        shown = f"{self.title or 'without title'!r} ({urlsplit(self.url).path or '/'})"
        return f"{shown} of {self.box}" if self.box else shown

    def not_understood(self, kind: str, key: str, found: list[str], scope: Scope) -> PageNotUnderstood:
        """The error for a thing that is not there, or there more than once."""
        try:
            words = self.words.of(key)
        except KeyError:
            words = (key,)
        place = f" in the section {' / '.join(scope.path)!r}" if scope.path else ""
        looked_for = ", ".join(repr(word) for word in words[:8]) + (", ..." if len(words) > 8 else "")
        if self.is_application and not self.document.drawn:
            so = f", so the {kind} {looked_for} cannot be found in it"
            return self.undrawn(so, **self._evidence(kind, words, scope, key))
        if found:
            told = ", ".join(repr(name) for name in found[:MOST_SEEN])
            what = f"shows {len(found)} different {kind}s that read {looked_for}{place}: {told}."
        else:
            seen = ", ".join(repr(name) for name in scope.seen(kind)[:MOST_SEEN]) or "nothing of that kind"
            what = f"shows no {kind} that reads {looked_for}{place}. Seen: {seen}."
        return PageNotUnderstood(
            f"The page {self.where}, language {self.language}, {what}",
            advice=HOW_TO_ADD,
            **self._evidence(kind, words, scope, key),
        )

    def undrawn(self, so: str = "", advice: str = "", **facts: Any) -> PageIsApplication:
        """The error for a page that is an empty shell, with or without a browser.

        :param so: what follows from it, as the end of the sentence.
        """
        if self.document.drawn:
            return PageIsApplication(
                f"The page {self.where} stayed empty, although a browser ran its scripts{so}.",
                advice="Open it in a browser by hand and see what is amiss there. Or do this step by hand.",
                **facts,
            )
        return PageIsApplication(f"The page {self.where} is drawn by JavaScript{so}.", advice=advice, **facts)

    def _evidence(
        self, kind: str = "", words: tuple[str, ...] = (), scope: Scope | None = None, key: str = ""
    ) -> dict[str, Any]:
        facts: dict[str, Any] = {"page": self.title, "path": urlsplit(self.url).path, "language": self.language}
        if kind:
            facts["key"] = key
            facts["looked_for"] = list(words)
            facts["seen"] = (scope or self).seen(kind)[:MOST_SEEN]
        copy = self.keep()
        if copy:
            facts["copy"] = copy
        return facts

    @cached_property
    def _kept(self) -> str:
        if self._keep_copy is None:
            return ""
        name = "-".join(part for part in urlsplit(self.url).path.split("/") if part) or "page"
        return self._keep_copy(name, self.redacted)

    def keep(self) -> str:
        """Keep a redacted copy of the page, once; gives where, ``""`` where none is kept."""
        return self._kept

    @property
    def redacted(self) -> str:
        """The page without anything that may be a secret."""
        return redacted(self.document, self._secrets)

    def reads(self, key: str, text: str) -> bool:
        """Whether a text is one of the words of a key."""
        return any(same(text, word) for word in self.words.of(key))
