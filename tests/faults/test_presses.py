# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each press of each playbook that comes to nothing is told soon and truly, and made by the same command."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.faults.judge import GOES_ON
from tests.faults.points import Asked, found
from tests.faults.running import HURRY, Run, started
from tests.faults.scenarios import Case, judged, made
from tests.integration.conftest import serving

# What is pressed; log-ins and what is only read are met by everything else.
PRESSES = ("write", "query", "download")
# Within so many seconds, of those that pass in a hurry, a run that is stopped by a press has said so and ended.
SOON = 120.0
NETWORK = 180
WHAT_TO_DO = re.compile(r'"msg": "[^"]*[Rr]un the same command again')
LICENCE = ("-e", "bt_accept_eula='Jane Doe'")


def presses(case: Case, folder: Path) -> list[Asked]:
    """Every press of a run in which nothing goes wrong."""
    run = started(case, folder / "clean.out")
    run.watch(None)
    assert run.code == 0, run.text
    return [asked for asked in found(case.world.ask("log")) if asked.kind in PRESSES]


def unanswered(case: Case) -> list[dict[str, Any]]:
    """The presses that were answered 502 and came to nothing, the latest last."""
    return [entry for entry in case.world.ask("log") if entry["fault"] == "502"]


def taken_wrong(run: Run, met: list[dict[str, Any]], ended: float) -> list[str]:
    """What is wrong about how a run took these presses."""
    names = ", ".join(f"{entry['op']} of {entry['box']}" for entry in met)
    took = (ended - met[-1]["time"]) * HURRY
    wrong = [f"{names}: it says that work goes on"] if GOES_ON.search(run.text) else []
    if not WHAT_TO_DO.search(run.text):
        wrong.append(f"{names}: it does not say what to do")
    if took > SOON:
        wrong.append(f"{names}: {took:.0f} s passed until it ended")
    return wrong


def with_licence(case: Case) -> Case:
    """The same with a licence agreement before each package, which a person accepts."""
    for package in ("base-6.2.0", "product-24.3.1"):
        case.world.tell("eula", package=package)
    return replace(case, arguments=(*case.arguments, *LICENCE))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("name", "era", "language"),
    [
        ("single", "divs", "en"),
        *(
            pytest.param(*each, marks=pytest.mark.wide)
            for each in (
                ("async", "divs", "nl"), ("sync", "aria", "en"), ("offline", "tables", "en"), ("reset", "divs", "en"),
                ("migration", "tables", "en"), ("migration", "divs", "en"),
            )
        ),
    ],
)  # fmt: skip
def test_press_that_comes_to_nothing_is_told_soon_and_made_by_the_same_command(
    name: str, era: str, language: str, tmp_path: Path
) -> None:
    """All of a playbook's presses in one job, one after the other: each is answered 502 once and not carried out."""
    wrong: list[str] = []
    with serving(tmp_path, NETWORK) as worlds:
        clean, case = (made(name, worlds, era, language) for _each in range(2))
        if name == "single":
            clean, case = with_licence(clean), with_licence(case)
        planned = presses(clean, tmp_path)
        for asked in planned:
            case.world.tell("faults", do="502", box=asked.box, op=asked.op, nth=asked.nth, count=1)
        code, seen = None, 0
        while code != 0:
            run = started(case, tmp_path / f"run{seen}.out")
            run.watch(None)
            ended, met, code = time.time(), unanswered(case)[seen:], run.code
            seen += len(met)
            if code != 0:
                assert met, f"it stops, though nothing new has happened: {wrong} {run.text[-3000:]}"
                wrong += taken_wrong(run, met, ended)
        wrong += judged(case, False) + [violation["text"] for violation in case.world.ask("violations")]
    assert wrong == []
    assert seen == len(planned) > 0
