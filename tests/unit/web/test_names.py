# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names of controls: accname 1.2 and HTML-AAM as far as administration pages need them, and labels by position."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood
from tests.unit.web.pages import naming, page_of

# Each: markup in which the control with name=x is called "Host name", and nothing else is.
NAMED_FIELDS = {
    "label for": '<label for="i">Host name</label><p></p><input id="i" name="x">',
    "label behind": '<input id="i" name="x"><label for="i">Host name</label>',
    "label around": "<label>Host name <input name=x></label>",
    "label around, text behind": "<label><input name=x> Host name</label>",
    "label around with another for": (
        '<label for="nobody">Other <input name=y></label><label>Host name<input name=x></label>'
    ),
    "label with nested elements": '<label for=i><span><b>Host</b> <i>name</i></span></label><input id=i name=x>',
    "label of touching elements": "<label for=i><span>Host</span><span>name</span></label><input id=i name=x>",
    "label with required mark": (
        '<label for=i>Host name <span class="required">(required)</span></label><input id=i name=x>'
    ),
    "label with star": "<label for=i>Host name&nbsp;*</label><input id=i name=x>",
    "label with hint in brackets": "<label for=i>Host name (FQDN or address):</label><input id=i name=x>",
    "label with help": "<label for=i>Host name <small>as users type it</small></label><input id=i name=x>",
    "label in capitals with colon": "<label for=i>HOST&#160;NAME :</label><input id=i name=x>",
    "label with icon": "<label for=i><img alt='' src=x> &#9654; Host name</label><input id=i name=x>",
    "label with image text": "<label for=i><img alt='Host name' src=x></label><input id=i name=x>",
    "two labels, one fits": "<label for=i>Primary</label> <label for=i>Host name</label><input id=i name=x>",
    "two labels, both together": "<label for=i>Host</label> <label for=i>name</label><input id=i name=x>",
    "visually hidden label": '<label class="sr-only" for=i>Host name</label><input id=i name=x>',
    "aria-label": '<input name=x aria-label="Host name">',
    "aria-label beats placeholder": '<input name=x aria-label="Host name" placeholder="Port">',
    "aria-labelledby": "<span id=n>Host name</span><hr><input name=x aria-labelledby=n>",
    "aria-labelledby two ids": "<i id=m>name</i><b id=n>Host</b><hr><input name=x aria-labelledby='n m'>",
    "aria-labelledby section and own": (
        "<b id=s>New site</b><i id=n>Host name</i><hr><input name=x aria-labelledby='s n'>"
    ),
    "aria-labelledby hidden": "<span id=n hidden>Host name</span><input name=x aria-labelledby=n>",
    "aria-labelledby to aria-label": "<span id=n aria-label='Host name'>?</span><hr><input name=x aria-labelledby=n>",
    "aria-labelledby with a dead id": "<span id=n>Host name</span><hr><input name=x aria-labelledby='gone n'>",
    "cell to the left": "<table><tr><td>Host name:</td><td><input name=x></td></tr></table>",
    "header cell to the left": "<table><tr><th>Host name</th><td><input name=x></td></tr></table>",
    "empty cell between": "<table><tr><td>Host name:</td><td>&nbsp;</td><td><input name=x></td></tr></table>",
    "cell to the left, hint to the right": (
        "<table><tr><td>Host name</td><td><input name=x></td><td>fully qualified</td></tr></table>"
    ),
    "cell to the left, prefix": "<table><tr><td>Host name</td><td>https:// <input name=x></td></tr></table>",
    "cell with markup": (
        "<table><tr><td><font face=arial><b>Host</b> name</font>:</td><td><input name=x></td></tr></table>"
    ),
    "two pairs in a row": (
        "<table><tr><td>Port</td><td><input name=y></td><td>Host name</td><td><input name=x></td></tr></table>"
    ),
    "cell above": (
        "<table><tr><td>Host name</td><td>Port</td></tr><tr><td><input name=x></td><td><input name=y></td></tr>"
        "</table>"
    ),
    "column heading": (
        "<table><thead><tr><th>Host name</th><th>Port</th></tr></thead>"
        "<tr><td><input name=x></td><td><input name=y></td></tr></table>"
    ),
    "column heading beside a row label": (
        "<table><tr><th>Site</th><th>Host name</th></tr><tr><td>Backup</td><td><input name=x></td></tr></table>"
    ),
    "column heading with colspan": (
        "<table><tr><th colspan=2>Site</th><th>Host name</th></tr>"
        "<tr><td>a</td><td>b</td><td><input name=x></td></tr></table>"
    ),
    "roles of a table": (
        "<div role=table><div role=row><span role=rowheader>Host name</span>"
        "<span role=cell><input name=x></span></div></div>"
    ),
    "text before": "<form>Host name: <input name=x></form>",
    "text before, second on the line": "<p>Port: <input name=y> Host name: <input name=x></p>",
    "line before": "<div>Host name</div><div><input name=x></div>",
    "line before with break": "Host name<br><input name=x>",
    "line before and a hint": "<div>Host name</div><div class='help'>as users type it</div><div><input name=x></div>",
    "span before": "<div><span class=l>Host name</span><span><input name=x></span></div>",
    "term": "<dl><dt>Host name<dd><input name=x></dl>",
    "title": "<input name=x title='Host name'>",
    "placeholder": "<input name=x placeholder='Host name…'>",
    "select": "<label for=i>Host name</label><select id=i name=x><option>a</select>",
    "select in its label": "<label>Host name <select name=x><option>a<option>b</select></label>",
    "textarea": "<label>Host name <textarea name=x>text of it</textarea></label>",
    "box, text behind": "<p><input type=checkbox name=x> Host name</p>",
    "box, text before": "<p>Host name <input type=checkbox name=x></p>",
    "box, label around": "<label><input type=checkbox name=x><span>Host name</span></label>",
    "box, cell to the right": "<table><tr><td><input type=checkbox name=x></td><td>Host name</td></tr></table>",
    "box, cell to the left": "<table><tr><td>Host name</td><td><input type=checkbox name=x></td></tr></table>",
    "boxes in a line": "<p><input type=checkbox name=y> Port <input type=checkbox name=x> Host name</p>",
    "boxes in a line, labels before": "<p>Host name <input type=checkbox name=x> Port <input type=checkbox name=y></p>",
    "boxes below each other": "<input type=checkbox name=y> Port<br><input type=checkbox name=x> Host name<br>",
    "box under a column heading": (
        "<table><tr><th>Address</th><th>Host name</th></tr><tr><td>10.0.0.1</td><td><input type=checkbox name=x>"
        "</td></tr>"
        "</table>"
    ),
    "radio group with legend": (
        "<fieldset><legend>Host name</legend><label><input type=radio name=x value=1>A</label>"
        "<label><input type=radio name=x value=2>B</label></fieldset>"
    ),
    "radio group by role": (
        "<div role=radiogroup aria-label='Host name'><input type=radio name=x id=a><label for=a>A</label></div>"
    ),
    "radio group in a row": (
        "<table><tr><td>Host name</td><td><input type=radio name=x value=1> A <input type=radio name=x value=2> "
        "B</td></tr>"
        "</table>"
    ),
    "radio group in a line": (
        "<p>Host name: <label><input type=radio name=x>A</label> <label><input type=radio name=x>B</label>"
    ),
    "duplicate id": "<label for=i>Port</label><input id=i name=y><br><label for=i>Host name</label><input id=i name=x>",
    "detached by a template": (
        "<template><label>Host name<input name=z></label></template><label>Host name<input name=x></label>"
    ),
    "hidden twin": "<div hidden><label>Host name<input name=z></label></div><label>Host name<input name=x></label>",
    "twin hidden by style": (
        '<p style="display: none">Host name<input name=z></p><label>Host name<input name=x></label>'
    ),
    "twin hidden by style sheet": (
        "<style>.gone, .off { display:none; }</style><p class='a off'>Host name<input name=z></p>"
        "<label>Host name<input name=x></label>"
    ),
    "twin hidden from assistive technology": (
        "<p aria-hidden=true>Host name<input name=z></p><label>Host name<input name=x></label>"
    ),
    "full-width letters": "<label for=i>\uff28\uff4f\uff53\uff54 \uff4e\uff41\uff4d\uff45</label><input id=i name=x>",
    "soft hyphen": "<label for=i>Host na&shy;me</label><input id=i name=x>",
}


@pytest.mark.parametrize("case", NAMED_FIELDS)
def test_field_is_found_by_its_name(case: str) -> None:
    page = page_of(f"<form>{NAMED_FIELDS[case]}</form>", words=naming(failover__host="Host name"))
    assert page.field("failover.host").name == "x"


# Each: markup in which the button that sends name=x is called "Sync Now".
NAMED_BUTTONS = {
    "input": "<input type=submit name=x value='Sync Now'>",
    "input button in capitals": "<input type=submit name=x value='SYNC NOW'>",
    "button": "<button name=x>Sync Now</button>",
    "button with nested elements": "<button name=x><span class=i></span><span>Sync <b>Now</b></span></button>",
    "button with icon letter": "<button name=x><i>\ue800</i> Sync Now \u00bb</button>",
    "button with hidden part": "<button name=x>Sync Now<span hidden>...busy</span></button>",
    "button with image": "<button name=x><img src=i alt='Sync Now'></button>",
    "button with svg title": "<button name=x><svg><title>Sync Now</title><path d=''/></svg></button>",
    "image": "<input type=image name=x alt='Sync Now' src=i>",
    "aria-label": "<button name=x aria-label='Sync Now'>&#8635;</button>",
    "aria-label differs from text": "<button name=x aria-label='Synchronise both boxes'>Sync Now</button>",
    "aria-labelledby": "<span id=l>Sync Now</span><hr><button name=x aria-labelledby=l>Go</button>",
    "title": "<button name=x title='Sync Now'><i class=icon></i></button>",
    "dots": "<button name=x>Sync Now…</button>",
    "twice the same": "<button name=x>Sync Now</button><p>long table</p><button name=x>Sync Now</button>",
    "hidden twin": "<button name=z hidden>Sync Now</button><button name=x>Sync Now</button>",
    "reset twin": "<input type=reset value='Sync Now'><button name=x>Sync Now</button>",
    "link beside the button": "<a href='/help#sync'>Sync Now</a><button name=x>Sync Now</button>",
    "opener beside the button": "<button type=button>Sync Now</button><button name=x>Sync Now</button>",
}


@pytest.mark.parametrize("case", NAMED_BUTTONS)
def test_button_is_found_by_its_name(case: str) -> None:
    page = page_of(f"<form method=post>{NAMED_BUTTONS[case]}</form>")
    sent = page.fill({}, page.button("failover.sync_now")).fields
    assert {name.split(".")[0] for name, _value in sent} == {"x"}


NOT_UNDERSTOOD = {
    "none": "<form><input name=x></form>",
    "two in one form": "<form>Host name <input name=x><br>Host name <input name=y></form>",
    "label and position": "<form><label>Host name<input name=x></label><br>Host name: <input name=y></form>",
    "only hidden": "<form><label hidden>Host name</label><input type=hidden name=x></form>",
    "only part of the word": "<form><label>Host name of the peer<input name=x></label></form>",
    "beyond another field": (
        "<form>Host name <input name=y><input name=x><br><label>Host name<input name=z></label></form>"
    ),
}


@pytest.mark.parametrize("case", NOT_UNDERSTOOD)
def test_none_or_two_candidates_are_no_guess(case: str) -> None:
    page = page_of(NOT_UNDERSTOOD[case], words=naming(failover__host="Host name"))
    with pytest.raises(PageNotUnderstood, match="Host name"):
        page.field("failover.host")


def test_label_texts_beyond_another_field_or_cell_are_no_labels() -> None:
    page = page_of(
        "<form><table><tr><td>Host name</td><td><input name=a></td><td><input name=b></td></tr></table></form>",
        words=naming(failover__host="Host name"),
    )
    assert page.field("failover.host").name == "a"


def test_surer_words_come_before_guesses() -> None:
    page = page_of("<form><label>Port <input name=a></label><label>SSL Port <input name=b></label></form>")
    assert page.field("failover.port").name == "a"


def test_weak_names_count_only_without_strong_ones() -> None:
    page = page_of(
        "<form><input name=a title='Host name'><label>Host name<input name=b></label></form>",
        words=naming(failover__host="Host name"),
    )
    assert page.field("failover.host").name == "b"


@pytest.mark.parametrize(
    "body",
    [
        "<div class='form-group required'><span>Host name</span> <input name=x></div>",
        "<div class=required>Host name <input name=x></div>",
        "<div class=description>Host name: <input name=x></div>",
        "<label for=i>Host name <em class=required>required</em></label><input id=i name=x>",
        "<p class=note><label>Host name<input name=x></label></p>",
    ],
)
def test_classes_that_call_a_whole_group_a_hint_hide_no_label(body: str) -> None:
    assert page_of(f"<form>{body}</form>", words=naming(failover__host="Host name")).field("failover.host").name == "x"


def test_content_of_what_is_called_a_menu_is_content() -> None:
    page = page_of("<div class=tabs><ul><li><a href=/a>A</a></ul><p>Serial Number: 7</p><p>Model: 8</p></div>")
    assert page.fact("basics.serial") == "7"
    page = page_of("<div id=menu><a href=/s>Serial Number</a> <a href=/t>Time</a></div><p>Serial Number: 7</p>")
    assert page.fact("basics.serial") == "7"
