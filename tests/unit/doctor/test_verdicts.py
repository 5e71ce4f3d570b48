# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The verdict on each procedure, out of findings alone, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import (
    CAPABILITIES,
    Finding,
    Report,
    State,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import (
    PROCEDURES,
    Question,
    judge,
    needs,
    verdicts,
)

SHARED = Question(cutover="shared_ip", shared_ip="192.0.2.10")


def report(role: str | None = "primary", facts: dict[str, Any] | None = None, **states: State) -> Report:
    """A box on which everything is ready but what is named."""
    found = Report("box-a", "box-a.example.com", facts={"failover_role": role, **(facts or {})})
    for name in CAPABILITIES:
        state = states.get(name, "ready")
        found.add(Finding(name, state, told=f"why {name}" if state == "not_ready" else ""))
    return found


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_everything_ready(procedure: str) -> None:
    role = "primary" if procedure in ("sync_upgrade", "async_upgrade") else "none"
    verdict = judge(procedure, report(role), SHARED)
    assert (verdict.state, verdict.sentence) == ("ready", f"{PROCEDURES[procedure]}: ready")


@pytest.mark.parametrize(
    ("states", "state", "sentence"),
    [
        (
            {"shared_ip": "by_hand"},
            "by_hand",
            "ready; one step by hand: shared IP; guided with bt_manual_steps: [shared_ip]",
        ),
        (
            {"sync": "by_hand", "break": "by_hand"},
            "by_hand",
            "ready; 2 steps by hand: data sync, breaking failover; guided with bt_manual_steps: [sync, break]",
        ),
        (
            {"install": "by_hand", "licence": "by_hand"},
            "by_hand",
            (
                "ready; 2 steps by hand: install an update, licence agreement;"
                " guided with bt_manual_steps: [install]"
            ),
        ),
        (
            {"licence": "by_hand"},
            "by_hand",
            "ready; one step by hand: licence agreement",
        ),
        (
            {"basics": "by_hand", "sync": "by_hand"},
            "by_hand",
            (
                "ready; 2 steps by hand: base software, serial number and clock, data sync;"
                " guided with bt_manual_steps: all"
            ),
        ),
        ({"establish": "unseen", "licence": "unseen"}, "ready", "ready; not to be seen yet: establishing failover"),
        ({"clients": "by_hand"}, "ready", "ready; left to people: Jump Clients: who is back"),
        ({"clients": "not_ready"}, "ready", "ready; left to people: Jump Clients: who is back"),
        ({"restore": "not_ready", "upload": "by_hand", "client_limit": "not_ready"}, "ready", "ready"),
        ({"sync": "not_ready"}, "not_ready", "not ready: why sync (data sync)"),
        ({"sync": "not_ready", "shared_ip": "by_hand"}, "not_ready", "not ready: why sync (data sync)"),
    ],
)
def test_asynchronous_upgrade(states: dict[str, State], state: str, sentence: str) -> None:
    verdict = judge("async_upgrade", report(**states), SHARED)
    assert (verdict.state, verdict.sentence) == (state, f"asynchronous upgrade: {sentence}")


def test_one_reason_is_told_once() -> None:
    found = report()
    for name in ("sync", "break"):
        found.add(Finding(name, "not_ready", told="the account is refused."))
    assert judge("sync_upgrade", found, Question()).missing == (
        "the account is refused (data sync, breaking failover)",
    )


@pytest.mark.parametrize(
    ("procedure", "role", "question", "reason"),
    [
        ("async_upgrade", "none", Question(), "the box is in no failover relationship"),
        ("async_upgrade", "none", Question(begun=True), ""),
        ("async_upgrade", None, Question(), ""),
        ("async_upgrade", "backup", Question(cutover="shared_ip"), "no shared IP is named (bt_shared_ip)"),
        ("sync_upgrade", "backup", Question(cutover="shared_ip"), ""),
        ("single_upgrade", "primary", Question(), "the box is the primary of a failover pair"),
        ("factory_reset", "backup", Question(), "the box is the backup of a failover pair"),
        ("migration_new", "primary", Question(), "the box is the primary of a failover pair"),
        ("migration_old", "primary", Question(), ""),
    ],
)
def test_role(procedure: str, role: str | None, question: Question, reason: str) -> None:
    assert judge(procedure, report(role), question).missing == ((reason,) if reason else ())


def test_site_certificate_stops_upgrades_only() -> None:
    found = report(facts={"site_certificate": "it is for another name"})
    assert judge("async_upgrade", found, SHARED).missing == ("it is for another name",)
    assert judge("migration_old", found, SHARED).state == "ready"


def test_troubles_stop_everything() -> None:
    found = report()
    found.troubles.append("the clock is wrong")
    assert {verdict.state for verdict in verdicts(found, SHARED)} == {"not_ready"}
    assert len(verdicts(found, SHARED)) == len(PROCEDURES)


@pytest.mark.parametrize(
    ("question", "has", "has_not"),
    [
        (Question(), "check", "shared_ip"),
        (Question(update_source="package"), "upload", "check"),
        (SHARED, "shared_ip", "client_limit"),
        (Question(client_limit=True), "client_limit", "restore"),
    ],
)
def test_what_is_needed(question: Question, has: str, has_not: str) -> None:
    wanted = needs("async_upgrade", question)
    assert has in wanted
    assert has_not not in wanted


def test_every_capability_is_needed_by_some_procedure() -> None:
    wide = Question(cutover="shared_ip", client_limit=True)
    assert {name for procedure in PROCEDURES for name in needs(procedure, wide)} == set(CAPABILITIES)


def test_no_box_has_no_findings() -> None:
    nothing = Report("x", "x", is_box=False, what="no such box", troubles=["no such box"])
    for verdict in verdicts(nothing, SHARED):
        assert verdict.sentence == f"{PROCEDURES[verdict.procedure]}: not ready: no such box"
