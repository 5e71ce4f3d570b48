# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cut-over is a lease: whoever dies between off and on, the site is served again without a second command."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.integration.conftest import World, hurried, kill_group
from tests.integration.test_async import assert_upgraded
from tests.integration.test_cutover import CUT_OVER, SAVE
from tests.processes import descendants

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
LEASE = 5.0
HURRY = 10
LATE = 70.0 / HURRY  # longer than any answer is waited for, shorter than a switch that was sent is reckoned with
MOVE: dict[str, Any] = {"bt_ops.pra.bt_cutover": {**CUT_OVER["bt_ops.pra.bt_cutover"], "lease_seconds": LEASE}}


def parted(world: World) -> World:
    """The pair without its relationship, A serving."""
    for box in (A, B):
        world.tell("role", box=box, role="none")
    return world


def start(world: World, hurry: int = 1) -> subprocess.Popen[str]:
    """Begin the cut-over as a playbook of its own; the lease is as long as ever, however much the rest is hurried."""
    move = {"bt_ops.pra.bt_cutover": {**MOVE["bt_ops.pra.bt_cutover"], "lease_seconds": LEASE * hurry}}
    path = world.folder / "move.yml"
    play = {"hosts": "bt_primary", "gather_facts": False, "connection": "local", "tasks": [move]}
    path.write_text(yaml.safe_dump([play]))
    command = world.command("none")
    command[1] = str(path)
    return subprocess.Popen(
        command, cwd=world.folder, env=world.environment() | hurried(hurry), text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
    )


def await_held(world: World) -> None:
    """Wait until the switch that is to be held has come to the box."""
    deadline = time.monotonic() + 40
    while not world.ask("held"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def await_sent(world: World, boxes: list[str]) -> None:
    """Wait until these boxes, in this order, have been sent a switch."""
    deadline = time.monotonic() + 40
    while [entry["box"] for entry in world.ask("log") if entry["op"] == SAVE] != boxes:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def serving(world: World) -> str | None:
    """Which box has the shared IP."""
    found: str | None = world.ask("state")["sites"]["access"]["serving"]
    return found


def await_settled(world: World, seconds: float = LEASE + 10) -> dict[str, Any]:
    """Wait for the word of the watchdog in the journal."""
    deadline = time.monotonic() + seconds
    journal = world.run_dir / "journal.jsonl"
    while time.monotonic() < deadline:
        records = [json.loads(line) for line in journal.read_text().splitlines()]
        told = [record for record in records if record["kind"] == "watchdog"]
        if told:
            last: dict[str, Any] = told[-1]
            return last
        time.sleep(0.1)
    raise AssertionError(journal.read_text())


def outage(world: World) -> float:
    """Seconds of the longest outage of the site."""
    spans = world.ask("state")["sites"]["access"]["outages"]
    assert all(span["to"] is not None for span in spans), spans
    return max((float(span["seconds"]) for span in spans), default=0.0)


# Where the process is when it is killed, and who has the address afterwards.
MOMENTS = [
    pytest.param(A, "hold", A, id="has asked for off"),
    pytest.param(A, "do_then_hold", B, id="off"),
    pytest.param(B, "hold", B, id="off, has asked for on"),
    pytest.param(B, "do_then_hold", B, id="on, not read back"),
]


@pytest.mark.parametrize(("box", "fault", "served_by"), MOMENTS)
def test_killed_in_the_cut_over(worlds: Worlds, box: str, fault: str, served_by: str) -> None:
    world = parted(worlds())
    world.tell("faults", do=fault, box=box, op=SAVE, count=1)
    process = start(world, hurry=HURRY)
    await_held(world)
    dead = descendants(process.pid)
    kill_group(process)
    told = await_settled(world)
    # Who would have had to wait was told which process works there now.
    doing = re.search(r"\(process (\d+) on ", (world.run_dir / "site.lock").read_text())
    assert doing
    assert int(doing[1]) not in dead
    assert "A run ended in the middle of the cut-over" in told["text"]
    assert serving(world) == told["serving"] == served_by
    assert outage(world) < LEASE
    assert world.ask("violations") == []
    again = world.run_tasks(MOVE)
    assert again.code == 0, again.out
    assert serving(world) == B
    assert again.recap("changed") == (served_by == A)


def test_off_that_a_box_makes_long_after_the_run_was_killed_leaves_the_site_served(worlds: Worlds) -> None:
    world = parted(worlds())
    world.tell("faults", do="delay", box=A, op=SAVE, count=1, seconds=LATE)
    process = start(world, hurry=HURRY)
    await_sent(world, [A])
    kill_group(process)
    assert await_settled(world)["serving"] == serving(world) == B
    assert outage(world) < LEASE
    assert world.ask("violations") == []


def test_what_stands_still_is_ended_before_anything_is_done_in_its_place(worlds: Worlds) -> None:
    world = parted(worlds())
    world.tell("faults", do="do_then_hold", box=A, op=SAVE, count=1)
    process = start(world)
    await_held(world)
    worker = workers(process.pid)[-1]
    os.kill(worker, signal.SIGSTOP)
    assert await_settled(world)["serving"] == serving(world) == B
    output, _none = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "dead state" in output
    assert outage(world) < LEASE + 3
    assert world.ask("violations") == []


def workers(pid: int) -> list[int]:
    """The processes that a process has started."""
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], text=True, capture_output=True, check=False).stdout
    return [int(child) for child in told.split()]


def test_a_box_that_is_not_healthy_does_not_get_the_address(worlds: Worlds) -> None:
    world = parted(worlds())
    world.tell("faults", do="do_then_hold", box=A, op=SAVE, count=1)
    process = start(world, hurry=HURRY)
    await_held(world)
    world.tell("troubles", box=B, trouble="unhealthy", on=True)
    kill_group(process)
    assert await_settled(world)["text"].endswith(f"{A} has it again. {B} is not healthy.")
    assert serving(world) == A
    assert outage(world) < LEASE
    assert world.ask("violations") == []


def test_an_upgrade_that_was_killed_in_the_cut_over_tells_what_its_watchdog_did(worlds: Worlds) -> None:
    world = worlds()
    world.tell("faults", do="do_then_hold", box=A, op=SAVE, count=1)
    process = world.start("async_upgrade")
    await_held(world)
    kill_group(process)
    outcome = world.play("async_upgrade")  # at once: it lets the watchdog finish
    assert outcome.code == 0, outcome.out
    assert f"its watchdog saw to it: {B} has it." in outcome.out
    assert_upgraded(world)
    assert sum(entry["op"] == SAVE for entry in world.ask("log")) == 2


def test_a_switch_that_the_other_box_does_not_make_is_taken_back(worlds: Worlds) -> None:
    world = parted(worlds())
    world.tell("faults", do="500", box=B, op=SAVE, count=-1)
    outcome = world.run_tasks(MOVE)
    assert outcome.code != 0
    assert f"could not be moved from {A} to {B}" in outcome.out
    assert f"{A} has it and serves the site." in outcome.out
    assert serving(world) == A
    assert world.ask("violations") == []


@pytest.mark.parametrize(
    ("box", "count", "sent"),
    [
        pytest.param(A, 1, [A, B], id="off late"),
        pytest.param(B, 1, [A, B, B], id="on late once"),
        pytest.param(B, -1, [A, B, B], id="on always late"),
    ],
)
def test_a_switch_that_a_box_makes_late_is_waited_for(worlds: Worlds, box: str, count: int, sent: list[str]) -> None:
    """The address is on no other box before it is certain what the silent one does; then nothing is on its way."""
    world = parted(worlds())
    world.tell("faults", do="delay", box=box, op=SAVE, count=count, seconds=LATE)
    outcome = world.run_tasks(CUT_OVER, hurry=HURRY)
    assert outcome.code == 0, outcome.out
    switches = [entry for entry in world.ask("log") if entry["op"] == SAVE]
    assert [entry["box"] for entry in switches] == sent
    assert all(entry["status"] is not None for entry in switches)
    assert serving(world) == B
    assert world.ask("violations") == []


def test_a_switch_that_was_lost_is_made_once_more(worlds: Worlds) -> None:
    """Nobody serves meanwhile, and the box shows that it has not done it."""
    world = parted(worlds())
    world.tell("faults", do="reset", box=B, op=SAVE, count=1)
    outcome = world.run_tasks(MOVE)
    assert outcome.code == 0, outcome.out
    assert [entry["box"] for entry in world.ask("log") if entry["op"] == SAVE] == [A, B, B]
    assert serving(world) == B
    assert world.ask("violations") == []


def test_a_box_that_was_silent_and_went_away_does_not_keep_the_site_down(worlds: Worlds) -> None:
    world = parted(worlds())
    world.tell("faults", do="hold", box=B, op=SAVE, count=-1)
    process = start(world, hurry=2)
    await_sent(world, [A, B, B])
    world.tell("power", box=B, on=False)
    output, _none = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "and is away since" in output
    assert serving(world) == A
    assert world.ask("violations") == []
