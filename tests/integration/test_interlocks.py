# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a module refuses by itself: a box whose base update runs or has failed is left to the vendor's support."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.modules import (
    bt_certificate,
    bt_cutover,
    bt_failover,
    bt_jump_clients,
    bt_shared_ip,
    bt_update,
)
from tests.integration.bench import SITE, Bench, Result, good, refused
from tests.integration.conftest import World

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
TOUCHING = ["broken", "established", "synchronised", "cut over", "shared IP", "limit", "certificate"]


class Pair(Bench):
    """Both boxes, out of their relationship, and each act that changes one."""

    def act(self, what: str, **more: Any) -> Result:
        """Do it to box B, or with it."""
        ip = self.world.ask("config")["sites"][0]["shared_ip"]
        site = {"site_hostname": SITE, "site_port": self.facts(A)["port"], "site_address": ip}
        from_a = {**self.whole(A), "peer": self.whole(B), **more}
        if what == "cut over":
            return self.run(bt_cutover, A, **from_a, **site, shared_ip=ip)
        if what == "shared IP":
            return self.run(bt_shared_ip, B, **self.whole(B), address=ip, enabled=True, **more)
        if what == "limit":
            return self.run(bt_jump_clients, B, **self.whole(B), limit=5, **more)
        if what == "certificate":
            self.world.tell("certificate", box=A, days=300)  # one that B does not have yet
            path = self.run(bt_certificate, A, state="exported", name=SITE, passphrase="canary")["certificate"]["path"]
            return self.run(bt_certificate, B, state="imported", src=path, passphrase="canary", **more)
        return self.run(bt_failover, A, **from_a, **(site if what == "established" else {}), state=what)

    def update(self, who: str, **more: Any) -> Result:
        """Have a box updated."""
        return self.run(bt_update, who, **{**self.whole(who), "version": "24.3.1", **more})

    def writes(self) -> list[str]:
        """What was changed on any box."""
        return [entry["op"] for entry in self.world.mutations()]


@pytest.fixture
def pair(worlds: Worlds) -> Pair:
    """The pair, still in its relationship."""
    return Pair(worlds(), [])


def apart(pair: Pair) -> None:
    """Take the relationship away, as another person would."""
    for box in (A, B):
        pair.world.tell("role", box=box, role="none")


@pytest.mark.parametrize("what", TOUCHING)
def test_a_box_on_which_another_person_installs_base_software_is_left_alone(pair: Pair, what: str) -> None:
    if what not in ("broken", "synchronised"):
        apart(pair)
    pair.world.tell("durations", base_install=60)
    pair.world.tell("user-update", box=B, package="base-6.2.0", by="Jane Doe")
    refused(pair.act(what), "refused", f"{B} is installing", "so nothing else is done to it")
    assert pair.writes() == []
    assert pair.world.ask("violations") == []


def test_after_a_failed_base_update_a_box_belongs_to_the_vendors_support(pair: Pair) -> None:
    apart(pair)
    pair.world.tell("troubles", box=B, trouble="update_fail", on=True)
    assert pair.update(B)["error"] == "box_failed"
    before = pair.writes()
    for what in ("cut over", "shared IP", "established", "certificate"):
        refused(pair.act(what), "refused", "to base software 6.2.0 failed", "call the vendor's support")
    refused(pair.update(B), "refused", f"The update of {B} to base software 6.2.0 failed", "bt_support_case")
    refused(pair.update(A), "refused", f"so nothing is installed on {A}")
    assert pair.writes() == before

    pair.world.tell("troubles", box=B, trouble="update_fail", on=False)
    pair.world.tell("mend", box=B)
    good(pair.update(B, support_case="C-4711"), True)
    assert any("the vendor's support has let go of it, case C-4711." in line for line in pair.said)
    assert pair.world.box("b")["updates"]["started"] == ["base-6.2.0", "base-6.2.0", "product-24.3.1"]
    assert pair.world.ask("violations") == []


def test_a_case_lets_go_of_one_failure_only(pair: Pair) -> None:
    apart(pair)
    pair.world.tell("troubles", box=B, trouble="update_fail", on=True)
    for case in ("", "C-1"):
        assert pair.update(B, support_case=case)["error"] == "box_failed"
        pair.world.tell("mend", box=B)
    refused(pair.update(B, support_case="C-1"), "refused", "The case C-1 let go of an earlier one.")


def test_a_failure_that_only_the_box_knows_of_counts_too(pair: Pair) -> None:
    apart(pair)
    pair.world.tell("troubles", box=B, trouble="update_fail", on=True)
    pair.world.tell("user-update", box=B, package="base-6.2.0", by="Jane Doe")
    deadline = time.monotonic() + 20
    while not pair.world.box("b")["updates"]["base_failed"] and time.monotonic() < deadline:
        time.sleep(0.1)
    for what in ("cut over", "limit"):
        refused(pair.act(what), "refused", f"An update of {B} failed", "call the vendor's support")
    refused(pair.update(B), "refused", f"An update of {B} failed")
    assert pair.writes() == []
