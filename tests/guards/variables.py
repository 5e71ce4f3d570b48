# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one list of variables against what is read, and against what documentation and messages speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.guards.tree import SIMBOX, files, modules

NAME = re.compile(r"(?<!pra\.)\bbt_[a-z_]*[a-z]\b")
# A variable with its default; a second argument of true has the default stand for an empty value too.
DEFAULT = re.compile(r"\bbt_(?!(?:single|primary|backup|old|new)')\w+(?:'\])? \| default\(([^()]*)\)")
COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
# The collection's own name, folders of a run's temporary files, and a group that a playbook makes for itself.
NO_VARIABLES = {"bt_ops", "bt_ops_pra", "bt_ops_pra_sites", "bt_folders"}
READERS = ("roles", "playbooks", "plugins/plugin_utils")
# It decides by the values that the controller has read for it.
DECIDES = "plugins/module_utils/_start.py"
SPEAKERS = ("roles", "playbooks", "plugins", "docs", "extensions")


def read(root: Path) -> set[str]:
    """Every such name in what reads variables; comments do not."""
    paths = [path for folder in READERS for path in files(root, folder, "*.yml", "*.py") if SIMBOX not in str(path)]
    paths += [root / DECIDES] if (root / DECIDES).is_file() else []
    return {name for path in paths for name in NAME.findall(COMMENT.sub("", path.read_text(encoding="utf-8")))}


def unknown(root: Path, known: Iterable[str], groups: Iterable[str]) -> list[str]:
    """Files that speak of a variable which the list does not hold."""
    names = {*known, *groups, *modules(root), *NO_VARIABLES}
    return sorted(
        f"{path.relative_to(root)}: {name} is in no list"
        for path in _speakers(root)
        for name in set(NAME.findall(path.read_text(encoding="utf-8"))) - names
    )


def unread(root: Path, known: Iterable[str], derived: Iterable[str]) -> list[str]:
    """Variables of the list that nothing reads.

    :param derived: names that are made of an option's name where they are read.
    """
    return [f"nothing reads {name}" for name in sorted({*known} - read(root) - {*derived})]


def _speakers(root: Path) -> Iterator[Path]:
    yield from (path for folder in SPEAKERS for path in files(root, folder, "*.yml", "*.py", "*.md"))
    yield from (root / name for name in ("README.md", "CONTRIBUTING.md") if (root / name).is_file())


def empty_answers(root: Path) -> list[str]:
    """Defaults that an empty text, as a survey gives it, would take the place of."""
    return [
        f"{path.relative_to(root)}: {found.group()} keeps an empty answer"
        for folder in ("roles", "playbooks")
        for path in files(root, folder, "*.yml")
        for found in DEFAULT.finditer(path.read_text(encoding="utf-8"))
        if found[1] != "''" and not found[1].endswith(", true")
    ]
