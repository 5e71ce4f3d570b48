# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shared IP goes from A to B: nothing but the proof that A is off stands between the two switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import Config, World, each_box

Worlds = Callable[..., World]
SAVE = "appliance.address.save"


def broken_pair(world: World) -> World:
    """The pair without its relationship, A serving."""
    peer = {"peer": {"box": "box-b.example.test"}}
    outcome = world.run_tasks(
        {"bt_ops.pra.bt_failover": {"state": "synchronised", "max_sync_age": 0, **peer}},
        {"bt_ops.pra.bt_failover": {"state": "broken", **peer}},
    )
    assert outcome.code == 0, outcome.out
    return world


CUT_OVER: dict[str, Any] = {
    "bt_ops.pra.bt_cutover": {
        "peer": {"box": "box-b.example.test"}, "shared_ip": "{{ bt_shared_ip }}",
        "site_hostname": "{{ bt_site_hostname }}", "site_port": "{{ bt_site_port }}", "unverified_by": "Jane Doe",
    }
}


@pytest.mark.parametrize("era", ["tables", "divs", "aria"])
def test_only_the_proof_that_a_is_off_stands_between_the_switches(worlds: Worlds, era: str) -> None:
    def change(config: Config) -> None:
        each_box(config, era=era)

    world = broken_pair(worlds(change))
    outcome = world.run_tasks(CUT_OVER)
    assert outcome.code == 0, outcome.out
    log = world.ask("log")
    off, on = (number for number, entry in enumerate(log) if entry["op"] == SAVE)
    assert (log[off]["box"], log[on]["box"]) == ("box-a.example.test", "box-b.example.test")
    between = [(entry["box"], entry["op"]) for entry in log[off + 1 : on]]
    assert between == [("box-a.example.test", "appliance.address")]
    assert world.ask("state")["sites"]["access"]["serving"] == "box-b.example.test"
    assert world.ask("violations") == []


def test_who_is_cut_off_is_told_before_the_switch(worlds: Worlds) -> None:
    world = broken_pair(worlds())
    world.tell("sessions", box="box-a.example.test", count=2, open=True)
    outcome = world.run_tasks(CUT_OVER)
    assert outcome.code == 0, outcome.out
    told, _stop, after = outcome.out.partition(": their sessions end now")
    assert "3 users logged in, 2 open sessions" in told.splitlines()[-1], outcome.out
    assert "Moved the shared IP" in after


@pytest.mark.parametrize("box", ["box-a.example.test", "box-b.example.test"])
def test_a_switch_whose_answer_was_lost_is_not_sent_again(worlds: Worlds, box: str) -> None:
    world = broken_pair(worlds())
    world.tell("faults", do="do_then_reset", box=box, op=SAVE, count=1)
    outcome = world.run_tasks(CUT_OVER)
    assert outcome.code == 0, outcome.out
    saved = [entry["box"] for entry in world.ask("log") if entry["op"] == SAVE]
    assert saved == ["box-a.example.test", "box-b.example.test"]
    assert world.ask("state")["sites"]["access"]["serving"] == "box-b.example.test"
    assert world.ask("violations") == []


def test_a_switch_that_was_not_done_is_seen_to_be_so(worlds: Worlds) -> None:
    world = broken_pair(worlds())
    world.tell("faults", do="login_redirect", box="box-a.example.test", op=SAVE, count=1)
    outcome = world.run_tasks(CUT_OVER)
    assert outcome.code != 0
    assert "shows the address enabled" in outcome.out
    assert [entry["box"] for entry in world.ask("log") if entry["op"] == SAVE] == ["box-a.example.test"]
    assert world.ask("state")["sites"]["access"]["serving"] == "box-a.example.test"
