# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The maintenance window ends while a run is at work: nothing more is begun, nothing is left half (T11)."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._window import window_of
from tests.integration.conftest import World
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]


def ending(seconds: float) -> str:
    """So many seconds from now, as a user writes it."""
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)).isoformat(timespec="seconds")


def wait_for_install(world: World, letter: str) -> None:
    """Until the first install on a box runs."""
    deadline = time.monotonic() + 60
    while world.box(letter)["updates"]["running"] is None and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_window_that_is_over_begins_nothing_and_the_same_command_goes_on(worlds: Worlds) -> None:
    world = worlds()
    outcome = world.play("async_upgrade", "-e", f"bt_window_end={ending(-60)}")
    assert outcome.code != 0
    assert "so a data sync is not begun. Nothing was changed. Run the same command again" in outcome.out
    assert {entry["op"] for entry in world.mutations()} <= {"api.backup", "appliance.updates.check"}
    outcome = world.play("async_upgrade", "-e", f"bt_window_end={ending(3600)}")
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)


def test_a_product_follows_its_base_software_after_the_end(worlds: Worlds) -> None:
    world = worlds()
    assert world.play("async_upgrade", "-e", "bt_stage=break").code == 0
    process = world.start("async_upgrade", "-e", f"bt_window_end={ending(7)}")
    wait_for_install(world, "b")
    assert process.wait(90) != 0
    assert process.stdout is not None
    told = process.stdout.read()
    process.stdout.close()
    done = [len(world.box(letter)["updates"]["started"]) for letter in "ab"]
    assert done in ([0, 2], [0, 0]), (done, told)  # both packages or none
    assert "The maintenance window ended at" in told
    outcome = world.play("async_upgrade")
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)


@pytest.mark.parametrize("text", ["tonight", "2026-13-01T00:00:00", "04:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="bt_window_end"):
        window_of(text)
    assert window_of("").end is None
    with pytest.raises(Refused, match="so the cut-over is not begun"):
        window_of("2020-01-01T00:00:00+00:00").require("the cut-over")
