# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the failover page tells of the last data sync, in whatever words: its time, and that it failed."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._web._failover_page import read_failover, verdict
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

GOOD = "The last data-sync was successfully completed at 10:03 AM."
GOED = "De laatste gegevenssynchronisatie is voltooid op 10:03."
HEADINGS = {"en": "Primary Site Instance Status", "nl": "Status primaire site-instantie"}
HISTORY = "<table><tr><td>10:03<td>Data-sync completed.<tr><td>9:00<td>Data-sync failed.</table>"


@pytest.mark.parametrize(
    ("language", "body", "time", "good", "failure"),
    [
        ("en", f"<p>{GOOD}</p>", "10:03 AM", True, ""),
        ("en", f"{HISTORY}<p>{GOOD}</p>", "10:03 AM", True, "Data-sync failed."),
        ("en", "<dl><dt>Last sync</dt><dd>10:03</dd></dl>", "10:03", True, ""),
        ("en", "<p>Last sync failed: connection refused</p>", "", False, "Last sync failed: connection refused"),
        ("en", "<p>Last sync: failed, connection refused</p>", "", False, "failed, connection refused"),
        ("en", f"{HISTORY}<p>Last sync failed at 10:09.</p>", "", False, "Last sync failed at 10:09."),
        ("en", "<p>Synchronisation error</p>", "", False, "Synchronisation error"),
        ("en", f"<p>{GOOD}</p><p>Synchronisation error</p>", "10:03 AM", True, "Synchronisation error"),
        ("nl", f"<p>{GOED}</p>", "10:03", True, ""),
        ("nl", "<p>Laatste synchronisatie mislukt</p>", "", False, "Laatste synchronisatie mislukt"),
        ("nl", "<p>Synchronisatiefout: time-out</p>", "", False, "Synchronisatiefout: time-out"),
    ],
)  # fmt: skip
def test_last_sync(language: str, body: str, time: str, good: bool, failure: str) -> None:
    button = {"en": "Become Backup", "nl": "Back-up worden"}[language]
    source = f"<html lang={language}><h1>Failover</h1><h2>{HEADINGS[language]}</h2>{body}<form><button>{button}"
    page = read_failover(Page(source.encode(), url="https://box/login/f", words=Words(language, {})))
    assert (page.last_sync, verdict(page.last_sync_status), page.failure) == (time, good, failure)
    assert bool(page.complaints) == bool(failure) or failure == "failed, connection refused"


@pytest.mark.parametrize(
    ("status", "good"),
    [
        ("success", True), ("OK", True), ("Completed", True), ("Geslaagd", True), ("connection broken", None),
        ("failed: no peer", False), ("Connection refused", False), ("timed out", False), ("incomplete", False),
        ("did not succeed", False), ("Mislukt", False), ("verbinding geweigerd", False), ("afgebroken", False),
        ("niet voltooid", False), ("", None), ("running", None),
    ],
)  # fmt: skip
def test_status(status: str, good: bool | None) -> None:
    assert verdict(status) is good
