# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Simulated boxes for the benchmark, and what they say about a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests
import yaml

from tests.bench.intervals import Interval, covered

ROOT = Path(__file__).resolve().parents[2]
SIMBOX = ROOT / "roles" / "simulated_boxes" / "files"
# Seconds. Short, but each step is long enough that it has to be waited for.
DURATIONS = {
    "sync": 0.8, "first_sync_delay": 0.3, "role_swap": 0.1, "base_install": 2.0, "base_outage": 0.8,
    "product_install": 2.5, "product_outage": 1.0, "unhealthy": 0.3, "restart": 0.5, "backup": 0.1,
    "check": 0.1, "health_cache": 0.1,
}
LOG_INS = ("appliance.entry.login", "login.entry.login", "api.token")


class Boxes:
    """A pair in old versions, freshly started; ended with this process at the latest."""

    def __init__(self, folder: Path, network: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        config = yaml.safe_load(_simbox("config", "--example"))
        config["durations"].update(DURATIONS)
        site = config["sites"][0]
        site["shared_ip"] = f"127.0.{network}.100"
        for place, box in enumerate(site["boxes"], start=1):
            box["address"] = f"127.0.{network}.{place}"
        (folder / "config.yml").write_text(yaml.safe_dump(config))
        _simbox("start", "--config", f"{folder}/config.yml", "--dir", f"{folder}/sim", "--owner-pid", str(os.getpid()))
        told = json.loads((folder / "sim" / "simbox.json").read_text())
        self.inventory = folder / "sim" / "inventory.yml"
        self.ca = Path(told["ca"])
        self.port = int(told["port"])
        self.boxes: dict[str, Any] = told["boxes"]
        self.site: dict[str, Any] = told["sites"][site["key"]]
        self.target = str(site["target_version"])
        self._control = str(told["control"])

    def __enter__(self) -> Boxes:
        return self

    def __exit__(self, *_: object) -> None:
        _simbox("stop", "--dir", f"{self.folder}/sim")

    def ask(self, what: str) -> Any:
        """GET of the control interface."""
        return requests.get(f"{self._control}/{what}", timeout=10).json()

    def working_seconds(self, since: float, until: float) -> float:
        """For how long some box worked by itself in that time (Unix seconds)."""
        spans = [span for box in self.ask("state")["boxes"].values() for span in box["busy"]]
        return covered(((span["begin"], span["end"] or until) for span in spans), since, until)

    def log_ins(self) -> int:
        """How often somebody logged in or asked for a token."""
        return sum(entry["op"] in LOG_INS and entry["method"] == "POST" for entry in self.ask("log"))

    def outages(self) -> list[Interval]:
        """When nobody served the site, as the boxes tell it (Unix seconds)."""
        site = self.ask("state")["sites"]["access"]
        return [(outage["from"], outage["to"]) for outage in site["outages"]]

    def requests(self) -> int:
        """How many requests the boxes were sent, those of the outage's client left out."""
        return sum(entry["address"] != self.site["shared_ip"] for entry in self.ask("log"))

    def assert_upgraded(self) -> None:
        """Both at the target, B serves, A is its synchronised backup, and nothing was done that must not be.

        :raises AssertionError: it is not so, and a measurement of it is worth nothing.
        """
        state = self.ask("state")
        (a, b) = state["boxes"].values()
        assert a["product"] == b["product"] == self.target, (a["product"], b["product"])
        assert a["base"] == b["base"], (a["base"], b["base"])
        assert (a["failover"]["role"], b["failover"]["role"]) == ("backup", "primary"), (a["failover"], b["failover"])
        assert a["healthy"]
        assert b["healthy"]
        assert a["settings"] == b["settings"]
        assert state["sites"]["access"]["serving"] == list(state["boxes"])[1]
        assert self.ask("violations") == [], self.ask("violations")


def _simbox(*arguments: str) -> str:
    """Run the simulator's command line."""
    done = subprocess.run(
        [sys.executable, "-m", "simbox", *arguments],
        env={**os.environ, "PYTHONPATH": str(SIMBOX)}, text=True, capture_output=True, timeout=60, check=False,
    )
    if done.returncode:
        raise RuntimeError(f"simbox {arguments[0]}: {done.stderr}")
    return done.stdout
