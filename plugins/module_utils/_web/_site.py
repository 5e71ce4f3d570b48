# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One of the two administration sites of one box: its session, its pages, its forms.

Only ``/login`` and ``/appliance`` are known beforehand; every other address is found through menus and forms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    BtError,
    LoginRefused,
    NotPermitted,
    PageIsApplication,
    PageNotUnderstood,
    SessionEnded,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._web._answer import Answer, Download, address_of
from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Link
from ansible_collections.bt_ops.pra.plugins.module_utils._web._dialog import repeated
from ansible_collections.bt_ops.pra.plugins.module_utils._web._engine import Choice, Engine
from ansible_collections.bt_ops.pra.plugins.module_utils._web._login import (
    Account,
    NewPasswordWanted,
    agreement,
    pass_login,
    stop_if_person_needed,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._memory import Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._web._menu import OTHER_WAYS, has_entry, is_at, walk
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._source import Element, parse
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import follow
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

__all__ = ["Account", "Choice", "Download", "Memory", "NewPasswordWanted", "Site"]

Application = Literal["login", "appliance"]


class Site:
    """One site of one box under one account.

    :param keep_copy: takes a name and a redacted page that was not understood, gives where it was kept.
    :param engine: who asks for pages: requests, a browser, or a browser from the first page on that JavaScript draws.
    :param on_write: called right before a form is sent that may change something on the box.
    """

    def __init__(
        self,
        transport: Transport,
        application: Application,
        account: Account | None,
        words: Words,
        memory: Memory,
        keep_copy: Callable[[str, str], str] | None = None,
        engine: Choice = "http",
        on_write: Callable[[], None] | None = None,
    ) -> None:
        self._application = application
        self._account = account
        self._words = words
        self._memory = memory
        self._keep_copy = keep_copy
        self._on_write = on_write or (lambda: None)
        self.transport = transport
        self._here: Page | None = None
        known = memory.load(f"{application}.session") or {}
        if account is not None and known.get("of") != account.mark:
            known = {}  # that another account was let in proves nothing of this one
        self.engine = Engine(transport, application, words.language, engine, memory, known)
        self._session_page: str = known.get("page", "")
        self._entered = bool(self.engine.now.kept)

    # -- opening pages ----------------------------------------------------------------------------------------

    def open(self, *menu: str) -> Page:
        """Open the page that the menu entries lead to, from outside in; logs in when needed, once.

        :raises PageNotUnderstood: the menu does not lead there.
        :raises LoginRefused: the account is refused, now or earlier in this run.
        """
        page = self._open_remembered(menu) or self._open_by_menu(menu)
        if page.is_application:
            raise page.undrawn(advice=self.engine.advice(), path=urlsplit(page.url).path)
        self._remember(menu, page)
        return page

    def refetch(self, page: Page) -> Element | None:
        """The same page anew as a mere tree; None where another page comes.

        For the moment in which a site is away: working out what a page means takes longer than fetching it.
        """
        answer = self.engine.now.get(page.url, page.url)
        return parse(answer.body, answer.encoding) if (answer.status, answer.url) == (200, page.url) else None

    def follow(self, link: Link, page: Page | None = None) -> Page:
        """The page that a link leads to."""
        return self._get(follow(link.target, page.url if page else "", link.mark))

    def start(self) -> Page:
        """The first page of the site; logs in when needed.

        :raises NeedsPerson: there is nothing to log in with, as where only single sign-on is offered.
        """
        page = self._front()
        if self._is_outside(page) or agreement(page, before_login=True) is not None:
            page = self._log_in(page)
        elif not self._entered and self._account is not None:
            stop_if_person_needed(page, self._account, asked=False)
        self._check_status(page)
        return page

    def _front(self, keep: bool = True) -> Page:
        return self._page(self.engine.now.get(f"/{self._application}"), keep)

    def _get(self, wanted: Submission) -> Page:
        page = self._page(self.engine.now.send(wanted))
        if self._is_outside(page):
            self._log_in(page)
            page = self._page(self.engine.now.send(wanted))
            if self._is_outside(page):
                raise SessionEnded(
                    f"{page.box} asks to log in again right after a log-in, on the page {page.where}.",
                    state="Nothing was changed.",
                    advice="Look whether the account may be logged in twice, and whether another one logs it out.",
                )
        self._check_status(page)
        return page

    def _open_by_menu(self, menu: tuple[str, ...]) -> Page:
        fetched: dict[str, Page] = {}

        def get(link: Link) -> Page:
            if link.target not in fetched:
                fetched[link.target] = self.follow(link)
            return fetched[link.target]

        if self._here is not None:
            try:
                return walk(self._here, menu, get)
            except PageNotUnderstood:
                self._here = None
        start = self.start()
        fetched[start.url] = start
        error: PageNotUnderstood | None = None
        for way in (menu, *OTHER_WAYS.get(menu, ())):
            try:
                return walk(start, way, get)
            except PageIsApplication:
                raise
            except PageNotUnderstood as failed:
                error = error or failed
        raise error or start.not_understood("link", menu[-1], [], start)

    def _open_remembered(self, menu: tuple[str, ...]) -> Page | None:
        known = self._memory.load(f"{self._application}.pages") or {}
        address = known.get(" ".join(menu))
        if not address:
            return None
        page = self._page(self.engine.now.get(address))
        if page.status == 200 and not self._is_outside(page) and is_at(page, menu[-1]):
            return page
        return None

    def _remember(self, menu: tuple[str, ...], page: Page) -> None:
        if not is_at(page, menu[-1]):
            return
        known = self._memory.load(f"{self._application}.pages") or {}
        name, address = " ".join(menu), address_of(page.url)
        if known.get(name) != address:
            self._memory.save(f"{self._application}.pages", {**known, name: address})

    # -- sending forms ----------------------------------------------------------------------------------------

    def submit(self, submission: Submission) -> Page:
        """Send a form and give the page that comes back, redirects followed; a write is sent once.

        :raises SessionEnded: the answer is the log-in page.
        :raises AnswerLost: what came back tells nothing about what the box did.
        """
        if not submission.is_write:
            return self._get(submission)
        self._on_write()
        return self._accepted(submission, self._page(self.engine.now.send(submission)))

    def submit_unfollowed(self, submission: Submission) -> Page | Submission:
        """Send a form like `submit`, but give a redirect as what would be sent next: the site is away meanwhile.

        The caller reads back what was done, and sees there whether the session has ended.
        """
        if not submission.is_write:
            return self.submit(submission)
        self._on_write()
        answer = self.engine.now.send_unfollowed(submission)
        return answer if isinstance(answer, Submission) else self._accepted(submission, self._page(answer))

    def _accepted(self, submission: Submission, page: Page, once: bool = False) -> Page:
        """The page that came back from a form, if the box has taken that; a dialog that only asks again is answered."""
        self._check_answer(submission, page)
        again = None if once else repeated(page, submission)
        return page if again is None else self._accepted(again, self._page(self.engine.now.send(again)), once=True)

    def download(self, submission: Submission) -> Download:
        """Send a form, or follow a link, whose answer is a file; to be closed by the caller.

        :raises PageNotUnderstood: the answer is a page.
        :raises SessionEnded, AnswerLost: it is the log-in page, or tells that the box cannot answer now.
        """
        answer = self.page_or_file(submission)
        if isinstance(answer, Download):
            return answer
        told = f": {said.text[:300]}" if (said := answer.says("error")) else "."
        raise PageNotUnderstood(
            f"{answer.box} answered {submission.button!r} with the page {answer.where} instead of a file{told}",
            state="No file was received.",
            copy=answer.keep(),
        )

    def page_or_file(self, submission: Submission) -> Page | Download:
        """Send a form, or follow a link, whose answer may be either; a file is to be closed by the caller."""
        answer = self.engine.now.download(submission)
        if isinstance(answer, Download):
            self._keep_session()
            return answer
        page = self._page(answer)
        self._check_answer(submission, page)
        return page

    def _check_answer(self, submission: Submission, page: Page) -> None:
        """Stop where a page that came back from a form tells that its session, or the box, was away."""
        if page.is_login or page.status in (401, 419):
            raise SessionEnded(f"{page.box} answered {submission.button!r} with {page.where}: the session has ended.")
        if page.status >= 500:
            raise AnswerLost(f"{page.box} answered {submission.button!r} with the HTTP status {page.status}.")
        if page.status == 403:
            raise self._not_permitted(page)

    @property
    def is_entered(self) -> bool:
        """Whether there was a log-in, now or by an earlier task of the run; the session may have ended since."""
        return self._entered

    # -- the session ------------------------------------------------------------------------------------------

    def log_out(self) -> bool:
        """End the session; gives whether the box was asked to. An end that fails is no failure."""
        if not self.engine.now.kept:
            return False
        try:
            page = self._here or self._front()
            link = page.maybe_link("menu.logout")
            if link is not None:
                self.engine.now.send(page.follow(link))
            else:
                self.engine.now.send(page.fill({}, page.button("menu.logout")))
            return True
        except BtError:
            return False
        finally:
            self._forget()

    def session(self) -> dict[str, Any]:
        """The session as it is kept between tasks: a secret."""
        return self._memory.load(f"{self._application}.session") or {}

    def is_alive(self) -> bool:
        """Whether the session still holds; asks for one page and never logs in.

        :raises Unreachable: the answer tells nothing of a session: HTTP 404, 429 or 502, or a page of something else.
        """
        if not self.engine.now.kept:
            return False
        page = self._page(self.engine.now.get(self._session_page or f"/{self._application}"), keep=False)
        outside = page.status in (401, 403) or self._is_outside(page)
        if outside:
            return False
        self.require_inside(page)
        return True

    def require_inside(self, page: Page) -> None:
        """Make sure that a page is one behind the log-in.

        :raises Unreachable: it is no page of a box.
        """
        if page.status != 200 or not (page.is_application or has_entry(page, "menu.status")):
            address = address_of(page.url)
            raise Unreachable(f"{page.box} answers {address} with HTTP {page.status} and no page of a box.")

    def front(self) -> Page:
        """The page at the door, without a log-in: the log-in page, or the first page of a session that holds.

        :raises Unreachable: no answer, or one that says that the site is not up.
        """
        page = self._front(keep=False)
        if page.status >= 500:
            raise Unreachable(f"{page.box} answers /{self._application} with the HTTP status {page.status}.")
        return page

    def _log_in(self, page: Page) -> Page:
        account = self._account
        if account is None:
            raise BadInput(
                f"{page.box} asks to log in at /{self._application}, and no account for it was given.",
                state="Nothing was sent.",
                advice=f"Set bt_{self._application}_username and bt_{self._application}_password.",
            )
        if not page.is_login and agreement(page, before_login=True) is None:
            page = self._front()  # told only that the session has ended
        refused = self._refusal_of(account)
        earlier = self._memory.load(refused)
        if earlier:
            raise LoginRefused(
                str(earlier["what"]),
                state="It was refused earlier in this run and was not tried again.",
                advice=f"Check bt_{self._application}_username and bt_{self._application}_password, then start again.",
            )
        try:
            inside = pass_login(page, account, lambda submission: self._page(self.engine.now.send(submission)))
            self._entered = True
            return inside
        except LoginRefused as error:
            self._memory.save(refused, {"what": error.what})
            raise

    def forget_refusal(self) -> None:
        """Let a refused account be tried once more: what the box knows was changed since."""
        if self._account is not None:
            self._memory.save(self._refusal_of(self._account), {})

    def _refusal_of(self, account: Account) -> str:
        return f"{self._application}.refused.{account.mark}"

    def _is_outside(self, page: Page) -> bool:
        """Whether a page stands before the log-in."""
        if page.is_login or page.status in (401, 419) or agreement(page) is not None:
            return True
        return page.says("session.ended") is not None and not page.offers("menu.logout") and not page.fields()

    def _forget(self) -> None:
        self.engine.now.forget()
        self._here = None
        self._memory.save(f"{self._application}.session", {})

    def _keep_session(self) -> None:
        of = self._account.mark if self._account else ""
        record: dict[str, Any] = {**self.engine.record, "page": self._session_page, "of": of}
        if record != self._memory.load(f"{self._application}.session"):
            self._memory.save(f"{self._application}.session", record)

    # -- pages ------------------------------------------------------------------------------------------------

    def _page(self, answer: Answer, keep: bool = True) -> Page:
        page = self._parsed(answer)
        if page.is_application and self.engine.may_draw():
            page = self._parsed(self.engine.drawn(answer))
        if keep and page.status == 200 and not page.is_login:
            self._here = page
            if answer.method == "GET":
                self._session_page = address_of(page.url)
            self._keep_session()
        return page

    def _parsed(self, answer: Answer) -> Page:
        account = self._account
        return Page(
            answer.body,
            url=answer.url,
            words=self._words,
            status=answer.status,
            encoding=answer.encoding,
            box=str(self.transport.endpoint),
            keep_copy=self._keep_copy,
            secrets=(account.password,) if account else (),
            drawn=answer.drawn,
        )

    def _check_status(self, page: Page) -> None:
        if page.status == 403:
            raise self._not_permitted(page)
        if page.status >= 500 or page.status == 429:
            raise Unreachable(f"{page.box} answers {address_of(page.url)} with the HTTP status {page.status}.")
        if page.status >= 400:
            raise PageNotUnderstood(f"{page.box} answers {page.where} with the HTTP status {page.status}.")

    def _not_permitted(self, page: Page) -> NotPermitted:
        name = self._account.username if self._account else ""
        return NotPermitted(
            f"{page.box} does not let the account {name!r} use the page {page.where}.",
            advice="Give the account the right, or use one that has it.",
        )
