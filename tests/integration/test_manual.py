# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Steps by hand: a person does what the run writes out, and the run sees that; at a deadline it stops and goes on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from ansible_collections.bt_ops.pra.plugins.modules import bt_shared_ip
from tests.integration.bench import Bench, good, refused
from tests.integration.conftest import Config, World, each_box, kill_group
from tests.integration.operating import Person
from tests.integration.test_async import assert_upgraded
from tests.integration.test_offline import SEND, assert_updated, beside, fetch, single
from tests.simbox.boxes import A, B

# A person reads, logs in and acts, which takes its time.
pytestmark = pytest.mark.timeout(300)
Worlds = Callable[..., World]
SOME = ("-e", '{"bt_manual_steps": ["shared_ip", "sync"]}')

NO_BROWSER = ("-e", "bt_web_engine=http")
ALL = (*NO_BROWSER, "-e", "bt_manual_steps=all")


def records(world: World, kind: str) -> list[dict[str, Any]]:
    """The records of a kind in the journal."""
    lines = (world.run_dir / "journal.jsonl").read_text().splitlines()
    return [record for record in map(json.loads, lines) if record["kind"] == kind]


def test_some_steps_by_hand(worlds: Worlds) -> None:
    world = worlds(lambda config: each_box(config, era="tables"))
    person = Person.at(world)
    held = ("-e", '{"bt_manual_steps": ["shared_ip", "sync", "client_limit"], "bt_jump_client_limit": 3}')
    outcome = person.stand_by(world, "async_upgrade", *held)
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    limited = [("client_limit", B)]
    assert person.done == [("sync", A), *limited, ("shared_ip", B), *limited, ("sync", B)]
    for kind in ("asked", "seen"):
        assert [(record["step"], record["box"]) for record in records(world, kind)] == person.done
    again = world.play("async_upgrade", *held)
    assert again.code == 0, again.out
    assert again.recap("changed") == 0


@pytest.mark.wide
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


@pytest.mark.wide
def test_a_sync_by_hand_that_failed_is_asked_for_again(worlds: Worlds) -> None:
    world = worlds()
    person = Person.at(world)
    until_sync = (*SOME, "-e", "bt_stage=sync")
    world.tell("troubles", box=A, trouble="sync_fail", on=True)
    stopped = person.stand_by(world, "async_upgrade", *until_sync)
    assert stopped.code != 0
    assert "says that it failed" in stopped.out
    world.tell("troubles", box=A, trouble="sync_fail", on=False)
    outcome = person.stand_by(world, "async_upgrade", *until_sync)
    assert outcome.code == 0, outcome.out
    assert person.done == [("sync", A), ("sync", A)]


@pytest.mark.wide
def test_check_mode_tells_what_a_person_would_be_asked(worlds: Worlds) -> None:
    world = worlds()
    world.tell("readonly", on=True)
    outcome = world.play("async_upgrade", "--check", *SOME)
    assert outcome.code == 0, outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
    for part in ("synchronise the pair from box-a", "move the shared IP"):
        assert f"would ask a person to {part}" in outcome.out


@pytest.mark.wide
def test_updates_by_hand_where_the_page_is_understood(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        single(config)
        each_box(config, era="aria")

    world = worlds(change)
    person = Person.at(world)
    steps = ("-e", '{"bt_manual_steps": ["check", "install"]}', "-e", "bt_target_version=24.3.1")
    outcome = person.stand_by(world, "single_upgrade", *steps)
    assert outcome.code == 0, outcome.out
    assert (world.box("a")["base"], world.box("a")["product"]) == ("6.2.0", "24.3.1")
    assert [step for step, _box in person.done if step == "install"] == ["install", "install"]
    assert person.done[0] == ("check", A)
    assert world.ask("violations") == []
    assert "Installed base software 6.2.0 on box-a.example.test, by hand." in str(records(world, "outcome"))


def test_a_shared_ip_by_hand_is_seen_without_any_page(worlds: Worlds) -> None:
    """Without a relationship the API does not tell who has it: who answers at it does."""

    def change(config: Config) -> None:
        drawn_by_scripts(config)
        each_box(config, role="none")

    world = worlds(change)
    person, bench = Person.at(world), Bench(world, [])
    told = person.boxes.facts
    address = told["sites"]["access"]["shared_ip"]

    def switch(on: bool, **options: Any) -> dict[str, Any]:
        api = told["boxes"][A]["api"]
        account = {"api_client_id": api["client_id"], "api_client_secret": api["client_secret"]}
        where = {"address": address, "site_port": told["port"], "enabled": on, "web_engine": "http"}
        return bench.run(bt_shared_ip, A, manual_steps=["all"], **where, **account, **options)

    good(switch(False), changed=False)
    late = switch(True, manual_timeout=0.5)
    refused(late, "needs_person", "A person was asked to have the shared IP", "enabled on box-a")
    for on in (True, False):
        hand = threading.Timer(1.0, person.operator(A, "appliance").shared_ip, (address, on))
        hand.start()
        result = good(switch(on, manual_timeout=30), changed=True)
        hand.join()
        assert (result["before"]["enabled"], result["after"]["enabled"]) == (not on, on)


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


@pytest.mark.wide
def test_killed_while_a_person_installs_it_sees_how_far_that_came(worlds: Worlds) -> None:
    world = worlds(drawn_by_scripts)
    person = Person.at(world)
    process = world.start("async_upgrade", *ALL)
    until(lambda: ("sync", A) in asked(world))
    person.do("sync", A)
    until(lambda: ("break", A) in asked(world))
    person.do("break", A)
    until(lambda: ("install", B) in asked(world))
    kill_group(process)
    person.do("install", B)
    until(lambda: world.box("b")["base"] == "6.2.0" and world.box("b")["healthy"])
    outcome = person.stand_by(world, "async_upgrade", *ALL)
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    assert person.done[2:5] == [("install", B), ("install", B), ("shared_ip", B)]


def asked(world: World) -> list[tuple[str, str]]:
    """What people were asked for so far."""
    there = (world.run_dir / "journal.jsonl").exists()
    return [(record["step"], record["box"]) for record in records(world, "asked")] if there else []


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


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
    outcome = world.play("async_upgrade", *NO_BROWSER)
    assert outcome.code != 0
    assert "bt_manual_steps: all" in outcome.out
    assert world.mutations() == []


@pytest.mark.wide
def test_packages_and_backups_by_hand(worlds: Worlds) -> None:
    """A single box without internet, of which no page is understood: key, packages and backups go through a person."""

    def change(config: Config) -> None:
        single(config)
        drawn_by_scripts(config)

    world = worlds(beside(change))
    steps = (*NO_BROWSER, "-e", '{"bt_manual_steps": ["all", "backup"]}', "-e", "bt_target_version=24.3.1")
    person = Person.at(world)
    keys = person.stand_by(world, "download_keys", *steps)
    assert keys.code == 0, keys.out
    fetched = fetch(world, "-e", "bt_target_version=24.3.1")
    assert fetched.code == 0, fetched.out
    outcome = person.stand_by(world, "single_upgrade", *steps, *SEND)
    assert outcome.code == 0, outcome.out
    assert_updated(world, "a")
    assert person.done == [("download_key", A), *[("backup", A), ("upload", A)] * 2]
    left = [path for path in world.folder.rglob("by-hand/*/*") if path.is_file()]
    assert left == []
    assert [record["way"] for record in records(world, "backup")] == ["hand", "hand"]
    second = world.play("single_upgrade", *steps, *SEND)
    assert second.code == 0, second.out
    assert second.recap("changed") == 0


@pytest.mark.wide
@pytest.mark.timeout(400)  # what that API tells may be a minute old, so a minute is waited after each package
def test_synchronous_upgrade_by_hand_with_the_api_in_json_alone(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        drawn_by_scripts(config)
        config["sites"][0]["api"]["xml"] = False

    world = worlds(change)
    person = Person.at(world)
    outcome = person.stand_by(world, "sync_upgrade", *ALL)
    assert outcome.code == 0, outcome.out
    a, b = world.box("a"), world.box("b")
    assert [box["product"] for box in (a, b)] == ["24.3.1", "24.3.1"]
    assert (a["failover"]["role"], b["failover"]["role"]) == ("primary", "backup")
    assert world.ask("violations") == []
    installs = [("install", A), ("install", A), ("install", B), ("install", B)]
    assert person.done == [("sync", A), ("break", A), *installs, ("establish", A), ("sync", A)]
