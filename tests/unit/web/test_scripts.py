# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Scripts that can be read, dialogs that a page carries, forms that are drawn twice."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageIsApplication, PageNotUnderstood
from tests.unit.web.pages import page_of
from tests.unit.web.test_forms import SAVE, press

FORM = "<form name=frm method=post action=/y><input type=hidden id=act name=action value=''>{}</form>"

# Each: a button whose script can be read, and what is sent.
SCRIPTED = {
    "field of the form": (
        "<input type=button value='Save Changes' onclick=\"this.form.action.value='go';this.form.submit()\">"
    ),
    "field by name of the form": (
        "<a href=\"javascript:document.frm.action.value='go'; document.frm.submit();\">Save Changes</a>"
    ),
    "field by id": (
        "<button type=button onclick=\"document.getElementById('act').value = 'go'; document.forms['frm'].submit();"
        ' return false;">Save Changes</button>'
    ),
    "elements": (
        "<button type=button onclick=\"if (confirm('Sure?')) { document.forms[0].elements['action'].value='go';"
        ' document.forms[0].submit(); }">Save Changes</button>'
    ),
    "submit button": "<input type=submit value='Save Changes' onclick=\"this.form.action.value='go'; return true\">",
}


@pytest.mark.parametrize("case", SCRIPTED)
def test_scripts_that_set_a_field_and_send_the_form(case: str) -> None:
    submission = press(FORM.format(SCRIPTED[case]))
    assert (submission.method, submission.target, submission.fields) == ("POST", (
        "https://box.example/y"
    ), [("action", "go")])


NOT_READ = {
    "unknown function": "<input type=button value='Save Changes' onclick=\"check(); this.form.submit()\">",
    "function instead of sending": "<input type=submit value='Save Changes' onclick=\"save(); return false\">",
    "field that is not there": (
        "<button type=button onclick=\"this.form.gone.value='1';this.form.submit()\">Save Changes</button>"
    ),
    "form that is not there": "<button type=button onclick='document.gone.submit()'>Save Changes</button>",
    "value that is worked out": (
        "<button type=button onclick='this.form.action.value=f(); this.form.submit()'>Save Changes</button>"
    ),
}


@pytest.mark.parametrize("case", NOT_READ)
def test_scripts_that_do_more_are_no_guess(case: str) -> None:
    with pytest.raises(PageIsApplication):
        press(FORM.format(NOT_READ[case]))


DIALOG = (
    "<form method=post action=/y><input type=hidden name=t value=1><button name=go>{}</button><button {}>No</button>"
    "</form>"
)

# Each: a button that opens a dialog of the page, in which the form is really sent.
DIALOGS = {
    "same words": (
        f"<button type=button data-target='#d'>Save Changes</button>"
        f"<div id=d class=modal>{DIALOG.format('Save Changes', '')}</div>"
    ),
    "yes": (
        f"<button type=button popovertarget=d>Save Changes</button><div id=d popover>{DIALOG.format('Yes', '')}</div>"
    ),
    "dialog": (
        f"<button type=button commandfor=d command=show-modal>Save Changes</button>"
        f"<dialog id=d>{DIALOG.format('OK', '')}</dialog>"
    ),
    "link": f"<a href='#d'>Save Changes</a><div id=d role=dialog aria-hidden=true>{DIALOG.format('Confirm', '')}</div>",
}


@pytest.mark.parametrize("case", DIALOGS)
def test_dialogs_of_the_page_are_confirmed(case: str) -> None:
    submission = press(DIALOGS[case])
    assert (submission.target, submission.fields) == ("https://box.example/y", [("t", "1"), ("go", "")])


def test_dialog_without_a_clear_answer_is_no_guess() -> None:
    with pytest.raises(PageIsApplication):
        press(
            f"<button type=button data-target='#d'>Save Changes</button>"
            f"<div id=d class=modal>{DIALOG.format('Why', '')}</div>"
        )


def test_text_of_closed_dialogs_is_not_said() -> None:
    page = page_of(
        "<div class='modal fade'><p>Changes were saved</p></div><dialog>saved</dialog><div popover>saved</div>"
    )
    assert page.says("saved") is None
    assert page_of("<div class='modal show'><p>Changes were saved</p></div>").says("saved") is not None


def test_form_drawn_twice_is_one_form() -> None:
    form = (
        "<form method=post action=/y><input type=hidden name=t value={}><label>Enabled <input name=a></label>"
    ) + SAVE + "</form>"
    page = page_of(f"<div class='x'>{form.format(1)}</div><div class='y'>{form.format(1)}</div>")
    assert page.fill({page.field("ip.enabled"): "v"}, page.button("ip.save")).fields[1] == ("a", "v")
    page = page_of(f"<div class='x'>{form.format(1)}</div><div class='y'>{form.format(2)}</div>")
    with pytest.raises(PageNotUnderstood, match="2 different buttons"):
        page.button("ip.save")
    page = page_of(
        f"<div class='d-md-none'>{form.format(1)}</div><div class='d-none d-md-block'>{form.format(2)}</div>"
    )
    assert page.fill({}, page.button("ip.save")).fields[0] == ("t", "2")
