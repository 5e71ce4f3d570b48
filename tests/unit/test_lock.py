# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may work on a site: one run at a time, a dead one is replaced, a living one never."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _lock
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._lock import Held, Owner, SiteLock, this_run

ME = this_run(os.getpid())
# A process whose heart takes its time forks: what does the child find the heart doing?
FORK_IN_A_BEAT = """
import os, sys, threading, time
from ansible_collections.bt_ops.pra.plugins.module_utils import _lock
from ansible_collections.bt_ops.pra.plugins.plugin_utils import _holding

in_a_beat, ever = [], threading.Event()

def beat(folder, owner):
    in_a_beat.append(folder)
    ever.set()
    time.sleep(0.5)
    in_a_beat.clear()

_lock.BEAT_SECONDS, _lock.beat = 0.01, beat
_holding.Noted.all = lambda self: {"a folder"}
_holding.register()
ever.wait()
child = os.fork()
if child == 0:
    os._exit(len(in_a_beat))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    """The run folder of a site, not there yet."""
    return tmp_path / "runs" / "access"


@pytest.fixture(name="neighbour")
def _neighbour() -> Iterator[Owner]:
    """Another run on this machine, alive."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield this_run(process.pid)
    process.kill()
    process.wait(timeout=10)


def elsewhere(pid: int = 4711) -> Owner:
    """A run on another machine."""
    return Owner("jane", "deploy-2", "another machine", pid, "123")


def hold(site: Path, owner: Owner = ME, take_over: str = "", held: Held | None = None) -> list[str]:
    """Have a run hold the site; gives what it printed."""
    said: list[str] = []
    SiteLock(str(site), owner, take_over, held).hold(said.append)
    return said


def silent_for(site: Path, seconds: float) -> None:
    """Put the owner's last heartbeat back."""
    then = time.time() - seconds
    os.utime(site / "owner.json", (then, then))


def test_a_site_is_held_until_it_is_let_go(site: Path) -> None:
    assert hold(site) == []
    assert hold(site) == []  # by the same run, in another task
    assert (site / "owner.json").stat().st_mode & 0o777 == 0o600
    told = json.loads((site / "owner.json").read_text())
    assert (told["pid"], told["run"], told["host"]) == (os.getpid(), ME.run, ME.host)
    _lock.release(str(site), ME)
    assert not (site / "owner.json").exists()


def test_a_living_run_on_this_machine_is_never_replaced(site: Path, neighbour: Owner) -> None:
    hold(site, neighbour)
    silent_for(site, 9000)
    who = rf"of {neighbour.user} on {neighbour.host} \(process {neighbour.pid}\)"
    with pytest.raises(Refused, match=who) as caught:
        hold(site, take_over="Jane Doe")
    assert "Nothing was changed." in str(caught.value)
    assert f"end process {neighbour.pid}" in str(caught.value)
    assert caught.value.facts["owner"]["pid"] == neighbour.pid


def test_a_run_whose_process_has_ended_is_replaced_at_once_and_that_is_told(site: Path, neighbour: Owner) -> None:
    hold(site, neighbour)
    os.kill(neighbour.pid, 9)
    deadline = time.monotonic() + 5
    while neighbour.is_alive and time.monotonic() < deadline:
        time.sleep(0.01)
    (said,) = hold(site)
    assert f"process {neighbour.pid}" in said
    assert "that process has ended" in said
    assert [record["kind"] for record in Journal(str(site)).records()] == ["takeover"]


def test_an_id_that_another_process_has_now_is_a_run_that_has_ended(site: Path) -> None:
    hold(site, replace(ME, started="1"))
    assert "has ended" in hold(site)[0]


@pytest.mark.parametrize(
    ("silent", "take_over", "taken"),
    [(5, "", False), (5, "Jane Doe", False), (60, "", False), (60, "Jane Doe", True), (200, "", True)],
)
def test_a_run_on_another_machine(site: Path, silent: int, take_over: str, taken: bool) -> None:
    hold(site, elsewhere())
    silent_for(site, silent)
    if not taken:
        with pytest.raises(Refused, match=r"of jane on deploy-2 .*sign of life is .* s old\.") as caught:
            hold(site, take_over=take_over)
        assert "bt_take_over" in str(caught.value)
        return
    (said,) = hold(site, take_over=take_over)
    assert said.endswith("Jane Doe says that it is dead." if take_over else " s.")
    assert json.loads((site / "owner.json").read_text())["run"] == ME.run
    assert Journal(str(site)).records()[0].get("by", "") == take_over


def test_an_owner_that_cannot_be_read_is_one_on_another_machine(site: Path) -> None:
    hold(site)
    (site / "owner.json").write_text("{")
    with pytest.raises(Refused, match="A run that did not tell its name"):
        hold(site)
    silent_for(site, 200)
    assert "did not tell its name" in hold(site)[0]


def test_a_heartbeat_is_the_owners_only(site: Path) -> None:
    hold(site, elsewhere())
    silent_for(site, 100)
    before = (site / "owner.json").stat().st_mtime
    _lock.beat(str(site), ME)
    assert (site / "owner.json").stat().st_mtime == before
    _lock.beat(str(site), elsewhere())
    assert (site / "owner.json").stat().st_mtime > before + 90


def test_a_run_that_was_replaced_does_nothing_any_more(site: Path) -> None:
    held = Held()
    hold(site, elsewhere(), held=held)
    silent_for(site, 200)
    hold(site)
    for _time in range(2):  # and not either when the other has ended
        with pytest.raises(Refused, match="it was taken over while this one stood still"):
            hold(site, elsewhere(), held=held)
        _lock.release(str(site), ME)
    _lock.release(str(site), elsewhere())


def test_two_acts_of_one_run_are_done_one_after_the_other(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_lock, "ACT_SECONDS", 0.3)
    one, two = (SiteLock(str(site), ME) for _each in range(2))
    said: list[str] = []
    with (
        one.acting("box-a", "Enabled something on box-a.", said.append),
        one.acting("box-a", "And what belongs to it.", said.append),
        pytest.raises(Refused, match=rf"box-a: Enabled something on box-a\. \(process {os.getpid()} on {ME.host}\)"),
        two.acting("box-b", "Enabled something on box-b.", said.append),
    ):
        raise AssertionError
    with two.acting("box-b", "Enabled something on box-b.", said.append):
        pass


def test_a_process_that_goes_on_with_an_act_is_the_one_that_is_told(site: Path) -> None:
    lock = SiteLock(str(site), ME)
    with lock.acting("box-a", "Enabled something on box-a.", print):
        watchdog = os.fork()
        if watchdog == 0:
            lock.tell()
            os._exit(0)
        os.waitpid(watchdog, 0)
        told = (site / "site.lock").read_text()
    assert told == f"box-a: Enabled something on box-a. (process {watchdog} on {ME.host})"
    assert (site / "site.lock").read_text() == ""


def test_no_task_is_forked_off_in_the_middle_of_a_heartbeat() -> None:
    """Whatever lock the heart held then would be held in the task's process for ever."""
    done = subprocess.run([sys.executable, "-c", FORK_IN_A_BEAT], timeout=30, check=False)
    assert done.returncode == 0


def test_without_a_run_folder_nothing_is_held() -> None:
    lock = SiteLock("", ME)
    lock.hold(print)
    with lock.acting("box-a", "Something.", print):
        pass


def test_a_folder_that_cannot_be_written_to(site: Path) -> None:
    site.mkdir(parents=True)
    (site / "site.lock").mkdir()
    with pytest.raises(BadInput, match="cannot be used: Is a directory"):
        hold(site)
