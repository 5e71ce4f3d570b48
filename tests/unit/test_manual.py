# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Steps by hand: the table, the texts, what the journal tells, and the deadline."""

from __future__ import annotations

import string
import threading
from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _backup,
    _cutover_by_hand,
    _edge,
    _installing_by_hand,
    _manual,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import CAPABILITIES
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    ApiFailed,
    BadInput,
    NeedsPerson,
    NotDoneByHand,
    PageIsApplication,
    PageNotUnderstood,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._report import summarise
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import ALL, STEPS, Manual, driving
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, Witness

CHECKOUT = Path(__file__).resolve().parents[2]
ACCOUNTS = {
    "appliance_username": "admin", "appliance_password": "x", "login_username": "admin", "login_password": "x",
    "api_client_id": "id", "api_client_secret": "secret",
}


def box_with(folder: Path, *steps: str, timeout: float = 0.3) -> tuple[Box, Context, list[str]]:
    """A box of which a person does some steps, a journal, and what is said."""
    said: list[str] = []
    context = Context(say=said.append, journal=Journal(str(folder)))
    connection = Connection("box-a", Endpoint("192.0.2.1"), manual=Manual(frozenset(steps), timeout))
    return Box(connection, context, str(folder)), context, said


def values_of(step: str) -> dict[str, str]:
    """Something for every name in the texts of a step."""
    form = STEPS[step]
    texts = (form.task, *form.lines, form.effect)
    return {name: f"<{name}>" for text in texts for _text, name, _spec, _conv in string.Formatter().parse(text) if name}


def test_the_steps_have_the_names_that_the_doctor_uses() -> None:
    assert set(STEPS) <= set(CAPABILITIES)
    for name, step in STEPS.items():
        assert step.page.startswith(("/login > ", "/appliance > ")), name
        assert all(guide in {f"G{number}" for number in range(1, 45)} for guide in step.guide), name


def test_page_option_and_readme_list_the_same_steps() -> None:
    page, readme = (CHECKOUT / "docs/manual.md").read_text(), (CHECKOUT / "README.md").read_text()
    row = next(line for line in readme.splitlines() if line.startswith("| `bt_manual_steps` |"))
    for name in STEPS:
        assert f"\n| `{name}` |" in page
        assert f"`{name}`" in row
    assert _edge.CONNECTION_SPEC["manual_steps"]["choices"] == [ALL, *STEPS]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_written_out_whole(tmp_path: Path, step: str) -> None:
    box, _context, _said = box_with(tmp_path, step)
    values = {key: value for key, value in values_of(step).items() if key != "box"}
    lines = _manual.written(box, step, values)
    text = "\n".join(lines)
    assert lines[0].startswith(f"BY HAND, {step} (G")
    assert f"on box-a (192.0.2.1), {STEPS[step].page}" in lines[1]
    assert lines[2].startswith("  1. ")
    assert lines[-1].startswith("  Waited for: ")
    assert all(value in text for value in values.values())
    assert "{" not in text


def test_what_is_asked_and_seen_is_in_the_journal(tmp_path: Path) -> None:
    box, context, said = box_with(tmp_path, "break")
    looks = iter([Look[str]("failover role primary"), Look("failover role none", "none")])
    assert _manual.ask(box, context, "break", lambda: next(looks), mark="m") == "none"
    assert [(r["kind"], r["step"], r["box"]) for r in context.journal.records()] == [
        ("asked", "break", "box-a"), ("seen", "break", "box-a"),
    ]
    assert _manual.open_request(context, box, "break") is None
    assert any('Press "Break Failover Relationship"' in line for line in said)


def test_at_the_deadline_it_stops_and_the_next_run_sees_what_was_done(tmp_path: Path) -> None:
    box, context, said = box_with(tmp_path, "break")
    with pytest.raises(NotDoneByHand) as caught, context.act("box-a", "break", "Broke it."):
        _manual.ask(box, context, "break", lambda: Look[str]("failover role primary"), mark="m")
    error = caught.value
    assert error.kind == "needs_person"
    assert "break the failover relationship on box-a" in error.what
    assert "failover role primary" in error.what
    assert "same command again" in error.advice
    assert error.facts["manual_step"] == "break"
    assert any("Break Failover Relationship" in line for line in error.facts["instructions"])
    # Whether the person begins after all is not known, so the act stays open.
    assert context.journal.open_act("box-a", "break") is not None
    asked = _manual.open_request(context, box, "break")
    assert asked is not None
    assert asked["mark"] == "m"
    left = summarise(context.journal.records(), [], False).by_hand
    assert "asked to break the failover relationship on box-a" in str(left)
    said.clear()
    assert _manual.ask(box, context, "break", lambda: Look("failover role none", "none")) == "none"
    assert not any("BY HAND" in line for line in said)
    assert "asked to break" not in str(summarise(context.journal.records(), [], False).by_hand)


def test_a_bad_answer_while_a_person_works_is_nothing_to_see_yet(tmp_path: Path) -> None:
    box, context, _said = box_with(tmp_path, "break", timeout=5)
    answers = iter([ApiFailed("HTTP 500"), Unreachable("no answer"), None])

    def look() -> Look[str]:
        error = next(answers)
        if error is not None:
            raise error
        return Look("failover role none", "none")

    assert _manual.ask(box, context, "break", look) == "none"


def test_where_nobody_can_be_told_it_stops_at_once_and_tells_in_its_result(tmp_path: Path) -> None:
    context = Context(journal=Journal(str(tmp_path)))
    box = Box(Connection("box-a", Endpoint("192.0.2.1"), manual=Manual(frozenset([ALL]), 3600.0)), context)
    with pytest.raises(NotDoneByHand) as caught:
        _manual.ask(box, context, "break", lambda: Look[str]("failover role primary"))
    assert any('Press "Break Failover Relationship"' in line for line in caught.value.facts["instructions"])


def test_a_request_of_a_finished_run_is_over(tmp_path: Path) -> None:
    box, context, _said = box_with(tmp_path, "sync")
    context.journal.write("asked", "…", box="box-a", step="sync")
    context.journal.write("asked", "…", box="box-b", step="break")
    assert _manual.open_request(context, box, "sync") is not None
    assert _manual.open_request(context, box, "break") is None
    context.journal.write("finished", "…")
    assert _manual.open_request(context, box, "sync") is None


@pytest.mark.parametrize("kind", [PageNotUnderstood, PageIsApplication])
def test_an_error_about_a_page_names_the_innermost_step(kind: type[PageNotUnderstood]) -> None:
    with pytest.raises(kind) as caught, driving("install"), driving("check"):
        raise kind("The page shows nothing.", advice="Add the words.")
    assert caught.value.advice.startswith("Add the words. ")
    assert "bt_manual_steps: [check]" in caught.value.advice
    assert "install" not in caught.value.advice
    assert caught.value.facts["manual_step"] == "check"


def test_with_all_nobody_logs_in_and_no_page_is_opened() -> None:
    raw = {"host": "192.0.2.1", "manual_steps": "all", **ACCOUNTS}
    arguments, _secrets = _edge.validated("bt_info", {}, raw)
    box = _edge.box_of(arguments, Context())
    assert (box.connection.appliance, box.connection.login) == (None, None)
    assert all(_manual.by_hand(box, step) for step in STEPS)
    for application in ("login", "appliance"):
        with pytest.raises(NeedsPerson, match="bt_manual_steps: all"):
            getattr(box, application)
    require(box, "An update", "appliance")
    arguments["api_client_id"] = None
    with pytest.raises(BadInput, match="bt_api_client_id"):
        require(_edge.box_of(arguments, Context()), "An update", "appliance")


def test_some_steps_leave_the_rest_as_it_is() -> None:
    raw = {"host": "192.0.2.1", "manual_steps": "sync,break", "manual_timeout": "5", **ACCOUNTS}
    arguments, _secrets = _edge.validated("bt_info", {}, raw)
    box = _edge.box_of(arguments, Context())
    assert box.connection.login is not None
    assert [step for step in STEPS if _manual.by_hand(box, step)] == ["sync", "break"]
    assert box.connection.manual.timeout == 5.0


def test_a_step_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput, match="manual_steps"):
        _edge.validated("bt_info", {}, {"host": "192.0.2.1", "manual_steps": ["dance"]})


def test_what_could_not_be_seen_is_refused_beforehand(tmp_path: Path) -> None:
    box, _context, _said = box_with(tmp_path, ALL)
    version, base = Version.wanted("24.3.1", "version"), Version.wanted("6.2.0", "base_version")
    _installing_by_hand.refuse_unseen(box, version, None, None)
    _installing_by_hand.refuse_unseen(box, version, base, base)
    with pytest.raises(BadInput, match="latest"):
        _installing_by_hand.refuse_unseen(box, None, None, None)
    with pytest.raises(BadInput, match="Which base software"):
        _installing_by_hand.refuse_unseen(box, version, base, None)


def test_a_backup_by_hand_is_taken_over_once_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_manual, "STEADY_SECONDS", 0.2)
    folder = tmp_path / "backups" / "by-hand" / "box-a"
    folder.mkdir(parents=True)
    (folder / "older.nsb").write_bytes(b"PK" + b"o" * 1000)
    box, context, said = box_with(tmp_path, "backup", timeout=20)

    def put() -> None:
        (folder / "page.html").write_text("<html>" + " " * 1000)
        threading.Event().wait(2.5)
        (folder / "page.html").unlink()
        (folder / "new.nsb").write_bytes(b"PK" + b"n" * 1000)

    threading.Event().wait(0.1)  # so that the older file is older, however coarse the file system's clock
    person = threading.Timer(0.3, put)
    person.start()
    given = _backup._ask(box, _backup.Wish(str(tmp_path / "backups"), "secret"))
    person.join()
    assert given.name == "new.nsb"
    assert b"".join(_backup._read_in_chunks(given)) == b"PK" + b"n" * 1000
    assert any("page.html is no backup" in line for line in said)
    assert not any("secret" in line for line in said)
    assert [record["kind"] for record in context.journal.records()] == ["asked", "seen"]


def test_that_both_have_the_shared_ip_is_shouted_once_and_is_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, context, said = box_with(tmp_path, ALL)
    target = Box(Connection("box-b", Endpoint("192.0.2.2")), context)
    site = PublicName("access.example.com", 443, "192.0.2.10")
    watch = _cutover_by_hand._Watch(source, target, context, "192.0.2.10", site, 0.0)
    both = True
    monkeypatch.setattr(_cutover_by_hand, "_have_both", lambda *_given: both)
    monkeypatch.setattr(_cutover_by_hand, "answers_healthy", lambda *_given: True)
    monkeypatch.setattr(_cutover_by_hand, "who_answers", lambda *_given: Witness("box-b", "appliance id 1"))
    for _look in range(2):
        assert watch.look().value is None
    assert said == ["BOTH box-a AND box-b HAVE 192.0.2.10: put it off on one of them AT ONCE"]
    assert [record["kind"] for record in context.journal.records()] == ["both"]
    both = False
    assert (watch.look().value or 0) > 0


def test_who_serves_is_looked_for_however_little_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, context, _said = box_with(tmp_path, ALL)
    site = PublicName("access.example.com", 443, "192.0.2.10")
    watch = _cutover_by_hand._Watch(source, source, context, "192.0.2.10", site, 0.0)

    def nobody(*_given: object) -> bool:
        raise Unreachable("no answer")

    monkeypatch.setattr(_cutover_by_hand, "_have_both", nobody)
    assert watch.look() == Look("no answer")


def test_it_is_seen_whether_the_page_of_updates_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything, _context, _said = box_with(tmp_path, ALL)
    install, _context, _said = box_with(tmp_path, "install")
    none, _context, _said = box_with(tmp_path)

    def unread(_site: object) -> None:
        raise PageIsApplication("It is drawn by JavaScript.")

    monkeypatch.setattr(_installing_by_hand, "open_updates", unread)
    assert _installing_by_hand.is_blind(everything, "")
    assert _installing_by_hand.is_blind(install, "")
    assert not _installing_by_hand.is_blind(install, "/packages")  # which a person does not send
    assert not _installing_by_hand.is_blind(none, "")
    monkeypatch.setattr(_installing_by_hand, "open_updates", lambda _site: None)
    assert not _installing_by_hand.is_blind(install, "")
