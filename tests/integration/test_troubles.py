# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A box in trouble, and an operator in a hurry: what is left alone, and what is said."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _installing, _journal, _online
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.modules import bt_update
from tests.integration.bench import Bench, Result, good, refused
from tests.integration.conftest import Config, World
from tests.integration.test_jump_clients import only_a

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"


def update(world: World, **options: Any) -> tuple[Bench, Result]:
    """The update of box A alone."""
    bench = Bench(world, [])
    return bench, bench.run(bt_update, A, **{**bench.whole(A), "version": "24.3.1", **options})


def installs(world: World) -> list[str]:
    """The boxes on which an install was pressed."""
    return [entry["box"] for entry in world.ask("log") if entry["op"] == "appliance.updates.install"]


@pytest.mark.parametrize(("playbook", "first", "other"), [("async_upgrade", "b", "a"), ("sync_upgrade", "a", "b")])
def test_the_other_box_is_left_alone_when_the_first_update_fails(
    worlds: Worlds, playbook: str, first: str, other: str
) -> None:
    world = worlds()
    world.tell("troubles", box=f"box-{first}.example.test", trouble="update_fail", on=True)
    outcome = world.play(playbook)
    assert outcome.code != 0
    assert "says that it failed" in outcome.out
    assert "call the vendor's support" in outcome.out
    assert world.box(other)["updates"]["started"] == []
    assert world.ask("state")["sites"]["access"]["serving"] == A
    pressed = len(installs(world))
    assert world.play(playbook).code != 0
    assert len(installs(world)) == pressed
    assert world.ask("violations") == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"do": "login_redirect"}, id="answers with its log-in page"),
        pytest.param({"do": "refuse", "seconds": 2.0}, id="cannot be reached for a moment"),
    ],
)
def test_press_that_came_to_nothing_is_noticed_soon(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    """The box goes on as before: nobody waits hours for that."""
    monkeypatch.setattr(_installing, "UNMOVED_SECONDS", 1.0)
    monkeypatch.setattr(_installing, "GRACE_SECONDS", 1.0)
    world = worlds(only_a)
    world.tell("faults", op="appliance.updates.install", nth=1, count=1, **fault)
    began = time.monotonic()
    _bench, result = update(world)
    assert "did not begin to install" in result["msg"]
    assert time.monotonic() - began < 30
    assert world.box("a")["updates"]["started"] == []
    _bench, result = update(world)
    assert good(result, True)["after"]["product_version"] == "24.3.1"
    assert world.ask("violations") == []


def test_no_half_of_a_pair_is_updated_while_another_person_updates_the_other(worlds: Worlds) -> None:
    world = worlds(lambda config: config["durations"].update(base_install=30.0))
    bench = Bench(world, [])
    for box in (A, B):
        world.tell("role", box=box, role="none")
    world.tell("user-update", box=A, package="base-6.2.0", by="Jane Doe")
    result = bench.run(bt_update, B, **{**bench.whole(B), "peer": bench.whole(A), "version": "24.3.1"})
    refused(result, "refused", f"{A} is installing")
    assert installs(world) == []


def test_other_half_that_another_person_leaves_half_updated_stops_the_run(worlds: Worlds) -> None:
    """Nothing squeezes in between base software and product, whoever brought the base software."""
    world = worlds()
    first = world.play("async_upgrade", "-e", "bt_stage=break")
    assert first.code == 0, first.out
    world.tell("user-update", box=A, package="base-6.2.0", by="Jane Doe")
    deadline = time.monotonic() + 60
    while world.box("a")["base"] != "6.2.0" or world.box("a")["updates"]["running"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    world.forget_log()
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert "somebody else is at work" in outcome.out
    assert "have product 24.3.1 installed on it at once" in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []


def test_failed_update_of_another_person_counts_though_an_earlier_upgrade_ended_with_the_product(
    worlds: Worlds,
) -> None:
    world = worlds(only_a)
    journal = Journal(str(world.run_dir))
    for kind, details in (("intent", {"package": "product"}), ("outcome", {"result": "done"}), ("finished", {})):
        journal.write(kind, "As it was.", box=A, act="install", **details)
    world.tell("troubles", box=A, trouble="update_fail", on=True)
    world.tell("user-update", box=A, package="base-6.2.0", by="Jane Doe")
    deadline = time.monotonic() + 60
    while world.box("a")["updates"]["running"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    world.forget_log()
    refused(update(world)[1], "refused", f"An update of {A} failed", "nothing is done to it")
    assert installs(world) == []


def test_an_update_of_another_person_is_waited_for(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        only_a(config)
        config["durations"]["base_install"] = 3.0

    world = worlds(change)
    world.tell("user-update", box=A, package="base-6.2.0", by="Jane Doe")
    bench, result = update(world)
    good(result, True)
    assert any("an update is running already" in line for line in bench.said)
    assert world.box("a")["updates"]["started"] == ["base-6.2.0", "product-24.3.1"]
    assert installs(world) == [A]
    assert world.ask("violations") == []


def test_who_is_cut_off_is_told_before_it(worlds: Worlds) -> None:
    world = worlds(only_a)
    world.tell("sessions", box=A, count=2, open=True)
    bench, result = update(world)
    good(result, True)
    told = [line for line in bench.said if "they are cut off while it installs" in line]
    assert len(told) == 2, bench.said  # base software and product
    assert "3 users logged in, 2 open sessions" in told[0]
    begun = [r for r in Journal(str(world.run_dir)).records() if r["kind"] == "intent" and r["act"] == "install"]
    assert begun[0]["sessions"] == 2


def test_another_certificate_after_the_update_is_told(worlds: Worlds) -> None:
    world = worlds(only_a)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(update, world)
        deadline = time.monotonic() + 30
        while world.box("a")["updates"]["running"] is None and time.monotonic() < deadline:
            time.sleep(0.02)
        world.tell("certificate", box=A, days=200)
        bench, result = running.result(60)
    good(result, True)
    assert any("Since the update" in line and "it was" in line for line in bench.said), bench.said
    changed = [r for r in Journal(str(world.run_dir)).records() if r["kind"] == "certificate_changed"]
    assert len(changed) == 1
    assert changed[0]["old"] != changed[0]["new"]


def test_another_certificate_is_told_once_by_the_run_that_goes_on(worlds: Worlds) -> None:
    """The run that installed ended before it looked at the certificate."""
    world = worlds(only_a)
    good(update(world)[1], True)
    journal = world.run_dir / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    over = next(place for place, line in enumerate(lines) if json.loads(line)["kind"] == "updated")
    journal.write_text("".join(lines[:over]))
    world.tell("certificate", box=A, days=200)
    for told in (True, False):
        bench, result = update(world)
        good(result, False)
        assert any("Since the update" in line for line in bench.said) is told, bench.said


def test_how_long_it_took_the_last_time_is_told_beforehand(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = worlds(only_a)
    journal = Journal(str(world.run_dir))
    for minute, kind, details in (
        (0, "intent", {"package": "base"}), (34, "outcome", {"result": "done"}),
        (35, "intent", {"package": "product"}), (59, "outcome", {"result": "done", "attached": True}),
    ):
        monkeypatch.setattr(_journal, "now_text", partial(str, f"2026-01-01T00:{minute:02}:00.000Z"))
        journal.write(kind, "As it was.", box=A, act="install", **details)
    journal.write("updated", "As it was.", box=A, act="install")
    monkeypatch.undo()
    soon = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=20)).isoformat()
    bench, result = update(world, window_end=soon)
    good(result, True)
    (told,) = [line for line in bench.said if "the last time it took here" in line]
    assert told.endswith(f"took here: base software 34 min; the maintenance window ends sooner, at {soon}")


def test_an_update_server_out_of_reach_is_named_with_the_other_way(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_online, "GRACE_SECONDS", 1.0)
    world = worlds(only_a)
    world.tell("troubles", box=A, trouble="update_server_unreachable", on=True)
    refused(update(world)[1], "not_offered", "cannot ask for updates", "bt_update_source: package")
    assert installs(world) == []


def test_status_reads_and_changes_nothing(worlds: Worlds) -> None:
    world = worlds()
    world.tell("readonly", on=True)
    outcome = world.play("status")
    assert outcome.code == 0, outcome.out
    assert outcome.recap("changed") == 0
    assert "failover role primary" in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []


@pytest.mark.parametrize("arguments", [("--tags", "break"), ("--skip-tags", "always"), ("--limit", B)])
def test_no_tag_and_no_limit_steps_around_a_precondition(worlds: Worlds, arguments: tuple[str, str]) -> None:
    world = worlds()
    bench = Bench(world, [])
    world.tell("troubles", box=A, trouble="sync_fail", on=True)
    bench.world.play("async_upgrade", "-e", "bt_stage=sync")
    before = len(world.mutations())
    outcome = world.play("async_upgrade", *arguments)
    assert len(world.mutations()) == before
    assert (outcome.code != 0) == (arguments[0] != "--limit")
    assert world.ask("violations") == []
