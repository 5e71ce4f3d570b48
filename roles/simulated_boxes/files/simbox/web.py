# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One of the two web sites of a box: sessions, pages and forms by meaning. Markup and words come from elsewhere."""

from __future__ import annotations

import secrets
import time
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from simbox.data import Account
from simbox.delivery import delivery_of
from simbox.eras import TRAITS
from simbox.http import Call, Plan, answer, error_page
from simbox.markup import TOKEN_KEY
from simbox.names import Names
from simbox.page import Link, MenuItem, Page, Paragraph
from simbox.pagedef import Action, Application, Context, PageDef, Posted, Session, View
from simbox.words import Words

if TYPE_CHECKING:
    from simbox.box import Box

# 8: the session cookies.
COOKIES: dict[Application, str] = {"login": "ns_sl", "appliance": "nsbase_session"}
KEPT_TOKENS = 60
LOGOUT = "logout"
FILE = "file"


class WebSite:
    """`pages` come in the order of the menu; the first of them is shown after the log-in."""

    def __init__(self, box: Box, application: Application, pages: tuple[PageDef, ...], words: Words) -> None:
        self.box = box
        self.application: Application = application
        self.pages = {page.key: page for page in pages}
        self.words = words
        self.traits = TRAITS[box.config.era]
        self.delivery = delivery_of(box.config.era, words.language)
        self.sessions: dict[str, Session] = {}
        self.draw_names()

    def draw_names(self) -> None:
        """Draw new paths and field names."""
        self.names = Names(f"/{self.application}", self.traits.bracketed)

    def end_sessions(self) -> None:
        """Everybody is logged out."""
        self.sessions.clear()

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts of this web site."""
        return self.box.data.accounts if self.application == "login" else self.box.appliance_accounts

    @property
    def agreement(self) -> bool:
        """Must a login agreement be accepted first?"""
        config = self.box.config
        return config.login_agreement if self.application == "login" else config.appliance_agreement

    def plan(self, call: Call) -> Plan:
        """What a request to this web site asks for."""
        plan = self._plan(call, session := self._session(call))

        async def run() -> web.Response:
            response = await plan.run()
            if call.request.cookies.get(COOKIES[self.application]) != session.id and session.id in self.sessions:
                response.set_cookie(
                    COOKIES[self.application], session.id, path="/", secure=True, httponly=True, samesite="Strict"
                )
            return response

        return Plan(plan.op, plan.kind, run)

    def _plan(self, call: Call, session: Session) -> Plan:
        name = self.application
        key, argument = self.names.page(call.path) or ("", "")
        if key == FILE and session.file is not None:
            return Plan(f"{name}.{FILE}", "read", partial(self._file, session))
        around = self.delivery.around(call.request, self.names)
        if around is not None:
            return answer(f"{name}.{around[0]}", "read", around[1])
        if call.path.rstrip("/") == f"/{name}":
            return answer(f"{name}.start", "read", self.delivery.moved(self._first_path(session)))
        page = self.pages.get(key)
        if not session.user and (page is None or not page.public):
            return answer(f"{name}.ended", "read", self.delivery.ended(self._first_path(session)))
        if key == LOGOUT:
            return Plan(f"{name}.logout", "auth", partial(self._logout, session))
        if page is None or not self._allowed(page):
            return answer(f"{name}.unknown", "read", error_page(404, "Not Found"))
        context = Context(self, self.box, session, page.key, argument)
        if call.method in ("GET", "HEAD"):
            return Plan(f"{name}.{page.key}", "read", partial(self._show, context))
        if call.method != "POST":
            return answer(f"{name}.{page.key}", "read", error_page(405, "Method Not Allowed"))
        return self._posted(call, page, context)

    def _posted(self, call: Call, page: PageDef, context: Context) -> Plan:
        op = f"{self.application}.{page.key}"
        fields: dict[str, dict[str, str]] = {}
        pressed: list[tuple[str, str]] = []
        for wire, value in call.form():
            form, key = self.names.field(wire) or ("", "")
            fields.setdefault(form, {})[key] = value
            if key in page.actions:
                pressed.append((form, key))
        if len(pressed) != 1:
            # GUESS (11.4 number 1): a form that comes without exactly one known button.
            return answer(f"{op}.nothing", "read", error_page(400, "Bad Request"))
        form, button = pressed[0]
        token = self.delivery.token(call, fields[form].get(TOKEN_KEY, ""))
        if token not in context.session.tokens:
            # GUESS (11.4 number 2): Laravel's status for a token that is not good.
            return answer(f"{op}.token", "read", error_page(419, "Page Expired"))
        action = page.actions[button]
        files = {key: upload for wire, upload in call.parts.files for key in [self._key_in(form, wire)] if key}
        posted = Posted(form.partition(":")[2], fields[form], files)
        return Plan(f"{op}.{button}", action.kind, partial(self._act, context, action, posted, token))

    def _key_in(self, form: str, wire: str) -> str:
        owner, key = self.names.field(wire) or ("", "")
        return key if owner == form else ""

    async def _act(self, context: Context, action: Action, posted: Posted, token: str) -> web.Response:
        if self.traits.token == "once" and token in context.session.tokens:
            context.session.tokens.remove(token)
        done = await action.act(context, posted)
        if done.response is not None:
            return self._handed(context.session, done.response)
        if done.message:
            context.session.messages.append(Paragraph(done.message, done.tone))
        if done.moved and not done.page:
            return self.delivery.moved(self._first_path(context.session))
        page, argument = (done.page, done.argument) if done.page else (context.page, context.argument)
        target = Context(self, self.box, context.session, page, argument)
        if self.traits.direct and not done.moved:
            return await self._show(target)
        return self.delivery.moved(target.here)

    def _handed(self, session: Session, file: web.Response) -> web.Response:
        """A file as the answer to an act, or where it can be fetched."""
        path = self.names.path(FILE)
        instead = self.delivery.instead_of(file, path)
        if instead is None:
            return file
        session.file = file
        return instead

    async def _file(self, session: Session) -> web.Response:
        file, session.file = session.file, None
        return file or error_page(404, "Not Found")

    async def _show(self, context: Context) -> web.Response:
        page = self.pages[context.page]
        return self._draw(context, page, page.build(context))

    def _draw(self, context: Context, page: PageDef, view: View) -> web.Response:
        session = context.session
        messages, session.messages = tuple(session.messages), []
        inside = bool(session.user) and not page.public
        drawn = Page(
            title=view.title or self.words(page.label),
            language=self.words.language,
            application=self.application,
            box=self.box.name,
            product=self.words(f"product_{self.application}"),
            menu=self._menu(page) if inside else (),
            sections=view.sections,
            messages=messages,
            user=session.user if inside else "",
            logout=Link(self.words("log_out"), self.names.path(LOGOUT)) if inside else None,
            refresh_seconds=view.refresh_seconds,
            dialog=view.dialog,
        )
        return self.delivery.page(drawn, self.names.wire, self._token(session), context.here)

    def _token(self, session: Session) -> str:
        if self.traits.token == "once" or not session.tokens:
            session.tokens.append(self._given(secrets.token_hex(20)))
            del session.tokens[:-KEPT_TOKENS]
        return session.tokens[-1]

    def _given(self, secret: str) -> str:
        self.box.world.given.add(secret)
        return secret

    def _menu(self, current: PageDef) -> tuple[MenuItem, ...]:
        groups: dict[str, list[PageDef]] = {}
        for page in self.pages.values():
            if page.group and self._allowed(page):
                groups.setdefault(page.group, []).append(page)
        return tuple(self._menu_entry(group, pages, current) for group, pages in groups.items())

    def _menu_entry(self, group: str, pages: list[PageDef], current: PageDef) -> MenuItem:
        first = self.names.path(pages[0].key)
        if [page.label for page in pages] == [group]:
            return MenuItem(self.words(group), first, pages[0] is current)
        children = tuple(MenuItem(self.words(page.label), self.names.path(page.key), page is current) for page in pages)
        return MenuItem(self.words(group), first, current.group == group, children)

    def _allowed(self, page: PageDef) -> bool:
        """A backup's /login shows only what a backup needs (7.3)."""
        return page.on_backup or self.box.failover.role != "backup"

    def _session(self, call: Call) -> Session:
        now = time.monotonic()
        for old in [old for old in self.sessions.values() if old.expires <= now]:
            del self.sessions[old.id]
        session = self.sessions.get(call.request.cookies.get(COOKIES[self.application], ""))
        if session is None:
            session = Session(self._given(secrets.token_hex(20)), 0.0)
            self.sessions[session.id] = session
        session.expires = now + self.box.world.durations.of("session")
        return session

    def renew(self, session: Session) -> None:
        """A new id for a session, as at a log-in."""
        self.sessions.pop(session.id, None)
        session.id = self._given(secrets.token_hex(20))
        session.tokens.clear()
        self.sessions[session.id] = session

    def _first_path(self, session: Session) -> str:
        if session.user:
            return self.names.path(next(page.key for page in self.pages.values() if page.group))
        if session.pending:
            return self.names.path("password")
        if self.agreement and not session.agreed:
            return self.names.path("agreement")
        return self.names.path("entry")

    async def _logout(self, session: Session) -> web.Response:
        self.sessions.pop(session.id, None)
        return self.delivery.moved(f"/{self.application}")
