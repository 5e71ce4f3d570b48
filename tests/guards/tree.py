# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the guards read a tree. A rule is a function from a tree's root to a list of complaints; a clean tree has none.

The rules take the root as an argument, so that each is also shown to bite on a small fabricated tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SIMBOX = "roles/simulated_boxes/files/simbox"


class AnsibleLoader(yaml.SafeLoader):
    """YAML with Ansible's own tags (`!vault`, `!unsafe`), whose values are taken as they stand."""


def _plain(loader: AnsibleLoader, _suffix: str, node: yaml.Node) -> Any:
    """The value below a tag that is not YAML's own."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)  # type: ignore[arg-type]  # the third kind of node there is


AnsibleLoader.add_multi_constructor("!", _plain)


def read_yaml(path: Path) -> Any:
    """The one document of a YAML file; None when the file is missing or empty."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=AnsibleLoader) if path.is_file() else None


def files(root: Path, folder: str, *patterns: str) -> list[Path]:
    """The files below a folder of the tree that match one of the patterns; none when there is no such folder."""
    found = {path for pattern in patterns for path in (root / folder).rglob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts)


def sources(root: Path, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The Python files below the folders, as their path in the tree and their syntax tree."""
    for folder in folders:
        for path in files(root, folder, "*.py"):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def roles(root: Path) -> list[Path]:
    """The folders of the tree's roles."""
    return sorted(path for path in (root / "roles").glob("*") if path.is_dir())


def modules(root: Path) -> list[str]:
    """The names of the tree's modules."""
    return sorted(path.stem for path in (root / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
