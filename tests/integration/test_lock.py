# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two runs on one site: the second is refused, what only reads is not, and a run that was killed is replaced."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from tests.integration.conftest import World, kill_group
from tests.integration.test_async import assert_upgraded
from tests.processes import ON_A_TERMINAL, in_a_session

Worlds = Callable[..., World]


def await_op(world: World, op: str, seconds: float = 60) -> None:
    """Wait until a box was asked for something."""
    deadline = time.monotonic() + seconds
    while not any(entry["op"] == op for entry in world.ask("log")):
        assert time.monotonic() < deadline, f"nobody asked for {op}"
        time.sleep(0.02)


def test_a_second_run_is_refused_and_goes_on_once_the_first_was_killed(worlds: Worlds) -> None:
    world = worlds()
    world.tell("troubles", box="box-b.example.test", trouble="update_hang", on=True)
    first = world.start("async_upgrade")
    try:
        await_op(world, "appliance.updates.install")
        second = world.play("async_upgrade")
        assert second.code != 0
        assert f"(process {first.pid}) has worked on access since" in second.out
        assert "sign of life" in second.out
        assert second.recap("changed") == 0
        for playbook, arguments in (("status", ()), ("async_upgrade", ("--check",))):
            outcome = world.play(playbook, *arguments)
            assert "has worked on access" not in outcome.out
        assert first.poll() is None
    finally:
        kill_group(first)
    world.tell("troubles", box="box-b.example.test", trouble="update_hang", on=False)
    third = world.play("async_upgrade")
    assert third.code == 0, third.out
    assert f"(process {first.pid}): that process has ended." in third.out
    assert_upgraded(world)
    assert not (world.run_dir / "owner.json").exists()


def test_the_two_boxes_of_a_site_are_changed_one_after_the_other(worlds: Worlds) -> None:
    world = worlds()
    save = "login.jump_clients.save"
    broken = world.run_tasks(
        {"bt_ops.pra.bt_failover": {"state": "synchronised", "max_sync_age": 0}},
        {"bt_ops.pra.bt_failover": {"state": "broken", "peer": {"box": "box-b.example.test"}}},
    )
    assert broken.code == 0, broken.out
    world.tell("faults", do="delay", op=save, seconds=1.5, count=-1)
    outcome = world.run_tasks({"bt_ops.pra.bt_jump_clients": {"limit": 5}}, hosts="bt_primary:bt_backup")
    assert outcome.code == 0, outcome.out
    times = sorted((entry["time"], entry["seconds"]) for entry in world.ask("log") if entry["op"] == save)
    assert len(times) == 2
    assert abs(times[1][0] - times[0][0]) > 1.4
    assert world.ask("violations") == []


def test_a_run_that_ends_with_its_session_says_so_once_and_who_only_looks_is_not_told(worlds: Worlds) -> None:
    world = worlds()
    told = {}
    for playbook in ("status", "async_upgrade"):
        world.declare(playbook)
        done = subprocess.run(
            [*ON_A_TERMINAL, *world.command(playbook)], cwd=world.folder, text=True, stdin=subprocess.DEVNULL,
            env=in_a_session(world.environment(), SSH_CONNECTION="192.0.2.7 50022 192.0.2.1 22"),
            capture_output=True, timeout=120, check=False,
        )
        told[playbook] = done.stdout.count("which comes from 192.0.2.7.")
    assert_upgraded(world)
    assert told == {"status": 0, "async_upgrade": 1}
