# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Dialogs that a page opens when something on it is pressed, as far as they only ask whether one is sure."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import is_one_of

_ROLES = ("dialog", "alertdialog")


def repeated(page: Page, pressed: Submission) -> Submission | None:
    """What presses the button of the dialog that says the same as the one that was pressed, None where there is none.

    As where a page brings its dialogs along (`Controls.confirming`): the same words mean the same act. A dialog where
    something is to be filled in, or a licence agreement, is left to whoever pressed.
    """
    document = page.document
    if not document.drawn or pressed.touch is None or not pressed.is_write:
        return None
    shown = [*document.of_tag.get("dialog", ()), *(each for role in _ROLES for each in document.of_role.get(role, ()))]
    for dialog in (each for each in shown if document.is_visible(each)):
        inside = [each for each in page.controls.buttons if each.enabled and document.inside(each.index, dialog)]
        same = [each for each in inside if any(is_one_of(name, (pressed.button,)) for name in each.names.strong)]
        fields = any(document.inside(each.index, dialog) for each in page.fields())
        if len(same) == 1 and not fields and page.says("eula.title") is None:
            return page.fill({}, same[0])
    return None
