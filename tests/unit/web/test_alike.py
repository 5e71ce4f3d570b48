# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages made from the same meaning in many styles of markup are understood alike."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import bare, fold
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from tests.unit.web.markup import STYLES, Control, Meaning, Part

# Keys of the catalogue that the parts, fields, buttons and facts of a random page are called by.
PARTS = ("software.backup", "software.restore", "failover.setup")
FIELDS = ("backup.password", "failover.host", "ip.enabled", "eula.name")
BUTTONS = ("backup.download", "restore.upload")
FACTS = ("basics.serial", "basics.system_time")
EXAMPLES = settings.default.max_examples * 12 // 100

_LETTERS = st.characters(codec="utf-8", categories=("Lu", "Ll", "Nd"), max_codepoint=0x24F)
_WORD = st.text(_LETTERS, min_size=2, max_size=9)
NAMES = st.lists(_WORD, min_size=1, max_size=4).map(" ".join).filter(lambda text: len(fold(text)) > 1)
VALUES = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll", "Nd", "Po"), max_codepoint=0x17F), max_size=12)


@st.composite
def meanings(draw: st.DrawFn) -> Meaning:
    """A page of one to three parts; every name on it reads differently, but the parts use the same field names."""
    texts = draw(st.lists(NAMES, min_size=16, max_size=16, unique_by=bare))
    wires = draw(st.lists(st.from_regex((
        r"[a-z]{1,3}(\[[a-z0-9]{1,4}\])?"
    ), fullmatch=True), min_size=40, max_size=40, unique=True))
    parts = []
    for at in range(draw(st.integers(1, 3))):
        wire = iter(wires[at * 12 :])
        fields = (
            Control(texts[4], next(wire), draw(st.sampled_from(["password", "text"])), draw(VALUES)),
            Control(texts[5], next(wire), draw(st.sampled_from(["text", "textarea"])), draw(VALUES)),
            Control(texts[6], next(wire), "checkbox", draw(st.sampled_from(["on", ""]))),
            Control(texts[7], next(wire), "select", texts[13], (texts[12], texts[13], texts[14])),
        )
        buttons = ((texts[8], next(wire), "1"), (texts[9], next(wire), "go"))
        facts = ((texts[10], f"V{at} {texts[15]}"), (texts[11], f"W{at}"))
        secret = ((next(wire), draw(VALUES)), (next(wire), f"token{at}"))
        parts.append(Part(texts[1 + at], fields, buttons, facts, secret))
    return Meaning(texts[0], tuple(parts))


def words_for(meaning: Meaning) -> Words:
    """A catalogue in which the keys mean the names of this page, written as a person would type them."""
    names: dict[str, list[str]] = {}
    for key, part in zip(PARTS, meaning.parts, strict=False):
        names[key] = [part.title.swapcase() if part.title.isascii() else part.title]
    first = meaning.parts[0]
    names.update({key: [field.label] for key, field in zip(FIELDS, first.fields, strict=True)})
    names.update({key: [button[0]] for key, button in zip(BUTTONS, first.buttons, strict=True)})
    names.update({key: [fact[0]] for key, fact in zip(FACTS, first.facts, strict=True)})
    return Words("en", {"en": {f"{key}!": texts for key, texts in names.items()}})


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(meaning=meanings(), pick=st.integers(0, 2))
def test_every_style_is_understood_alike(style: str, meaning: Meaning, pick: int) -> None:
    page = Page(STYLES[style](meaning).encode(), url="https://box.example/a/b?c=d", words=words_for(meaning))
    at = pick % len(meaning.parts)
    part = meaning.parts[at]
    scope = page.section(PARTS[at])
    for key, fact in zip(FACTS, part.facts, strict=True):
        assert fold(scope.fact(key) or "") == fold(fact[1]), key
    fields = [scope.field(key) for key in FIELDS]
    assert [field.name for field in fields] == [field.wire for field in part.fields]
    assert [field.kind for field in fields] == [field.kind for field in part.fields]
    assert fields[2].checked == (part.fields[2].value == "on")
    button = scope.button(BUTTONS[pick % 2])
    submission = page.fill({fields[0]: "new", fields[2]: True, fields[3]: part.fields[3].options[2]}, button)
    assert submission.method == "POST"
    assert submission.target == "https://box.example/a/x"
    sent = dict(submission.fields)
    assert sent[part.fields[0].wire] == "new"
    assert sent[part.fields[1].wire] == part.fields[1].value
    assert sent[part.fields[2].wire] == "1"
    assert sent[part.fields[3].wire] == "v2"
    for name, value in part.hidden:
        assert sent[name] == value
    buttons = {wire for each in meaning.parts for _label, wire, _value in each.buttons}
    pressed = buttons & {name.removesuffix(".x") for name in sent}
    assert pressed == {part.buttons[pick % 2][1]}
