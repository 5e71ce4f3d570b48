# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values beside labels, sentences with placeholders, rows of tables."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood
from tests.unit.web.pages import naming, page_of

# Each: the serial number is "BT-1 x", however it is drawn.
SERIALS = {
    "description list": "<dl><dt>Serial Number</dt><dd>BT-1 x</dd><dt>Other</dt><dd>2</dd></dl>",
    "description list in divisions": "<dl><div><dt>Serial Number:</dt><dd>BT-1 x</dd></div></dl>",
    "cells": "<table><tr><td>Serial Number:</td><td>BT-1 x</td></tr><tr><td>Other</td><td>2</td></tr></table>",
    "cells, several pairs": "<table><tr><td>Other</td><td>2</td><td>Serial Number</td><td>BT-1 x</td></tr></table>",
    "header cell": "<table><tr><th>Serial Number</th><td><code>BT-1 x</code></td></tr></table>",
    "column heading over one row": (
        "<table><tr><th>Serial Number</th><th>Other</th></tr><tr><td>BT-1 x</td><td>2</td></tr></table>"
    ),
    "line": "<p>Serial Number: BT-1 x</p>",
    "line with bold label": "<p><b>Serial Number:</b> BT-1 x</p>",
    "line with bold label, no colon": "<p><strong>Serial Number</strong> BT-1 x</p>",
    "lines with breaks": "Other: 2<br>Serial Number: BT-1 x<br>More: 3",
    "spans": "<div><span>Serial Number</span><span>BT-1 x</span></div>",
    "divisions": (
        "<div class=r><div>Serial Number</div><div>BT-1 x</div></div><div class=r><div>Other</div><div>2</div></div>"
    ),
    "flat grid": "<div><div>Serial Number</div><div>BT-1 x</div><div>Other</div><div>2</div></div>",
    "deep divisions": (
        "<div><div><p><span>Serial Number</span></p></div><div><p><span>BT-1</span> <i>x</i></p></div></div>"
    ),
    "list": "<ul><li>Other: 2</li><li>Serial Number: BT-1 x</li></ul>",
    "list with spans": "<ul><li><span>Serial Number</span> <em>BT-1 x</em></li></ul>",
    "label and output": "<label for=o>Serial Number</label> <output id=o>BT-1 x</output>",
    "label and span": "<div><label>Serial Number</label><span>BT-1 x</span></div>",
    "label and division": "<div><label>Serial Number</label></div><div>BT-1 x</div>",
    "read-only field": "<label for=i>Serial Number</label><input id=i readonly value='BT-1 x'>",
    "disabled field": "<table><tr><td>Serial Number</td><td><input disabled value='BT-1 x'></td></tr></table>",
    "heading": "<h4>Serial Number</h4><p>BT-1 x</p>",
    "aria-label": "<span aria-label='Serial Number'>BT-1 x</span>",
    "aria-labelledby": "<b id=l>Serial Number</b><hr><span aria-labelledby=l>BT-1 x</span>",
    "roles": (
        "<div role=table><div role=row><div role=rowheader>Serial Number</div><div role=cell>BT-1 x</div></div></div>"
    ),
    "value with a button": "<table><tr><td>Serial Number</td><td>BT-1 x <button>Copy</button></td></tr></table>",
    "value in a link": "<dl><dt>Serial Number<dd><a href=/x>BT-1 x</a></dl>",
    "twice the same": "<p>Serial Number: BT-1 x</p><dl><dt>Serial Number<dd>BT-1  x</dl>",
    "line break behind": "<b>Serial Number</b><br>BT-1 x<br>",
    "label in brackets": "<p>Serial Number (printed on the box): BT-1 x</p>",
    "menu entry of the same name": "<ul class=nav><li><a href=/s>Serial Number</a></ul><p>Serial Number: BT-1 x</p>",
    "term and hint": "<dl><dt>Serial Number <small>S/N</small></dt><dd>BT-1 x</dd></dl>",
}


@pytest.mark.parametrize("case", SERIALS)
def test_fact_beside_its_label(case: str) -> None:
    page = page_of(SERIALS[case], words=naming(basics__serial="Serial Number"))
    assert page.fact("basics.serial") == "BT-1 x"


NO_FACT = {
    "absent": "<p>Serial: 1</p>",
    "empty cell": "<table><tr><td>Serial Number</td><td></td></tr><tr><td>Other</td><td>2</td></tr></table>",
    "empty division": "<div><div>Serial Number</div><div></div><div>Other</div><div>2</div></div>",
    "empty description": "<dl><dt>Serial Number<dd><dt>Other<dd>2</dl>",
    "column heading over many rows": (
        "<table><tr><th>Serial Number</th><th>Other</th></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td>"
        "</tr></table>"
    ),
    "hidden": "<p hidden>Serial Number: 1</p>",
    "password": "<label>Serial Number<input type=password value=s3cret></label>",
    "part of a sentence": "<p>The Serial Number is printed on the box: look there</p>",
}


@pytest.mark.parametrize("case", NO_FACT)
def test_fact_that_is_not_there(case: str) -> None:
    page = page_of(NO_FACT[case], words=naming(basics__serial="Serial Number"))
    assert page.fact("basics.serial") is None


def test_two_values_under_one_label_are_no_guess() -> None:
    page = page_of("<h2>A</h2><p>Serial Number: 1</p><h2>B</h2><p>Serial Number: 2</p>")
    with pytest.raises(PageNotUnderstood, match="'1', '2'"):
        page.fact("basics.serial")
    assert page.section_titled("B").fact("basics.serial") == "2"


SYNC_TIMES = {
    "documented": (
        "<p>The last data-sync was successfully pulled at August 10, 2012 03:40:18 PM CDT.</p>",
        "August 10, 2012 03:40:18 PM CDT",
    ),
    "with markup": (
        "<p>The last data-sync was <i>successfully</i> pulled at <b>2026-11-24 10:00</b>.",
        "2026-11-24 10:00",
    ),
    "with more behind": (
        "The last data-sync was successfully pulled at 10:00 a.m. CET. Next one follows.",
        "10:00 a.m. CET",
    ),
    "with line wraps": ("<p>The last data-sync\n   was successfully&nbsp;pulled at 10:00</p>", "10:00"),
    "short": ("<td>Last sync: 10:00:05</td>", "10:00:05"),
    "other hyphen": ("The last data\u2011sync was successfully pulled at 1 Nov.", "1 Nov"),
}


@pytest.mark.parametrize("case", SYNC_TIMES)
def test_phrase_with_a_value(case: str) -> None:
    markup, time = SYNC_TIMES[case]
    said = page_of(markup).says("failover.last_sync")
    assert said is not None
    assert said.values == {"time": time}


def test_phrase_beginning_with_a_value() -> None:
    page = page_of(
        "<p>Bomgar-12.2.0 3.2.4 does not satisfy 12.2.0's requirements."
        ' Please install any other available package by clicking "Install this Update".</p>'
    )
    said = page.says("updates.blocked")
    assert said is not None
    assert said.values == {"package": "Bomgar-12.2.0 3.2.4", "requirement": "12.2.0's requirements"}
    assert said.text.startswith("Bomgar-12.2.0")
    assert said.text.endswith('Update".')


def test_phrases_do_not_match_inside_words_controls_or_hidden_text() -> None:
    words = naming(saved="saved")
    for markup in ((
        "<p>Unsaved changes</p>"
    ), "<button>Saved</button>", "<p hidden>saved</p>", "<script>saved</script>", "saves"):
        assert page_of(markup, words=words).says("saved") is None
    assert page_of("<p>It was saved.</p>", words=words).says("saved") is not None


def test_dutch_page_is_read_in_dutch() -> None:
    page = page_of("<p>De laatste gegevenssynchronisatie is voltooid op 1 november 2026 10:00.</p>", "nl")
    said = page.says("failover.last_sync")
    assert said is not None
    assert said.values["time"] == "1 november 2026 10:00"


TABLE = """<table><thead><tr><th>IP Address</th><th>Shared</th><th>Enabled</th><th></th></tr></thead><tbody>
<tr><td>10.0.0.1</td><td>No</td><td><input type=checkbox name=a checked></td><td><a href=/e?1>Edit</a></td></tr>
<tr><td>10.0.0.9</td><td>Yes</td><td><input type=checkbox name=b></td>
<td><a href=/e?2>Edit</a></td></tr></tbody></table>"""
ROLES = """<div role=grid><div role=row><b role=columnheader>IP Address</b><b role=columnheader>Shared</b>
<b role=columnheader>Enabled</b></div><div role=row><i role=gridcell>10.0.0.1</i><i role=gridcell>No</i>
<i role=gridcell>
<input type=checkbox name=a checked></i></div><div role=row><i role=gridcell>10.0.0.9</i><i role=gridcell>Yes</i>
<i role=gridcell><input type=checkbox name=b></i></div></div>"""


@pytest.mark.parametrize("markup", [TABLE, TABLE.replace("thead", "b").replace("tbody", "i"), ROLES])
def test_rows_with_column_headings(markup: str) -> None:
    rows = page_of(markup).rows()
    assert [row.cells[:2] for row in rows] == [("10.0.0.1", "No"), ("10.0.0.9", "Yes")]
    assert rows[1]["ip.address"] == "10.0.0.9"
    assert rows[1].title == "10.0.0.9"
    assert rows[1].scope.field("ip.enabled").name == "b"
    assert [row.scope.field("ip.enabled").checked for row in rows] == [True, False]
    assert rows[0].get("ip.ntp") is None
    with pytest.raises(PageNotUnderstood):
        rows[0]["ip.ntp"]


def test_link_in_a_row() -> None:
    assert page_of(TABLE).rows()[1].scope.link("ip.edit").target == "https://box.example/e?2"


def test_value_that_is_empty_is_not_taken_from_the_next_row() -> None:
    page = page_of(
        "<div class=r><div>Serial Number</div><div></div></div><div class=r><div>Other</div><div>2</div></div>",
        words=naming(basics__serial="Serial Number"),
    )
    assert page.fact("basics.serial") is None


def test_times_that_are_told_as_ages_are_read_as_times() -> None:
    page = page_of("<dl><dt>Last Sync<dd><time datetime='2026-11-24T10:00:05Z'>two minutes ago</time></dl>")
    assert page.fact("failover.last_sync") == "2026-11-24T10:00:05Z"
    page = page_of("<dl><dt>Last Sync<dd><time datetime='2026-11-24T10:00:05Z'>10:00:05 CET</time></dl>")
    assert page.fact("failover.last_sync") == "10:00:05 CET"
