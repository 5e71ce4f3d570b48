# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A site on an old box and a factory-new one beside it, for tests of the move and of what comes after it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from tests.integration.conftest import Config, Outcome, World, hosts_of, kill_group

OLD, NEW = "box-old.example.test", "box-new.example.test"
WAIVED = {"recordings": "Jane Doe", "vault_key": "Jane Doe", "big_files": "Jane Doe"}
SECRETS = {"bt_backup_password": "canary-Backup-1", "bt_certificate_passphrase": "canary-Passphrase-1"}
Worlds = Callable[..., World]
_READABLE = (".json", ".jsonl", ".txt", ".html")


@dataclass
class Move:
    """Both boxes, and the file that says where the site's name leads to."""

    world: World
    addresses: dict[str, str]

    def box(self, name: str) -> dict[str, Any]:
        """The state of a box."""
        state: dict[str, Any] = self.world.ask("state")["boxes"][name]
        return state

    def point_to(self, name: str) -> None:
        """Switch the site's name by hand."""
        self.world.tell("public", site="access", box=name)
        (self.world.folder / "where").write_text(self.addresses[name])

    def play(self, *arguments: str, **variables: Any) -> Outcome:
        """Run hardware_migration.yml."""
        return self.world.play("hardware_migration", *self.given(variables), *arguments)

    def reset(self, *arguments: str, **variables: Any) -> Outcome:
        """Run factory_reset.yml as somebody does who has read the serial off the old box."""
        serial = {"bt_confirm_serial": self.box(OLD)["serial"]}
        return self.world.play("factory_reset", *self.given({**serial, **variables}), *arguments)

    def given(self, variables: dict[str, Any]) -> list[str]:
        """Extra variables, as a file: Ansible prints those of the command line."""
        path = self.world.folder / "given.json"
        path.write_text(json.dumps({**SECRETS, "bt_waived": WAIVED, **variables}))
        return ["-e", f"@{path}"]

    def secrets(self) -> set[str]:
        """Everything that must stand in no output and in no file that people read."""
        hosts = [
            host
            for group in yaml.safe_load(self.world.inventory.read_text())["all"]["children"].values()
            for host in group["hosts"].values()
        ]
        named = ("bt_appliance_password", "bt_login_password", "bt_api_client_secret")
        return {*SECRETS.values(), *(host[name] for host in hosts for name in named)}

    def assert_no_secret_shown(self, out: str) -> None:
        """Neither on the screen nor in the journal, the summaries, the settings, the copies of pages."""
        files = [path for path in self.world.run_dir.rglob("*") if path.is_file() and path.suffix in _READABLE]
        for text in (out, *(path.read_text(errors="replace") for path in files)):
            assert not [secret for secret in self.secrets() if secret in text]

    def by_itself(self) -> dict[str, str]:
        """Variables by which the playbook switches the name by a tasks file of the user's."""
        tasks = self.world.folder / "switch.yml"
        tasks.write_text(yaml.safe_dump([
            {"name": "Point the name", "ansible.builtin.uri": {
                "url": f"{self.world.control}/public", "method": "POST", "body_format": "json",
                "body": {"site": "access", "box": "{{ bt_cutover_to }}", "by": "client"},
            }},
            {"name": "Say where", "ansible.builtin.copy": {
                "content": "{{ hostvars[bt_cutover_to].ansible_host }}", "dest": str(self.world.folder / "where"),
                "mode": "0600",
            }},
        ]))
        return {"bt_manual_tasks": str(tasks), "ansible_python_interpreter": sys.executable}

    def killed_at(self, playbook: str, op: str, variables: dict[str, Any], delay: float = 0.0) -> None:
        """Run a playbook and kill it as soon as a request of that name has reached a box."""
        process = self.world.start(playbook, *self.given(variables))
        deadline = time.monotonic() + 90
        while not any(entry["op"] == op for entry in self.world.ask("log")):
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            assert time.monotonic() < deadline, f"{op} was never asked"
            time.sleep(0.02)
        time.sleep(delay)
        kill_group(process)

    def tasks(self, *tasks: dict[str, Any]) -> Outcome:
        """Run tasks for the old box, as a playbook of the user's."""
        play = [{"hosts": "bt_old", "gather_facts": False, "connection": "local", "tasks": list(tasks)}]
        path = self.world.folder / "own.yml"
        path.write_text(yaml.safe_dump(play))
        command = [part if part != "bt_ops.pra.own" else str(path) for part in self.world.command("own")]
        done = subprocess.run(
            [*command, *self.given({})], cwd=self.world.folder, env=self.world.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
        )
        return Outcome(done.returncode, done.stdout)


def start(
    worlds: Worlds, change: Callable[[Config], None] | None = None, new: dict[str, Any] | None = None, **both: Any
) -> Move:
    """Start both boxes; the new one is older. `both` is set on both, `new` on the new one."""
    addresses: dict[str, str] = {}

    def lay_out(config: Config) -> None:
        site = config["sites"][0]
        network = site["boxes"][0]["address"].rpartition(".")[0]
        addresses.update({OLD: f"{network}.1", NEW: f"{network}.2"})
        del site["shared_ip"]
        site["boxes"] = [
            {"name": OLD, "address": addresses[OLD], "role": "none", "base": "6.2.0", "product": "24.3.1", **both},
            {"name": NEW, "address": addresses[NEW], "role": "none", "base": "6.1.0", "product": "23.3.1",
             "factory": True, **both, **(new or {})},
        ]
        config["durations"].update({"restore": 0.4, "reset": 1.5})
        if change is not None:
            change(config)

    world = worlds(lay_out)
    where = world.folder / "where"
    where.write_text(addresses[OLD])

    def follow(inventory: dict[str, Any]) -> None:
        for group in ("bt_old", "bt_new"):
            for host in hosts_of(inventory, group).values():
                host["bt_site_address"] = f"{{{{ lookup('ansible.builtin.file', '{where}') }}}}"

    world.change_inventory(follow)
    return Move(world, addresses)


def moved(worlds: Worlds, **both: Any) -> Move:
    """A site that has moved: the new box serves it, nobody is on the old one."""
    move = start(worlds, new={"base": "6.2.0", "product": "24.3.1"}, **both)
    outcome = move.play(**move.by_itself())
    assert outcome.code == 0, outcome.out
    return move
