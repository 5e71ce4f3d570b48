# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Loaded by every Python of a run that is to be hurried: waits and time-outs pass FAULTS_HURRY times as fast.

A wait of minutes for a box that does nothing is part of many points. The time of day is left alone. Memory is not
looked through for what could be freed, which is a fifth of what such a short run computes; nothing else differs. On
SIGUSR2 a process adds to the file FAULTS_STACKS what each of its threads is doing.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import select
import signal
import socket
import time

gc.disable()
if "FAULTS_STACKS" in os.environ:
    faulthandler.register(signal.SIGUSR2, open(os.environ["FAULTS_STACKS"], "a"))  # noqa: SIM115 - for the whole run
# Shorter ones are left alone: whoever sleeps so briefly looks again and again, and must not do so more often.
SHORTEST = 0.15
_times = float(os.environ.get("FAULTS_HURRY", "1"))
_monotonic = time.monotonic
_settimeout, _gettimeout = socket.socket.settimeout, socket.socket.gettimeout


def _sleep_less(seconds: float) -> None:
    # By `select`: a library that makes the time of day jump refuses some sleeps.
    select.select((), (), (), max(seconds / _times, min(seconds, SHORTEST)))


def _settimeout_sooner(self: socket.socket, value: float | None) -> None:
    _settimeout(self, value / _times if value else value)


def _gettimeout_as_set(self: socket.socket) -> float | None:
    value = _gettimeout(self)
    return value * _times if value else value


setattr(time, "monotonic", lambda: _monotonic() * _times)  # noqa: B010 - a plain assignment has not their types
setattr(time, "sleep", _sleep_less)  # noqa: B010
setattr(socket.socket, "settimeout", _settimeout_sooner)  # noqa: B010
# What is set from another socket's, as for TLS on top of it, is not hurried twice.
setattr(socket.socket, "gettimeout", _gettimeout_as_set)  # noqa: B010
