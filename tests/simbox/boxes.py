# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Starting simulated boxes for tests, and talking to them as a program does. Tests only."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml

from simbox.words import Words
from tests.simbox.application import Application
from tests.simbox.browser import Browser

FILES = Path(__file__).resolve().parents[2] / "roles/simulated_boxes/files"
A, B = "box-a.example.test", "box-b.example.test"
FAST = {"scale": 0.1}


def pair(address: str, **changes: Any) -> dict[str, Any]:
    """A pair's configuration; `address` is the prefix of its loopback addresses, such as 127.0.21."""
    box: dict[str, Any] = {"era": "divs", "language": "en", **changes.pop("box", {})}
    site = {
        "key": "access",
        "hostname": "access.example.test",
        "shared_ip": f"{address}.100",
        "target_version": "24.3.1",
        "boxes": [
            {"name": A, "address": f"{address}.1", "role": "primary", **box},
            {"name": B, "address": f"{address}.2", "role": "backup", **box},
        ],
        **changes.pop("site", {}),
    }
    catalogue = [
        {"kind": "base", "version": "6.2.0", "requires_base": "6.1.0"},
        {"kind": "product", "version": "24.3.1", "requires_base": "6.2.0"},
    ]
    return {"sites": [site], "catalogue": catalogue, "durations": dict(FAST), **changes}


OLD, NEW = "box-old.example.test", "box-new.example.test"


def migration(address: str, **changes: Any) -> dict[str, Any]:
    """An old box that serves a site, and a factory-new one to take its place."""
    box: dict[str, Any] = {"era": "divs", "language": "en", **changes.pop("box", {})}
    boxes = [{"name": OLD, "address": f"{address}.1", **box}, {"name": NEW, "address": f"{address}.2", **box}]
    boxes[1] |= {"factory": True, **changes.pop("new", {})}
    return pair(address, site={"shared_ip": "", "target_version": "", "boxes": boxes}, **changes)


class Boxes:
    """Running boxes: facts, control interface, APIs, browsers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: dict[str, Any] = json.loads((folder / "simbox.json").read_text())
        self.ca = str(self.facts["ca"])

    def control(self, path: str, method: str = "POST", /, **body: Any) -> Any:
        """A control call."""
        answer = requests.request(method, self.facts["control"] + path, json=body or None, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state(self, box: str = "") -> Any:
        """State of one box, or of everything."""
        state = self.control("/state", "GET")
        return state["boxes"][box] if box else state

    def violations(self) -> list[str]:
        """Ids of the violations so far."""
        return [entry["id"] for entry in self.control("/violations", "GET")]

    def ops(self) -> list[str]:
        """Names of the requests so far."""
        return [entry["op"] for entry in self.control("/log", "GET")]

    def url(self, box: str) -> str:
        """A box's own URL; for the name of a site, that of its shared IP."""
        if box in self.facts["sites"]:
            return f"https://{self.facts['sites'][box]['shared_ip']}:{self.facts['port']}"
        return f"https://{self.facts['boxes'][box]['address']}:{self.facts['port']}"

    def get(self, box: str, path: str, **options: Any) -> requests.Response:
        """A request without log-in."""
        return self.call(box, "GET", path, **options)

    def call(self, box: str, method: str, path: str, **options: Any) -> requests.Response:
        """Any request, on a connection of its own."""
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, self.url(box) + path, verify=self.ca, timeout=10, **options)

    def token(self, box: str) -> dict[str, str]:
        """An Authorization header with a new token."""
        api = self.facts["boxes"][box]["api"]
        auth = (api["client_id"], api["client_secret"])
        answer = self.call(box, "POST", "/oauth2/token", data={"grant_type": "client_credentials"}, auth=auth)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}", "Accept": "application/json"}

    def words(self, box: str) -> Words:
        """The words of a box."""
        facts = self.facts["boxes"][box]
        return Words(facts["language"], facts["era"] == "tables")

    def browser(self, box: str, application: str) -> Browser | Application:
        """A person who is logged in."""
        words, account = self.words(box), self.facts["boxes"][box][application]
        browser = self.visitor(box, application)
        labels = (words("username"), words("password"), words("log_in"))
        browser.log_in(account["username"], account["password"], labels)
        return browser

    def visitor(self, box: str, application: str) -> Browser | Application:
        """A person who has nothing open yet."""
        kind = Application if self.facts["boxes"][box]["era"] == "app" else Browser
        return kind(self.url(box), self.ca, application)

    def lead_away(self, box: str, to: str) -> None:
        """The site's name leads to another box from now on; waits until nobody is at the first any more."""
        self.control("/public", site="access", box=to)

        def left() -> bool:
            site = self.state()["sites"]["access"]
            return site["serving"] != box and site["connected_clients"] == 0

        self.until(left)

    def until(self, true: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait for a condition."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.02)


def simbox(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [sys.executable, "-m", "simbox", *arguments]
    return subprocess.run(command, cwd=FILES, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def running(config: dict[str, Any], folder: Path) -> Iterator[Boxes]:
    """Boxes of a configuration, from start to stop; defects of the simulator fail the test."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    started = simbox("start", "--config", str(folder / "config.yml"), "--dir", str(folder))
    assert started.returncode == 0, started.stderr
    boxes = Boxes(folder)
    try:
        yield boxes
        assert boxes.state()["errors"] == []
    finally:
        simbox("stop", "--dir", str(folder))
