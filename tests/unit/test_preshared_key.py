# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether two boxes hold the same pre-shared key: what is compared, what is not, and that no key is told or kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _preshared_key
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import ALL, Manual
from ansible_collections.bt_ops.pra.plugins.module_utils._web._security_page import shown_key
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from tests.unit.web.box import Asked, Reply, redirect, serving
from tests.unit.web.pages import page_of

LABEL = "Inter-appliance Communication Pre-shared Key"
KEY, OTHER = "canary-one", "canary-two"
LOGIN = (
    "<title>Login</title><form method=post action=/login/in><label>Username<input name=u></label>"
    "<label>Password<input type=password name=p></label><button>Login</button></form>"
)
MENU = '<title>Management</title><a href="/login/s">Security</a><a href="/login/out">Log Out</a>'


def keyed(value: str, kind: str = "text", label: str = LABEL) -> Reply:
    """A Security page whose field holds a value."""
    value = escape(value, quote=True)
    form = f'<form method=post><label>{label}<input type={kind} name=k value="{value}"></label><button>Save</button>'
    return Reply(f"{MENU.replace('Management', 'Security', 1)}<h1>Security</h1>{form}</form>")


@dataclass
class Pair:
    """Two boxes behind one address, told apart by the account that is logged in."""

    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    kept: str = ""

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/login/in":
            return redirect("/login", cookie=f"who={asked.form['u']}; Path=/; Secure")
        who = asked.cookies.get("who")
        if who is None:
            return Reply(LOGIN)
        return self.pages[who] if asked.path == "/login/s" else Reply(f"{MENU}<h1>Management</h1>")


def compare(pair: Pair, folder: Path, mine: Reply, theirs: Reply, manual: Manual | None = None) -> None:
    """Compare the keys of both boxes, and keep all that this told."""
    pair.pages = {"box-a": mine, "box-b": theirs}
    with serving(folder) as server:
        server.answering = pair
        context = Context(say=pair.said.append)
        boxes = [
            Box(
                Connection(name, server.endpoint, login=Account(name, "secret"), manual=manual or Manual()),
                context,
                str(folder / "run"),
            )
            for name in ("box-a", "box-b")
        ]
        try:
            _preshared_key.refuse_different(boxes[0], boxes[1])
        finally:
            pair.asked = server.asked
            pair.kept = "".join(each.read_text() for each in (folder / "run").rglob("*.html"))


def test_different_keys_are_told_and_not_shown(tmp_path: Path) -> None:
    pair = Pair()
    with pytest.raises(Refused) as caught:
        compare(pair, tmp_path, keyed(KEY), keyed(OTHER, "password"))
    told = str(caught.value)
    for words in (LABEL, "differ", "Nothing was changed.", "/login > Management > Security", "box-a", "box-b"):
        assert words in told
    assert caught.value.guide == ("G28",)
    assert "canary" not in f"{told} {caught.value.facts} {pair.said} {pair.kept}"
    assert [each.path for each in pair.asked if each.method == "POST"] == ["/login/in", "/login/in"]


@pytest.mark.parametrize("mine", ["key", "  key ", "Sleutel ë"])
def test_equal_keys(tmp_path: Path, mine: str) -> None:
    pair = Pair()
    compare(pair, tmp_path, keyed(mine), keyed(mine.strip()))
    assert pair.said == []
    assert len([each for each in pair.asked if each.path == "/login/s"]) == 2


@pytest.mark.parametrize("hidden", ["", "   ", "********", "••••••••", "●●●"])
def test_a_key_that_one_box_does_not_show_is_left_to_the_boxes(tmp_path: Path, hidden: str) -> None:
    pair = Pair()
    compare(pair, tmp_path, keyed(KEY), keyed(hidden))
    compare(pair, tmp_path, keyed(hidden), keyed(KEY))
    assert pair.said == []


@pytest.mark.parametrize(
    "page",
    [
        keyed(OTHER, label="Word of honour"),
        Reply(f"{MENU}<h1>Security</h1><p>{LABEL}: {OTHER}</p>"),
        Reply("<title>Gone</title><h1>Not Found</h1>", 404),
    ],
)
def test_a_page_that_is_not_understood_is_left_to_the_boxes(tmp_path: Path, page: Reply) -> None:
    pair = Pair()
    compare(pair, tmp_path, keyed(KEY), page)
    assert len(pair.said) == 1
    assert pair.said[0].startswith("[box-b] ")
    assert "canary" not in f"{pair.said} {pair.kept}"


def test_two_fields_of_that_name_are_not_understood_and_no_copy_shows_them(tmp_path: Path) -> None:
    pair = Pair()
    twice = Reply(f"{keyed(KEY).body!s}{keyed(OTHER).body!s}")
    compare(pair, tmp_path, twice, keyed(KEY))
    assert len(pair.said) == 1
    assert LABEL in pair.kept
    assert "canary" not in pair.kept


def test_an_account_without_the_right_is_left_to_the_boxes(tmp_path: Path) -> None:
    pair = Pair()
    compare(pair, tmp_path, keyed(KEY), Reply("<h1>Forbidden</h1>", 403))
    assert pair.said == []


def test_a_box_that_does_not_answer_is_not_taken_for_one_without_a_key(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        compare(Pair(), tmp_path, keyed(KEY), Reply("", 503))


def test_no_page_is_opened_where_a_person_does_everything(tmp_path: Path) -> None:
    pair = Pair()
    compare(pair, tmp_path, keyed(KEY), keyed(OTHER), Manual(frozenset({ALL})))
    assert pair.asked == []


def test_the_field_of_a_dutch_page() -> None:
    label = "Vooraf gedeelde sleutel voor communicatie tussen apparaten"
    assert shown_key(page_of(f"<label>{label} <input value='abc'></label>", "nl")) == "abc"
