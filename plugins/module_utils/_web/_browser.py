# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The browser that draws pages made by JavaScript: which one is installed, how it is started, and when it ends.

It reaches one box and nothing else: every name but the box's leads nowhere, and the box is reached through a `Relay`.
There is one for each box that a task asks, from the first page on until the task ends. Playwright's objects may be used
by the thread alone that made them, and a task may ask two boxes at a time: one thread does all that browsers do.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import playwright_api, playwright_is_installed
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import MissingLibrary
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._web._relay import Relay

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_INSTALL = (
    "Install the Python library playwright for the Python that runs the task, and Chromium: Debian's package chromium,"
    " or `playwright install chromium` (docs/browser.md)."
)
START_SECONDS = 60.0
_T = TypeVar("_T")
_ARGUMENTS = (
    "--no-proxy-server", "--disable-extensions", "--disable-gpu", "--disable-remote-fonts", "--disable-sync",
    "--blink-settings=imagesEnabled=false",
)


def missing() -> str:
    """Why no browser can be used here, a whole sentence; ``""`` where one can."""
    if not playwright_is_installed():
        return "The Python library playwright is not installed where this task runs."
    named = os.environ.get("BT_BROWSER", "")
    if named and not shutil.which(named):
        return f"BT_BROWSER names {named}, which is no program."
    if not _installed() and not _has_own():
        return "No Chromium is installed where this task runs."
    return ""


def _installed() -> str | None:
    """The Chromium to start, None for the one that Playwright has brought itself."""
    names = (os.environ.get("BT_BROWSER", ""), *NAMES)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def _has_own() -> bool:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or str(Path.home() / ".cache" / "ms-playwright")
    return any(Path(folder).glob("chromium*"))


@dataclass(frozen=True)
class Browser:
    """One that runs, for one box."""

    program: Any
    relay: Relay


class _Running:
    """All that this process has started, and the thread that has."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, as in a process that was split off: it has nothing of what the other one started."""
        self.driver: Any = None
        self.browsers: dict[Endpoint, Browser] = {}
        self.thread: threading.Thread | None = None
        self._one = threading.Lock()
        self._wanted: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()

    def do(self, what: Callable[[], _T]) -> _T:
        """Have something done by that thread, and wait for it."""
        if threading.current_thread() is self.thread:
            return what()
        done: Future[_T] = Future()
        with self._one:
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, daemon=True, name="bt_ops.pra browser")
                self.thread.start()
            self._wanted.put((what, done))
        return done.result()

    def _work(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            what, done = wanted
            try:
                done.set_result(what())
            except BaseException as error:  # whoever waits for it gets it
                done.set_exception(error)

    def end(self) -> None:
        """End the thread; the next thing that is asked for starts another one."""
        if self.thread is not None:
            self._wanted.put(None)
            self.thread.join()
            self.thread = None


_RUNNING = _Running()


os.register_at_fork(after_in_child=_RUNNING.forget)


def in_browser(what: Callable[[], _T]) -> _T:
    """Do something with Playwright's objects, by the one thread that may."""
    return _RUNNING.do(what)


def browser_for(endpoint: Endpoint) -> Browser:
    """The browser for a box, started where there is none yet; for what runs `in_browser`.

    :raises MissingLibrary: Playwright or Chromium is not there, or does not start.
    """
    known = _RUNNING.browsers.get(endpoint)
    if known is not None and known.program.is_connected():
        return known
    reason = missing()
    if reason:
        raise MissingLibrary(reason, state="Nothing was changed.", advice=HOW_TO_INSTALL)
    api = playwright_api()
    relay = Relay(endpoint)
    host = urlsplit(endpoint.origin).hostname or ""
    try:
        if _RUNNING.driver is None:
            _RUNNING.driver = api.sync_playwright().start()
        program = _RUNNING.driver.chromium.launch(
            executable_path=_installed(),
            chromium_sandbox=os.geteuid() != 0,  # Chromium has none for root
            timeout=START_SECONDS * 1000,
            args=[
                *_ARGUMENTS,
                f"--host-resolver-rules=MAP {host} 127.0.0.1:{relay.port},MAP * ~NOTFOUND",
                f"--ignore-certificate-errors-spki-list={relay.pin}",
            ],
        )
    except api.Error as error:
        relay.close()
        raise MissingLibrary(
            f"Chromium does not start: {str(error).splitlines()[0][:200]}.", state="Nothing was changed.",
            advice=HOW_TO_INSTALL,
        ) from None
    started = Browser(program, relay)
    _RUNNING.browsers[endpoint] = started
    return started


def stop_browsers() -> None:
    """End every browser of this process; nothing happens where there is none."""
    if _RUNNING.thread is not None:
        in_browser(_stop)
        _RUNNING.end()


def _stop() -> None:
    for browser in _RUNNING.browsers.values():
        with suppress(Exception):  # it ends with the driver, whatever it says now
            browser.program.close()
        browser.relay.close()
    _RUNNING.browsers.clear()
    if _RUNNING.driver is not None:
        driver, _RUNNING.driver = _RUNNING.driver, None
        with suppress(Exception):
            driver.stop()
