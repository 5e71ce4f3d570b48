# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run of a playbook, in a hurry, watched: what it prints, which command lines it has, which request is held."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.faults.scenarios import Case
from tests.integration.conftest import hurried
from tests.processes import Left, descendants, kill, kill_alone

HURRY = 6
CONFIGURED = Path(__file__).with_name("ansible.cfg")
MOST_SECONDS = 170.0
# A process that outlives the run may go on printing for a while.
MOST_READING_SECONDS = 30.0
READ_BYTES = 1 << 16
# So soon a task ends whose run was killed alone.
MOST_OUTLIVING_SECONDS = 15.0
LOOK_SECONDS = 0.03
LOOKS_PER_SAMPLE = 4
# The run folder on a mount of its own, which can become read-only without another process seeing it.
OWN_MOUNT = 'mkdir -p "$0" && mount --bind "$0" "$0" && exec "$@"'


@dataclass
class Run:
    """A playbook that runs, or ran. `code` is None where it was killed. `commands` are the command lines seen.

    `left` is what was not killed with it, `outlived` tells that this did not end in time.
    """

    case: Case
    out: Path
    process: subprocess.Popen[bytes]
    reader: threading.Thread = field(default_factory=threading.Thread)
    commands: set[bytes] = field(default_factory=set)
    code: int | None = None
    hung: bool = False
    left: Left = field(default_factory=lambda: Left({}))
    outlived: bool = False

    @property
    def text(self) -> str:
        """What it has printed so far."""
        return self.out.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL for it and all that it started."""
        kill(self.process)

    def kill_alone(self) -> None:
        """SIGKILL for its own process."""
        self.left = kill_alone(self.process)

    def tell_where(self) -> None:
        """Have its processes tell in a file beside what it printed what they are doing."""
        pids = descendants(self.process.pid)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGUSR2)
        time.sleep(LOOK_SECONDS * len(pids))

    def sample(self) -> None:
        """Note the command lines of its processes."""
        for pid in descendants(self.process.pid):
            with contextlib.suppress(OSError):
                self.commands.add(Path(f"/proc/{pid}/cmdline").read_bytes())

    def watch(self, at_the_moment: Callable[[Run, list[int]], bool] | None) -> None:
        """Until it ends, or is killed because it does not.

        :param at_the_moment: does what is to be done when requests are held, of which it gets the numbers; false once
            nothing is left to be done.
        """
        end, looks = time.monotonic() + MOST_SECONDS, 0
        with requests.Session() as control:
            control.trust_env = False
            while self.process.poll() is None and time.monotonic() < end:
                if looks % LOOKS_PER_SAMPLE == 0:
                    self.sample()
                looks += 1
                if at_the_moment is not None:
                    held = control.get(f"{self.case.world.control}/held", timeout=10).json()
                    if held and not at_the_moment(self, held):
                        at_the_moment = None
                time.sleep(LOOK_SECONDS)
        self.hung = self.process.poll() is None
        if self.hung:
            self.tell_where()
            self.kill()
        elif self.process.returncode >= 0:
            self.code = self.process.returncode
        self._end_what_is_left()
        self.reader.join(MOST_READING_SECONDS)

    def _end_what_is_left(self) -> None:
        """See its tasks end; what they ask for meanwhile is not held: nobody looks for that any more."""
        end = time.monotonic() + MOST_OUTLIVING_SECONDS
        while self.left.alive() and time.monotonic() < end:
            self.case.world.tell("release")
            time.sleep(LOOK_SECONDS)
        self.outlived = bool(self.left.alive())
        self.left.kill()


def started(
    case: Case, out: Path, *more: str, own_mount: bool = False, environment: dict[str, str] | None = None
) -> Run:
    """Start the command of a case; what it prints goes to a file, by way of a pipe, so that a full disk is not its."""
    world = case.world
    world.declare(case.playbook)
    variables = {
        **world.environment(),
        "ANSIBLE_REMOTE_TEMP": str(world.folder / "tmp"),
        **hurried(HURRY),
        "FAULTS_STACKS": str(out.with_suffix(".stacks")),
        "ANSIBLE_CONFIG": str(CONFIGURED),
        **case.environment,
        **(environment or {}),
    }
    command = world.command(case.playbook, *case.arguments, *more)
    if own_mount:
        command = ["unshare", "--mount", "sh", "-c", OWN_MOUNT, str(world.folder / "runs"), *command]
    process = subprocess.Popen(
        command, cwd=world.folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, start_new_session=True, umask=0o022,
    )  # fmt: skip
    reader = threading.Thread(target=_copied, args=(process, out), daemon=True)
    reader.start()
    return Run(case, out, process, reader)


def _copied(process: subprocess.Popen[bytes], out: Path) -> None:
    """All that a process prints, into a file."""
    assert process.stdout is not None
    with out.open("wb") as file, process.stdout as printed:
        while some := os.read(printed.fileno(), READ_BYTES):
            file.write(some)
            file.flush()
