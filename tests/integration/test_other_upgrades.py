# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The synchronous upgrade of a pair, the upgrade of a single box, and upgrades in two maintenance windows."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable

import pytest

from tests.integration.conftest import Config, World, each_box, kill_group

Worlds = Callable[..., World]
OUTAGE_SECONDS = 6.0


class Elsewhere(World):
    """The same boxes from another machine: none of the processes of this one is there."""

    def command(self, playbook: str, *arguments: str) -> list[str]:
        machine = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
        return [*machine, *super().command(playbook, *arguments)]


def assert_done(world: World, playbook: str) -> None:
    """Nothing was violated, and the same command changes nothing."""
    assert world.ask("violations") == []
    before = len(world.mutations())
    again = world.play(playbook)
    assert again.code == 0, again.out
    assert again.recap("changed") == 0
    assert len(world.mutations()) == before


@pytest.mark.parametrize(
    ("era", "language"),
    [("tables", "en"), ("divs", "nl"), ("aria", "en"),
     pytest.param("app", "en", marks=[pytest.mark.wide, pytest.mark.timeout(400)])],
)
def test_synchronous_upgrade(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(lambda config: each_box(config, era=era, language=language))
    outcome = world.play("sync_upgrade")
    assert outcome.code == 0, outcome.out
    told = (world.run_dir / "summary.txt").read_text()
    assert "FINISHED: the synchronous upgrade of box-a.example.test and box-b.example.test to 24.3.1." in told
    assert "It was away while box-a.example.test installed: at most" in told
    a, b = world.box("a"), world.box("b")
    assert [(box["base"], box["product"]) for box in (a, b)] == [("6.2.0", "24.3.1")] * 2
    assert (a["failover"]["role"], b["failover"]["role"]) == ("primary", "backup")
    assert a["settings"] == b["settings"]
    assert world.ask("state")["sites"]["access"]["serving"] == "box-a.example.test"
    assert_done(world, "sync_upgrade")


def alone(config: Config) -> None:
    """One box without failover and without a shared address."""
    site = config["sites"][0]
    site["boxes"] = [{**site["boxes"][0], "role": "none"}]
    site.pop("shared_ip", None)


@pytest.mark.parametrize(
    ("era", "language"), [("tables", "nl"), ("divs", "en"), pytest.param("app", "en", marks=pytest.mark.timeout(400))]
)
def test_single_box(worlds: Worlds, era: str, language: str) -> None:
    def change(config: Config) -> None:
        alone(config)
        each_box(config, era=era, language=language)

    world = worlds(change)
    checked = world.play("single_upgrade", "--check")
    assert checked.code == 0, checked.out
    assert world.mutations() == []
    outcome = world.play("single_upgrade")
    assert outcome.code == 0, outcome.out
    assert (world.box("a")["base"], world.box("a")["product"]) == ("6.2.0", "24.3.1")
    told = (world.run_dir / "summary.txt").read_text()
    assert "FINISHED: the upgrade of box-a.example.test to 24.3.1." in told
    assert "It was away while box-a.example.test installed: at most" in told
    assert_done(world, "single_upgrade")


@pytest.mark.parametrize("package", ["base", "product"])
def test_killed_when_the_single_box_goes_down_the_same_command_goes_on_at_once(worlds: Worlds, package: str) -> None:
    """The box answers nothing for seconds: whatever comes before the update in the playbook has to do without it."""

    def change(config: Config) -> None:
        alone(config)
        config["durations"].update({f"{package}_install": OUTAGE_SECONDS, f"{package}_outage": OUTAGE_SECONDS})

    world = worlds(change)
    process = world.start("single_upgrade")
    deadline = time.monotonic() + 60
    while package not in str(world.box("a")["updates"]["running"]) and time.monotonic() < deadline:
        time.sleep(0.02)
    kill_group(process)
    began = time.monotonic()
    outcome = world.play("single_upgrade")
    assert outcome.code == 0, outcome.out
    assert time.monotonic() - began > OUTAGE_SECONDS / 2
    assert (world.box("a")["base"], world.box("a")["product"]) == ("6.2.0", "24.3.1")
    assert len(world.box("a")["updates"]["started"]) == 2
    assert_done(world, "single_upgrade")


@pytest.mark.parametrize(("playbook", "stage"), [("async_upgrade", "verify_first"), ("sync_upgrade", "verify_first")])
def test_two_windows_on_two_controllers(worlds: Worlds, playbook: str, stage: str) -> None:
    world = worlds()
    first = world.play(playbook, "-e", f"bt_stage={stage}")
    assert first.code == 0, first.out
    updated = [letter for letter in "ab" if world.box(letter)["product"] == "24.3.1"]
    assert updated == (["b"] if playbook == "async_upgrade" else ["a"])
    # Days later, elsewhere: only the run folder and the inventory are carried over.
    shutil.move(world.folder / "runs", world.folder / "carried")
    second = world.play(playbook, "-e", f"bt_run_dir={world.folder / 'carried'}")
    assert second.code == 0, second.out
    assert {world.box(letter)["product"] for letter in "ab"} == {"24.3.1"}
    assert {world.box(letter)["failover"]["role"] for letter in "ab"} == {"primary", "backup"}
    assert world.ask("violations") == []


@pytest.mark.parametrize("playbook", ["async_upgrade", "sync_upgrade"])
def test_cut_off_right_after_the_last_install_on_a_box_the_same_command_goes_on(worlds: Worlds, playbook: str) -> None:
    """All is done on it, and the journal does not tell yet that its update is over: the box wins."""
    world = worlds()
    assert world.play(playbook, "-e", "bt_stage=update_first").code == 0
    journal = world.run_dir / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    over = next(place for place, line in enumerate(lines) if json.loads(line)["kind"] == "updated")
    journal.write_text("".join(lines[:over]))
    before = len(world.mutations())
    checked = world.play(playbook, "--check")
    assert checked.code == 0, checked.out
    assert len(world.mutations()) == before
    outcome = world.play(playbook)
    assert outcome.code == 0, outcome.out
    assert [len(world.box(letter)["updates"]["started"]) for letter in "ab"] == [2, 2]
    assert_done(world, playbook)


def test_killed_in_the_first_window_it_is_finished_on_another_machine(worlds: Worlds) -> None:
    world = worlds()
    process = world.start("async_upgrade", "-e", "bt_stage=verify_first")
    deadline = time.monotonic() + 60
    while world.box("b")["updates"]["running"] is None and time.monotonic() < deadline:
        time.sleep(0.05)
    kill_group(process)
    # Only these two are carried over.
    elsewhere = Elsewhere(world.folder / "elsewhere", world.control, world.folder / "elsewhere" / "inventory.yml")
    elsewhere.folder.mkdir()
    shutil.move(world.folder / "runs", elsewhere.folder / "runs")
    shutil.move(world.inventory, elsewhere.inventory)
    before = len(world.mutations())
    refused = elsewhere.play("async_upgrade")
    assert refused.code != 0
    assert f"(process {process.pid}) has worked on access" in refused.out
    assert len(world.mutations()) == before
    hours_ago = time.time() - 4 * 3600
    os.utime(elsewhere.run_dir / "owner.json", (hours_ago, hours_ago))
    second = elsewhere.play("async_upgrade")
    assert second.code == 0, second.out
    assert "it has shown no sign of life for 4 h" in second.out
    assert [len(world.box(letter)["updates"]["started"]) for letter in "ab"] == [2, 2]
    assert_done(elsewhere, "async_upgrade")


def test_upgrade_begun_one_way_is_not_ended_the_other(worlds: Worlds) -> None:
    world = worlds()
    assert world.play("async_upgrade", "-e", "bt_stage=break").code == 0
    before = len(world.mutations())
    outcome = world.play("sync_upgrade")
    assert outcome.code != 0
    assert "begun as async" in outcome.out
    assert len(world.mutations()) == before
