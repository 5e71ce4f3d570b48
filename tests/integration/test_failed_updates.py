# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates and downloads that failed by the box's own word: who is called, what is left alone, what is tried again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.modules import bt_update
from tests.integration.bench import Bench, Result, good
from tests.integration.conftest import Config, World, each_box
from tests.integration.moving import NEW, start
from tests.integration.test_jump_clients import only_a

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
SAID = {
    "en": "Update Failed Base Software 6.2.0 could not be installed. Do not restart",
    "nl": "Update mislukt Base Software 6.2.0 kon niet worden geïnstalleerd. Start dit apparaat niet opnieuw op",
}
SAID_OF_DOWNLOAD = {"en": "could not be downloaded", "nl": "kon niet worden gedownload"}
LANGUAGES = ["en", "nl"]


def spoken(language: str, *changes: Callable[[Config], None]) -> Callable[[Config], None]:
    """A configuration in that language."""

    def change(config: Config) -> None:
        for each in changes:
            each(config)
        each_box(config, language=language)

    return change


def fail(world: World, box: str, *, locked: bool = True) -> None:
    """Have every update of the box fail from now on; a locked one shows nothing else afterwards."""
    for trouble in ("update_fail", "updates_locked") if locked else ("update_fail",):
        world.tell("troubles", box=box, trouble=trouble, on=True)


def mend(world: World, box: str) -> None:
    """Support has done its work: the box offers the update anew."""
    for trouble in ("update_fail", "updates_locked"):
        world.tell("troubles", box=box, trouble=trouble, on=False)
    world.tell("mend", box=box)


def update(world: World, **options: Any) -> tuple[Bench, Result]:
    """The update of box A alone."""
    bench = Bench(world, [])
    return bench, bench.run(bt_update, A, **{**bench.whole(A), "version": "24.3.1", **options})


@pytest.mark.parametrize(
    ("playbook", "box", "language"),
    [("async_upgrade", B, "en"), ("sync_upgrade", A, "nl"), ("single_upgrade", A, "en"), ("single_upgrade", A, "nl")],
)
def test_the_next_run_of_any_kind_sees_a_failed_base_update_first_and_leaves_it_to_support(
    worlds: Worlds, playbook: str, box: str, language: str
) -> None:
    """Also from another run folder, whose journal knows nothing of it."""
    world = worlds(spoken(language, *([only_a] if playbook == "single_upgrade" else [])))
    fail(world, box)
    serial = world.ask("state")["boxes"][box]["serial"]
    first = world.play(playbook)
    assert first.code != 0
    assert "to go on waiting" not in first.out.split("says that it failed")[1]
    for wanted in (f"serial {serial}", "base software 6.1.0 to 6.2.0", "product 23.3.1", "bt_support_case"):
        assert wanted in first.out
    world.forget_log()
    other = ("-e", f"bt_run_dir={world.folder / 'elsewhere'}")
    for arguments in ((), other):
        again = world.play(playbook, *arguments)
        assert again.code != 0
        told = " ".join(again.out.split())
        for wanted in (SAID[language], "call the vendor's support", f"serial {serial}", "base software 6.1.0"):
            assert wanted in told, told
        assert "bt_manual_steps" not in told
    assert world.mutations() == []

    locked = world.play(playbook, *other, "-e", "bt_support_case=4711")
    assert locked.code != 0
    assert "let go of it, case 4711" in locked.out
    assert "still says that an update failed, and offers none" in locked.out
    assert [entry for entry in world.mutations() if "updates" in entry["op"]] == []
    mend(world, box)
    if playbook == "single_upgrade":
        done = world.play(playbook, "-e", "bt_support_case=4711")
        assert done.code == 0, done.out
        assert world.box("a")["product"] == "24.3.1"
    assert world.ask("violations") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_migration_sees_a_failed_base_update_of_the_new_box_first(worlds: Worlds, language: str) -> None:
    move = start(worlds, language=language)
    fail(move.world, NEW)
    move.world.tell("user-update", box=NEW, package="base-6.2.0", by="Jane Doe")
    deadline = time.monotonic() + 20
    while not move.box(NEW)["updates"]["base_failed"] and time.monotonic() < deadline:
        time.sleep(0.1)
    outcome = move.play()
    assert outcome.code != 0
    told = " ".join(outcome.out.split())
    assert SAID[language] in told
    assert "call the vendor's support" in told
    assert [entry for entry in move.world.mutations() if entry["box"] == NEW] == []
    assert move.world.ask("violations") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_an_old_failure_are_no_failure_of_the_install_that_support_allowed(
    worlds: Worlds, language: str
) -> None:
    world = worlds(spoken(language, only_a))
    fail(world, A, locked=False)
    assert update(world)[1]["error"] == "box_failed"
    world.tell("troubles", box=A, trouble="update_fail", on=False)
    world.tell("mend", box=A, words=True)
    good(update(world, support_case="C-1")[1], True)
    assert world.box("a")["updates"]["started"] == ["base-6.2.0", "base-6.2.0", "product-24.3.1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_product_that_failed_tells_what_runs_the_way_back_and_that_the_same_command_tries_again(
    worlds: Worlds, language: str
) -> None:
    world = worlds(spoken(language, only_a))
    assert update(world, until="base")[1]["after"]["base_version"] == "6.2.0"
    fail(world, A, locked=False)
    result = update(world)[1]
    assert result["error"] == "box_failed"
    for wanted in (
        f"{A} runs product 23.3.1 and is healthy", "The same command then tries the product once more", "way back",
    ):
        assert wanted in result["msg"], result["msg"]
    assert "go on waiting" not in result["msg"]
    assert "support" not in result["msg"]
    mend(world, A)
    good(update(world)[1], True)
    assert world.ask("violations") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_download_that_failed_is_told_as_one_and_tried_once_by_each_command(worlds: Worlds, language: str) -> None:
    world = worlds(spoken(language, only_a))
    world.tell("troubles", box=A, trouble="download_fail", on=True)
    for pressed in (1, 2):
        result = update(world)[1]
        assert result["error"] == "not_downloaded", result["msg"]
        assert SAID_OF_DOWNLOAD[language] in result["msg"]
        assert "support" not in result["msg"]
        assert len(world.box("a")["updates"]["started"]) == pressed
    world.tell("troubles", box=A, trouble="download_fail", on=False)
    good(update(world)[1], True)
    assert world.box("a")["product"] == "24.3.1"
    assert world.ask("violations") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_download_that_failed_while_no_run_was_at_work_is_tried_again_by_the_next(
    worlds: Worlds, language: str
) -> None:
    world = worlds(spoken(language, only_a))
    world.tell("troubles", box=A, trouble="download_fail", on=True)
    assert update(world)[1]["error"] == "not_downloaded"
    world.tell("troubles", box=A, trouble="download_fail", on=False)
    journal = world.run_dir / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:-1]))
    assert Journal(str(world.run_dir)).open_act(A, "install") is not None
    bench, result = update(world)
    good(result, True)
    assert any("It is tried again." in line for line in bench.said)
