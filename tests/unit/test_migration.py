# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a move to new hardware stands: every situation that two boxes and a public name can be in."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import get_args

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._migration import (
    PHASES,
    Plan,
    Serving,
    Situation,
    decide,
    up_to,
)

BEGIN = Situation("box-old", "box-new", "old", "the witness", "none", None, False, None)
HOUR = 3600.0


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (BEGIN, "backup"),
        (replace(BEGIN, alike=True), "backup"),
        (replace(BEGIN, begun=True), "restore"),
        (replace(BEGIN, begun=True, restored=60.0), "gaps"),
        (replace(BEGIN, restored=60.0, alike=True), "gaps"),
        (replace(BEGIN, restored=60.0, serving="nobody", alike=True), "gaps"),
        (replace(BEGIN, restored=60.0, serving="new", alike=True), "verify"),
        (replace(BEGIN, restored=50 * HOUR, serving="new", alike=True), "verify"),
        (replace(BEGIN, restored=60.0, serving="new", alike=True, finished=True), "finish"),
        # The run folder is lost, the move is not.
        (replace(BEGIN, serving="new", alike=True), "finish"),
        # The old box is gone after the move.
        (replace(BEGIN, serving="new", restored=60.0, finished=True, old_role=""), "finish"),
    ],
)
def test_phase(now: Situation, phase: str) -> None:
    assert decide(now, 4 * HOUR).next_phase == phase


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (replace(BEGIN, serving="stranger"), "neither"),
        (replace(BEGIN, serving="nobody"), "Nobody answers"),
        (replace(BEGIN, serving="nobody", restored=5 * HOUR), "Nobody answers"),
        (replace(BEGIN, restored=5 * HOUR, alike=True), "what was done since"),
        (replace(BEGIN, old_role="primary"), "failover role primary"),
        (replace(BEGIN, old_role="backup", restored=60.0), "failover role backup"),
        (replace(BEGIN, serving="new"), "does not tell"),
        (replace(BEGIN, serving="new", alike=False), "does not tell"),
    ],
)
def test_refused(now: Situation, word: str) -> None:
    with pytest.raises(Refused, match=word):
        decide(now, 4 * HOUR)


def test_nothing_is_put_on_a_box_that_serves() -> None:
    """Whatever is known, a new box that serves the site gets no first log-in, no certificate, no restore."""
    touching = set(PHASES[: PHASES.index("gaps")]) - {"preflight"}
    for restored, finished, alike, role in itertools.product(
        (None, 1.0, 100 * HOUR), (False, True), (None, False, True), ("", "none", "primary", "backup")
    ):
        now = Situation("box-old", "box-new", "new", "", role, restored, finished, alike)
        try:
            plan = decide(now, HOUR)
        except Refused:
            continue
        assert touching.isdisjoint(up_to(plan, "finish"))


def answer(now: Situation) -> str:
    """The phase, or the obligations that a refusal names."""
    try:
        return decide(now, HOUR).next_phase
    except Refused as error:
        return " ".join(error.guide)


def test_every_situation_has_an_answer() -> None:
    for serving, restored, finished, alike, role in itertools.product(
        get_args(Serving), (None, 1.0, 100 * HOUR), (False, True), (None, False, True), ("", "none", "primary")
    ):
        told = answer(Situation("box-old", "box-new", serving, "", role, restored, finished, alike))
        assert told in PHASES or told.startswith("G")


@pytest.mark.parametrize(
    ("phase", "stage", "todo"),
    [
        ("backup", "prepare", ["preflight", "backup", "prepare"]),
        ("restore", "restore", ["preflight", "restore"]),
        ("verify", "restore", ["preflight"]),
        ("finish", "finish", ["preflight", "finish"]),
        ("backup", "finish", list(PHASES)),
    ],
)
def test_stage_ends_it(phase: str, stage: str, todo: list[str]) -> None:
    assert up_to(Plan(phase, ""), stage) == todo
