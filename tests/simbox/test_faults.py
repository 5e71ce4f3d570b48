# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Planned faults happen to the requests that they are planned for."""

from __future__ import annotations

import pytest
import requests

from tests.simbox.boxes import A, B, Boxes
from tests.simbox.test_failover import failover


def probe(boxes: Boxes, box: str = A) -> requests.Response:
    """A harmless request."""
    return boxes.get(box, "/check_health")


@pytest.mark.parametrize(("do", "error"), [("reset", "aborted"), ("refuse", "aborted"), ("truncate", "IncompleteRead")])
def test_cut_connections(boxes: Boxes, do: str, error: str) -> None:
    """The client sees no proper answer; the other box is not concerned."""
    boxes.control("/faults", do=do, box=A, path="check_health", seconds=0.5)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError), match=error):
        probe(boxes)
    assert probe(boxes, B).status_code == 200
    if do == "refuse":
        with pytest.raises(requests.ConnectionError, match="refused"):
            probe(boxes)
        boxes.until(lambda: boxes.state(A)["system"] == "open" and _answers(boxes))
    assert probe(boxes).status_code == 200


def _answers(boxes: Boxes) -> bool:
    try:
        return probe(boxes).ok
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize(("do", "status"), [("500", 500), ("502", 502), ("503", 503), ("garbage", 200), ("json", 200)])
def test_wrong_answers(boxes: Boxes, do: str, status: int) -> None:
    """The second matching request is hit, and only that."""
    boxes.control("/faults", do=do, method="GET", op="public.*", nth=2, seconds=7)
    assert probe(boxes).text == "OK\n"
    answer = probe(boxes)
    assert (answer.status_code, answer.text == "OK\n") == (status, False)
    assert answer.headers.get("Retry-After") == ("7" if do == "503" else None)
    assert probe(boxes).text == "OK\n"
    assert [entry["fault"] for entry in boxes.control("/log", "GET")] == ["", do, ""]


def test_answer_lost(boxes: Boxes) -> None:
    """What was asked for is done, the answer never comes."""
    page = failover(boxes, A)
    boxes.control("/faults", do="do_then_reset", op="login.failover.sync")
    with pytest.raises(requests.ConnectionError):
        page.press(boxes.words(A)("failover_sync"))
    assert boxes.state(A)["failover"]["syncing"]
    entry = boxes.control("/log", "GET")[-1]
    assert (entry["op"], entry["status"], entry["mutating"]) == ("login.failover.sync", 0, True)


def test_before_anything_is_done(boxes: Boxes) -> None:
    """A log-in page instead of the act: nothing happened."""
    page = failover(boxes, A)
    boxes.control("/faults", do="login_redirect", op="login.failover.sync")
    page.press(boxes.words(A)("failover_sync"))
    assert not boxes.state(A)["failover"]["syncing"]


def test_delay_and_for_ever(boxes: Boxes) -> None:
    """`count` -1 does not end until the faults are cleared; a delayed answer is the proper one."""
    boxes.control("/faults", do="delay", op="public.check_health", count=-1, seconds=0.3)
    assert [probe(boxes).elapsed.total_seconds() > 0.3 for dummy in range(3)] == [True] * 3
    boxes.control("/faults", "DELETE")
    assert probe(boxes).elapsed.total_seconds() < 0.3


@pytest.mark.parametrize("fault", [{"do": "explode"}, {"do": "reset", "when": 1}, {"do": "reset", "path": "("}])
def test_nonsense_is_refused(calm: Boxes, fault: dict[str, object]) -> None:
    """One sentence, nothing planned."""
    answer = requests.post(calm.facts["control"] + "/faults", json=fault, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]
