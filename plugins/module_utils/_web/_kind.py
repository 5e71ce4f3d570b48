# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What kind of page this is, where that is not told by its words alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Field
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import is_one_of

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page

LITTLE_TEXT = 400  # characters of a page that shows nothing of its own
_APP_ROOTS = frozenset({"app", "root", "__next", "__nuxt", "app-root", "react-root", "vue-app", "main-app", "svelte"})
_APP_MARKS = frozenset({"ng-app", "data-reactroot", "data-page", "x-data"})
_USER_NAMES = frozenset({"username", "email"})
_CURRENT = frozenset({"current-password"})
_PLAIN = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)+$")


@dataclass(frozen=True)
class LoginForm:
    """The fields of a form that asks who is there; one of a log-in in two steps has but one of them."""

    form: int
    username: Field | None
    password: Field | None


def login_form(page: Page) -> LoginForm | None:
    """The form of the page that asks for user name and password, if it is a log-in page."""
    usable = [field for field in page.controls.fields if field.enabled]
    forms: dict[int, list[Field]] = {}
    for field in [field for field in usable if not field.is_closed] or usable:
        forms.setdefault(field.form, []).append(field)
    if page.offers("menu.logout"):
        return None
    for form, fields in forms.items():
        found = _as_login(page, form, fields)
        if found is not None:
            return found
    return None


def _as_login(page: Page, form: int, fields: list[Field]) -> LoginForm | None:
    passwords = [field for field in fields if field.kind == "password"]
    texts = [field for field in fields if field.kind == "text" and not field.readonly]
    others = [field for field in fields if field.kind in ("file", "textarea", "number")]
    if form < 0 or others or len(passwords) > 1 or len(texts) > 1:
        return None
    if passwords and texts:
        return LoginForm(form, texts[0], passwords[0])
    only = (passwords or texts)[:1]
    if not only or len(fields) > 3 or not _asks_who(page, only[0], form):
        return None
    return LoginForm(form, None, only[0]) if passwords else LoginForm(form, only[0], None)


def _asks_who(page: Page, field: Field, form: int) -> bool:
    """Whether a single field is one step of a log-in."""
    hint = field.attribute("autocomplete").lower()
    key = "login.password" if field.kind == "password" else "login.username"
    hinted = hint in (_CURRENT if field.kind == "password" else _USER_NAMES)
    if not hinted and not any(is_one_of(name, page.words.of(key)) for name in field.names.strong + field.names.weak):
        return False
    buttons = [button for button in page.controls.buttons if button.form == form]
    words = page.words.of("login.submit")
    return any(is_one_of(name, words) for button in buttons for name in button.names.strong)


def is_login(page: Page) -> bool:
    """Whether the page asks for user name and password."""
    return login_form(page) is not None


def is_application(page: Page) -> bool:
    """Whether the page is an empty shell that JavaScript fills: nothing to use, and a place for a script to draw in."""
    document = page.document
    if not document.all_of("script"):
        return False
    if any(field for field in page.controls.fields) or any(button.acts for button in page.controls.buttons):
        return False
    if any(_is_empty(page, index) for index in _roots(page)):
        return True
    if len(page.text) > LITTLE_TEXT:
        return False
    module = any(document.get(index, "type").lower() == "module" for index in document.all_of("script"))
    return page.says("javascript.needed") is not None or (module and not page.controls.links)


def _roots(page: Page) -> list[int]:
    """Elements that an application is usually drawn in: by id, by framework, or an element of its own making."""
    document = page.document
    found = []
    for index, attributes in enumerate(document.attributes):
        drawn_in = attributes.get("id", "").lower() in _APP_ROOTS or not _APP_MARKS.isdisjoint(attributes)
        if drawn_in or _PLAIN.match(document.tags[index]):
            found.append(index)
    return found


def _is_empty(page: Page, index: int) -> bool:
    """Whether an element shows next to nothing of its own."""
    document = page.document
    return len(document.text(index)) <= 40 and not any(
        document.inside(link.index, index) for link in page.controls.links
    )
