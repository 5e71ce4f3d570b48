# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""docs/guide-coverage.md against what exists, and every playbook against the molecule scenarios."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from tests.guards.tree import modules, read_yaml

PAGE = "docs/guide-coverage.md"
OBLIGATIONS = 44
COLUMNS = 5
CODE = re.compile(r"`([^`]+)`")
# It starts, upgrades and stops boxes of its own, so no scenario can hold it; `make rehearse` runs it.
NO_SCENARIO = {"rehearse"}


def guide(root: Path) -> list[str]:
    """The page's rows: every obligation once, with a place and a test that exist."""
    path = root / PAGE
    if not path.is_file():
        return []
    rows = [line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"\| G\d+ \|", line)]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    expected = [f"G{number}" for number in range(1, OBLIGATIONS + 1)]
    found = [row[0] for row in cells]
    complaints = [] if found == expected else [f"{PAGE}: the ids are not G1 to G{OBLIGATIONS}, each once, in order"]
    for row in cells:
        if len(row) != COLUMNS or not all(row):
            complaints.append(f"{PAGE}: {row[0]} has not {COLUMNS} cells that say something")
            continue
        complaints += [f"{PAGE}: {row[0]}: {wrong}" for wrong in _places(root, row[3]) + _tests(root, row[4])]
    return complaints


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
