# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A wait asks a box for at most two things a second: more than twenty get HTTP 429, and other tools with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.modules import bt_update, bt_verify
from tests.integration.bench import SITE, Bench, good
from tests.integration.conftest import World
from tests.integration.test_jump_clients import only_a

Worlds = Callable[..., World]
A = "box-a.example.test"
WINDOW, MOST = 10.0, 20
NO_API = {"api_client_id": "", "api_client_secret": ""}


def most_in_a_window(world: World, first: float, last: float) -> int:
    """The most requests in any ten seconds of the time in which nothing but the wait was at work, in seconds."""
    times = sorted(entry["time"] for entry in world.ask("log"))
    times = [at for at in times if times[0] + first <= at <= times[0] + last]
    assert len(times) > 5
    return max(sum(1 for other in times if at <= other < at + WINDOW) for at in times)


@pytest.mark.parametrize("accounts", [{}, NO_API], ids=["by its APIs", "APIs closed"])
def test_a_soak_asks_at_most_two_things_a_second(worlds: Worlds, accounts: dict[str, Any]) -> None:
    world = worlds(only_a)
    bench = Bench(world, [])
    good(bench.run(bt_verify, A, **{**bench.whole(A), **accounts}, site_hostname=SITE, soak=16), False)
    assert most_in_a_window(world, 1.0, 16.0) <= MOST


@pytest.mark.parametrize("accounts", [{}, NO_API], ids=["by its APIs", "APIs closed"])
@pytest.mark.parametrize("step", ["check", "install"])
def test_a_wait_for_a_person_asks_at_most_two_things_a_second(
    worlds: Worlds, step: str, accounts: dict[str, Any]
) -> None:
    world = worlds(only_a)
    bench = Bench(world, [])
    options = {**bench.whole(A), **accounts, "version": "24.3.1", "manual_steps": [step], "manual_timeout": 16}
    assert bench.run(bt_update, A, **options)["error"] == "needs_person"
    assert most_in_a_window(world, 3.0, 16.0) <= MOST
