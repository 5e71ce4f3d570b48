# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The session that a run is started in: does the run end with it, and may it lead through the site itself (C8)?

A session that the product carries looks to the controller like any other: over SSH it comes from the Jumpoint. So the
person is told where it comes from, and knows.
"""

from __future__ import annotations

import os
import signal

# Set in the sessions of programs that keep what runs in them when the connection is lost: screen, tmux, Zellij.
KEEPERS = ("STY", "TMUX", "ZELLIJ")


def what_it_hangs_on() -> str:
    """What ends this process when it is cut off, as a sentence with what to do; empty where nothing does."""
    client = os.environ.get("SSH_CONNECTION", "").partition(" ")[0]
    kept = any(os.environ.get(name) for name in KEEPERS) or signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    if not client or kept or not _has_terminal():
        return ""
    return (
        f"this run ends with its SSH session, which comes from {client}. If that leads through the site itself (is it a"
        " Jumpoint?), it is cut off when the site goes away: rather start the run in tmux or screen, or with nohup."
        " After a cut give the same command again"
    )


def _has_terminal() -> bool:
    """Whether this process has a terminal that can hang up."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True
