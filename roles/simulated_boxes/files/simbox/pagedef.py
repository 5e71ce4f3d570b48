# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the pages of a box are described: what they show and what their buttons do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aiohttp import web

from simbox.http import Kind
from simbox.page import Paragraph, Section, Tone
from simbox.uploads import Upload

if TYPE_CHECKING:
    from simbox.box import Box
    from simbox.eras import Traits
    from simbox.web import WebSite
    from simbox.words import Words

Application = Literal["login", "appliance"]


@dataclass
class Session:
    """A browser's session. `user` is empty until it is logged in, `pending` is who must change the password first;
    `tokens` are the form tokens that are still good, `file` is one that waits to be fetched."""

    id: str
    expires: float
    user: str = ""
    pending: str = ""
    agreed: bool = False
    tokens: list[str] = field(default_factory=list)
    messages: list[Paragraph] = field(default_factory=list)
    file: web.Response | None = None


@dataclass(frozen=True)
class Context:
    """What a page or an act works with. `argument` tells which of several equal pages (an address, a package)."""

    site: WebSite
    box: Box
    session: Session
    page: str
    argument: str = ""

    @property
    def words(self) -> Words:
        """The words of this box."""
        return self.site.words

    @property
    def traits(self) -> Traits:
        """The era of this box."""
        return self.site.traits

    @property
    def here(self) -> str:
        """The path of this page: its forms are posted there."""
        return self.site.names.path(self.page, self.argument)

    def path(self, page: str, argument: str = "") -> str:
        """The path of another page of this web site."""
        return self.site.names.path(page, argument)


@dataclass(frozen=True)
class View:
    """What a page shows. The title is the page's own when empty. `dialog`: it asks about the page before it."""

    sections: tuple[Section, ...]
    title: str = ""
    refresh_seconds: int = 0
    dialog: bool = False


@dataclass(frozen=True)
class Posted:
    """A form that came: the argument behind the colon of its key, its fields and files by the simulator's names."""

    argument: str
    values: Mapping[str, str]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A field without surrounding space."""
        return self.values.get(key, "").strip()

    def ticked(self, key: str) -> bool:
        """Was a check box ticked?"""
        return key in self.values


@dataclass(frozen=True)
class Done:
    """How an act ended: a message, and the page to show next (empty: the same). `moved`: always by a redirect, and
    without a page to where the session now belongs. `response`: an answer of its own, such as a file."""

    message: str = ""
    tone: Tone = "success"
    page: str = ""
    argument: str = ""
    moved: bool = False
    response: web.Response | None = None


Act = Callable[[Context, Posted], Awaitable[Done]]


@dataclass(frozen=True)
class Action:
    """What a button does, and what kind of request that is."""

    act: Act
    kind: Kind = "write"


@dataclass(frozen=True)
class PageDef:
    """A page. `label` is the word of its title and menu entry, `group` that of the menu it stands in (empty: in none);
    `actions` are by button. `public`: needs no log-in."""

    key: str
    label: str
    build: Callable[[Context], View]
    group: str = ""
    actions: Mapping[str, Action] = field(default_factory=dict)
    on_backup: bool = True
    public: bool = False
