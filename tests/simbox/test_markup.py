# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every era of markup says what its page says: controls with their labels, buttons with their forms, nothing more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from simbox.markup import ERAS, TOKEN_KEY, render
from simbox.page import (
    Button,
    Card,
    Facts,
    Field,
    Form,
    Group,
    Link,
    MenuItem,
    Option,
    Page,
    Paragraph,
    Progress,
    Section,
    Table,
)

Node = Any  # lxml's stubs know too little of html elements
LANGUAGES = ("en", "nl")

ADDRESS = Form(
    key="address",
    action="/save",
    items=(
        Field("ip", "IP Address", value="10.0.0.5", enabled=False),
        Field("on", "Enabled", "checkbox", checked=True, help="On one appliance only."),
        Field("off", "Use DHCP", "checkbox"),
        Field("mode", "Mode", "select", "b", options=(Option("a", "Automatic"), Option("b", "By hand"))),
        Field("when", "When", "radio", "later", options=(Option("now", "Now"), Option("later", "Later"))),
        Group("This Site", (Field("host", "Host Name"), Field("port", "TLS Port", "number", "443"))),
        Group("Other Site", (Field("host2", "Host Name"), Field("port2", "TLS Port", "number", "8443"))),
        Field("key", "Pre-shared Key", "password"),
        Field("note", "Note", "textarea", "\none\ntwo"),
    ),
    buttons=(Button("save", "Save Changes", "primary"), Button("reset", "Reset", "danger", enabled=False)),
)
UPLOAD = Form("upload", "/upload", (Field("file", "Update File", "file"),), (Button("go", "Upload"),), upload=True)
PAGE = Page(
    title="Networking",
    language="en",
    application="appliance",
    box="box-a.example.test",
    product="Appliance Administration",
    menu=(
        MenuItem("Status", "/status", children=(MenuItem("Basics", "/status/basics"),)),
        MenuItem(
            "Network",
            "/network",
            current=True,
            children=(MenuItem("IP Configuration", "/network/ip", current=True), MenuItem("SNMP", "/network/snmp")),
        ),
        MenuItem("Updates", "/updates"),
    ),
    messages=(Paragraph("Saved.", "success"), Paragraph("Refused.", "error")),
    sections=(
        Section("Address", (ADDRESS,)),
        Section(
            "Packages",
            (
                Card("Base Software 6.2.0", (Facts((("Licenses", "15"),)), UPLOAD)),
                Progress("Installing", 40),
                Progress("Waiting"),
                Table(("Name", "Host"), (("one", Link("host-1", "/h1")),), "History"),
                Paragraph("Does not satisfy.", "warning"),
                Link("Download Key", "/key"),
            ),
        ),
    ),
    user="admin",
    logout=Link("Log out", "/bye"),
)


def wire(form_key: str, key: str) -> str:
    """Names as a box would give them: they say nothing and hold characters that need care."""
    return f"f[{form_key}][{key}]"


def drawn(era: str, page: Page = PAGE, token: str | None = "t0ken") -> Node:
    """The page as a parsed document."""
    return html.document_fromstring(render(page, era, wire, token))


def words(node: Node) -> str:
    """Visible text of an element, white space collapsed."""
    return " ".join(node.text_content().split())


def named(document: Node, name: str) -> Node:
    """The one element with this wire name."""
    found = document.xpath("//*[@name=$name]", name=name)
    assert len(found) == 1, f"{len(found)} elements are named {name}"
    return found[0]


def label_of(document: Node, control: Node) -> str:
    """What a control is called, by any of the ways the eras use; a trailing colon is cut."""
    if "aria-label" in control.attrib:
        return str(control.get("aria-label"))
    if "aria-labelledby" in control.attrib:
        return words(document.get_element_by_id(control.get("aria-labelledby")))
    if "id" in control.attrib:
        return words(document.xpath("//label[@for=$id]", id=control.get("id"))[0])
    cell = control.xpath("ancestor::td[1]/preceding-sibling::td[1]")[0]
    return words(cell).removesuffix(":")


def form_of(document: Node, control: Node) -> Node:
    """The form a control belongs to: by its `form` attribute, else the one around it."""
    if "form" in control.attrib:
        return document.get_element_by_id(control.get("form"))
    return control.xpath("ancestor::form[1]")[0]


def text_of_button(button: Node) -> str:
    return str(button.get("value")) if button.tag == "input" else words(button)


def value_of(control: Node) -> str:
    """What a browser would send; libxml2 keeps the first line break of a textarea, HTML does not."""
    value = str(control.value)
    return value.removeprefix("\n") if control.tag == "textarea" else value


def fields_of(form: Form) -> list[Field]:
    """All fields of a form, those in groups too."""
    found: list[Field] = []
    for item in form.items:
        found.extend(item.fields if isinstance(item, Group) else (item,))
    return found


@pytest.mark.parametrize("era", ERAS)
def test_controls_have_label_value_and_state(era: str) -> None:
    document = drawn(era)
    for field in fields_of(ADDRESS):
        if field.kind == "radio":
            continue
        control = named(document, wire("address", field.key))
        assert label_of(document, control) == field.label
        assert ("disabled" in control.attrib) is not field.enabled
        assert form_of(document, control).get("action") == "/save"
        if field.kind == "checkbox":
            assert ("checked" in control.attrib) is field.checked
        else:
            assert value_of(control) == field.value
    assert words(document).count("On one appliance only.") == 1


@pytest.mark.parametrize("era", ERAS)
def test_radio_group_has_a_name_for_the_group_and_for_each_choice(era: str) -> None:
    document = drawn(era)
    buttons = document.xpath("//input[@type='radio']")
    assert [button.get("value") for button in buttons] == ["now", "later"]
    assert {button.get("name") for button in buttons} == {wire("address", "when")}
    assert ["checked" in button.attrib for button in buttons] == [False, True]
    for button, label in zip(buttons, ("Now", "Later"), strict=True):
        assert label in (button.get("title"), label_of(document, button))
    group = buttons[0].xpath("ancestor::*[self::fieldset or @role='radiogroup' or self::tr][1]")[0]
    assert words(group).startswith("When")


@pytest.mark.parametrize("era", ERAS)
def test_same_labels_are_told_apart_by_the_title_of_their_group(era: str) -> None:
    document = drawn(era)
    for key, title in (("host", "This Site"), ("port", "This Site"), ("host2", "Other Site"), ("port2", "Other Site")):
        control = named(document, wire("address", key))
        around = control.xpath("ancestor::*[self::fieldset or @role='group' or self::table][1]")[0]
        assert words(around).startswith(title)


@pytest.mark.parametrize("era", ERAS)
def test_buttons_send_their_own_form(era: str) -> None:
    document = drawn(era)
    for form in (ADDRESS, UPLOAD):
        for button in form.buttons:
            drawn_button = named(document, wire(form.key, button.key))
            assert drawn_button.tag == ("input" if era == "tables" else "button")
            assert drawn_button.get("type", "submit") == "submit"
            assert text_of_button(drawn_button) == button.label
            assert ("disabled" in drawn_button.attrib) is not button.enabled
            assert form_of(document, drawn_button).get("action") == form.action
    inside = bool(document.xpath("//form[@action='/save']//*[@name=$name]", name=wire("address", "save")))
    assert inside is (era != "aria")


@pytest.mark.parametrize("era", ERAS)
def test_forms_are_posted_with_the_token_of_the_box(era: str) -> None:
    document = drawn(era)
    for form, encoding in ((ADDRESS, None), (UPLOAD, "multipart/form-data")):
        token = named(document, wire(form.key, TOKEN_KEY))
        assert (token.get("type"), token.get("value")) == ("hidden", "t0ken")
        owner = form_of(document, token)
        assert (owner.get("method"), owner.get("enctype")) == ("post", encoding)
    assert not drawn(era, token=None).xpath("//input[@type='hidden']")


@pytest.mark.parametrize("era", ERAS)
def test_section_headings(era: str) -> None:
    document = drawn(era)
    headings = {words(node) for node in document.xpath("//h2 | //*[@role='heading'][@aria-level='2'] | //th")}
    prefix = "Networking :: " if era == "tables" else ""
    assert {f"{prefix}Address", f"{prefix}Packages"} <= headings
    alone = drawn(era, replace(PAGE, menu=()))
    assert "Networking :: " not in words(alone)


@pytest.mark.parametrize("era", ERAS)
def test_menu_leads_to_every_page_and_shows_where_one_is(era: str) -> None:
    document = drawn(era)
    links = {words(link): link for link in document.xpath("//a[@href]")}
    for label, href in (("Status", "/status"), ("Network", "/network"), ("Updates", "/updates")):
        assert links[label].get("href") == href
    for label, href in (("IP Configuration", "/network/ip"), ("SNMP", "/network/snmp")):
        assert links[label].get("href") == href
        assert not links[label].xpath("ancestor::*[@hidden]")
    assert ("Basics" in links) is (era == "aria")
    if era == "aria":
        assert links["Basics"].xpath("ancestor::*[@hidden]")
        states = {button.get("formaction"): button.get("aria-expanded") for button in document.xpath("//nav//button")}
        assert states == {"/status": "false", "/network": "true"}
    assert links["Log out"].get("href") == "/bye"


@pytest.mark.parametrize("era", ERAS)
def test_all_that_is_only_read_is_there(era: str) -> None:
    document = drawn(era)
    text = words(document.body)
    for part in ("Saved.", "Refused.", "Base Software 6.2.0", "Licenses", "15", "History", "one", "Does not satisfy."):
        assert part in text
    for part in ("Installing", "40", "Waiting", "box-a.example.test", "Appliance Administration", "admin"):
        assert part in text
    links = {words(link): link.get("href") for link in document.xpath("//a[@href]")}
    assert (links["host-1"], links["Download Key"]) == ("/h1", "/key")


@pytest.mark.parametrize("era", ["divs", "aria"])
def test_messages_have_a_role(era: str) -> None:
    document = drawn(era)
    assert [words(node) for node in document.xpath("//*[@role='status']")] == ["Saved."]
    assert [words(node) for node in document.xpath("//*[@role='alert']")] == ["Refused."]


@pytest.mark.parametrize("era", ERAS)
def test_card_is_titled_and_holds_its_form(era: str) -> None:
    document = drawn(era)
    card = named(document, wire("upload", "go")).xpath(
        "ancestor::*[self::article or @role='article' or contains(@class, 'card')][1]"
    )[0]
    title = card.xpath(".//h3 | .//b | .//*[@role='heading'][@aria-level='3']")[0]
    assert words(title) == "Base Software 6.2.0"


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_language_and_refresh(era: str, language: Any) -> None:
    document = drawn(era, replace(PAGE, language=language, refresh_seconds=5))
    assert document.get("lang") == language
    assert [node.get("content") for node in document.xpath("//meta[@http-equiv='refresh']")] == ["5"]
    assert ("Logged in as" if language == "en" else "Aangemeld als") in words(document.body)
    assert not drawn(era).xpath("//meta[@http-equiv='refresh']")


@pytest.mark.parametrize("era", ERAS)
def test_ids_are_unique_resolved_and_new_at_every_rendering(era: str) -> None:
    document = drawn(era)
    ids = [node.get("id") for node in document.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    for attribute in ("for", "form", "aria-labelledby", "aria-describedby", "aria-controls"):
        assert set(document.xpath(f"//@{attribute}")) <= set(ids)
    assert not set(ids) & {node.get("id") for node in drawn(era).xpath("//*[@id]")}


@pytest.mark.parametrize("era", ERAS)
def test_nothing_is_fetched_and_no_script_is_needed(era: str) -> None:
    assert render(PAGE, era, wire, None).startswith("<!DOCTYPE html")
    document = drawn(era)
    assert not document.xpath("//script | //link | //img | //iframe | //*[@src] | //@*[starts-with(name(), 'on')]")
    style = document.xpath("string(//style)")
    assert not re.search(r"url\(|@import", style)
    assert "{#" not in style
    assert "{%" not in style


def test_the_older_look_is_well_formed_xml() -> None:
    text = render(PAGE, "tables", wire, "t0ken")
    body = text.partition("<body")[2].rpartition("</body>")[0]
    etree.fromstring(f"<!DOCTYPE body [<!ENTITY nbsp ' '>]><body{body}</body>")


def test_unknown_era_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'app'.*tables, divs, aria"):
        render(PAGE, "app", wire, None)


# --- any page at all -------------------------------------------------------------------------------------

TEXT = st.one_of(
    st.sampled_from(["<script>x()</script>", '"><b>', "' onclick='x", "&amp;", "{{ 7 * 7 }}", "]]>", "</td></form>"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn"]), min_size=1, max_size=30),
).map(lambda text: " ".join(text.split()) or "x")
KEYS = st.uuids().map(str)
FIELDS = st.builds(
    Field,
    key=KEYS,
    label=TEXT,
    kind=st.sampled_from(["text", "password", "number", "checkbox", "textarea", "file"]),
    value=TEXT,
    checked=st.booleans(),
    help=TEXT,
    enabled=st.booleans(),
)
FORMS = st.builds(
    Form,
    key=KEYS,
    action=TEXT,
    items=st.lists(st.one_of(FIELDS, st.builds(Group, TEXT, st.lists(FIELDS, max_size=2).map(tuple))), max_size=3).map(
        tuple
    ),
    buttons=st.lists(
        st.builds(Button, KEYS, TEXT, st.sampled_from(["plain", "primary", "danger"]), st.booleans()), max_size=2
    ).map(tuple),
    upload=st.booleans(),
)
LINKS = st.builds(Link, TEXT, TEXT)
TONES = st.sampled_from(["plain", "note", "success", "warning", "error", "progress"])
LEAVES = st.one_of(
    FORMS,
    LINKS,
    st.builds(Paragraph, TEXT, TONES),
    st.builds(Facts, st.tuples(st.tuples(TEXT, TEXT))),
    st.builds(Table, st.tuples(TEXT, TEXT), st.tuples(st.tuples(TEXT, LINKS)), TEXT),
    st.builds(Progress, TEXT, st.one_of(st.none(), st.integers(0, 100))),
)
ITEMS = st.one_of(LEAVES, st.builds(Card, TEXT, st.lists(LEAVES, max_size=2).map(tuple)))
MENUS = st.lists(
    st.builds(MenuItem, TEXT, TEXT, st.booleans(), st.lists(st.builds(MenuItem, TEXT, TEXT), max_size=2).map(tuple)),
    max_size=3,
).map(tuple)
PAGES = st.builds(
    Page,
    title=TEXT,
    language=st.sampled_from(LANGUAGES),
    application=st.sampled_from(["login", "appliance"]),
    box=TEXT,
    product=TEXT,
    menu=MENUS,
    sections=st.lists(st.builds(Section, TEXT, st.lists(ITEMS, max_size=3).map(tuple)), max_size=2).map(tuple),
    messages=st.lists(st.builds(Paragraph, TEXT, TONES), max_size=1).map(tuple),
    user=TEXT,
    logout=LINKS,
)


def forms_of(page: Page) -> list[Form]:
    """All forms of a page, those in cards too."""
    found: list[Form] = []
    for section in page.sections:
        for item in section.items:
            inner = item.items if isinstance(item, Card) else (item,)
            found.extend(part for part in inner if isinstance(part, Form))
    return found


@pytest.mark.parametrize("era", ERAS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(page=PAGES)
def test_any_text_stays_text(era: str, page: Page) -> None:
    document = drawn(era, page)
    assert not document.xpath("//script | //@onclick")
    assert len(document.xpath("//form[@method='post']")) == len(forms_of(page))
    for section in page.sections:
        assert section.title in words(document.body)
    for form in forms_of(page):
        for field in fields_of(form):
            control = named(document, wire(form.key, field.key))
            assert label_of(document, control) == field.label.removesuffix(":" if era == "tables" else "")
            assert form_of(document, control).get("action") == form.action
            if field.kind not in ("checkbox", "file"):
                assert value_of(control) == field.value
        for button in form.buttons:
            assert text_of_button(named(document, wire(form.key, button.key))) == button.label
