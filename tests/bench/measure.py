# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is measured: the whole upgrade, one task, the cut-over, and a plain playbook beside it."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.bench import raw
from tests.bench.boxes import Boxes
from tests.bench.client import Client
from tests.bench.intervals import silence
from tests.bench.plays import Run, play

TASKS = 40
ROUNDS = 3
CUT_OVERS = 8
PLAIN = Path(__file__).parent / "plain_uri" / "playbook.yml"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Upgrade:
    """One whole asynchronous upgrade. Seconds; `outage` is what the client saw at the cut-over."""

    wall: float
    working: float
    ours: float
    processor: float
    tasks: int
    log_ins: int
    requests: int
    outage: float


@dataclass(frozen=True)
class Task:
    """One bt_info task, alone: seconds."""

    wall: float
    processor: float


@dataclass(frozen=True)
class CutOver:
    """Outages that the client saw, in seconds, each time."""

    ours: list[float]
    raw: list[float]

    @property
    def medians(self) -> tuple[float, float]:
        """Of ours and of the raw requests."""
        return statistics.median(self.ours), statistics.median(self.raw)

    @property
    def ratio(self) -> float:
        """How much longer ours is."""
        ours, raw_pair = self.medians
        return ours / raw_pair


@dataclass(frozen=True)
class Measured:
    """Everything that one run of the benchmark measures.

    `load`: how many processes wanted one of the `cores` just before; wall times are true of an idle machine only.
    """

    upgrade: Upgrade
    again: float
    task: Task
    cut_over: CutOver
    plain: Upgrade
    load: float
    cores: int

    def as_json(self) -> dict[str, Any]:
        """For the file."""
        ours, raw_pair = self.cut_over.medians
        medians = {"ours_median": ours, "raw_median": raw_pair, "ratio": self.cut_over.ratio}
        return {**asdict(self), "cut_over": {**asdict(self.cut_over), **medians}}


def measure(folder: Path, say: Say) -> Measured:
    """Measure everything, one after the other.

    :param folder: an empty folder for boxes and runs.
    """
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    with Boxes(folder / "ours", 61) as boxes:
        say("the asynchronous upgrade")
        upgrade = _upgrade(boxes, "bt_ops.pra.async_upgrade", "Cut over]")
        say("the same again")
        again = play(boxes, "bt_ops.pra.async_upgrade")
        if again.recap("changed"):
            raise RuntimeError(f"the second run changed something:\n{again.out}")
        say(f"{TASKS} tasks against none")
        task = _task(boxes)
        say("cut-overs against raw requests")
        cut_over = _cut_over(boxes)
    with Boxes(folder / "plain", 62) as boxes:
        say("a plain playbook of uri tasks")
        plain = _upgrade(boxes, str(PLAIN), "Cut over |")
    return Measured(upgrade, again.wall, task, cut_over, plain, load, cores)


def _upgrade(boxes: Boxes, playbook: str, cut_over: str) -> Upgrade:
    """Upgrade the pair.

    :param cut_over: in the title of each task during which the client shall ask.
    """
    client = _client(boxes)

    def on_line(line: str) -> None:
        if line.startswith("TASK ["):
            (client.on if cut_over in line or "Cut-over |" in line else client.off)()

    run = play(boxes, playbook, on_line=on_line)
    outage = max(_silence(boxes, answers) for answers in client.answers())
    boxes.assert_upgraded()
    working = boxes.working_seconds(run.begin, run.end)
    return Upgrade(
        wall=run.wall, working=working, ours=run.wall - working, processor=run.processor,
        tasks=run.recap("ok"), log_ins=boxes.log_ins(), requests=boxes.requests(), outage=outage,
    )


def _client(boxes: Boxes) -> Client:
    return Client(boxes.site["shared_ip"], boxes.port, boxes.site["hostname"], boxes.ca)


def _playbook(boxes: Boxes, name: str, host: str, tasks: list[dict[str, Any]]) -> str:
    """Write a playbook of one play."""
    path = boxes.folder / f"{name}.yml"
    path.write_text(yaml.safe_dump([{"hosts": host, "gather_facts": False, "connection": "local", "tasks": tasks}]))
    return str(path)


def _task(boxes: Boxes) -> Task:
    """What one more bt_info task costs: runs with many and with none in turn, medians."""
    host = next(iter(boxes.boxes))
    many = _playbook(boxes, "many", host, [{"bt_ops.pra.bt_info": {}}] * TASKS)
    none = _playbook(boxes, "none", host, [])
    runs: list[tuple[Run, Run]] = [(play(boxes, many), play(boxes, none)) for _round in range(ROUNDS)]
    return Task(
        wall=statistics.median(full.wall - empty.wall for full, empty in runs) / TASKS,
        processor=statistics.median(full.processor - empty.processor for full, empty in runs) / TASKS,
    )


def _cut_over(boxes: Boxes) -> CutOver:
    """The shared IP goes to and fro, by bt_cutover and by raw requests in turn, each as often in either direction."""
    a, b = boxes.boxes
    pair = {"peer": {"box": a}, "max_sync_age": 0}
    tasks = [{"bt_ops.pra.bt_failover": {"state": state, **pair}} for state in ("synchronised", "broken")]
    tasks[1]["bt_ops.pra.bt_failover"].pop("max_sync_age")
    play(boxes, _playbook(boxes, "break", b, tasks))
    ours, raw_pairs = [], []
    for number in range(CUT_OVERS):
        source, target = (b, a) if number % 2 == 0 else (a, b)
        ours.append(_ours(boxes, source, target))
        raw_pairs.append(_raw(boxes, source=target, target=source))
        # One switch that is not measured, so that the next round goes the other way.
        _switch_raw(boxes, source, target)
    return CutOver(ours, raw_pairs)


def _ours(boxes: Boxes, source: str, target: str) -> float:
    options = {
        "peer": {"box": target}, "shared_ip": boxes.site["shared_ip"],
        "site_hostname": boxes.site["hostname"], "site_port": boxes.port, "unverified_by": "the bench",
    }
    playbook = _playbook(boxes, "cut-over", source, [{"bt_ops.pra.bt_cutover": options}])
    return _outage(boxes, lambda: play(boxes, playbook))


def _raw(boxes: Boxes, source: str, target: str) -> float:
    return _outage(boxes, lambda: _switch_raw(boxes, source, target))


def _switch_raw(boxes: Boxes, source: str, target: str) -> None:
    off, on = raw.prepare(boxes, source, False), raw.prepare(boxes, target, True)
    off.send()
    on.send()


def _outage(boxes: Boxes, switch: Callable[[], object]) -> float:
    client = _client(boxes)
    client.on()
    switch()
    (answers,) = client.answers()
    return _silence(boxes, answers)


def _silence(boxes: Boxes, answers: list[float]) -> float:
    """For how long the client was without an answer around the times at which the boxes say that nobody served."""
    return max((silence(answers, away) for away in boxes.outages()), default=0.0)
