# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A person with Chromium in front of a simulated box of the era `app`: reads, clicks, fills in. Tests only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from simbox.words import Words
from tests.simbox.boxes import Boxes

MILLISECONDS = 8000
COMMANDS = ("chromium", "google-chrome")
Value = str | bool | Path


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium, without a window."""
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    assert found, f"none of {', '.join(COMMANDS)} is installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """One window on one web site of a box, or on another URL. What is drawn late is waited for; defects of the script
    fail the test."""

    def __init__(self, browser: Browser, boxes: Boxes, box: str, where: str) -> None:
        self.words: Words = boxes.words(box)
        self.account = boxes.facts["boxes"][box].get(where, {})
        self.defects: list[str] = []
        # The throw-away CA is nothing that Chromium can be told without a profile of its own.
        self.page: Page = browser.new_context(ignore_https_errors=True, reduced_motion="reduce").new_page()
        self.page.set_default_timeout(MILLISECONDS)
        self.page.on("pageerror", lambda error: self.defects.append(str(error)))
        self._url = urljoin(f"{boxes.url(box)}/", where)
        self.start()

    def start(self) -> None:
        """Open the web site's own address."""
        self.page.goto(self._url)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is under way."""
        self.page.locator("main[aria-busy=false]").wait_for(state="attached")
        assert self.defects == []

    @property
    def text(self) -> str:
        """What can be read, menu and dialogs included."""
        return " ".join(self.page.locator("body").inner_text().split())

    def log_in(self, password: str = "") -> None:
        """With the box's own account, or with another password."""
        values = {
            self.words("username"): self.account["username"],
            self.words("password"): password or self.account["password"],
        }
        self.press("log_in", values)

    def open(self, *keys: str) -> None:
        """Follow the menu; an entry with pages below is unfolded where it is not."""
        for key in keys:
            self._follow(self.page.get_by_role("navigation"), self.words(key))

    def follow(self, text: str) -> None:
        """Follow a link of the page."""
        self._follow(self.page.get_by_role("main"), text)

    def _follow(self, where: Locator, text: str) -> None:
        entry = where.get_by_role("link", name=text, exact=True)
        fold = where.get_by_role("button", name=text, exact=True)
        entry.or_(fold).first.wait_for()
        if not entry.count():
            if fold.get_attribute("aria-expanded") == "false":
                fold.click()
            return
        entry.first.click()
        self.settle()

    def button(self, key: str) -> Locator:
        """Buttons of that name, in the dialog if one is open."""
        dialog = self.page.get_by_role("dialog")
        where = dialog if dialog.count() else self.page.get_by_role("main")
        return where.get_by_role("button", name=self.words(key), exact=True)

    def fill(self, values: Mapping[str, Value]) -> None:
        """Fill in by label; a label twice takes `label#2`."""
        for label, value in values.items():
            name, _hash, number = label.partition("#")
            control = self.page.get_by_label(name, exact=True).nth(int(number or 1) - 1)
            if isinstance(value, bool):
                control.set_checked(value)
            elif isinstance(value, Path):
                control.set_input_files(value)
            elif control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(label=value)
            else:
                control.fill(value)

    def press(self, key: str, values: Mapping[str, Value] | None = None) -> None:
        """Press the one button of that name."""
        self.fill(values or {})
        self.button(key).click()
        self.settle()

    def confirm(self, key: str) -> None:
        """Press, and say in the dialog that it is meant."""
        self.press(key)
        self.page.get_by_role("dialog").wait_for()
        self.press(key)
        self.page.get_by_role("dialog").wait_for(state="detached")

    def download(self, key: str, values: Mapping[str, Value], folder: Path) -> Path:
        """Press, and keep the file that comes."""
        self.fill(values)
        with self.page.expect_download() as coming:
            self.button(key).click()
        target = folder / coming.value.suggested_filename
        coming.value.save_as(target)
        return target
