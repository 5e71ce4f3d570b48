# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What belongs to which section, in many markups."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Scope
from tests.unit.web.pages import naming, page_of

WORDS = naming(software__backup="Backup Settings", software__restore="Restore Settings", failover__host="Host name")
A, B = "Host name <input name=a>", "Host name <input name=b>"

# Each: the field a stands in the section "Backup Settings", the field b in "Restore Settings".
TWO_SECTIONS = {
    "headings": f"<h1>Software</h1><h2>Backup Settings</h2>{A}<h2>Restore Settings</h2>{B}",
    "headings in wrappers": (
        f"<div class=h><h2>Backup Settings</h2></div><div>{A}</div><div class=h><h2>Restore Settings</h2></div>"
        f"<div>{B}</div>"
    ),
    "cards": f"<div><h2>Backup Settings</h2><p>{A}</div><div><h2>Restore Settings</h2><p>{B}</div>",
    "cards with the control before the heading": (
        f"<div>{A}<h2>Backup Settings</h2></div><div>{B}<h2>Restore Settings</h2></div>"
    ),
    "headings of different rank below": (
        f"<h2>Backup Settings</h2><h3>More</h3>{A}<h2>Restore Settings</h2><h4>More</h4>{B}"
    ),
    "role heading": (
        f"<div role=heading aria-level=2>Backup Settings</div>{A}<div role=heading aria-level=2>Restore "
        f"Settings</div>{B}"
    ),
    "whole title": f"<h2>Software :: Backup Settings</h2>{A}<h2>Software :: Restore Settings</h2>{B}",
    "title with arrow": f"<h2>Software &raquo; Backup Settings</h2>{A}<h2>Software &raquo; Restore Settings</h2>{B}",
    "legends": (
        f"<fieldset><legend>Backup Settings</legend>{A}</fieldset><fieldset>"
        f"<legend>Restore Settings</legend>{B}</fieldset>"
    ),
    "named sections": (
        f"<section aria-label='Backup Settings'>{A}</section><section aria-label='Restore Settings'>{B}</section>"
    ),
    "unnamed sections": (
        f"<section><header><h3>Backup Settings</h3></header>{A}</section><section>"
        f"<h3>Restore Settings</h3>{B}</section>"
    ),
    "regions": (
        f"<div role=region aria-labelledby=p><p id=p>Backup Settings</p>{A}</div>"
        f"<div role=region aria-labelledby=q><p id=q>Restore Settings</p>{B}</div>"
    ),
    "captions": (
        f"<table><caption>Backup Settings</caption><tr><td>{A}</td></tr></table>"
        f"<table><caption>Restore Settings</caption><tr><td>{B}</td></tr></table>"
    ),
    "title rows": (
        f"<table><tr><td colspan=2>Backup Settings</td></tr><tr><td>1</td><td>{A}</td></tr></table>"
        f"<table><tr><th colspan=2>Restore Settings</th></tr><tr><td>1</td><td>{B}</td></tr></table>"
    ),
    "title rows in one table": (
        f"<table><tr><td colspan=2 class=title>Backup Settings</td></tr><tr><td>1</td><td>{A}</td></tr>"
        f"<tr><td colspan=2 class=title>Restore Settings</td></tr><tr><td>1</td><td>{B}</td></tr></table>"
    ),
    "bold title rows with notes between": (
        f"<table><tr><td colspan=2><b>Backup Settings</b></td></tr><tr><td colspan=2>Choose well.</td></tr>"
        f"<tr><td>1</td><td>{A}</td></tr><tr><td colspan=2><b>Restore Settings</b></td></tr><tr><td>1</td>"
        f"<td>{B}</td></tr></table>"
    ),
    "heading bars made of tables": (
        f"<table><tr><td><h2>Backup Settings</h2></td><td><a href=/h>Help</a></td></tr></table><form>{A}</form>"
        f"<table><tr><td><h2>Restore Settings</h2></td><td><a href=/h>Help</a></td></tr></table><form>{B}</form>"
    ),
    "columns of a layout table": (
        f"<table><tr><td><h3>Backup Settings</h3>{A}</td><td><h3>Restore Settings</h3>{B}</td></tr></table>"
    ),
    "rows of a layout table": (
        f"<table><tr><td><h3>Backup Settings</h3></td></tr><tr><td>{A}</td></tr>"
        f"<tr><td><h3>Restore Settings</h3></td></tr><tr><td>{B}</td></tr></table>"
    ),
    "bold lines": f"<p><b>Backup Settings</b><p>{A}<p><strong>Restore Settings</strong><p>{B}",
    "bold lines with breaks": f"<b>Backup Settings:</b><br>{A}<br><br><b>Restore Settings:</b><br>{B}<br>",
    "bold by style": (
        f"<div style='font-weight:bold'>Backup Settings</div>{A}<div style='font-weight: 700'>Restore Settings</div>{B}"
    ),
    "class names": f"<div class=panel-title>Backup Settings</div>{A}<div class=panel-title>Restore Settings</div>{B}",
    "terms": f"<dl><dt>Backup Settings</dt><dd>{A}</dd><dt>Restore Settings</dt><dd>{B}</dd></dl>",
    "details": (
        f"<details><summary>Backup Settings</summary>{A}</details><details>"
        f"<summary>Restore Settings</summary>{B}</details>"
    ),
    "tab panels": (
        "<div role=tablist><a role=tab aria-controls=p href='#p'>Backup Settings</a>"
        "<a role=tab aria-controls=q href='#q'>Restore Settings</a></div>"
        f"<div role=tabpanel id=p>{A}</div><div role=tabpanel id=q hidden>{B}</div>"
    ),
    "panels that a button unfolds": (
        "<h3><button type=button aria-expanded=false aria-controls=p>Backup Settings</button></h3>"
        f"<div id=p hidden>{A}</div><h3><button type=button aria-expanded=false aria-controls=q>Restore "
        f"Settings</button></h3>"
        f"<div id=q hidden>{B}</div>"
    ),
    "list entries": f"<ul><li><h4>Backup Settings</h4>{A}</li><li><h4>Restore Settings</h4>{B}</li></ul>",
    "forms with labels": f"<form aria-label='Backup Settings'>{A}</form><form aria-label='Restore Settings'>{B}</form>",
    "same words in the menu": (
        f"<ul class=menu><li><a href=/b>Backup Settings</a></ul><h2>Backup Settings</h2>{A}<h2>Restore Settings</h2>{B}"
    ),
    "page called like a section": f"<h1>Backup Settings</h1><h2>Backup Settings</h2>{A}<h2>Restore Settings</h2>{B}",
    "heading and container called alike": (
        f"<fieldset aria-label='Backup Settings'><h3>Backup Settings</h3>{A}</fieldset><h3>Restore Settings</h3>{B}"
    ),
    "heading with count": f"<h2>Backup Settings (2)</h2>{A}<h2>Restore Settings <span class=badge>4</span></h2>{B}",
    "plain lines": f"<div>Backup Settings</div><form>{A}</form><div>Restore Settings</div><form>{B}</form>",
    "plain text in cells": (
        f"<table><tr><td>Backup Settings</td></tr><tr><td><form>{A}</form></td></tr>"
        f"<tr><td>Restore Settings</td></tr><tr><td><form>{B}</form></td></tr></table>"
    ),
}


@pytest.mark.parametrize("case", TWO_SECTIONS)
def test_fields_are_told_apart_by_their_section(case: str) -> None:
    page = page_of(TWO_SECTIONS[case], words=WORDS)
    assert page.section("software.backup").field("failover.host").name == "a"
    assert page.section("software.restore").field("failover.host").name == "b"
    assert page.section_titled("restore settings").field("failover.host").name == "b"


@pytest.mark.parametrize("case", [case for case in TWO_SECTIONS if not case.startswith(("page", "plain"))])
def test_sections_are_listed(case: str) -> None:
    page = page_of(TWO_SECTIONS[case], words=WORDS)

    def all_titles(scope: Scope) -> list[str]:
        return [title for each in scope.sections() for title in (each.title, *all_titles(each))]

    titles = " | ".join(all_titles(page))
    assert titles.count("Backup Settings") == 1
    assert titles.index("Backup Settings") < titles.index("Restore Settings")


def test_path_names_the_sections_around() -> None:
    page = page_of(
        (f"<h1>Software</h1><h2>Backup Settings</h2><fieldset><legend>Restore Settings</legend>{A}</fieldset>"),
        words=WORDS,
    )
    assert page.section("software.restore").path == ("Software", "Backup Settings", "Restore Settings")


def test_section_ends_with_its_box() -> None:
    page = page_of(f"<main><section><h2>Backup Settings</h2>{A}</section>{B}</main>", words=WORDS)
    assert page.section("software.backup").field("failover.host").name == "a"


def test_section_in_a_section() -> None:
    page = page_of(f"<h2>Backup Settings</h2>x<h3>Restore Settings</h3>{B}<h2>Other</h2>{A}", words=WORDS)
    inner = page.section("software.backup").section("software.restore")
    assert inner.field("failover.host").name == "b"
    assert page.section("software.backup").maybe_section("software.backup") is None


def test_absent_section_is_none_or_an_error() -> None:
    page = page_of("<h2>Other</h2><p>Backup Settings are elsewhere.</p>", words=WORDS)
    assert page.maybe_section("software.backup") is None
    with pytest.raises(PageNotUnderstood, match="'Other'"):
        page.section("software.backup")


def test_two_sections_called_alike_are_an_error() -> None:
    page = page_of(f"<h2>Backup Settings</h2>{A}<h2>Backup Settings</h2>{B}", words=WORDS)
    with pytest.raises(PageNotUnderstood, match="2 different sections"):
        page.maybe_section("software.backup")


def test_heading_of_the_page() -> None:
    assert page_of("<h1>Failover</h1><h2>Status</h2>").heading == "Failover"
    assert page_of("<h2>Failover</h2><h3>a</h3><h3>b</h3>").heading == "Failover"
    assert page_of("<h2>a</h2><h2>b</h2>").heading == ""


def test_text_of_a_section_is_its_own() -> None:
    page: Page = page_of("<h2>Backup Settings</h2><p>one <b>two</b></p><h2>Other</h2><p>three</p>", words=WORDS)
    assert page.section("software.backup").text == "Backup Settings\none two"


def test_buttons_below_a_section_whose_form_they_send_are_its_own() -> None:
    page = page_of(
        f"<form><fieldset><legend>Backup Settings</legend>{A}</fieldset><div><button name=x>Download Backup</button>"
        f"</div></form>"
        f"<form><fieldset><legend>Restore Settings</legend>{B}</fieldset><div>"
        f"<button name=y>Download Backup</button></div></form>",
    )
    button = page.section_titled("Backup Settings").button("backup.download")
    assert page.fill({}, button).fields == [("a", ""), ("x", "")]
    shared = page_of(
        f"<form><fieldset><legend>Backup Settings</legend>{A}</fieldset>{B}<button>Download Backup</button></form>"
    )
    assert shared.section_titled("Backup Settings").maybe_button("backup.download") is None


@pytest.mark.parametrize("other", ["IP 4 (2)", "IP 4 2"])
def test_number_behind_a_title_is_a_count_only_where_no_title_is_just_so(other: str) -> None:
    shown = page_of(f"<h1>Network</h1><h2>Network :: {other}</h2><p>one</p><h2>Network :: IP 4</h2><p>two</p>")
    assert "two" in shown.section_titled("IP 4").text
    assert "one" not in shown.section_titled("IP 4").text
    assert "one" in page_of(f"<h1>Network</h1><h2>Network :: {other}</h2><p>one</p>").section_titled("IP 4").text
