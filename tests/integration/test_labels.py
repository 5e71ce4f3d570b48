# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""bt_labels in a playbook: a language that only the user has, in both processes of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import CATALOGUE
from tests.integration.conftest import World, each_box, hosts_of

Worlds = Callable[..., World]


def dutch_as(language: str, file: Path) -> None:
    """The words of the catalogue for Dutch as a user's words for another language."""
    words = {key: [word.text for word in known] for key, known in CATALOGUE["nl"].items()}
    file.write_text(yaml.safe_dump({language: words}))


def test_a_language_of_the_user_s(worlds: Worlds) -> None:
    world = worlds(lambda config: each_box(config, language="nl"))
    dutch_as("af", world.folder / "labels.yml")

    def speak(inventory: dict[str, Any]) -> None:
        for group in ("bt_primary", "bt_backup"):
            for host in hosts_of(inventory, group).values():
                host.update(bt_language="af", bt_labels=str(world.folder / "labels.yml"))
                host.pop("bt_api_client_id")
                host.pop("bt_api_client_secret")

    world.change_inventory(speak)
    outcome = world.play("status")
    assert outcome.code == 0, outcome.out
    assert "base 6.1.0" in outcome.out
    log = world.ask("log")
    assert {entry["op"] for entry in log if entry["kind"] == "auth"} >= {"login.entry.login", "appliance.entry.login"}
    ended = [entry for entry in log if entry["op"].endswith(".logout")]
    assert len(ended) == 4, [entry["op"] for entry in log]


def test_a_bad_file_is_one_sentence(worlds: Worlds) -> None:
    world = worlds()
    file = world.folder / "labels.yml"
    file.write_text("en: {failover.sync_nov: [Go]}")
    outcome = world.play("status", "-e", f"bt_labels={file}")
    assert outcome.code != 0
    assert "Did you mean failover.sync_now" in outcome.out
    assert world.ask("log") == []
