# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values that nobody should give an option, made from nothing but its argument specification."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONG = "x" * 1_000_000
# Not what any text option can mean, whichever it is.
NO_TEXT = {
    "a list": ["a", "b"], "a mapping": {"a": 1}, "two lines": "one\ntwo", "a NUL": "a\x00b", "an escape": "\x1b[31mred",
    "a megabyte": LONG, "half a letter": "\ud800",
}
ANY_TEXT = {
    "nothing": "", "blanks": "   ", "a template": "{{ lookup('pipe', 'id') }}", "a way up": "../../../../etc/passwd",
    "quotes": "'; rm -rf / #\"", "other letters": "Zürich\u202e☃", "a number": 12345678901234567890, "a yes": True,
}
NO_NUMBER = {
    "text": "many", "nothing": "", "a list": [1], "a mapping": {"a": 1}, "a yes": True, "a NUL": "1\x00",
    "a megabyte": LONG,
}
ANY_NUMBER = {"negative": -1, "zero": 0, "huge": 10**30, "text of one": "7"}
NO_WHOLE_NUMBER = {"a fraction": 1.5, "not a number": "nan", "many digits": "9" * 4400}
NO_TIME = {"not a number": float("nan"), "without end": float("inf"), "many digits": "9" * 4400}
NO_YES_OR_NO = {"text": "perhaps", "two": 2, "a list": [], "a mapping": {}, "a megabyte": LONG}
NO_LIST = {
    "a mapping": {"a": 1}, "a list in it": [["x"]], "nothing in it": [None], "a NUL in it": ["a\x00b"],
    "a megabyte in it": [LONG],
}
ANY_LIST = {"text": "text", "a number": 5, "a template": ["{{ 7 * 7 }}"], "a way up": ["../../etc"]}
NO_MAPPING = {"text": "text", "a list": ["a"], "a number": 5}
ANY_MAPPING = {
    "unknown": {"colour": "red"}, "numbers": {1: 2}, "deep": {"recordings": {"a": [1]}}, "a megabyte": {LONG: LONG},
}
BY_TYPE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "str": (NO_TEXT, ANY_TEXT),
    "path": (NO_TEXT, ANY_TEXT),
    "int": ({**NO_NUMBER, **NO_WHOLE_NUMBER}, ANY_NUMBER),
    "float": ({**NO_NUMBER, **NO_TIME}, ANY_NUMBER),
    "bool": (NO_YES_OR_NO, {}),
    "list": (NO_LIST, ANY_LIST),
    "dict": (NO_MAPPING, ANY_MAPPING),
    "raw": ({}, {**NO_TEXT, **ANY_TEXT, **ANY_NUMBER, **ANY_MAPPING}),
}


@dataclass(frozen=True)
class Case:
    """A bad value for an option. `impossible`: it cannot be worked with, so it must be refused."""

    option: str
    what: str
    value: Any
    impossible: bool

    def __str__(self) -> str:
        return f"{self.option} is {self.what}"


def places(folder: Path) -> dict[str, str]:
    """What may lie at a path that should not lie there."""
    (folder / "garbage").write_bytes(os.urandom(1000))
    (folder / "empty").write_bytes(b"")
    (folder / "page").write_text("<html>Log in</html>")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder / "loop")
    names = ("garbage", "empty", "page", "folder", "pipe", "loop", "missing", "garbage/below")
    return {name: str(folder / name) for name in names} | {"a device": "/dev/zero", "a process": "/proc/self/mem"}


def cases(spec: dict[str, dict[str, Any]], there: dict[str, str], inside: str = "") -> Iterator[Case]:
    """Every bad value of every option, those inside of mappings too."""
    for name, option in spec.items():
        kind = option.get("type", "str")
        impossible, possible = BY_TYPE[kind]
        for what, value in impossible.items():
            yield Case(inside + name, what, value, True)
        for what, value in {**possible, **(there if kind == "path" else {})}.items():
            yield Case(inside + name, what, value, "choices" in option and kind == "str")
        if option.get("options"):
            yield from cases(option["options"], there, f"{name}.")


def given(base: dict[str, Any], case: Case) -> dict[str, Any]:
    """The arguments with that value in them."""
    option, _dot, inner = case.option.partition(".")
    if not inner:
        return {**base, option: case.value}
    whole = base.get(option, {})
    if isinstance(whole, list):
        return {**base, option: [{**whole[0], inner: case.value}]}
    return {**base, option: {**whole, inner: case.value}}
