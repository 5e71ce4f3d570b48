# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Broken, huge and hostile pages: no traceback, no hang, nothing sent."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._login import agreement
from ansible_collections.bt_ops.pra.plugins.module_utils._web._menu import entries, is_at
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from tests.unit.web.markup import STYLES, Control, Meaning, Part

WORDS = Words()
EXAMPLES = settings.default.max_examples * 80 // 100
N = 3_000
# Each is far larger than a page; what took a time that grows with the square of the size would take minutes.
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "zeros": b"\0" * 10 * N,
    "no HTML": bytes(range(256)) * 400,
    "deep": b"<div>" * N + b"<button>Sync Now</button>",
    "deep tables": b"<table><tr><td>" * N,
    "deep labels": b"<label>a<input>" * N,
    "deep buttons": b"<button>a" * N,
    "deep field sets": b"<fieldset><legend>Backup Settings</legend>" * N,
    "deep lists": b"<ul><li>Management" * N + b"<a href=/x>Failover</a>",
    "many forms in each other": b"<form><table><tr><td><fieldset><legend>x</legend><label>" * 2_000,
    "many fields on a line": b"<form>" + b"<input name=a>text " * N,
    "many boxes on a line": b"<form>" + b"<input type=checkbox name=a> text " * N,
    "many radio buttons": b"<form>" + b"<input type=radio name=a> text " * N,
    "many options": b"<select>" + b"<option>abc" * 2 * N,
    "many headings": b"".join(b"<h%d>t%d</h%d>" % (at % 6 + 1, at, at % 6 + 1) for at in range(N)),
    "many cards": b"<div><h2>Base</h2><p>text</p></div>" * N,
    "many cells": b"<table><tr>" + b"<td>x</td>" * 2 * N,
    "many rows": b"<table><tr><th>A</th><th>B</th></tr>" + b"<tr><td>Label</td><td><input name=a></td></tr>" * N,
    "many columns": b"<table><tr><th colspan=99999999999>A</th></tr><tr><td colspan=-1><input>",
    "many bold lines": b"<p><b>title</b></p>" * N,
    "many twins": b"<label for=i>x</label><input id=i>" * N,
    "many references": (b"<span id=a>x</span>" + b'<input aria-labelledby="' + b"a " * 1000 + b'">') * 50,
    "many attributes": b"<div " + b" ".join(b"a%d=1" % at for at in range(5 * N)) + b">",
    "many links": b"<ul class=nav>" + b"<li><a href=/x>Failover</a>" * N,
    "many facts": b"<dl>" + b"<dt>Serial Number<dd>x" * N,
    "one long line": b"<p>" + b"The last data-sync was successfully pulled " * N,
    "angle brackets": b"<" * 20 * N,
    "open quotes": b'<a href="' * 2 * N,
    "open comments": b"<!--" * 2 * N,
    "style sheet": b"<style>" + b"a{" * 5 * N,
    "names of a template": b"<div {{ shown }} {=secret {x}=1 v-if={y}><input {value}=secret></div>" * 100,
    "long class": b'<div class="' + b"title " * 5 * N + b'">x</div>',
    "long script": b'<button onclick="' + b"if(confirm(" * N + b'">Sync Now</button>',
    "brackets": b"<label>" + b"(" * 10 * N + b"<input></label>",
    "circle of names": b"<i id=a aria-labelledby=b></i><i id=b aria-labelledby=a></i><input aria-labelledby='a b'>",
    "form that owns itself": b"<form id=f form=f><input form=f><button form=f>Sync Now</button>",
    "surrogates": b"&#xD800;&#x110000;&#0;<input value='&#xDFFF;'>",
}


def look_at_everything(page: Page) -> None:
    """Ask a page all that can be asked; whatever is not there may only be a `BtError`."""
    assert isinstance(page.is_login, bool)
    assert isinstance(page.is_application, bool)
    agreement(page)
    is_at(page, "menu.failover")
    assert isinstance(page.text + page.title + page.heading + page.redacted, str)
    for scope in (page, *page.sections()[:1], *(row.scope for row in page.rows()[:1])):
        for question in (scope.button, scope.field, scope.link, scope.section, scope.fact, scope.says):
            for key in ("failover.sync_now", "basics.serial", "software.backup"):
                with suppress(PageNotUnderstood):
                    question(key)
    for button in page.all_buttons()[:5]:
        fields = [each for each in page.fields()[:200] if each.form == button.form and each.kind == "text"]
        try:
            page.fill(dict.fromkeys(fields, "x"), button)
        except BtError:
            continue
    for link in entries(page)[:5]:
        assert link.target.startswith("http")


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_page(case: str) -> None:
    begin = time.process_time()
    look_at_everything(Page(HOSTILE[case], url="https://box.example/", words=WORDS))
    assert time.process_time() - begin < 4


MEANING = Meaning(
    "Software",
    (
        Part(
            "Backup Settings",
            (Control("Backup Password", "p", "password"), Control("Include logged history", "h", "checkbox", "on")),
            (("Download Backup", "go", "1"),),
            (("Serial Number", "BT-1"),),
            (("t", "token"),),
        ),
        Part("Restore Settings", (Control("File", "f", "select", "a", ("a", "b")),), (("Upload Backup", "up", "1"),)),
    ),
)
SOURCES = [draw(MEANING).encode() for draw in STYLES.values()]
JUNK = st.sampled_from(
    [b"", b"<", b">", b"</", b'"', b"'", b"<!--", b"&#", b"<table>", b"</form>", b"<form>", b"<td>", b"</div>", (
        b"\xff\xfe"
    ), b"<p", b" {", b"{{"]
)


PIECES = [b"<a ", b"<input ", b"<div ", b"=", b">", b" {", b"</", b"a"]


@pytest.mark.timeout(1800)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 60), JUNK), max_size=6))
def test_broken_page(source: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    for at, length, junk in cuts:
        place = at % (len(source) + 1)
        source = source[:place] + junk + source[place + length :]
    look_at_everything(Page(source, url="https://box.example/x", words=WORDS))


@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(PIECES)), max_size=60))
def test_page_of_bytes(pieces: list[bytes]) -> None:
    look_at_everything(Page(b"".join(pieces), url="https://box.example/x", words=WORDS))
