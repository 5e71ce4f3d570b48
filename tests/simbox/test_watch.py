# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every rule of the watcher fires for what it forbids (the walk through the guide in test_upgrade.py fires none)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simbox.boxes import A, B, Boxes, pair, running
from tests.simbox.test_failover import establish, failover
from tests.simbox.test_updates import idle, updates
from tests.simbox.test_upgrade import enable, take_backup, update


def broken(boxes: Boxes) -> None:
    """A pair that was synced and broken as it should be."""
    words, page = boxes.words(A), failover(boxes, A)
    page.press(words("failover_sync"))
    boxes.until(lambda: not boxes.state(A)["failover"]["syncing"])
    page.press(words("failover_break"))
    assert boxes.violations() == []


def test_break_without_a_sync(boxes: Boxes) -> None:
    """S6, then S11: there is nothing left to break."""
    words, page, stale = boxes.words(A), failover(boxes, A), failover(boxes, A)
    page.press(words("failover_break"))
    stale.press(words("failover_break"))
    assert boxes.violations() == ["S6", "S11"]


def test_install_in_a_relationship_without_backup(boxes: Boxes) -> None:
    """S10 and S1; with a backup of the serving box only S10."""
    updates(boxes).press(boxes.words(A)("updates_install"))
    assert boxes.violations() == ["S10", "S1"]


def test_shared_address_on_both(boxes: Boxes) -> None:
    """Q5, once."""
    broken(boxes)
    enable(boxes, B, True)
    assert boxes.violations() == ["Q5"]
    assert boxes.state()["sites"]["access"]["serving"] == A
    enable(boxes, A, False)
    assert boxes.state()["sites"]["access"]["serving"] == B
    assert boxes.violations() == ["Q5"]


def test_between_base_and_product(boxes: Boxes) -> None:
    """A6: a change elsewhere, and the product without another backup."""
    take_backup(boxes, A)
    broken(boxes)
    update(boxes, B, "base-6.2.0")
    enable(boxes, A, True)
    assert boxes.violations() == ["A6"]
    update(boxes, B, "product-24.3.1")
    assert boxes.violations() == ["A6", "A6"]


def test_both_halves_at_once(boxes: Boxes) -> None:
    """T12: something is changed on A while B installs."""
    take_backup(boxes, A)
    broken(boxes)
    boxes.control("/troubles", box=B, trouble="update_hang")
    words, page = boxes.words(B), boxes.browser(B, "appliance")
    page.open(words("updates"))
    page.press(words("updates_check"))
    page.press(words("updates_install"))
    enable(boxes, A, True)
    assert boxes.violations() == ["T12"]
    enable(boxes, B, False)
    assert boxes.violations() == ["T12", "A5"]


def test_writes_that_overlap(boxes: Boxes) -> None:
    """T12: two changes at the same moment, one on each half."""
    broken(boxes)
    boxes.control("/faults", box=A, op="appliance.address.save", do="delay", seconds=0.5)
    slow = threading.Thread(target=enable, args=(boxes, A, True))
    slow.start()
    boxes.until(lambda: "appliance.address.save" in boxes.ops())
    enable(boxes, B, False)
    slow.join()
    assert boxes.violations() == ["T12"]


def test_establish_from_the_wrong_side(boxes: Boxes) -> None:
    """Q15: A serves, B asks to be primary; R2: the shared name."""
    broken(boxes)
    page = failover(boxes, B)
    establish(boxes, page, "access.example.test", "127.0.20.2")
    assert boxes.violations() == ["R2"]
    establish(boxes, page, "127.0.20.1", "127.0.20.2")
    assert boxes.violations() == ["R2", "Q15"]


def test_certificates_differ(tmp_path: Path) -> None:
    """R4."""
    with running(pair("127.0.29", box={"era": "tables"}), tmp_path) as boxes:
        broken(boxes)
        boxes.control("/certificate", box=A, names=["127.0.29.1", "elsewhere.example.test"])
        establish(boxes, failover(boxes, A), "127.0.29.2", "127.0.29.1")
        assert boxes.violations() == ["R4"]


def test_after_a_failed_update(boxes: Boxes) -> None:
    """Q3: A is updated although the update of B failed; A5: something is changed on B."""
    take_backup(boxes, A)
    broken(boxes)
    boxes.control("/user-update", box=B, package="base-6.2.0")
    boxes.control("/troubles", box=B, trouble="update_fail")
    boxes.until(lambda: boxes.state(B)["updates"]["running"] is None)
    enable(boxes, B, False)
    assert boxes.violations() == ["A5"]
    updates(boxes).press(boxes.words(A)("updates_install"))
    assert boxes.violations() == ["A5", "Q3"]
    boxes.until(lambda: idle(boxes))


def look(boxes: Boxes) -> None:
    """Pages, a check for updates, APIs."""
    updates(boxes)
    failover(boxes, A)
    boxes.get(A, "/check_health")


def change(boxes: Boxes) -> None:
    """A write."""
    enable(boxes, A, True)


def download(boxes: Boxes) -> None:
    """A backup."""
    boxes.call(A, "POST", "/api/backup", json={}, headers=boxes.token(A))


@pytest.mark.parametrize(("act", "expected"), [(look, []), (change, ["T9"]), (download, ["T9"])])
def test_read_only(boxes: Boxes, act: Callable[[Boxes], None], expected: list[str]) -> None:
    """T9: what check mode may do and what not; the log classifies the same way."""
    boxes.control("/readonly", on=True)
    act(boxes)
    assert boxes.violations() == expected
    assert any(entry["mutating"] for entry in boxes.control("/log", "GET")) == (act is change)
    boxes.control("/violations", "DELETE")
    boxes.control("/log", "DELETE")
    assert (boxes.violations(), boxes.ops()) == ([], [])


def test_outages_are_witnessed(boxes: Boxes) -> None:
    """The site is away between A off and B on, and for as long as that took."""
    broken(boxes)
    enable(boxes, A, False)
    time.sleep(0.2)
    enable(boxes, B, True)
    site = boxes.state()["sites"]["access"]
    assert [period["box"] for period in site["periods"]] == [A, None, B]
    assert len(site["outages"]) == 1
    assert 0.2 < site["outages"][0]["seconds"] < 1.0
    boxes.until(lambda: boxes.state()["sites"]["access"]["connected_clients"] == 6)
