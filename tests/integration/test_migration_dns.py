# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A site moves to new hardware and its name is switched by DNS on a real name server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration import name_server
from tests.integration.conftest import World, hosts_of
from tests.integration.moving import NEW, OLD, Move, start
from tests.integration.name_server import KEY, SECRET, ZONE, Running

OLD_TTL = 4
Worlds = Callable[..., World]
pytestmark = pytest.mark.timeout(300)


class Followers:
    """Users of the simulated site, who go where the name leads."""

    def __init__(self, move: Move, master: Running) -> None:
        self._move = move
        self._master = master
        self._names = {address: name for name, address in move.addresses.items()}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self) -> None:
        leads_to = OLD
        while not self._ended.wait(0.05):
            box = self._names.get("".join(self._master.ask("access")[0]), "")
            if box and box != leads_to:
                self._move.world.tell("public", site="access", box=box, by="client")
                leads_to = box

    def stop(self) -> None:
        """End it."""
        self._ended.set()
        self._thread.join(timeout=10)


@pytest.fixture
def site(worlds: Worlds, tmp_path: Path, worker_number: int) -> Iterator[tuple[Move, Running]]:
    """Both boxes, and the name server that leads to the old one."""
    move = start(worlds, new={"base": "6.2.0", "product": "24.3.1"})
    record = f"access {OLD_TTL} A {move.addresses[OLD]}"
    master = name_server.knot(tmp_path / "master", f"127.0.{29 + 10 * worker_number}.55", record)

    def use(inventory: dict[str, Any]) -> None:
        for group in ("bt_old", "bt_new"):
            for host in hosts_of(inventory, group).values():
                host.pop("bt_site_address")
                host.update(
                    bt_cutover="dns", bt_dns_server=master.address, bt_dns_port=master.port, bt_dns_zone=ZONE,
                    bt_dns_key_name=KEY, bt_dns_key_secret=SECRET, bt_dns_ttl=1,
                )

    move.world.change_inventory(use)
    followers = Followers(move, master)
    yield move, master
    followers.stop()
    master.stop()


def test_name_is_switched_by_dns_and_a_second_run_changes_nothing(site: tuple[Move, Running]) -> None:
    move, master = site
    planned = move.play("--check")
    assert planned.code == 0, planned.out
    assert "would switch" in planned.out
    assert master.serial() == 1
    first = move.play()
    assert first.code == 0, first.out
    assert master.ask("access") == ([move.addresses[NEW]], OLD_TTL)
    assert move.world.ask("state")["sites"]["access"]["serving"] == NEW
    assert move.world.ask("violations") == []
    assert SECRET not in first.out
    summary = json.loads((move.world.run_dir / "summary.json").read_text())
    acts = {phase["name"]: phase["acts"] for phase in summary["phases"]}
    assert any(act.startswith("Lowered the TTL") for act in acts["preflight"])
    assert any(act.startswith("Switched") for act in acts["switch"])
    serial = master.serial()
    second = move.play()
    assert second.code == 0, second.out
    assert second.recap("changed") == 0
    assert master.serial() == serial
    reset = move.reset()
    assert reset.code == 0, reset.out
    assert move.world.ask("violations") == []


def test_a_move_that_fails_before_the_switch_leaves_the_old_ttl(site: tuple[Move, Running]) -> None:
    move, master = site
    stopped = move.play(bt_waived={})
    assert stopped.code != 0
    assert master.ask("access") == ([move.addresses[OLD]], OLD_TTL)
    assert master.serial() == 3  # lowered, and put back
