# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A pair without a shared IP is upgraded asynchronously: the site's name is switched by DNS on a real name server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration import name_server
from tests.integration.conftest import Config, World, hosts_of, kill_group
from tests.integration.name_server import KEY, SECRET, ZONE
from tests.integration.test_async import assert_upgraded

OLD_TTL = 6
TTL = 2
Worlds = Callable[..., World]
# Whole upgrades, some of them twice.
pytestmark = pytest.mark.timeout(300)


class Site:
    """Boxes, the name server that leads to one of them, two resolvers that cache, and users who follow the name."""

    def __init__(self, world: World, folder: Path, address: str) -> None:
        self.world = world
        boxes = json.loads((world.folder / "sim" / "simbox.json").read_text())["boxes"]
        self.addresses = {name: box["address"] for name, box in boxes.items()}
        record = f"access {OLD_TTL} A {self.addresses['box-a.example.test']}"
        self.master = name_server.knot(folder / "master", address, record)
        self.resolvers = [name_server.resolver(folder / f"cache{place}", "127.0.0.1", self.master) for place in (1, 2)]
        self.switched = 0.0
        self._ended = threading.Event()
        self._users = threading.Thread(target=self._follow)
        self._users.start()

    def _follow(self) -> None:
        """The simulated site is used at the box to which the name leads."""
        names = {address: name for name, address in self.addresses.items()}
        leads_to = ""
        while not self._ended.wait(0.05):
            for one in self.resolvers:
                one.ask("access")
            box = names.get("".join(self.master.ask("access")[0]), "")
            if box != leads_to:
                self.world.tell("public", site="access", box=box, by="client")
                leads_to, self.switched = box, time.time()

    def stop(self) -> None:
        """End it."""
        self._ended.set()
        self._users.join(timeout=10)
        for server in (self.master, *self.resolvers):
            server.stop()

    def use(self, **more: Any) -> None:
        """Put into the inventory what a user would, in place of an address of the site."""

        def change(inventory: dict[str, Any]) -> None:
            for group in ("bt_primary", "bt_backup"):
                for host in hosts_of(inventory, group).values():
                    host.pop("bt_site_address")
                    host.update(
                        bt_cutover="dns", bt_dns_server=self.master.address, bt_dns_port=self.master.port,
                        bt_dns_zone=ZONE, bt_dns_key_name=KEY, bt_dns_key_secret=SECRET, bt_dns_ttl=TTL,
                        bt_dns_resolvers=[str(one) for one in self.resolvers], **more,
                    )

        self.world.change_inventory(change)

    def first_update_of_a(self) -> float:
        """When the first request went to box-a that has it install something."""
        installs = [entry for entry in self.world.ask("log") if entry["op"].endswith(".install")]
        return min(float(entry["time"]) for entry in installs if entry["box"].startswith("box-a"))


@pytest.fixture
def site(worlds: Worlds, tmp_path: Path, worker_number: int) -> Iterator[Site]:
    """A site that is reached by DNS alone."""

    def without_shared_ip(config: Config) -> None:
        config["sites"][0].pop("shared_ip")

    site = Site(worlds(without_shared_ip), tmp_path, f"127.0.{29 + 10 * worker_number}.54")
    site.use()
    yield site
    site.stop()


def test_pair_is_upgraded_by_dns_and_a_second_run_changes_nothing(site: Site) -> None:
    first = site.world.play("async_upgrade")
    assert first.code == 0, first.out
    assert_upgraded(site.world)
    assert SECRET not in first.out
    assert site.master.ask("access") == ([site.addresses["box-b.example.test"]], OLD_TTL)
    # Nothing was done to A while a resolver could still lead users to it.
    assert site.first_update_of_a() >= site.switched + TTL - 0.1
    summary = json.loads((site.world.run_dir / "summary.json").read_text())
    acts = {phase["name"]: phase["acts"] for phase in summary["phases"]}
    assert any(act.startswith("Lowered the TTL") for act in acts["preflight"])
    assert any(act.startswith(f"Switched access.{ZONE} A from") for act in acts["cutover"])
    assert any(act.startswith("Put the TTL") for act in acts["finish"])
    assert {"G33", "G36"} <= {line["guide"] for line in summary["by_hand"]}
    serial, requests = site.master.serial(), len(site.world.mutations())
    second = site.world.play("async_upgrade")
    assert second.code == 0, second.out
    assert second.recap("changed") == 0
    assert (site.master.serial(), len(site.world.mutations())) == (serial, requests)


def test_check_mode_tells_the_switch_and_changes_nothing(site: Site) -> None:
    site.world.tell("readonly", on=True)
    outcome = site.world.play("async_upgrade", "--check")
    assert outcome.code == 0, outcome.out
    for part in ("lower the TTL", f"switch access.{ZONE} A from {site.addresses['box-a.example.test']}"):
        assert f"would {part}" in outcome.out
    assert site.world.mutations() == []
    assert site.world.ask("violations") == []
    assert site.master.serial() == 1


def test_stopped_while_users_may_be_led_to_a_the_same_command_goes_on_there(site: Site) -> None:
    b = site.addresses["box-b.example.test"]
    site.master.write("access", "AAAA", "::1", ttl=1)
    process = site.world.start("async_upgrade")
    deadline = time.monotonic() + 90
    while site.master.ask("access")[0] != [b] and time.monotonic() < deadline:
        time.sleep(0.02)
    kill_group(process)
    assert site.master.ask("access") == ([b], TTL)
    again = time.time()
    second = site.world.play("async_upgrade", "-e", "async_pair_switch_timeout=1")
    assert second.code != 0
    assert "Not everybody may be led to box-b.example.test by DNS yet" in second.out
    # Users who prefer IPv6 were not switched.
    assert f"access.{ZONE} also has AAAA ::1" in second.out
    assert f"https://access.{ZONE} at ::1" in second.out
    assert time.time() - again >= TTL
    assert site.world.box("a")["updates"]["started"] == []
    site.master.write("access", "AAAA", ttl=1)
    third = site.world.play("async_upgrade")
    assert third.code == 0, third.out
    assert_upgraded(site.world)
    assert site.master.ask("access") == ([b], OLD_TTL)


def test_a_run_that_fails_before_the_switch_leaves_the_old_ttl(site: Site) -> None:
    site.world.tell("troubles", box="box-b.example.test", trouble="update_fail", on=True)
    outcome = site.world.play("async_upgrade")
    assert outcome.code != 0
    assert "says that it failed" in outcome.out
    assert site.master.ask("access") == ([site.addresses["box-a.example.test"]], OLD_TTL)
    assert site.master.serial() == 3  # lowered, and put back
    assert "The TTL of" not in (site.world.run_dir / "summary.txt").read_text()


def test_update_of_a_by_another_person_while_b_installs_stops_it_before_the_switch(site: Site) -> None:
    """A would be left between base and product while the site leads to B."""
    world, a = site.world, "box-a.example.test"
    process = world.start("async_upgrade")
    deadline = time.monotonic() + 90
    while "product" not in str(world.box("b")["updates"]["running"]) and time.monotonic() < deadline:
        time.sleep(0.02)
    world.tell("durations", base_install=60)
    world.tell("user-update", box=a, package="base-6.2.0", by="Jane Doe")
    out, _nothing = process.communicate(timeout=90)
    assert process.returncode != 0
    assert f"{a} is installing" in out
    assert site.master.ask("access")[0] == [site.addresses[a]]


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("bt_dns_key_secret", "d3Jvbmcga2V5", "the secret is wrong"),
        ("bt_dns_zone", "example.org", "is not in the zone example.org"),
    ],
)
def test_what_cannot_be_right_stops_it_before_any_box_is_touched(
    site: Site, variable: str, value: Any, words: str
) -> None:
    def change(inventory: dict[str, Any]) -> None:
        for group in ("bt_primary", "bt_backup"):
            for host in hosts_of(inventory, group).values():
                host[variable] = value

    site.world.change_inventory(change)
    outcome = site.world.play("async_upgrade")
    assert outcome.code != 0
    assert words in outcome.out, outcome.out
    assert "Traceback" not in outcome.out
    assert site.world.mutations() == []
    assert site.master.serial() == 1
