# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""bt_restore: what it refuses, what it does when answers are lost, and whose log-ins hold afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.integration.conftest import World, hosts_of
from tests.integration.moving import NEW, OLD, SECRETS, Move, start

Worlds = Callable[..., World]
LIKE_OLD = {"base": "6.2.0", "product": "24.3.1"}
PASSWORD = SECRETS["bt_backup_password"]
BACKUP = {"bt_ops.pra.bt_backup": {"password": "{{ bt_backup_password }}"}, "register": "taken"}


def restore(to: str = NEW, **options: Any) -> dict[str, Any]:
    """A task that restores the backup that was taken."""
    given = {"src": "{{ taken.backup.path }}", "password": "{{ bt_backup_password }}", **options}
    named = {key: value for key, value in given.items() if value is not None}
    return {"bt_ops.pra.bt_restore": named, "delegate_to": to}


def restored(move: Move) -> bool:
    """Whether the new box has the data of the old one."""
    return bool(move.box(NEW)["settings"] == move.box(OLD)["settings"])


def assert_refused(move: Move, code: int, out: str, *words: str) -> None:
    """Non-zero, these words, nothing restored anywhere, no rule broken, no secret shown."""
    assert code != 0, out
    for word in words:
        assert word in out, out
    assert "Traceback" not in out
    assert PASSWORD not in out
    assert move.world.ask("violations") == []
    assert not move.box(NEW)["restored"]
    assert not move.box(OLD)["restored"]


@pytest.mark.parametrize("era", ["", pytest.param("app", marks=[pytest.mark.wide, pytest.mark.timeout(400)])])
def test_first_log_in_and_restore_and_again(worlds: Worlds, era: str) -> None:
    move = start(worlds, new={**LIKE_OLD, **({"era": era} if era else {})})
    outcome = move.tasks(BACKUP, restore(), restore())
    assert outcome.code == 0, outcome.out
    assert outcome.recap("changed") == 2
    assert restored(move)
    assert move.box(NEW)["sessions"] == move.box(OLD)["sessions"]
    assert [entry["op"] for entry in move.world.ask("log")].count("login.software.restore") == 1
    assert move.world.ask("violations") == []


def test_restored_data_is_the_saved_data(worlds: Worlds) -> None:
    move = start(worlds, new=LIKE_OLD)
    again = {"bt_ops.pra.bt_backup": {"password": "{{ bt_backup_password }}"}, "delegate_to": NEW}
    outcome = move.tasks(BACKUP, restore(), again)
    assert outcome.code == 0, outcome.out
    held = {}
    for path in (move.world.run_dir / "backups").glob("*.nsb"):
        answer = requests.post(
            f"{move.world.control}/inspect-backup", params={"password": PASSWORD}, data=path.read_bytes(), timeout=10
        )
        held[NEW if path.name.startswith(NEW) else OLD] = answer.json()["data"]
    assert held[NEW] == held[OLD]


@pytest.mark.parametrize(
    "fault",
    ["do_then_reset", "garbage", *(pytest.param(fault, marks=pytest.mark.wide) for fault in ("502", "login_redirect"))],
)
def test_answer_to_the_upload_is_lost(worlds: Worlds, fault: str) -> None:
    move = start(worlds, new=LIKE_OLD)
    move.world.tell("faults", do=fault, op="login.software.restore")
    outcome = move.tasks(BACKUP, restore())
    again = outcome if outcome.code == 0 else move.tasks(BACKUP, restore())
    assert again.code == 0, outcome.out + again.out
    assert restored(move)
    assert move.world.ask("violations") == []


def test_upload_that_never_arrived_is_sent_by_the_same_command(worlds: Worlds) -> None:
    move = start(worlds, new=LIKE_OLD)
    move.world.tell("faults", do="reset", op="login.software.restore")
    first = move.tasks(BACKUP, restore())
    assert first.code != 0
    assert not restored(move)
    second = move.tasks(BACKUP, restore())
    assert second.code == 0, second.out
    assert restored(move)
    assert move.world.ask("violations") == []


def test_log_ins_of_the_inventory_are_not_those_of_the_backup(worlds: Worlds) -> None:
    move = start(worlds, new=LIKE_OLD)

    def other(inventory: dict[str, Any]) -> None:
        host = hosts_of(inventory, "bt_new")[NEW]
        host.update(bt_login_username="somebody", bt_login_password="canary-Other-Pass-7")

    move.world.change_inventory(other)
    outcome = move.tasks(BACKUP, restore())
    assert outcome.code != 0
    assert "bt_login_username" in outcome.out
    assert "canary-Other-Pass-7" not in outcome.out
    tries = [entry for entry in move.world.ask("log") if entry["box"] == NEW and entry["op"] == "login.entry.login"]
    assert len(tries) <= 4  # factory, its new password, the wrong one once; none twice
    assert move.world.ask("violations") == []


def test_box_in_use(worlds: Worlds) -> None:
    move = start(worlds, new=LIKE_OLD)
    site = {"site_hostname": "{{ bt_site_hostname }}", "site_port": "{{ bt_site_port }}"}
    outcome = move.tasks(BACKUP, restore(to=OLD))
    assert_refused(move, outcome.code, outcome.out, "is in use")
    outcome = move.tasks(BACKUP, restore(to=OLD, site_address="{{ bt_site_address }}", **site))
    assert_refused(move, outcome.code, outcome.out, "serves access.example.test")
    outcome = move.tasks(BACKUP, restore(to=OLD, confirm_serial=move.box(OLD)["serial"]))
    assert_refused(move, outcome.code, outcome.out, "is in use")


def test_box_that_somebody_has_set_up_needs_its_serial(worlds: Worlds) -> None:
    move = start(worlds, new=LIKE_OLD)
    move.world.change_inventory(lambda inventory: hosts_of(inventory, "bt_new")[NEW].update(bt_login_username="admin"))
    prepared = {"bt_ops.pra.bt_restore": {"state": "prepared"}, "delegate_to": NEW}
    assert move.tasks(prepared).code == 0
    (move.world.folder / "runs").rename(move.world.folder / "elsewhere")
    outcome = move.tasks(BACKUP, restore())
    assert_refused(move, outcome.code, outcome.out, "is not factory-new", "bt_confirm_serial")
    outcome = move.tasks(BACKUP, restore(confirm_serial=move.box(OLD)["serial"]))
    assert_refused(move, outcome.code, outcome.out, "was typed")
    move.tasks(BACKUP, restore(confirm_serial=move.box(NEW)["serial"]))
    assert restored(move)


def test_paired_box(worlds: Worlds) -> None:
    world = worlds()
    serial = world.box("b")["serial"]
    move = Move(world, {})

    def rename(inventory: dict[str, Any]) -> None:
        inventory["all"]["children"]["bt_old"] = inventory["all"]["children"].pop("bt_primary")

    world.change_inventory(rename)
    outcome = move.tasks(BACKUP, restore(to="box-b.example.test", confirm_serial=serial))
    assert outcome.code != 0
    assert "failover role backup" in outcome.out
    assert world.ask("violations") == []


@pytest.mark.parametrize("new", [{"base": "6.1.0", "product": "23.3.1"}, {"base": "6.2.0", "product": "23.3.1"}])
def test_other_version(worlds: Worlds, new: dict[str, str]) -> None:
    move = start(worlds, new=new)
    outcome = move.tasks(BACKUP, restore())
    assert_refused(move, outcome.code, outcome.out, "runs product 23.3.1, the backup is of 24.3.1")


def test_wrong_password_for_the_backup(worlds: Worlds) -> None:
    move = start(worlds, new=LIKE_OLD)
    outcome = move.tasks(BACKUP, restore(password="{{ bt_certificate_passphrase }}"))
    assert_refused(move, outcome.code, outcome.out, "does not restore the backup")
    assert SECRETS["bt_certificate_passphrase"] not in outcome.out
    again = move.tasks(BACKUP, restore())
    assert again.code == 0, again.out
    assert restored(move)


@pytest.mark.parametrize(
    ("break_it", "word"),
    [
        ("truncate -s 1000 {}", "is not the backup that its manifest describes"),
        ("echo nonsense > {}", "is not the backup that its manifest describes"),
        ("rm {}.json", "no manifest"),
        ("rm {}", "does not exist"),
        ("mv {} {}.gone && mkdir {}", "is no file"),
    ],
)
def test_file_that_is_not_the_proven_backup(worlds: Worlds, break_it: str, word: str) -> None:
    move = start(worlds, new=LIKE_OLD)
    command = break_it.replace("{}", "{{ taken.backup.path }}")
    here = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    outcome = move.tasks(BACKUP, {"ansible.builtin.shell": command, "vars": here}, restore())
    assert_refused(move, outcome.code, outcome.out, word)
    assert move.box(NEW)["factory"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"src": None}, "src is missing"),
        ({"password": None}, "needs the password"),
        ({"max_age": 0.001}, "what was done since would be lost"),
        ({"max_age": -1}, "max_age"),
        ({"timeout": "soon"}, "timeout"),
        ({"state": "undone"}, "state"),
        ({"confirm_serial": "../x"}, "confirm_serial"),
    ],
)
def test_option_with_an_impossible_value(worlds: Worlds, options: dict[str, Any], word: str) -> None:
    move = start(worlds, new=LIKE_OLD)
    outcome = move.tasks(BACKUP, restore(**options))
    assert_refused(move, outcome.code, outcome.out, word)
