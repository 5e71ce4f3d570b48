# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tab of a browser asks the box for during one act, how that ends, and what it asks the person at it."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import SAFE_METHODS
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock

BACKGROUND_SECONDS = 10.0  # after which a question that changes nothing and is not answered keeps nobody waiting
READING_SECONDS = 0.5  # in which an application reads an answer that has begun
_ENDLESS = frozenset({"eventsource", "websocket", "media", "image", "font", "ping"})
_SESSION_ENDED = frozenset({401, 419})
_DATA = frozenset({"xhr", "fetch"})


class Traffic:
    """Watches one tab; `begin` forgets what was before."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._tab: Any = None
        self._pending: dict[Any, float] = {}
        self._reading: dict[Any, float] = {}
        self.begin(confirms=False)

    def begin(self, confirms: bool) -> None:
        """An act begins.

        :param confirms: whether a question of the browser's own, such as "are you sure", is part of the act.
        """
        self._confirms = confirms
        self.document_status = 200
        self._statuses: list[tuple[str, int]] = []
        self._failed: list[tuple[str, str]] = []
        self._alerts: list[str] = []
        self.writes = 0
        self.is_lost = False
        self.refused = ""
        self.opened = ""
        self.downloads: list[Any] = []

    def now(self) -> float:
        """Seconds on a clock that nobody sets."""
        return self._clock.now()

    def watch(self, tab: Any) -> None:
        """Begin to watch a tab."""
        self._tab = tab
        self._pending.clear()
        self._reading.clear()
        tab.on("request", self._asked)
        tab.on("response", self._answered)
        tab.on("requestfinished", self._ended)
        tab.on("requestfailed", self._not_answered)
        tab.on("dialog", self._question)
        tab.on("download", self._downloaded)
        tab.on("popup", self._popup)

    # -- events -----------------------------------------------------------------------------------------------

    def _asked(self, request: Any) -> None:
        if request.resource_type not in _ENDLESS:
            self._pending[request] = self.now()
        if request.method not in SAFE_METHODS:
            self.writes += 1

    def _answered(self, response: Any) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self._tab.main_frame:
            self.document_status = response.status
            if request.method not in SAFE_METHODS:
                self._statuses.append((request.method, response.status))
        elif request.resource_type in _DATA:
            self._statuses.append((request.method, response.status))
        if self._pending.pop(request, None) is not None and request.resource_type != "document":
            # An application need not read an answer to its end: then no end of it is ever told.
            self._reading[request] = self.now()

    def _ended(self, request: Any) -> None:
        self._pending.pop(request, None)
        self._reading.pop(request, None)

    def _not_answered(self, request: Any) -> None:
        self._ended(request)
        reason = str(request.failure or "")
        document = request.is_navigation_request() and request.frame == self._tab.main_frame
        if "ERR_NAME_NOT_RESOLVED" in reason and document:
            self.refused = request.url
        elif "ERR_ABORTED" not in reason and (document or request.resource_type in _DATA | {"script"}):
            self._failed.append((request.method, reason))
            self.is_lost = self.is_lost or document

    def _question(self, dialog: Any) -> None:
        if dialog.type == "beforeunload" or (dialog.type == "confirm" and self._confirms):
            self._confirms = self._confirms and dialog.type != "confirm"
            dialog.accept()
            return
        if dialog.type == "alert":
            self._alerts.append(dialog.message)
        dialog.dismiss()

    def _downloaded(self, download: Any) -> None:
        # Playwright takes no method of a list for this.
        self.downloads.append(download)

    def _popup(self, tab: Any) -> None:
        """A page in a tab of its own is opened in this one instead."""
        self.opened = tab.url if tab.url != "about:blank" else ""
        tab.close()

    # -- what it means ----------------------------------------------------------------------------------------

    def is_pending(self, write: bool) -> bool:
        """Whether an answer is still to come that the act is about."""
        now = self.now()
        return any(now - began < READING_SECONDS for began in self._reading.values()) or any(
            (write and request.method not in SAFE_METHODS) or now - began < BACKGROUND_SECONDS
            for request, began in self._pending.items()
        )

    def is_overdue(self, seconds: float) -> bool:
        """Whether something was asked for longer ago than that and is not answered."""
        return any(self.now() - began > seconds for began in self._pending.values())

    def raise_failure(self, explain: Callable[[str, str], BtError], write: bool) -> None:
        """Raise where a request of the act was not answered.

        :param explain: takes why the browser says so and the method, gives what that means.
        """
        lost = [each for each in self._failed if each[0] not in SAFE_METHODS]
        if lost:
            raise explain(lost[0][1], lost[0][0])
        if self._failed and not (write and self.writes):
            raise explain(self._failed[0][1], "GET")

    def status(self, write: bool) -> int:
        """The HTTP status that tells how the act went: of what it sent, else of what it asked for, else of the page."""
        sent = [status for method, status in self._statuses if method not in SAFE_METHODS]
        asked = [status for method, status in self._statuses if method in SAFE_METHODS]
        for each in sent if write else ():
            if each >= 500 or each in _SESSION_ENDED or each == 403:
                return each
        for each in asked:
            if each in _SESSION_ENDED or (each >= 500 and not (write and self.writes)):
                return each
        return self.document_status

    def with_alerts(self, page: str) -> str:
        """The page with what the browser had to say in windows of its own."""
        told = "".join(f'<p role="alert">{html.escape(each)}</p>' for each in self._alerts)
        place = page.rfind("</body>")
        return page[:place] + told + page[place:] if told and place >= 0 else page
