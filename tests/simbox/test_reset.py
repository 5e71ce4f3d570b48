# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reset to factory defaults and shutting down, and what is watched about both."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import requests

from tests.simbox.application import Application
from tests.simbox.boxes import NEW, OLD, B, Boxes, migration, pair, running
from tests.simbox.browser import Browser
from tests.simbox.test_restore import first_login

CASES = [("tables", "en"), ("divs", "nl"), ("aria", "en"), ("tables", "nl"), ("app", "nl")]


def basics(boxes: Boxes, box: str) -> Browser | Application:
    """Status > Basics."""
    page = boxes.browser(box, "appliance")
    page.open(boxes.words(box)("status"), boxes.words(box)("basics"))
    return page


def reset(boxes: Boxes, box: str) -> Browser | Application:
    """Press, and confirm."""
    words, page = boxes.words(box), basics(boxes, box)
    page.press(words("reset"))
    assert words("reset_warning") in page.text
    page.press(words("reset"))
    return page


@pytest.mark.parametrize(("era", "language"), CASES)
def test_old_box_is_wiped_and_shut_down(tmp_path: Path, era: str, language: str) -> None:
    """Progress while it lasts; then everything is gone, the factory credentials hold, and it can be switched off."""
    number = 82 + CASES.index((era, language))
    with running(migration(f"127.0.{number}", box={"era": era, "language": language}), tmp_path) as boxes:
        words, before = boxes.words(OLD), boxes.state(OLD)
        boxes.lead_away(OLD, NEW)
        page = reset(boxes, OLD)
        assert words("reset_running") in page.text
        assert words("reset_started") in page.text
        with pytest.raises(AssertionError):
            boxes.token(OLD)
        boxes.until(lambda: boxes.state(OLD)["reset"]["done"] == 1)
        after = boxes.state(OLD)
        assert after["factory"]
        assert (after["sessions"], after["files"], after["jump_clients"]) == ({}, {}, [])
        assert (after["id"], after["product"]) == (before["id"], before["product"])
        assert [entry["name"] for entry in after["certificates"]] == ["Factory Certificate"]
        assert words("information_version") in first_login(boxes, OLD).text
        page = first_login(boxes, OLD, application="appliance")
        page.open(words("status"), words("basics"))
        page.press(words("basics_shut_down"))
        boxes.until(lambda: boxes.state(OLD)["system"] == "closed")
        with pytest.raises(requests.ConnectionError):
            boxes.get(OLD, "/check_health")
        assert boxes.violations() == []


def test_cancel_and_refusal(tmp_path: Path) -> None:
    """The confirm page can be left; while an update is installed the box refuses."""
    with running(migration("127.0.88"), tmp_path) as boxes:
        words, page = boxes.words(NEW), basics(boxes, NEW)
        page.press(words("reset"))
        page.press(words("cancel"))
        assert words("basics_serial") in page.text
        kinds = {entry["op"]: entry["kind"] for entry in boxes.control("/log", "GET")}
        assert kinds["appliance.basics.reset"] == kinds["appliance.factory_reset.cancel"] == "query"
        boxes.control("/user-update", box=NEW, package="base-6.2.0")
        assert words("reset_refused") in reset(boxes, NEW).text
        assert boxes.state(NEW)["reset"] == {"running": False, "done": 0}


def test_reset_of_a_box_that_serves_or_is_paired(tmp_path: Path) -> None:
    """The worst that can happen: a violation."""
    with running(migration("127.0.88"), tmp_path / "old") as boxes:
        reset(boxes, OLD)
        assert boxes.violations() == ["H16"]
    with running(pair("127.0.88"), tmp_path / "pair") as boxes:
        reset(boxes, B)
        assert boxes.violations() == ["H16"]


def _health(boxes: Boxes) -> int:
    """The status of the new box's health probe, 0 where it does not answer."""
    with contextlib.suppress(requests.ConnectionError):
        return boxes.get(NEW, "/check_health").status_code
    return 0


@pytest.mark.parametrize("button", ["basics_shut_down", "basics_restart"])
def test_power_off_during_the_wipe(tmp_path: Path, button: str) -> None:
    """A violation, and the box does not work afterwards."""
    config = migration("127.0.88")
    config["durations"]["reset"] = 60.0
    with running(config, tmp_path) as boxes:
        reset(boxes, NEW)
        words, page = boxes.words(NEW), basics(boxes, NEW)
        page.press(words(button))
        assert boxes.violations() == ["H17"]
        boxes.until(lambda: boxes.state(NEW)["system"] != "open")
        boxes.control("/power", box=NEW, on=True)
        boxes.until(lambda: _health(boxes) == 500)
        assert boxes.state(NEW)["reset"] == {"running": False, "done": 0}
