# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is noted of a page, so that it can be seen later whether somebody has changed what is set there."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._web import _contents
from tests.unit.web.pages import page_of

FORM = "<form method='post'><label>Banner <input name='a' value='{banner}'></label>{more}<button>Save</button></form>"
TABLE = "<table><tr><th>User</th><th>Role</th><th>Last log-in</th></tr>{rows}</table>"
ROW = "<tr><td>{0}</td><td>{1}</td><td>{2}</td></tr>"
BASE = FORM.format(banner="Welcome", more="") + TABLE.format(rows=ROW.format("ann", "admin", "2026-12-01 10:11"))


def changed(before: str, after: str, names_only: bool = False) -> set[str]:
    """The labels under which something differs."""
    then, now = (_contents.contents_of(page_of(html), names_only) for html in (before, after))
    return {name for name in {**then, **now} if then.get(name) != now.get(name)}


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (BASE, set()),
        (BASE.replace("Welcome", "Closed"), {"Banner"}),
        (BASE.replace("10:11", "22:33"), set()),
        (BASE.replace("admin", "guest"), {"ann"}),
        (BASE.replace("</table>", ROW.format("mia", "user", "never") + "</table>"), {"mia"}),
        (BASE + "<p>3 users are logged in.</p>", {"its text"}),
    ],
)
def test_what_is_told_to_have_changed(after: str, told: set[str]) -> None:
    assert changed(BASE, after) == told


def test_numbers_and_times_in_sentences_change_by_themselves() -> None:
    said = "<p>{} users are logged in.</p><p>It is {}.</p>"
    assert changed(BASE + said.format(3, "1:02"), BASE + said.format(17, "1:03")) == set()


def test_of_a_list_of_states_only_the_names_count() -> None:
    assert changed(BASE, BASE.replace("admin", "Upgrade Pending"), names_only=True) == set()
    assert changed(BASE, BASE.replace(">ann<", ">mia<"), names_only=True) == {"ann", "mia"}


def test_no_value_and_no_password_is_kept() -> None:
    secret = "<label>{} <input type='{}' name='k' value='s3cret'></label>"
    shown = secret.format("Inter-appliance Communication Pre-shared Key", "text")
    html = FORM.format(banner="N1ght", more=secret.format("Key", "password") + shown)
    kept = str(_contents.contents_of(page_of(html)))
    assert "N1ght" not in kept
    assert "Key" not in kept


def test_long_list_is_kept_as_a_whole() -> None:
    rows = [ROW.format(f"user{number}", "user", "never") for number in range(_contents.MOST_LINES + 1)]
    many = TABLE.format(rows="".join(rows))
    assert set(_contents.contents_of(page_of(many))) == {"its text", "its list"}
    assert changed(many, many.replace("user7<", "user7x<")) == {"its list"}
