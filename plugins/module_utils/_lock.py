# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run at a time works on a site, and one act at a time is done on its boxes (C7, T3, T12).

Two files in the site's run folder, which may lie on storage that several controllers share. ``owner.json`` tells which
run holds the site; the time at which it was last written is the owner's heartbeat. ``site.lock`` is locked for the
system while an act is done, and while it is decided who holds the site.
"""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import hashlib
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, DeadlinePassed, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._files import private_folder, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal, now_text
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, spell, wait_until

OWNER, GUARD = "owner.json", "site.lock"
# Seconds between two heartbeats; without one for so long a run on another machine counts as dead, and may be replaced
# by a person who gives a name.
BEAT_SECONDS = 10.0
DEAD_SECONDS = 180.0
SILENT_SECONDS = 30.0
# How long the end of an act that this run did not begin in this task is waited for: as long as a cut-over is finished
# by its watchdog.
ACT_SECONDS = 150.0


@dataclass(frozen=True)
class Owner:
    """A run: one process on one machine, from its start to its end; `started` tells it from a later one of its id."""

    user: str
    host: str
    machine: str
    pid: int
    started: str
    taken: str = ""

    @property
    def run(self) -> str:
        """A short name of the run, the same for all its tasks."""
        return hashlib.sha256(f"{self.machine} {self.pid} {self.started}".encode()).hexdigest()[:12]

    @property
    def is_here(self) -> bool:
        """Whether it runs, or ran, on this machine, so that its process can be looked for."""
        return self.machine == _machine()

    @property
    def is_alive(self) -> bool:
        """Whether its process is there; asked only of one that is here."""
        return _started(self.pid) == self.started

    def __str__(self) -> str:
        return f"the run {self.run} of {self.user} on {self.host} (process {self.pid})"


def this_run(pid: int) -> Owner:
    """The run that a process of this machine is."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return Owner(user, socket.gethostname(), _machine(), pid, _started(pid))


def _machine() -> str:
    """What tells one set of process ids from another: a machine since its start, and a container on it."""
    try:
        booted = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{booted} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def _started(pid: int) -> str:
    """When a process was started, as the system counts; empty where it is gone, or is dead and not yet buried."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return _started_without_proc(pid)
    return "" if told[0] in "ZX" else told[19]


def _started_without_proc(pid: int) -> str:
    if Path("/proc/self/stat").exists():
        return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "running"
    return "running"


class SiteLock:
    """The hold of one run on one site.

    :param take_over: name of the person who says that the run that holds the site is dead.
    :param held: the run folders that this run holds, for whoever lets go of them at its end.
    """

    def __init__(self, run_dir: str, owner: Owner, take_over: str = "", held: Held | None = None) -> None:
        self._folder = Path(run_dir) if run_dir else None
        self._owner = owner
        self._take_over = take_over
        self._held = held or Held()
        self._descriptor: int | None = None
        self._doing = ""

    @property
    def descriptor(self) -> int | None:
        """What the lock for the system hangs on while an act is done; who has it open keeps others from acting."""
        return self._descriptor

    def hold(self, say: Callable[[str], None]) -> None:
        """Have the site, from now to the end of the run.

        :raises Refused: another run has it.
        """
        if self._folder is not None and self._descriptor is None:
            with self._guarded(self._folder, say) as guard:
                self._settle(self._folder, say)
                guard.truncate(0)

    @contextmanager
    def acting(self, box: str, sentence: str, say: Callable[[str], None]) -> Iterator[None]:
        """Have the site, and be the only one that does anything to its boxes meanwhile.

        :raises Refused: another run has it, or another act does not end.
        """
        if self._folder is None or self._descriptor is not None:
            yield
            return
        with self._guarded(self._folder, say) as guard:
            self._settle(self._folder, say)
            self._descriptor, self._doing = guard.fileno(), f"{box}: {sentence}"
            try:
                self.tell()
                yield
            finally:
                self._descriptor = None
                guard.truncate(0)

    def tell(self) -> None:
        """Write down what is being done, for whoever has to wait for it, and that this process does it."""
        if self._descriptor is not None:
            told = f"{self._doing} (process {os.getpid()} on {self._owner.host})".encode()
            os.ftruncate(self._descriptor, os.pwrite(self._descriptor, told, 0))

    @contextmanager
    def _guarded(self, folder: Path, say: Callable[[str], None]) -> Iterator[Any]:
        private_folder(str(folder))
        path = folder / GUARD
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(path, error) from None
        with os.fdopen(descriptor, "r+b") as file:
            if not _locked(file, path):
                self._refuse_living(folder, _read(folder))
                self._await(folder, file, path, say)
            yield file

    def _await(self, folder: Path, file: Any, path: Path, say: Callable[[str], None]) -> None:
        """Wait for the end of an act that no other living run does: one of this run, or a dead one's watchdog."""

        def look() -> Look[bool]:
            done = _locked(file, path)
            return Look(_told(path) or "something is being done", True if done else None)

        try:
            wait_until(f"other work on {folder.name}", look, Patience(30, ACT_SECONDS), say, guide=("G23",))
        except DeadlinePassed as error:
            raise Refused(
                f"Something else is being done to the boxes of {folder.name}: {error.facts['last_seen']}",
                advice="The two boxes of a site are never worked on at once; run the same command again afterwards.",
            ) from None

    def _settle(self, folder: Path, say: Callable[[str], None]) -> None:
        """See that this run is the owner, or make it so."""
        now = _read(folder)
        mine = self._held.has(str(folder))
        if now is not None and now.run == self._owner.run:
            return
        if mine:
            raise Refused(
                f"This run had {folder.name}, and now {now or 'nobody'} has it: it was taken over while this one stood"
                " still, or its run folder was moved.",
                advice="Let the other run end, then run the same command again.",
            )
        if now is not None or (folder / OWNER).exists():
            self._replace(folder, now, say)
        if self._held.hangs_on:
            say(self._held.hangs_on)
        self._held.add(str(folder))
        store_json({**asdict(self._owner), "run": self._owner.run, "taken": now_text()}, folder / OWNER)

    def _replace(self, folder: Path, now: Owner | None, say: Callable[[str], None]) -> None:
        """Take the site over from a run that is dead, and tell so."""
        self._refuse_living(folder, now)
        who = str(now) if now is not None else "a run that did not tell its name"
        why, by = "that process has ended", ""
        if now is None or not now.is_here:
            why, by = f"it has shown no sign of life for {spell(_silence(folder))}", self._take_over
        told = f"; {by} says that it is dead." if by else "."
        sentence = f"Took the site {folder.name} over from {who}: {why}{told}"
        say(sentence)
        Journal(str(folder)).write("takeover", sentence, by=by, run=self._owner.run)

    def _refuse_living(self, folder: Path, now: Owner | None) -> None:
        """Stop where another run is, or may be, alive."""
        if now is None and not (folder / OWNER).exists():
            return
        if now is not None and (now.run == self._owner.run or (now.is_here and not now.is_alive)):
            return
        silent = _silence(folder)
        if now is not None and now.is_here:
            advice = f"Let it end, or end process {now.pid}; then run the same command again."
        elif silent >= DEAD_SECONDS or (self._take_over and silent >= SILENT_SECONDS):
            return
        else:
            advice = (
                f"Let it end. If it is dead: it is taken over by itself {spell(DEAD_SECONDS)} after its last sign of"
                f" life, or after {spell(SILENT_SECONDS)} by a person who gives a name in bt_take_over."
            )
        who = str(now) if now is not None else "a run that did not tell its name"
        since = f" since {now.taken}" if now is not None and now.taken else ""
        raise Refused(
            f"{who[0].upper()}{who[1:]} has worked on {folder.name}{since}; its last sign of life is"
            f" {spell(silent)} old.",
            advice=advice,
            owner=asdict(now) if now is not None else {},
        )


class Held:
    """The run folders that a run holds.

    :param hangs_on: what would end the run, to be told when it takes a site; empty where that is nothing.
    """

    def __init__(self, hangs_on: str = "") -> None:
        self._folders: set[str] = set()
        self.hangs_on = hangs_on

    def add(self, folder: str) -> None:
        """This run has it from now on."""
        self._folders.add(folder)

    def has(self, folder: str) -> bool:
        """Whether this run got it, by this task or one before."""
        return folder in self.all()

    def all(self) -> set[str]:
        """Every one of them."""
        return self._folders


def beat(folder: str, owner: Owner) -> None:
    """Show that the owner lives, where it still is the owner."""
    with contextlib.suppress(OSError):
        now = _read(Path(folder))
        if now is not None and now.run == owner.run:
            os.utime(Path(folder) / OWNER)


def release(folder: str, owner: Owner) -> None:
    """Let go of the site, where the run still has it."""
    now = _read(Path(folder))
    if now is not None and now.run == owner.run:
        with contextlib.suppress(OSError):
            (Path(folder) / OWNER).unlink()


def _locked(file: Any, path: Path) -> bool:
    """Lock the file for the system if nobody else has."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise _unusable(path, error) from None
    return True


def _unusable(path: Path, error: OSError) -> BadInput:
    return BadInput(
        f"The lock {path} cannot be used: {error.strerror}.",
        state="Nothing was changed.",
        advice="The run folder (bt_run_dir) must be on storage that can be written to and knows locks.",
    )


def _read(folder: Path) -> Owner | None:
    """Who holds the site; None where nobody does, or nobody who can be understood."""
    try:
        told = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        return Owner(**{name: told[name] for name in ("user", "host", "machine", "pid", "started", "taken")})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _told(path: Path) -> str:
    """What is being done, in the words of whoever does it."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _silence(folder: Path) -> float:
    """Seconds since the owner's last heartbeat, by the clock of the storage: those of two controllers may differ."""
    probe = folder / f"{OWNER}.{os.getpid()}"
    try:
        probe.touch(mode=0o600)
        now = probe.stat().st_mtime
        return max(0.0, now - (folder / OWNER).stat().st_mtime)
    except OSError:
        return 0.0
    finally:
        probe.unlink(missing_ok=True)
