# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whole upgrades of boxes whose pages a script draws, through a browser."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.integration.conftest import World, each_box
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]


def drawn(worlds: Worlds, language: str, engine: str) -> World:
    """Boxes of that era; `engine` is what the inventory says of it, empty for nothing."""
    world = worlds(lambda config: each_box(config, era="app", language=language))
    if engine:
        world.change_inventory(lambda inventory: inventory["all"].setdefault("vars", {}).update(bt_web_engine=engine))
    return world


@pytest.mark.timeout(660)
@pytest.mark.parametrize(("language", "engine"), [("nl", ""), pytest.param("en", "browser", marks=pytest.mark.wide)])
def test_a_pair_is_upgraded_through_a_browser(worlds: Worlds, language: str, engine: str) -> None:
    world = drawn(worlds, language, engine)
    first = world.play("async_upgrade", seconds=420)
    assert first.code == 0, first.out
    assert_upgraded(world)
    assert json.loads((world.run_dir / "summary.json").read_text())["outage_seconds"] is not None
    before = len(world.mutations())
    second = world.play("async_upgrade", seconds=240)
    assert second.code == 0, second.out
    assert second.recap("changed") == 0
    assert len(world.mutations()) == before
    state = world.ask("state")
    assert state["errors"] == []


def test_the_doctor_tells_that_a_browser_opens_the_pages_and_changes_nothing(worlds: Worlds) -> None:
    world = drawn(worlds, "en", "")
    world.tell("readonly", on=True)
    outcome = world.play("doctor")
    assert outcome.code == 0, outcome.out
    assert outcome.out.count("its pages are opened by a browser") == 4  # two sites of two boxes
    assert "asynchronous upgrade: ready" in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []


def test_requests_alone_say_what_is_missing_and_change_nothing(worlds: Worlds) -> None:
    world = drawn(worlds, "en", "http")
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert "bt_web_engine" in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
