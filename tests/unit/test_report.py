# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The summary of a run, from journals that the test writes at times of its own."""

from __future__ import annotations

import datetime
import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import RESULTS
from ansible_collections.bt_ops.pra.plugins.module_utils._report import (
    as_text,
    open_run,
    phases_of,
    report,
    summarise,
)
from ansible_collections.bt_ops.pra.plugins.modules import bt_report
from tests.unit.journalled import FACTS, START, Operator


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody with an empty run folder."""
    return Operator(tmp_path, monkeypatch)


def test_a_whole_upgrade(operator: Operator) -> None:
    operator.upgrade()
    made = report(operator.run_dir, operator.context("finish"), FACTS, True)
    summary = made.summary
    assert summary["outcome"] == "FINISHED: the asynchronous upgrade of box-a and box-b to 24.3.1."
    assert [phase["name"] for phase in summary["phases"]] == [
        "preflight",
        "backup",
        "sync",
        "break",
        "update_first",
        "verify_first",
        "cutover",
        "update_second",
        "verify_second",
        "restore_failover",
    ]
    took = {phase["name"]: phase["seconds"] for phase in summary["phases"]}
    assert (took["preflight"], took["sync"], took["update_first"], took["verify_first"]) == (0.0, 60.0, 1804.0, 1.0)
    assert {phase["result"] for phase in summary["phases"]} == {"done"}
    assert summary["phases"][4]["acts"] == ["Did backup on box-b.", "Did install on box-b."] * 2
    assert summary["outage_seconds"] == 0.412
    assert summary["seconds"] == pytest.approx(2 + 60 + 2 + 1804 + 1 + 1 + 1804 + 1 + 5 + 60)
    assert (summary["start"], summary["end"]) == ("2026-11-24T22:00:00.000Z", "2026-11-24T23:02:20.000Z")
    assert made.before == {name: {"product_version": "24.1.2", "base_version": "7.0.1"} for name in ("box-a", "box-b")}
    assert made.after == {facts["box"]: facts for facts in FACTS}
    assert [backup["box"] for backup in summary["backups"]] == ["box-a", "box-b", "box-b", "box-a"]
    assert [item["guide"] for item in summary["by_hand"]] == ["G9", "G13", "G15", "G14", "G33", "G36"]
    assert "put box-b in bt_primary and box-a in bt_backup" in summary["by_hand"][-1]["text"]


def test_a_pair_without_failover_and_a_changed_certificate_are_not_forgotten(operator: Operator) -> None:
    operator.act("break", "box-a", "break", 2)
    operator.act("update_first", "box-b", "install", 900, package="base", version="7.1.0")
    operator.journal.write("certificate_changed", "Since the update box-b shows another one.", box="box-b", old="a")
    made = report(operator.run_dir, operator.context("update_first"), [], False)
    texts = [item["text"] for item in made.summary["by_hand"]]
    assert texts == [
        "See whether this is meant: Since the update box-b shows another one.",
        "There has been no failover since 2026-11-24 22:00:02 UTC: go on as soon as you can.",
    ]
    operator.act("restore_failover", "box-b", "establish", 5, peer="box-a")
    made = report(operator.run_dir, operator.context("finish"), [], True)
    assert not any("no failover" in item["text"] for item in made.summary["by_hand"])


@pytest.mark.parametrize(("before", "after", "told"), [(True, False, True), (True, True, False), (False, False, False)])
def test_automatic_failover_that_is_not_enabled_again_is_told(
    operator: Operator, before: bool, after: bool, told: bool
) -> None:
    def note(when: str, enabled: bool) -> None:
        operator.journal.write("automatic_failover", "It is so.", box="box-a", when=when, enabled=enabled)

    operator.upgrade()
    assert "Automatic failover" not in report(operator.run_dir, operator.context("finish"), FACTS, False).text
    note("before", before)
    note("after", after)
    text = report(operator.run_dir, operator.context("finish"), FACTS, True).text
    assert ("Automatic failover was enabled before and is not now" in text) is told
    assert ("Failover of box-a" in text) is told


def test_the_text_is_for_a_tired_operator(operator: Operator) -> None:
    operator.upgrade()
    lines = report(operator.run_dir, operator.context("finish"), FACTS, True).text.splitlines()
    assert lines[:3] == [
        "FINISHED: the asynchronous upgrade of box-a and box-b to 24.3.1.",
        "It took 62 min 20 s, from 2026-11-24 22:00:00 to 2026-11-24 23:02:20 UTC.",
        "The outage of the site was 0.412 s at most.",
    ]
    table = [line for line in lines if re.match(r"(Phase|preflight|update_first|restore_failover) ", line)]
    assert len({line.index("2026") if "2026" in line else line.index("Began") for line in table}) == 1
    assert "update_first      2026-11-24 22:01:04  30 min 4 s  done" in lines
    assert "    Did install on box-b." in lines
    assert (
        "box-b  24.1.2 -> 24.3.1  7.0.1 -> 7.1.0  healthy, failover role primary, serves 192.0.2.10,"
        " last data sync 2026-11-24T23:10:00Z"
    ) in lines
    assert f"    ab12ab12ab12  {operator.run_dir}/backups/box-a-7.0.1.nsb" in lines
    assert any(line.startswith("    G13  Integration clients do not update themselves") for line in lines)


def test_what_is_written(operator: Operator) -> None:
    operator.upgrade()
    made = report(operator.run_dir, operator.context("finish"), FACTS, True)
    folder = Path(operator.run_dir)
    names = {"summary.txt", "summary.json", "summary-20261124T220000Z.txt", "summary-20261124T220000Z.json"}
    assert {path.name for path in folder.iterdir()} == {"journal.jsonl", *names}
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in names} == {0o600}
    assert made.path == str(folder / "summary.txt")
    assert (folder / "summary.txt").read_text() == made.text
    assert json.loads((folder / "summary.json").read_text()) == made.summary
    last = operator.journal.records()[-1]
    assert (last["kind"], last["phase"]) == ("finished", "finish")


def test_after_a_finished_run_there_is_nothing_to_do(operator: Operator) -> None:
    operator.upgrade()
    report(operator.run_dir, operator.context(), FACTS, True)
    # What only looks at a box opens no run.
    operator.verify("", "box-a")
    before = {path: path.read_bytes() for path in Path(operator.run_dir).iterdir()}
    made = report(operator.run_dir, operator.context(), FACTS, True)
    assert made.text == f"There was nothing to do. The summary of the last run is {operator.run_dir}/summary.txt."
    assert (made.summary, made.path) == ({}, f"{operator.run_dir}/summary.txt")
    assert {path: path.read_bytes() for path in Path(operator.run_dir).iterdir()} == before


def test_an_empty_folder(operator: Operator) -> None:
    made = report(operator.run_dir, operator.context(), [], True)
    assert (made.text, made.path, made.summary) == ("There was nothing to do.", "", {})
    assert not Path(operator.run_dir).exists()


def test_check_mode_writes_nothing(operator: Operator) -> None:
    assert report(operator.run_dir, operator.context(check_mode=True), [], True).text == "Check mode: nothing was done."
    operator.upgrade()
    made = report(operator.run_dir, operator.context(check_mode=True), FACTS, True)
    assert made.text.startswith("NOT FINISHED")  # what was begun is not finished by looking at it
    assert made.path == ""
    assert [path.name for path in Path(operator.run_dir).iterdir()] == ["journal.jsonl"]
    assert operator.journal.last("finished") is None


def test_an_install_that_a_later_run_found_done(operator: Operator) -> None:
    intent = {"box": "box-b", "act": "install", "phase": "update_first", "package": "product", "version": "24.3.1"}
    operator.journal.write("intent", "Installed product 24.3.1 on box-b.", **intent)
    (phase,) = phases_of(operator.journal.records())
    assert (phase.name, phase.result, phase.acts) == ("update_first", "interrupted", [])
    operator.time += datetime.timedelta(hours=1)
    operator.journal.write("outcome", "Found done.", box="box-b", act="install", phase="", result="done")
    (phase,) = phases_of(operator.journal.records())
    assert (phase.result, phase.seconds, phase.acts) == ("done", 3600.0, ["Found done."])
    guides = [item["guide"] for item in summarise(operator.journal.records(), [], True).by_hand]
    assert guides == ["G9", "G13", "G15", "G14"]


def test_a_base_update_alone_calls_for_nothing_by_hand(operator: Operator) -> None:
    operator.act("", "box-a", "install", 60, package="base", version="7.1.0")
    summary = summarise(operator.journal.records(), [], True)
    assert summary.by_hand == []
    assert (summary.outcome, summary.procedure, summary.target_version) == ("FINISHED: the run.", "", "")
    assert [phase.name for phase in summary.phases] == [""]


def test_a_switch_by_others_is_known_by_its_proof(operator: Operator) -> None:
    operator.journal.write("run", "A run.", procedure="async", target="24.3.1", a="box-a", b="box-b")
    operator.verify("cutover", "box-b", ok=False)
    assert report(operator.run_dir, operator.context(), [], False).summary["by_hand"] == []
    operator.verify("cutover", "box-b")
    by_hand = report(operator.run_dir, operator.context(), [], False).summary["by_hand"]
    assert [item["guide"] for item in by_hand] == ["G33", "G36"]


@pytest.mark.parametrize(("state", "left"), [("changing", ["G32"]), ("changed", ["G32"]), ("restored", [])])
def test_a_ttl_that_is_still_lowered_is_told(operator: Operator, state: str, left: list[str]) -> None:
    operator.act("preflight", "access.example.com A", "dns_ttl", 1)
    told = {"name": "dns_ttl", "box": "access.example.com A", "old": 3600, "new": 60, "state": state}
    operator.journal.write("setting", "The TTL is 60 s.", **told)
    by_hand = report(operator.run_dir, operator.context(), [], False).summary["by_hand"]
    assert [item["guide"] for item in by_hand] == left
    assert all("it was 3600 s" in item["text"] for item in by_hand)


def test_a_verification_that_failed(operator: Operator) -> None:
    operator.verify("verify_first", "box-b", ok=False)
    (phase,) = phases_of(operator.journal.records())
    assert (phase.result, phase.acts) == ("failed", [])
    operator.verify("verify_first", "box-b")
    (phase,) = phases_of(operator.journal.records())
    assert phase.result == "done"


def test_several_outages_are_added_up(operator: Operator) -> None:
    for seconds in (0.5, 1.25):
        operator.act("cutover", "box-b", "cutover", 1, source="box-a")
        operator.journal.write("outage", "Away.", phase="cutover", seconds=seconds)
    assert summarise(operator.journal.records(), [], True).outage_seconds == 1.75


def test_a_run_begins_where_it_says_so(operator: Operator) -> None:
    operator.act("", "box-a", "backup", 1)
    assert len(open_run(operator.journal.records())) == 2
    operator.journal.write("run", "Begun.", procedure="async", phase="preflight")
    assert [record["kind"] for record in open_run(operator.journal.records())] == ["run"]
    operator.journal.write("finished", "Done.")
    assert open_run(operator.journal.records()) == []


def test_no_text_of_a_box_breaks_the_columns(operator: Operator) -> None:
    operator.act("sync", "box-a", "synchronise", 1)
    operator.journal.write("outcome", "two\n  lines", box="box-a", act="synchronise", phase="sync", result="done")
    assert "    two lines\n" in report(operator.run_dir, operator.context(), [], True).text


def test_the_module(operator: Operator) -> None:
    operator.upgrade()
    given = {"run_dir": operator.run_dir, "boxes": FACTS}
    arguments, _secrets = _edge.validated("bt_ops.pra.bt_report", bt_report.SPEC, given)
    result = _edge.perform(bt_report.run, arguments, operator.context("finish"))
    assert "failed" not in result
    assert (result["changed"], result["actions"]) == (False, [])
    assert operator.said[-1] == result["text"]
    assert result["summary"]["finished"] is True
    assert set(result["before"]) == set(result["after"]) == {"box-a", "box-b"}
    json.dumps(result)


KINDS = st.sampled_from(["run", "intent", "outcome", "verifying", "verified", "outage", "backup", "new kind"])
NAMES = st.sampled_from(["", "box-a", "box-b"])


@given(
    st.lists(
        st.builds(
            lambda kind, box, act, phase, result, minutes: {
                "kind": kind,
                "text": f"{act} on {box}",
                "time": (START + datetime.timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z"),
                "box": box,
                "phase": phase,
                "act": act,
                "result": result,
                "seconds": 1.5,
                "path": f"{box}.nsb",
            },
            KINDS,
            NAMES,
            st.sampled_from(["install", "cutover", "break"]),
            st.sampled_from(["", "sync", "cutover"]),
            st.sampled_from(["done", "failed", "unknown", "not_begun", "something new"]),
            st.integers(0, 10000),
        ),
        min_size=1,
    ),
    st.booleans(),
)
def test_any_records_can_be_told(records: list[dict[str, Any]], finished: bool) -> None:
    summary = summarise(records, [], finished)
    assert {phase.result for phase in summary.phases} <= set(RESULTS)
    assert as_text(summary).startswith("FINISHED" if finished else "NOT FINISHED")
