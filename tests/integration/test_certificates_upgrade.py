# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An upgrade begins with sound certificates, and with copies of them to go on with if it fails (G2, G10)."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.integration.conftest import World, each_box, hosts_of
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]
B = "box-b.example.test"
PASSPHRASE = "canary-Passphrase-1"


def protect(world: World) -> None:
    """Give the site a passphrase for what is taken off its boxes."""

    def change(inventory: dict[str, Any]) -> None:
        inventory["all"].setdefault("vars", {})["bt_certificate_passphrase"] = PASSPHRASE

    world.change_inventory(change)


@pytest.mark.parametrize(("era", "language"), [("tables", "nl"), ("aria", "en")])
def test_copies_are_there_before_anything_is_changed(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(lambda config: each_box(config, era=era, language=language))
    protect(world)
    outcome = world.play("async_upgrade")
    assert outcome.code == 0, outcome.out
    assert_upgraded(world)
    assert PASSPHRASE not in outcome.out
    summary = json.loads((world.run_dir / "summary.json").read_text())
    assert sorted(copy["box"] for copy in summary["certificates"]) == ["box-a.example.test", "box-b.example.test"]
    folder = world.run_dir / "certificates"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert str(folder) in (world.run_dir / "summary.txt").read_text()
    acts = [json.loads(line) for line in (world.run_dir / "journal.jsonl").read_text().splitlines()]
    order = [act["act"] for act in acts if act["kind"] == "intent"]
    assert order.index("export_certificate") < order.index("synchronise")
    assert world.play("async_upgrade").recap("changed") == 0


def test_without_a_passphrase_a_person_is_told_to_export(worlds: Worlds) -> None:
    outcome = worlds().play("async_upgrade", "--check")
    assert outcome.code == 0, outcome.out
    for box in ("box-a.example.test", "box-b.example.test"):
        assert f"The certificate of {box} was not exported: bt_certificate_passphrase is empty." in outcome.out


@pytest.mark.parametrize("playbook", ["async_upgrade", "sync_upgrade"])
def test_a_backup_box_not_fit_for_the_site_stops_it_before_anything_is_changed(worlds: Worlds, playbook: str) -> None:
    world = worlds(lambda config: each_box(config, era="tables"), separate_certificates=True)
    address = hosts_of(yaml.safe_load(world.inventory.read_text()), "bt_backup")[B]["ansible_host"]
    world.tell("certificate", box=B, names=[B, address], days=90)
    outcome = world.play(playbook)
    assert outcome.code != 0
    assert f"No upgrade was begun: the certificate that {B} shows for access.example.test is for {B}" in outcome.out
    assert "Jump Clients would stay offline after it." in outcome.out
    assert world.mutations() == []
