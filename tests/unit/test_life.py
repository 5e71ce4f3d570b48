# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A task and its run: without it no act is begun, no process stays, and what is being switched is switched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _life
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import RunEnded
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._life import leave_the_dead, require_run, uninterrupted

# A task whose run is dead, and which looks for it a hundred times as often as usual.
DEAD = """
import os, sys, time
from ansible_collections.bt_ops.pra.plugins.module_utils import _life

_life.LOOK_SECONDS = 0.01
_life.follow(lambda: False)
"""


@pytest.fixture
def dead() -> Iterator[None]:
    """This process is a task's, and the run is dead."""
    _life._RUN.is_alive = lambda: False
    yield
    _life._RUN.forget()


def ended(task: str) -> tuple[int, str]:
    """How a process with a dead run ended, and what it said."""
    done = subprocess.run([sys.executable, "-c", DEAD + task], timeout=30, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_task_that_does_not_look_for_its_dead_run_is_ended() -> None:
    assert ended("os.read(os.pipe()[0], 1)") == (1, "")


def test_a_task_has_time_to_end_by_itself() -> None:
    assert ended("time.sleep(0.03); os._exit(7)") == (7, "")


def test_what_is_switched_is_switched_to_its_end_and_then_told() -> None:
    switch = """
_life._RUN.is_alive = lambda: True
with _life.uninterrupted():
    _life._RUN.is_alive = lambda: False
    time.sleep(0.5)
    _life.require_run()
    print("switched", flush=True)
time.sleep(0.03)
print("told", flush=True)
os.read(os.pipe()[0], 1)
"""
    assert ended(switch) == (1, "switched\ntold\n")


def test_what_was_split_off_from_a_task_does_not_end_with_its_run() -> None:
    split = """
if os.fork() == 0:
    time.sleep(0.5)
    _life.require_run()
    print("alive", flush=True)
    os._exit(0)
os.wait()
"""
    # The parent is ended first; its output is open until the child has ended.
    assert ended(split) == (1, "alive\n")


@pytest.mark.usefixtures("dead")
def test_a_dead_run_begins_no_act_and_no_switch(tmp_path: Path) -> None:
    context = Context(journal=Journal(str(tmp_path)))
    with pytest.raises(RunEnded), context.act("box-a", "install", "Installed something on box-a."):
        raise AssertionError
    with pytest.raises(RunEnded), uninterrupted():
        raise AssertionError
    assert context.journal.records() == []


def test_an_act_that_its_run_did_not_outlive_is_asked_for_by_the_next_one(tmp_path: Path) -> None:
    context = Context(journal=Journal(str(tmp_path)))
    with pytest.raises(RunEnded), context.act("box-a", "install", "Installed something on box-a."):
        raise RunEnded("The run has ended.")
    told = context.journal.records()[-1]
    assert (told["kind"], told["result"], told["error"]) == ("outcome", "unknown", "run_ended")
    assert context.journal.open_act("box-a", "install") is not None


def test_only_a_task_of_a_dead_run_leaves_without_a_result() -> None:
    leave_the_dead()
    require_run()
    assert ended("_life.leave_the_dead(); print('a result')") == (1, "")
