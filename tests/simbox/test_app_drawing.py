# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The script of the era `app` draws all that a page can say, and sends what a person filled in; without any box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Browser, Locator, Route

from simbox import page as said
from simbox.delivery import POLICY
from simbox.markup.app import asset, data_of, shell
from tests.simbox.chromium import chromium
from tests.simbox.test_markup import ADDRESS, PAGE, PAGES, UPLOAD, fields_of, forms_of, wire

ORIGIN = "https://box.example.test"
ROLES = {"checkbox": "checkbox", "select": "combobox", "number": "spinbutton", "text": "textbox", "textarea": "textbox"}
LIST = said.Form(
    "list",
    "/list",
    (said.Ticks(("Name", "Host"), (said.Tick("t1", "Select one", ("one", said.Link("host-1", "/h1"))),)),),
    (said.Button("apply", "Apply"),),
)


class Window:
    """Chromium on an origin that exists only here: it answers with `shown`, and keeps what is sent."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page(reduced_motion="reduce")
        self.page.set_default_timeout(8000)
        self.shown: said.Page = PAGE
        self.sent: list[tuple[str, dict[str, str], Any]] = []
        self.defects: list[str] = []
        self.page.on("pageerror", lambda error: self.defects.append(str(error)))
        self.page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path
        if path.startswith("/a/"):
            found = asset(path.removeprefix("/a/"), self.shown.language)
            assert found is not None
            route.fulfill(body=found[0], content_type=found[1])
        elif "application/json" not in request.headers.get("accept", ""):
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=shell("/a", self.shown.language), content_type="text/html", headers=headers)
        else:
            if request.method == "POST":
                self.sent.append((path, request.headers, request.post_data))
            route.fulfill(json={"page": data_of(self.shown, wire, "t0ken", "/here")})

    def show(self, page: said.Page) -> Locator:
        """Draw a page; answers where its sections are."""
        self.shown = page
        self.page.goto(f"{ORIGIN}/here")
        self.settle()
        return self.page.get_by_role("main")

    def settle(self) -> None:
        """Wait until nothing is under way."""
        self.page.locator("main[aria-busy=false]").wait_for()
        assert self.defects == []


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    """One for all tests."""
    with chromium() as browser:
        yield Window(browser)


def test_controls_have_label_value_and_state(window: Window) -> None:
    main = window.show(PAGE)
    for title, host, port in (("This Site", "", "443"), ("Other Site", "", "8443")):
        group = main.get_by_role("group", name=title)
        assert group.get_by_role("textbox", name="Host Name", exact=True).input_value() == host
        assert group.get_by_role("spinbutton", name="TLS Port", exact=True).input_value() == port
    for field in fields_of(ADDRESS):
        if field.kind not in ROLES or field.key.startswith(("host", "port")):
            continue
        control = main.get_by_role(ROLES[field.kind], name=field.label, exact=True)  # type: ignore[arg-type]
        assert control.is_enabled() is field.enabled
        if field.kind == "checkbox":
            assert control.is_checked() is field.checked
        else:
            assert control.input_value() == field.value
    assert main.get_by_label("Pre-shared Key", exact=True).get_attribute("type") == "password"
    choices = main.get_by_role("group", name="When").get_by_role("radio")
    assert [choice.is_checked() for choice in choices.all()] == [False, True]
    assert main.get_by_role("radio", name="Now", exact=True).get_attribute("value") == "now"
    enabled = main.get_by_role("checkbox", name="Enabled", exact=True)
    assert enabled.evaluate("node => document.getElementById(node.getAttribute('aria-describedby')).textContent") == (
        "On one appliance only."
    )
    assert main.get_by_role("button", name="Reset", exact=True).is_disabled()
    assert window.page.locator("form, [action], input[name]:not([type=radio])").count() == 0


def test_what_was_filled_in_is_sent(window: Window) -> None:
    """As JSON, the token in a header; what is disabled or not ticked is not sent; a file goes as a form."""
    main = window.show(PAGE)
    main.get_by_role("group", name="Other Site").get_by_label("Host Name").fill("b.example.test")
    main.get_by_label("Mode", exact=True).select_option("Automatic")
    main.get_by_label("Now", exact=True).check()
    main.get_by_label("Use DHCP", exact=True).check()
    main.get_by_label("Enabled", exact=True).uncheck()
    window.sent.clear()
    main.get_by_role("button", name="Save Changes").click()
    window.settle()
    path, headers, body = window.sent.pop()
    assert (path, headers["x-csrf-token"], headers["content-type"]) == ("/save", "t0ken", "application/json")
    values = {"off": "1", "mode": "a", "when": "now", "host": "", "port": "443", "host2": "b.example.test"}
    values |= {"port2": "8443", "key": "", "note": "\none\ntwo", "save": "1"}
    assert window.page.evaluate("text => JSON.parse(text)", body) == {
        wire("address", key): value for key, value in values.items()
    }
    chosen = {"name": "update.bin", "mimeType": "application/octet-stream", "buffer": b"content"}
    main.get_by_label("Update File").set_input_files(chosen)  # type: ignore[arg-type]
    main.get_by_role("button", name="Upload").click()
    window.settle()
    path, headers, _body = window.sent.pop()
    assert path == "/upload"
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert headers["x-csrf-token"] == "t0ken"


def test_rows_are_ticked_by_their_name(window: Window) -> None:
    main = window.show(replace(PAGE, sections=(said.Section("All", (LIST,)),)))
    row = main.get_by_role("row", name="one host-1")
    row.get_by_role("checkbox", name="Select one").check()
    window.sent.clear()
    main.get_by_role("button", name="Apply").click()
    window.settle()
    assert window.page.evaluate("text => JSON.parse(text)", window.sent.pop()[2]) == {
        wire("list", "t1"): "1",
        wire("list", "apply"): "1",
    }


def test_all_that_is_only_read_is_there(window: Window) -> None:
    main = window.show(PAGE)
    assert [heading.inner_text() for heading in main.get_by_role("heading", level=2).all()] == ["Address", "Packages"]
    assert main.get_by_role("status").inner_text() == "Saved."
    assert main.get_by_role("alert").inner_text() == "Refused."
    card = main.get_by_role("article", name="Base Software 6.2.0")
    assert card.get_by_role("button", name=UPLOAD.buttons[0].label).count() == 1
    assert card.get_by_role("definition").inner_text() == "15"
    assert main.get_by_role("progressbar", name="Installing").get_attribute("aria-valuenow") == "40"
    assert main.get_by_role("progressbar", name="Waiting").get_attribute("aria-valuenow") is None
    assert main.get_by_role("table", name="History").get_by_role("columnheader").all_inner_texts() == ["Name", "Host"]
    assert main.get_by_role("link", name="Download Key").get_attribute("href") == "/key"
    menu = window.page.get_by_role("navigation")
    assert menu.get_by_role("link").all_inner_texts() == ["IP Configuration", "SNMP", "Updates"]
    menu.get_by_role("button", name="Status").click()
    assert menu.get_by_role("link", name="Basics").get_attribute("href") == "/status/basics"
    assert "box-a.example.test" in window.page.title()


def test_a_dangerous_button_asks(window: Window) -> None:
    """Nothing is sent before the button of the same name in the dialog is pressed; Escape and Cancel leave it."""
    button = said.Button("wipe", "Wipe", "danger")
    main = window.show(replace(PAGE, sections=(said.Section("All", (said.Form("all", "/wipe", (), (button,)),)),)))
    window.sent.clear()
    dialog = window.page.get_by_role("dialog", name="Wipe")
    for leave in (lambda: window.page.keyboard.press("Escape"), dialog.get_by_role("button", name="Cancel").click):
        main.get_by_role("button", name="Wipe").click()
        dialog.wait_for()
        leave()
        dialog.wait_for(state="detached")
    assert window.sent == []
    main.get_by_role("button", name="Wipe").click()
    dialog.get_by_role("button", name="Wipe").click()
    dialog.wait_for(state="detached")
    window.settle()
    assert [path for path, _headers, _body in window.sent] == ["/wipe"]


def test_a_page_that_looks_again_keeps_what_was_typed(window: Window) -> None:
    """Only sections that say something new are drawn anew."""
    form = said.Form("one", "/one", (said.Field("name", "Name"),), (said.Button("go", "Go"),))
    page = replace(PAGE, refresh_seconds=1, sections=(said.Section("Form", (form,)), said.Section("Said", ())))
    main = window.show(page)
    main.get_by_label("Name").fill("typed")
    window.shown = replace(page, sections=(*page.sections[:1], said.Section("Said", (said.Paragraph("News"),))))
    main.get_by_text("News").wait_for()
    assert main.get_by_label("Name").input_value() == "typed"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(page=PAGES)
def test_any_text_stays_text(window: Window, page: said.Page) -> None:
    """What is said is never markup, and every control keeps its label and value."""
    main = window.show(page)
    assert window.page.locator("main :is(script, b, form)").count() == main.locator(".progress b").count()
    fields = [field for form in forms_of(page) for field in fields_of(form)]
    labels = main.locator("label").all_inner_texts()
    assert [" ".join(label.split()) for label in labels] == [field.label for field in fields]
    values = [control.input_value() for control in main.locator("input[type=text], textarea").all()]
    assert values == [field.value for field in fields if field.kind in ("text", "textarea")]
