# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The site's address is translated by a router, which a tasks file of the site's own points to the other box."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.conftest import Config, World, hosts_of
from tests.integration.network import Client, Network, network
from tests.integration.test_async import assert_upgraded

PUBLIC = "198.51.100.10"
RULES = """
table ip site {
  map box {
    type inet_service : ipv4_addr
    elements = { %(port)s : %(address)s }
  }
  chain prerouting {
    type nat hook prerouting priority dstnat;
    ip daddr %(public)s dnat to tcp dport map @box
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    iifname "inside" oifname "inside" masquerade
  }
}
"""
# What a site with an nftables router would write. Connections that the router knows keep their box: they are ended.
TASKS = """
- name: Point the site's address to the box that takes over
  ansible.builtin.command:
    argv: [nsenter, "--net={{ nat_router }}", nft, -f, "-"]
    stdin: |
      flush map ip site box
      add element ip site box { {{ bt_port }} : {{ hostvars[bt_cutover_to].ansible_host }} }
  changed_when: true

- name: End the connections that still lead to the other box
  ansible.builtin.command:
    argv: [nsenter, "--net={{ nat_router }}", conntrack, -D, --orig-dst, "{{ nat_public }}"]
  register: nat_ended
  changed_when: nat_ended.rc == 0
  failed_when: nat_ended.rc not in [0, 1]
"""
Worlds = Callable[..., World]
# Whole upgrades, some of them twice.
pytestmark = pytest.mark.timeout(300)


class Site:
    """Boxes inside, a router that translates, a client outside."""

    def __init__(self, world: World, net: Network) -> None:
        self.world = world
        told = json.loads((world.folder / "sim" / "simbox.json").read_text())
        self.port = int(told["port"])
        self.addresses = {name: str(box["address"]) for name, box in told["boxes"].items()}
        self.router, self.outside = net.host(), net.host()
        net.cable(net.here, "router", self.router, "inside")
        net.cable(self.router, "outside", self.outside, "lan")
        net.here.address("router", "10.99.1.1/24")
        self.router.address("inside", "10.99.1.254/24")
        self.router.address("outside", "198.51.100.1/24", f"{PUBLIC}/32")
        self.outside.address("lan", "198.51.100.77/24")
        net.here.run("ip", "route", "add", "198.51.100.0/24", "via", "10.99.1.254")
        boxes = self.addresses["box-a.example.test"].rpartition(".")[0] + ".0/24"
        self.router.run("ip", "route", "add", boxes, "via", "10.99.1.1")
        values = {"port": self.port, "address": self.addresses["box-a.example.test"], "public": PUBLIC}
        self.router.run("nft", "-f", "-", text=RULES % values)
        self._ended = threading.Event()
        self._users = threading.Thread(target=self._follow)
        self._users.start()

    def leads_to(self) -> str:
        """The box to which the router translates the public address."""
        told = json.loads(self.router.run("nft", "--json", "list", "map", "ip", "site", "box"))
        found = [element for entry in told["nftables"] for element in entry.get("map", {}).get("elem", [])]
        names = {address: name for name, address in self.addresses.items()}
        return names[found[0][1]] if found else ""

    def _follow(self) -> None:
        """The simulated site is used at the box to which the router leads."""
        box = ""
        while not self._ended.wait(0.05):
            now = self.leads_to()
            if now and now != box:
                self.world.tell("public", site="access", box=now, by="client")
                box = now

    def stop(self) -> None:
        """End it."""
        self._ended.set()
        self._users.join(timeout=10)

    def use(self, tasks: str) -> None:
        """Put into the inventory what a user would."""
        path = self.world.folder / "nat.yml"
        path.write_text(tasks)

        def change(inventory: dict[str, Any]) -> None:
            for group in ("bt_primary", "bt_backup"):
                for host in hosts_of(inventory, group).values():
                    host.update(
                        bt_cutover="nat", bt_nat_tasks=str(path), bt_site_address=PUBLIC, nat_router=self.router.path,
                        nat_public=PUBLIC,
                    )

        self.world.change_inventory(change)

    def client(self) -> Client:
        """A client outside."""
        ca_path = str(self.world.folder / "sim" / "ca.pem")
        return Client(self.outside, (PUBLIC, self.port), "access.example.test", ca_path)


@pytest.fixture
def own_network() -> Iterator[Network]:
    """Entered before the boxes are started, left after they are stopped."""
    with network() as made:
        yield made


@pytest.fixture
def site(own_network: Network, worlds: Worlds) -> Iterator[Site]:
    """A site that is reached through a router alone."""

    def without_shared_ip(config: Config) -> None:
        config["sites"][0].pop("shared_ip")

    site = Site(worlds(without_shared_ip), own_network)
    yield site
    site.stop()


def test_pair_is_upgraded_and_users_outside_notice_no_outage(site: Site) -> None:
    site.use(TASKS)
    client = site.client()
    outcome = site.world.play("async_upgrade")
    longest = client.stop()
    assert outcome.code == 0, outcome.out
    assert_upgraded(site.world)
    assert site.leads_to() == "box-b.example.test"
    assert longest < 1.5, client.tries
    summary = json.loads((site.world.run_dir / "summary.json").read_text())
    assert {"G33", "G36"} <= {line["guide"] for line in summary["by_hand"]}
    second = site.world.play("async_upgrade")
    assert second.code == 0, second.out
    assert second.recap("changed") == 0


def test_router_that_was_not_switched_is_found_out_and_the_same_command_goes_on(site: Site) -> None:
    site.use("- name: Do nothing\n  ansible.builtin.debug:\n    msg: firewall says OK\n")
    first = site.world.play("async_upgrade", "-e", "async_pair_switch_timeout=1")
    assert first.code != 0
    assert "answered by another box" in first.out
    assert site.world.box("a")["updates"]["started"] == []
    # A switch that ended half way: nobody is reached.
    site.router.run("nft", "flush", "map", "ip", "site", "box")
    site.use(TASKS)
    second = site.world.play("async_upgrade")
    assert second.code == 0, second.out
    assert "A cut-over was begun and not ended" in second.out
    assert_upgraded(site.world)
    assert site.world.box("b")["updates"]["started"] != []
