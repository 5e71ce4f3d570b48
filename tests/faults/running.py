# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run of a playbook, in a hurry, watched: what it prints, which command lines it has, which request is held."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.scenarios import Case
from tests.integration.conftest import kill_group

HURRY = 6
HURRIED = Path(__file__).parent / "hurry"
MOST_SECONDS = 170.0
LOOK_SECONDS = 0.03
LOOKS_PER_SAMPLE = 4
# The run folder on a mount of its own, which can become read-only without another process seeing it.
OWN_MOUNT = 'mkdir -p "$0" && mount --bind "$0" "$0" && exec "$@"'


@dataclass
class Run:
    """A playbook that runs, or ran. `code` is None where it was killed. `commands` are the command lines seen."""

    case: Case
    out: Path
    process: subprocess.Popen[bytes]
    commands: set[bytes] = field(default_factory=set)
    code: int | None = None
    hung: bool = False

    @property
    def text(self) -> str:
        """What it has printed so far."""
        return self.out.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL for it and all that it started, whatever they are doing."""
        kill_group(self.process)

    def descendants(self) -> list[int]:
        """Its processes, itself first."""
        pids = [self.process.pid]
        for pid in pids:
            with contextlib.suppress(OSError):
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    pids += [int(child) for child in (thread / "children").read_text().split()]
        return pids

    def sample(self) -> None:
        """Note the command lines of its processes."""
        for pid in self.descendants():
            with contextlib.suppress(OSError):
                self.commands.add(Path(f"/proc/{pid}/cmdline").read_bytes())

    def watch(self, at_the_moment: Callable[[Run], None] | None) -> None:
        """Until it ends; what is to be done is done once, when a request is held. One that does not end is killed."""
        end, looks = time.monotonic() + MOST_SECONDS, 0
        while self.process.poll() is None and time.monotonic() < end:
            if looks % LOOKS_PER_SAMPLE == 0:
                self.sample()
            looks += 1
            if at_the_moment is not None and self.case.world.ask("held"):
                at_the_moment(self)
                at_the_moment = None
            time.sleep(LOOK_SECONDS)
        self.hung = self.process.poll() is None
        if self.hung:
            self.kill()
        elif self.process.returncode >= 0:
            self.code = self.process.returncode


def started(
    case: Case, out: Path, *more: str, own_mount: bool = False, environment: dict[str, str] | None = None
) -> Run:
    """Start the command of a case; what it prints goes to a file."""
    world = case.world
    variables = {
        **world.environment(),
        "ANSIBLE_REMOTE_TEMP": str(world.folder / "tmp"),
        "PYTHONPATH": str(HURRIED),
        "FAULTS_HURRY": str(HURRY),
        **(environment or {}),
    }
    command = world.command(case.playbook, *case.arguments, *more)
    if own_mount:
        command = ["unshare", "--mount", "sh", "-c", OWN_MOUNT, str(world.folder / "runs"), *command]
    with out.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=world.folder, env=variables, stdout=file, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=lambda: os.umask(0o022),
        )  # fmt: skip
    return Run(case, out, process)
