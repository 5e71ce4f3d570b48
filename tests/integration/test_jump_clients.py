# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jump Clients: the limit of concurrent upgrades comes back in every exit path; active ones are a gate."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import Config, World, each_box, kill_group

Worlds = Callable[..., World]
LIMIT = "jump_clients.maximum_concurrent_upgrades"


def lower(limit: int = 5) -> dict[str, Any]:
    """The task that lowers the limit."""
    return {"bt_ops.pra.bt_jump_clients": {"limit": limit}}


RESTORE: dict[str, Any] = {"bt_ops.pra.bt_jump_clients": {"state": "restored"}}


@pytest.mark.parametrize(("era", "language"), [("tables", "nl"), ("aria", "en")])
def test_limit_is_lowered_and_put_back_by_another_run(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(lambda config: each_box(config, era=era, language=language))
    outcome = world.run_tasks(lower())
    assert outcome.code == 0, outcome.out
    assert limit_of(world, "a") == "5"
    assert world.run_tasks(lower(7)).recap("changed") == 0
    back = world.run_tasks(RESTORE)
    assert back.code == 0, back.out
    assert limit_of(world, "a") == "50"
    assert world.run_tasks(RESTORE).recap("changed") == 0
    assert world.ask("violations") == []


def test_a_limit_that_a_box_lowers_late_is_put_back(worlds: Worlds) -> None:
    """Had the task ended before, the limit would be lowered when nobody looks any more."""
    world = worlds()
    world.tell("faults", do="delay", box="box-a.example.test", op="login.jump_clients.save", count=1, seconds=7)
    outcome = world.run_tasks(lower(), RESTORE, hurry=10)
    assert outcome.code == 0, outcome.out
    assert len(saves(world)) == 2
    assert all(entry["status"] is not None for entry in saves(world))
    assert limit_of(world, "a") == "50"
    assert world.ask("violations") == []


def test_a_limit_is_not_put_back_while_somebody_else_updates_the_box(worlds: Worlds) -> None:
    world = worlds(lambda config: config["durations"].update(base_install=20.0))
    assert world.run_tasks(lower()).code == 0
    world.tell("role", box="box-a.example.test", role="none")
    world.tell("role", box="box-b.example.test", role="none")
    world.tell("user-update", box="box-a.example.test", package="base-6.2.0", by="Jane Doe")
    outcome = world.run_tasks(RESTORE)
    assert outcome.code == 0, outcome.out
    assert "is left alone" in outcome.out
    assert "is installing" in outcome.out
    assert len(saves(world)) == 1
    assert limit_of(world, "a") == "5"
    assert world.ask("violations") == []


def saves(world: World) -> list[dict[str, Any]]:
    """Every time a limit was saved on a box."""
    return [entry for entry in world.ask("log") if entry["op"] == "login.jump_clients.save"]


def limit_of(world: World, letter: str) -> str:
    """The limit of a box."""
    return str(world.box(letter)["settings"][LIMIT])


def by_hand(world: World) -> dict[str, str]:
    """What the summary asks people to do."""
    summary = json.loads((world.run_dir / "summary.json").read_text())
    return {item["guide"]: item["text"] for item in summary["by_hand"]}


def test_a_lower_limit_stays(worlds: Worlds) -> None:
    world = worlds()
    outcome = world.run_tasks(lower(60))
    assert (outcome.code, outcome.recap("changed"), saves(world)) == (0, 0, [])


BAD = [
    (lower(0), "upgrades is 0; a box takes 1 to 500"),
    (lower(501), "upgrades is 501"),
    ({"bt_ops.pra.bt_jump_clients": {}}, "limit is missing"),
    ({"bt_ops.pra.bt_jump_clients": {"limit": "many"}}, "cannot be converted to an int"),
    ({"bt_ops.pra.bt_jump_clients_info": {"allow_missing": -1}}, "allow_missing is -1"),
    ({"bt_ops.pra.bt_jump_clients_info": {"wait": True, "timeout": "nan"}}, "timeout is nan"),
    ({"bt_ops.pra.bt_jump_clients_info": {"wait": True, "remember": True}}, "Either remember"),
]


def test_bad_input(worlds: Worlds) -> None:
    world = worlds()
    outcome = world.run_tasks(*({**task, "ignore_errors": True} for task, _words in BAD))
    assert outcome.recap("ignored") == len(BAD)
    assert [words for _task, words in BAD if words not in outcome.out] == []
    assert "Traceback" not in outcome.out
    assert world.mutations() == []


def test_counts_are_those_of_the_box(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        config["sites"][0].update(active_clients=130, passive_clients=7)

    world = worlds(change)
    outcome = world.run_tasks(
        {"bt_ops.pra.bt_jump_clients_info": {}, "register": "found"},
        {"ansible.builtin.debug": {"msg": "{{ found.sentence }}"}},
    )
    assert "130 of 130 active ones connected, 7 passive" in outcome.out


def test_pair_with_clients_held_back(worlds: Worlds) -> None:
    world = worlds()
    outcome = world.play("async_upgrade", "-e", "bt_jump_client_limit=2")
    assert outcome.code == 0, outcome.out
    assert (limit_of(world, "a"), limit_of(world, "b")) == ("50", "50")
    lowered, restored = saves(world)
    assert {lowered["box"], restored["box"]} == {"box-b.example.test"}
    installs = [entry for entry in world.ask("log") if entry["op"] == "appliance.updates.install"]
    assert restored["number"] < min(entry["number"] for entry in installs if entry["box"] == "box-a.example.test")
    assert not {"G11", "G14"} & by_hand(world).keys()
    assert "6 of 6 active ones are back" in (world.run_dir / "summary.txt").read_text()
    assert world.ask("violations") == []
    assert world.play("async_upgrade", "-e", "bt_jump_client_limit=2").recap("changed") == 0


def test_check_mode_shows_that_clients_are_held_back(worlds: Worlds) -> None:
    world = worlds()
    world.tell("readonly", on=True)
    outcome = world.play("async_upgrade", "--check", "-e", "bt_jump_client_limit=2")
    assert outcome.code == 0, outcome.out
    assert "would lower the limit of Jump Client upgrades on box-b.example.test" in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []


def test_clients_that_are_out_stop_the_upgrade_of_the_other_box(worlds: Worlds) -> None:
    world = worlds()
    away, name, *_others = [c["name"] for c in world.box("a")["jump_clients"] if c["connection_type"] == "active"]
    world.tell("clients", site="access", names=[away], lost=True)  # before the upgrade: nobody waits for it
    assert world.play("async_upgrade", "-e", "bt_stage=verify_first").code == 0
    world.tell("clients", site="access", names=[name], lost=True)
    outcome = world.play("async_upgrade", "-e", "bt_jump_client_limit=2", "-e", "bt_jump_client_timeout=4")
    assert outcome.code != 0
    assert f"still out: {name}" in outcome.out
    assert world.box("a")["updates"]["started"] == []
    assert limit_of(world, "b") == "50"
    again = world.play("async_upgrade", "-e", "bt_jump_client_timeout=4", "-e", "bt_jump_client_missing=1")
    assert again.code == 0, again.out
    assert name in by_hand(world)["G14"]
    assert world.ask("violations") == []


def test_killed_while_the_limit_is_lowered_it_is_put_back_by_the_next_run(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        config["sites"][0]["api"]["configuration"] = False

    world = worlds(change)
    process = world.start("async_upgrade", "-e", "bt_jump_client_limit=2")
    deadline = time.monotonic() + 60
    while limit_of(world, "b") == "50" and time.monotonic() < deadline:
        time.sleep(0.02)
    kill_group(process)
    assert limit_of(world, "b") == "2"
    outcome = world.play("async_upgrade")
    assert outcome.code == 0, outcome.out
    assert (limit_of(world, "a"), limit_of(world, "b")) == ("50", "50")
    assert "may not use" in by_hand(world)["G14"]  # without the right to count clients people are asked to look
    assert world.ask("violations") == []


def only_a(config: Config) -> None:
    """One box that serves its site alone."""
    site = config["sites"][0]
    site.pop("shared_ip")
    site["boxes"] = [{**site["boxes"][0], "role": "none"}]


UPDATE = {
    "ansible.builtin.include_role": {"name": "bt_ops.pra.update_box"},
    "vars": {"update_box_jump_client_limit": 2},
}


def test_nothing_is_touched_on_a_box_whose_update_failed(worlds: Worlds) -> None:
    world = worlds(only_a)
    world.tell("troubles", box="box-a.example.test", trouble="update_fail", on=True)
    outcome = world.run_tasks(UPDATE, hosts="bt_single")
    assert outcome.code != 0
    assert "The limit of Jump Client upgrades is not back yet" in outcome.out
    assert limit_of(world, "a") == "2"
    assert world.ask("violations") == []


def test_single_box_and_its_clients(worlds: Worlds) -> None:
    world = worlds(only_a)
    outcome = world.play("single_upgrade", "-e", "bt_jump_client_limit=2")
    assert outcome.code == 0, outcome.out
    assert (limit_of(world, "a"), len(saves(world))) == ("50", 2)
    active = [client for client in world.box("a")["jump_clients"] if client["connection_type"] == "active"]
    assert len(active) == 6
    assert not any(client["needs_update"] for client in active)
    assert world.play("single_upgrade", "-e", "bt_jump_client_limit=2").recap("changed") == 0
    assert world.ask("violations") == []


def test_synchronous_pair_and_its_clients(worlds: Worlds) -> None:
    world = worlds()
    outcome = world.play("sync_upgrade", "-e", "bt_jump_client_limit=2")
    assert outcome.code == 0, outcome.out
    assert (limit_of(world, "a"), limit_of(world, "b")) == ("50", "50")
    assert [entry["box"] for entry in saves(world)] == ["box-a.example.test"] * 2
    assert "6 of 6 active ones are back" in (world.run_dir / "summary.txt").read_text()
    assert world.ask("violations") == []
