# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A licence agreement that nobody is named for: known beforehand where a page tells, else a stop that tells all."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import Config, World, each_box
from tests.integration.test_async import assert_upgraded

Worlds = Callable[..., World]
pytestmark = pytest.mark.timeout(400)  # several runs of a whole upgrade
A, B = "box-a.example.test", "box-b.example.test"
PERSON = "Jane Doe"
LANGUAGES = [("en", "divs"), ("nl", "tables")]


def with_agreement(worlds: Worlds, language: str, era: str, told: bool) -> World:
    """A pair whose next product comes with a licence agreement."""

    def change(config: Config) -> None:
        each_box(config, era=era, language=language)

    world = worlds(change)
    world.tell("eula", package="product-24.3.1", told=told)
    return world


@pytest.mark.parametrize(("language", "era"), [LANGUAGES[0], pytest.param(*LANGUAGES[1], marks=pytest.mark.wide)])
def test_agreement_that_a_page_tells_of_is_refused_before_anything(worlds: Worlds, language: str, era: str) -> None:
    world = with_agreement(worlds, language, era, told=True)
    for _twice in range(2):
        outcome = world.play("async_upgrade")
        assert outcome.code != 0
        assert "comes with a licence agreement, and nobody is named who accepts it" in outcome.out, outcome.out
        assert "Nothing was changed" in outcome.out
        assert all(entry["op"] == "appliance.updates.check" for entry in world.mutations())
        assert world.box("b")["failover"]["role"] == "backup"
    done = world.play("async_upgrade", "-e", f"bt_accept_eula='{PERSON}'")
    assert done.code == 0, done.out
    assert_upgraded(world)


@pytest.mark.parametrize(("language", "era"), [pytest.param(*LANGUAGES[0], marks=pytest.mark.wide), LANGUAGES[1]])
def test_stop_at_an_agreement_tells_the_state_the_text_and_the_next_command(
    worlds: Worlds, language: str, era: str
) -> None:
    world = with_agreement(worlds, language, era, told=False)
    for again in range(2):
        outcome = world.play("async_upgrade")
        assert outcome.code != 0
        assert "Nobody is named who accepts licence agreements (bt_accept_eula)" in outcome.out, outcome.out
        assert f"{B} asks to accept a licence agreement before it installs product 24.3.1" in outcome.out
        assert f"{B} runs product 23.3.1 and base software 6.2.0; it installs nothing now." in outcome.out
        assert "There has been no failover since" in outcome.out
        assert "Nothing was changed" not in outcome.out
        assert world.box("b")["base"] == "6.2.0", again
    [text] = list((world.run_dir / "agreements").iterdir())
    assert text.stat().st_mode & 0o777 == 0o600
    assert str(text) in outcome.out
    terms = text.read_text()
    assert ("End User License Agreement" if language == "en" else "icentieovereenkomst") in terms
    summary = json.loads((world.run_dir / "summary.json").read_text())
    assert "'bt_accept_eula=\"Your Name\"'" in summary["next_command"]
    # The very command, with a name.
    words = shlex.split(summary["next_command"].replace("Your Name", PERSON))
    playbook, arguments = Path(words[1]).name, words[2:]
    assert "async_upgrade" in playbook
    done = world.play("async_upgrade", *arguments[arguments.index("-e") :])
    assert done.code == 0, done.out
    assert_upgraded(world)
    told = [json.loads(line) for line in (world.run_dir / "journal.jsonl").read_text().splitlines()]
    accepted = [record for record in told if record["kind"] == "agreement"]
    assert {record["accepted_by"] for record in accepted} == {PERSON}
    assert all(Path(record["path"]).is_file() for record in accepted)
