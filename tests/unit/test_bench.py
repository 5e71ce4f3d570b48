# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sums of the benchmark, and the simulated boxes' own account of when they worked."""

from __future__ import annotations

import pytest

from simbox.busy import Busy
from tests.bench.intervals import covered, silence
from tests.bench.measure import CutOver, Measured, Task, Upgrade
from tests.bench.report import table


@pytest.mark.parametrize(
    ("intervals", "seconds"),
    [
        ([], 0.0),
        ([(2.0, 4.0)], 2.0),
        ([(2.0, 4.0), (5.0, 6.0)], 3.0),
        ([(5.0, 6.0), (2.0, 4.0)], 3.0),
        ([(2.0, 4.0), (3.0, 6.0)], 4.0),
        ([(2.0, 8.0), (3.0, 4.0)], 6.0),
        ([(2.0, 4.0), (2.0, 4.0)], 2.0),
        ([(0.0, 3.0), (9.0, 20.0)], 3.0),
        ([(-5.0, 0.5), (11.0, 12.0)], 0.0),
        ([(0.0, 100.0)], 9.0),
    ],
)
def test_time_covered_is_the_union_within_the_run(intervals: list[tuple[float, float]], seconds: float) -> None:
    assert covered(intervals, 1.0, 10.0) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("answers", "seconds"),
    [
        ([], 0.0),
        ([2.0], 0.0),
        ([1.0, 1.5, 4.0, 4.1], 2.5),
        ([1.0, 2.2, 2.4, 2.9, 3.0], 1.2),
        ([2.1, 2.2, 2.4, 9.0], 6.6),
        ([3.0, 9.0], 0.0),
        ([0.0, 1.9, 2.6, 9.0], 0.7),
    ],
)
def test_outage_is_the_longest_silence_while_nobody_served(answers: list[float], seconds: float) -> None:
    assert silence(answers, (2.0, 2.5)) == pytest.approx(seconds)


def test_a_box_tells_when_it_worked_even_where_the_work_broke_off() -> None:
    busy = Busy()
    with busy.during("check"):
        assert busy.as_json()[0]["end"] is None
    with pytest.raises(OSError, match="broke off"), busy.during("backup"):
        raise OSError("broke off")
    with busy.during("sync"):
        pass
    spans = busy.as_json()
    assert [span["work"] for span in spans] == ["check", "backup", "sync"]
    assert all(span["end"] >= span["begin"] for span in spans)


def test_table_shows_each_number_beside_its_aim_and_the_plain_playbook() -> None:
    ours = Upgrade(20.0, 16.0, 4.0, 5.0, 30, 14, 400, 0.03)
    plain = Upgrade(60.0, 16.0, 44.0, 40.0, 130, 12, 100, 1.2)
    measured = Measured(ours, 2.5, Task(0.07, 0.05), CutOver([0.02, 0.03, 0.04], [0.02, 0.02, 0.02]), plain, 3.0, 2)
    told = table(measured).splitlines()
    assert [line.split() for line in told if "aim" not in line and "of aim" not in line][0][-3:] == ["8", "s", "0.50"]
    assert any(line.startswith("cut-over against two raw") and "1.5 x" in line for line in told)
    assert any(line.startswith("the rest: ours") and line.split()[-1] == "11.0" for line in told)
    assert told[-1].startswith("2 cores, load before 3.0: the machine was busy")
    assert measured.as_json()["cut_over"]["ratio"] == pytest.approx(1.5)
