# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a run ends with the session in which it was started."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.processes import ON_A_TERMINAL, in_a_session

ASK = """
from ansible_collections.bt_ops.pra.plugins.plugin_utils._session import what_it_hangs_on
print(f"<{what_it_hangs_on()}>")
"""
PYTHON = [sys.executable, "-c", ASK]
OVER_SSH = {"SSH_CONNECTION": "192.0.2.7 50022 192.0.2.1 22"}
ENDS = [
    pytest.param([*ON_A_TERMINAL, *PYTHON], OVER_SSH, True, id="over SSH"),
    pytest.param([*ON_A_TERMINAL, *PYTHON], {}, False, id="at the machine"),
    pytest.param([*ON_A_TERMINAL, *PYTHON], {**OVER_SSH, "TMUX": "/tmp/t,1,0"}, False, id="in tmux"),
    pytest.param([*ON_A_TERMINAL, *PYTHON], {**OVER_SSH, "STY": "1.pts"}, False, id="in screen"),
    pytest.param(
        [*ON_A_TERMINAL, "sh", "-c", 'trap "" HUP; exec "$@"', "sh", *PYTHON], OVER_SSH, False, id="with nohup"
    ),
    pytest.param([*ON_A_TERMINAL, "setsid", "--wait", *PYTHON], OVER_SSH, False, id="without a terminal"),
]


@pytest.mark.parametrize(("command", "variables", "ends"), ENDS)
def test_what_a_run_ends_with(command: list[str], variables: dict[str, str], ends: bool) -> None:
    done = subprocess.run(
        command, env=in_a_session(os.environ, **variables), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=30, check=True,
    )
    assert ("which comes from 192.0.2.7." in done.stdout) == ends
    assert ends or "<>" in done.stdout
