# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Checking, blocked packages, installs that go wrong, what is seen while a box is away."""

from __future__ import annotations

import time
from pathlib import Path

import requests

from tests.simbox.boxes import A, B, Boxes, pair, running
from tests.simbox.browser import Browser

SINGLE = {
    "shared_ip": "",
    "boxes": [{"name": A, "address": "127.0.27.1"}],
}
# Long enough away that each of an outage's faces is met.
LONG = {"scale": 0.1, "base_install": 14.0, "base_outage": 12.0, "product_install": 14.0, "product_outage": 12.0}
BASE, PRODUCT = "Base Software 6.2.0", "BeyondTrust Privileged Remote Access 24.3.1"


def updates(boxes: Boxes, check: bool = True) -> Browser:
    """The Updates page of A."""
    words, page = boxes.words(A), boxes.browser(A, "appliance")
    page.open(words("updates"))
    if check:
        page.press(words("updates_check"))
    return page


def idle(boxes: Boxes) -> bool:
    """Is nothing being installed on A?"""
    return boxes.state(A)["updates"]["running"] is None


def seen(boxes: Boxes, path: str) -> str:
    """What a client sees of A: a status, or how the connection fails."""
    try:
        return str(boxes.get(A, path).status_code)
    except requests.ConnectionError as error:
        return "refused" if "refused" in str(error) else "cut"


def test_a_single_box_from_old_to_new(tmp_path: Path) -> None:
    """Blocked product, base, product; what is downloaded leaves the list; users are cut, clients return and upgrade."""
    with running(pair("127.0.27", site=SINGLE, durations=LONG), tmp_path) as boxes:
        words, page = boxes.words(A), updates(boxes)
        assert BASE in page.text
        assert words("updates_blocked", title=PRODUCT, base="6.1.0", version="24.3.1") in page.text
        assert page.buttons().count(words("updates_install")) == 1
        token = boxes.token(A)
        page.press(words("updates_install"))
        assert words("updates_running") in page.text
        assert boxes.state(A)["updates"]["running"]["package"] == "base-6.2.0"
        met = set()
        while not idle(boxes):
            met.add(seen(boxes, "/check_health"))
        assert {"200", "502", "refused", "503"} <= met
        assert boxes.get(A, "/api/command?action=check_health", headers=token).status_code == 401
        assert boxes.state(A)["base"] == "6.2.0"
        assert len(boxes.state(A)["users"]) == 0
        page = updates(boxes)
        assert BASE not in page.text.split(words("updates_available_section"))[1]
        page.press(words("updates_install"))
        met, appliance = set(), set()
        while not idle(boxes):
            met.add(seen(boxes, "/check_health"))
            appliance.add(seen(boxes, "/appliance"))
        assert {"200", "502", "503", "refused"} <= met
        assert "200" in appliance
        boxes.until(lambda: seen(boxes, "/check_health") == "200")
        state = boxes.state(A)
        assert (state["product"], state["healthy"]) == ("24.3.1", True)
        assert words("updates_none") in updates(boxes).text
        boxes.until(lambda: sum(row["needs_update"] for row in boxes.state(A)["jump_clients"]) == 2)
        assert boxes.violations() == ["S1", "S1", "A6"]


def test_check_that_fails(boxes: Boxes) -> None:
    """Wrong clock and no server read the same and offer nothing."""
    words = boxes.words(A)
    boxes.control("/clock", box=A, offset=-7200)
    assert words("updates_check_failed") in updates(boxes).text
    boxes.control("/clock", box=A, offset=0)
    boxes.control("/troubles", box=A, trouble="update_server_unreachable")
    page = updates(boxes)
    assert words("updates_check_failed") in page.text
    assert words("updates_available_section") not in page.text


def test_install_that_fails(boxes: Boxes) -> None:
    """The old version stays, the page says so, the package is gone from the list."""
    words, page = boxes.words(A), updates(boxes)
    boxes.control("/troubles", box=A, trouble="update_fail")
    page.press(words("updates_install"))
    boxes.until(lambda: idle(boxes))
    page = updates(boxes)
    assert words("updates_failed", title=BASE, time="").split(" at ")[0] in page.text
    assert boxes.state(A)["base"] == "6.1.0"
    assert BASE not in page.text.split(words("updates_available_section"))[1]
    assert boxes.state(A)["updates"]["base_failed"]


def test_install_that_hangs(boxes: Boxes) -> None:
    """It stays at its phase until the trouble is over; a restart meanwhile damages the box."""
    words, page = boxes.words(A), updates(boxes)
    boxes.control("/troubles", box=A, trouble="update_hang")
    page.press(words("updates_install"))
    time.sleep(0.7)
    page.open(words("updates"))
    assert "99" in page.text
    assert boxes.state(A)["updates"]["running"]["phase"] == "installing"
    page.open(words("status"))
    page.press(words("basics_restart"))
    boxes.until(lambda: boxes.state(A)["system"] != "open")
    boxes.until(lambda: boxes.state(A)["system"] == "open")
    state = boxes.state(A)
    assert (state["base"], state["healthy"], state["updates"]["base_failed"]) == ("6.1.0", False, True)
    assert boxes.violations() == ["S10", "S1", "A5", "A5"]


def test_box_that_does_not_come_back(boxes: Boxes) -> None:
    """A base update hangs while the box is away."""
    boxes.control("/troubles", box=A, trouble="update_hang_outage")
    updates(boxes).press(boxes.words(A)("updates_install"))
    boxes.until(lambda: boxes.state(A)["system"] == "closed")
    time.sleep(0.5)
    assert seen(boxes, "/appliance") == "refused"
    boxes.control("/troubles", box=A, trouble="update_hang_outage", on=False)
    boxes.until(lambda: idle(boxes))


def test_somebody_else_updates(boxes: Boxes) -> None:
    """Another person's update is nobody's violation, and no second one can be started."""
    page, words = updates(boxes), boxes.words(A)
    assert boxes.control("/user-update", box=A, package="base-6.2.0") == "base-6.2.0"
    page.press(words("updates_install"))
    assert words("updates_refused") in page.text
    assert boxes.state(A)["updates"]["started"] == ["base-6.2.0"]
    assert boxes.violations() == ["A3"]


def test_licence_agreement(tmp_path: Path) -> None:
    """It comes before the install; only accepted it lets the install begin."""
    catalogue = [{"kind": "base", "version": "6.2.0", "eula": True}]
    with running(pair("127.0.28", catalogue=catalogue), tmp_path) as boxes:
        words, page = boxes.words(B), boxes.browser(B, "appliance")
        page.open(words("updates"))
        page.press(words("updates_check"))
        page.press(words("updates_install"))
        assert words("eula_text") in page.text
        page.press(words("eula_accept"))
        assert words("eula_must_agree") in page.text
        page.press(words("eula_decline"))
        assert idle(boxes)
        page.press(words("updates_install"))
        page.press(words("eula_accept"), {words("eula_agree"): True})
        assert words("updates_running") in page.text


def test_slow_install(boxes: Boxes) -> None:
    """Five times as long as planned."""
    boxes.control("/troubles", box=A, trouble="update_slow")
    started = time.monotonic()
    updates(boxes).press(boxes.words(A)("updates_install"))
    boxes.until(lambda: idle(boxes))
    assert time.monotonic() - started > 2.0
