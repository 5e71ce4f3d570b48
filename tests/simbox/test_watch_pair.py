# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The watcher's rules of a pair: which half is installed on, and when, and to which the site may be moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simbox.boxes import A, B, Boxes, pair, running
from tests.simbox.test_failover import failover
from tests.simbox.test_offline import ask, fetch, key_of, links
from tests.simbox.test_offline import install as upload
from tests.simbox.test_updates import updates
from tests.simbox.test_upgrade import enable, healthy, take_backup, update
from tests.simbox.test_watch import broken


def by_button(boxes: Boxes) -> None:
    """The button on the card."""
    updates(boxes).press(boxes.words(A)("updates_install"))


def by_agreement(boxes: Boxes) -> None:
    """A licence agreement is accepted first."""
    words = boxes.words(A)
    boxes.control("/eula", package="base-6.2.0")
    page = updates(boxes)
    page.press(words("updates_install"))
    assert (words("eula_text") in page.text, boxes.violations()) == (True, [])
    page.press(words("eula_accept"), {words("eula_agree"): True})


def by_upload(boxes: Boxes) -> None:
    """The package comes as a file."""
    upload(boxes, A, fetch(boxes, links(ask(boxes, key_of(boxes, A), A))[0]).content)


@pytest.mark.parametrize("era", ["divs", "app"])
@pytest.mark.parametrize("sides", [(A, B), (A,), (B,)])
@pytest.mark.parametrize("begin", [by_button, by_agreement, by_upload])
def test_install_in_a_relationship(
    tmp_path: Path, begin: Callable[[Boxes], None], sides: tuple[str, ...], era: str
) -> None:
    """S10, however it is begun, and if only one side shows the relationship."""
    config = pair("127.0.28", box={"era": era}, vendor={"address": "127.0.28.9", "era": era})
    with running(config, tmp_path) as boxes:
        take_backup(boxes, A)
        for box in {A, B} - {*sides}:
            boxes.control("/role", box=box, role="none")
        begin(boxes)
        assert boxes.state(A)["updates"]["started"] == ["base-6.2.0"]
        assert boxes.violations() == ["S10"]
        finished(boxes, A)


def begin_install(boxes: Boxes, box: str) -> None:
    """Check for updates and press the first button; not waited for."""
    words, page = boxes.words(box), boxes.browser(box, "appliance")
    page.open(words("updates"))
    page.press(words("updates_check"))
    page.press(words("updates_install"))


def finished(boxes: Boxes, box: str) -> None:
    """Wait until nothing is installed there and the box is well again."""
    boxes.until(lambda: boxes.state(box)["updates"]["running"] is None and healthy(boxes, box))


def test_two_installs_at_once(boxes: Boxes) -> None:
    """T12: A's begins while B's runs, though nobody has told of a procedure."""
    take_backup(boxes, A)
    broken(boxes)
    boxes.control("/troubles", box=B, trouble="update_hang")
    begin_install(boxes, B)
    assert boxes.violations() == []
    begin_install(boxes, A)
    assert boxes.violations() == ["T12"]
    boxes.control("/troubles", box=B, trouble="update_hang", on=False)
    finished(boxes, A)
    finished(boxes, B)


def expect(boxes: Boxes, procedure: str) -> None:
    """Tell in which order the pair is upgraded."""
    boxes.control("/expect", site="access", procedure=procedure)
    assert boxes.state()["sites"]["access"]["procedure"] == procedure


@pytest.mark.parametrize(
    ("procedure", "box", "expected"),
    [
        ("async", A, ["Q3"]),
        ("async", B, []),
        ("sync", A, []),
        ("sync", B, ["Y2"]),
        ("none", A, []),
        ("none", B, []),
    ],
)
def test_which_half_comes_first(boxes: Boxes, procedure: str, box: str, expected: list[str]) -> None:
    """Q3: the box that serves, in an asynchronous upgrade; Y2: the one that does not, in a synchronous one."""
    expect(boxes, procedure)
    take_backup(boxes, A)
    broken(boxes)
    begin_install(boxes, box)
    assert boxes.violations() == expected
    finished(boxes, box)


def test_the_second_half_comes_when_the_first_has_the_product(boxes: Boxes) -> None:
    """Q3: the base software alone is not enough; once B has it all and serves, A is as it should be."""
    expect(boxes, "async")
    take_backup(boxes, A)
    broken(boxes)
    update(boxes, B, "base-6.2.0")
    begin_install(boxes, A)
    assert boxes.violations() == ["A6", "Q3"]
    finished(boxes, A)
    boxes.control("/violations", "DELETE")
    take_backup(boxes, B)
    update(boxes, B, "product-24.3.1")
    enable(boxes, A, False)
    enable(boxes, B, True)
    take_backup(boxes, A)
    update(boxes, A, "product-24.3.1")
    # The base of A waits for its product because of the above.
    assert {entry["text"].rpartition(" between ")[2] for entry in boxes.control("/violations", "GET")} == {
        f"base and product of {A}"
    }


def test_a_procedure_nobody_knows_is_refused(boxes: Boxes) -> None:
    """Status 400, as for every request that makes no sense."""
    url, body = boxes.facts["control"] + "/expect", {"site": "access", "procedure": "backwards"}
    assert requests.post(url, json=body, timeout=10).status_code == 400


def moves(boxes: Boxes) -> list[dict[str, Any]]:
    """The moves of the site so far, without their times."""
    found = boxes.state()["sites"]["access"]["moves"]
    return [{name: value for name, value in move.items() if name != "time"} for move in found]


@pytest.mark.parametrize(
    ("procedure", "expected"), [("async", ["Q1"]), ("sync", ["Q1"]), ("none", [])]
)
def test_moved_to_a_box_that_is_not_at_the_target(boxes: Boxes, procedure: str, expected: list[str]) -> None:
    """Q1, where a procedure was told; A may have back what no other box has served under meanwhile."""
    expect(boxes, procedure)
    broken(boxes)
    enable(boxes, A, False)
    enable(boxes, A, True)
    assert boxes.violations() == []
    enable(boxes, A, False)
    enable(boxes, B, True)
    assert boxes.violations() == expected
    told = {"role": "none", "product": "23.3.1", "healthy": True, "target": "24.3.1", "by": "client"}
    assert moves(boxes) == [{"from": A, "to": A, **told}, {"from": A, "to": B, **told}]
    enable(boxes, B, False)
    enable(boxes, A, True)
    assert boxes.violations() == expected * 2


def test_moved_to_a_box_that_is_not_healthy(boxes: Boxes) -> None:
    """Q1, whatever the procedure; it never served, so A may have the address back."""
    broken(boxes)
    enable(boxes, A, False)
    boxes.control("/troubles", box=B, trouble="unhealthy")
    enable(boxes, B, True)
    assert boxes.violations() == ["Q1"]
    enable(boxes, B, False)
    boxes.control("/troubles", box=A, trouble="unhealthy")
    enable(boxes, A, True)
    assert boxes.violations() == ["Q1"]


def test_moved_to_the_backup(boxes: Boxes) -> None:
    """Q1: within a relationship the address goes with the primary, by a swap of roles and not by hand."""
    enable(boxes, A, False)
    enable(boxes, B, True)
    assert boxes.violations() == ["Q1"]
    enable(boxes, B, False)
    boxes.control("/violations", "DELETE")
    failover(boxes, B).press(boxes.words(B)("failover_become_primary"))
    boxes.until(lambda: boxes.state()["sites"]["access"]["serving"] == B)
    assert boxes.violations() == []
    assert moves(boxes)[-1]["role"] == "primary"


@pytest.mark.parametrize(("by", "expected"), [("client", ["Q1", "Q1"]), ("person", [])])
def test_the_name_moved_outside_the_boxes(tmp_path: Path, by: str, expected: list[str]) -> None:
    """Who moved a name the control interface has to tell; a person may do what he likes, and it is noted."""
    config = pair("127.0.29", site={"shared_ip": "", "target_version": "latest"})
    with running(config, tmp_path) as boxes:
        expect(boxes, "async")
        for box in (B, B):
            boxes.control("/public", site="access", box=box, by=by)
        assert boxes.violations() == expected
        noted = {"role": "backup", "product": "23.3.1", "healthy": True, "target": "24.3.1", "by": by}
        assert moves(boxes) == [{"from": A, "to": B, **noted}]
