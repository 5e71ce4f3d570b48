# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every obligation and every failure mode has a place and a test, every playbook a scenario, and the rules bite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guards import coverage
from tests.guards.conftest import Plant

RULES = (coverage.guide, coverage.failure_modes, coverage.scenarios)


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
        ({"G7": "twice | is done | `bt_x` | `tests/test_x.py::test_it` |\n| G7 | a | b | c | d |"}, "each there once"),
    ],
)
def test_guide(plant: Plant, tmp_path: Path, changed: dict[str, str], complaint: str) -> None:
    plant("plugins/modules/bt_x.py", "")
    plant("playbooks/p.yml", "")
    plant("tests/test_x.py", "def test_it() -> None: ...\n")
    plant(coverage.GUIDE.path, rows(**changed))
    found = coverage.guide(tmp_path)
    assert bool(found) == bool(complaint)
    assert complaint in "".join(found)


GOOD = "what | is done | `bt_x` | `tests/test_x.py::test_it` |"
BARE = "what | not covered: nobody has built it | - | - |"


@pytest.mark.parametrize(
    ("bare", "told", "complaint"),
    [
        ([], "", ""),
        (["C8", "T11"], "Not covered: C8, T11.", ""),
        (["C8", "T11"], "", "it is ['C8', 'T11']"),
        (["C8"], "Not covered: C8, T11.", "it is ['C8']"),
        ([], "Not covered: C8.", "it is []"),
    ],
)
def test_what_is_not_covered_is_counted(
    plant: Plant, tmp_path: Path, bare: list[str], told: str, complaint: str
) -> None:
    plant("plugins/modules/bt_x.py", "")
    plant("tests/test_x.py", "def test_it() -> None: ...\n")
    page = [f"| {each} | {BARE if each in bare else GOOD}" for each in coverage.MODES.ids]
    plant(coverage.MODES.path, "\n".join([told, *page]))
    assert coverage.uncovered(tmp_path, coverage.MODES) == bare
    found = coverage.failure_modes(tmp_path)
    assert bool(found) == bool(complaint)
    assert complaint in "".join(found)


def test_there_are_103_failure_modes(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(coverage.MODES.ids) == len({*coverage.MODES.ids}) == 103
    bare = coverage.uncovered(checkout, coverage.MODES)
    with capsys.disabled():
        print(f"\nfailure modes not covered: {len(bare)} of 103 {' '.join(bare)}")


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
