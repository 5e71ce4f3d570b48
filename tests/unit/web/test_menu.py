# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Menus of one, two and three levels, drawn in many ways."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Link
from ansible_collections.bt_ops.pra.plugins.module_utils._web._menu import is_at, walk
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

ORIGIN = "https://box.example"


def page_at(path: str, body: str, language: str = "en") -> Page:
    """A page of the little site of one test."""
    return Page(body.encode(), url=ORIGIN + path, words=Words(language))


def walked(pages: dict[str, str], menu: tuple[str, ...], language: str = "en") -> tuple[str, list[str]]:
    """Where the menu leads from the first of the pages, and what was fetched on the way."""
    fetched: list[str] = []

    def get(link: Link) -> Page:
        path = link.target.removeprefix(ORIGIN)
        fetched.append(path)
        return page_at(path, pages[path], language)

    first = next(iter(pages))
    found = walk(page_at(first, pages[first], language), menu, get)
    return found.url.removeprefix(ORIGIN), fetched


TOP = (
    '<ul class="menu"><li><a href="/s">Status</a></li><li><a href="/j">Jump</a></li><li><a href="/m">Management</a>'
    '</li></ul>'
)
TABS = '<div id="tabs"><a href="/m/sw">Software</a><a href="/m/sec">Security</a><a href="/m/f">Failover</a></div>'

# Each: pages by path, the first one open; the page /m/f is reached by Management > Failover with these requests.
TO_FAILOVER: dict[str, tuple[dict[str, str], list[str]]] = {
    "two levels": ({"/": TOP, "/m": TOP + TABS, "/m/f": ""}, ["/m", "/m/f"]),
    "nested list": (
        {"/": (
            "<nav><ul><li><a href=/m>Management</a><ul><li><a href=/m/f>Failover</a></ul></ul></nav>"
        ), "/m/f": ""}, ["/m/f"]
    ),
    "nested list that is folded up": (
        {
            "/": "<nav><ul><li><button aria-expanded=false aria-controls=x>Management</button>"
            "<ul id=x hidden><li><a href=/m/f>Failover</a></ul></ul></nav>",
            "/m/f": "",
        },
        ["/m/f"],
    ),
    "list hidden by style": (
        {"/": (
            "<div id=nav><ul><li>Management<ul style='display:none'><li><a href=/m/f>Failover</a></ul></ul></div>"
        ), "/m/f": ""},
        ["/m/f"],
    ),
    "button and panel apart": (
        {
            "/": (
                "<nav><button aria-controls=x aria-expanded=false>Management</button>"
                "<div id=x hidden><a href=/m/f>Failover</a></div></nav>"
            ),
            "/m/f": "",
        },
        ["/m/f"],
    ),
    "headings over groups of links": (
        {"/": (
            "<nav><h4>Status</h4><a href=/s>Failover</a><h4>Management</h4><a href=/m/f>Failover</a></nav>"
        ), "/m/f": ""}, ["/m/f"]
    ),
    "one level": ({"/": "<nav><a href=/s>Status</a> <a href=/m/f>Failover</a></nav>", "/m/f": ""}, ["/m/f"]),
    "already in the area": ({"/m/sw": TOP + TABS, "/m": TOP + TABS, "/m/f": ""}, ["/m", "/m/f"]),
    "same words elsewhere on the page": (
        {"/": TOP + (
            "<p>See <a href=/help>Failover</a></p>"
        ), "/m": TOP + TABS + "<a href=/help>Failover</a>", "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "same words at the top": (
        {"/": '<ul class="menu"><li><a href=/x>Failover</a><li><a href=/m>Management</a></ul>',
         "/m": (
             '<ul class="menu"><li><a href=/x>Failover</a><li><a href=/m>Management</a></ul><div class=tabs>'
             '<a href=/m/f>Failover</a></div>'
         ),
         "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "capitals and counts": (
        {"/": (
            "<table class=nav><tr><td><a href=/m>MANAGEMENT</a></td></tr></table>"
        ), "/m": "<div class=tabs><a href=/m/f>FAILOVER (1)</a></div>", "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "nothing marks a menu": (
        {"/": "<a href=/s>Status</a> | <a href=/m>Management</a>", "/m": (
            "<a href=/m/sw>Software</a> | <a href=/m/f>Failover</a>"
        ), "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "image links": (
        {"/": "<a href=/m><img src=m alt=Management></a>", "/m": (
            "<a href=/m/f title=x><img alt=Failover src=f></a>"
        ), "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "image map": (
        {"/": "<img usemap='#m'><map name=m><area href=/m alt=Management></map>", "/m": TABS, "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "roles": (
        {"/": (
            "<div role=menubar><a role=menuitem href=/m>Management</a></div>"
        ), "/m": "<div role=tablist><a role=tab href=/m/f>Failover</a></div>", "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "base address": (
        {"/": "<base href=/m/><a href=./>Management</a>", "/m/": "<a href=f>Failover</a>", "/m/f": ""},
        ["/m/", "/m/f"],
    ),
    "three levels": (
        {"/": "<nav><a href=/c>Configuration</a> <a href=/m>Management</a></nav>", "/m": (
            "<nav><a href=/m>Management</a></nav><div class=tabs><a href=/m/a>More</a><a href=/m/f>Failover</a></div>"
        ), "/m/f": ""},
        ["/m", "/m/f"],
    ),
    "area opens on the page itself": (
        {"/": TOP, "/m": TOP + "<h1>Failover</h1><div class=tabs><b>Failover</b></div>"},
        ["/m"],
    ),
    "two links to the same page": (
        {"/": TOP + "<div class=footer><a href=/m>Management</a></div>", "/m": TABS + TABS, "/m/f": ""},
        ["/m", "/m/f"],
    ),
}


@pytest.mark.parametrize("case", TO_FAILOVER)
def test_menu_leads_to_the_page(case: str) -> None:
    pages, requests = TO_FAILOVER[case]
    assert walked(pages, ("menu.management", "menu.failover")) == (requests[-1], requests)


def test_dutch_menu() -> None:
    pages = {"/": "<nav><a href=/m>Beheer</a></nav>", "/m": (
        "<div class=tabs><a href=/m/f>Automatische omschakeling</a></div>"
    ), "/m/f": ""}
    assert walked(pages, ("menu.management", "menu.failover"), "nl")[0] == "/m/f"


NOWHERE = {
    "no entry": {"/": TOP, "/m": TOP},
    "no area and no entry": {"/": "<nav><a href=/s>Status</a></nav>"},
    "two different pages": {"/": TOP, "/m": "<div class=tabs><a href=/1>Failover</a><a href=/2>Failover</a></div>"},
    "only scripts": {"/": "<nav><a href='#' onclick='go()'>Management</a></nav>"},
    "nothing": {"/": ""},
}


@pytest.mark.parametrize("case", NOWHERE)
def test_menu_that_leads_nowhere_is_no_guess(case: str) -> None:
    with pytest.raises(PageNotUnderstood, match="Failover"):
        walked(NOWHERE[case], ("menu.management", "menu.failover"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Failover</h1>", True),
        ("<h2>Management :: Failover</h2>", True),
        ("<title>BeyondTrust - Failover</title>", True),
        ("<nav><a aria-current=page href=/f>Failover</a></nav>", True),
        ("<ul class=nav><li class=active><a href=/f>Failover</a></ul>", True),
        ("<div class=tabs><span class=selected>Failover</span></div>", True),
        ("<nav><a href=/f>Failover</a></nav>", False),
        ("<nav><a aria-current=false href=/f>Failover</a></nav>", False),
        ("<h1>Security</h1><h2>Failover</h2>", False),
        ("<p class=active>Failover</p>", False),
    ],
)
def test_page_tells_where_it_is(body: str, expected: bool) -> None:
    assert is_at(page_at("/", body), "menu.failover") is expected
