# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fault suite finds its points, draws them fairly, and sees a secret, a lie, a run that does not end."""

from __future__ import annotations

import base64
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.faults.canaries import open_to_others, shown
from tests.faults.judge import Verdict, of_others, said_wrong
from tests.faults.points import ANSWERS, BOXES, CONTROLLER, KILLS, Asked, Point, drawn, every, found, together
from tests.faults.running import Run
from tests.faults.scenarios import SECRETS, Case
from tests.faults.suite import table
from tests.integration.conftest import World

A, B = "box-a.example.test", "box-b.example.test"


def entry(box: str, op: str, kind: str = "read") -> dict[str, Any]:
    """A request in the log."""
    return {"box": box, "op": op, "kind": kind}


LOG = [
    entry(A, "login.failover.break", "write"), entry(A, "appliance.updates"), entry(B, "appliance.updates"),
    entry(A, "outage"), entry(A, "appliance.updates"), entry(A, "appliance.updates.install", "write"),
    entry(A, "appliance.updates.install", "write"),
]  # fmt: skip


def test_requests_are_numbered_by_box_and_name() -> None:
    assert [str(asked) for asked in found(LOG)] == [
        "login.failover.break #1 to box-a", "appliance.updates #1 to box-a", "appliance.updates #1 to box-b",
        "appliance.updates #2 to box-a", "appliance.updates.install #1 to box-a",
        "appliance.updates.install #2 to box-a",
    ]  # fmt: skip


def test_everything_can_happen_at_every_request_that_it_concerns() -> None:
    points = every("async", found(LOG))
    counts = Counter(point.what for point in points)
    assert all(counts[what] == 6 for what in (*KILLS, *ANSWERS, *CONTROLLER, "update_hang", "sync_fail"))
    assert counts["both_primary"] == 1
    single = {point.what for point in every("single", found(LOG[1:]))}
    assert "update_hang" in single
    assert single.isdisjoint({"sync_fail", "both_primary"})


def test_what_is_drawn_depends_on_the_seed_alone() -> None:
    points = every("async", found(LOG))
    assert drawn(points, 20, "one") == drawn(points, 20, "one") != drawn(points, 20, "two")


def test_few_points_are_of_many_kinds() -> None:
    few = drawn(every("async", found(LOG)), 12, "one")
    assert len({point.what for point in few}) == 12


def test_without_a_number_everything_is_covered() -> None:
    points = [point for name in ("async", "sync") for point in every(name, found(LOG))]
    whole = drawn(points, 0, "one")
    assert len(whole) < len(points) / 2
    tried = {(point.scenario, point.what, point.asked) for point in whole if point.asked.kind == "write"}
    acts = {point.asked for point in points if point.asked.kind == "write"}
    assert tried >= {(name, what, act) for name in ("async", "sync") for what in (*KILLS, "502") for act in acts}
    for what in (*KILLS, *ANSWERS):
        assert {point.asked.op for point in whole if point.what == what} >= {asked.op for asked in acts}
    # Of what can meet a read one seed tries about half, and some seeds together try all.
    seeds = [{point.what for point in drawn(points, 0, str(seed)) if point.asked.kind == "read"} for seed in range(9)]
    assert len(seeds[0]) < len({*KILLS, *ANSWERS})
    assert set().union(*seeds) == {*KILLS, *ANSWERS}
    for name in ("async", "sync"):
        assert {point.what for point in whole if point.scenario == name} == {point.what for point in points}
    # What befalls a box when something is only read is not tried.
    assert not [point for point in whole if point.what == "update_hang" and point.asked.kind == "read"]


def test_few_things_that_do_not_disturb_each_other_meet_one_job() -> None:
    points = [point for name in ("async", "sync") for point in drawn(every(name, found(LOG)), 0, "one")]
    groups = together(points)
    assert sorted(point for group in groups for point in group) == sorted(points)
    assert len(groups) < len(points) * 2 / 3
    for group in groups:
        assert len({point.scenario for point in group}) == 1
        assert len({(point.asked.box, point.asked.op) for point in group}) == len(group) <= 4
        assert len([point for point in group if point.what in BOXES]) <= 1
        assert len(group) == 1 or not [point for point in group if point.lasting or point.what in CONTROLLER]


def test_another_number_of_requests_changes_little_of_what_is_drawn() -> None:
    fewer, more = (drawn(every("async", found(LOG + LOG[1:3] * times)), 20, "one") for times in (5, 6))
    assert len(set(fewer) & set(more)) >= 14


class Told(World):
    """A world that gives up its secrets and nothing else."""

    def ask(self, what: str) -> Any:
        return {"configured": ["canary-Password-1"], "given": ["canary-cookie-1"]}


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "inventory.yml").write_text(
        "all: {children: {g: {hosts: {a: {bt_dns_key_secret: canary-Key}}}}}"
    )
    (tmp_path / "runs").mkdir(mode=0o700)
    return Told(tmp_path, "", tmp_path / "sim" / "inventory.yml")


@pytest.mark.parametrize(
    "secret",
    [b"canary-Password-1", b"canary-cookie-1", b"canary-Key", base64.b64encode(b"canary-Password-1"),
     SECRETS["bt_backup_password"].encode()],
)  # fmt: skip
def test_secret_is_found_wherever_it_stands(world: World, secret: bytes) -> None:
    out = world.folder / "first.out"
    out.write_bytes(b"nothing")
    assert shown(world, [b"ansible-playbook"], [out]) == []
    assert shown(world, [b"ansible-playbook\0-e\0" + secret], [out])
    out.write_bytes(b"msg: " + secret + b" was refused")
    assert any("first.out" in place for place in shown(world, [], [out]))
    out.write_bytes(b"nothing")
    (world.folder / "tmp").mkdir()
    (world.folder / "tmp" / "left").write_bytes(b"\0" + secret)
    assert any("tmp/left" in place for place in shown(world, [], [out]))


def test_file_that_others_can_read_is_found(world: World) -> None:
    path = world.folder / "runs" / "journal.jsonl"
    path.touch(0o600)
    assert open_to_others(world) == []
    path.chmod(0o640)
    assert open_to_others(world) == [str(path)]


def ended(folder: Path, text: str, code: int | None = 2) -> Run:
    """A run that printed this and ended so."""
    out = folder / "first.out"
    out.write_text(text)
    process = subprocess.Popen(["true"])
    process.wait()
    case = Case(World(folder, "", folder), "async_upgrade", (), lambda: None)
    return Run(case, out, process, code=code, hung=code is None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('"error": "refused", "msg": "It cannot be. Nothing was sent."', "it was"),
        ('"error": "defect", "msg": "x"', "defect"),
        ('"error": "refused"\nTraceback (most recent call last):', "traceback"),
        ("FAILED", "without an error"),
    ],
)
def test_lie_is_seen(tmp_path: Path, text: str, complaint: str) -> None:
    point = Point("async", "do_then_reset", Asked(A, "login.failover.break", 1, "write"))
    assert any(complaint in wrong for wrong in said_wrong(ended(tmp_path, text), [point]))
    assert said_wrong(ended(tmp_path, '"error": "answer_lost", "msg": "Nobody knows."'), [point]) == []
    assert said_wrong(ended(tmp_path, text, None), [point]) == ["first.out: it does not end"]


def test_task_that_outlives_its_run_is_seen(tmp_path: Path) -> None:
    point = Point("async", "kill_main", Asked(A, "login.failover.break", 1, "write"))
    run = ended(tmp_path, "TASK [Wait]")
    run.code = None
    assert said_wrong(run, [point]) == []
    run.outlived = True
    assert said_wrong(run, [point]) == ["first.out: a task of it goes on although it is dead"]


def test_only_tasks_on_the_controller_are_tried_without_their_run() -> None:
    for name in ("async", "shipped"):
        kills = {point.what for point in every(name, found(LOG)) if point.what in KILLS}
        assert (kills == {*KILLS}) == (name == "async")


def test_work_that_was_never_begun_and_is_said_to_go_on_is_seen(tmp_path: Path) -> None:
    point = Point("async", "502", Asked(A, "login.failover.sync", 1, "write"))
    run = ended(tmp_path, '"error": "deadline", "msg": "Too long. The box was left alone and its work goes on."')
    assert any("nothing was begun" in wrong for wrong in said_wrong(run, [point]))
    assert said_wrong(run, [replace(point, what="do_then_reset")]) == []
    assert said_wrong(run, [point, replace(point, what="sync_hang")]) == []


def violation(id_: str, text: str, fault: str = "") -> dict[str, Any]:
    """As the simulated boxes tell it."""
    return {"id": id_, "text": text, "request": {"op": "appliance.updates.install", "fault": fault}}


def test_only_what_another_person_brought_about_is_not_the_runs() -> None:
    person = Point("async", "other_person_updates", Asked(A, "appliance.updates.install", 1, "write"))
    met = violation("A3", "a second install (x) while x runs", "hold")
    between = violation("A6", f"login.failover.break on {A} between base and product of {B}")
    for theirs in (met, between):
        assert of_others(theirs, person)
        assert not of_others(theirs, replace(person, what="500"))
    passed_by = violation("T12", f"appliance.address.save on {B} while {A} is being acted on")
    assert of_others(passed_by, replace(person, asked=Asked(A, "appliance.address.save", 1, "write")))
    assert not of_others(passed_by, person)
    assert not of_others(violation("A3", "a second install (x) while x runs"), person)
    assert not of_others(violation("A6", "install of x without another backup after the base update (G25)"), person)
    ill = violation("Q1", f"access.example.test is moved to {B}, which is not healthy")
    switch = Point("async", "unhealthy", Asked(A, "appliance.address.save", 1, "write"))
    assert of_others(ill, switch)
    assert not of_others(ill, replace(switch, asked=Asked(A, "appliance.address", 1, "read")))
    older = violation("Q1", f"access.example.test is moved to {B}, which has 23.3.1: not 24.3.1")
    assert not of_others(older, switch)
    assert not of_others({"id": "Q5", "text": "two at one address", "request": None}, person)


def test_wait_for_a_box_that_hangs_is_no_run_that_does_not_end(tmp_path: Path) -> None:
    point = Point("async", "update_hang", Asked(A, "appliance.updates.install", 1, "write"))
    waiting = "[box-a.example.test] installs base software 6.2.0: 99 % (15 min so far, normal is up to 60 min)"
    assert said_wrong(ended(tmp_path, waiting, None), [point]) == []
    garbage = Point("async", "garbage", Asked(A, "login.information", 1, "read"))
    assert said_wrong(ended(tmp_path, waiting, None), [replace(garbage, lasting=True)]) == []
    assert said_wrong(ended(tmp_path, waiting, None), [garbage]) == ["first.out: it does not end"]
    assert said_wrong(ended(tmp_path, "TASK [Wait]", None), [point]) == ["first.out: it does not end"]


def test_table_counts_what_ended_how() -> None:
    point = Point("async", "500", Asked(A, "login.failover.break", 1, "write"))
    verdicts = [Verdict(point, "continued"), Verdict(point, "stopped", violations=["A3: twice", "S11: twice"])]
    assert table(verdicts).splitlines()[-1] == "| all |  | 2 | 1 | 1 | 0 | 0 | 0 | 0 | 2 | 0 |"
    assert [verdict.good for verdict in verdicts] == [True, False]
