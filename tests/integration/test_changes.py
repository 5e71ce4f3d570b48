# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What people set on A between the break and the cut-over is not lost without somebody saying so (G24, G32; Q4)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._journal import _hash
from tests.integration.conftest import Config, Outcome, World, each_box
from tests.integration.test_async import assert_done, assert_upgraded

Worlds = Callable[..., World]
pytestmark = pytest.mark.timeout(400)  # several runs of a whole upgrade
A, B = "box-a.example.test", "box-b.example.test"
NEW = {
    "site.banner": "Night shift",
    "site.title": "Access of the night",
    "security.idle_timeout": "60",
    "jump_clients.connection_rate": "40",
}
PERSON = "Jane Doe"


def stopped(worlds: Worlds, language: str = "en", era: str = "divs", stage: str = "verify_first") -> World:
    """A pair of which B is upgraded and does not serve yet."""

    def change(config: Config) -> None:
        each_box(config, era=era, language=language)

    world = worlds(change)
    first = world.play("async_upgrade", "-e", f"bt_stage={stage}")
    assert first.code == 0, first.out
    assert f"nobody may change settings on {A}: {B} lacks them" in first.out
    assert "Until the site is switched" in (world.run_dir / "summary.txt").read_text()
    return world


def work_on(world: World, box: str = A) -> None:
    """People change five things on a box."""
    world.tell("settings", box=box, settings=NEW, accounts=["mia"])


def assert_refused(world: World, outcome: Outcome) -> None:
    """The run stopped before the switch; A serves what people have set there."""
    assert outcome.code != 0
    assert f"Settings of {A} were changed since" in outcome.out, outcome.out
    assert f"{B} does not have the changes" in outcome.out
    for name in ("site.banner", "site.title", "mia"):
        assert name in outcome.out
    assert "bt_give_up_changes" in outcome.out
    assert not any(value in outcome.out for value in ("Night shift", "Access of the night"))
    assert world.ask("state")["sites"]["access"]["serving"] == A
    assert world.ask("violations") == []


@pytest.mark.parametrize(
    ("language", "era"),
    [
        ("en", "divs"), ("nl", "tables"),
        *(pytest.param(*how, marks=pytest.mark.wide) for how in (("en", "aria"), ("nl", "app"))),
    ],
)
def test_settings_changed_meanwhile_are_kept_where_people_make_them_on_b_too(
    worlds: Worlds, language: str, era: str
) -> None:
    world = stopped(worlds, language, era)
    work_on(world)
    for _twice in range(2):
        before = len(world.mutations())
        assert_refused(world, world.play("async_upgrade"))
        assert len(world.mutations()) == before
    work_on(world, B)
    done = world.play("async_upgrade")
    assert done.code == 0, done.out
    assert_upgraded(world)
    assert {name: world.box("b")["settings"][name] for name in NEW} == NEW


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.wide), "nl"])
def test_a_named_person_gives_up_what_was_changed_and_the_summary_tells_it(worlds: Worlds, language: str) -> None:
    world = stopped(worlds, language)
    work_on(world)
    assert_refused(world, world.play("async_upgrade"))
    done = world.play("async_upgrade", "-e", f"bt_give_up_changes='{PERSON}'")
    assert done.code == 0, done.out
    assert f"{PERSON} gives up what was changed on {A}" in done.out
    assert_done(world)
    assert {violation["id"] for violation in world.ask("violations")} == {"Q4"}  # the watchers see it
    summary = (world.run_dir / "summary.txt").read_text()
    assert f"{PERSON} gave up" in summary
    assert "site.banner" in summary
    assert "Night shift" not in (world.run_dir / "journal.jsonl").read_text()


@pytest.mark.parametrize("cutover", [pytest.param("dns", marks=pytest.mark.wide), "manual"])
def test_no_way_of_switching_passes_by_it(worlds: Worlds, cutover: str) -> None:
    world = stopped(worlds)
    work_on(world)
    outcome = world.play("async_upgrade", "-e", f"bt_cutover={cutover}")
    assert_refused(world, outcome)


@pytest.mark.parametrize("language", ["en", pytest.param("nl", marks=pytest.mark.wide)])
def test_a_pair_on_which_nobody_changed_anything_goes_on_after_each_stage(worlds: Worlds, language: str) -> None:
    world = stopped(worlds, language, stage="break")
    world.tell("sessions", box=A, count=3)  # sessions are exchanged when the pair is restored (G34)
    for stage in ("update_first", "verify_first"):
        assert world.play("async_upgrade", "-e", f"bt_stage={stage}").code == 0
    world.tell("sessions", box=A, count=2)
    done = world.play("async_upgrade")
    assert done.code == 0, done.out
    assert f"[{A}] shows the same settings as when the relationship was broken" in done.out
    assert_upgraded(world)


def rewritten(world: World, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """The journal as it would be had it been written otherwise."""
    path = world.run_dir / "journal.jsonl"
    previous, lines = "", []
    for line in path.read_text().splitlines():
        record = change(json.loads(line))
        if record is not None:
            record["previous"] = previous
            previous = record["hash"] = _hash(record)
            lines.append(json.dumps(record, sort_keys=True))
    path.write_text("\n".join(lines) + "\n")


def two_days_ago(record: dict[str, Any]) -> dict[str, Any]:
    """A record of an earlier window."""
    moment = datetime.datetime.fromisoformat(record["time"].replace("Z", "+00:00")) - datetime.timedelta(days=2)
    return {**record, "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def not_noted(record: dict[str, Any]) -> dict[str, Any] | None:
    """A record of an earlier window, of a run that did not note what was set on A."""
    return None if record["kind"] == "contents" else two_days_ago(record)


@pytest.mark.parametrize(
    ("change", "why"), [(two_days_ago, "48 h ago, and its pages do not show all"), (not_noted, "was not noted")]
)
def test_what_nobody_can_tell_counts_as_changed(
    worlds: Worlds, change: Callable[[dict[str, Any]], dict[str, Any] | None], why: str
) -> None:
    world = stopped(worlds)
    rewritten(world, change)
    outcome = world.play("async_upgrade")
    assert outcome.code != 0
    assert "Nobody can tell whether settings of" in outcome.out, outcome.out
    assert why in outcome.out
    assert world.ask("state")["sites"]["access"]["serving"] == A
    done = world.play("async_upgrade", "-e", f"bt_give_up_changes='{PERSON}'")
    assert done.code == 0, done.out
    assert_upgraded(world)
