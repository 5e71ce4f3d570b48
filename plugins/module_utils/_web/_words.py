# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The words by which pages, sections, controls and facts are found, as data.

A key such as ``failover.sync_now`` has any number of words per language, from old and new pages side by side. A
phrase may hold placeholders: ``The last data-sync was pulled at {time}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import fold, same
from ansible_collections.bt_ops.pra.plugins.module_utils._web._word import Mark, Word
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words_en import ENGLISH
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words_nl import DUTCH

__all__ = ["CATALOGUE", "Mark", "Word", "Words", "same"]

CATALOGUE: Mapping[str, Mapping[str, tuple[Word, ...]]] = {"en": ENGLISH, "nl": DUTCH}
LONGEST_WORD = 300  # characters
REPLACES = "!"  # behind a key in a user's words: take these instead of the ones known here


class Words:
    """The words of one language, with those a user added.

    :param language: a language of the catalogue, or one for which `extra` has words.
    :param extra: per language and key, further words; they count as documented. A key with ``!`` behind it replaces.
        In a language that is not in the catalogue, what they leave out is looked for in English: boxes leave parts of
        their pages untranslated.
    :raises BadInput: an unknown language, an unknown key, or a word that is none.
    """

    def __init__(self, language: str = "en", extra: Mapping[str, Mapping[str, Sequence[str]]] | None = None) -> None:
        self._extra = {_code(name): _checked(name, added) for name, added in (extra or {}).items()}
        self._known = {*CATALOGUE, *self._extra}
        self.language = _code(language)
        if self.language not in self._known:
            raise BadInput(
                f"There are no words for pages in the language {language!r}."
                f" Known are {', '.join(sorted(self._known))}.",
                state="Nothing was sent.",
                advice="Set the account's language to one of these, or give words for it in bt_labels.",
            )
        self._also: Words | None = None

    def of(self, key: str) -> tuple[str, ...]:
        """All words for a key, the documented before the guessed.

        :raises KeyError: the key is in no catalogue, which is a mistake of the program.
        """
        return tuple(word for rank in self.ranks(key) for word in rank)

    def ranks(self, key: str) -> tuple[tuple[str, ...], ...]:
        """The words for a key in the order in which they are tried: documented and translated ones, then guesses.

        A guess is used only on a page that shows none of the better words.
        """
        known = self._entries(key)
        if self._also is not None:
            known = (*known, *self._also._entries(key))
        sure = tuple(dict.fromkeys(word.text for word in known if word.mark != "guessed"))
        guessed = tuple(dict.fromkeys(word.text for word in known if word.mark == "guessed" and word.text not in sure))
        return tuple(rank for rank in (sure, guessed) if rank)

    def for_page(self, language: str) -> Words:
        """The words for a page that says it is in a language.

        Templates often claim a language that their texts are not in, so the configured language's words stay valid.
        """
        code = _code(language)
        if code == self.language or code not in self._known:
            return self
        chosen = Words.__new__(Words)
        chosen._extra, chosen._known, chosen.language, chosen._also = self._extra, self._known, code, self
        return chosen

    def _entries(self, key: str) -> tuple[Word, ...]:
        if key not in ENGLISH:
            raise KeyError(key)
        added = self._extra.get(self.language, {})
        if key + REPLACES in added:
            return added[key + REPLACES]
        if self.language in CATALOGUE:
            return (*added.get(key, ()), *CATALOGUE[self.language].get(key, ()))
        return added[key] if key in added else tuple(word._replace(mark="guessed") for word in ENGLISH[key])


def _code(language: str) -> str:
    """The part of a language tag that counts here: ``en`` of ``en-US``."""
    return language.strip().replace("_", "-").split("-")[0].casefold()


def _checked(language: str, added: Mapping[str, Sequence[str]]) -> dict[str, tuple[Word, ...]]:
    """A user's words for one language as entries of a catalogue."""
    if not isinstance(added, Mapping):
        raise BadInput(f"bt_labels: the words for language {language!r} must be a mapping of keys to lists of words.")
    checked: dict[str, tuple[Word, ...]] = {}
    for key, words in added.items():
        if str(key).removesuffix(REPLACES) not in ENGLISH:
            near = get_close_matches(str(key), ENGLISH, n=3)
            raise BadInput(
                f"bt_labels: {key!r} (language {language!r}) is no key of the word catalogue.",
                state="Nothing was sent.",
                advice=f"Did you mean {' or '.join(near)}?" if near else "The keys are listed in docs/labels.md.",
            )
        listed = [words] if isinstance(words, str) else words
        if not isinstance(listed, Sequence) or not all(
            isinstance(word, str) and fold(word) and len(word) <= LONGEST_WORD for word in listed
        ):
            raise BadInput(
                f"bt_labels: {key!r} (language {language!r}) must be a list of texts as the page shows them,"
                f" each of 1 to {LONGEST_WORD} characters.",
                state="Nothing was sent.",
            )
        checked[str(key)] = tuple(Word(word, "documented", "bt_labels") for word in listed)
    return checked
