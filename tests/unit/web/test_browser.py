# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages that a script draws, understood and used through a real browser by the same page objects."""

from __future__ import annotations

import hashlib
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    LoginRefused,
    MissingLibrary,
    NeedsPerson,
    PageIsApplication,
    PageNotUnderstood,
    SessionEnded,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _browser
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Page, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account, Choice, Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from tests.unit.web.appliance import ACCOUNT, Appliance
from tests.unit.web.box import Box, Reply, redirect, serving
from tests.unit.web.drawn import Drawn

BASICS = ("menu.status", "menu.basics")


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with serving(tmp_path_factory.mktemp("tls")) as running:
        yield running
    _browser.stop_browsers()


@pytest.fixture
def box(server: Box, drawn: Drawn) -> Box:
    server.answering = drawn
    server.asked.clear()
    return server


def site(
    box: Box, memory: Memory | None = None, engine: Choice = "browser", account: Account | None = ACCOUNT
) -> Site:
    return Site(
        Transport(box.endpoint), "appliance", account, Words("en"), (memory or Memory()).of("one"), engine=engine
    )


def named(page: Page, label: str) -> Field:
    return next(each for each in page.fields() if each.label == label)


def press(page: Page, label: str, **values: Any) -> Any:
    button = next(each for each in page.all_buttons() if each.label == label)
    return page.fill({named(page, name.replace("_", " ")): value for name, value in values.items()}, button)


SETTINGS = {"Host_Name": "new", "Time_Zone": "CET", "Enabled": True, "Way": "Slow"}
SAVED = {"name": "new", "zone": "2", "on": True, "way": "Slow"}


@pytest.mark.parametrize("engine", ["browser", "auto"])
def test_what_a_script_draws_is_read_filled_in_and_saved(box: Box, drawn: Drawn, engine: Choice) -> None:
    own = site(box, engine=engine)
    page = own.open(*BASICS)
    assert [(each.label, each.kind, each.value) for each in page.fields()] == [
        ("Host Name", "text", "box-9"), ("Time Zone", "select", "UTC"), ("Enabled", "checkbox", "on"),
        ("Way", "radio", ""),
    ]
    after = own.submit(press(page, "Save Changes", **SETTINGS))
    assert drawn.saved == [SAVED]
    assert "Saved." in after.text
    assert named(after, "Way").value == "Slow"


@pytest.mark.parametrize(("slow", "plain"), [(600, True), (50, False)])
def test_a_slow_application_is_waited_for_and_menus_without_addresses_are_followed(
    box: Box, drawn: Drawn, slow: int, plain: bool
) -> None:
    drawn.slow, drawn.plain = slow, plain
    own = site(box)
    assert "BT-9" in own.open(*BASICS).text
    assert own.open("menu.updates").heading == "Updates"
    assert drawn.log_ins == 1


@pytest.mark.parametrize("ticket", [False, True])
def test_one_log_in_serves_later_tasks_until_the_log_out(box: Box, drawn: Drawn, ticket: bool) -> None:
    drawn.ticket = ticket
    memory = Memory()
    site(box, memory).open(*BASICS)
    later = site(box, memory, engine="auto")
    assert later.is_alive()
    later.open(*BASICS)
    assert drawn.log_ins == 1
    assert site(box, memory).log_out()
    assert not drawn.inside
    assert memory.load("one appliance.session") is None


def test_a_question_of_the_browser_is_answered_where_it_is_part_of_the_act(box: Box, drawn: Drawn) -> None:
    drawn.asks = "window"
    own = site(box)
    own.submit(press(own.open(*BASICS), "Save Changes", **SETTINGS))
    assert drawn.saved == [SAVED]


def test_a_question_drawn_by_the_page_is_a_page_of_its_own(box: Box, drawn: Drawn) -> None:
    drawn.asks = "dialog"
    own = site(box)
    asked = own.submit(press(own.open(*BASICS), "Save Changes", **SETTINGS))
    assert not drawn.saved
    assert [each.label for each in asked.all_buttons()] == ["Yes", "No"]
    own.submit(asked.fill({}, asked.button("confirm.yes")))
    assert drawn.saved == [SAVED]


def test_a_page_that_was_left_is_gone_back_to(box: Box, drawn: Drawn) -> None:
    own = site(box)
    own.open("menu.updates")  # so that its address is known, and is gone to next time
    before = press(own.open(*BASICS), "Save Changes", **SETTINGS)
    own.open("menu.updates")
    own.submit(before)
    assert drawn.saved == [SAVED]


def test_a_page_that_changed_since_it_was_read_gets_nothing(box: Box, drawn: Drawn) -> None:
    own = site(box)
    before = press(own.open(*BASICS), "Save Changes", **SETTINGS)
    own.open("menu.updates")
    drawn.save = "Save and Restart"
    with pytest.raises(PageNotUnderstood, match="changed since it was read"):
        own.submit(before)
    assert not drawn.saved


def test_a_large_file_goes_up_in_constant_memory_and_another_comes_down(
    box: Box, drawn: Drawn, tmp_path: Path
) -> None:
    size = 200_000_000
    path = tmp_path / "update.bin"
    with path.open("wb") as file:
        file.truncate(size)
    own = site(box)
    page = own.open("menu.updates")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("rb") as stream:
        after = own.submit(press(page, "Upload", Package=Upload(path.name, stream, size, str(path))))
    assert "Received." in after.text
    sent = next(each for each in box.asked if each.path.endswith("/package"))
    assert size < sent.size < size + 1000
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used) * 1024 < 20_000_000
    drawn.file = b"0123456789" * 100_000
    with own.download(press(own.open("menu.updates"), "Download")) as download:
        assert (download.name, download.size) == ("kept.bin", 1_000_000)
        assert hashlib.sha256(b"".join(download.chunks())).digest() == hashlib.sha256(drawn.file).digest()
    assert drawn.log_ins == 1


def test_a_refused_log_in_is_not_tried_again(box: Box, drawn: Drawn) -> None:
    drawn.word = "another"
    memory = Memory()
    for _task in range(2):
        with pytest.raises(LoginRefused):
            site(box, memory).open(*BASICS)
    assert drawn.log_ins == 1


def test_a_session_that_ended_is_renewed_before_a_page_is_opened_but_not_in_an_act(box: Box, drawn: Drawn) -> None:
    own = site(box)
    page = own.open(*BASICS)
    drawn.inside = False
    with pytest.raises(SessionEnded):
        own.submit(press(page, "Save Changes", **SETTINGS))
    assert (drawn.saved, drawn.log_ins) == ([], 1)
    own.open(*BASICS)
    assert drawn.log_ins == 2


@pytest.mark.parametrize("status", [500, 503])
def test_an_act_whose_answer_tells_nothing_is_lost(box: Box, drawn: Drawn, status: int) -> None:
    own = site(box)
    page = own.open(*BASICS)
    drawn.replies["/appliance/data/save"] = Reply("", status)
    with pytest.raises(AnswerLost):
        own.submit(press(page, "Save Changes", **SETTINGS))
    assert [each.path for each in box.asked].count("/appliance/data/save") == 1


def test_single_sign_on_is_a_person_s(box: Box, drawn: Drawn) -> None:
    drawn.replies["/appliance"] = redirect("https://sso.example.com/start?SAMLRequest=x")
    with pytest.raises(NeedsPerson, match=r"https://sso\.example\.com"):
        site(box).open(*BASICS)


def test_a_box_that_calls_itself_by_its_public_name_is_still_the_box(box: Box, drawn: Drawn) -> None:
    drawn.replies["/appliance"] = redirect("https://access.example.com/appliance/status")
    assert "BT-9" in site(box).open(*BASICS).text


def test_another_certificate_gets_nothing(box: Box, drawn: Drawn, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    stranger = replace(box, endpoint=replace(box.endpoint, ca_path=str(tmp_path / "other.pem")))
    with pytest.raises(TlsRefused):
        site(stranger).open(*BASICS)
    named_else = replace(box, endpoint=replace(box.endpoint, name="box-b.example.com"))
    with pytest.raises(TlsRefused):
        site(named_else).open(*BASICS)
    assert box.asked == []


def test_nobody_there(box: Box) -> None:
    gone = replace(box, endpoint=replace(box.endpoint, address="127.0.0.77"))
    with pytest.raises(Unreachable):
        site(gone).open(*BASICS)


def test_pages_that_need_no_script_are_read_by_either_engine(box: Box) -> None:
    box.answering = Appliance()
    for engine in ("http", "browser", "auto"):
        own = site(box, engine=engine)  # type: ignore[arg-type]
        assert own.open(*BASICS).fact("basics.serial") == "BT-1"
        own.log_out()


def test_without_a_browser_the_error_tells_what_to_install(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_browser, "playwright_is_installed", lambda: False)
    _browser.stop_browsers()
    with pytest.raises(PageIsApplication, match="playwright"):
        site(box, engine="auto").open(*BASICS)
    with pytest.raises(MissingLibrary, match="playwright"):
        site(box, engine="browser").open(*BASICS)
    with pytest.raises(PageIsApplication, match="bt_web_engine"):
        site(box, engine="http").open(*BASICS)
