# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Nothing leads round the gates: each act alone, at each phase; another playbook; a lost run folder; swapped groups."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.modules import bt_cutover, bt_failover, bt_shared_ip, bt_update, bt_verify
from tests.integration.bench import SITE, Bench, Result
from tests.integration.conftest import Outcome, World, hosts_of, kill_group
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
PHASES = (
    "preflight", "backup", "sync", "break", "update_first", "verify_first", "cutover", "update_second",
    "verify_second", "restore_failover", "finish",
)  # fmt: skip
TASKS = ("Break", "Update the first box", "Cut over", "Update the second box", "Restore failover")
PARTED = ("break", "update_first", "verify_first", "cutover", "update_second", "verify_second")
STAGES = ("", "preflight", "backup", "sync", *PARTED, "restore_failover")
# What is due when the phase was reached, or is the way back; what is not named here is never done then.
DUE = {
    "break": {"install on B", "establish from A"}, "verify_first": {"shared IP to B", "before switch"},
    "cutover": {"install on A"}, "update_second": {"establish from B"}, "verify_second": {"establish from B"},
}  # fmt: skip


class Acts(Bench):
    """Each act on a pair by itself, as a playbook does that leaves out everything before it."""

    def all(self) -> dict[str, Callable[[], Result]]:
        """What can be done, by its name."""
        ip = self.world.ask("config")["sites"][0]["shared_ip"]
        a, b = self.whole(A), self.whole(B)
        site = {"site_hostname": SITE, "site_port": self.facts(A)["port"], "site_address": ip}
        new = {"version": "24.3.1"}
        return {
            "install on A": lambda: self.run(bt_update, A, **a, **new, peer=b),
            "install on B": lambda: self.run(bt_update, B, **b, **new, peer=a),
            "install on A alone": lambda: self.run(bt_update, A, **a, **new),
            "install on B alone": lambda: self.run(bt_update, B, **b, **new),
            "shared IP to B": lambda: self.run(bt_cutover, A, **a, **site, peer=b, shared_ip=ip),
            "shared IP to A": lambda: self.run(bt_cutover, B, **b, **site, peer=a, shared_ip=ip),
            "address on B": lambda: self.run(
                bt_shared_ip, B, **b, address=ip, enabled=True, site_port=site["site_port"]
            ),
            "before switch": lambda: self.run(bt_verify, B, **b, **new, peer=a, before_switch=True),
            "establish from A": lambda: self.run(bt_failover, A, **a, **site, peer=b, state="established"),
            "establish from B": lambda: self.run(bt_failover, B, **b, **site, peer=a, state="established"),
        }


def tried(acts: Acts, stage: str) -> dict[str, str]:
    """Try each act that is not due: how each came out, with nothing changed on any box."""
    told = {}
    for name, act in acts.all().items():
        if name in DUE.get(stage, set()):
            told[name] = "due"
            continue
        before = len(acts.world.mutations())
        result = act()
        assert len(acts.world.mutations()) == before, (stage, name, result)
        if result.get("failed"):
            assert result["error"] in ("refused", "unproven"), (stage, name, result["msg"])
            assert len(result["msg"]) < 700, result["msg"]
        else:
            assert not result["changed"], (stage, name, result)
        told[name] = "refused" if result.get("failed") else "no effect"
    return told


def cuts(stage: str, whole: bool) -> list[tuple[str, str]]:
    """Ways to leave out steps of a run: all of them, or those that lead furthest from where the pair stands."""
    if whole or not stage:
        every = [(how, phase) for how in ("--tags", "--skip-tags") for phase in PHASES]
        return [*every, *(("--start-at-task", task) for task in TASKS)]
    due = PHASES[min(PHASES.index(stage) + 1, len(PHASES) - 1)]
    fixed = [("--tags", "update_second"), ("--skip-tags", "verify_first"), ("--start-at-task", "Cut over")]
    return [("--tags", due), *fixed]


def cut(world: World, stage: str, how: str, what: str) -> str:
    """Run the playbook without some of its steps: nothing is changed, and one sentence says why."""
    before = len(world.mutations())
    outcome = world.play("async_upgrade", how, what)
    assert outcome.code != 0, (stage, how, what, outcome.out)
    assert how in outcome.out
    assert "bt_stage" in outcome.out, (stage, how, what, outcome.out)
    assert len(world.mutations()) == before, (stage, how, what)
    return "refused"


def without_folder(world: World) -> Outcome:
    """The same command with an empty run folder."""
    runs = world.folder / "runs"
    kept = runs.rename(world.folder / "kept")
    outcome = world.play("async_upgrade")
    if runs.exists():
        runs.rename(Path(f"{kept}-{time.monotonic_ns()}"))
    kept.rename(runs)
    return outcome


def swap(world: World) -> None:
    """Exchange the two boxes in the groups, as the summary bids once B serves."""

    def change(inventory: dict[str, Any]) -> None:
        groups = inventory["all"]["children"]
        groups["bt_primary"], groups["bt_backup"] = groups["bt_backup"], groups["bt_primary"]

    world.change_inventory(change)


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.wide)])
def test_no_act_is_done_before_its_turn_at_any_phase_nor_without_the_run_folder(
    worlds: Worlds, capsys: pytest.CaptureFixture[str], whole: bool
) -> None:
    world = worlds()
    acts, table = Acts(world, []), {}
    tags: dict[str, dict[str, str]] = {}
    for stage in STAGES:
        if stage:
            done = world.play("async_upgrade", "-e", f"bt_stage={stage}")
            assert done.code == 0, done.out
        table[stage or "untouched"] = tried(acts, stage)
        tags[stage or "untouched"] = {
            f"{how} {what}": cut(world, stage, how, what) for how, what in cuts(stage, whole)
        }
        if stage in PARTED:
            before = len(world.mutations())
            lost = without_folder(world)
            assert lost.code != 0
            assert "this run folder has no record of breaking the pair" in lost.out, lost.out
            assert "bt_adopt" in lost.out
            assert len(world.mutations()) == before
        if stage == "cutover":
            swap(world)
    assert world.play("async_upgrade").code == 0
    assert_upgraded(world)
    again = world.play("async_upgrade")
    assert (again.code, again.recap("changed")) == (0, 0), again.out
    with capsys.disabled():
        print("\n" + "\n".join(_lines(table)))
        turned: dict[str, dict[str, str]] = {}
        for stage, told in tags.items():
            for way, end in told.items():
                turned.setdefault(way, {})[stage] = end
        print("\n" + "\n".join(_lines(turned)))


def _lines(table: dict[str, dict[str, str]]) -> list[str]:
    """The table as people read it; what was not tried is left empty."""
    names = list(dict.fromkeys(name for told in table.values() for name in told))
    width = max(map(len, table)) + 2
    head = " " * width + "  ".join(name.ljust(len("no effect")) for name in names)
    row = "  ".join(f"{{:{max(len(name), len('no effect'))}}}" for name in names)
    body = [at.ljust(width) + row.format(*(told.get(name, "") for name in names)) for at, told in table.items()]
    return [head, *body]


def in_group_single(world: World, *boxes: str) -> None:
    """Have the boxes stand in bt_single alone."""

    def change(inventory: dict[str, Any]) -> None:
        both = {**hosts_of(inventory, "bt_primary"), **hosts_of(inventory, "bt_backup")}
        hosts = {name: {**both[name], "bt_site": name} for name in boxes}
        inventory["all"]["children"] = {"bt_single": {"hosts": hosts}}

    world.change_inventory(change)


@pytest.mark.parametrize("boxes", [(A,), (A, B)])
@pytest.mark.parametrize("check", [False, True])
def test_half_of_a_pair_is_installed_on_by_no_other_playbook(
    worlds: Worlds, boxes: tuple[str, ...], check: bool
) -> None:
    world = worlds()
    in_group_single(world, *boxes)
    outcome = world.play("single_upgrade", *(["--check"] if check else []))
    assert outcome.code != 0
    if len(boxes) == 1:
        assert f"{A} is the primary of a failover relationship, so nothing is installed on {A}." in outcome.out
    else:
        assert f"{A} and {B} in bt_single have one bt_site_hostname" in outcome.out
    assert world.mutations() == []
    assert [world.box(letter)["updates"]["started"] for letter in "ab"] == [[], []]


def test_another_playbook_does_not_go_on_with_a_pair_whose_upgrade_is_open(worlds: Worlds) -> None:
    world = worlds()
    assert world.play("async_upgrade", "-e", "bt_stage=break").code == 0

    def both_alone(inventory: dict[str, Any]) -> None:
        both = {**hosts_of(inventory, "bt_primary"), **hosts_of(inventory, "bt_backup")}
        inventory["all"]["children"] = {"bt_single": {"hosts": {A: both[A]}}}

    world.change_inventory(both_alone)
    outcome = world.play("single_upgrade")
    assert outcome.code != 0
    assert f"{A} is half of a pair whose upgrade is not finished" in outcome.out
    assert "async_upgrade.yml" in outcome.out
    assert world.box("a")["updates"]["started"] == []


def test_without_its_run_folder_a_pair_is_left_alone_until_a_person_takes_it_over(worlds: Worlds) -> None:
    world = worlds(lambda config: config["durations"].update(base_install=8.0))
    process = world.start("async_upgrade")
    deadline = time.monotonic() + 60
    while world.box("b")["updates"]["running"] is None and time.monotonic() < deadline:
        time.sleep(0.05)
    kill_group(process)
    (world.folder / "runs").rename(world.folder / "lost")
    world.forget_log()
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert f"{B} is installing" in outcome.out or f"{B} does not answer" in outcome.out, outcome.out
    deadline = time.monotonic() + 30
    while world.box("b")["updates"]["running"] is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert "this run folder has no record of breaking the pair" in outcome.out
    assert f"what was changed on {A} since the pair was broken is not on {B}" in outcome.out
    assert world.mutations() == []
    adopted = world.play("async_upgrade", "-e", "bt_adopt='Jane Doe'")
    assert adopted.code == 0, adopted.out
    assert "Jane Doe has this run go on" in adopted.out
    assert_upgraded(world)
