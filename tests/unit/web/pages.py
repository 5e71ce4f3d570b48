# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Short ways to a page for table tests."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

URL = "https://box.example/login/some/page?token=1"


def page_of(
    body: str, language: str = "en", words: Words | None = None, keep_copy: Callable[[str, str], str] | None = None
) -> Page:
    """A page with this body."""
    source = f"<html><head><title>Test</title></head><body>{body}</body></html>"
    return Page(source.encode(), url=URL, words=words or Words(language), box="box.example", keep_copy=keep_copy)


def naming(**names: str) -> Words:
    """Words in which keys, written with ``__`` for the point, mean just these texts."""
    return Words("en", {"en": {key.replace("__", ".") + "!": [text] for key, text in names.items()}})
