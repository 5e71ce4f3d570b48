# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A box that cannot be trusted by its certificate gets nothing: no password, no token, not even a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import trustme

from tests.integration.conftest import World

Worlds = Callable[..., World]
A = "box-a.example.test"


def assert_nothing_sent(world: World, reason: str, kind: str = "tls_refused") -> None:
    """The run stops with that reason, and no request has reached box A."""
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert f'"error": "{kind}"' in outcome.out, outcome.out
    assert reason in outcome.out, outcome.out
    assert [entry for entry in world.ask("log") if entry["box"] == A] == []
    assert world.mutations() == []


@pytest.mark.parametrize(
    ("show", "reason"),
    [
        ("stranger", "unable to get local issuer certificate"),
        ("expired", "certificate has expired"),
        ("other_name", "is not valid for"),
    ],
)
def test_somebody_else_at_the_address_of_a_box(worlds: Worlds, show: str, reason: str) -> None:
    world = worlds()
    world.tell("impostor", box=A, show=show)
    assert_nothing_sent(world, reason)
    world.tell("impostor", box=A, show="")
    assert world.play("status").code == 0


def test_tls_that_is_too_old(worlds: Worlds) -> None:
    world = worlds()
    world.tell("impostor", box=A, show="old_tls")
    assert_nothing_sent(world, "does not answer in TLS 1.2 or newer", "unreachable")


def test_another_authority_than_the_one_that_is_trusted(worlds: Worlds) -> None:
    world = worlds()
    path = world.folder / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    own = world.inventory.parent / "ca.pem"
    own.write_bytes(path.read_bytes())
    assert_nothing_sent(world, "cannot be trusted")


def test_certificate_that_changes_during_a_run(worlds: Worlds) -> None:
    world = worlds()
    world.tell("faults", do="hold", box=A, op="login.failover.sync")
    process = world.start("async_upgrade")
    while not world.ask("held"):
        assert process.poll() is None
    world.tell("impostor", box=A, show="stranger")
    before = len([entry for entry in world.ask("log") if entry["box"] == A])
    assert process.wait(120) != 0
    assert process.stdout is not None
    with process.stdout as told:
        assert "cannot be trusted" in told.read()
    assert len([entry for entry in world.ask("log") if entry["box"] == A]) == before
    assert not world.box("a")["failover"]["syncing"]
    assert world.ask("violations") == []
