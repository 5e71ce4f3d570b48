# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Steps by hand: a person does what the run writes out, and the run sees that; at a deadline it stops and goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests

from tests.integration.conftest import Config, World, each_box
from tests.integration.operating import Person
from tests.integration.test_async import assert_upgraded
from tests.simbox.boxes import A, B

Worlds = Callable[..., World]
SOME = ("-e", '{"bt_manual_steps": ["shared_ip", "sync"]}')

ALL = ("-e", "bt_manual_steps=all")


def records(world: World, kind: str) -> list[dict[str, Any]]:
    """The records of a kind in the journal."""
    lines = (world.run_dir / "journal.jsonl").read_text().splitlines()
    return [record for record in map(json.loads, lines) if record["kind"] == kind]


def test_some_steps_by_hand(worlds: Worlds) -> None:
    world = worlds(lambda config: each_box(config, era="tables"))
    person = Person.at(world)
    outcome = person.stand_by(world, "async_upgrade", *SOME)
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    assert person.done == [("sync", A), ("shared_ip", B), ("sync", B)]
    for kind in ("asked", "seen"):
        assert [(record["step"], record["box"]) for record in records(world, kind)] == person.done
    again = world.play("async_upgrade", *SOME)
    assert again.code == 0, again.out
    assert again.recap("changed") == 0


def test_it_stops_at_the_deadline_and_sees_what_was_done_meanwhile(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        each_box(config, era="divs", language="nl")

    world = worlds(change)
    hurried = (*SOME, "-e", "bt_manual_timeout=1.5")
    stopped = world.play("async_upgrade", *hurried)
    assert stopped.code != 0
    assert "A person was asked to synchronise the pair from box-a" in stopped.out
    assert world.mutations() == []
    person = Person.at(world)
    person.do("sync", A)
    stopped = world.play("async_upgrade", *hurried)
    assert "A person was asked to move the shared IP" in stopped.out
    assert "needs_person" in [record.get("error") for record in records(world, "outcome")]
    person.do("shared_ip", B)
    outcome = person.stand_by(world, "async_upgrade", *SOME)
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    assert person.done == [("sync", A), ("shared_ip", B), ("sync", B)]


def test_check_mode_tells_what_a_person_would_be_asked(worlds: Worlds) -> None:
    world = worlds()
    world.tell("readonly", on=True)
    outcome = world.play("async_upgrade", "--check", *SOME)
    assert outcome.code == 0, outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
    for part in ("synchronise the pair from box-a", "move the shared IP"):
        assert f"would ask a person to {part}" in outcome.out


def drawn_by_scripts(config: Config) -> None:
    """Pages of which nothing can be read without a browser, and restarts that last long enough to be seen."""
    each_box(config, era="app")
    config["durations"].update(base_outage=2.0, product_outage=2.0, sync=1.0)


def test_every_step_by_hand_on_boxes_of_which_no_page_is_understood(worlds: Worlds) -> None:
    world = worlds(drawn_by_scripts)
    stopped = world.play("async_upgrade", *ALL, "-e", "bt_manual_timeout=1.5")
    assert "A person was asked to synchronise the pair from box-a" in stopped.out
    assert {entry["op"].split(".")[0] for entry in world.ask("log")} == {"api"}
    assert world.mutations() == []
    person = Person.at(world)
    outcome = person.stand_by(world, "async_upgrade", *ALL)
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    twice = [("install", B), ("install", B)]
    again = [("install", A), ("install", A)]
    assert person.done == [
        ("sync", A), ("break", A), *twice, ("shared_ip", B), *again, ("establish", B), ("sync", B)
    ]
    requests.delete(f"{world.control}/log", timeout=10)
    second = world.play("async_upgrade", *ALL)
    assert second.code == 0, second.out
    assert second.recap("changed") == 0
    assert {entry["op"].split(".")[0] for entry in world.ask("log")} <= {"api", "public"}


def test_check_mode_of_every_step_by_hand(worlds: Worlds) -> None:
    world = worlds(drawn_by_scripts)
    world.tell("readonly", on=True)
    outcome = world.play("async_upgrade", "--check", *ALL)
    assert outcome.code == 0, outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
    for part in ("synchronise the pair", "break the", "install product 24.3.1 on box-b", "move the", "establish the"):
        assert f"would ask a person to {part}" in outcome.out


def test_a_page_that_is_not_understood_names_the_way_on(worlds: Worlds) -> None:
    world = worlds(drawn_by_scripts)
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert "bt_manual_steps: all" in outcome.out
    assert world.mutations() == []
