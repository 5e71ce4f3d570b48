# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Playbooks run as an operator runs them, with wall time and processor time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.boxes import Boxes

BIN = Path(sys.executable).parent
SECONDS = 120


@dataclass(frozen=True)
class Run:
    """One run of a playbook: Unix seconds of begin and end, processor seconds of all its processes, what it printed."""

    begin: float
    end: float
    processor: float
    out: str

    @property
    def wall(self) -> float:
        """Seconds from begin to end."""
        return self.end - self.begin

    def recap(self, key: str) -> int:
        """Sum over all hosts of a count in the recap, such as ``changed``."""
        recap = self.out[self.out.rindex("PLAY RECAP") :]
        return sum(int(number) for number in re.findall(rf"\b{key}=(\d+)", recap))


def play(
    boxes: Boxes, playbook: str, *arguments: str, on_line: Callable[[str], None] | None = None
) -> Run:
    """Run a playbook to its good end.

    :param on_line: called with each line that it prints, when it is printed.
    :raises RuntimeError: it failed.
    """
    command = [str(BIN / "ansible-playbook"), playbook, "-i", str(boxes.inventory)]
    environment = {
        **os.environ, "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOME": f"{boxes.folder}/home", "ANSIBLE_LOCAL_TEMP": f"{boxes.folder}/tmp",
        "ANSIBLE_REMOTE_TEMP": f"{boxes.folder}/tmp",
    }
    lines: list[str] = []
    begin = time.time()
    process = subprocess.Popen(
        [*command, "-e", f"bt_run_dir={boxes.folder}/runs", *arguments], cwd=boxes.folder, env=environment, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.append(line)
            if on_line is not None:
                on_line(line)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    run = Run(begin, time.time(), used.ru_utime + used.ru_stime, "".join(lines))
    if process.returncode:
        raise RuntimeError(f"{playbook} ended with {process.returncode}:\n{run.out}")
    return run
