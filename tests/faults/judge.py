# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Points are tried on a world of their own and judged: went on, or stopped with a true sentence and went on then."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import requests

from tests.faults import canaries
from tests.faults.deeds import MENDED, Deed
from tests.faults.points import ANSWERS, KILLS, Point
from tests.faults.running import Run, started
from tests.faults.scenarios import Case, judged, made
from tests.integration.conftest import serving

# A person has to look after these, so a second stop is no fault of the command's.
FOR_A_PERSON = frozenset({"other_person_updates", "both_primary", "folder_lost"})
# A person who updates the base software of a box leaves it so: to its product leads only the break, and before it Jump
# Clients are held back.
OF_OTHERS = re.compile(r"A6: login\.(?:failover\.\w+|jump_clients\.save) on \S+ between base and product of")
# Nothing may come between the shared IP's "off" on A and its "on" on B, not even who begins to update A in that moment.
SWITCH = "appliance.address.save"
PASSED_BY = re.compile(rf"T12: {SWITCH} on \S+ while \S+ is being acted on")
# Nor who finds B unhealthy in that moment.
FELL_ILL = re.compile(r"Q1: \S+ is moved to \S+, which is not healthy")
# Faults after which a request was carried out all the same.
DONE = frozenset({"do_then_reset", "delay", "truncate", "garbage"})
KIND = re.compile(r'"error": "(\w+)"')
# While a box hangs, or goes on answering so, a run rightly waits for longer than a test does, and says so; it is ended
# from outside then.
HANGS = frozenset({"update_hang", "update_hang_outage", "sync_hang", "unhealthy"})
HEARTBEAT = "so far, normal is up to"
LAST_LINES = 500
# Nothing goes on where a press was answered 502 and not carried out.
GOES_ON = re.compile(r'"msg": "[^"]*(?:work on it|its work) goes on')
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


def tried(points: Sequence[Point], folder: Path, network: int, era: str, language: str) -> list[Verdict]:
    """Try points on one world, one job; the world and all that was printed stay in the folder.

    What is wrong with a job that several of them met is told of each.
    """
    began = time.monotonic()
    with serving(folder, network) as worlds:
        case = made(points[0].scenario, worlds, era, language)
        try:
            verdicts = _tried(points, case, folder)
        finally:
            case.close()
    for verdict in verdicts:
        verdict.seconds = (time.monotonic() - began) / len(verdicts)
    return verdicts


def _tried(points: Sequence[Point], case: Case, folder: Path) -> list[Verdict]:
    world, chance = case.world, random.Random(str(points[0]))
    deeds = [Deed(point, case, folder) for point in points]
    for deed in deeds:
        deed.arm()
    more = ("-vvvv",) if chance.random() < SOME else ()
    runs, wrong = _commanded(deeds, case, folder, more)
    added = _lifted(deeds)
    last = runs[-1]
    wrong += [text for deed in deeds for text in deed.wrong]
    for run in (beside for deed in deeds for beside in deed.beside):
        wrong += said_wrong(run, points)
        runs.append(run)
    if last.code == 0:
        wrong += judged(case, any(point.what in MENDED for point in points))
        if chance.random() < SOME:
            runs.append(_again(wrong, case, folder, added))
    elif all(point.what not in FOR_A_PERSON for point in points):
        wrong.append("the same command does not end the job after the cause was taken away")
    wrong += _done_twice(case, points)
    seen = world.ask("violations")
    violations = [told(entry) for entry in seen if not any(of_others(entry, point) for point in points)]
    wrong += [f"a defect of the simulated boxes: {text}" for text in world.ask("state")["errors"]]
    shown = canaries.shown(world, set().union(*(run.commands for run in runs)), [run.out for run in runs])
    shown += [f"others can read {path}" for path in canaries.open_to_others(world)]
    kinds = sorted({kind for run in runs for kind in KIND.findall(run.text)})
    for name in ("violations", "log", "state"):
        (folder / f"{name}.json").write_text(json.dumps(world.ask(name), indent=1))
    return [
        Verdict(deed.point, _way(deed, last), list(dict.fromkeys(wrong)), violations, shown, kinds) for deed in deeds
    ]


def _commanded(deeds: Sequence[Deed], case: Case, folder: Path, more: Sequence[str]) -> tuple[list[Run], list[str]]:
    """Give the same command as long as it does not end the job and something new happens to it.

    :returns: the runs, and what is wrong about what they said.
    """
    runs: list[Run] = []
    wrong: list[str] = []
    added: tuple[str, ...] = ()
    while True:
        first = not runs
        own_mount = first and any(deed.point.what == "read_only" for deed in deeds)
        environment = deeds[0].environment() if first else {}
        out = folder / f"run{len(runs) + 1}.out"
        run = started(case, out, *added, *more, own_mount=own_mount, environment=environment)
        run.watch(partial(_at_the_moment, deeds))
        runs.append(run)
        log = case.world.ask("log")
        met = [deed for deed in deeds if deed.met is None and deed.has_happened(log)]
        for deed in met:
            deed.met = run
        wrong += said_wrong(run, [deed.point for deed in met] or [deed.point for deed in deeds])
        added = _lifted(deeds)
        if run.code == 0 or not (first or met):
            return runs, wrong


def _at_the_moment(deeds: Sequence[Deed], run: Run, held: list[int]) -> bool:
    """Requests are held: now what is to happen at them happens. Is there more to come?"""
    left = [deed for deed in deeds if not deed.happened]
    here = [entry for entry in deeds[0].case.world.ask("log") if entry["number"] in held]
    for entry in here:
        for deed in left:
            if deed.is_at(entry):
                deed.at_the_moment(run, entry["number"])
                return len(left) > 1
    return bool(left)


def _lifted(deeds: Sequence[Deed]) -> tuple[str, ...]:
    """Take the causes away; gives what people add to the command then. Of several things some are still to happen."""
    if len(deeds) == 1:
        requests.delete(f"{deeds[0].case.world.control}/faults", timeout=10)
    return tuple(part for deed in deeds for part in deed.lift())


def _way(deed: Deed, last: Run) -> str:
    met = deed.met
    if met is None or deed.moot:
        return "not reached"
    if met.code == 0:
        return "continued"
    if last.code != 0:
        return "for a person"
    if deed.point.what in (*KILLS, "folder_lost") or met.hung:
        return "killed"
    return "continued" if met.code is None else "stopped"


def _again(wrong: list[str], case: Case, folder: Path, added: tuple[str, ...]) -> Run:
    """Once more: nothing is left to do, and what has not happened does not happen to this run."""
    requests.delete(f"{case.world.control}/faults", timeout=10)
    before = len(case.world.mutations())
    run = started(case, folder / "again.out", *added)
    run.watch(None)
    if run.code != 0 or re.search(r"\bchanged=[1-9]", run.text):
        wrong.append("another run of the finished job fails or changes something")
    if len(case.world.mutations()) != before:
        wrong.append("another run of the finished job writes to a box")
    return run


def said_wrong(run: Run, points: Sequence[Point]) -> list[str]:
    """What is wrong about what a run has printed and how it ended, when these things have happened to it."""
    text, wrong = run.text, []
    if run.outlived:
        wrong.append(f"{run.out.name}: a task of it goes on although it is dead")
    if run.hung:
        may_wait = any(point.what in HANGS or point.lasting for point in points)
        waits = may_wait and HEARTBEAT in text[-LAST_LINES:]
        return [] if waits else [f"{run.out.name}: it does not end"]
    if "defect of bt_ops.pra" in text or '"error": "defect"' in text:
        wrong.append(f"{run.out.name}: a defect of the collection")
    if "Traceback" in text:
        wrong.append(f"{run.out.name}: a traceback")
    if run.code not in (0, None):
        if not KIND.search(text) and "Nothing was changed" not in text:
            wrong.append(f"{run.out.name}: it stops without an error of the collection")
        in_vain = [(point.what, point.asked.kind, point.lasting) for point in points] == [("502", "write", False)]
        if in_vain and GOES_ON.search(text):
            wrong.append(f"{run.out.name}: it says that work goes on, and nothing was begun")
        # Of several it may say so about the last, and be right.
        done = [point.asked.kind == "write" and point.what in DONE & set(ANSWERS) for point in points]
        if done == [True] and NOTHING_DONE.search(text):
            wrong.append(f"{run.out.name}: it says that nothing was done, and it was")
    return wrong


def of_others(violation: dict[str, Any], point: Point) -> bool:
    """Did the other person of this point, or the box itself, and not the run, make it come to this?

    Nobody can take back a request that was on its way already when the other person's came.
    """
    if point.what == "unhealthy":
        return point.asked.op == SWITCH and bool(FELL_ILL.match(told(violation)))
    if point.what != "other_person_updates":
        return False
    on_its_way = (violation["request"] or {}).get("fault") == "hold"
    text = told(violation)
    return on_its_way or bool(OF_OTHERS.match(text)) or (point.asked.op == SWITCH and bool(PASSED_BY.match(text)))


def told(violation: dict[str, Any]) -> str:
    """A violation as the table tells it."""
    return f"{violation['id']}: {violation['text']}"


def _done_twice(case: Case, points: Sequence[Point]) -> list[str]:
    """One-way acts that were carried out more than once on a box."""
    # A box that has ended the session meanwhile answers a held request with its log-in page, and does nothing.
    through = () if any(point.what == "sessions_cut" for point in points) else ("hold",)
    done = Counter(
        (entry["op"], entry["box"])
        for entry in case.world.ask("log")
        if entry["op"] in case.once
        and (entry["fault"] in ("", "do_then_hold", *DONE) or (entry["fault"] in through and entry["status"]))
    )
    return [f"{op} was done {times} times on {box}" for (op, box), times in done.items() if times > 1]
