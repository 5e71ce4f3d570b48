# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A user's own words for the pages of a box (bt_labels), read from a file in YAML or JSON.

The file maps a language to keys of the catalogue, and each key to the words that the pages show (docs/labels.md).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, MissingLibrary
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import CATALOGUE, Words

try:
    import yaml

    HAVE_YAML = True
except ImportError:  # Ansible brings it along on the controller; a module may run elsewhere
    HAVE_YAML = False

LARGEST_FILE = 1 << 18  # bytes; the whole catalogue in one language has some thirty thousand
Labels = dict[str, Any]


def read_labels(path: str) -> Labels:
    """The words of a file, found good; none without a path.

    :raises BadInput: in one sentence, what is wrong with the file.
    :raises MissingLibrary: it is YAML, and no library that reads it is here.
    """
    if not path:
        return {}
    labels = _parsed(path, _content(path))
    if not isinstance(labels, dict) or not labels:
        raise _bad(path, "it must map languages such as en to keys and their words")
    for language, words in labels.items():
        if not isinstance(language, str) or not language.strip():
            raise _bad(path, f"{language!r} is no language")
        if not isinstance(words, dict):
            raise _bad(path, f"what stands under {language} must map keys to lists of words")
    try:
        Words(next(iter(CATALOGUE)), labels)
    except BadInput as error:
        raise BadInput(f"{path} (labels_file): {error.what}", state=error.state, advice=error.advice) from None
    return labels


def _content(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _bad(path, f"it cannot be read ({(error.strerror or 'no reason given').lower()})") from None
    if len(content) > LARGEST_FILE:
        raise _bad(path, f"it has more than {LARGEST_FILE} bytes, far more than words take")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(path, "it is not UTF-8 text") from None


def _parsed(path: str, text: str) -> Any:
    """JSON needs no library, so it is tried first; a word of YAML is a text even where it reads like Yes or 10."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.endswith(".json"):
            raise _bad(path, f"it is no JSON ({_short(error)})") from None
    if not HAVE_YAML:
        raise MissingLibrary(
            f"{path} (labels_file) is YAML, and the Python library PyYAML is not installed where this task runs.",
            advice="Install it for that Python, or give the file as JSON.",
        )
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # the one in C crashes on lists in lists in lists
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _bad(path, f"it is neither JSON nor YAML ({_short(error)})") from None


def _bad(path: str, why: str) -> BadInput:
    return BadInput(
        f"{path} (labels_file) cannot be used: {why}.",
        state="Nothing was sent.",
        advice="docs/labels.md shows what such a file looks like.",
    )


def _short(error: BaseException) -> str:
    """What a parser complains about, in one line."""
    mark = getattr(error, "problem_mark", None)
    where = f" in line {mark.line + 1}" if mark is not None else ""
    return " ".join(str(getattr(error, "problem", None) or error).split())[:120] + where
