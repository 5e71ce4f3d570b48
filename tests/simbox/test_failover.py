# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Making and breaking a relationship, syncs that fail: refusals and half-done states."""

from __future__ import annotations

from pathlib import Path

from tests.simbox.boxes import A, B, Boxes, pair, running
from tests.simbox.browser import Browser

BROKEN = {"boxes": [{"name": A, "address": "127.0.26.1"}, {"name": B, "address": "127.0.26.2"}]}


def failover(boxes: Boxes, box: str) -> Browser:
    """The Failover page."""
    page = boxes.browser(box, "login")
    page.open(boxes.words(box)("management"), boxes.words(box)("failover"))
    return page


def establish(boxes: Boxes, page: Browser, there: str, here: str, port: int = 0) -> str:
    """Fill in and press; what the page says then."""
    words = boxes.words(A)
    host, label, number = words("failover_host"), words("failover_port"), str(port or boxes.facts["port"])
    page.press(words("failover_establish"), {host: there, label: number, f"{host}#2": here, f"{label}#2": number})
    return page.text


def test_refusals(tmp_path: Path) -> None:
    """Each documented reason refuses (7.3, 10); then the same form succeeds and the first sync comes by itself."""
    with running(pair("127.0.26", site=BROKEN), tmp_path) as boxes:
        words, page = boxes.words(A), failover(boxes, A)
        port = boxes.facts["port"]
        one, two = "127.0.26.1", "127.0.26.2"
        assert words("failover_not_configured") in page.text
        assert words("failover_fields_missing") in establish(boxes, page, two, "")
        assert words("failover_shared_name", name="access.example.test") in establish(
            boxes, page, "access.example.test", one
        )
        assert words("failover_same_host", host=one) in establish(boxes, page, one, one)
        assert words("failover_unreachable", host=two, port=444) in establish(boxes, page, two, one, 444)
        assert words("failover_reverse_unreachable", host=two, port=port) in establish(boxes, page, two, two)
        boxes.control("/power", box=B, on=False)
        assert words("failover_unreachable", host=two, port=port) in establish(boxes, page, two, one)
        boxes.control("/power", box=B, on=True)
        boxes.control("/settings", box=B, settings={"preshared_key": "different"})
        assert words("failover_keys") in establish(boxes, page, two, one)
        assert boxes.state(A)["failover"]["role"] == "none"
        boxes.control("/sessions", box=B, user="user2")
        key_of_a = failover_key(boxes)
        boxes.control("/settings", box=B, settings={"preshared_key": key_of_a})
        assert words("failover_established") in establish(boxes, page, B, A)
        assert [boxes.state(box)["failover"]["role"] for box in (A, B)] == ["primary", "backup"]
        boxes.until(lambda: boxes.state(A)["failover"]["last_status"] == "success")
        assert boxes.state(A)["sessions"] == boxes.state(B)["sessions"]


def failover_key(boxes: Boxes) -> str:
    """Give A a key that the test knows."""
    boxes.control("/settings", box=A, settings={"preshared_key": "known"})
    return "known"


def test_versions_must_be_equal(tmp_path: Path) -> None:
    """Another product on the other box refuses."""
    site = {"boxes": [{**BROKEN["boxes"][0], "product": "24.3.1"}, BROKEN["boxes"][1]]}
    with running(pair("127.0.26", site=site), tmp_path) as boxes:
        said = establish(boxes, failover(boxes, A), "127.0.26.2", "127.0.26.1")
        assert boxes.words(A)("failover_versions", here="24.3.1", there="23.3.1") in said
        assert boxes.violations() == ["R3"]


def test_sync_that_fails(boxes: Boxes) -> None:
    """The status tells; nothing was copied; the time is new all the same."""
    words, page = boxes.words(A), failover(boxes, A)
    boxes.control("/settings", box=A, settings={"site.banner": "new"})
    boxes.control("/troubles", box=A, trouble="sync_fail")
    before = boxes.state(A)["failover"]["last_sync"]
    page.press(words("failover_sync"))
    boxes.until(lambda: boxes.state(A)["failover"]["last_sync"] > before)
    page.press(words("failover_refresh"))
    assert words("failover_last_failed", time="").rstrip(".") in page.text
    assert boxes.state(B)["settings"]["site.banner"] == "Welcome"
    page.press(words("failover_break"))
    assert boxes.violations() == ["S7"]


def test_sync_that_hangs(boxes: Boxes) -> None:
    """It goes on until the trouble is over; a break meanwhile is refused by the box and a violation."""
    words, page = boxes.words(A), failover(boxes, A)
    boxes.control("/troubles", box=B, trouble="sync_hang")
    page.press(words("failover_sync"))
    page.press(words("failover_sync"))
    assert words("failover_sync_running") in page.text
    page.press(words("failover_break"))
    assert boxes.state(A)["failover"]["role"] == "primary"
    assert boxes.violations() == ["S6"]
    boxes.control("/troubles", box=B, trouble="sync_hang", on=False)
    boxes.until(lambda: boxes.state(A)["failover"]["last_status"] == "success")


def test_break_without_the_peer(boxes: Boxes) -> None:
    """Only one side ends when the other cannot be reached; the other can end its own side later."""
    boxes.control("/troubles", box=B, trouble="peer_unreachable")
    page = failover(boxes, A)
    assert boxes.words(A)("failover_unreachable_peer") in page.text
    page.press(boxes.words(A)("failover_break"))
    assert [boxes.state(box)["failover"]["role"] for box in (A, B)] == ["none", "backup"]
    failover(boxes, B).press(boxes.words(B)("failover_break"))
    assert boxes.state(B)["failover"]["role"] == "none"


def test_swap_by_the_page(boxes: Boxes) -> None:
    """Become Backup with the force box while the peer is away, and without it."""
    words, page = boxes.words(A), failover(boxes, A)
    boxes.control("/troubles", box=B, trouble="peer_unreachable")
    page.press(words("failover_become_backup"))
    assert words("failover_peer_away") in page.text
    page.press(words("failover_become_backup"), {words("failover_force"): True})
    boxes.until(lambda: boxes.state(A)["failover"]["role"] == "backup")
    assert boxes.state()["sites"]["access"]["serving"] is None


def test_become_primary_with_a_sync(boxes: Boxes) -> None:
    """The backup pulls the data and takes the role; automatic failover is a setting of both."""
    words, page = boxes.words(B), failover(boxes, B)
    boxes.control("/settings", box=A, settings={"site.banner": "fresh"})
    page.press(words("save_changes"), {words("failover_automatic"): True})
    assert boxes.state(A)["failover"]["automatic"]
    page.press(words("failover_become_primary"), {words("failover_pull_first", peer=A): True})
    boxes.until(lambda: boxes.state(B)["failover"]["role"] == "primary")
    assert boxes.state(B)["settings"]["site.banner"] == "fresh"
    boxes.until(lambda: boxes.state()["sites"]["access"]["serving"] == B)
