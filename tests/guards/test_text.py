# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No source file of this checkout holds what none may, and each rule bites."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guards import text
from tests.guards.conftest import Plant

RULES = (text.sleeps, text.unverified, text.swallowed, text.long_files, text.long_modules, text.headers)
UTIL = "plugins/module_utils/_x.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_this_checkout(rule: Callable[[Path], list[str]], checkout: Path) -> None:
    assert rule(checkout) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_empty_tree_has_no_complaints(rule: Callable[[Path], list[str]], tmp_path: Path) -> None:
    assert rule(tmp_path) == []


@pytest.mark.parametrize("line", ["import time\ntime.sleep(1)", "from time import sleep", "clock.sleep(2)"])
def test_sleeps(plant: Plant, tmp_path: Path, line: str) -> None:
    plant(UTIL, line)
    plant("plugins/module_utils/_wait.py", line)
    plant("roles/simulated_boxes/files/simbox/box.py", "import asyncio\nasync def f(): await asyncio.sleep(1)")
    assert len(text.sleeps(tmp_path)) == 1


@pytest.mark.parametrize("line", ["get(url, verify=False)", "session.verify = False"])
def test_unverified(plant: Plant, tmp_path: Path, line: str) -> None:
    plant(UTIL, f"{line}\nget(url, verify=wanted)\n")
    assert len(text.unverified(tmp_path)) == 1


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ("except Exception:", 1),
        ("except:", 1),
        ("except (OSError, BaseException):", 1),
        ("except Exception:  # noqa: BLE001", 1),
        ("except Exception:  # whatever a user's tasks file raises is reported", 0),
        ("except OSError:", 0),
    ],
)
def test_swallowed(plant: Plant, tmp_path: Path, clause: str, count: int) -> None:
    plant(UTIL, f"try:\n    act()\n{clause}\n    pass\n")
    assert len(text.swallowed(tmp_path)) == count


def test_cleaning_up_swallows_nothing(plant: Plant, tmp_path: Path) -> None:
    plant(UTIL, "try:\n    act()\nexcept BaseException:\n    undo()\n    raise\n")
    assert text.swallowed(tmp_path) == []


def test_long_files(plant: Plant, tmp_path: Path) -> None:
    plant("roles/update_box/tasks/main.yml", "---\n" * 401)
    plant("plugins/module_utils/_x.py", "\n" * 400)
    assert len(text.long_files(tmp_path)) == 1


def test_long_modules(plant: Plant, tmp_path: Path) -> None:
    plant("plugins/modules/bt_x.py", 'RETURN = r"""\n' + "x\n" * 300 + '"""\n' + "\nx = 1" * 81)
    plant("plugins/modules/bt_y.py", 'RETURN = r"""\n' + "x\n" * 300 + '"""\n' + "\nx = 1" * 80)
    assert [found.partition(":")[0] for found in text.long_modules(tmp_path)] == ["plugins/modules/bt_x.py"]


def test_headers(plant: Plant, tmp_path: Path) -> None:
    good = "\n".join([*text.HEADER, '"""What it is."""', "", "from __future__ import annotations", "", "import os"])
    plant("plugins/module_utils/_good.py", good)
    plant("plugins/module_utils/_late.py", good.replace("from __future__ import annotations", ""))
    plant("plugins/module_utils/_mute.py", good.replace('"""What it is."""', ""))
    plant("plugins/module_utils/_api/__init__.py", "")
    plant("plugins/module_utils/_bare.py", good.partition("\n")[2])
    plant("tests/tools/x.sh", "#!/usr/bin/env bash\nset -e\n")
    assert sorted(found.partition(":")[0].rpartition("/")[2] for found in text.headers(tmp_path)) == [
        "_bare.py",
        "_late.py",
        "_mute.py",
        "x.sh",
    ]


def test_machine_paths_of_tracked_files(checkout: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, check=True, capture_output=True, text=True)
    assert text.machine_paths(checkout, listed.stdout.split("\0")[:-1]) == []


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("see /wor" + "k/plan.md", 1),
        ("~ is /hom" + "e/jane here", 1),
        ("(/roo" + "t/.ssh)", 1),
        ("https://box.example.test/work/list", 0),
        ("${HOME}/wor" + "k/", 0),
        ("/login and /appliance", 0),
    ],
)
def test_machine_paths(plant: Plant, tmp_path: Path, line: str, count: int) -> None:
    plant("docs/x.md", line)
    assert len(text.machine_paths(tmp_path, ["docs/x.md", "docs/gone.md"])) == count
