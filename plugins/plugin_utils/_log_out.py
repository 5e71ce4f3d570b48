# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""At the end of a run the sessions that its tasks shared are ended on the boxes, as a person logs out."""

from __future__ import annotations

import atexit
import os

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge
from ansible_collections.bt_ops.pra.plugins.plugin_utils._memory import EncryptedMemory

_LOADED_BY = os.getpid()


def log_out_everywhere() -> None:
    """End every session that is still open; only the process that started the tasks does it."""
    if os.getpid() == _LOADED_BY:
        memory = EncryptedMemory()
        _edge.end_sessions(memory.everything(), memory)


def register() -> None:
    """Have that done, once, when this process ends."""
    atexit.unregister(log_out_everywhere)
    atexit.register(log_out_everywhere)
