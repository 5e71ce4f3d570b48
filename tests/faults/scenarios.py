# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks that faults are tried on: how their world is made, what is run, and what must be true at the end."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.integration import test_async, test_migration
from tests.integration.conftest import Config, World, each_box, hosts_of
from tests.integration.moving import NEW, OLD, Move, moved
from tests.integration.moving import start as start_move
from tests.integration.test_dns import Site
from tests.integration.test_jump_clients import limit_of
from tests.integration.test_offline import assert_whole, beside, fetch, fetching
from tests.integration.test_other_upgrades import alone
from tests.integration.test_ways import CONNECTIONS

Worlds = Callable[..., World]
SYNC_SECONDS = 1.1
TARGET = ("6.2.0", "24.3.1")
# Waits that end within a test (faults are tried in a hurry); what a box does in time stays far below.
PATIENT = {"update_box_timeout": 200, "async_pair_sync_timeout": 200}
SECRETS = {"bt_backup_password": "canary-Backup-5d1f8c", "bt_certificate_passphrase": "canary-Passphrase-77ab30"}


@dataclass
class Case:
    """One world and the command that is run on it. `settled` raises AssertionError while the job is not done; `once`
    are requests that may be done once only, `environment` is what the command needs there, `close` ends what runs
    beside the boxes."""

    world: World
    playbook: str
    arguments: tuple[str, ...]
    settled: Callable[[], None]
    once: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None

    @property
    def boxes(self) -> dict[str, Any]:
        """The state of every box by name."""
        boxes: dict[str, Any] = self.world.ask("state")["boxes"]
        return boxes


@dataclass(frozen=True)
class Scenario:
    """`make` gets what starts worlds, an era and a language."""

    name: str
    make: Callable[[Worlds, str, str], Case]


def _given(world: World, **variables: Any) -> tuple[str, str]:
    """Extra variables in a file, as nobody should see secrets on a command line."""
    path = world.folder / "given.json"
    path.write_text(json.dumps({**SECRETS, **PATIENT, **variables}))
    return ("-e", f"@{path}")


def _pair(worlds: Worlds, era: str, language: str) -> World:
    return worlds(lambda config: each_box(config, era=era, language=language))


def _started_once(world: World) -> None:
    """No package was started twice on a box."""
    for name, box in world.ask("state")["boxes"].items():
        started = box["updates"]["started"]
        assert len(started) == len(set(started)), f"{name} started {started}"


def _async(worlds: Worlds, era: str, language: str) -> Case:
    world = _pair(worlds, era, language)
    once = ("login.failover.break",)
    return Case(world, "async_upgrade", _given(world), lambda: test_async.assert_done(world), once)


def _dns(worlds: Worlds, era: str, language: str) -> Case:
    """The name is switched on a real name server; its key is one more secret."""

    def without_shared_ip(config: Config) -> None:
        each_box(config, era=era, language=language)
        config["sites"][0].pop("shared_ip")

    world = worlds(without_shared_ip)
    network = world.box("a")["address"].rpartition(".")[0]
    # The path of the name server's socket must be short.
    names = tempfile.TemporaryDirectory()
    site = Site(world, Path(names.name), f"{network}.54")
    site.use()

    def close() -> None:
        site.stop()
        names.cleanup()

    once = ("login.failover.break",)
    return Case(world, "async_upgrade", _given(world), lambda: test_async.assert_done(world), once, close=close)


def _sync(worlds: Worlds, era: str, language: str) -> Case:
    world = _pair(worlds, era, language)

    def settled() -> None:
        a, b = world.box("a"), world.box("b")
        assert [(box["base"], box["product"]) for box in (a, b)] == [TARGET] * 2
        assert (a["failover"]["role"], b["failover"]["role"]) == ("primary", "backup")
        assert a["settings"] == b["settings"]
        assert world.ask("state")["sites"]["access"]["serving"] == "box-a.example.test"

    return Case(world, "sync_upgrade", _given(world), settled, ("login.failover.break",))


def _at_target(world: World) -> None:
    box = world.box("a")
    assert (box["base"], box["product"], box["healthy"]) == (*TARGET, True)
    assert limit_of(world, "a") == "50"


def _one_box(era: str, language: str) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        alone(config)
        each_box(config, era=era, language=language)

    return change


def _single(worlds: Worlds, era: str, language: str) -> Case:
    """Jump Clients are held back meanwhile: a setting that has to come back however the run ends."""
    world = worlds(_one_box(era, language))
    return Case(world, "single_upgrade", _given(world, bt_jump_client_limit=5), lambda: _at_target(world))


def _shipped(worlds: Worlds, era: str, language: str) -> Case:
    """The modules run where the connection leads, not in the controller's process."""
    case = _single(worlds, era, language)

    def elsewhere(inventory: dict[str, Any]) -> None:
        for host in hosts_of(inventory, "bt_single").values():
            host.update(ansible_connection="elsewhere", ansible_python_interpreter=sys.executable)

    case.world.change_inventory(elsewhere)
    # With pipelining Ansible writes no module with its arguments into a file, which a killed run would leave behind.
    case.environment = {"ANSIBLE_CONNECTION_PLUGINS": str(CONNECTIONS), "ANSIBLE_PIPELINING": "1"}
    return case


def _beside(worlds: Worlds, era: str, language: str) -> World:
    world = worlds(beside(_one_box(era, language), era=era, language=language))
    keys = world.play("download_keys")
    assert keys.code == 0, keys.out
    return world


def _offline(worlds: Worlds, era: str, language: str) -> Case:
    world = _beside(worlds, era, language)
    fetched = fetch(world)
    assert fetched.code == 0, fetched.out
    given = _given(world, bt_update_source="package")
    return Case(world, "single_upgrade", given, lambda: _at_target(world))


def _fetch(worlds: Worlds, era: str, language: str) -> Case:
    world = _beside(worlds, era, language)
    arguments = fetching(world)
    world.inventory = world.folder / "nobody"
    world.inventory.write_text("localhost ansible_connection=local\n")
    return Case(world, "fetch_packages", arguments, lambda: assert_whole(world, "box-a.example.test"))


def _migration(worlds: Worlds, era: str, language: str) -> Case:
    move = start_move(worlds, era=era, language=language)
    given = tuple(move.given({**SECRETS, **PATIENT, **move.by_itself()}))
    once = ("login.software.restore", "login.password.change")
    return Case(move.world, "hardware_migration", given, lambda: test_migration.assert_done(move), once)


def _reset(worlds: Worlds, era: str, language: str) -> Case:
    move = moved(worlds, era=era, language=language)
    given = tuple(move.given({**SECRETS, "bt_confirm_serial": move.box(OLD)["serial"]}))

    def settled() -> None:
        assert _done(move) == (1, "closed")
        assert move.world.ask("state")["sites"]["access"]["serving"] == NEW

    return Case(move.world, "factory_reset", given, settled, ("appliance.factory_reset.confirm",))


def _done(move: Move) -> tuple[int, str]:
    old = move.box(OLD)
    return old["reset"]["done"], old["system"]


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("async", _async),
        Scenario("dns", _dns),
        Scenario("sync", _sync),
        Scenario("single", _single),
        Scenario("shipped", _shipped),
        Scenario("offline", _offline),
        Scenario("fetch", _fetch),
        Scenario("migration", _migration),
        Scenario("reset", _reset),
    )
}


def made(name: str, worlds: Worlds, era: str, language: str) -> Case:
    """The case of a scenario, with a log that begins where its command does."""
    case = SCENARIOS[name].make(worlds, era, language)
    # Boxes tell the time of a sync in seconds: two that end in the same one cannot be told apart.
    case.world.tell("durations", sync=SYNC_SECONDS)
    case.world.forget_log()
    return case


def judged(case: Case, mended: bool) -> list[str]:
    """What is wrong at the end of a job that says it is done; nothing where all is well.

    :param mended: an update failed and was offered once more, so that it was started twice rightly.
    """
    wrong = []
    for check in (case.settled, *(() if mended else (lambda: _started_once(case.world),))):
        try:
            check()
        except AssertionError as error:
            wrong.append(f"the end state is wrong: {error or 'see the state'}")
    return wrong
