# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A failover pair is upgraded asynchronously, again, in check mode, and after being killed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
import requests

from tests.integration.conftest import Config, World, each_box, kill_group

Worlds = Callable[..., World]


def assert_upgraded(world: World) -> None:
    """The job is done, and nothing was violated."""
    assert_done(world)
    assert world.ask("violations") == []


def assert_done(world: World) -> None:
    """Both boxes are at the target, B is primary and serves, A is its synchronised backup."""
    a, b = world.box("a"), world.box("b")
    for box in (a, b):
        assert (box["base"], box["product"]) == ("6.2.0", "24.3.1")
        assert box["healthy"]
    assert (a["failover"]["role"], b["failover"]["role"]) == ("backup", "primary")
    assert a["settings"] == b["settings"]
    assert a["sessions"].keys() == b["sessions"].keys()
    assert world.ask("state")["sites"]["access"]["serving"] == "box-b.example.test"


@pytest.mark.parametrize(
    ("era", "language", "v2"),
    [
        ("tables", "en", False),
        ("tables", "nl", True),
        ("divs", "en", True),
        ("divs", "nl", False),
        ("aria", "en", True),
    ],
)
def test_pair_is_upgraded_and_a_second_run_changes_nothing(worlds: Worlds, era: str, language: str, v2: bool) -> None:
    def change(config: Config) -> None:
        each_box(config, era=era, language=language)
        config["sites"][0]["api"]["v2"] = v2

    world = worlds(change)
    first = world.play("async_upgrade")
    assert first.code == 0, first.out
    assert_upgraded(world)
    summary = json.loads((world.run_dir / "summary.json").read_text())
    assert summary["outage_seconds"] is not None
    assert [phase["name"] for phase in summary["phases"]][-1] in ("restore_failover", "finish")
    before = len(world.mutations())
    second = world.play("async_upgrade")
    assert second.code == 0, second.out
    assert second.recap("changed") == 0
    assert len(world.mutations()) == before


def test_check_mode_shows_the_plan_and_sends_no_mutating_request(worlds: Worlds) -> None:
    world = worlds()
    world.tell("readonly", on=True)
    outcome = world.play("async_upgrade", "--check")
    assert outcome.code == 0, outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
    for part in ("take a backup of box-a", "synchronise", "break", "install", "move the shared IP", "establish"):
        assert f"would {part}" in outcome.out
    assert not (world.run_dir / "journal.jsonl").exists()


def test_killed_while_b_installs_it_attaches_and_starts_nothing_twice(worlds: Worlds) -> None:
    world = worlds()
    process = world.start("async_upgrade")
    deadline = time.monotonic() + 60
    while world.box("b")["updates"]["running"] is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    kill_group(process)
    assert world.box("b")["updates"]["running"] is not None
    outcome = world.play("async_upgrade")
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    assert [len(world.box(letter)["updates"]["started"]) for letter in "ab"] == [2, 2]


def test_work_done_meanwhile_is_on_both_boxes(worlds: Worlds) -> None:
    world = worlds()
    process = world.start("async_upgrade")
    made: list[str] = []
    while process.poll() is None:
        # What is made after the last sync of the run goes over with the next one.
        if world.box("b")["failover"]["role"] != "primary":
            answer = requests.post(f"{world.control}/sessions", json={"site": "access", "count": 1}, timeout=10)
            made += answer.json() if answer.status_code == 200 else []  # 400: nobody serves the site just now
        time.sleep(0.5)
    assert process.returncode == 0
    assert process.stdout is not None
    process.stdout.close()
    assert_upgraded(world)
    assert set(made) <= world.box("a")["sessions"].keys()
