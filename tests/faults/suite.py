# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults at points that a clean run shows, and the table of how they ended.

    FAULTS_POINTS=40 FAULTS_SEED=monday python -m tests.faults.suite [SCENARIO...]

Without FAULTS_POINTS as many are drawn as cover everything: every kill, and an answer 502 that comes to nothing, at
each single act of every playbook, each kind of fault at the acts of each name, half of them (others with another
FAULTS_SEED) at what is read of each name, each kind in every playbook. Several of them meet the same job, where they do
not disturb each other. FAULTS_ERA and FAULTS_LANGUAGE choose the pages of the boxes. What was printed stays in
tests/output/faults for points that did not end well.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn

from tests.faults.judge import Verdict, tried
from tests.faults.points import Point, drawn, every, found, together
from tests.faults.running import started
from tests.faults.scenarios import SCENARIOS, made
from tests.integration.conftest import ROOT, serving
from tests.processes import descendants

OUTPUT = ROOT / "tests" / "output"
# A run waits for boxes most of its time: with fewer, cores stand still.
AT_ONCE = 4 * (os.cpu_count() or 1)
# Loopback networks of the worlds that are there at the same time.
FIRST_NETWORK = 200
WAYS = ("continued", "stopped", "killed", "for a person", "not reached")
COLUMNS = ("points", *WAYS, "wrong", "violations", "canaries")


def recorded(name: str, folder: Path, era: str, language: str) -> list[Point]:
    """The points of a scenario: every request of a run in which nothing goes wrong."""
    with serving(folder, FIRST_NETWORK) as worlds:
        case = made(name, worlds, era, language)
        try:
            run = started(case, folder / "clean.out")
            run.watch(None)
        finally:
            case.close()
        assert run.code == 0, run.text
        return every(name, found(case.world.ask("log")))


def all_tried(points: Sequence[Point], folder: Path, era: str, language: str) -> list[Verdict]:
    """Try points, on several worlds at a time; say of each how it ended."""
    networks: SimpleQueue[int] = SimpleQueue()
    for number in range(AT_ONCE):
        networks.put(FIRST_NETWORK + number)

    def one(number: int, some: Sequence[Point]) -> list[Verdict]:
        own, network = folder / f"{number:04d}-{_slug(some[0])}", networks.get()
        own.mkdir(parents=True)
        try:
            verdicts = tried(some, own, network, era, language)
        except Exception:  # one point that cannot be tried must not hide what the others show
            why = f"it could not be tried: {traceback.format_exc()}"
            verdicts = [Verdict(point, wrong=[why]) for point in some]
        finally:
            networks.put(network)
        if all(verdict.good for verdict in verdicts):
            shutil.rmtree(own)
        return verdicts

    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        number = count(1)
        futures = {pool.submit(one, next(number), some): some for some in together(points)}
        while futures:
            for future in wait(futures, return_when=FIRST_COMPLETED).done:
                several = len(futures.pop(future)) > 1
                for verdict in future.result():
                    if several and verdict.good and verdict.way == "not reached":
                        # What came before it had led elsewhere: it is tried alone.
                        futures[pool.submit(one, next(number), [verdict.point])] = [verdict.point]
                        continue
                    verdicts.append(verdict)
                    told = f"{verdict.point}: {verdict.way}, {verdict.seconds:.0f} s"
                    print(f"{len(verdicts)}/{len(points)} {told}", flush=True)
                    for text in (*verdict.wrong, *verdict.violations, *verdict.canaries):
                        print(f"    {text}", flush=True)
    return verdicts


def table(verdicts: Sequence[Verdict]) -> str:
    """Per playbook and kind of fault how many points ended how, as Markdown."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    total: Counter[str] = Counter()
    for verdict in sorted(verdicts, key=lambda verdict: (verdict.point.scenario, verdict.point.what)):
        counts = rows.setdefault((verdict.point.scenario, verdict.point.what), Counter())
        seen = Counter({
            "points": 1, verdict.way: 1, "wrong": bool(verdict.wrong), "violations": len(verdict.violations),
            "canaries": len(verdict.canaries),
        })  # fmt: skip
        counts += seen
        total += seen
    lines = ["| playbook | fault | " + " | ".join(COLUMNS) + " |", "|---|---|" + "---|" * len(COLUMNS)]
    for (scenario, what), counts in [*rows.items(), (("all", ""), total)]:
        lines.append(f"| {scenario} | {what} | " + " | ".join(str(counts[column]) for column in COLUMNS) + " |")
    return "\n".join(lines)


def _slug(point: Point) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{point.scenario}-{point.what}-{point.asked}".lower()).strip("-")[:80]


def tried_out(names: Sequence[str], number: int, seed: str) -> list[Verdict]:
    """Find points, try those that are drawn (unless FAULTS_SEED says otherwise by `seed`), tell how it went."""
    era, language = os.environ.get("FAULTS_ERA", "divs"), os.environ.get("FAULTS_LANGUAGE", "en")
    seed = os.environ.get("FAULTS_SEED", seed)
    folder = OUTPUT / "faults"
    shutil.rmtree(folder, ignore_errors=True)
    points: list[Point] = []
    for name in names:
        clean = folder / f"clean-{name}"
        clean.mkdir(parents=True)
        points += recorded(name, clean, era, language)
        shutil.rmtree(clean)
    chosen = drawn(points, number, seed)
    about = f"{len(chosen)} of {len(points)} points, seed {seed}, pages {era}/{language}"
    print(about, flush=True)
    verdicts = all_tried(chosen, folder, era, language)
    text = table(verdicts)
    good = sum(verdict.good for verdict in verdicts)
    end = f"{good} of {len(verdicts)} points ended well ({about})."
    print(f"\n{text}\n\n{end}")
    (OUTPUT / "faults.md").write_text(f"{end}\n\n{text}\n")
    told = {"seed": seed, "era": era, "language": language, "found": len(points)}
    (OUTPUT / "faults.json").write_text(
        json.dumps({**told, "points": [verdict.as_json() for verdict in verdicts]}, indent=1) + "\n"
    )
    return verdicts


def _end(number: int, _frame: object) -> NoReturn:
    """Leave no playbook behind: they are in sessions of their own. The boxes notice by themselves."""
    for pid in descendants(os.getpid())[1:]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os._exit(128 + number)


def main(names: Sequence[str]) -> int:
    """Try scenarios, all of them where none is named; 1 when a point did not end well."""
    unknown = sorted(set(names) - set(SCENARIOS))
    if unknown:
        print(f"no scenario {unknown[0]!r}; there are {', '.join(SCENARIOS)}", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    verdicts = tried_out(names or list(SCENARIOS), int(os.environ.get("FAULTS_POINTS", "0")), "1")
    return 0 if all(verdict.good for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
