# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What could end in a dead end: a box under another name, an account that is refused late, Ctrl-C without a word."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import World, hosts_of, kill_group
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]
pytestmark = pytest.mark.timeout(400)  # several runs of a whole upgrade
A, B = "box-a.example.test", "box-b.example.test"
NEW = {"bt_primary": (A, "box-a-new.example.test"), "bt_backup": (B, "box-b-new.example.test")}


def rename(world: World, *groups: str) -> None:
    """Give boxes another name in the inventory; they are reached as before."""

    def change(inventory: dict[str, Any]) -> None:
        for group in groups:
            old, new = NEW[group]
            hosts = hosts_of(inventory, group)
            hosts[new] = hosts.pop(old)

    world.change_inventory(change)


ONE, OTHER, BOTH = ("bt_primary",), ("bt_backup",), ("bt_primary", "bt_backup")


@pytest.mark.parametrize(
    ("stage", "groups"),
    [
        ("break", OTHER), ("verify_first", BOTH), ("cutover", ONE),
        *(pytest.param(stage, groups, marks=pytest.mark.wide) for stage, groups in (
            ("break", ONE), ("break", BOTH), ("verify_first", ONE), ("verify_first", OTHER), ("cutover", OTHER),
            ("cutover", BOTH),
        )),
    ],
)
def test_corrected_name_of_the_same_box_goes_on(worlds: Worlds, stage: str, groups: tuple[str, ...]) -> None:
    world = worlds()
    assert world.play("async_upgrade", "-e", f"bt_stage={stage}").code == 0
    rename(world, *groups)
    done = world.play("async_upgrade")
    assert done.code == 0, done.out
    for group in groups:
        assert "{1} is the box that was called {0} when the upgrade began".format(*NEW[group]) in done.out
    assert_upgraded(world)
    again = world.play("async_upgrade")
    assert (again.code, again.recap("changed")) == (0, 0), again.out


def test_another_box_under_a_new_name_is_no_corrected_name(worlds: Worlds) -> None:
    world = worlds()
    assert world.play("async_upgrade", "-e", "bt_stage=break").code == 0
    rename(world, "bt_backup")
    for path in (world.run_dir / "boxes").iterdir():
        if path.stem.startswith("box-b"):
            path.write_text(json.dumps({"serial": "BPRA-0000", "appliance_id": "0" * 32}))
    before = len(world.mutations())
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert f"The run folder belongs to an upgrade of {A} and {B} that is not finished" in outcome.out, outcome.out
    assert len(world.mutations()) == before


@pytest.mark.parametrize(
    ("group", "host"), [pytest.param("bt_primary", A, marks=pytest.mark.wide), ("bt_backup", B)]
)
def test_account_of_login_is_tried_before_anything_is_changed(worlds: Worlds, group: str, host: str) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: hosts_of(inventory, group)[host].update(bt_login_password="Wr0ng-canary"))
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert "/login" in outcome.out
    assert "bt_login_password" in outcome.out
    assert "Wr0ng-canary" not in outcome.out
    assert all(entry["op"] == "appliance.updates.check" for entry in world.mutations())
    assert not (world.run_dir / "journal.jsonl").exists()


def test_interrupt_tells_what_goes_on_and_the_way_on(worlds: Worlds) -> None:
    world = worlds()
    process = world.start("async_upgrade")
    try:
        end = time.monotonic() + 90
        while not world.box("b")["updates"]["running"]:
            assert time.monotonic() < end
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        told, _none = process.communicate(timeout=60)
    finally:
        kill_group(process)
    assert process.returncode != 0
    assert f"interrupted in the middle of this: install base software 6.2.0 on {B}. What a box has begun" in told, told
    assert "do not restart it. Give the same command again" in told
    done = world.play("async_upgrade")
    assert done.code == 0, done.out
    assert_upgraded(world)
