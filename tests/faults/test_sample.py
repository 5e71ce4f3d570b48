# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Killed, cut off or lied to at a few points: the same command ends the job."""

from __future__ import annotations

import pytest

from tests.faults.suite import tried_out

POINTS = 5
# A kill, a kill of the run's own process alone, an answer that comes too late, a box that answers with an error, one
# whose update fails.
SEED = "355"


@pytest.mark.timeout(600)
def test_drawn_points_end_well() -> None:
    verdicts = tried_out(["single"], POINTS, SEED)
    assert len(verdicts) == POINTS
    assert [verdict.as_json() for verdict in verdicts if not verdict.good] == []
