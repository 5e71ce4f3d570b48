# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Simulated boxes for a test, and playbooks run on them as an operator runs them."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.processes import kill

ROOT = Path(__file__).resolve().parents[2]
SIMBOX = ROOT / "roles" / "simulated_boxes" / "files"
BIN = Path(sys.executable).parent
HURRIED = Path(__file__).parents[1] / "faults" / "hurry"
QUICK = {
    "sync": 0.4,
    "first_sync_delay": 0.3,
    "role_swap": 0.1,
    "base_install": 1.2,
    "base_outage": 0.6,
    "product_install": 1.5,
    "product_outage": 0.7,
    "unhealthy": 0.2,
    "restart": 0.3,
    "backup": 0.05,
    "check": 0.05,
}
PROCEDURES = {"async_upgrade": "async", "sync_upgrade": "sync"}
Config = dict[str, Any]


@dataclass
class Outcome:
    """What a playbook printed and how it ended."""

    code: int
    out: str

    def recap(self, key: str) -> int:
        """Sum over all hosts of a count in the recap, such as ``changed``."""
        recap = self.out[self.out.rindex("PLAY RECAP") :]
        return sum(int(number) for number in re.findall(rf"\b{key}=(\d+)", recap))


@dataclass
class World:
    """Simulated boxes that run, and the folder that their runs write to."""

    folder: Path
    control: str
    inventory: Path

    @property
    def run_dir(self) -> Path:
        """The run folder of the one site."""
        return self.folder / "runs" / "access"

    def ask(self, what: str) -> Any:
        """GET of the control interface."""
        return requests.get(f"{self.control}/{what}", timeout=10).json()

    def tell(self, what: str, **body: Any) -> Any:
        """POST to the control interface."""
        answer = requests.post(f"{self.control}/{what}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def box(self, letter: str) -> dict[str, Any]:
        """The state of box a or b."""
        boxes: dict[str, Any] = self.ask("state")["boxes"]
        return boxes[f"box-{letter}.example.test"]

    def forget_log(self) -> None:
        """From here on the log is of what comes."""
        requests.delete(f"{self.control}/log", timeout=10)

    def mutations(self) -> list[dict[str, Any]]:
        """Requests that changed something on a box."""
        return [entry for entry in self.ask("log") if entry["mutating"]]

    def command(self, playbook: str, *arguments: str) -> list[str]:
        """The command line of a playbook on these boxes."""
        return self._playbook(f"bt_ops.pra.{playbook}", *arguments)

    def _playbook(self, name: str, *arguments: str) -> list[str]:
        return [
            str(BIN / "ansible-playbook"),
            name,
            "-i",
            str(self.inventory),
            "-e",
            f"bt_run_dir={self.folder / 'runs'}",
            *arguments,
        ]

    def _to_its_end(self, command: list[str], environment: dict[str, str], seconds: float) -> Outcome:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
        return Outcome(done.returncode, done.stdout)

    def environment(self) -> dict[str, str]:
        """The environment of a playbook: no colours, state in the test's folder."""
        return {
            **os.environ,
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
            "ANSIBLE_HOME": str(self.folder / "home"),
        }

    def play(self, playbook: str, *arguments: str, seconds: float = 120) -> Outcome:
        """Run a playbook to its end."""
        self.declare(playbook)
        outcome = self._to_its_end(self.command(playbook, *arguments), self.environment(), seconds)
        (self.folder / f"{playbook}.out").write_text(outcome.out)
        return outcome

    def declare(self, playbook: str) -> None:
        """Tell the boxes' watcher in which order this playbook upgrades the pair."""
        if playbook in PROCEDURES:
            for site in self.ask("state")["sites"]:
                self.tell("expect", site=site, procedure=PROCEDURES[playbook])

    def run_tasks(self, *tasks: dict[str, Any], hosts: str = "bt_primary", hurry: int = 1) -> Outcome:
        """Run tasks, for box a or for other hosts, as a playbook of the user's own would.

        :param hurry: how many times as fast waits and time-outs pass.
        """
        path = self.folder / "tasks.yml"
        play = {"hosts": hosts, "gather_facts": False, "connection": "local", "tasks": [*tasks]}
        path.write_text(yaml.safe_dump([play]))
        return self._to_its_end(self._playbook(str(path)), self.environment() | hurried(hurry), 120)

    def start(self, playbook: str, *arguments: str) -> subprocess.Popen[str]:
        """Run a playbook in a process group of its own, so that it can be killed whole."""
        self.declare(playbook)
        return subprocess.Popen(
            self.command(playbook, *arguments),
            cwd=self.folder,
            env=self.environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def change_inventory(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Edit the inventory as a user would."""
        content = yaml.safe_load(self.inventory.read_text())
        change(content)
        self.inventory.write_text(yaml.safe_dump(content))


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL for the playbook and all its workers, which are in sessions of their own."""
    kill(process)
    if process.stdout is not None:
        process.stdout.close()


def hurried(times: int) -> dict[str, str]:
    """Variables that make waits and time-outs pass so many times as fast."""
    return {"PYTHONPATH": str(HURRIED), "FAULTS_HURRY": str(times)} if times != 1 else {}


def hosts_of(inventory: dict[str, Any], group: str) -> dict[str, Any]:
    """The hosts of a group in an inventory of the simulator."""
    hosts: dict[str, Any] = inventory["all"]["children"][group]["hosts"]
    return hosts


def simbox(*arguments: str) -> str:
    """Run the simulator's command line."""
    environment = {**os.environ, "PYTHONPATH": str(SIMBOX)}
    done = subprocess.run(
        [sys.executable, "-m", "simbox", *arguments],
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(parent: Path, network: int) -> Iterator[Callable[..., World]]:
    """Start simulated boxes from the example configuration, changed by the caller; stopped whatever happens.

    :param network: number of the loopback network of the first of them.
    """
    started: list[Path] = []

    def start(change: Callable[[Config], None] | None = None, **site: Any) -> World:
        number = len(started)
        folder = parent / f"sim{number}"
        folder.mkdir()
        config: Config = copy.deepcopy(yaml.safe_load(simbox("config", "--example")))
        config["durations"].update(QUICK)
        _move(config, network + number)
        config["sites"][0].update(site)
        if change is not None:
            change(config)
        (folder / "config.yml").write_text(yaml.safe_dump(config))
        started.append(folder)
        simbox(
            "start",
            "--config",
            str(folder / "config.yml"),
            "--dir",
            str(folder / "sim"),
            "--owner-pid",
            str(os.getpid()),
        )
        told = json.loads((folder / "sim" / "simbox.json").read_text())
        return World(folder, told["control"], folder / "sim" / "inventory.yml")

    try:
        yield start
    finally:
        for folder in started:
            if (folder / "sim" / "simbox.json").exists():
                simbox("stop", "--dir", str(folder / "sim"))


@pytest.fixture
def worlds(tmp_path: Path, worker_number: int) -> Iterator[Callable[..., World]]:
    """Start simulated boxes for one test."""
    with serving(tmp_path, 20 + worker_number * 10) as start:
        yield start


@pytest.fixture(scope="session")
def worker_number(worker_id: str) -> int:
    """The number of the pytest worker, so that boxes of two workers have addresses of their own."""
    digits = re.sub(r"\D", "", worker_id)
    return int(digits) + 1 if digits else 0


def _move(config: Config, network: int) -> None:
    """Give the boxes addresses of a network of their own."""
    for site in config["sites"]:
        site["shared_ip"] = f"127.0.{network}.100"
        for place, box in enumerate(site["boxes"], start=1):
            box["address"] = f"127.0.{network}.{place}"


def each_box(config: Config, **values: Any) -> None:
    """Set something on every box of the configuration."""
    for site in config["sites"]:
        for box in site["boxes"]:
            box.update(values)
