# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page on which a box wants a new password before anything else (G42; appliance-interface.md 7.1)."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused, SessionEnded
from ansible_collections.bt_ops.pra.plugins.module_utils._web._login import NewPasswordWanted
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Page, Submission, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site


def enter(site: Site) -> Page | None:
    """Log in; gives the page that wants a new password, None where the box lets the account in.

    :raises LoginRefused: the account is refused.
    :raises Unreachable: the answer is no page of a box.
    """
    try:
        page = site.start()
    except NewPasswordWanted as wanted:
        return wanted.page
    if _wants_password(page):
        return page  # as a session is shown that began before
    site.require_inside(page)  # what is no log-in page need not be one behind it
    return None


def change_password(site: Site, page: Page, old: str, new: str) -> None:
    """Give the box the new password; whether it took it is shown by the next log-in.

    :raises Refused: the box does not take that password, and says why.
    """
    try:
        answer = site.submit(_filled(page, old, new))
    except SessionEnded:
        return  # a box may want its user to log in again with the new password
    if _wants_password(answer):
        said = answer.says("error") or answer.says("password.must_change")
        raise Refused(
            f"{answer.box} does not take the new password" + (f": {said.text[:300]}" if said else "."),
            advice="Give a password that meets the rules of the box.",
            guide=("G42",),
        )


def _wants_password(page: Page) -> bool:
    return page.maybe_field("password.new") is not None and page.maybe_field("password.again") is not None


def _filled(page: Page, old: str, new: str) -> Submission:
    values: dict[Field, Value] = {page.field("password.new"): new, page.field("password.again"): new}
    current = page.maybe_field("password.current")
    if current is not None:
        values[current] = old
    return page.fill(values, page.button("password.change"))
