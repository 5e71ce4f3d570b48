# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The engine for pages that JavaScript draws: a browser opens them, fills in, presses, and tells what it shows then.

It does what `Exchange` does with requests. A thing that is to be pressed is found by the mark that it had when the page
was understood; if it is gone or reads differently since, nothing is done.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import playwright_api
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BtError,
    NeedsPerson,
    PageNotUnderstood,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _drawing
from ansible_collections.bt_ops.pra.plugins.module_utils._web._answer import Answer, Download
from ansible_collections.bt_ops.pra.plugins.module_utils._web._browser import Browser, browser_for, in_browser
from ansible_collections.bt_ops.pra.plugins.module_utils._web._exchange import DIGEST_SECONDS, own_address
from ansible_collections.bt_ops.pra.plugins.module_utils._web._saved import SavedDownload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import Submission, Touch, Upload, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._traffic import Traffic

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport

QUIET_MILLISECONDS = 120  # in which a page that has settled changes nothing
MOST_MILLISECONDS = 1500  # after which a page that changes all the time is looked at all the same
RESTLESS = 3  # such looks
CHANGE_SECONDS = 3.0  # in which a page that something was pressed on shows that it was
SHOWN_SECONDS = 15.0  # in which an application must have drawn something that can be used
BUSY_SECONDS = 15.0  # after which one that says that it is busy, and asks for nothing, has forgotten to stop saying so
TOUCH_MILLISECONDS = 5000  # in which a thing that is seen must take a click
FILE_MILLISECONDS = 3_600_000  # in which a file must have come
MOST_DETOURS = 5
_LOCALES = {"en": "en-US", "nl": "nl-NL"}


@dataclass(frozen=True)
class _Description:
    """What was seen at one moment: elements by number, as the browser keeps them, and how each read."""

    serial: str
    handle: Any
    reads: list[str]


class Browsing:
    """One tab of one browser, for one site of one box under one account."""

    def __init__(self, transport: Transport, language: str, application: str) -> None:
        self._transport = transport
        self._endpoint = transport.endpoint
        self._language = language
        self._application = application
        self._kept: dict[str, Any] = {}
        self._browser: Browser | None = None
        self._context: Any = None
        self._tab: Any = None
        self._seen: dict[str, _Description] = {}
        self._serial = 0
        self._shown_before = ""
        self.traffic = Traffic()

    # -- the session ------------------------------------------------------------------------------------------

    @property
    def kept(self) -> dict[str, Any]:
        """What makes up the session, as plain values; empty where there is none."""
        return self._kept

    def put(self, kept: dict[str, Any]) -> None:
        """Go on with a session that was kept, by either engine."""
        self._kept = kept
        if self._context is not None:
            in_browser(self._leave)

    def forget(self) -> None:
        """Forget the session here; the box is not told."""
        self.put({})

    def _leave(self) -> None:
        if self._context is not None:
            self._context.close()
        self._context = self._tab = None

    def _keep(self) -> None:
        cookies = [
            {name: each[name] for name in ("name", "value", "path", "expires")}
            for each in self._context.cookies()
        ]
        stored = self._tab.evaluate(_drawing.KEPT)
        kept = {"cookies": cookies} if cookies else {}
        self._kept = {**kept, "stored": stored} if any(stored.values()) else kept

    # -- what the engine of requests does, too ----------------------------------------------------------------

    def get(self, target: str, referer: str = "") -> Answer:
        """Open an address and give what is shown there."""
        return self._page(Submission("GET", target, [], page=referer))

    def send(self, submission: Submission) -> Answer:
        """Do on the page what the submission says, once, and give what is shown then."""
        return self._page(submission)

    def send_unfollowed(self, submission: Submission) -> Answer | Submission:
        """The same; what is shown then is drawn by the page itself, so that there is nothing to follow."""
        return self._page(submission)

    def download(self, submission: Submission) -> Answer | Download:
        """Do what should bring a file; a page is given where one comes instead."""
        return in_browser(lambda: self._do(submission))

    def _page(self, submission: Submission) -> Answer:
        answer = self.download(submission)
        if isinstance(answer, Download):
            name = answer.name
            answer.close()
            what = f"{self._endpoint} answers {submission.button or submission.target!r} with the file {name!r}."
            raise AnswerLost(what) if submission.is_write else PageNotUnderstood(what)
        return answer

    # -- acts -------------------------------------------------------------------------------------------------

    def _do(self, submission: Submission) -> Answer | Download:
        api = playwright_api()
        self._open_tab()
        writes = submission.is_write
        self._shown_before = ""
        try:
            if submission.touch is None:
                self._go(self._address(submission.address))
            elif not writes:
                self._follow(submission, submission.touch)
            else:
                self._touch(submission, submission.touch)
            return self._settled(submission)
        except api.Error as error:
            explained = self._explain(error, submission)
            self._leave()  # a browser goes on trying to reload what did not come
            raise explained from None
        except (AnswerLost, Unreachable):
            self._leave()
            raise

    def _open_tab(self) -> None:
        browser = browser_for(self._endpoint)
        if self._tab is not None and self._browser is browser and not self._tab.is_closed():
            return
        self._leave()
        self._browser = browser
        host = urlsplit(self._endpoint.origin).hostname or ""
        context = browser.program.new_context(
            locale=_LOCALES.get(self._language, self._language), service_workers="block", accept_downloads=True
        )
        context.set_default_timeout(TOUCH_MILLISECONDS)
        context.add_cookies([
            {"name": each["name"], "value": each["value"], "domain": host, "path": each.get("path") or "/",
             "expires": each.get("expires") or -1, "secure": True}
            for each in self._kept.get("cookies", [])
        ])
        context.add_init_script(_drawing.OPEN_SHADOWS)
        if self._kept.get("stored"):
            # Within JavaScript a "<" of JSON is harmless: no HTML is parsed here.
            context.add_init_script(_drawing.REMEMBER % json.dumps(self._kept["stored"]))
        self._context = context
        self._tab = context.new_page()
        self.traffic.watch(self._tab)

    def _address(self, target: str) -> str:
        """An address as the browser opens it.

        :raises NeedsPerson: it leads to another host.
        """
        whole = urljoin(self._endpoint.origin + "/", target)
        fragment = urlsplit(whole).fragment
        own = own_address(self._endpoint, self._application, whole)
        path = self._transport.path_of(own)
        return self._endpoint.origin + path + (f"#{fragment}" if fragment else "")

    def _go(self, address: str) -> None:
        self.traffic.begin(confirms=False)
        api = playwright_api()
        try:
            if self._tab.url.partition("#")[0] == address.partition("#")[0]:
                self._tab.goto("about:blank")  # else only the fragment would change, and nothing be asked anew
                self.traffic.begin(confirms=False)
            self._tab.goto(address, wait_until="commit", timeout=self._transport.most_seconds * 1000)
        except api.Error as error:
            if not (self.traffic.downloads or self.traffic.refused or "ERR_ABORTED" in str(error)):
                raise

    def _follow(self, submission: Submission, touch: Touch) -> None:
        """Press a link where it can be seen; else, and where that is all there is, open its address."""
        api = playwright_api()
        elements = self._found([touch.press], submission.page)
        self.traffic.begin(confirms=False)
        if elements is not None and elements[0].is_visible():
            try:
                self._shown_before = self._tab.evaluate(_drawing.SHOWN)
                elements[0].click()
                return
            except api.TimeoutError:
                pass  # it is covered, so nothing was pressed
        if not submission.target.startswith("http"):
            raise self._gone("link")
        self._go(self._address(submission.target))

    def _touch(self, submission: Submission, touch: Touch) -> None:
        api = playwright_api()
        marks = [mark for mark, _value in touch.fills] + ([touch.press] if touch.press else [])
        choices = [value for mark, value in touch.fills if isinstance(value, str) and self._is_mark(value)]
        elements = self._found([*marks, *choices], submission.page, again=True)
        if elements is None:
            raise self._gone(submission.button)
        by_mark = dict(zip([*marks, *choices], elements, strict=True))
        self.traffic.begin(confirms=True)
        try:
            for mark, value in touch.fills:
                self._fill(by_mark[mark], value, by_mark)
            if touch.press:
                element = by_mark[touch.press]
                element.scroll_into_view_if_needed()
                if not element.is_enabled():
                    raise PageNotUnderstood(f"{submission.button!r} is greyed out once its form is filled in.")
                self._shown_before = self._tab.evaluate(_drawing.SHOWN)
                element.click()
            elif touch.fills:
                by_mark[touch.fills[-1][0]].press("Enter")
        except api.TimeoutError:
            if not self.traffic.writes:
                raise PageNotUnderstood(
                    f"{submission.button!r} on the page {urlsplit(self._tab.url).path} of {self._endpoint} cannot be"
                    " pressed: something covers it, or it never comes to rest."
                ) from None

    def _is_mark(self, value: str) -> bool:
        serial, dot, number = value.partition(".")
        return bool(dot) and serial in self._seen and number.isdecimal() and serial.startswith("m")

    @staticmethod
    def _fill(element: Any, value: Value, by_mark: dict[str, Any]) -> None:
        if isinstance(value, bool):
            if element.evaluate("e => e.checked ?? e.getAttribute('aria-checked') === 'true'") == value:
                return
            if element.is_visible():
                element.click()
            else:  # only its label is drawn
                element.evaluate("e => e.labels[0].click()")
        elif isinstance(value, Upload):
            element.set_input_files(value.path)
        elif value in by_mark:
            element.select_option(index=by_mark[value].evaluate("option => option.index"))
        else:
            element.fill(value.replace("\r\n", "\n"))

    def _found(self, marks: list[str], page: str, again: bool = False) -> list[Any] | None:
        """The elements of some marks, if each is still there and reads as it did; None where one is not.

        :param again: where the page was left or drawn anew, it is looked for on the page as it is now.
        """
        serials = {mark.partition(".")[0] for mark in marks}
        if len(serials) != 1:
            return None
        known = self._seen.get(serials.pop())
        if known is None:
            return None
        numbers = [int(mark.partition(".")[2]) for mark in marks]
        reads = [known.reads[number] for number in numbers]
        seen = known if self._holds(known, numbers, reads) else None
        if seen is None and again:
            if self._tab.url != page:
                self._go(self._address(page))
                self._rest(Submission("GET", page, []))
            now = self._describe()[0]
            if len(now.reads) == len(known.reads) and self._holds(now, numbers, reads):
                seen = now
        if seen is None:
            return None
        take = "(seen, number) => seen.elements[number]"
        return [seen.handle.evaluate_handle(take, number).as_element() for number in numbers]

    @staticmethod
    def _holds(known: _Description, numbers: list[int], reads: list[str]) -> bool:
        try:
            return bool(known.handle.evaluate(_drawing.STILL, [numbers, reads]))
        except playwright_api().Error:
            return False  # the page was left, and with it what was seen on it

    def _gone(self, what: str) -> PageNotUnderstood:
        return PageNotUnderstood(
            f"The page {urlsplit(self._tab.url).path} of {self._endpoint} has changed since it was read:"
            f" {what!r} is not where it was.",
            advice="Run the same command again.",
        )

    # -- what is shown then -----------------------------------------------------------------------------------

    def _settled(self, submission: Submission) -> Answer | Download:
        """What there is once the page has come to rest."""
        for _detour in range(MOST_DETOURS):
            self._rest(submission)
            if self.traffic.downloads:
                return SavedDownload(self.traffic.downloads[0], self._transport, submission.method)
            onward = self.traffic.opened or self._led_away()
            if not onward:
                break
            self.traffic.opened = ""
            self._go(self._address(onward))
        self.traffic.raise_failure(self._failure, submission.is_write)
        body = self._describe()[1]
        self._keep()
        status = self.traffic.status(submission.is_write)
        return Answer(submission.method, self._tab.url, status, body.encode(), "utf-8", drawn=True)

    def _led_away(self) -> str:
        """Where the page was led to that is not this box's: it may mean itself by its public name."""
        url = self.traffic.refused or self._tab.url
        own = urlsplit(self._endpoint.origin).netloc
        if not url.startswith(("http://", "https://")) or urlsplit(url).netloc == own:
            return ""
        self.traffic.refused = ""
        self._address(url)
        return str(url)

    def _rest(self, submission: Submission) -> None:
        """Wait until nothing is on its way and nothing changes any more."""
        api = playwright_api()
        fills = submission.touch.fills if submission.touch is not None else ()
        files = any(isinstance(value, Upload) for _mark, value in fills)
        patience = DIGEST_SECONDS if files else self._transport.most_seconds
        began = self.traffic.now()
        restless = 0
        while not self.traffic.downloads and not self.traffic.is_lost:
            try:
                told = self._tab.evaluate(_drawing.QUIET, [QUIET_MILLISECONDS, MOST_MILLISECONDS])
            except api.Error as error:
                if self._tab.is_closed():
                    raise
                told = {"still": False, "busy": False, "usable": False, "left": str(error)}
            waited = self.traffic.now() - began
            restless += not told["still"] and "left" not in told
            pending = self.traffic.is_pending(submission.is_write)
            calm = told["still"] or restless >= RESTLESS
            drawn = told["usable"] or waited > SHOWN_SECONDS or self.traffic.document_status >= 400
            calm = calm and not pending and (not told["busy"] or waited > BUSY_SECONDS)
            if calm and drawn and (waited > CHANGE_SECONDS or not self._shows_as_before()):
                return
            if self.traffic.is_overdue(patience) or waited > patience + BUSY_SECONDS:
                what = f"{self._endpoint} gives no answer in time."
                lost = AnswerLost(what)
                lost.silent = True
                raise lost if submission.is_write else Unreachable(what)

    def _shows_as_before(self) -> bool:
        """Whether what was pressed has no effect yet that can be seen."""
        try:
            return bool(self._shown_before) and self._tab.evaluate(_drawing.SHOWN) == self._shown_before
        except playwright_api().Error:
            return True  # it is just being left

    def _describe(self) -> tuple[_Description, str]:
        self._serial += 1
        serial = f"m{self._serial}"
        handle = self._tab.evaluate_handle(_drawing.DESCRIBE, f"{serial}.")
        html = str(handle.get_property("html").json_value())
        seen = _Description(serial, handle, handle.get_property("reads").json_value())
        self._seen[serial] = seen
        return seen, self.traffic.with_alerts(html)

    # -- errors -----------------------------------------------------------------------------------------------

    def _failure(self, reason: str, method: str) -> BtError:
        """What a request that failed means for the box; the relay knows why it could not be reached."""
        failure = self._browser.relay.failure if self._browser is not None else None
        if failure is not None:
            return self._transport.explain(failure, "GET")
        return self._transport.explain(ConnectionError(reason), method)

    def _explain(self, error: Exception, submission: Submission) -> BtError:
        text = str(error)
        if self.traffic.refused:
            try:
                self._transport.path_of(self.traffic.refused)
            except NeedsPerson as person:
                return person
        method = "POST" if submission.is_write and self.traffic.writes else "GET"
        if "net::" in text or self.traffic.is_lost:
            return self._failure(text.partition("\n")[0], method)
        what = f"The browser could not use the page of {self._endpoint}: {text.splitlines()[0][:200]}."
        return AnswerLost(what) if method == "POST" else PageNotUnderstood(what)
