# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What cannot be right is refused in one sentence, before anything is changed on any box."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
import trustme

from tests.integration.conftest import Outcome, World, hosts_of

Worlds = Callable[..., World]
Inventory = dict[str, Any]


def every_host(inventory: Inventory, **values: Any) -> None:
    """Set a variable on every host."""
    for group in ("bt_primary", "bt_backup"):
        for host in hosts_of(inventory, group).values():
            host.update(values)


def assert_refused(world: World, outcome: Outcome, *words: str, failed_logins: int = 0) -> None:
    """One sentence with these words, non-zero, nothing changed, no traceback."""
    assert outcome.code != 0, outcome.out
    for word in words:
        assert word in outcome.out, outcome.out
    assert "Traceback" not in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
    log_ins = [
        entry
        for entry in world.ask("log")
        if entry["op"] in ("appliance.entry.login", "login.entry.login", "api.token")
    ]
    refused = [
        entry
        for entry in log_ins
        if entry["status"] not in (302, 303) and not (entry["op"] == "api.token" and entry["status"] == 200)
    ]
    assert len(refused) <= failed_logins, refused


def test_version_that_nobody_offers(worlds: Worlds) -> None:
    world = worlds(target_version="25.9.9")
    assert_refused(world, world.play("async_upgrade"), "25.9.9 is not offered", "24.3.1")


@pytest.mark.parametrize("version", ["banana", "24.3.1; reboot", "{{ 7*7 }}.1", "-1.2"])
def test_version_that_is_none(worlds: Worlds, version: str) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: every_host(inventory, bt_target_version=version))
    assert_refused(world, world.play("async_upgrade"), "version")


@pytest.mark.parametrize("account", ["bt_appliance_password", "bt_login_password", "bt_api_client_secret"])
def test_wrong_secret_is_tried_once(worlds: Worlds, account: str) -> None:
    world = worlds()
    world.change_inventory(
        lambda inventory: hosts_of(inventory, "bt_primary")["box-a.example.test"].update({account: "Wr0ng-canary"})
    )
    outcome = world.play("async_upgrade")
    assert_refused(world, outcome, "box-a.example.test", "refused", failed_logins=1)
    assert "Wr0ng-canary" not in outcome.out


def test_unreachable_box(worlds: Worlds) -> None:
    world = worlds()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    world.change_inventory(
        lambda inventory: hosts_of(inventory, "bt_backup")["box-b.example.test"].update(bt_port=port)
    )
    assert_refused(world, world.play("async_upgrade"), "does not answer", "connection refused")


def test_wrong_ca(worlds: Worlds) -> None:
    world = worlds()
    other = world.folder / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    world.change_inventory(lambda inventory: every_host(inventory, bt_ca_path=str(other)))
    assert_refused(world, world.play("async_upgrade"), "cannot be trusted")


def test_swapped_inventory(worlds: Worlds) -> None:
    world = worlds()

    def swap(inventory: Inventory) -> None:
        children = inventory["all"]["children"]
        children["bt_primary"], children["bt_backup"] = children["bt_backup"], children["bt_primary"]

    world.change_inventory(swap)
    assert_refused(
        world,
        world.play("async_upgrade"),
        "inventory names box-b.example.test as the primary",
        "box-a.example.test is the primary",
    )


def test_both_names_lead_to_one_box(worlds: Worlds) -> None:
    world = worlds()

    def same(inventory: Inventory) -> None:
        a = hosts_of(inventory, "bt_primary")["box-a.example.test"]
        hosts_of(inventory, "bt_backup")["box-b.example.test"].update(a)

    world.change_inventory(same)
    assert_refused(world, world.play("async_upgrade"), "one")


def test_box_that_is_not_the_recorded_one(worlds: Worlds) -> None:
    world = worlds()
    world.change_inventory(
        lambda inventory: hosts_of(inventory, "bt_primary")["box-a.example.test"].update(bt_serial="BPRA-00000000")
    )
    assert_refused(world, world.play("async_upgrade"), "BPRA-00000000")


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("bt_cutover", "teleport", "teleport"),
        ("bt_stage", "half", "half"),
        ("bt_port", "70000", "70000"),
        ("bt_language", "tlh", "tlh"),
        ("bt_ca_path", "/nowhere/ca.pem", "/nowhere/ca.pem"),
        ("bt_shared_ip", "not-an-ip", "not-an-ip"),
        ("ansible_host", "bad host/../x", "host"),
    ],
)
def test_variable_with_an_impossible_value(worlds: Worlds, variable: str, value: str, word: str) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: every_host(inventory, **{variable: value}))
    assert_refused(world, world.play("async_upgrade"), word)


def test_no_second_box(worlds: Worlds) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: inventory["all"]["children"].pop("bt_backup"))
    assert_refused(world, world.play("async_upgrade"), "bt_backup")


def test_empty_inventory(worlds: Worlds) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: inventory["all"].update(children={}))
    assert_refused(world, world.play("async_upgrade"), "bt_primary")
