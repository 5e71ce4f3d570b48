# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Playbooks and what they start: workers and modules, some of them in sessions of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.plugin_utils._session import KEEPERS

# Before a command: it has a terminal that can hang up, which the tests themselves may be safe from.
ON_A_TERMINAL = [
    sys.executable, "-c",
    "import pty, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL); pty.spawn(sys.argv[1:])",
]


def in_a_session(environment: Mapping[str, str], **variables: str) -> dict[str, str]:
    """The environment of a session with these variables, wherever the tests themselves were started."""
    kept = {name: value for name, value in environment.items() if name not in ("SSH_CONNECTION", *KEEPERS)}
    return kept | variables


def descendants(parent: int) -> list[int]:
    """A process and all that it started, itself first."""
    pids = [parent]
    for pid in pids:
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                pids += [int(child) for child in (thread / "children").read_text().split()]
    return pids


@dataclass(frozen=True)
class Left:
    """Processes that the death of a run has left behind: by id, and when each was started."""

    pids: dict[int, str]

    def alive(self) -> list[int]:
        """Those that are still there."""
        return [pid for pid, started in self.pids.items() if _started(pid) == started]

    def outlive(self, seconds: float) -> list[int]:
        """Those that are still there after so many seconds; none as soon as all are gone."""
        end = time.monotonic() + seconds
        while self.alive() and time.monotonic() < end:
            time.sleep(0.05)
        return self.alive()

    def kill(self) -> None:
        """SIGKILL for those that are still there."""
        for pid in self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def kill_alone(process: subprocess.Popen[Any]) -> Left:
    """SIGKILL for a process and nothing that it started, which is given."""
    os.kill(process.pid, signal.SIGSTOP)
    started = {pid: _started(pid) for pid in descendants(process.pid)[1:]}
    process.kill()
    process.wait(timeout=10)
    return Left({pid: when for pid, when in started.items() if when})


def _started(pid: int) -> str:
    """When a process was started; empty for one that is gone, or dead and not yet buried."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if told[0] in "ZX" else told[19]


def kill(process: subprocess.Popen[Any]) -> None:
    """SIGKILL for a process and all that it started, whatever they are doing."""
    with contextlib.suppress(ProcessLookupError):  # it had ended by itself
        os.kill(process.pid, signal.SIGSTOP)
    for pid in descendants(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(timeout=10)
