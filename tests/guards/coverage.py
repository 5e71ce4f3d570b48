# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""docs/guide-coverage.md and docs/failure-modes.md against what exists, and playbooks against molecule scenarios."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.guards.tree import modules, read_yaml

COLUMNS = 5
CODE = re.compile(r"`([^`]+)`")
# What a row says in its third cell where nothing is done, and how the page sums those rows up.
NOT_COVERED = "not covered:"
SUMMED_UP = re.compile(r"^Not covered: (.*)\.$", re.MULTILINE)
# It starts, upgrades and stops boxes of its own, so no scenario can hold it; `make rehearse` runs it.
NO_SCENARIO = {"rehearse"}


@dataclass(frozen=True)
class Page:
    """A page with one row for each of the ids: what it is about, what is done, where, and the test that shows it."""

    path: str
    groups: tuple[tuple[str, int], ...]

    @property
    def ids(self) -> list[str]:
        """All of them, in order."""
        return [f"{group}{number}" for group, most in self.groups for number in range(1, most + 1)]


GUIDE = Page("docs/guide-coverage.md", (("G", 44),))
MODES = Page(
    "docs/failure-modes.md",
    (("C", 11), ("A", 13), ("M", 6), ("S", 12), ("Y", 6), ("Q", 15), ("R", 9), ("H", 19), ("T", 12)),
)


def guide(root: Path) -> list[str]:
    """Every obligation of the guide once, with a place and a test that exist."""
    return _complaints(root, GUIDE)


def failure_modes(root: Path) -> list[str]:
    """The same for everything that goes wrong in an upgrade."""
    return _complaints(root, MODES)


def uncovered(root: Path, page: Page) -> list[str]:
    """The ids of which the page says that nothing is done."""
    return [row[0] for row in _rows(root, page) if row[2:3] and row[2].startswith(NOT_COVERED)]


def _rows(root: Path, page: Page) -> list[list[str]]:
    """The cells of the rows that begin with an id."""
    path = root / page.path
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    rows = [line for line in text.splitlines() if re.match(r"\| [A-Z]\d+ \|", line)]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def _complaints(root: Path, page: Page) -> list[str]:
    if not (root / page.path).is_file():
        return []
    rows = _rows(root, page)
    lost = sorted({*page.ids} ^ {row[0] for row in rows})
    wrong = [] if [row[0] for row in rows] == page.ids else [f"the ids are not each there once, in order: {lost}"]
    bare = uncovered(root, page)
    told = SUMMED_UP.findall((root / page.path).read_text(encoding="utf-8"))
    if told != ([", ".join(bare)] if bare else []):
        wrong.append(f"what is not covered is summed up as {told}, it is {bare}")
    for row in rows:
        if len(row) != COLUMNS or not all(row):
            wrong.append(f"{row[0]} has not {COLUMNS} cells that say something")
        elif row[0] not in bare:
            wrong += [f"{row[0]}: {found}" for found in _places(root, row[3]) + _tests(root, row[4])]
    return [f"{page.path}: {found}" for found in wrong]


def _places(root: Path, cell: str) -> list[str]:
    """Modules and files that do not exist; a cell that names none."""
    names, known = CODE.findall(cell), modules(root)
    wrong = [name for name in names if name not in known and not (root / name).is_file()]
    return [f"there is no {name}" for name in wrong] + ([] if names else ["no place is named"])


def _tests(root: Path, cell: str) -> list[str]:
    """Tests that do not exist; a cell that names none."""
    names = CODE.findall(cell)
    return [f"there is no test {name}" for name in names if not _exists(root, name)] + ([] if names else ["no test"])


def _exists(root: Path, test: str) -> bool:
    """Whether a test of that name stands in that file."""
    path, _colons, name = test.partition("::")
    if not name or not (root / path).is_file():
        return False
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(node, kinds) and node.name == name for node in tree.body)


def scenarios(root: Path) -> list[str]:
    """Playbooks that no molecule scenario imports, and scenarios without all of their steps."""
    folder = root / "extensions" / "molecule"
    used: set[str] = set()
    complaints = []
    for scenario in sorted(path.parent for path in folder.glob("*/molecule.yml")):
        if scenario.name == "default":
            continue
        complaints += [
            f"molecule scenario {scenario.name} has no {step}.yml"
            for step in ("converge", "verify")
            if not (scenario / f"{step}.yml").is_file()
        ]
        for path in sorted(scenario.glob("*.yml")):
            used |= _imported(read_yaml(path))
    playbooks = {path.stem for path in (root / "playbooks").glob("*.yml")} - NO_SCENARIO
    return complaints + [f"no molecule scenario runs {name}.yml" for name in sorted(playbooks - used)]


def _imported(plays: Any) -> set[str]:
    """The names of the collection's playbooks that a playbook imports."""
    listed = plays if isinstance(plays, list) else []
    names = [str(play.get("ansible.builtin.import_playbook", "")) for play in listed if isinstance(play, dict)]
    return {name.removeprefix("bt_ops.pra.") for name in names if name}
