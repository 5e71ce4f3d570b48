# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Killed, cut off or lied to at any act of an upgrade: the same command goes on, and nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.integration.conftest import World, kill_group
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]
pytestmark = pytest.mark.timeout(400)

# Every act of an asynchronous upgrade, with the how-manieth of its kind it is.
ACTS = (
    ("api.backup", 1),
    ("login.failover.sync", 1),
    ("login.failover.break", 1),
    ("api.backup", 2),
    ("appliance.updates.check", 1),
    ("appliance.updates.install", 1),
    ("appliance.updates.install", 2),
    ("appliance.address.save", 1),
    ("appliance.address.save", 2),
    ("appliance.updates.install", 3),
    ("appliance.updates.install", 4),
    ("login.failover.establish", 1),
    ("login.failover.sync", 2),
)
LIES = ("do_then_reset", "reset", "500", "502", "503", "truncate", "garbage", "login_redirect")


def each_started_once(world: World) -> None:
    """No package was started twice on a box."""
    for letter in "ab":
        started = world.box(letter)["updates"]["started"]
        assert len(started) == len(set(started)) == 2, started


@pytest.mark.parametrize(("op", "nth"), ACTS)
@pytest.mark.parametrize("after", [0.0, 0.25])
def test_killed_at_an_act(worlds: Worlds, op: str, nth: int, after: float) -> None:
    world = worlds()
    process = world.start("async_upgrade")
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and process.poll() is None:
        if sum(entry["op"] == op for entry in world.ask("log")) >= nth:
            break
        time.sleep(0.01)
    time.sleep(after)
    kill_group(process)
    outcome = world.play("async_upgrade")
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    each_started_once(world)


@pytest.mark.parametrize(("op", "nth"), ACTS)
@pytest.mark.parametrize("lie", LIES)
def test_answered_wrongly_at_an_act(worlds: Worlds, op: str, nth: int, lie: str) -> None:
    world = worlds()
    world.tell("faults", do=lie, op=op, nth=nth, count=1)
    outcome = world.play("async_upgrade")
    if outcome.code != 0:
        assert "defect of bt_ops.pra" not in outcome.out
        assert "Traceback" not in outcome.out
        assert world.ask("violations") == []
        outcome = world.play("async_upgrade")
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    each_started_once(world)
