# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The era whose pages are drawn by a script: what a page says as JSON, and the files of the application that draws it.

The application lies in `app/`: one ES module for each matter, and a style sheet. It says in words of its own only what
belongs to no page (`words.js`, made from words.py).
"""

from __future__ import annotations

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from simbox.markup import Wire
from simbox.markup.words import WORDS
from simbox.page import (
    Card,
    Cell,
    Facts,
    Field,
    Form,
    Group,
    Item,
    Link,
    MenuItem,
    Page,
    Paragraph,
    Progress,
    Table,
    Ticks,
)

__all__ = ["asset", "data_of", "shell"]

FOLDER = Path(__file__).with_name("app")
TYPES = {".js": "text/javascript", ".css": "text/css"}
WORDS_FILE = "words.js"


def shell(assets: str, language: str) -> str:
    """The HTML document that every address answers; `assets` is the path of the application's files."""
    values = {
        "language": language,
        "assets": assets,
        "root": f"r{secrets.token_hex(5)}",
        "needs_script": WORDS[language]["needs_script"],
    }
    return _text("index.html").format(**values)


def asset(name: str, language: str) -> tuple[str, str] | None:
    """Text and type of one of the application's files, None when there is none of that name."""
    if name == WORDS_FILE:
        return f"export default {json.dumps(WORDS[language], ensure_ascii=False)};\n", TYPES[".js"]
    kind = TYPES.get(Path(name).suffix)
    if kind is None or name not in _files():
        return None
    return _text(name), kind


@cache
def _files() -> frozenset[str]:
    return frozenset(path.name for path in FOLDER.iterdir())


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def data_of(page: Page, wire: Wire, token: str | None, here: str) -> dict[str, Any]:
    """A page as JSON. `wire(form_key, key)` names a field or a button, `token` goes back with each act, `here` is the
    page's own address."""
    return {
        "address": here,
        "title": page.title,
        "application": page.application,
        "box": page.box,
        "product": page.product,
        "user": page.user,
        "logout": _link(page.logout) if page.logout else None,
        "menu": [_menu(entry) for entry in page.menu],
        "messages": [_paragraph(message) for message in page.messages],
        "sections": [
            {"title": section.title, "items": [_item(item, wire) for item in section.items]}
            for section in page.sections
        ],
        "refresh": page.refresh_seconds,
        "dialog": page.dialog,
        "token": token,
    }


def _menu(entry: MenuItem) -> dict[str, Any]:
    return {
        "label": entry.label,
        "href": entry.href,
        "current": entry.current,
        "children": [_menu(child) for child in entry.children],
    }


def _link(link: Link) -> dict[str, Any]:
    return {"kind": "link", "label": link.label, "href": link.href, "file": link.file}


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {"kind": "paragraph", "text": paragraph.text, "tone": paragraph.tone}


def _cell(cell: Cell) -> str | dict[str, Any]:
    return _link(cell) if isinstance(cell, Link) else cell


def _item(item: Item, wire: Wire) -> dict[str, Any]:
    match item:
        case Paragraph():
            return _paragraph(item)
        case Link():
            return _link(item)
        case Facts():
            return {"kind": "facts", "rows": [list(row) for row in item.rows]}
        case Table():
            rows = [[_cell(cell) for cell in row] for row in item.rows]
            return {"kind": "table", "columns": list(item.columns), "rows": rows, "caption": item.caption}
        case Card():
            return {"kind": "card", "title": item.title, "items": [_item(inner, wire) for inner in item.items]}
        case Progress():
            return {"kind": "progress", "label": item.label, "percent": item.percent}
        case Form():
            return _form(item, wire)


def _form(form: Form, wire: Wire) -> dict[str, Any]:
    buttons = [
        {
            "name": wire(form.key, button.key),
            "label": button.label,
            "tone": button.tone,
            "enabled": button.enabled,
            "asks": button.tone == "danger" and not button.leads,
        }
        for button in form.buttons
    ]
    parts = [_part(form.key, part, wire) for part in form.items]
    return {"kind": "form", "action": form.action, "upload": form.upload, "parts": parts, "buttons": buttons}


def _part(form: str, part: Field | Group | Ticks, wire: Wire) -> dict[str, Any]:
    match part:
        case Group():
            return {"kind": "group", "title": part.title, "parts": [_field(form, field, wire) for field in part.fields]}
        case Ticks():
            rows = [
                {"name": wire(form, row.key), "label": row.label, "cells": [_cell(cell) for cell in row.cells]}
                for row in part.rows
            ]
            return {"kind": "ticks", "columns": list(part.columns), "rows": rows}
        case Field():
            return _field(form, part, wire)


def _field(form: str, field: Field, wire: Wire) -> dict[str, Any]:
    return {
        "kind": field.kind,
        "name": wire(form, field.key),
        "label": field.label,
        "value": field.value,
        "checked": field.checked,
        "options": [{"value": option.value, "label": option.label} for option in field.options],
        "help": field.help,
        "enabled": field.enabled,
    }
