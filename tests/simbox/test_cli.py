# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command line, the files that it writes, and configurations that it refuses."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml

from simbox.config import ConfigError, load
from simbox.words import en, nl
from tests.simbox.boxes import A, B, Boxes, pair, running, simbox

GOOD = yaml.safe_dump(pair("127.0.30"))


def test_start_and_stop_twice(tmp_path: Path) -> None:
    """Starting what runs and stopping what does not changes nothing."""
    folder = tmp_path / "boxes"
    config = tmp_path / "config.yml"
    config.write_text(GOOD)
    said = [simbox("start", "--config", str(config), "--dir", str(folder)) for dummy in range(2)]
    boxes = Boxes(folder)
    assert ([run.returncode for run in said], said[0].stdout) == ([0, 0], "started\n")
    assert "runs already" in said[1].stdout
    assert boxes.get(A, "/check_health").status_code == 200
    for name in ("simbox.json", "inventory.yml", "ca.pem", "simbox.log"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert [simbox("stop", "--dir", str(folder)).stdout for dummy in range(2)] == [
        "stopped\n",
        f"nothing is running from {folder}\n",
    ]
    with pytest.raises(requests.ConnectionError):
        boxes.get(A, "/check_health")


def test_inventory(calm: Boxes) -> None:
    """Groups and variables of the collection's public interface."""
    inventory = yaml.safe_load((calm.folder / "inventory.yml").read_text())["all"]["children"]
    assert {group: list(hosts["hosts"]) for group, hosts in inventory.items()} == {"bt_primary": [A], "bt_backup": [B]}
    variables = inventory["bt_backup"]["hosts"][B]
    assert variables["ansible_host"] == "127.0.21.2"
    assert (variables["bt_site"], variables["bt_site_hostname"]) == ("access", "access.example.test")
    assert (variables["bt_cutover"], variables["bt_shared_ip"]) == ("shared_ip", "127.0.21.100")
    assert variables["bt_target_version"] == "24.3.1"


def test_ends_with_its_owner(tmp_path: Path) -> None:
    """--owner-pid: no box outlives the process that wanted it."""
    config = tmp_path / "config.yml"
    config.write_text(GOOD)
    owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    simbox("start", "--config", str(config), "--dir", str(tmp_path), "--owner-pid", str(owner.pid))
    pid = Boxes(tmp_path).facts["pid"]
    os.kill(pid, 0)
    owner.communicate(b"\n", timeout=5)
    end = time.monotonic() + 5
    while (tmp_path / "simbox.json").exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_foreground_and_stop_by_control(tmp_path: Path) -> None:
    """--foreground says when it is ready; POST /stop ends it."""
    config = tmp_path / "config.yml"
    config.write_text(GOOD)
    command = [sys.executable, "-m", "simbox", "start", "--foreground", "--config", str(config), "--dir", str(tmp_path)]
    files = Path(__file__).resolve().parents[2] / "roles/simulated_boxes/files"
    with subprocess.Popen(command, cwd=files, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        Boxes(tmp_path).control("/stop")
        assert process.wait(timeout=5) == 0


def test_port_that_is_taken(tmp_path: Path) -> None:
    """The reason comes to the caller, and nothing stays behind."""
    with running(pair("127.0.31"), tmp_path / "one") as boxes:
        config = tmp_path / "config.yml"
        config.write_text(yaml.safe_dump(pair("127.0.31", port=boxes.facts["port"])))
        said = simbox("start", "--config", str(config), "--dir", str(tmp_path / "two"))
        assert said.returncode == 1
        assert "address already in use" in said.stderr
        assert not (tmp_path / "two" / "simbox.json").exists()


def test_example_is_a_configuration() -> None:
    """What `config --example` prints can be used."""
    said = simbox("config", "--example")
    config = load(said.stdout)
    assert [box.role for box in config.sites[0].boxes] == ["primary", "backup"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("role: backup", "role: secondary", "role: 'secondary' is none of none, primary, backup"),
        ("role: backup", "role: primary", "make neither a single box nor a pair"),
        ("era: divs", "era: frames", "era 'frames' is none of"),
        ("address: 127.0.30.2", "address: 192.0.2.7", "'192.0.2.7' is no loopback address"),
        ("address: 127.0.30.2", "address: 127.0.30.1", "is used twice"),
        ("name: box-b.example.test", "name: box-a.example.test", "the name is used twice"),
        ("key: access", "keys: access", "unknown entry 'keys'"),
        ("  key: access\n", "", "'key'"),
        ("version: 24.3.1", "version: newest", "'newest' is not a version"),
        ("scale: 0.1", "scale: fast", "durations.scale: 'fast' is not a float"),
    ],
)
def test_bad_configurations(old: str, new: str, sentence: str) -> None:
    """One sentence that names the entry."""
    assert old in GOOD
    with pytest.raises(ValueError, match=".") as raised:
        load(GOOD.replace(old, new))
    assert sentence in str(raised.value)


def test_no_yaml() -> None:
    """Not even YAML."""
    with pytest.raises(ConfigError, match="not YAML"):
        load("a: [")


def test_both_languages_have_the_same_words() -> None:
    """A key in one and not in the other would be a missing text on a page."""
    assert en.WORDS.keys() == nl.WORDS.keys()
    assert nl.OLDER.keys() <= en.WORDS.keys()
    assert en.OLDER.keys() <= en.WORDS.keys()
