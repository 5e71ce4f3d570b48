# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The wait for an install on a page that still tells of an older failure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup, _installing
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BoxFailed, DeadlinePassed
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import Package, Terms, await_installed
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience

OLD, RUNS = "The update failed.", "An update is being installed."


class Pages:
    """A box that shows one Updates page after the other, the last one for ever, and never another version."""

    name = "box-a"
    context = Context()
    connection = SimpleNamespace(endpoint="box-a")
    appliance = None
    error = ""

    def __init__(self, *shown: tuple[str, str]) -> None:
        self.shown = list(shown)
        self.looks = 0

    def is_healthy(self) -> bool:
        """It always is."""
        return True

    def health(self) -> Any:
        """It never runs anything new."""
        return SimpleNamespace(version=Version.wanted("1.0.0", "x"), healthy=True)

    def read(self, _site: object) -> Any:
        """The next page."""
        self.looks += 1
        running, failed = self.shown.pop(0) if len(self.shown) > 1 else self.shown[0]
        page = SimpleNamespace(says=lambda _key: SimpleNamespace(text=self.error) if self.error else None)
        return SimpleNamespace(running=running, failed=failed, not_downloaded="", page=page)


def looks(monkeypatch: pytest.MonkeyPatch, *shown: tuple[str, str]) -> int:
    """How many looks it took until the old words counted as a failure of the new install."""
    box: Any = Pages(*shown)
    monkeypatch.setattr(_installing, "open_updates", box.read)
    monkeypatch.setattr(_installing, "UNMOVED_SECONDS", 0.5)
    terms = Terms(_backup.Wish("", "", 0.0), Patience(1, 20))
    package = Package("product", Version.wanted("2.0.0", "x"))
    with pytest.raises(BoxFailed, match=OLD):
        await_installed(box, package, terms, lost=False, stale=OLD)
    return box.looks


def test_the_words_of_an_older_failure_count_once_the_box_was_seen_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(monkeypatch, ("", OLD), (RUNS, OLD), ("", OLD)) == 3


def test_the_words_of_an_older_failure_count_when_nothing_else_is_seen_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert looks(monkeypatch, ("", OLD)) > 3


def test_a_wait_that_ends_repeats_the_error_that_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    box: Any = Pages(("", ""))
    box.error = "An error occurred: the license file is not valid."
    monkeypatch.setattr(_installing, "open_updates", box.read)
    terms = Terms(_backup.Wish("", "", 0.0), Patience(0.1, 0.3))
    with pytest.raises(DeadlinePassed, match="the license file is not valid"):
        await_installed(box, Package("product", Version.wanted("2.0.0", "x")), terms, lost=False)
