# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""B serves the site for a while before A is touched; what shows in that time keeps A as it is (Q13)."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.integration.conftest import World
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"


def test_a_is_touched_after_b_has_served_for_a_while(worlds: Worlds) -> None:
    world = worlds()
    outcome = world.play("async_upgrade", "-e", "bt_soak=6")
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    log = world.ask("log")
    switched = max(entry["time"] for entry in log if entry["op"] == "appliance.address.save")
    touched = min(entry["time"] for entry in log if entry["box"] == A and entry["op"] == "appliance.updates.install")
    assert touched - switched >= 5


def test_what_shows_in_that_time_keeps_a_as_it_is(worlds: Worlds) -> None:
    world = worlds()
    assert world.play("async_upgrade", "-e", "bt_stage=cutover").code == 0
    world.tell("troubles", box=B, trouble="unhealthy", on=True)
    began = time.monotonic()
    outcome = world.play("async_upgrade", "-e", "bt_soak=600")
    assert outcome.code != 0
    assert time.monotonic() - began < 60
    assert world.box("a")["updates"]["started"] == []
    world.tell("troubles", box=B, trouble="unhealthy", on=False)
    outcome = world.play("async_upgrade", "-e", "bt_soak=1")  # so long ago was the switch already
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
