# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where something can go wrong, found in the log of a clean run; and which of these points are tried."""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

# What a person, a network or a box can do to one request.
KILLS = ("kill_before", "kill_during", "kill_after", "kill_main")
ANSWERS = (
    "refuse", "reset", "do_then_reset", "delay", "500", "502", "503", "truncate", "garbage", "login_redirect", "json",
    "stranger",
)  # fmt: skip
# What the simulated boxes can be told to suffer from.
TROUBLES = (
    "update_hang", "update_hang_outage", "update_fail", "update_slow", "sync_fail", "sync_hang", "peer_unreachable",
    "disk_full", "unhealthy", "update_server_unreachable",
)  # fmt: skip
# What may happen to a box at the moment of a request.
BOXES = (
    *TROUBLES, "eula", "wrong_clock", "both_backup", "both_primary", "other_person_updates", "sessions_cut",
)  # fmt: skip
ROLES = ("both_backup", "both_primary")
OF_PAIRS = frozenset({"folder_lost", "sync_fail", "sync_hang", "peer_unreachable", *ROLES})
OF_UPDATES = frozenset({
    "update_hang", "update_hang_outage", "update_fail", "update_slow", "update_server_unreachable", "disk_full",
    "eula", "other_person_updates",
})  # fmt: skip
RELATED = ("login.failover.", "api.backup")
# What may happen on the controller at that moment.
CONTROLLER = ("no_room", "read_only", "clock_jumps", "two_runs", "folder_lost")
# Faults that the vendor's server cannot be made to have.
NOT_OF_VENDOR = frozenset({"refuse", "garbage", "login_redirect", "json", "stranger", *KILLS})
# Where a module was shipped to, nothing knows the run's own process.
NOT_OF_SHIPPED = frozenset({"kill_main"})
# What is tried at each single act of every playbook: killed, and a press that comes to nothing.
EVERYWHERE = (*KILLS, "502")
# How many other things are tried at each single act besides.
OTHERS_AT_AN_ACT = 4
# Half of all hexadecimal digits are smaller.
HALF = "8"
# How many things may meet one job.
AT_A_JOB = 4
# Requests that no fault can be planned for: nobody answered them.
UNPLANNED = ("outage", "upload.broken")


@dataclass(frozen=True, order=True)
class Asked:
    """The `nth` request of a name to a box, and what kind of request it is."""

    box: str
    op: str
    nth: int
    kind: str

    def __str__(self) -> str:
        return f"{self.op} #{self.nth} to {self.box.partition('.')[0]}"


@dataclass(frozen=True, order=True)
class Point:
    """Something (`what`) that happens at a request; `lasting`: at all requests of that name from then on, until the
    cause is taken away. `peer`: it happens to the other box."""

    scenario: str
    what: str
    asked: Asked
    lasting: bool = False
    peer: bool = False

    def __str__(self) -> str:
        more = (" until taken away" if self.lasting else "") + (" (the other box)" if self.peer else "")
        return f"{self.scenario}: {self.what} at {self.asked}{more}"


def found(log: Iterable[dict[str, Any]]) -> list[Asked]:
    """Every request of a run, in order."""
    seen: Counter[tuple[str, str]] = Counter()
    asked = []
    for entry in log:
        key = (entry["box"], entry["op"])
        seen[key] += 1
        if entry["op"] not in UNPLANNED:
            asked.append(Asked(*key, seen[key], entry["kind"]))
    return asked


def every(scenario: str, asked: Sequence[Asked]) -> list[Point]:
    """All points of a run: each request with all that can happen to it, or at it."""
    ops = {each.op for each in asked}
    pair = "login.failover.break" in ops
    updates = not ops.isdisjoint({"appliance.updates.install", "appliance.updates.upload"})

    def may(what: str, each: Asked) -> bool:
        """Does it concern such boxes? Roles can be wrong only while a relationship stands."""
        if what in ROLES and not each.op.startswith(RELATED):
            return False
        return (pair or what not in OF_PAIRS) and (updates or what not in OF_UPDATES)

    points = []
    for each in asked:
        vendor = each.op.startswith("vendor.")
        for what in (*KILLS, *ANSWERS):
            if not (vendor and what in NOT_OF_VENDOR or scenario == "shipped" and what in NOT_OF_SHIPPED):
                points.append(Point(scenario, what, each))
        if not vendor:
            points += [Point(scenario, what, each) for what in (*BOXES, *CONTROLLER) if may(what, each)]
    return points


def _rank(seed: str, what: object) -> str:
    """Its place in the order of a seed. It depends on nothing else, as no two runs make the same number of requests."""
    return hashlib.sha256(f"{seed} {what}".encode()).hexdigest()


def _in_place(point: Point) -> bool:
    """Is it of interest? A box's trouble is when something is done: what is read then changes nothing about it."""
    return point.what not in (*BOXES, *CONTROLLER) or point.asked.kind not in ("read", "auth")


def _is_turn_of(seed: str, point: Point) -> bool:
    """Is it tried at requests of this name? What is only read is so often met by everything, by one and the same code,
    that half of it will do for each name; another seed has another half."""
    return point.asked.kind == "write" or _rank(seed, f"{point.asked.op} {point.what}") < HALF


def _strata(points: Sequence[Point], seed: str) -> dict[tuple[str, ...], list[Point]]:
    """What the points are to cover, and the points that do.

    Every kill, an answer 502, and some of the rest in turn, at each single act of every playbook; everything at the
    acts of each name, half of it at what is read of each name; everything in every playbook.
    """
    strata: dict[tuple[str, ...], list[Point]] = defaultdict(list)
    rest: dict[tuple[str, ...], list[Point]] = defaultdict(list)
    for point in points:
        asked = point.asked
        if asked.kind == "write":
            act = (point.scenario, asked.box, asked.op, str(asked.nth))
            if point.what in EVERYWHERE:
                strata[(*act, point.what)].append(point)
            else:
                rest[act].append(point)
    for act, others in rest.items():
        for point in sorted(others, key=lambda point: _rank(seed, point))[:OTHERS_AT_AN_ACT]:
            strata[(*act, point.what)].append(point)
    for point in filter(_in_place, points):
        if _is_turn_of(seed, point):
            strata[(point.asked.op, point.what)].append(point)
        strata[(point.scenario, point.what)].append(point)
    return strata


def drawn(points: Sequence[Point], count: int, seed: str) -> list[Point]:
    """So many of them (0: as many as cover everything), the same for the same seed.

    Things take turns, so that few points are of many kinds; those at requests that change something come first.
    """
    covering: set[Point] = set()
    strata = _strata(points, seed)
    # The narrowest first: what they need is chosen anyway, and often enough for the others.
    for _stratum, members in sorted(strata.items(), key=lambda item: (-len(item[0]), item[0])):
        if covering.isdisjoint(members):
            covering.add(min(members, key=lambda point: _rank(seed, point)))
    turns: dict[str, list[Point]] = defaultdict(list)
    for point in covering:
        turns[point.what].append(point)
    for queue in turns.values():
        queue.sort(key=lambda point: (point.asked.kind != "write", _rank(seed, point)))
    chosen: list[Point] = []
    order = sorted(turns, key=lambda what: _rank(seed, turns[what][0]))
    while any(turns.values()) and (not count or len(chosen) < count):
        for what in order:
            if turns[what] and (not count or len(chosen) < count):
                point = turns[what].pop(0)
                chance = random.Random(_rank(seed, point))
                lasting = what in ANSWERS and what not in ("refuse", "stranger") and chance.random() < 0.25
                peer = what in BOXES and chance.random() < 0.3
                chosen.append(replace(point, lasting=lasting, peer=peer))
    return chosen


def _is_lonely(point: Point) -> bool:
    """Must nothing else happen to the same job? The controller is not as usual then, or a person has the last word, or
    all requests of a name are concerned."""
    return point.lasting or point.what in (*CONTROLLER, *ROLES, "other_person_updates", "eula")


def _get_on(one: Point, other: Point) -> bool:
    """May both happen to the same job? A box suffers from one thing, and a request meets one."""
    same_place = (one.asked.box, one.asked.op) == (other.asked.box, other.asked.op)
    return not same_place and not (one.what in BOXES and other.what in BOXES)


def together(points: Sequence[Point]) -> list[list[Point]]:
    """Which of them meet the same job."""
    groups: list[list[Point]] = []
    open_groups: dict[str, list[list[Point]]] = defaultdict(list)
    for point in points:
        fitting = (
            group for group in open_groups[point.scenario]
            if len(group) < AT_A_JOB and all(_get_on(point, other) for other in group)
        )  # fmt: skip
        group = None if _is_lonely(point) else next(fitting, None)
        if group is None:
            groups.append(group := [])
            if not _is_lonely(point):
                open_groups[point.scenario].append(group)
        group.append(point)
    return groups
