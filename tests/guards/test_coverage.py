# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every obligation of the guide has a place and a test, every playbook a scenario, and the rules bite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guards import coverage
from tests.guards.conftest import Plant

RULES = (coverage.guide, coverage.scenarios)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_this_checkout(rule: Callable[[Path], list[str]], checkout: Path) -> None:
    assert rule(checkout) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_empty_tree_has_no_complaints(rule: Callable[[Path], list[str]], tmp_path: Path) -> None:
    assert rule(tmp_path) == []


def rows(**changed: str) -> str:
    """A page with a good row for every obligation but those that are changed."""
    good = "what | is done | `bt_x`, `playbooks/p.yml` | `tests/test_x.py::test_it` |"
    return "\n".join(f"| G{number} | {changed.get(f'G{number}', good)}" for number in range(1, 45))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({}, ""),
        ({"G7": "what | is done | `bt_y` | `tests/test_x.py::test_it` |"}, "G7: there is no bt_y"),
        ({"G7": "what | is done | a module | `tests/test_x.py::test_it` |"}, "G7: no place is named"),
        ({"G7": "what | is done | `bt_x` | `tests/test_x.py::test_gone` |"}, "G7: there is no test"),
        ({"G7": "what | is done | `bt_x` | none |"}, "G7: no test"),
        ({"G7": "what | is done | `bt_x` |"}, "G7 has not 5 cells"),
        ({"G7": "twice | is done | `bt_x` | `tests/test_x.py::test_it` |\n| G7 | a | b | c | d |"}, "each once"),
    ],
)
def test_guide(plant: Plant, tmp_path: Path, changed: dict[str, str], complaint: str) -> None:
    plant("plugins/modules/bt_x.py", "")
    plant("playbooks/p.yml", "")
    plant("tests/test_x.py", "def test_it() -> None: ...\n")
    plant(coverage.PAGE, rows(**changed))
    found = coverage.guide(tmp_path)
    assert bool(found) == bool(complaint)
    assert complaint in "".join(found)


def test_scenarios(plant: Plant, tmp_path: Path) -> None:
    plant("playbooks/a.yml", "[]")
    plant("playbooks/b.yml", "[]")
    plant("playbooks/rehearse.yml", "[]")
    plant("extensions/molecule/default/molecule.yml", "{}")
    plant("extensions/molecule/one/molecule.yml", "{}")
    plant("extensions/molecule/one/converge.yml", "- ansible.builtin.import_playbook: bt_ops.pra.a\n")
    assert coverage.scenarios(tmp_path) == [
        "molecule scenario one has no verify.yml",
        "no molecule scenario runs b.yml",
    ]
