# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shared IP as an address that really moves from one host of a network to another, seen by a client beside them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.integration.conftest import World
from tests.integration.network import Client, Host, Network, network
from tests.integration.test_cutover import broken_pair

SHARED = "10.99.0.100"
# What stands in front of each box hands it what comes for the shared address, while that is its own.
RULES = """
table ip host {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    ip daddr %s fib daddr type local dnat to %s
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "box" masquerade
  }
  chain forward {
    type filter hook forward priority filter;
    iifname "lan" oifname "lan" drop
  }
}
"""
Worlds = Callable[..., World]


class Lan:
    """A switch with the hosts of both boxes, the controller and a client; the address is where a box has it enabled."""

    def __init__(self, world: World, net: Network) -> None:
        self.world = world
        told = json.loads((world.folder / "sim" / "simbox.json").read_text())
        self.port = int(told["port"])
        self.delay = 0.0
        switch, self.client_host = net.host(), net.host()
        switch.run("ip", "link", "add", "bridge", "type", "bridge")
        switch.address("bridge")
        self._plug(net, switch, net.here, "lan", "here", "10.99.0.1/24")
        self._plug(net, switch, self.client_host, "lan", "client", "10.99.0.77/24")
        self.hosts: dict[str, Host] = {}
        for place, (name, box) in enumerate(sorted(told["boxes"].items()), start=1):
            host = self.hosts[name] = net.host()
            self._plug(net, switch, host, "lan", f"host{place}", f"10.99.0.{10 + place}/24")
            net.cable(net.here, f"box{place}", host, "box")
            net.here.address(f"box{place}", f"10.98.{place}.1/30")
            host.address("box", f"10.98.{place}.2/30")
            host.run("ip", "route", "add", f"{box['address']}/32", "via", f"10.98.{place}.1")
            host.run("nft", "-f", "-", text=RULES % (SHARED, box["address"]))
        self._ended = threading.Event()
        self._mirror = threading.Thread(target=self._follow)
        self._mirror.start()

    def _plug(self, net: Network, switch: Host, host: Host, device: str, port: str, address: str) -> None:
        net.cable(switch, port, host, device)
        switch.run("ip", "link", "set", port, "master", "bridge", "up")
        host.address(device, address)

    def _follow(self) -> None:
        """Each host has the shared address while its box has it enabled, and announces it when it comes."""
        there: set[str] = set()
        while not self._ended.wait(0.005):
            boxes = self.world.ask("state")["boxes"]
            now = {name for name in boxes if any(one["shared"] and one["enabled"] for one in boxes[name]["addresses"])}
            for name in there - now:
                self.hosts[name].run("ip", "address", "del", f"{SHARED}/32", "dev", "lan")
            for name in now - there:
                if not self._ended.wait(self.delay):
                    self.hosts[name].address("lan", f"{SHARED}/32")
                    self.hosts[name].run("arping", "-q", "-c", "1", "-w", "1", "-U", "-I", "lan", SHARED)
            there = now

    def has_it(self) -> list[str]:
        """The boxes whose host has the address."""
        return [name for name, host in self.hosts.items() if SHARED in host.run("ip", "address", "show", "dev", "lan")]

    def stop(self) -> None:
        """End it."""
        self._ended.set()
        self._mirror.join(timeout=10)


@pytest.fixture
def own_network() -> Iterator[Network]:
    """Entered before the boxes are started, left after they are stopped."""
    with network() as made:
        yield made


@pytest.fixture
def lan(own_network: Network, worlds: Worlds) -> Iterator[Lan]:
    """A pair without its relationship, A serving the shared address."""
    lan = Lan(broken_pair(worlds()), own_network)
    yield lan
    lan.stop()


@pytest.mark.parametrize("delay", [0.0, 2.0])
def test_address_moves_and_the_outage_told_is_the_one_that_a_client_sees(lan: Lan, delay: float) -> None:
    """With a delay the box shows the address as enabled long before it answers there."""
    lan.delay = delay
    client = Client(
        lan.client_host, (SHARED, lan.port), "access.example.test", str(lan.world.folder / "sim" / "ca.pem"), 0.005
    )
    cut_over = {
        "bt_ops.pra.bt_cutover": {
            "peer": {"box": "box-b.example.test"}, "shared_ip": "{{ bt_shared_ip }}", "site_address": SHARED,
            "site_hostname": "{{ bt_site_hostname }}", "site_port": "{{ bt_site_port }}",
            "unverified_by": "Jane Doe",
        },
        "register": "moved",
    }
    outcome = lan.world.run_tasks(cut_over, {"ansible.builtin.debug": {"msg": "outage={{ moved.outage }}="}})
    seen = client.stop()
    assert outcome.code == 0, outcome.out
    assert lan.has_it() == ["box-b.example.test"]
    assert lan.world.ask("violations") == []
    told = float(outcome.out.partition("outage=")[2].partition("=")[0])
    assert told >= delay
    # The client tries anew only when a try has failed, which takes it up to half a second.
    assert seen <= told + 0.6, (seen, told)
