# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sites that one ansible-playbook holds: with a heartbeat while it runs, let go at its end.

Each task runs in a process of its own and the next must not find the site free. So the owner is the process that
started them all, and what its tasks took is noted in the run's own temporary folder.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import sys
import threading
import time
from pathlib import Path

from ansible import constants

from ansible_collections.bt_ops.pra.plugins.module_utils import _lock
from ansible_collections.bt_ops.pra.plugins.plugin_utils._interrupted import what_is_open
from ansible_collections.bt_ops.pra.plugins.plugin_utils._session import what_it_hangs_on

# The process that starts the tasks, noted while it is certainly alive.
_RUN = _lock.this_run(os.getpid())
_BEGAN = time.time()
# Asked of the process that starts the tasks: those have no terminal.
_HANGS_ON = what_it_hangs_on()
_ENDED = threading.Event()
# A task's process must not be forked off in the middle of a heartbeat: what this thread holds would never be let go.
_BEATING = threading.Lock()


class Noted(_lock.Held):
    """Sites that tasks of this run took, known to all of them."""

    def __init__(self) -> None:
        super().__init__(_HANGS_ON)

    def add(self, folder: str) -> None:
        """Note it for the tasks that come and for the process that started this one."""
        notes = _notes()
        notes.mkdir(mode=0o700, parents=True, exist_ok=True)
        (notes / hashlib.sha256(folder.encode()).hexdigest()).write_text(folder, encoding="utf-8")

    def all(self) -> set[str]:
        """Every site that this run has."""
        found: set[str] = set()
        with contextlib.suppress(OSError):
            found = {note.read_text(encoding="utf-8") for note in _notes().iterdir()}
        return found


def owner() -> _lock.Owner:
    """The run that all tasks of this ansible-playbook belong to."""
    return _RUN


def is_alive() -> bool:
    """Whether the process that started the tasks is; asked by a task, which is its child as long as it is."""
    return os.getppid() == _RUN.pid or _RUN.is_alive


def _notes() -> Path:
    return Path(constants.DEFAULT_LOCAL_TMP) / "bt_ops_pra_sites"


def _beat() -> None:
    while not _ENDED.wait(_lock.BEAT_SECONDS):
        with _BEATING:
            for folder in Noted().all():
                _lock.beat(folder, owner())


_HEART = threading.Thread(target=_beat, daemon=True, name="bt_ops.pra heartbeat")


def _let_go() -> None:
    if os.getpid() == _RUN.pid:
        _ENDED.set()
        for folder in Noted().all():
            told = what_is_open(folder, _BEGAN)
            if told:
                print(f"\n{told}", file=sys.stderr, flush=True)
            _lock.release(folder, owner())


def register() -> None:
    """Have the heartbeat, once, and the sites let go when this process ends."""
    if not _HEART.is_alive():
        atexit.register(_let_go)
        os.register_at_fork(
            before=_BEATING.acquire, after_in_parent=_BEATING.release, after_in_child=_BEATING.release
        )
        _HEART.start()
