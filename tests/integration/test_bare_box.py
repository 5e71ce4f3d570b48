# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A new box on which no site software is installed yet: what tells so, and how a site moves to it (G41, G42)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.conftest import World, hosts_of
from tests.integration.moving import NEW, start
from tests.integration.test_migration import assert_moved, ops

Worlds = Callable[..., World]


@pytest.mark.parametrize(("status", "language"), [(503, "en"), (404, "nl")])
def test_a_site_moves_to_a_box_without_site_software_and_a_second_run_changes_nothing(
    worlds: Worlds, status: int, language: str
) -> None:
    move = start(worlds, new={"bare": status}, language=language)
    variables = move.by_itself()
    checked = move.play("--check", **variables)
    assert checked.code == 0, checked.out
    assert move.world.mutations() == []
    first = move.play(**variables)
    assert first.code == 0, first.out
    assert_moved(move)
    assert move.box(NEW)["updates"]["started"] == ["base-6.2.0", "product-24.3.1"]
    before = len(move.world.mutations())
    second = move.play(**variables)
    assert second.code == 0, second.out
    assert second.recap("changed") == 0
    assert len(move.world.mutations()) == before


@pytest.mark.parametrize("op", ["appliance.certificate_import.upload", "appliance.updates.install"])
def test_killed_on_the_way_to_its_site_software_the_same_command_goes_on(worlds: Worlds, op: str) -> None:
    move = start(worlds, new={"bare": 503})
    variables = move.by_itself()
    move.killed_at("hardware_migration", op, variables, delay=0.2)
    outcome = move.play(**variables)
    assert outcome.code == 0, outcome.out
    assert_moved(move)
    assert ops(move, "appliance.updates.install") == 2


@pytest.mark.parametrize("status", [503, 404])
def test_status_and_doctor_tell_that_there_is_no_site_software_yet(worlds: Worlds, status: int) -> None:
    move = start(worlds, new={"bare": status})
    for playbook in ("status", "doctor"):
        outcome = move.world.play(playbook)
        assert outcome.code == 0, outcome.out
        assert "no site software is installed yet" in outcome.out
    assert move.world.mutations() == []


def test_a_box_in_use_whose_site_is_away_is_no_success_of_status(worlds: Worlds) -> None:
    move = start(worlds)
    move.world.tell("faults", do="503", box="box-old.example.test", path="^/(login|api|oauth2|check_health)", count=-1)
    outcome = move.world.play("status")
    assert outcome.code != 0
    assert "Only a box in bt_new may be so" in outcome.out


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_refused_account_of_appliance_says_what_a_person_does_first(worlds: Worlds, language: str) -> None:
    move = start(worlds, new={"bare": 503}, language=language)
    move.world.change_inventory(
        lambda inventory: hosts_of(inventory, "bt_new")[NEW].update(bt_appliance_password="not yet set")
    )
    outcome = move.play()
    assert outcome.code != 0
    told = " ".join(outcome.out.split())
    for wanted in ("/appliance, log in with the factory credentials", "bt_appliance_password of " + NEW):
        assert wanted in told, told
    assert move.world.mutations() == []
    assert ops(move, "appliance.entry.login") == 1
