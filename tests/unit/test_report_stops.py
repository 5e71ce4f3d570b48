# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The summary of a run that stopped, and of one whose outage is not measured: true, and with the way on."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._agreement import NAME_IT
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BoxFailed
from ansible_collections.bt_ops.pra.plugins.module_utils._report import Stop, report
from tests.unit.journalled import FACTS, Operator


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody with an empty run folder."""
    return Operator(tmp_path, monkeypatch)


def test_a_run_that_stopped_stays_open(operator: Operator) -> None:
    operator.journal.write("run", "Begun.", procedure="async", target="24.3.1", a="box-a", b="box-b", phase="preflight")
    operator.backup("backup", "box-a")
    operator.act("sync", "box-a", "synchronise", 30, BoxFailed("The box says: peer unreachable."))
    made = report(operator.run_dir, operator.context(), [], False)
    assert made.text.splitlines()[0] == (
        "NOT FINISHED: the asynchronous upgrade of box-a and box-b to 24.3.1. Last phase: sync."
        " Last act, failed: The box says: peer unreachable."
        " Once what stopped it is mended, the same command goes on from there."
    )
    assert "The outage of the site was not measured." in made.text
    assert [phase["result"] for phase in made.summary["phases"]] == ["done", "done", "failed"]
    assert made.summary["by_hand"] == []
    assert operator.journal.last("finished") is None
    operator.act("sync", "box-a", "synchronise", 30)
    again = report(operator.run_dir, operator.context(), [], True)
    assert [phase["result"] for phase in again.summary["phases"]] == ["done", "done", "done"]
    assert len(list(Path(operator.run_dir).glob("summary-*.txt"))) == 1


def test_stop_that_was_asked_for_has_nothing_to_be_mended(operator: Operator) -> None:
    operator.journal.write("run", "Begun.", procedure="async", target="24.3.1", a="box-a", b="box-b", phase="preflight")
    operator.backup("backup", "box-a")
    made = report(operator.run_dir, operator.context(), [], False, Stop(stage="backup"))
    assert "It stopped as it was asked to; the same command without bt_stage goes on from there." in made.text
    assert "mended" not in made.text


def test_name_that_the_reason_asks_for_is_in_the_next_command(operator: Operator) -> None:
    operator.journal.write("run", "Begun.", procedure="async", target="24.3.1", a="box-a", b="box-b", phase="preflight")
    reason = f"box-b asks to accept a licence agreement. Give the same command with the name: {NAME_IT}."
    made = report(operator.run_dir, operator.context(), [], False, Stop(reason, command="ansible-playbook up.yml"))
    assert made.summary["next_command"] == "ansible-playbook up.yml -e 'bt_accept_eula=\"Your Name\"'"


def test_reset_of_the_old_box_leaves_the_summary_of_the_migration(operator: Operator) -> None:
    operator.journal.write("run", "Begun.", procedure="migration", target="24.3.1", a="box-a", b="box-b")
    moved = report(operator.run_dir, operator.context(), [], True)
    operator.journal.write("run", "Reset box-a.", procedure="reset", a="box-a")
    made = report(operator.run_dir, operator.context(), [], True)
    assert made.path == f"{operator.run_dir}/factory-reset.txt"
    assert Path(made.path).read_text() == made.text
    assert (Path(operator.run_dir) / "summary.txt").read_text() == moved.text
    again = report(operator.run_dir, operator.context(), [], True)
    assert f"The summary of the last run is {made.path}" in again.text


def single(operator: Operator) -> None:
    """The upgrade of one box, as its role does it."""
    operator.act("backup", "box-a", "export_certificate", 1)
    operator.update("update", "box-a")
    operator.verify("verify", "box-a")


def test_the_upgrade_of_a_single_box_is_told_by_its_name(operator: Operator) -> None:
    single(operator)
    made = report(operator.run_dir, operator.context("finish"), FACTS[:1], True)
    assert made.text.splitlines()[0] == "FINISHED: the upgrade of box-a to 24.3.1."
    assert (made.summary["procedure"], made.summary["target_version"]) == ("single", "24.3.1")
    assert made.summary["outage_seconds"] is None
    assert made.summary["outage"] == (
        "The outage of the site is not measured in the upgrade of a single box. It was away while box-a installed: at"
        " most 30 min, by the journal."
    )


def synchronous(operator: Operator) -> None:
    """The first half of a synchronous upgrade."""
    operator.journal.write("run", "Begun.", procedure="sync", target="24.3.1", a="box-a", b="box-b")
    operator.backup("backup", "box-a")


def test_for_how_long_the_site_was_away_in_a_synchronous_upgrade_the_journal_tells(operator: Operator) -> None:
    synchronous(operator)
    operator.update("update_first", "box-a")
    operator.update("update_second", "box-b")
    made = report(operator.run_dir, operator.context("finish"), FACTS, True)
    assert made.text.splitlines()[0] == "FINISHED: the synchronous upgrade of box-a and box-b to 24.3.1."
    told = "The outage of the site is not measured in a synchronous upgrade. It was away while box-a installed: at most"
    assert f"{told} 30 min, by the journal." in made.text


def test_what_the_journal_does_not_tell_of_an_outage_is_not_made_up(operator: Operator) -> None:
    synchronous(operator)
    text = report(operator.run_dir, operator.context(), [], False).text
    assert "The outage of the site was not measured." in text
    operator.journal.write("intent", "Installs.", box="box-a", act="install", package="base", version="7.1.0")
    text = report(operator.run_dir, operator.context(), [], False).text
    assert "an install on box-a that has not ended yet" in text
    assert "at most" not in text


def test_a_stop_tells_why_and_where_and_what_to_type(operator: Operator) -> None:
    synchronous(operator)
    stop = Stop("The box says:\n no.", command="ansible-playbook x.yml -i y")
    made = report(operator.run_dir, operator.context(), FACTS, False, stop)
    assert made.text.splitlines()[1:4] == [
        "Why: The box says: no.", f"Run folder: {operator.run_dir}", "Next: ansible-playbook x.yml -i y",
    ]
    assert "bt_primary" not in made.text
    stage = report(operator.run_dir, operator.context(), FACTS, False, Stop(stage="backup"))
    assert "Why: It was asked to stop after backup (bt_stage)." in stage.text
    done = report(operator.run_dir, operator.context(), FACTS, True, stop)
    assert [line for line in done.text.splitlines() if line.startswith(("Why", "Run folder", "Next"))] == []


def test_groups_are_not_to_be_swapped_in_the_middle_of_a_run(operator: Operator) -> None:
    operator.upgrade()
    text = report(operator.run_dir, operator.context(), FACTS, False).text
    assert "Once this run has finished, and not before: in the inventory, put box-b in bt_primary" in text
    assert "The roles are reversed" not in text
    assert "The roles are reversed" in report(operator.run_dir, operator.context(), FACTS, True).text


def test_a_box_that_does_not_answer_is_told_with_what_was_last_known(operator: Operator) -> None:
    operator.journal.write("run", "Begun.", procedure="async", target="24.3.1", a="box-a", b="box-b")
    operator.backup("update_first", "box-b")
    operator.act("update_first", "box-b", "install", 9, package="base", version="7.1.0")
    silent = [FACTS[0], *({"box": name, "silent": "does not answer now"} for name in ("box-b", "box-c"))]
    made = report(operator.run_dir, operator.context(), silent, False)
    assert "box-b  unknown  unknown  does not answer now (last known: product 24.1.2, base 7.1.0)" in made.text
    assert "box-c  unknown  unknown  does not answer now (last known: nothing)" in made.text
    assert set(made.after) == {"box-a"}


def test_check_mode_tells_of_boxes_that_were_not_had_to_look_for_updates(operator: Operator) -> None:
    context = operator.context(check_mode=True)
    context.leave_unasked("box-a")
    told = "What box-a offers is known only after looking for updates, which check mode does not do."
    assert report(operator.run_dir, context, [], True).text == f"Check mode: nothing was done. {told}"
    context.leave_unasked("box-b")
    operator.upgrade()
    assert "What box-a and box-b offer is known" in report(operator.run_dir, context, [], True).text
