# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The old box is reset and shut down, and refused for each missing piece of evidence; the serving box never is."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from tests.integration.conftest import Outcome, World, hosts_of, serving
from tests.integration.moving import NEW, OLD, Move, moved, start

Worlds = Callable[..., World]


def resets(move: Move) -> int:
    """How many resets any box has done or begun."""
    return sum(move.box(name)["reset"]["done"] + move.box(name)["reset"]["running"] for name in (OLD, NEW))


def assert_refused(move: Move, outcome: Outcome, *words: str) -> None:
    """Non-zero, the missing piece is named, no box is reset or off, nothing was violated."""
    assert outcome.code != 0, outcome.out
    for word in words:
        assert word in outcome.out, outcome.out
    assert "Traceback" not in outcome.out
    assert resets(move) == 0
    asked = {entry["op"] for entry in move.world.ask("log")}
    assert asked.isdisjoint({"appliance.factory_reset.confirm", "appliance.basics.shut_down"})
    assert move.world.ask("violations") == []


def forget(journal: Path, kind: str) -> None:
    """Make a journal that never knew records of a kind, as that of another run."""
    records = Journal(str(journal.parent)).records()
    journal.unlink()
    own = ("schema", "time", "kind", "text", "previous", "hash")
    for record in records:
        if record["kind"] != kind:
            told = {key: value for key, value in record.items() if key not in own}
            Journal(str(journal.parent)).write(record["kind"], record["text"], **told)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, worker_number: int) -> Iterator[Move]:
    """A site that has moved, for all the tests that must leave its boxes alone."""
    with serving(tmp_path_factory.mktemp("settled"), 28 + worker_number * 10) as worlds:
        move = moved(worlds)
        shutil.copytree(move.world.folder / "runs", move.world.folder / "runs-as-they-were")
        shutil.copy(move.world.inventory, move.world.folder / "inventory-as-it-was")
        yield move


@pytest.fixture
def move(settled: Move) -> Move:
    """The same, with whatever a test before has changed put back."""
    folder = settled.world.folder
    shutil.rmtree(folder / "runs", ignore_errors=True)
    shutil.copytree(folder / "runs-as-they-were", folder / "runs")
    shutil.copy(folder / "inventory-as-it-was", settled.world.inventory)
    settled.point_to(NEW)
    return settled


@pytest.mark.parametrize(
    ("era", "language"),
    [
        ("tables", "nl"),
        pytest.param("divs", "en", marks=pytest.mark.wide),
        pytest.param("aria", "nl", marks=pytest.mark.wide),
    ],
)
def test_old_box_is_reset_and_shut_down(worlds: Worlds, era: str, language: str) -> None:
    move = moved(worlds, era=era, language=language)
    planned = move.reset("--check")
    assert planned.code == 0, planned.out
    assert "would reset" in planned.out
    assert resets(move) == 0
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["reset"] == {"running": False, "done": 1}
    assert move.box(OLD)["system"] == "closed"
    assert move.world.ask("state")["sites"]["access"]["serving"] == NEW
    assert move.world.ask("violations") == []
    proof = move.world.run_dir / f"reset-{OLD}.json"
    assert proof.stat().st_mode & 0o777 == 0o600
    assert all(one["ok"] for one in json.loads(proof.read_text())["evidence"])
    assert "FINISHED: the factory reset of box-old.example.test." in outcome.out
    again = move.reset()
    assert again.code == 0, again.out
    assert again.recap("changed") == 0
    rest = move.play()
    assert rest.code == 0, rest.out
    assert rest.recap("changed") == 0


def test_without_shutting_down_and_then_with_it(worlds: Worlds) -> None:
    move = moved(worlds)
    outcome = move.reset(bt_shut_down=False)
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["reset"]["done"] == 1
    assert move.box(OLD)["system"] == "open"
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["reset"]["done"] == 1
    assert move.box(OLD)["system"] == "closed"


@pytest.mark.parametrize("op", ["appliance.factory_reset.confirm", "appliance.basics.shut_down"])
def test_killed_in_the_middle_the_same_command_goes_on(worlds: Worlds, op: str) -> None:
    move = moved(worlds)
    move.killed_at("factory_reset", op, {"bt_confirm_serial": move.box(OLD)["serial"]}, 0.1)
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["reset"]["done"] == 1
    assert move.box(OLD)["system"] == "closed"
    assert move.world.ask("violations") == []


def test_killed_before_the_box_heard_of_it_the_same_command_resets_it(worlds: Worlds) -> None:
    move = moved(worlds)
    confirm = "appliance.factory_reset.confirm"
    move.world.tell("faults", do="hold", op=confirm)
    move.killed_at("factory_reset", confirm, {"bt_confirm_serial": move.box(OLD)["serial"]}, 0.1)
    move.world.tell("release")
    assert move.box(OLD)["reset"]["done"] == 0
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["reset"]["done"] == 1
    assert move.box(OLD)["system"] == "closed"
    assert move.world.ask("violations") == []


def test_password_that_the_box_never_heard_of_is_not_tried_twice(worlds: Worlds) -> None:
    """Two refusals in a row may lock the account."""
    move = moved(worlds)
    move.world.tell("faults", do="login_redirect", op="appliance.password.change", count=1)
    outcome = move.reset()
    assert outcome.code != 0
    assert move.world.ask("violations") == []
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["system"] == "closed"
    assert move.world.ask("violations") == []


def test_lost_answer_is_asked_about(worlds: Worlds) -> None:
    move = moved(worlds)
    move.world.tell("faults", do="do_then_reset", op="appliance.factory_reset.confirm")
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["reset"]["done"] == 1
    assert move.world.ask("violations") == []


@pytest.mark.parametrize(
    ("op", "said", "resets_done"),
    [
        ("appliance.factory_reset.confirm", "did not begin the reset", 0),
        ("appliance.basics.shut_down", "its answer was lost, and it is still on", 1),
    ],
)
def test_what_the_box_never_heard_of_is_neither_waited_for_nor_called_done(
    worlds: Worlds, op: str, said: str, resets_done: int
) -> None:
    """The network stumbled as the button was pressed: a moment of silence is no sign of a wipe, nor of a box that is
    off."""
    move = moved(worlds)
    move.world.tell("faults", do="refuse", op=op, seconds=3)
    outcome = move.reset()
    assert outcome.code != 0
    assert said in outcome.out
    assert move.box(OLD)["reset"]["done"] == resets_done
    assert move.box(OLD)["system"] == "open"
    outcome = move.reset()
    assert outcome.code == 0, outcome.out
    assert move.box(OLD)["system"] == "closed"
    assert move.world.ask("violations") == []


# -- one missing piece of evidence each ------------------------------------------------------------------------


def test_no_serial_typed(move: Move) -> None:
    assert_refused(move, move.reset(bt_confirm_serial=""), "confirm_serial")


@pytest.mark.parametrize("whose", ["other", "new"])
def test_another_serial_typed(move: Move, whose: str) -> None:
    serial = "BPRA-00000000" if whose == "other" else move.box(NEW)["serial"]
    assert_refused(move, move.reset(bt_confirm_serial=serial), f"{serial} was typed")


def test_both_names_lead_to_the_old_box(move: Move) -> None:
    move.world.change_inventory(
        lambda inventory: hosts_of(inventory, "bt_new")[NEW].update(hosts_of(inventory, "bt_old")[OLD])
    )
    assert_refused(move, move.reset(), "another box")


def test_public_name_leads_to_the_old_box(move: Move) -> None:
    move.point_to(OLD)
    assert_refused(move, move.reset(), "is answered by box-old.example.test itself")


def test_nobody_answers_on_the_public_name(move: Move) -> None:
    (move.world.folder / "where").write_text("127.0.0.1")
    assert_refused(move, move.reset(), "is not answered by box-new.example.test")


def test_new_box_does_not_answer(worlds: Worlds) -> None:
    move = moved(worlds)
    move.world.tell("power", box=NEW, on=False)
    assert_refused(move, move.reset(), "cannot be found out")


def test_somebody_is_on_the_old_box(worlds: Worlds) -> None:
    move = moved(worlds)
    move.world.tell("users", box=OLD, user="late.worker")
    assert_refused(move, move.reset(), "nobody is connected to it", "1 users logged in")


def test_somebody_is_on_the_old_box_seen_by_xml(worlds: Worlds) -> None:
    def without_v2(config: dict[str, Any]) -> None:
        config["sites"][0]["api"]["v2"] = False

    move = start(worlds, without_v2, new={"base": "6.2.0", "product": "24.3.1"})
    assert move.play(**move.by_itself()).code == 0
    planned = move.reset("--check")
    assert planned.code == 0, planned.out
    move.world.tell("users", box=OLD, user="late.worker")
    assert_refused(move, move.reset(), "nobody is connected to it", "1 users logged in")


def test_no_api_account_to_ask_who_is_there(move: Move) -> None:

    def drop(inventory: dict[str, Any]) -> None:
        for key in ("bt_api_client_id", "bt_api_client_secret"):
            hosts_of(inventory, "bt_old")[OLD].pop(key)

    move.world.change_inventory(drop)
    assert_refused(move, move.reset(), "bt_api_client_id")


def test_backup_is_not_proven_restored(move: Move) -> None:
    forget(move.world.run_dir / "journal.jsonl", "restored")
    assert_refused(move, move.reset(), "knows of no restore")


def test_backup_is_gone(move: Move) -> None:
    for path in (move.world.run_dir / "backups").glob("*.nsb"):
        path.unlink()
    assert_refused(move, move.reset(), "is not there any more")


def test_items_that_nobody_collected_or_waived(move: Move) -> None:
    forget(move.world.run_dir / "journal.jsonl", "gap")
    assert_refused(move, move.reset(), "neither collected nor waived: recordings, vault_key")


def test_run_folder_of_nobody(move: Move) -> None:
    shutil.rmtree(move.world.folder / "runs")
    assert_refused(move, move.reset(), "knows of no restore")


def test_update_runs_on_the_old_box(worlds: Worlds) -> None:
    base = {"kind": "base", "version": "6.3.0", "requires_base": "6.2.0"}
    move = start(worlds, lambda config: config["catalogue"].append(base), new={"base": "6.2.0", "product": "24.3.1"})
    assert move.play(**move.by_itself()).code == 0
    move.world.tell("durations", base_install=30.0, base_outage=0.5)
    move.world.tell("user-update", box=OLD, package="base-6.3.0", by="somebody")
    time.sleep(1.0)
    assert_refused(move, move.reset(), "box-old.example.test")


def test_paired_old_box(worlds: Worlds) -> None:
    """A pair is in no migration; its primary, named as the old box, is not reset."""
    world = worlds()

    def rename(inventory: dict[str, Any]) -> None:
        children = inventory["all"]["children"]
        children["bt_old"], children["bt_new"] = children.pop("bt_primary"), children.pop("bt_backup")

    world.change_inventory(rename)
    serial = world.box("a")["serial"]
    outcome = world.play("factory_reset", "-e", json.dumps({"bt_confirm_serial": serial}))
    assert outcome.code != 0
    assert "no failover relationship (its failover role is primary" in outcome.out
    assert world.mutations() == []


@pytest.mark.parametrize("serial", ["old", "new"])
def test_swapped_inventory_never_resets_the_serving_box(move: Move, serial: str) -> None:

    def swap(inventory: dict[str, Any]) -> None:
        children = inventory["all"]["children"]
        children["bt_old"], children["bt_new"] = children["bt_new"], children["bt_old"]

    move.world.change_inventory(swap)
    typed = move.box(OLD if serial == "old" else NEW)["serial"]
    assert_refused(move, move.reset(bt_confirm_serial=typed), f"is answered by {NEW} itself")


def test_exchanged_addresses_never_reset_the_serving_box(move: Move) -> None:

    def swap(inventory: dict[str, Any]) -> None:
        old, new = hosts_of(inventory, "bt_old")[OLD], hosts_of(inventory, "bt_new")[NEW]
        old["ansible_host"], new["ansible_host"] = new["ansible_host"], old["ansible_host"]
        for key in ("bt_appliance_username", "bt_appliance_password"):
            old[key], new[key] = new[key], old[key]

    move.world.change_inventory(swap)
    outcome = move.reset(bt_confirm_serial=move.box(NEW)["serial"])
    assert_refused(move, outcome, OLD)
