# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finding and ending the process that serves from a folder. Needs nothing but the standard library, so it is quick."""

from __future__ import annotations

import json
import os
import select
import signal
from pathlib import Path

FACTS = "simbox.json"
STOP_SECONDS = 10.0


def running(folder: Path) -> int | None:
    """A handle (pidfd) of the process that serves from `folder`, which the caller closes; None when there is none."""
    try:
        pid = int(json.loads((folder / FACTS).read_text())["pid"])
        handle = os.pidfd_open(pid)
    except (OSError, ValueError, KeyError):
        return None
    try:
        # Opened first, looked at second: the number cannot pass to another process in between.
        if b"simbox" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def stop(folder: Path) -> bool:
    """End the process that serves from `folder` and wait for its end; False when there is none."""
    handle = running(folder)
    if handle is None:
        return False
    try:
        signal.pidfd_send_signal(handle, signal.SIGTERM)
        ended = select.select([handle], [], [], STOP_SECONDS)[0]
        if not ended:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    finally:
        os.close(handle)
    return True
