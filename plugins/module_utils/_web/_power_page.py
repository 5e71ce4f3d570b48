# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Status > Basics``: factory reset and shut-down (G44; appliance-interface.md 6.2)."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import AnswerLost, BoxFailed, SessionEnded
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Button, Field, Page, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site

Act = Literal["reset.factory", "shutdown"]
MOST_QUESTIONS = 3


def press(site: Site, act: Act) -> Page | None:
    """Press the button and answer whether one is sure; gives the last page, None where the answer was lost.

    :raises PageNotUnderstood: the page has no such button; nothing was sent.
    :raises BoxFailed: the box says that it does not do it.
    """
    before = site.open("menu.status", "menu.basics")
    try:
        page = site.submit(before.fill({}, before.button(act)))
        for _question in range(MOST_QUESTIONS):
            confirm = page.maybe_button("confirm.yes") or _again(page, before, act)
            if confirm is None or is_running(page, act):
                break
            ticks: dict[Field, Value] = {
                each: True for each in page.fields() if each.kind == "checkbox" and each.form == confirm.form
            }
            page = site.submit(page.fill(ticks, confirm))
    except (AnswerLost, SessionEnded):
        return None
    said = page.says("error")
    if said is not None and not is_running(page, act) and said.text not in before.text.split("\n"):
        raise BoxFailed(f"{page.box} refuses: {said.text[:300]}", guide=("G44",))
    return page


def _again(page: Page, before: Page, act: Act) -> Button | None:
    """The button of a page that asks again with the very words of the act; not that of the page it was pressed on."""
    other: Act = "shutdown" if act == "reset.factory" else "reset.factory"
    same = (page.heading, urlsplit(page.url).path, page.offers(other)) == (
        before.heading, urlsplit(before.url).path, before.offers(other)
    )
    return None if same else page.maybe_button(act)


def is_running(page: Page, act: Act) -> bool:
    """Whether a page says that the reset or the shut-down is under way."""
    return page.says("reset.running" if act == "reset.factory" else "shutdown.running") is not None
