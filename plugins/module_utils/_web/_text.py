# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Visible text: how it is brought into one form, compared, and searched for phrases.

Pages of different years write the same words with other spaces, quotes, capitals and ornaments; a person does not
notice, so neither may a comparison.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

LONGEST_BLOCK = 20_000  # characters of one block of text in which phrases are looked for
MOST_PLACES = 20  # places in it at which a phrase may begin

_ALIKE = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"), None),
}
_TRAILING = ":*. \u203a\u00bb>!,;"
_LEADING = "* \u203a\u00bb>"
_ORNAMENT = frozenset({"So", "Sm", "Sk", "Co", "Cn"})
_COUNT = re.compile(r"\s*(?:[(\[]\s*\d+\s*[)\]]|\s\d{1,4})$")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]{0,200}[)\]]$")
_PARTS = re.compile(r"\s*(?:::|\u00bb|\u203a|>|\|)\s*|\s+[-/\u00b7\u2022]\s+|:\s+")
_ARTICLES = re.compile(r"(?<!\w)(?:the|an?|this|these|your|de|het|een|dit|deze|uw)(?!\w)")
_JOINTS = re.compile(r"[\s-]+")
_HOLDER = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z\u00c0-\u00de])")
_ABBREVIATED = re.compile(r"(?:^|[\s.])[A-Za-z]$")


def clean(text: str) -> str:
    """The text as it is shown: NFKC, invisible characters gone, white space and no-break space collapsed."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form in which two texts are compared: cleaned, case-folded, ornaments and trailing marks cut."""
    plain = clean(text).casefold()
    start, end = 0, len(plain)
    while end > start and (plain[end - 1] in _TRAILING or _is_ornament(plain[end - 1])):
        end -= 1
    while start < end and (plain[start] in _LEADING or _is_ornament(plain[start])):
        start += 1
    return plain[start:end]


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """The folded text without articles, spaces and hyphens, which differ between versions and translators."""
    folded = fold(text)
    return _JOINTS.sub("", _ARTICLES.sub(" ", folded)) or folded


def _is_ornament(char: str) -> bool:
    return char != "+" and not char.isascii() and unicodedata.category(char) in _ORNAMENT


def same(text: str, word: str) -> bool:
    """Whether a person would say that both read the same (appliance-interface.md 11.2, point 2)."""
    read = bare(text)
    return bool(read) and read == bare(word)


def is_one_of(text: str, words: tuple[str, ...]) -> bool:
    """Whether the text reads the same as one of the words."""
    read = bare(text)
    return bool(read) and read in _bare_set(words)


@lru_cache(maxsize=1024)
def _bare_set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(bare(word) for word in words)


def without_count(text: str) -> str:
    """A menu entry or heading without the number some pages put behind it, such as ``Updates (2)``."""
    return _COUNT.sub("", clean(text))


def without_brackets(text: str) -> str:
    """A label without a hint in brackets behind it, such as ``Port (1-65535)``."""
    return _BRACKETED.sub("", clean(text).rstrip(":* "))


def parts(title: str) -> list[str]:
    """The parts of a title such as ``Software :: Backup Settings``, from outside in."""
    return [part for part in _PARTS.split(clean(title)) if part]


def is_exact_title(title: str, words: tuple[str, ...]) -> bool:
    """Whether the whole title, or what follows its last separator, is one of the words."""
    return is_one_of(title, words) or is_one_of(parts(title)[-1] if parts(title) else "", words)


def is_title(title: str, words: tuple[str, ...]) -> bool:
    """Whether the title is one of the words as it stands, or without the number that some pages put behind it."""
    return is_exact_title(title, words) or is_exact_title(without_count(title), words)


@dataclass(frozen=True)
class Said:
    """A block of text that contains a phrase: the whole text, the phrase, and what stood in its placeholders."""

    text: str
    phrase: str
    values: dict[str, str]


@lru_cache(maxsize=1024)
def _pieces(phrase: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The literals of a phrase, folded, and the names of the placeholders between them."""
    found = _HOLDER.split(clean(phrase))
    literals = tuple(_lower(piece) for piece in found[0::2])
    if literals[-1].strip() in (".", "!", ""):
        literals = (*literals[:-1], "")
    elif len(literals) == 1 or literals[-1].strip():
        literals = (*literals[:-1], literals[-1].rstrip(".!"))
    return literals, tuple(found[1::2])


def _lower(text: str) -> str:
    """Lower case without a change of length, so that places in both texts agree."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def may_say(text: str, phrase: str) -> bool:
    """Whether the longest literal of a phrase stands in a text at all: a quick test before a search line by line."""
    literals, _names = _pieces(phrase)
    return max(literals, key=len) in _lowered(text)


@lru_cache(maxsize=32)
def _lowered(text: str) -> str:
    return _lower(text)


def find_phrase(text: str, phrase: str) -> Said | None:
    """Look for a phrase in one block of (cleaned) text; ``{name}`` in it stands for any text that is not empty.

    A value at the end of the phrase reaches to the end of its sentence.
    """
    literals, names = _pieces(phrase)
    text = text[:LONGEST_BLOCK]
    lowered = _lower(text)
    for start in islice(_places(lowered, literals[0], bool(names)), MOST_PLACES):
        values: dict[str, str] = {}
        at = start + len(literals[0])
        for name, literal in zip(names, literals[1:], strict=True):
            if literal:
                end = lowered.find(literal, at)
                if end < 0:
                    return None
            else:
                end = _end_of_sentence(text, at)
            values[name] = text[at:end].strip(" .:;,") if not literal else text[at:end].strip()
            at = end + len(literal)
        if all(values.values()) and not _inside_word(lowered, start, at, literals):
            if names and not literals[0].strip():
                first = values[names[0]]
                cut = [match.end() for match in _SENTENCE_END.finditer(first)]
                values[names[0]] = first[cut[-1] if cut else 0 :].strip()
            return Said(text, phrase, values)
    return None


def _places(text: str, literal: str, has_holders: bool) -> Iterator[int]:
    """Where the first literal of a phrase stands in the text."""
    if not literal.strip():
        if has_holders:
            yield 0
        return
    at = text.find(literal)
    while at >= 0:
        yield at
        at = text.find(literal, at + 1)


def _inside_word(text: str, start: int, end: int, literals: tuple[str, ...]) -> bool:
    """Whether the match begins or ends in the middle of a word."""
    first, last = literals[0], literals[-1]
    begins = bool(first[:1].isalnum()) and start > 0 and text[start - 1].isalnum()
    ends = bool(last[-1:].isalnum()) and end < len(text) and text[end].isalnum()
    return begins or ends


def _end_of_sentence(text: str, at: int) -> int:
    """Where the sentence ends that goes on at `at`; the point in ``a.m. CET`` ends none."""
    for match in _SENTENCE_END.finditer(text, at):
        if not _ABBREVIATED.search(text[max(at, match.start() - 2) : match.start()]):
            return match.start()
    return len(text)
