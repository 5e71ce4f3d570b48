# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The way without internet, by playbooks: keys are read, packages fetched once, carried over, and sent (G19 to G22)."""

from __future__ import annotations

import hashlib
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Config, Outcome, World, each_box, kill_group

Worlds = Callable[..., World]
Change = Callable[[Config], None]
A, B = "box-a.example.test", "box-b.example.test"
SEND = ("-e", "bt_update_source=package")
MOST_MEMORY = 200 << 20  # bytes for a whole run, however large the package


def beside(change: Change | None = None, size: int = 600_000, **vendor: Any) -> Change:
    """A change of the configuration that gives the update server an address beside the boxes."""

    def apply(config: Config) -> None:
        network = config["sites"][0]["shared_ip"].rpartition(".")[0]
        config["vendor"].update(address=f"{network}.250", **vendor)
        for package in config["catalogue"]:
            package["size"] = size if package["kind"] == "product" else 100_000
        if change is not None:
            change(config)

    return apply


def single(config: Config) -> None:
    """One box instead of a pair."""
    site = config["sites"][0]
    site["boxes"] = site["boxes"][:1]
    site["boxes"][0]["role"] = "none"
    del site["shared_ip"]


def packages(world: World) -> Path:
    """Where the packages of all boxes lie."""
    return world.folder / "runs" / "packages"


def server(world: World) -> dict[str, str]:
    """Where the update server is, as variables."""
    told = json.loads((world.folder / "sim" / "simbox.json").read_text())
    return {"bt_update_server": told["vendor"]["url"], "bt_update_server_ca_path": told["ca"]}


def fetching(world: World) -> tuple[str, ...]:
    """The arguments of fetch_packages.yml."""
    return ("-e", json.dumps({"bt_packages_dir": str(packages(world)), **server(world)}))


def fetch(world: World, *more: str) -> Outcome:
    """Run it on another machine: there is no inventory there, and no password of a box."""
    inventory, world.inventory = world.inventory, world.folder / "nobody"
    world.inventory.write_text("localhost ansible_connection=local\n")
    try:
        return world.play("fetch_packages", *fetching(world), *more)
    finally:
        world.inventory = inventory


def ledger(world: World, box: str = A) -> dict[str, dict[str, Any]]:
    """The packages in a box's ledger by kind."""
    value = json.loads((packages(world) / box / "ledger.json").read_text())
    return {each["kind"]: each for each in value["packages"]}


def asked(world: World, op: str) -> list[dict[str, Any]]:
    """Requests of one kind."""
    return [entry for entry in world.ask("log") if entry["op"] == op]


def assert_whole(world: World, box: str) -> None:
    """Both packages are there, as the ledger says."""
    for each in ledger(world, box).values():
        content = (packages(world) / box / each["file"]).read_bytes()
        assert each["state"] == "whole"
        assert (len(content), hashlib.sha256(content).hexdigest()) == (each["size"], each["sha256"])


def assert_updated(world: World, letters: str) -> None:
    """These boxes are at the target, by two uploads each and nothing else."""
    for letter in letters:
        assert (world.box(letter)["base"], world.box(letter)["product"]) == ("6.2.0", "24.3.1")
        assert len(world.box(letter)["updates"]["started"]) == 2
    assert asked(world, "appliance.updates.check") == asked(world, "appliance.updates.install") == []
    assert world.ask("violations") == []


def test_pair_is_upgraded_out_of_the_folder_and_a_second_run_changes_nothing(worlds: Worlds) -> None:
    world = worlds(beside(lambda config: each_box(config, era="tables", language="nl"), era="aria", language="nl"))
    keys = world.play("download_keys")
    assert (keys.code, keys.recap("changed")) == (0, 2), keys.out
    assert world.play("download_keys").recap("changed") == 0
    assert fetch(world).recap("changed") == 2
    assert fetch(world).recap("changed") == 0
    assert len(asked(world, "vendor.download")) == 4
    first = world.play("async_upgrade", *SEND)
    assert first.code == 0, first.out
    assert_updated(world, "ab")
    second = world.play("async_upgrade", *SEND)
    assert (second.code, second.recap("changed")) == (0, 0), second.out
    assert len(asked(world, "appliance.updates.upload")) == 4
    for box in (A, B):  # kept, also when all is done
        assert_whole(world, box)
    key = json.loads((packages(world) / A / "download_key.json").read_text())["key"]
    assert key not in keys.out + first.out + "".join(path.read_text() for path in world.run_dir.glob("*.json*"))


@pytest.mark.parametrize(
    ("era", "vendor"),
    [("divs", "tables"), ("aria", "divs"), pytest.param("app", "aria", marks=pytest.mark.timeout(400))],
)
def test_single_box(worlds: Worlds, era: str, vendor: str) -> None:
    world = worlds(beside(lambda config: (single(config), each_box(config, era=era))[1], era=vendor))
    assert world.play("download_keys").code == 0
    outcome = fetch(world, "-e", "bt_target_version=24.3.1")
    assert outcome.code == 0, outcome.out
    outcome = world.play("single_upgrade", *SEND)
    assert outcome.code == 0, outcome.out
    assert_updated(world, "a")


def test_check_mode_reads_and_sends_nothing(worlds: Worlds) -> None:
    world = worlds(beside(single))
    world.tell("readonly", on=True)
    assert world.play("download_keys", "--check").code == 0
    assert not packages(world).exists()
    assert world.play("download_keys").code == 0
    planned = fetch(world, "--check")
    assert planned.code == 0, planned.out
    assert "would fetch" in planned.out
    assert asked(world, "vendor.download") == []
    world.tell("readonly", on=False)
    assert fetch(world).code == 0
    world.tell("readonly", on=True)
    outcome = world.play("single_upgrade", *SEND, "--check")
    assert outcome.code == 0, outcome.out
    for part in ("would install Base Software 6.2.0", "24.3.1"):
        assert part in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []


def test_nobody_to_fetch_for(worlds: Worlds) -> None:
    outcome = fetch(worlds(beside(single)))
    assert outcome.code != 0
    assert "has no folder with a download key" in outcome.out


def test_killed_while_it_fetches_it_goes_on(worlds: Worlds) -> None:
    world = worlds(beside(single, size=8 << 20, bytes_per_second=1 << 20))
    assert world.play("download_keys").code == 0
    process = world.start("fetch_packages", *fetching(world))
    part = packages(world) / A / "product-24.3.1.part"
    _wait(lambda: part.is_file() and part.stat().st_size > 0)
    kill_group(process)
    assert 0 < part.stat().st_size < 8 << 20
    assert ledger(world)["product"]["state"] == "begun"
    outcome = fetch(world)
    assert outcome.code == 0, outcome.out
    assert_whole(world, A)
    assert len(asked(world, "vendor.download")) == 3  # of which the last one went on with the second


def test_killed_while_it_installs_it_attaches(worlds: Worlds) -> None:
    world = worlds(beside(single))
    assert world.play("download_keys").code == 0
    assert fetch(world).code == 0
    process = world.start("single_upgrade", *SEND)
    _wait(lambda: world.box("a")["updates"]["running"] is not None)
    kill_group(process)
    outcome = world.play("single_upgrade", *SEND)
    assert outcome.code == 0, outcome.out
    assert_updated(world, "a")


def test_memory_is_the_same_for_a_large_package(worlds: Worlds) -> None:
    world = worlds(beside(single, size=300 << 20))
    assert world.play("download_keys").code == 0
    outcome = fetch(world)
    assert outcome.code == 0, outcome.out
    outcome = world.play("single_upgrade", *SEND)
    assert outcome.code == 0, outcome.out
    assert_updated(world, "a")
    # The largest process of all that were run; of a playbook there are two at a time.
    assert 2 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MOST_MEMORY


def _wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
