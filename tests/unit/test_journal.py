# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The journal: chained, private, whole after a crash, and read by nobody once it was changed."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    BoxFailed,
    BtError,
    DeadlinePassed,
    PageNotUnderstood,
    Refused,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal, now_text, seconds_of

TEXTS = st.text(max_size=30)


def filled(folder: Path, count: int = 3) -> Journal:
    """A journal with some records."""
    journal = Journal(str(folder / "run"))
    for number in range(count):
        journal.write("note", f"number {number}\nümlaut", box="box-a", empty="", none=None)
    return journal


def path_of(folder: Path) -> Path:
    """Where its file lies."""
    return folder / "run" / "journal.jsonl"


def test_records_come_back_in_order(tmp_path: Path) -> None:
    records = filled(tmp_path).records()
    assert [record["text"] for record in records] == [f"number {number}\nümlaut" for number in range(3)]
    assert [record["previous"] for record in records] == ["", records[0]["hash"], records[1]["hash"]]
    assert all(set(record) == {"schema", "time", "kind", "text", "box", "previous", "hash"} for record in records)


def test_it_is_private(tmp_path: Path) -> None:
    filled(tmp_path)
    assert stat.S_IMODE(path_of(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE(path_of(tmp_path).parent.stat().st_mode) == 0o700


def test_without_a_folder_nothing_is_kept() -> None:
    journal = Journal()
    journal.write("note", "nothing")
    assert journal.records() == []
    assert journal.last("note") is None
    assert journal.open_act("box-a", "install") is None


def test_a_folder_that_cannot_be_made_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(BadInput, match="cannot be made"):
        Journal(str(tmp_path / "run")).write("note", "nothing")


def test_a_last_line_that_was_cut_off_is_no_damage(tmp_path: Path) -> None:
    journal, path = filled(tmp_path), path_of(tmp_path)
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for length in range(last, len(whole)):
        path.write_bytes(whole[:length])
        assert len(journal.records()) == 2
    journal.write("note", "after the crash")
    assert [record["text"][:8] for record in journal.records()] == ["number 0", "number 1", "after th"]


def test_records_bear_the_names_that_boxes_have_now(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "run"))
    journal.write("run", "Begun.", procedure="async", a="site", b="box-b", base={"site": "6.1.0", "box-b": "6.1.0"})
    journal.write("intent", "Installed.", box="box-b", act="install", package="base", version="6.2.0")
    journal.write("renamed", "box-a is the box that was called site.", old="site", new="box-a")
    journal.write("intent", "Moved.", box="box-b", act="cutover", source="box-a")
    begun, *others = journal.open_run()
    assert (begun["a"], begun["b"], begun["base"]) == ("box-a", "box-b", {"box-a": "6.1.0", "box-b": "6.1.0"})
    assert [record.get("box") for record in others] == ["box-b", None, "box-b"]
    assert journal.open_act("box-b", "install") is not None


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_changed_line_is_damage(tmp_path: Path, number: int) -> None:
    journal, path = filled(tmp_path), path_of(tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[number] = lines[number].replace(f"number {number}", "number 9")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(Refused, match=f"Line {number + 1} of the journal .* is damaged"):
        journal.records()


@pytest.mark.parametrize("line", ["", "garbage", "[]", "null", "{}", '{"kind": "note", "hash": 1}', '{"hash": "x"}'])
def test_a_line_that_is_no_record_is_damage(tmp_path: Path, line: str) -> None:
    journal, path = filled(tmp_path), path_of(tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([lines[0], line, *lines[2:]]), encoding="utf-8")
    with pytest.raises(Refused, match="Line 2"):
        journal.records()


def test_a_missing_line_is_damage(tmp_path: Path) -> None:
    journal, path = filled(tmp_path), path_of(tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([lines[0], *lines[2:]]), encoding="utf-8")
    with pytest.raises(Refused, match="Line 2"):
        journal.records()


def test_two_that_write_at_once_keep_one_chain(tmp_path: Path) -> None:
    def write(name: str) -> None:
        journal = Journal(str(tmp_path / "run"))
        for number in range(20):
            journal.write("note", f"{name} {number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Journal(str(tmp_path / "run")).records()) == 40


def test_an_open_act_is_one_without_an_end(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path))
    assert journal.open_act("box-a", "install") is None
    journal.write("intent", "Install.", box="box-a", act="install", version="24.3.1")
    journal.write("intent", "Break.", box="box-a", act="break")
    begun = journal.open_act("box-a", "install")
    assert begun is not None
    assert begun["version"] == "24.3.1"
    assert journal.open_act("box-b", "install") is None
    journal.write("outcome", "Lost.", box="box-a", act="install", result="unknown")
    assert journal.open_act("box-a", "install") is not None
    journal.write("outcome", "Installed.", box="box-a", act="install", result="done")
    assert journal.open_act("box-a", "install") is None
    assert journal.open_act("box-a", "break") is not None


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["note 1"], ["note 1"]),
        (["run 1", "note 1"], ["run 1", "note 1"]),
        (["run 1", "note 1", "finished 1"], []),
        (["run 1", "note 1", "finished 1", "note 2"], ["note 2"]),
        (["run 1", "note 1", "finished 1", "note 2", "run 2", "note 3"], ["run 2", "note 3"]),
    ],
)
def test_an_earlier_run_says_nothing_of_this_one(tmp_path: Path, kinds: list[str], told: list[str]) -> None:
    journal = Journal(str(tmp_path))
    for text in kinds:
        journal.write(text.split()[0], text)
    assert [record["text"] for record in journal.of_run()] == told


def test_the_last_of_a_kind(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path))
    for number, box in enumerate(("box-a", "box-b", "box-a")):
        journal.write("note", f"number {number}", box=box)
    last = journal.last("note", box="box-b")
    assert last is not None
    assert last["text"] == "number 1"
    assert journal.last("outcome") is None


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "done"),
        (Refused("No."), "not_begun"),
        (BoxFailed("No."), "failed"),
        (AnswerLost("No."), "unknown"),
        (DeadlinePassed("No."), "unknown"),
    ],
)
def test_an_act_is_framed_by_intent_and_outcome(tmp_path: Path, error: BtError | None, outcome: str) -> None:
    said: list[str] = []
    context = Context(journal=Journal(str(tmp_path)), say=said.append, phase="break")
    try:
        with context.act("box-a", "break", "Broke it.", mark="now"):
            assert [record["kind"] for record in context.journal.records()] == ["intent"]
            if error is not None:
                raise error
    except BtError as caught:
        if caught is not error:
            raise
    intent, ended = context.journal.records()
    assert (intent["mark"], intent["phase"], ended["phase"]) == ("now", "break", "break")
    assert ended["result"] == outcome
    assert context.actions == said == (["Broke it."] if error is None else [])


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("kind", [Unreachable, PageNotUnderstood, TlsRefused])
def test_a_box_that_is_out_of_sight_after_something_was_sent(tmp_path: Path, kind: type[BtError], sent: bool) -> None:
    context = Context(journal=Journal(str(tmp_path)))

    def act() -> None:
        with context.act("box-a", "restore", "Restored."):
            if sent:
                context.wrote()
            raise kind("It is gone.")

    with pytest.raises(kind) as raised:
        act()
    record = context.journal.last("outcome")
    assert record is not None
    assert record["result"] == ("unknown" if sent else "not_begun")
    assert (context.journal.open_act("box-a", "restore") is not None) == sent
    assert ("what became of it is not known" in str(raised.value)) == sent
    assert "Nothing was sent" not in str(raised.value) or not sent


def test_an_act_that_is_killed_has_no_outcome(tmp_path: Path) -> None:
    context = Context(journal=Journal(str(tmp_path)))
    with pytest.raises(KeyboardInterrupt), context.act("box-a", "install", "Installed it."):
        raise KeyboardInterrupt
    assert context.journal.open_act("box-a", "install") is not None


def test_an_update_is_under_way_from_its_first_install_until_it_is_over(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path))

    def then(kind: str, **details: str) -> bool:
        journal.write(kind, "told", box="box-a", act="install", **details)
        return journal.updating("box-a")

    assert not journal.updating("box-a")
    assert then("intent", package="base")
    assert then("outcome", result="unknown")
    assert not then("outcome", result="not_begun")
    assert then("intent", package="base")
    assert then("outcome", result="done")
    assert then("intent", package="product")
    assert then("outcome", result="not_begun"), "the base software still waits for its product"
    assert [record["package"] for record in journal.update_of("box-a") if record["kind"] == "intent"] == ["base"]
    assert then("intent", package="product")
    assert not then("outcome", result="failed")
    assert then("intent", package="product")
    assert then("outcome", result="done")
    assert not journal.updating("box-b")
    assert not then("updated")
    assert then("intent", package="base")
    assert not then("released")
    assert then("intent", package="base")
    journal.write("finished", "told")
    assert journal.update_of("box-a") == []


def test_check_mode_plans() -> None:
    context = Context(check_mode=True)
    assert context.would("Broke it.")
    assert context.actions == ["Broke it."]
    assert not Context().would("Broke it.")


def test_times_are_read_as_they_are_written() -> None:
    assert seconds_of("2026-11-24T22:05:11.250Z") == 1795557911.25
    assert now_text().endswith("Z")
    with pytest.raises(ValueError, match="zone"):
        seconds_of("2026-11-24T22:05:11")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), data=st.data())
def test_any_text_is_kept_and_any_changed_byte_is_seen(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("run")
    journal = Journal(str(folder))
    for text in texts:
        journal.write("note", text, detail=text)
    assert [record["text"] for record in journal.records()] == texts
    path = folder / "journal.jsonl"
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda other: other != whole[place]))
    path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
    try:
        kept = journal.records()
    except Refused:
        return
    # What is left is a line cut off at the end, or the same value written differently (white space, an escape).
    assert [record["text"] for record in kept] == texts[: len(kept)]
    assert len(kept) >= len(texts) - 1
