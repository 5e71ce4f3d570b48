# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One point is tried on a world of its own and judged: went on, or stopped with a true sentence and went on then."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults import canaries
from tests.faults.deeds import MENDED, Deed
from tests.faults.points import ANSWERS, Point
from tests.faults.running import Run, started
from tests.faults.scenarios import Case, judged, made
from tests.integration.conftest import serving

# A person has to look after these, so a second stop is no fault of the command's.
FOR_A_PERSON = frozenset({"other_person_updates", "both_primary"})
# A person who updates the base software of one half of a pair leaves it so: to its product leads only the break.
OF_OTHERS = re.compile(r"A6: login\.failover\.\w+ on \S+ between base and product of")
# Faults after which a request was carried out all the same.
DONE = frozenset({"do_then_reset", "delay", "truncate", "garbage"})
KIND = re.compile(r'"error": "(\w+)"')
# While a box hangs, or goes on answering so, a run rightly waits for longer than a test does, and says so; it is ended
# from outside then.
HANGS = frozenset({"update_hang", "update_hang_outage", "sync_hang", "unhealthy"})
HEARTBEAT = "so far, normal is up to"
LAST_LINES = 500
NOTHING_DONE = re.compile(r'"msg": "[^"]*Nothing (?:was|has been) (?:sent|changed)')
SOME = 0.2  # the share of points that are run with all that Ansible can print, and of those that are run once more


@dataclass
class Verdict:
    """How one point ended. `way`: continued, stopped, killed, for a person, not reached; `wrong`: what must not be."""

    point: Point
    way: str = "not reached"
    wrong: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Did it end well?"""
        return not (self.wrong or self.violations or self.canaries)

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {
            "point": str(self.point), "scenario": self.point.scenario, "what": self.point.what, "way": self.way,
            "wrong": self.wrong, "violations": self.violations, "canaries": self.canaries, "kinds": self.kinds,
            "seconds": round(self.seconds, 1),
        }  # fmt: skip


def tried(point: Point, folder: Path, network: int, era: str, language: str) -> Verdict:
    """Try one point; its worlds and all that was printed stay in the folder."""
    verdict, began = Verdict(point), time.monotonic()
    with serving(folder, network) as worlds:
        case = made(point.scenario, worlds, era, language)
        try:
            _try(verdict, case, folder)
        finally:
            case.close()
    verdict.seconds = time.monotonic() - began
    return verdict


def _try(verdict: Verdict, case: Case, folder: Path) -> None:
    point, world = verdict.point, case.world
    chance = random.Random(str(point))
    deed = Deed(point, case, folder)
    deed.arm()
    more = ("-vvvv",) if chance.random() < SOME else ()
    mount = point.what == "read_only"
    first = started(case, folder / "first.out", *more, own_mount=mount, environment=deed.environment())
    first.watch(deed.at_the_moment)
    reached = deed.happened or any(entry["fault"] == point.what for entry in world.ask("log"))
    runs = [first, *deed.beside]
    verdict.wrong += [complaint for run in runs for complaint in said_wrong(run, point)]
    added = deed.lift()
    if first.code != 0:
        second = started(case, folder / "second.out", *added, *more)
        second.watch(None)
        runs.append(second)
        verdict.wrong += said_wrong(second, point)
    if runs[-1].code == 0 or first.code == 0:
        verdict.wrong += judged(case, point.what in MENDED)
        if chance.random() < SOME:
            runs.append(_again(verdict, case, folder, added))
    elif point.what not in FOR_A_PERSON:
        verdict.wrong.append("the same command does not end the job after the cause was taken away")
    verdict.wrong += _done_twice(case, point)
    verdict.violations = [told(entry) for entry in world.ask("violations") if not of_others(entry, point)]
    verdict.wrong += [f"a defect of the simulated boxes: {text}" for text in world.ask("state")["errors"]]
    outputs = [run.out for run in runs]
    verdict.canaries = canaries.shown(world, set().union(*(run.commands for run in runs)), outputs)
    verdict.canaries += [f"others can read {path}" for path in canaries.open_to_others(world)]
    verdict.kinds = sorted({kind for run in runs for kind in KIND.findall(run.text)})
    verdict.way = _way(first, runs[-1], reached and not deed.moot)
    (folder / "violations.json").write_text(json.dumps(world.ask("violations"), indent=1))
    (folder / "log.json").write_text(json.dumps(world.ask("log"), indent=1))
    (folder / "state.json").write_text(json.dumps(world.ask("state"), indent=1))


def _way(first: Run, last: Run, reached: bool) -> str:
    if not reached:
        return "not reached"
    if first.code == 0:
        return "continued"
    if last.code != 0:
        return "for a person"
    return "killed" if first.code is None else "stopped"


def _again(verdict: Verdict, case: Case, folder: Path, added: tuple[str, ...]) -> Run:
    """Once more: nothing is left to do."""
    before = len(case.world.mutations())
    run = started(case, folder / "again.out", *added)
    run.watch(None)
    if run.code != 0 or re.search(r"\bchanged=[1-9]", run.text):
        verdict.wrong.append("another run of the finished job fails or changes something")
    if len(case.world.mutations()) != before:
        verdict.wrong.append("another run of the finished job writes to a box")
    return run


def said_wrong(run: Run, point: Point) -> list[str]:
    """What is wrong about what a run has printed and how it ended."""
    text, wrong = run.text, []
    if run.hung:
        waits = (point.what in HANGS or point.lasting) and HEARTBEAT in text[-LAST_LINES:]
        return [] if waits else [f"{run.out.name}: it does not end"]
    if "defect of bt_ops.pra" in text or '"error": "defect"' in text:
        wrong.append(f"{run.out.name}: a defect of the collection")
    if "Traceback" in text:
        wrong.append(f"{run.out.name}: a traceback")
    if run.code not in (0, None):
        if not KIND.search(text) and "Nothing was changed" not in text:
            wrong.append(f"{run.out.name}: it stops without an error of the collection")
        if point.asked.kind == "write" and point.what in DONE & set(ANSWERS) and NOTHING_DONE.search(text):
            wrong.append(f"{run.out.name}: it says that nothing was done, and it was")
    return wrong


def of_others(violation: dict[str, Any], point: Point) -> bool:
    """Did the other person of this point, and not the run, make it come to this?

    Nobody can take back a request that was on its way already when the other person's came.
    """
    if point.what != "other_person_updates":
        return False
    on_its_way = (violation["request"] or {}).get("fault") == "hold"
    return on_its_way or bool(OF_OTHERS.match(told(violation)))


def told(violation: dict[str, Any]) -> str:
    """A violation as the table tells it."""
    return f"{violation['id']}: {violation['text']}"


def _done_twice(case: Case, point: Point) -> list[str]:
    """One-way acts that were carried out more than once on a box."""
    # A box that has ended the session meanwhile answers a held request with its log-in page, and does nothing.
    through = () if point.what == "sessions_cut" else ("hold",)
    done = Counter(
        (entry["op"], entry["box"])
        for entry in case.world.ask("log")
        if entry["op"] in case.once
        and (entry["fault"] in ("", "do_then_hold", *DONE) or (entry["fault"] in through and entry["status"]))
    )
    return [f"{op} was done {times} times on {box}" for (op, box), times in done.items() if times > 1]
