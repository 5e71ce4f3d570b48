# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The catalogue of words, and how texts are compared."""

from __future__ import annotations

import re

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import find_phrase, is_title, same
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import CATALOGUE, Words
from tests.unit.web.pages import page_of

KEYS = sorted(CATALOGUE["en"])


def test_every_language_has_every_key_and_nothing_else() -> None:
    for language, words in CATALOGUE.items():
        assert sorted(words) == KEYS, language


@pytest.mark.parametrize("language", CATALOGUE)
def test_words_are_clean_marked_and_sourced(language: str) -> None:
    for key, words in CATALOGUE[language].items():
        assert words, key
        assert len({word.text for word in words}) == len(words), key
        for word in words:
            assert word.text == " ".join(word.text.split()), word
            assert word.mark in ("documented", "translated", "guessed")
            assert re.fullmatch(r"\d+(\.\d+)*", word.source) or (word.mark == "guessed" and word.source), word
            assert word.text.count("{") == len(re.findall(r"\{\w+\}", word.text)), word


@pytest.mark.parametrize("language", CATALOGUE)
@pytest.mark.parametrize(
    "keys",
    [
        ("failover.break", (
            "failover.become_primary"
        ), "failover.become_backup", "failover.sync_now", "failover.establish"),
        ("failover.new_backup", "failover.reverse", "failover.setup"),
        ("failover.primary_status", "failover.backup_status"),
        ("backup.password", "backup.confirm"),
        ("updates.check", "updates.install", "updates.upload"),
        ("reset.factory", "shutdown"),
        ("confirm.yes", "confirm.no"),
        ("choice.on", "choice.off"),
    ],
)
def test_words_that_must_never_be_mixed_up(language: str, keys: tuple[str, ...]) -> None:
    words = Words(language)
    seen: dict[str, str] = {}
    for key in keys:
        for rank in words.ranks(key)[:1]:
            for word in rank:
                other = next((known for text, known in seen.items() if same(text, word)), key)
                assert other == key, word
                seen[word] = key


def test_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match="'de'.*en, nl"):
        Words("de")


def test_language_tags() -> None:
    assert Words("nl-NL").language == "nl"
    assert Words("EN_us").language == "en"


def test_users_words_come_with_those_known_or_replace_them() -> None:
    words = Words("en", {"en": {"failover.sync_now": ["Go"], "ip.save!": ["Store"]}})
    assert words.of("failover.sync_now")[:2] == ("Go", "Sync Now")
    assert words.of("ip.save") == ("Store",)
    german = Words("de", {"de": {"menu.failover": ["Ausfallsicherung"]}})
    assert german.of("menu.failover") == ("Ausfallsicherung",)
    assert german.of("menu.software")[0] == "Software"
    assert len(german.ranks("menu.software")) == 1, "what is left out is but a guess"


@pytest.mark.parametrize(
    ("added", "match"),
    [
        ({"en": {"failover.sink_now": ["x"]}}, "failover.sync_now"),
        ({"en": {"ip.save": [""]}}, "ip.save"),
        ({"en": {"ip.save": ["x" * 301]}}, "ip.save"),
        ({"en": {"ip.save": [1]}}, "ip.save"),
        ({"en": {"ip.save": 5}}, "ip.save"),
        ({"en": ["x"]}, "mapping"),
    ],
)
def test_users_words_that_are_none(added: dict[str, dict[str, list[str]]], match: str) -> None:
    with pytest.raises(BadInput, match=match):
        Words("en", added)


def test_page_that_claims_another_language_is_read_in_both() -> None:
    words = Words("nl").for_page("en-US")
    assert words.language == "en"
    assert {"Sync Now", "Nu synchroniseren"} <= set(words.of("failover.sync_now"))
    assert Words("nl").for_page("fr").language == "nl"


def test_unknown_key_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        Words().of("menu.nowhere")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("  sync\u00a0 NOW\n", "Sync Now"),
        ("Sync Now:", "Sync Now"),
        ("Sync Now *", "Sync Now"),
        ("Sync Now\u2026", "Sync Now"),
        ("\u25b6 Sync Now \u00bb", "Sync Now"),
        ("\uff33\uff59\uff4e\uff43 Now", "Sync Now"),
        ("Sync\u00adNow", "SyncNow"),
        ("This host\u2019s status", "This host's status"),
        ("Back\u2011up", "Back-up"),
        ("STRASSE", "stra\u00dfe"),
    ],
)
def test_texts_that_read_the_same(text: str, word: str) -> None:
    assert same(text, word)


@pytest.mark.parametrize(
    ("text", "word"), [("Sync", "Sync Now"), ("", ""), (":", "*"), ((
        "Become Primary"
    ), "Become Backup"), ("Port 2", "Port")]
)
def test_texts_that_do_not(text: str, word: str) -> None:
    assert not same(text, word)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Backup Settings", True),
        ("Software :: Backup Settings", True),
        ("Software > Backup Settings", True),
        ("Software - Backup Settings (3)", True),
        ("Backup Settings :: Software", False),
        ("No Backup Settings", False),
    ],
)
def test_titles(title: str, expected: bool) -> None:
    assert is_title(title, ("Backup Settings",)) is expected


@pytest.mark.parametrize(
    ("text", "phrase", "values"),
    [
        ("Installing base 6.2 now", "installing {package}", {"package": "base 6.2 now"}),
        ("x a 1 b 2 c y", "a {p} b {q} c", {"p": "1", "q": "2"}),
        ("One. Two does not fit three. Four.", "{a} does not fit {b}", {"a": "Two", "b": "three"}),
        ("Synchronised at 10:00 (CET).", "synchronised at {time}.", {"time": "10:00 (CET)"}),
        ("nothing", "a {p} b", None),
        ("a  b", "a {p} b", None),
        ("says nothing at all", "say", None),
    ],
)
def test_phrases(text: str, phrase: str, values: dict[str, str] | None) -> None:
    said = find_phrase(text, phrase)
    assert (said.values if said else None) == values


def test_copy_of_a_page_with_names_that_are_none_shows_no_secret() -> None:
    copy = page_of("<div {{ token }} {token=canary-0123456789abcdef title=canary-0123456789abcdef>words</div>").redacted
    assert "words" in copy
    assert "canary" not in copy


def test_redacted_copy_keeps_structure_and_words_but_no_secret() -> None:
    page = page_of(
        "<p>Key: 3FA9-77BC-0D12-AE45-99F0</p><p>Key: GDUCFJZT-OEMIABRZ-KMTAVUGG</p>"
        "<pre>-----BEGIN PRIVATE KEY-----\nMIIcanary\n-----END PRIVATE "
        "KEY-----</pre>"
        "<form action='/x?token=Zm9vYmFyYmF6cXV4MTIz'><input type=hidden name=_token value=short-canary>"
        "<label for=i>Backup Password</label><input id=i type=password value=canary><input name=n value=canary>"
        "<textarea>canary</textarea><select><option value='8f14e45fceea167a5a36dedd4bea2543'>One</select>"
        "<input type=submit value='Download Backup'></form><script>var t='canary'</script><meta content=canary>"
    )
    copy = page.redacted
    assert "canary" not in copy
    for secret in ("3FA9-77BC", "OEMIABRZ", "Zm9vYmFyYmF6cXV4MTIz", "8f14e45fceea"):
        assert secret not in copy
    for word in ("Backup Password", 'for="i"', "Download Backup", 'name="_token"', "One"):
        assert word in copy
