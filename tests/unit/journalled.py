# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run as its journal tells it, written at times of the test's own."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _journal
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal

START = datetime.datetime(2026, 11, 24, 22, 0, 0, tzinfo=datetime.UTC)
FACTS = [
    {
        "box": name,
        "product_version": "24.3.1",
        "base_version": "7.1.0",
        "healthy": True,
        "failover_role": role,
        "enabled_shared_ips": ips,
        "last_sync": "2026-11-24T23:10:00Z",
    }
    for name, role, ips in (("box-a", "backup", []), ("box-b", "primary", ["192.0.2.10"]))
]


class Operator:
    """Writes the journal of a run, at times that go on by as much as the test says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run_dir = str(folder / "access")
        self.time = START
        self.said: list[str] = []
        self.journal = Journal(self.run_dir)
        monkeypatch.setattr(_journal, "now_text", self.now)

    def now(self) -> str:
        """The time as the journal writes it."""
        return self.time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def context(self, phase: str = "", check_mode: bool = False) -> Context:
        """One call of a module."""
        return Context(check_mode=check_mode, journal=self.journal, phase=phase, say=self.said.append)

    def act(self, phase: str, box: str, act: str, seconds: float, error: BtError | None = None, **details: Any) -> None:
        """One act that takes that long, and ends well or with the error."""
        try:
            with self.context(phase).act(box, act, f"Did {act} on {box}.", **details):
                self.time += datetime.timedelta(seconds=seconds)
                if error is not None:
                    raise error
        except BtError:
            return

    def backup(self, phase: str, box: str, base: str = "7.0.1") -> None:
        """A backup and the record of it."""
        self.act(phase, box, "backup", 2)
        path = f"{self.run_dir}/backups/{box}-{base}.nsb"
        details = {"path": path, "sha256": "ab12" * 16, "product_version": "24.1.2", "base_version": base}
        self.journal.write("backup", "A backup is there.", phase=phase, box=box, taken=self.now(), **details)

    def verify(self, phase: str, box: str, ok: bool = True) -> None:
        """A verification."""
        self.journal.write("verifying", f"Verifying {box}.", box=box, phase=phase)
        self.time += datetime.timedelta(seconds=1)
        checks = [{"name": "health", "ok": ok, "seen": "", "guide": "G26"}]
        self.journal.write("verified", f"Verified {box}.", box=box, phase=phase, checks=checks)

    def update(self, phase: str, box: str) -> None:
        """Base software and product, each after a backup."""
        for number, (kind, text) in enumerate((("base", "7.1.0"), ("product", "24.3.1"))):
            self.backup(phase, box, ("7.0.1", "7.1.0")[number])
            self.act(phase, box, "install", 900, package=kind, version=text)

    def upgrade(self) -> None:
        """A whole asynchronous upgrade."""
        run = {"procedure": "async", "target": "24.3.1", "a": "box-a", "b": "box-b", "phase": "preflight"}
        self.journal.write("run", "box-a is the primary.", **run)
        self.backup("backup", "box-a")
        self.act("sync", "box-a", "synchronise", 60)
        self.journal.write("synchronised", "A data sync completed.", box="box-a", marks=["now"])
        self.act("break", "box-a", "break", 2)
        self.update("update_first", "box-b")
        self.verify("verify_first", "box-b")
        self.act("cutover", "box-b", "cutover", 1, address="192.0.2.10", source="box-a")
        self.journal.write("outage", "The site was away.", phase="cutover", seconds=0.412)
        self.update("update_second", "box-a")
        self.verify("verify_second", "box-a")
        self.act("restore_failover", "box-b", "establish", 5, peer="box-a")
        self.act("restore_failover", "box-b", "synchronise", 60)
