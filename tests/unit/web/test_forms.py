# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is sent when a button is pressed: as HTML says that a browser does it."""

from __future__ import annotations

from io import BytesIO

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, PageIsApplication, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._multipart import encoded
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from tests.unit.web.pages import page_of

SAVE = "<button name=go value=1>Save Changes</button>"


def press(body: str) -> Submission:
    """What pressing "Save Changes" sends, with nothing filled in."""
    page = page_of(body)
    return page.fill({}, page.button("ip.save"))


# Each: controls of a form, and what of it is sent beside the button.
SENT: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "hidden": ("<input type=hidden name=t value='a&amp;b'>", [("t", "a&b")]),
    "hidden twice": ("<input type=hidden name=t value=1><input type=hidden name=t value=2>", [("t", "1"), ("t", "2")]),
    "text": ("<input name=t value=v>", [("t", "v")]),
    "text without value": ("<input name=t>", [("t", "")]),
    "password as it came": ("<input type=password name=t value=kept>", [("t", "kept")]),
    "without name": ("<input value=v><input name='' value=w>", []),
    "disabled": ("<input name=t value=v disabled>", []),
    "disabled by its field set": ("<fieldset disabled><input name=t value=v></fieldset>", []),
    "in the legend of a disabled field set": (
        "<fieldset disabled><legend><input name=t value=v></legend></fieldset>", [("t", "v")]
    ),
    "read-only": ("<input name=t value=v readonly>", [("t", "v")]),
    "invisible": ("<p style='display:none'><input name=t value=v></p>", [("t", "v")]),
    "in a template": ("<template><input name=t value=v></template>", []),
    "box": ("<input type=checkbox name=t value=v>", []),
    "ticked box": ("<input type=checkbox name=t value=v checked>", [("t", "v")]),
    "ticked box without value": ("<input type=checkbox name=t checked>", [("t", "on")]),
    "box with a hidden twin": (
        "<input type=hidden name=t value=0><input type=checkbox name=t value=1 checked>", [("t", "0"), ("t", "1")]
    ),
    "radio": ("<input type=radio name=t value=1><input type=radio name=t value=2 checked>", [("t", "2")]),
    "radio without choice": ("<input type=radio name=t value=1><input type=radio name=t value=2>", []),
    "select, first": ("<select name=t><option value=1>a<option value=2>b</select>", [("t", "1")]),
    "select, selected": ("<select name=t><option>a<option selected>b  c</select>", [("t", "b c")]),
    "select, first is disabled": ("<select name=t><option disabled>a<option>b</select>", [("t", "b")]),
    "select, two selected": ("<select name=t><option selected>a<option selected>b</select>", [("t", "b")]),
    "select with groups": ("<select name=t><optgroup label=g><option>a</optgroup></select>", [("t", "a")]),
    "list without choice": ("<select name=t size=4><option>a</select>", []),
    "multiple": (
        "<select name=t multiple><option selected>a<option>b<option selected>c</select>",
        [("t", "a"), ("t", "c")],
    ),
    "empty select": ("<select name=t></select>", []),
    "text area": ("<textarea name=t>\nline\nnext</textarea>", [("t", "line\r\nnext")]),
    "text area, two blank lines": ("<textarea name=t>\n\nx</textarea>", [("t", "\r\nx")]),
    "other buttons": ("<input type=submit name=a value=b><button name=c>d</button><input type=image name=e>", []),
    "file in a plain form": ("<input type=file name=t>", [("t", "")]),
    "of another form": ("<input name=t value=v form=other>", []),
    "unknown type": ("<input type=colour name=t value=v>", [("t", "v")]),
    "order of the page": (
        "<input name=a value=1><select name=b><option>2</select><textarea name=c>3</textarea><input name=d value=4>",
        [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")],
    ),
}


@pytest.mark.parametrize("case", SENT)
def test_controls_of_the_form_go_back_as_they_came(case: str) -> None:
    controls, expected = SENT[case]
    submission = press(f"<form method=post action=/x>{controls}{SAVE}</form><form id=other></form>")
    assert submission.fields == [*expected, ("go", "1")]
    assert submission.target == "https://box.example/x"


# Each: body with the button, method, address that it is sent to.
TARGETS = {
    "relative": (f"<form method=post action=x>{SAVE}</form>", "POST", "https://box.example/login/some/x"),
    "parent": (f"<form method=post action=../x?y=1#z>{SAVE}</form>", "POST", "https://box.example/login/x?y=1"),
    "none": (f"<form method=post>{SAVE}</form>", "POST", "https://box.example/login/some/page?token=1"),
    "empty": (f"<form method=POST action=''>{SAVE}</form>", "POST", "https://box.example/login/some/page?token=1"),
    "base": (f"<base href=/b/><form method=post action=x>{SAVE}</form>", "POST", "https://box.example/b/x"),
    "get": (
        f"<form action=x?old=1><input name=a value='b c'>{SAVE}</form>",
        "GET",
        "https://box.example/login/some/x?a=b+c&go=1",
    ),
    "get of this page": (f"<form>{SAVE}</form>", "GET", "https://box.example/login/some/page?go=1"),
    "formaction": (
        (
            "<form method=post action=x><button formaction=/y name=go>Save Changes</button></form>"
        ), "POST", "https://box.example/y"
    ),
    "formmethod": (
        (
            "<form action=x><button formmethod=post name=go>Save Changes</button></form>"
        ), "POST", "https://box.example/login/some/x"
    ),
    "form by id": (
        "<form id=f method=post action=/y></form><form action=/z><button form=f name=go>Save Changes</button></form>",
        "POST", "https://box.example/y",
    ),
    "input outside": (
        (
            "<form id=f method=post action=/y></form><input type=submit form=f value='Save Changes'>"
        ), "POST", "https://box.example/y"
    ),
    "link": ("<a href='/y?a=1'>Save Changes</a>", "GET", "https://box.example/y?a=1"),
    "link as button": ("<a role=button href=/y>Save Changes</a>", "GET", "https://box.example/y"),
    "link that sends a form": (
        (
            "<form id=f method=post action=/y></form>"
            "<a href=/z onclick=\"event.preventDefault(); document.getElementById('f').submit();\">Save Changes</a>"
        ),
        "POST", "https://box.example/y",
    ),
    "script address that sends a form": (
        "<form name=frm method=post action=/y></form><a href='javascript:document.frm.submit()'>Save Changes</a>",
        "POST", "https://box.example/y",
    ),
    "script button with a question": (
        (
            "<form method=post action=/y><input type=button value='Save Changes'"
            " onclick=\"if (confirm('Sure?')) this.form.submit()\"></form>"
        ),
        "POST", "https://box.example/y",
    ),
}


@pytest.mark.parametrize("case", TARGETS)
def test_where_a_button_sends_to(case: str) -> None:
    body, method, address = TARGETS[case]
    submission = press(body)
    assert (submission.method, submission.address) == (method, address)


NOT_SENT = {
    "greyed": "<form><button disabled>Save Changes</button></form>",
    "greyed by its field set": "<form><fieldset disabled><button>Save Changes</button></fieldset></form>",
    "of no form": "<button>Save Changes</button>",
    "script": "<form><button type=button onclick='save()'>Save Changes</button></form>",
    "script link": "<a href='#' onclick='save()'>Save Changes</a>",
    "script address": "<a href='javascript:save()'>Save Changes</a>",
    "form sent by script": "<form action='javascript:save()'><button>Save Changes</button></form>",
    "dead form": "<form></form><button form=gone>Save Changes</button>",
    "verb that only a script can send": "<a href=/x data-method=delete>Save Changes</a>",
    "required field": "<form><label>Name <input required></label><button>Save Changes</button></form>",
}


@pytest.mark.parametrize("case", NOT_SENT)
def test_what_cannot_be_pressed(case: str) -> None:
    with pytest.raises(PageNotUnderstood):
        press(NOT_SENT[case])


def test_button_that_needs_javascript_is_named_so() -> None:
    with pytest.raises(PageIsApplication, match="JavaScript"):
        press(NOT_SENT["script"])


def test_image_button_sends_where_it_was_hit() -> None:
    assert press("<form><input type=image name=i alt='Save Changes'></form>").fields == [("i.x", "1"), ("i.y", "1")]


def test_required_field_that_is_filled_in_or_waived() -> None:
    page = page_of("<form><label>NTP Server <input name=a required></label><button>Save Changes</button></form>")
    assert page.fill({page.field("ip.ntp"): "x"}, page.button("ip.save")).fields == [("a", "x")]
    assert press(
        "<form><input name=a required><button formnovalidate>Save Changes</button></form>"
    ).fields == [("a", "")]


FIELD = "<form method=post><label>Enabled {}</label><button>Save Changes</button></form>"


@pytest.mark.parametrize(
    ("control", "value", "expected"),
    [
        ("<input name=a value=old>", "new & \u00e9", [("a", "new & \u00e9")]),
        ("<input name=a value=old>", "", [("a", "")]),
        ("<textarea name=a>old</textarea>", "1\n2", [("a", "1\r\n2")]),
        ("<input type=number name=a min=1 max=500>", "17", [("a", "17")]),
        ("<input type=checkbox name=a value=1>", True, [("a", "1")]),
        ("<input type=checkbox name=a value=1 checked>", False, []),
        ("<select name=a><option value=0>No<option value=1>Yes</select>", True, [("a", "1")]),
        ("<select name=a><option value=0>Disabled<option value=1 selected>Enabled</select>", False, [("a", "0")]),
        ("<select name=a><option value=0>One<option value=1>Two words</select>", "two  WORDS", [("a", "1")]),
        ("<select name=a><option value=0>One<option value=1>Two</select>", "1", [("a", "1")]),
    ],
)
def test_values_of_fields(control: str, value: str | bool, expected: list[tuple[str, str]]) -> None:
    page = page_of(FIELD.format(control))
    assert page.fill({page.field("ip.enabled"): value}, page.button("ip.save")).fields == expected


def test_radio_group_takes_yes_or_a_label() -> None:
    page = page_of(
        "<form><fieldset><legend>Enabled</legend><input type=radio name=a value=y id=p checked><label for=p>Yes</label>"
        f"<input type=radio name=a value=n id=q><label for=q>No</label></fieldset>{SAVE}</form>"
    )
    field = page.field("ip.enabled")
    assert (field.value, field.checked) == ("Yes", True)
    assert page.fill({field: False}, page.button("ip.save")).fields[0] == ("a", "n")
    assert page.fill({field: "no"}, page.button("ip.save")).fields[0] == ("a", "n")


@pytest.mark.parametrize(
    ("control", "value", "error"),
    [
        ("<input name=a maxlength=4>", "12345", BadInput),
        ("<input name=a>", "1\n2", BadInput),
        ("<input name=a>", True, BadInput),
        ("<input type=number name=a max=500>", "501", BadInput),
        ("<input type=number name=a min=1>", "0", BadInput),
        ("<input type=number name=a>", "many", BadInput),
        ("<input type=checkbox name=a>", "yes", BadInput),
        ("<input type=file name=a>", "yes", BadInput),
        ("<input name=a readonly>", "x", PageNotUnderstood),
        ("<input name=a disabled>", "x", PageNotUnderstood),
        ("<select name=a><option>One</select>", "Two", PageNotUnderstood),
        ("<select name=a><option>One<option>ONE</select>", "one", PageNotUnderstood),
        ("<select name=a><option disabled>One<option>Two</select>", "One", PageNotUnderstood),
    ],
)
def test_values_that_a_page_does_not_take(control: str, value: str | bool, error: type[Exception]) -> None:
    page = page_of(FIELD.format(control))
    with pytest.raises(error, match=r"(?i)enabled"):
        page.fill({page.field("ip.enabled"): value}, page.button("ip.save"))


def test_secret_values_are_in_no_message_and_no_representation() -> None:
    page = page_of(FIELD.format("<input type=password name=a maxlength=3>"))
    with pytest.raises(BadInput) as caught:
        page.fill({page.field("ip.enabled"): "hunter2-canary"}, page.button("ip.save"))
    assert "canary" not in str(caught.value)
    page = page_of(FIELD.format("<input type=password name=a>"))
    assert "canary" not in repr(page.fill({page.field("ip.enabled"): "hunter2-canary"}, page.button("ip.save")))


def test_fields_of_another_form_or_page_are_refused() -> None:
    page = page_of(f"<form><label>Enabled <input name=a></label></form><form>{SAVE}</form>")
    with pytest.raises(PageNotUnderstood, match="not part of the form"):
        page.fill({page.field("ip.enabled"): "x"}, page.button("ip.save"))
    other = page_of(FIELD.format("<input name=a>"))
    with pytest.raises(PageNotUnderstood, match="another page"):
        page.fill({other.field("ip.enabled"): "x"}, page.button("ip.save"))


def test_files_go_as_multipart_with_an_empty_part_for_those_not_chosen() -> None:
    page = page_of(
        "<form method=post enctype=multipart/form-data><input type=hidden name=t value=1><label>Backup File"
        "<input type=file name=f></label><input type=file name=g><button>Upload Backup</button></form>"
    )
    upload = Upload("b.nsb", BytesIO(b"data\x00"), 5)
    submission = page.fill({page.field("restore.file"): upload}, page.button("restore.upload"))
    assert submission.multipart
    assert submission.files == [("f", upload), ("g", None)]
    stream, headers = encoded(submission)
    body = stream.read()  # type: ignore[union-attr]
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="t"\r\n\r\n1\r\n' in body
    assert b'name="f"; filename="b.nsb"' in body
    assert b"data\x00" in body
    assert b'name="g"; filename=""' in body


def test_file_in_a_form_that_is_not_multipart_is_refused() -> None:
    page = page_of(
        "<form method=post><label>Backup File<input type=file name=f></label><button>Upload Backup</button></form>"
    )
    with pytest.raises(PageNotUnderstood, match="not multipart"):
        page.fill({page.field("restore.file"): Upload("b", BytesIO(), 0)}, page.button("restore.upload"))


def test_old_character_sets_are_kept() -> None:
    source = f"<meta charset=iso-8859-2><form method=post><input name=a value=\u0142>{SAVE}</form>"
    page = Page(source.encode("iso-8859-2"), url="https://b.example/", words=Words())
    submission = page.fill({}, page.button("ip.save"))
    assert submission.fields[0] == ("a", "\u0142")
    assert submission.encoded == b"a=%B3&go=1"


# Each: a form that tables and divisions tear apart; a browser gives it the fields a and b and the button.
TORN = {
    "opened in a row": (
        "<table><tr><form action=x><td><input name=a></td></tr><tr><td><input name=b>{}</td></tr></form></table>"
    ),
    "closed behind the table": "<table><form action=x><tr><td><input name=a></td></tr></table><input name=b>{}</form>",
    "opened in a cell": (
        "<table><tr><td><form action=x><input name=a></td><td><input name=b></td></tr></table>{}</form>"
    ),
    "opened in a division": "<div><form action=x><input name=a></div><div><input name=b>{}</div></form>",
    "field behind the end": "<form action=x><div><input name=a><input name=b>{}</form></div><input name=c>",
    "form in a form": "<form action=x><input name=a><form action=y><input name=b>{}</form><input name=c></form>",
    "form in a comment": "<form action=x><input name=a><!-- </form><form> --><input name=b>{}</form>",
    "form in a script": "<form action=x><input name=a><script>'</form>'</script><input name=b>{}</form>",
    "form in a text area": "<form action=x><input name=a><input name=b>{}<textarea></form><form></textarea></form>",
}


@pytest.mark.parametrize("case", TORN)
def test_forms_that_are_torn_apart(case: str) -> None:
    submission = press(TORN[case].format(SAVE))
    assert submission.fields == [("a", ""), ("b", ""), ("go", "1")]
    assert submission.address.startswith("https://box.example/login/some/x")
