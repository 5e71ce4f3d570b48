# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The looks of a simulated box: one page, drawn in the HTML of one era of the product.

An era is one template, `templates/<era>.html`, with its style sheet `templates/<era>.css`, and its name in
`ERAS`. All eras say the same things; only markup and looks differ. Nothing is fetched from elsewhere and no
page of these needs JavaScript; the era `app`, whose pages are drawn by a script, is in app.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from simbox.markup.words import WORDS
from simbox.page import Card, Facts, Form, Group, Link, Page, Paragraph, Progress, Section, Table, Ticks

__all__ = ["ERAS", "TOKEN_KEY", "Wire", "render"]

ERAS: tuple[str, ...] = ("tables", "divs", "aria")

Wire = Callable[[str, str], str]

# The hidden input with a form's token is named by wire(form.key, TOKEN_KEY).
TOKEN_KEY = "_token"


def _is_a(kind: type) -> Callable[[object], bool]:
    def test(item: object) -> bool:
        return isinstance(item, kind)

    return test


def _environment() -> Environment:
    templates = Path(__file__).with_name("templates")
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for kind in (Card, Facts, Form, Group, Link, Paragraph, Progress, Table, Ticks):
        environment.tests[kind.__name__.lower()] = _is_a(kind)
    environment.filters["sections"] = _prefixed_sections
    environment.filters["colon"] = _with_colon
    environment.filters["textarea"] = _in_textarea
    environment.globals["token_key"] = TOKEN_KEY
    return environment


def _prefixed_sections(page: Page) -> list[tuple[str, Section]]:
    """Sections with the heading that the older product gives them: "Software :: Backup Settings".

    A page without a menu (log-in, agreement) is not one of the pages of the product: no prefix there.
    """
    if not page.menu:
        return [(section.title or page.title, section) for section in page.sections]
    return [(f"{page.title} :: {section.title}" if section.title else page.title, section) for section in page.sections]


def _with_colon(label: str) -> str:
    """A label as it stands in a cell of its own: with a colon, unless it is a sentence."""
    return label if label.endswith((".", "?", ":")) else f"{label}:"


def _in_textarea(value: str) -> str:
    """A value as the content of a textarea, of which HTML drops a first line break."""
    return f"\n{value}" if value.startswith("\n") else value


def _new_id() -> str:
    """An id for one element of one rendering; it starts with a letter, so that it is good in a selector too."""
    return f"i{secrets.token_hex(6)}"


_ENVIRONMENT = _environment()


def render(page: Page, era: str, wire: Wire, token: str | None) -> str:
    """Draw `page` as a whole HTML document of `era`.

    `wire(form_key, key)` names a field, a button or (with TOKEN_KEY) the hidden token of a form. `token` is
    put into every form; None draws forms without one. A button is sent as its name; its value is "1", or its
    label where the era has `<input type="submit">`.

    Raises ValueError for an era that is not one of ERAS.
    """
    if era not in ERAS:
        raise ValueError(f"unknown era of markup {era!r}: choose one of {', '.join(ERAS)}")
    template = _ENVIRONMENT.get_template(f"{era}.html")
    return template.render(page=page, wire=wire, token=token, new_id=_new_id, words=WORDS[page.language]).lstrip()
