# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where an upgrade of a pair stands: every situation that two boxes and a public name can be in."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._pair import (
    PHASES,
    Memories,
    Plan,
    Serving,
    Side,
    decide,
    if_found,
    result,
    up_to,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

OLD, NEW = Version.wanted("24.1.2", "test"), Version.wanted("24.3.1", "test")
NOTHING, PARTED = Memories(), Memories(parted=True)


def side(name: str, role: str, product: Version | None = OLD, **rest: object) -> Side:
    """A box that is healthy and idle."""
    return Side(**{"name": name, "role": role, "product": product, "base": OLD, "healthy": True, **rest})


def plan(a: Side, b: Side, serving: Serving, memories: Memories = NOTHING, base: Version | None = None) -> Plan:
    """The decision for an upgrade to NEW."""
    return decide(a, b, serving, "the witness", NEW, base, memories)


def a(role: str, product: Version | None = OLD, **rest: object) -> Side:
    """The box that the inventory names as the primary."""
    return side("box-a", role, product, **rest)


def b(role: str, product: Version | None = OLD, **rest: object) -> Side:
    """The box that the inventory names as the backup."""
    return side("box-b", role, product, **rest)


@pytest.mark.parametrize(
    ("one", "other", "serving", "memories", "phase"),
    [
        # Paired, in the order in which an upgrade meets it.
        (a("primary"), b("backup"), "a", NOTHING, "backup"),
        (a("primary"), b("backup"), "a", PARTED, "backup"),
        (a("backup", NEW), b("primary", NEW), "b", NOTHING, "finish"),
        (a("primary", NEW), b("backup", NEW), "a", NOTHING, "finish"),
        (a("backup", NEW), b("primary", NEW), "b", Memories(established=True), "restore_failover"),
        # One was updated while the relationship stood: the other is brought up in the same order.
        (a("primary"), b("backup", NEW), "a", NOTHING, "backup"),
        # Broken on one side only.
        (a("none"), b("backup"), "a", PARTED, "break"),
        (a("primary"), b("none"), "a", PARTED, "break"),
        # In no relationship.
        (a("none"), b("none"), "a", PARTED, "update_first"),
        (a("none"), b("none", NEW), "a", PARTED, "verify_first"),
        (a("none"), b("none", NEW), "nobody", Memories(parted=True, cutting_over=True), "cutover"),
        (a("none"), b("none", NEW), "b", Memories(parted=True, switching=True), "cutover"),
        (a("none"), b("none", NEW), "b", PARTED, "update_second"),
        (a("none", NEW), b("none", NEW), "b", PARTED, "restore_failover"),
        # An install of ours is under way; the box may not even answer.
        (a("none"), b("none", None, reachable=False, installing="product 24.3.1"), "a", PARTED, "update_first"),
        (a("none"), b("none", OLD, installing="base 7.1.0"), "a", PARTED, "update_first"),
        (a("none", None, reachable=False, installing="product 24.3.1"), b("none", NEW), "b", PARTED, "update_second"),
    ],
)
def test_next_phase(one: Side, other: Side, serving: Serving, memories: Memories, phase: str) -> None:
    decided = plan(one, other, serving, memories)
    assert decided.next_phase == phase
    assert "box-" in decided.situation


@pytest.mark.parametrize(
    ("one", "other", "serving", "memories", "words"),
    [
        # Swapped labels (Y1).
        (a("backup"), b("primary"), "b", NOTHING, "The inventory names box-a as the primary"),
        (a("backup"), b("primary", NEW), "b", NOTHING, "Put box-b in bt_primary and box-a in bt_backup"),
        # The witnesses contradict each other.
        (a("primary"), b("backup"), "b", NOTHING, "box-a is the primary, but it is not the box behind"),
        (a("primary"), b("backup"), "nobody", NOTHING, "the witness"),
        (a("primary"), b("backup"), "stranger", NOTHING, "leads to another box"),
        (a("primary", NEW), b("backup", NEW), "b", NOTHING, "not the box behind"),
        # Roles that are none.
        (a("primary"), b("primary"), "a", NOTHING, "do not fit together"),
        (a("backup"), b("backup"), "a", PARTED, "do not fit together"),
        (a("none"), b("backup"), "a", NOTHING, "do not fit together"),
        (a("unknown"), b("backup"), "a", NOTHING, "do not fit together"),
        # In no relationship, and no record of how they came there.
        (a("none"), b("none"), "a", NOTHING, "no record of breaking the pair"),
        (a("none"), b("none", NEW), "a", NOTHING, "changed on box-a since the pair was broken is not on box-b"),
        (a("none"), b("none", NEW), "b", NOTHING, "changed on box-b since the pair was broken is not on box-a"),
        (a("none"), b("none", NEW), "nobody", Memories(cutting_over=True), "no record of breaking the pair"),
        (a("none", NEW), b("none", NEW), "b", Memories(established=True), "no record of breaking the pair"),
        # In no relationship, and not where the order of the upgrade leads.
        (a("none"), b("none"), "b", PARTED, "where no step of this upgrade leads"),
        (a("none"), b("none", NEW), "nobody", PARTED, "nobody answers"),
        (a("none"), b("none", NEW), "stranger", PARTED, "leads to another box"),
        (a("none", NEW), b("none"), "a", PARTED, "where no step of this upgrade leads"),
        (a("none", NEW), b("none", NEW), "a", PARTED, "from the box with the newer data"),
    ],
)
def test_refused(one: Side, other: Side, serving: Serving, memories: Memories, words: str) -> None:
    with pytest.raises(Refused) as caught:
        plan(one, other, serving, memories)
    assert words in str(caught.value)
    assert "Nothing was changed." in str(caught.value)
    assert caught.value.guide


@pytest.mark.parametrize("serving", ["b", "a"])
def test_a_synchronous_upgrade_does_not_go_on_where_b_serves(serving: Serving) -> None:
    boxes = a("none", NEW), b("none")
    if serving == "a":
        assert decide(*boxes, serving, "the witness", NEW, None, PARTED, "sync").next_phase == "verify_first"
        return
    with pytest.raises(Refused, match="box-b serves the site, but in a synchronous upgrade box-a stays the primary"):
        decide(*boxes, serving, "the witness", NEW, None, PARTED, "sync")


def test_every_situation_has_a_phase_or_a_sentence() -> None:
    """And never one in which the site would be upgraded under the feet of its users."""
    roles, products, flags = ("none", "primary", "backup"), (OLD, NEW), (False, True)
    kinds = itertools.product(roles, products, roles, products, get_args(Serving), flags, flags, flags)
    for role_a, at_a, role_b, at_b, serving, *remembered in kinds:
        try:
            decided = plan(a(role_a, at_a), b(role_b, at_b), serving, Memories(*remembered))
        except Refused:
            continue
        assert decided.next_phase in PHASES
        if decided.next_phase == "update_first":
            assert serving == "a"
        if decided.next_phase in ("update_second", "verify_second", "restore_failover"):
            assert at_b == NEW
            assert serving == ("a" if role_a == "primary" else "b")
        if decided.next_phase == "finish":
            assert (at_a, at_b) == (NEW, NEW)


def test_base_software_counts_too() -> None:
    wanted = Version.wanted("24.2", "test")
    assert plan(a("primary", NEW), b("backup", NEW), "a", base=wanted).next_phase == "backup"
    reached = {"base": wanted}
    assert plan(a("primary", NEW, **reached), b("backup", NEW, **reached), "a", base=wanted).next_phase == "finish"
    assert plan(a("primary", NEW, base=None), b("backup", NEW), "a", base=wanted).next_phase == "backup"


@pytest.mark.parametrize(
    ("one", "other", "serving", "phase", "words"),
    [
        (a("primary", NEW), b("backup", NEW), "a", "backup", "If there is one, these phases are run: box-a runs"),
        (a("backup", NEW), b("primary", NEW), "b", "finish", "asks to have box-b put in bt_primary"),
    ],
)
def test_where_nobody_knows_of_an_update_it_is_not_said_that_there_is_none(
    one: Side, other: Side, serving: Serving, phase: str, words: str
) -> None:
    told = if_found(plan(one, other, serving), one, other)
    assert told.next_phase == phase
    assert told.situation.startswith("Whether an update waits is not known.")
    assert words in told.situation
    assert "Nothing to do" not in told.situation
    begun = plan(a("none"), b("none"), "a", PARTED)
    assert if_found(begun, one, other) == begun


def test_phases() -> None:
    decided = plan(a("none"), b("none", NEW), "b", PARTED)
    phases = decided.phases()
    assert list(phases) == list(PHASES)
    assert [phase for phase, state in phases.items() if state == "todo"] == [
        "preflight",
        "update_second",
        "verify_second",
        "restore_failover",
        "finish",
    ]
    assert up_to(decided, "verify_second") == ["preflight", "update_second", "verify_second"]
    assert up_to(decided, "cutover") == ["preflight"]
    told = result(decided, NEW, "finish")
    assert told["todo"] == up_to(decided, "finish")
    assert (told["next_phase"], told["target_version"]) == ("update_second", "24.3.1")
