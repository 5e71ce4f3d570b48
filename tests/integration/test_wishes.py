# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is wished and what check mode can know of it; what is told where a run stops."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.modules import bt_report
from tests.integration.bench import Bench
from tests.integration.conftest import Config, World, each_box
from tests.integration.test_other_upgrades import alone

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
UNKNOWN = "is known only after it has looked for"


def misspelt(inventory: dict[str, Any]) -> None:
    """A wish under a name that nobody knows."""
    for group in inventory["all"]["children"].values():
        for host in group["hosts"].values():
            host["bt_our_version"] = host.pop("bt_target_version")
            host["bt_allow_variables"] = ["bt_our_*"]


def assert_unchanged(world: World) -> None:
    """Nothing was asked of any box that changes it."""
    assert world.mutations() == []
    assert world.ask("violations") == []


@pytest.mark.parametrize("playbook", ["async_upgrade", "sync_upgrade"])
def test_check_mode_does_not_call_a_pair_done_whose_updates_it_cannot_know(worlds: Worlds, playbook: str) -> None:
    world = worlds()
    world.change_inventory(misspelt)
    world.tell("readonly", on=True)
    outcome = world.play(playbook, "--check")
    assert outcome.code == 0, outcome.out
    assert "Nothing to do" not in outcome.out
    assert f"Whether an update waits is not known. What a box offers {UNKNOWN} updates" in outcome.out
    for would in (f"ask {A} for updates", f"ask {B} for updates", f"take a backup of {A}", "break"):
        assert f"would {would}" in outcome.out
    assert outcome.out.count("then the newest product that is offered, if any,") == 2
    assert f"Check mode: nothing was done. What {A} and {B} offer is known only after" in outcome.out
    assert_unchanged(world)
    world.tell("readonly", on=False)
    outcome = world.play(playbook)
    assert outcome.code == 0, outcome.out
    assert {world.box(letter)["product"] for letter in "ab"} == {"24.3.1"}


def test_check_mode_does_not_call_a_single_box_done_whose_updates_it_cannot_know(worlds: Worlds) -> None:
    world = worlds(alone)
    world.change_inventory(misspelt)
    world.tell("readonly", on=True)
    outcome = world.play("single_upgrade", "--check")
    assert outcome.code == 0, outcome.out
    assert f"would ask {A} for updates: what it offers {UNKNOWN} them, which check mode does not do." in outcome.out
    assert f"Check mode: nothing was done. What {A} offers is known only" in outcome.out
    assert_unchanged(world)


def of_products(a: str, b: str) -> Callable[[Config], None]:
    """What the two boxes run."""

    def change(config: Config) -> None:
        for box, product in zip(config["sites"][0]["boxes"], (a, b), strict=True):
            box["product"] = product

    return change


@pytest.mark.parametrize("playbook", ["async_upgrade", "sync_upgrade"])
@pytest.mark.parametrize(
    ("products", "wish", "words"),
    [
        (("23.2.1", "23.2.1"), "bt_target_version=22.1.1", f"{A} runs 23.2.1, newer than the wished 22.1.1."),
        (("23.2.1", "24.3.1"), "bt_target_version=23.3.1", f"{B} runs 24.3.1, newer than the wished 23.3.1."),
        (
            ("23.2.1", "23.2.1"), "bt_target_base_version=6.0.1",
            f"{A} runs base software 6.1.0, newer than the wished 6.0.1.",
        ),
    ],
)  # fmt: skip
def test_a_pair_is_not_taken_back(
    worlds: Worlds, playbook: str, products: tuple[str, str], wish: str, words: str
) -> None:
    world = worlds(of_products(*products))
    outcome = world.play(playbook, "-e", wish)
    assert outcome.code != 0
    assert f"{words} Nothing was changed. Nothing that is installed is ever taken back." in outcome.out
    assert_unchanged(world)
    assert not (world.run_dir / "journal.jsonl").exists()


@pytest.mark.parametrize("source", ["online", "package"])
@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("bt_target_version=22.1.1", "runs 23.3.1, newer than the wished 22.1.1."),
        ("bt_target_base_version=6.0.1", "runs base software 6.1.0, newer than the wished 6.0.1."),
    ],
)
def test_a_single_box_is_not_taken_back(worlds: Worlds, wish: str, words: str, source: str) -> None:
    world = worlds(alone)
    outcome = world.play("single_upgrade", "-e", wish, "-e", f"bt_update_source={source}")
    assert outcome.code != 0
    assert f"{A} {words} Nothing was changed." in outcome.out
    assert_unchanged(world)


def test_a_stop_tells_what_the_boxes_are_now_and_what_to_type(worlds: Worlds) -> None:
    world = worlds()
    world.tell("troubles", box=B, trouble="update_fail")
    outcome = world.play("async_upgrade", "-e", "bt_backup_password=canary-given")
    assert outcome.code != 0
    told = (world.run_dir / "summary.txt").read_text()
    lines = told.splitlines()
    assert lines[0].startswith("NOT FINISHED: the asynchronous upgrade")
    assert lines[1].startswith("Why: ")
    assert "says that it failed" in lines[1]
    assert lines[2] == f"Run folder: {world.run_dir}"
    assert lines[3].startswith(f"Next: ansible-playbook bt_ops.pra.async_upgrade -i {world.inventory}")
    assert "bt_backup_password=..." in lines[3]
    assert "canary-given" not in told
    rows = {line.split()[0]: line for line in lines if line.startswith("box-")}
    assert "23.3.1" in rows[A]
    for name in (A, B):
        assert "failover role none" in rows[name]
    assert "bt_primary" not in told


def test_a_stage_that_is_reached_tells_how_to_go_on_after_it(worlds: Worlds) -> None:
    world = worlds()
    assert world.play("async_upgrade", "-e", "bt_stage=sync").code == 0
    lines = (world.run_dir / "summary.txt").read_text().splitlines()
    assert "Why: It was asked to stop after sync (bt_stage)." in lines
    (following,) = [line for line in lines if line.startswith("Next: ")]
    assert "bt_stage" not in following
    assert f"bt_run_dir={world.folder / 'runs'}" in following
    assert any(line.startswith(A) and "failover role primary" in line for line in lines)


@pytest.mark.parametrize("era", ["divs", "tables"])
def test_a_box_that_is_silent_holds_up_nobody_who_wants_to_know_why_it_stopped(worlds: Worlds, era: str) -> None:
    bench = Bench(worlds(lambda config: each_box(config, era=era)), [])
    Journal(str(bench.world.run_dir)).write("run", "Begun.", procedure="async", target="24.3.1", a=A, b=B)
    bench.world.tell("faults", do="delay", box=B, method="*", seconds=60, count=-1)
    began = time.monotonic()
    result = bench.run(
        bt_report, A, **bench.whole(A), ask=True, peer=bench.whole(B), finished=False, reason="It stopped."
    )  # fmt: skip
    assert time.monotonic() - began < 12
    assert not result.get("failed"), result
    assert f"{B}  unknown  unknown  does not answer now (last known: nothing)" in result["text"]
    assert result["after"][A]["product_version"] == "23.3.1"
    assert B not in result["after"]
    assert json.loads((bench.world.run_dir / "summary.json").read_text())["reason"] == "It stopped."
    assert_unchanged(bench.world)
