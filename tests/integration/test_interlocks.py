# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a module refuses by itself: a box whose base update runs or has failed is left to the vendor's support."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
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
from tests.integration.test_cutover import CUT_OVER

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


PLAN: dict[str, Any] = {
    "bt_ops.pra.bt_plan": {
        "peer": {"box": B}, "version": "24.3.1", "site_hostname": "{{ bt_site_hostname }}",
        "site_port": "{{ bt_site_port }}", "site_address": "{{ bt_shared_ip }}",
    }
}

SYNC = {"bt_ops.pra.bt_failover": {"state": "synchronised", "max_sync_age": 0, "peer": {"box": B}}}
PART = {"bt_ops.pra.bt_failover": {"state": "broken", "peer": {"box": B}}}


def somebody(world: World, what: str, **body: Any) -> dict[str, Any]:
    """A task between two others in which another person, or another controller, does something."""
    request = {"url": f"{world.control}/{what}", "method": "POST", "body_format": "json", "body": body}
    return {"ansible.builtin.uri": request, "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}


def test_what_somebody_else_does_after_the_plan_stops_the_run(worlds: Worlds) -> None:
    world = worlds(lambda config: config["durations"].update(base_install=60))
    outcome = world.run_tasks(PLAN, SYNC, somebody(world, "role", box=A, role="none"), PART)
    assert outcome.code != 0
    assert f"the failover role of {A} was primary; now it is none" in outcome.out
    world.tell("role", box=A, role="primary")

    outcome = world.run_tasks(PLAN, SYNC, PART, somebody(world, "role", box=B, role="backup"), CUT_OVER)
    assert outcome.code != 0
    assert f"the failover role of {B} was none; now it is backup" in outcome.out
    world.tell("role", box=B, role="none")

    verify = {"bt_ops.pra.bt_verify": {"peer": {"box": B}}}
    outcome = world.run_tasks(PLAN, somebody(world, "role", box=B, role="backup"), verify)
    assert outcome.code != 0
    assert f"the failover role of {B} was none; now it is backup" in outcome.out
    world.tell("role", box=B, role="none")
    assert world.run_tasks(PLAN, verify).code == 0

    update = {"bt_ops.pra.bt_update": {"version": "24.3.1"}, "delegate_to": B}
    outcome = world.run_tasks(PLAN, somebody(world, "user-update", box=B, package="base-6.2.0", by="Jane"), update)
    assert outcome.code != 0
    assert f"An update runs on {B} that this run has not begun" in outcome.out
    assert world.box("b")["updates"]["started"] == ["base-6.2.0"]
    assert world.ask("violations") == []


def test_base_software_that_another_person_brought_onto_a_after_the_plan_keeps_b_as_it_is(worlds: Worlds) -> None:
    """A waits for its product then: on nothing else anything is to be done."""
    world = worlds()
    update = {"bt_ops.pra.bt_update": {"version": "24.3.1", "peer": {"box": A}}, "delegate_to": B}
    person = somebody(world, "user-update", box=A, package="base-6.2.0", by="Jane")
    until_it_is_there = {"ansible.builtin.pause": {"seconds": 5}}
    outcome = world.run_tasks(PLAN, SYNC, PART, person, until_it_is_there, update)
    assert outcome.code != 0
    assert f"the base software of {A} was 6.1.0; now it is 6.2.0" in outcome.out
    assert world.box("b")["updates"]["started"] == []
    assert world.ask("violations") == []


def test_the_box_with_the_older_data_is_told_how_far_it_is_behind(worlds: Worlds) -> None:
    world = worlds()
    apart(Pair(world, []))
    journal = Journal(str(world.run_dir))
    journal.write("outcome", "Broke the relationship.", box=A, act="break", result="done")
    site = {key: CUT_OVER["bt_ops.pra.bt_cutover"][key] for key in ("site_hostname", "site_port")}
    site["site_address"] = "{{ bt_shared_ip }}"

    def establish(box: str, peer: str) -> str:
        pair = {"bt_ops.pra.bt_failover": {"state": "established", "peer": {"box": peer}, **site}, "delegate_to": box}
        outcome = world.run_tasks(pair)
        assert outcome.code != 0
        return outcome.out

    assert f"{B} is behind by" in establish(B, A)
    journal.write("outcome", "Moved the shared IP.", box=B, act="cutover", result="done")
    assert f"by the journal the site was moved to {B}" in establish(A, B)
    assert [entry for entry in world.mutations() if "failover" in entry["op"]] == []


def test_the_run_folder_of_another_site_is_refused(worlds: Worlds) -> None:
    world = worlds()
    journal = Journal(str(world.run_dir))
    journal.write("run", "Begun.", procedure="async", target="24.3.1", a="other-a", b="other-b")
    outcome = world.run_tasks(PLAN)
    assert outcome.code != 0
    assert "belongs to an upgrade of other-a and other-b that is not finished. Nothing was changed." in outcome.out
