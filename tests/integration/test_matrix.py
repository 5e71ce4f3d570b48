# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every playbook on every era and in both languages; a second run changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from tests.integration.conftest import Config, World, each_box
from tests.integration.moving import moved
from tests.integration.test_async import assert_upgraded
from tests.integration.test_offline import SEND, assert_updated, beside, fetch
from tests.integration.test_other_upgrades import alone, assert_done

Worlds = Callable[..., World]
pytestmark = [
    pytest.mark.wide,
    pytest.mark.timeout(900),
    pytest.mark.parametrize(("era", "language"), list(product(("tables", "divs", "aria", "app"), ("en", "nl")))),
]
SECONDS = 300.0


def both(era: str, language: str, *changes: Callable[[Config], None]) -> Callable[[Config], None]:
    """Boxes of one era and language, and whatever else is to be changed."""

    def change(config: Config) -> None:
        for each in changes:
            each(config)
        each_box(config, era=era, language=language)

    return change


def test_asynchronous(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(both(era, language))
    outcome = world.play("async_upgrade", seconds=SECONDS)
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    assert_done(world, "async_upgrade")


def test_synchronous(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(both(era, language))
    outcome = world.play("sync_upgrade", seconds=SECONDS)
    assert outcome.code == 0, outcome.out
    assert {world.box(letter)["product"] for letter in "ab"} == {"24.3.1"}
    assert_done(world, "sync_upgrade")


def test_single(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(both(era, language, alone))
    outcome = world.play("single_upgrade", seconds=SECONDS)
    assert outcome.code == 0, outcome.out
    assert world.box("a")["product"] == "24.3.1"
    assert_done(world, "single_upgrade")


def test_offline(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(beside(both(era, language, alone), language=language))
    for outcome in (
        world.play("download_keys", seconds=SECONDS),
        fetch(world, "-e", "bt_target_version=24.3.1"),
        world.play("single_upgrade", *SEND, seconds=SECONDS),
    ):
        assert outcome.code == 0, outcome.out
    assert_updated(world, "a")


def test_migration_and_reset(worlds: Worlds, era: str, language: str) -> None:
    move = moved(worlds, era=era, language=language)
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.reset().recap("changed") == 0
    assert move.world.ask("violations") == []


def test_status_and_doctor(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(both(era, language))
    for playbook in ("status", "doctor"):
        outcome = world.play(playbook, seconds=SECONDS)
        assert outcome.code == 0, outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
