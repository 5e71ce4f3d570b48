# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How each thing that can go wrong is made to happen at its point, and how its cause is taken away afterwards."""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.faults.points import ANSWERS, KILLS, TROUBLES, Point
from tests.faults.running import HURRY, Run, started
from tests.faults.scenarios import Case
from tests.processes import descendants

# Longer than the collection waits for an answer (a minute, in a hurry).
TOO_LATE = 60.0 / HURRY + 1.5
WRONG_CLOCK_SECONDS = 900.0
MOMENT_SECONDS = 0.6
JUMP = "+3600"
# No file grows beyond it; the semaphores of Ansible's own processes, which are files too, are smaller.
NO_ROOM_BYTES = 4096
# Until an update that another person started has ended.
OTHERS_SECONDS = 30.0
# After these the vendor's support has to mend the box.
MENDED = ("update_fail", "disk_full")


@dataclass
class Deed:
    """What happens at one point. `met` is the run to which it happened, `moot` says why it could not happen, `beside`
    are runs that it started, `wrong` is what they did that must not be."""

    point: Point
    case: Case
    folder: Path
    happened: bool = False
    met: Run | None = None
    moot: str = ""
    beside: list[Run] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _undo: list[Callable[[], object]] = field(default_factory=list)

    @property
    def who(self) -> str:
        """The box that it happens to."""
        boxes = list(self.case.boxes)
        others = [name for name in boxes if name != self.point.asked.box]
        return others[0] if self.point.peer and others else self.point.asked.box

    def arm(self) -> None:
        """Plan it with the simulated boxes."""
        what, asked = self.point.what, self.point.asked
        do = what if what in ANSWERS and what != "stranger" else "hold"
        if what in ("kill_during", "kill_after"):
            do = "do_then_hold"
        count = -1 if self.point.lasting else 1
        seconds = TOO_LATE if do == "delay" else 0.5
        self._tell("faults", do=do, box=asked.box, op=asked.op, nth=asked.nth, count=count, seconds=seconds)

    def is_at(self, entry: dict[str, Any]) -> bool:
        """Is it to happen at requests such as this one in the log?"""
        return (entry["box"], entry["op"]) == (self.point.asked.box, self.point.asked.op)

    def has_happened(self, log: Iterable[dict[str, Any]]) -> bool:
        """Has it happened, as far as a log tells?"""
        return self.happened or any(entry["fault"] == self.point.what and self.is_at(entry) for entry in log)

    def environment(self) -> dict[str, str]:
        """Variables of the environment that the run needs for it."""
        if self.point.what != "clock_jumps":
            return {}
        (self.folder / "clock").write_text("+0")
        (library,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
        return {
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip

    def at_the_moment(self, run: Run, number: int) -> None:
        """A request is held, the one of that number: now."""
        what, world = self.point.what, self.case.world
        self.happened = True
        if what == "kill_after":
            world.tell("release")
            while next(entry for entry in world.ask("log") if entry["number"] == number)["status"] is None:
                time.sleep(0.005)
        if what == "kill_main":
            run.kill_alone()
            world.tell("release")
        elif what in KILLS:
            run.kill()
        elif what == "folder_lost":
            run.kill()
            self._lose_folder()
        elif what == "stranger":
            self._tell("impostor", box=self.who, show="stranger")
            self._undo.append(lambda: self._tell("impostor", box=self.who, show=""))
        else:
            self._befall(what, run)
            world.tell("release")

    def _befall(self, what: str, run: Run) -> None:
        """Things that happen while the request waits, and that it then meets."""
        who = self.who
        if what in TROUBLES:
            self._tell("troubles", box=who, trouble=what)
            self._undo.append(lambda: self._tell("troubles", box=who, trouble=what, on=False))
        elif what == "eula":
            for package in ("base-6.2.0", "product-24.3.1"):
                self._tell("eula", package=package)
        elif what == "wrong_clock":
            self._tell("clock", box=who, offset=WRONG_CLOCK_SECONDS)
            self._undo.append(lambda: self._tell("clock", box=who, offset=0))
        elif what in ("both_backup", "both_primary"):
            self._roles(what.removeprefix("both_"))
        elif what == "other_person_updates":
            self._other_person(who)
        elif what == "sessions_cut":
            self._tell("kill-sessions", box=who, tokens=True)
        elif what == "no_room":
            for pid in descendants(run.process.pid):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_ROOM_BYTES, resource.RLIM_INFINITY))
        elif what == "read_only":
            # Another mount on top: one on which a file is open for writing cannot become read-only.
            for how in (
                ("--bind", runs := str(self.case.world.folder / "runs"), runs),
                ("-o", "remount,ro,bind", runs),
            ):
                command = ["nsenter", f"--target={run.process.pid}", "--mount", "mount", *how]
                subprocess.run(command, check=True, capture_output=True, timeout=20)
        elif what == "clock_jumps":
            (self.folder / "clock").write_text(JUMP)
        elif what == "two_runs":
            beside = started(self.case, self.folder / "beside.out")
            self.beside.append(beside)
            beside.watch(None)

    def _lose_folder(self) -> None:
        """The run folder is gone with the run: the same command must leave a pair alone that is not paired."""
        world = self.case.world
        world.tell("release")
        end = time.monotonic() + OTHERS_SECONDS  # what still gives the site back to a box, or installs, ends first
        while time.monotonic() < end and not self._is_quiet():
            time.sleep(0.1)
        (world.folder / "runs").rename(world.folder / "lost")
        if {box["failover"]["role"] for box in self.case.boxes.values()} != {"none"}:
            return
        before = len(world.mutations())
        beside = started(self.case, self.folder / "beside.out")
        self.beside.append(beside)
        beside.watch(None)
        if beside.code == 0 or len(world.mutations()) != before:
            self.wrong.append("without the run folder it goes on with a pair that is not paired")

    def _is_quiet(self) -> bool:
        installs = any(box["updates"]["running"] for box in self.case.boxes.values())
        return not installs and all(site["serving"] for site in self.case.world.ask("state")["sites"].values())

    def _roles(self, role: str) -> None:
        """Both boxes take themselves for the same: the one for a moment, the other until it is put back."""
        roles = {name: box["failover"]["role"] for name, box in self.case.boxes.items()}
        if sorted(roles.values()) != ["backup", "primary"]:
            self.moot = "no relationship stood"
            return
        who = next(name for name, own in roles.items() if own != role)

        def put_back() -> None:
            if all(box["failover"]["role"] == role for box in self.case.boxes.values()):
                self._tell("role", box=who, role=roles[who])

        self._tell("role", box=who, role=role)
        self._undo.append(put_back)
        if role == "backup":
            threading.Timer(MOMENT_SECONDS, put_back).start()

    def _other_person(self, who: str) -> None:
        """Another person starts what the box needs next."""
        box = self.case.boxes[who]
        package = "base-6.2.0" if box["base"] != "6.2.0" else "product-24.3.1"
        url = f"{self.case.world.control}/user-update"
        answer = requests.post(url, json={"box": who, "package": package}, timeout=10)
        if answer.status_code != 200:
            self.moot = f"the box could not be updated then: {answer.json()['error']}"

    def _tell(self, call: str, **body: object) -> None:
        self.case.world.tell(call, **body)

    def lift(self) -> tuple[str, ...]:
        """Take the cause away, as people would; gives what they add to the command then."""
        world = self.case.world
        world.tell("release")
        if not self.happened:
            return ()
        for undo in self._undo:
            undo()
        if self.point.what == "other_person_updates":
            end = time.monotonic() + OTHERS_SECONDS
            while time.monotonic() < end and any(box["updates"]["running"] for box in self.case.boxes.values()):
                time.sleep(0.1)
        if self.point.what in MENDED:
            for name, box in self.case.boxes.items():
                if box["updates"]["last"] and not box["updates"]["last"]["good"]:
                    world.tell("mend", box=name)
        if self.point.what == "eula":
            return ("-e", "bt_accept_eula='Jane Doe'")
        if self.point.what == "folder_lost":
            return ("-e", "bt_adopt='Jane Doe'")
        return ("-e", "bt_support_case=4711") if self.point.what in MENDED else ()
