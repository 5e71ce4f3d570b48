# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jump Clients: the limit of concurrent upgrades comes back in every exit path; active ones are a gate."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.integration.conftest import Config, Outcome, World, each_box

Worlds = Callable[..., World]
LIMIT = "jump_client_limit"


def run_tasks(world: World, *tasks: dict[str, Any], check: bool = False) -> Outcome:
    """Run tasks of the modules for box a, as a playbook of the user's own would."""
    play = [{"hosts": "bt_primary", "gather_facts": False, "connection": "local", "tasks": list(tasks)}]
    path = world.folder / "play.yml"
    path.write_text(yaml.safe_dump(play))
    command = world.command("none", *(["--check"] if check else []))
    command[1] = str(path)
    done = subprocess.run(
        command, cwd=world.folder, env=world.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=120, check=False,
    )
    return Outcome(done.returncode, done.stdout)


def lower(limit: int = 5) -> dict[str, Any]:
    """The task that lowers the limit."""
    return {"bt_ops.pra.bt_jump_clients": {"limit": limit}}


RESTORE: dict[str, Any] = {"bt_ops.pra.bt_jump_clients": {"state": "restored"}}


@pytest.mark.parametrize(("era", "language"), [("tables", "en"), ("divs", "nl"), ("aria", "en"), ("tables", "nl")])
def test_limit_is_lowered_and_put_back_by_another_run(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(lambda config: each_box(config, era=era, language=language))
    before = world.box("a")["settings"]
    outcome = run_tasks(world, lower())
    assert outcome.code == 0, outcome.out
    print(before, world.box("a")["settings"])
    again = run_tasks(world, lower(7))
    assert again.recap("changed") == 0
    back = run_tasks(world, RESTORE)
    assert back.code == 0, back.out
    assert world.box("a")["settings"] == before
    assert run_tasks(world, RESTORE).recap("changed") == 0
    assert world.ask("violations") == []
