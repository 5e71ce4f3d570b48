# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command that somebody typed, as it can be typed again, without what may be a secret."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ansible.errors import AnsibleError
from ansible.parsing.splitter import split_args

_PROGRAM = "ansible-playbook"
_LONG = "--extra-vars"
_SECRET = re.compile(r"pass|secret|token|key|cred|auth|private", re.IGNORECASE)
_HIDDEN = "..."


def typed(words: Sequence[str], without: str = "") -> str:
    """A command line of ansible-playbook for a shell; empty for any other.

    :param words: program and arguments.
    :param without: a variable that is left out.
    """
    if not words or PurePath(words[0]).name != _PROGRAM:
        return ""
    return shlex.join([_PROGRAM, *_arguments(iter(words[1:]), without)])


def _arguments(words: Iterator[str], without: str) -> Iterator[str]:
    for word in words:
        option, equals, value = word.partition("=")
        if word == "-e" or (len(word) > 3 and not equals and _LONG.startswith(word)):
            value, option = next(words, ""), "-e"
        elif len(option) > 3 and equals and _LONG.startswith(option):
            option = "-e"
        elif word.startswith("-e"):
            value, option = word[2:], "-e"
        else:
            yield word
            continue
        shown = _shown(value, without)
        if shown:
            yield from (option, shown)


def _shown(value: str, without: str) -> str:
    """Extra variables as they were given; empty where nothing is left of them."""
    if value.startswith("@"):
        return value
    if value.lstrip().startswith(("{", "[")):
        return _shown_object(value, without)
    try:
        parts = split_args(value)
    except AnsibleError:
        return _HIDDEN
    return " ".join(_shown_part(part) for part in parts if part.partition("=")[0] != without)


def _shown_part(part: str) -> str:
    name, equals, _value = part.partition("=")
    if not equals:
        return _HIDDEN
    return f"{name}={_HIDDEN}" if _SECRET.search(name) else part


def _shown_object(value: str, without: str) -> str:
    try:
        variables = json.loads(value)
    except ValueError:
        return _HIDDEN
    if not isinstance(variables, dict):
        return _HIDDEN
    kept = {name: _HIDDEN if _is_secret(name, of) else of for name, of in variables.items() if name != without}
    return json.dumps(kept) if kept else ""


def _is_secret(name: str, value: object) -> bool:
    """Whether that may be a secret; in what is nested one may stand anywhere."""
    nested = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return bool(_SECRET.search(name)) or any(isinstance(each, dict | list) for each in nested)
