# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A site moves to new hardware: in every era and language, again, in check mode, killed, and by hand."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.conftest import World, hosts_of, kill_group
from tests.integration.moving import NEW, OLD, Move, start

Worlds = Callable[..., World]


def assert_moved(move: Move) -> None:
    """The move is done, and nothing was violated."""
    assert_done(move)
    assert move.world.ask("violations") == []


def assert_done(move: Move) -> None:
    """The new box has the old one's data, certificate and software and serves the site."""
    old, new = move.box(OLD), move.box(NEW)
    for kept in ("settings", "sessions", "product", "build"):
        assert new[kept] == old[kept], kept
    assert new["fingerprint"] == old["fingerprint"]
    assert not new["factory"]
    assert new["healthy"]
    assert move.world.ask("state")["sites"]["access"]["serving"] == NEW


def ops(move: Move, name: str) -> int:
    """How often a request of that name reached a box."""
    return sum(entry["op"] == name for entry in move.world.ask("log"))


@pytest.mark.parametrize(
    ("era", "language"),
    [
        ("tables", "nl"),
        ("aria", "en"),
        pytest.param("tables", "en", marks=pytest.mark.wide),
        pytest.param("divs", "en", marks=pytest.mark.wide),
        pytest.param("divs", "nl", marks=pytest.mark.wide),
    ],
)
def test_site_moves_and_a_second_run_changes_nothing(worlds: Worlds, era: str, language: str) -> None:
    move = start(worlds, era=era, language=language)
    variables = move.by_itself()
    first = move.play("-vvvv", **variables)
    assert first.code == 0, first.out
    assert_moved(move)
    summary = json.loads((move.world.run_dir / "summary.json").read_text())
    assert summary["procedure"] == "migration"
    assert {"backup", "restore", "verify"} <= {phase["name"] for phase in summary["phases"]}
    assert any("factory_reset.yml" in item["text"] for item in summary["by_hand"])
    move.assert_no_secret_shown(first.out)
    before = len(move.world.mutations())
    second = move.play(**variables)
    assert second.code == 0, second.out
    assert second.recap("changed") == 0
    assert len(move.world.mutations()) == before


def test_who_still_works_on_the_old_box_is_told(worlds: Worlds) -> None:
    """Somebody whom the name still leads there when the site has moved."""
    move = start(worlds)
    variables = move.by_itself()
    switch = Path(variables["bt_manual_tasks"])
    late = {"method": "POST", "body_format": "json"}
    tasks = yaml.safe_load(switch.read_text())
    tasks += [
        {"name": "Come late", "ansible.builtin.uri": {"url": f"{move.world.control}/{what}", "body": body, **late}}
        for what, body in (
            ("users", {"box": OLD, "user": "late"}),
            ("sessions", {"box": OLD, "user": "late", "count": 2, "open": True}),
        )
    ]
    switch.write_text(yaml.safe_dump(tasks))
    outcome = move.play(**variables)
    assert outcome.code == 0, outcome.out
    assert "1 users logged in, 2 open sessions" in outcome.out
    summary = json.loads((move.world.run_dir / "summary.json").read_text())
    told = [item["text"] for item in summary["by_hand"] if "When the site had moved" in item["text"]]
    assert len(told) == 1
    assert "2 open sessions" in told[0]
    assert f"does not reach {NEW}" in told[0]


def test_check_mode_writes_nothing(worlds: Worlds) -> None:
    move = start(worlds)
    move.world.tell("readonly", on=True)
    outcome = move.play("--check", **move.by_itself())
    assert outcome.code == 0, outcome.out
    assert move.world.mutations() == []
    assert move.world.ask("violations") == []
    assert "would take a backup" in outcome.out
    assert "would change the factory password" in outcome.out
    assert not (move.world.run_dir / "journal.jsonl").exists()


@pytest.mark.parametrize(
    ("op", "delay"),
    [
        ("login.software.restore", 0.3),
        *(
            pytest.param(op, delay, marks=pytest.mark.wide)
            for op, delay in (
                ("login.password.change", 0.0),
                ("appliance.certificate_export.export", 0.0),
                ("appliance.certificate_import.upload", 0.0),
                ("appliance.updates.install", 0.3),
                ("login.software.restore", 0.0),
            )
        ),
    ],
)
def test_killed_anywhere_the_same_command_goes_on(worlds: Worlds, op: str, delay: float) -> None:
    move = start(worlds)
    variables = move.by_itself()
    move.killed_at("hardware_migration", op, variables, delay)
    outcome = move.play(**variables)
    assert outcome.code == 0, outcome.out
    assert_moved(move)
    assert len(move.box(NEW)["updates"]["started"]) == 2
    assert ops(move, "login.password.change") == 1
    assert ops(move, "login.software.restore") == 1


def test_killed_when_the_new_box_goes_down_the_same_command_goes_on_at_once(worlds: Worlds) -> None:
    """It answers nothing for seconds: whatever comes before its update has to wait for it."""
    move = start(worlds, lambda config: config["durations"].update(base_install=0.5, base_outage=6.0))
    process = move.world.start("hardware_migration", *move.given(move.by_itself()))
    deadline = time.monotonic() + 60
    while move.box(NEW)["system"] == "open" and time.monotonic() < deadline:
        time.sleep(0.02)
    kill_group(process)
    outcome = move.play(**move.by_itself())
    assert outcome.code == 0, outcome.out
    assert "its end is waited for" in outcome.out
    assert_moved(move)
    assert len(move.box(NEW)["updates"]["started"]) == 2


def test_first_log_in_that_is_cut_off_after_the_password_was_changed(worlds: Worlds) -> None:
    """It is not known then which password the box has, and what one account may do proves nothing of another."""
    move = start(worlds)
    move.world.tell("faults", do="json", box=NEW, op="login.entry", nth=3)
    stopped = move.play(**move.by_itself())
    assert stopped.code != 0
    assert "it is not known whether it has it" in stopped.out
    assert ops(move, "login.password.change") == 1
    outcome = move.play(**move.by_itself())
    assert outcome.code == 0, outcome.out
    assert_moved(move)
    assert ops(move, "login.password.change") == 1


def test_a_person_switches_the_name(worlds: Worlds) -> None:
    move = start(worlds)
    stopped = move.play()
    assert stopped.code != 0
    assert "Now point access.example.test to box-new.example.test" in stopped.out
    assert move.world.ask("state")["sites"]["access"]["serving"] == OLD
    restores = ops(move, "login.software.restore")
    move.point_to(NEW)
    outcome = move.play()
    assert outcome.code == 0, outcome.out
    assert_moved(move)
    assert ops(move, "login.software.restore") == restores


def test_restore_that_is_too_old_does_not_go_into_service(worlds: Worlds) -> None:
    move = start(worlds, new={"base": "6.2.0", "product": "24.3.1"})
    assert move.play().code != 0
    move.world.tell("sessions", site="access", count=3)
    outcome = move.play(**move.by_itself(), hardware_migration_max_age=0.5)
    assert outcome.code != 0
    assert "what was done since would be lost" in outcome.out
    assert move.world.ask("state")["sites"]["access"]["serving"] == OLD
    assert move.world.ask("violations") == []


def test_stage_stops_there_and_goes_on(worlds: Worlds) -> None:
    move = start(worlds, new={"base": "6.2.0", "product": "24.3.1"})
    staged = move.play(**move.by_itself(), bt_stage="prepare")
    assert staged.code == 0, staged.out
    assert ops(move, "login.password.change") == 1
    assert ops(move, "login.software.restore") == 0
    outcome = move.play(**move.by_itself())
    assert outcome.code == 0, outcome.out
    assert_moved(move)


def test_licence_agreement_needs_a_named_person(worlds: Worlds) -> None:
    def with_eula(config: dict[str, Any]) -> None:
        config["catalogue"][-1]["eula"] = True

    move = start(worlds, with_eula)
    stopped = move.play(**move.by_itself())
    assert stopped.code != 0
    assert "bt_accept_eula" in stopped.out
    assert ops(move, "login.software.restore") == 0
    outcome = move.play(**move.by_itself(), bt_accept_eula="Jane Doe")
    assert outcome.code == 0, outcome.out
    assert_moved(move)


def test_what_no_backup_holds_stops_before_the_switch(worlds: Worlds) -> None:
    move = start(worlds, new={"base": "6.2.0", "product": "24.3.1"})
    key = move.world.folder / "vault.key"
    stopped = move.play(**move.by_itself(), bt_waived={"recordings": "Jane Doe"})
    assert stopped.code != 0
    assert "vault_key" in stopped.out
    assert "big_files" in stopped.out
    assert move.world.ask("state")["sites"]["access"]["serving"] == OLD
    key.write_text("the key")
    outcome = move.play(
        **move.by_itself(), bt_waived={"big_files": "Jane Doe"}, bt_collected={"vault_key": str(key)}
    )
    assert outcome.code == 0, outcome.out
    assert_moved(move)
    settings = move.world.run_dir / "gaps" / f"{OLD}-appliance-settings.json"
    assert settings.stat().st_mode & 0o777 == 0o600
    assert json.loads(settings.read_text())["fields"]


def test_a_new_box_that_is_half_of_a_pair_is_left_alone(worlds: Worlds) -> None:
    move = start(worlds, new={"base": "6.2.0", "product": "24.3.1"})
    assert move.play(**move.by_itself(), bt_stage="prepare").code == 0
    move.world.tell("role", box=NEW, role="primary")
    move.world.forget_log()
    outcome = move.play(**move.by_itself())
    assert outcome.code != 0
    assert f"{NEW} has the failover role primary" in outcome.out
    assert "certificate" not in " ".join(entry["op"] for entry in move.world.mutations())
    assert move.world.ask("state")["sites"]["access"]["serving"] == OLD
    assert move.world.ask("violations") == []


def test_settings_that_differ_on_the_new_box_are_named(worlds: Worlds) -> None:
    move = start(worlds, new={"base": "6.2.0", "product": "24.3.1"})
    outcome = move.play(**move.by_itself())
    assert outcome.code == 0, outcome.out
    summary = json.loads((move.world.run_dir / "summary.json").read_text())
    assert any("IP Configuration" in item["text"] for item in summary["by_hand"])


# -- what is refused before anything is done -------------------------------------------------------------------


def assert_refused(move: Move, outcome: Any, *words: str) -> None:
    """Non-zero, these words, nothing changed, no traceback."""
    assert outcome.code != 0, outcome.out
    for word in words:
        assert word in outcome.out, outcome.out
    assert "Traceback" not in outcome.out
    assert move.world.mutations() == []
    assert move.world.ask("violations") == []


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"bt_waived": {"recordngs": "Jane Doe"}}, "recordngs"),
        ({"bt_waived": {"recordings": ""}}, "names nobody"),
        ({"bt_waived": 7}, "waived"),
        ({"bt_collected": {"vault_key": "/nowhere/vault.key"}}, "/nowhere/vault.key"),
        ({"bt_cutover": "teleport"}, "teleport"),
        ({"bt_cutover": "shared_ip"}, "shared_ip"),
        ({"bt_stage": "half"}, "half"),
        ({"hardware_migration_max_age": -1}, "max_age"),
    ],
)
def test_variable_with_an_impossible_value(worlds: Worlds, variables: dict[str, Any], word: str) -> None:
    move = start(worlds)
    assert_refused(move, move.play(**variables), word)


def test_exchanged_boxes(worlds: Worlds) -> None:
    move = start(worlds)

    def swap(inventory: dict[str, Any]) -> None:
        children = inventory["all"]["children"]
        children["bt_old"], children["bt_new"] = children["bt_new"], children["bt_old"]

    move.world.change_inventory(swap)
    assert_refused(move, move.play(**move.by_itself()), "exchanged in the inventory")


def test_both_names_lead_to_one_box(worlds: Worlds) -> None:
    move = start(worlds)
    move.world.change_inventory(
        lambda inventory: hosts_of(inventory, "bt_new")[NEW].update(hosts_of(inventory, "bt_old")[OLD])
    )
    assert_refused(move, move.play(**move.by_itself()), "one")


def test_no_new_box(worlds: Worlds) -> None:
    move = start(worlds)
    move.world.change_inventory(lambda inventory: inventory["all"]["children"].pop("bt_new"))
    assert_refused(move, move.play(**move.by_itself()), "bt_new")


def test_name_that_leads_elsewhere(worlds: Worlds) -> None:
    move = start(worlds)
    (move.world.folder / "where").write_text("127.0.0.1")
    assert_refused(move, move.play(**move.by_itself()), "public name")


def test_wrong_clock(worlds: Worlds) -> None:
    move = start(worlds)
    move.world.tell("clock", box=NEW, offset=600)
    assert_refused(move, move.play(**move.by_itself()), "clock of box-new.example.test is wrong")
