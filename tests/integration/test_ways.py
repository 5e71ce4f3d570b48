# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module does and tells the same whether it runs in the controller's process or is shipped elsewhere."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ansible_runner
import pytest
import yaml

from tests.integration.conftest import BIN, World, hosts_of

Worlds = Callable[..., World]
CONNECTIONS = Path(__file__).parent / "connections"

TASKS: list[dict[str, Any]] = [
    {"bt_ops.pra.bt_info": {}},
    {"bt_ops.pra.bt_backup": {"dest": "{{ folder }}/backups"}, "check_mode": True},
    {"bt_ops.pra.bt_shared_ip": {"address": "{{ bt_shared_ip }}", "enabled": False}, "check_mode": True, "diff": True},
    {"bt_ops.pra.bt_update": {"version": "99.1"}},
    {"bt_ops.pra.bt_update": {"version": "banana"}},
    {"bt_ops.pra.bt_info": {"port": 70000}},
    {"bt_ops.pra.bt_info": {"colour": "red"}},
    {"bt_ops.pra.bt_shared_ip": {"address": "192.0.2.77", "enabled": True}},
    {"bt_ops.pra.bt_failover": {"state": "broken", "max_sync_age": 0}},
]
# What differs by nature: the time that the box tells, and what Ansible itself adds to what it ships.
AGE = re.compile(r"[\d.]+ \w+(?: \d+ \w+)? ago")
BY_NATURE = {
    "box_time",
    "system_time",
    "invocation",
    "ansible_facts",
    "_ansible_no_log",
    "_ansible_parsed",
    "exception",
}


def play(world: World, connection: str) -> list[dict[str, Any]]:
    """Run the tasks on box a over a connection and give their results."""
    tasks: list[dict[str, Any]] = []
    for number, task in enumerate(TASKS):
        tasks.append({**task, "name": f"Task {number}", "register": f"result_{number}", "ignore_errors": True})
    names = [f"result_{number}" for number in range(len(TASKS))]
    listed = "{{ [" + ", ".join(names) + "] | to_json }}"
    target = world.folder / f"{connection}.json"
    tasks.append(
        {
            "ansible.builtin.copy": {"content": listed, "dest": str(target), "mode": "0600"},
            "delegate_to": "localhost",
            "connection": "local",
        }
    )
    playbook = world.folder / f"{connection}.yml"
    playbook.write_text(
        yaml.safe_dump(
            [
                {
                    "hosts": "bt_primary",
                    "gather_facts": False,
                    "connection": connection,
                    "vars": {
                        "folder": str(world.folder),
                        "ansible_python_interpreter": sys.executable,
                        "bt_run_dir": str(world.folder / connection),
                    },
                    "tasks": tasks,
                }
            ]
        )
    )
    environment = {**world.environment(), "ANSIBLE_CONNECTION_PLUGINS": str(CONNECTIONS)}
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "-i", str(world.inventory), str(playbook)],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    results: list[dict[str, Any]] = json.loads(target.read_text())
    return results


def comparable(value: Any, connection: str) -> Any:
    """A result without what differs by nature."""
    if isinstance(value, dict):
        return {key: comparable(inner, connection) for key, inner in value.items() if key not in BY_NATURE}
    if isinstance(value, list):
        return [comparable(inner, connection) for inner in value]
    return AGE.sub("some time ago", value.replace(f"/{connection}/", "/")) if isinstance(value, str) else value


def test_shipped_and_not_shipped_are_alike(worlds: Worlds) -> None:
    world = worlds()
    here, there = play(world, "local"), play(world, "elsewhere")
    for number, (one, other) in enumerate(zip(here, there, strict=True)):
        if "colour" in str(TASKS[number]):  # AnsibleModule refuses that by itself
            assert one["msg"].startswith(other["msg"].rstrip("."))
            continue
        assert comparable(one, "local") == comparable(other, "elsewhere"), TASKS[number]
    assert [result.get("failed", False) for result in here] == [False] * 3 + [True] * 6
    assert world.mutations() == []


def test_progress_is_told_while_a_wait_goes_on_and_the_runner_loses_nothing(worlds: Worlds, tmp_path: Path) -> None:
    world = worlds(lambda config: config["durations"].update(sync=3.0))
    private = tmp_path / "runner"
    private.mkdir()
    events: list[tuple[float, str]] = []

    def note(event: dict[str, Any]) -> bool:
        events.append((datetime.datetime.fromisoformat(event["created"]).timestamp(), event["stdout"]))
        return True

    done = ansible_runner.run(
        private_data_dir=str(private),
        playbook="bt_ops.pra.async_upgrade",
        inventory=str(world.inventory),
        envvars={**world.environment(), "PATH": f"{BIN}:{os.environ['PATH']}"},
        extravars={"bt_run_dir": str(world.folder / "runs"), "bt_stage": "sync"},
        event_handler=note,
        quiet=True,
    )
    assert done.rc == 0
    told = [(when, text) for when, text in events if "data sync: " in text]
    assert len(told) >= 2
    ended = next(when for when, text in events if "ok=" in text or "PLAY RECAP" in text)
    assert told[0][0] < ended - 2.0, "the first line came while the sync ran"


@pytest.mark.parametrize("verbosity", ["-vvvv"])
def test_no_secret_is_shown(worlds: Worlds, verbosity: str) -> None:
    world = worlds()

    def protect(inventory: dict[str, Any]) -> None:
        hosts_of(inventory, "bt_primary")["box-a.example.test"]["bt_backup_password"] = "canary-backup-password"

    world.change_inventory(protect)
    outcome = world.play("async_upgrade", verbosity)
    assert outcome.code == 0, outcome.out
    told = json.loads((world.inventory.parent / "simbox.json").read_text())
    secrets = {"canary-backup-password"}
    for box in told["boxes"].values():
        secrets |= {box["appliance"]["password"], box["login"]["password"], box["api"]["client_secret"]}
    places = {"stdout": outcome.out}
    for path in [world.folder / "runs", *(world.folder / "runs").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
        if path.is_file() and path.suffix != ".nsb":
            places[str(path)] = path.read_text(errors="replace")
    for path in (world.folder / "tmp").rglob("*"):
        if path.is_file():
            places[str(path)] = path.read_text(errors="replace")
    shown = [place for place, text in places.items() for secret in secrets if secret in text]
    assert shown == []
