# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists that are kept in two places agree in this checkout, and each rule bites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guards import lists
from tests.guards.conftest import Plant

RULES = (lists.action_group, lists.action_links, lists.role_defaults, lists.readme)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_this_checkout(rule: Callable[[Path], list[str]], checkout: Path) -> None:
    assert rule(checkout) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_empty_tree_has_no_complaints(rule: Callable[[Path], list[str]], tmp_path: Path) -> None:
    assert rule(tmp_path) == []


def test_action_group(plant: Plant, tmp_path: Path) -> None:
    plant("plugins/modules/bt_info.py", "")
    plant("plugins/modules/bt_backup.py", "")
    plant("meta/runtime.yml", "action_groups: {bt: [bt_info, bt_gone]}\n")
    assert lists.action_group(tmp_path) == [
        "action group bt: bt_backup is missing",
        "action group bt: there is no bt_gone",
    ]


def test_action_links(plant: Plant, tmp_path: Path) -> None:
    for name in ("bt_info", "bt_backup", "bt_update", "bt_failover"):
        plant(f"plugins/modules/{name}.py", "")
    plant("plugins/action/bt_info.py", "")
    plant("plugins/action/bt_backup.py", "")
    (tmp_path / "plugins" / "action" / "bt_update.py").symlink_to("bt_info.py")
    assert lists.action_links(tmp_path) == [
        "action plugin: bt_failover is missing",
        "action plugin: bt_backup is no link to bt_info",
    ]


def test_role_defaults(plant: Plant, tmp_path: Path) -> None:
    plant(
        "roles/update_box/meta/argument_specs.yml",
        "argument_specs:\n"
        "  main: {options: {a: {default: 1}, b: {default: true}, c: {default: x}, e: {required: true}}}\n"
        "  other: {options: {a: {default: 2}}}\n",
    )
    plant("roles/update_box/defaults/main.yml", "a: 1\nb: 1\nd: !vault |\n  x\n")
    plant("roles/bare/tasks/main.yml", "[]\n")
    assert lists.role_defaults(tmp_path) == [
        "role bare: no meta/argument_specs.yml",
        "role update_box: documented defaults: d is missing",
        "role update_box: documented defaults: there is no c",
        "role update_box: the default of a is 1, documented is 2",
        "role update_box: the default of b is 1, documented is True",
    ]


def test_readme(plant: Plant, tmp_path: Path) -> None:
    plant("plugins/modules/bt_info.py", "")
    plant("playbooks/status.yml", "")
    plant("roles/async_pair/tasks/main.yml", "")
    plant("README.md", "Run status.yml; it uses bt_info.\n")
    assert lists.readme(tmp_path) == ["README.md does not name async_pair"]
