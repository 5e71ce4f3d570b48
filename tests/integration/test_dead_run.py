# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run of which only its own process is killed: the task that it leaves behind ends too, but never within a switch."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.integration.conftest import World, kill_group
from tests.integration.operating import Person
from tests.integration.test_async import assert_upgraded
from tests.integration.test_cutover import SAVE
from tests.integration.test_lease import await_held, outage, serving
from tests.processes import Left, kill_alone

# Many runs, or one that stands still for longer than a task of a dead one may.
pytestmark = pytest.mark.timeout(300)
Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
MOST_SECONDS = 15.0
# Longer than it takes until a task is ended that does not end by itself.
LONG_SECONDS = 11.0


def start(world: World, *arguments: str) -> subprocess.Popen[str]:
    """Begin the upgrade; a Jump Client that stays away is waited for, and one step is a person's."""
    own = '{"bt_manual_steps": ["shared_ip"], "bt_jump_client_limit": 3}'
    return world.start("async_upgrade", "-e", own, *arguments)


def killed_at(process: subprocess.Popen[str], line: str) -> Left:
    """Kill the playbook's own process once it has said this."""
    assert process.stdout is not None
    said = []
    for each in process.stdout:
        said.append(each)
        if re.search(line, each):
            break
    else:
        raise AssertionError("".join(said))
    return killed(process)


def killed(process: subprocess.Popen[str]) -> Left:
    """Kill the playbook's own process now; a task that it leaves behind there is."""
    left = kill_alone(process)
    assert process.stdout is not None
    process.stdout.close()
    assert left.pids
    return left


def assert_ends(left: Left) -> None:
    """All that the run has left behind ends in time."""
    try:
        assert left.outlive(MOST_SECONDS) == []
    finally:
        left.kill()


def trouble(world: World, box: str, what: str, on: bool) -> None:
    """A box suffers from something, or no more."""
    world.tell("troubles", box=box, trouble=what, on=on)


def test_killed_alone_in_any_wait_of_an_upgrade_the_same_command_goes_on(worlds: Worlds) -> None:
    world = worlds()
    client = next(one["name"] for one in world.box("a")["jump_clients"] if one["connection_type"] == "active")

    trouble(world, A, "sync_hang", True)
    assert_ends(killed_at(start(world), "data sync: A data-sync"))
    trouble(world, A, "sync_hang", False)

    # No wait: it stands in a request that the box does not answer.
    world.tell("faults", do="do_then_hold", box=A, op="login.failover.break", count=1)
    process = start(world)
    await_held(world)
    assert_ends(killed(process))
    world.tell("release")

    trouble(world, B, "update_hang", True)
    assert_ends(killed_at(start(world), "installs base software 6.2.0: Installation"))
    trouble(world, B, "update_hang", False)
    while world.box("b")["base"] != "6.2.0":
        time.sleep(0.1)
    trouble(world, B, "update_hang", True)
    assert_ends(killed_at(start(world), "installs product 24.3.1: Installation"))
    trouble(world, B, "update_hang", False)

    assert_ends(killed_at(start(world), "Waited for: "))
    Person.at(world).do("shared_ip", B)

    world.tell("clients", site="access", names=[client], lost=True)
    assert_ends(killed_at(start(world), "Jump Clients: .* still out: "))
    world.tell("clients", site="access", names=[client], lost=False)

    assert_ends(killed_at(start(world, "-e", "bt_soak=600"), "before another box is touched: serves well"))

    trouble(world, B, "sync_hang", True)
    assert_ends(killed_at(start(world), "data sync: A data-sync"))
    trouble(world, B, "sync_hang", False)

    output, _none = start(world).communicate(timeout=100)
    assert "that process has ended" in output
    assert_upgraded(world)
    assert [len(world.box(letter)["updates"]["started"]) for letter in "ab"] == [2, 2]
    assert sum(entry["op"] == "login.failover.break" for entry in world.ask("log")) == 1


@pytest.mark.parametrize(
    "box",
    [pytest.param(A, id="off"), pytest.param(B, id="off, has asked for on", marks=pytest.mark.wide)],
)
def test_killed_alone_between_the_halves_of_the_switch_it_goes_on_to_its_end(worlds: Worlds, box: str) -> None:
    world = worlds()
    world.tell("faults", do="do_then_hold" if box == A else "hold", box=box, op=SAVE, count=1)
    first = world.start("async_upgrade", "-e", "bt_cutover_lease=60")
    await_held(world)
    left = killed(first)
    second = world.start("async_upgrade")
    try:
        time.sleep(LONG_SECONDS)
        assert serving(world) is None
        assert len(left.alive()) == 1
        world.tell("release")
        assert_ends(left)
        assert serving(world) == B
        output, _none = second.communicate(timeout=100)
    finally:
        left.kill()
        kill_group(second)
    assert second.returncode == 0, output
    # Who waits for it is told which process that is, and it is not the one that has ended.
    assert f"Moved the shared IP {shared_ip(world)} from {A} to {B}. (process {next(iter(left.pids))} on " in output
    assert "watchdog" not in output
    assert [entry["box"] for entry in world.ask("log") if entry["op"] == SAVE] == [A, B]
    assert outage(world) < LONG_SECONDS + 5
    assert_upgraded(world)


def shared_ip(world: World) -> str:
    """The address of the site."""
    told: str = world.ask("state")["sites"]["access"]["shared_ip"]
    return told
