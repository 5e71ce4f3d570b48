# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The floors hold in this checkout, and each rule bites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guards import floors
from tests.guards.conftest import Plant
from tests.guards.tree import SIMBOX

RULES = (floors.directions, floors.edge_only, floors.libraries_guarded, floors.strangers, floors.plain_yaml)
UTILS = f"{floors.NAME}.module_utils"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_this_checkout(rule: Callable[[Path], list[str]], checkout: Path) -> None:
    assert rule(checkout) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_empty_tree_has_no_complaints(rule: Callable[[Path], list[str]], tmp_path: Path) -> None:
    assert rule(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "floor"),
    [
        ("modules/bt_info.py", "modules"),
        ("action/bt_info.py", "action"),
        ("module_utils/_edge.py", "_edge"),
        ("module_utils/_update.py", "subject"),
        ("module_utils/_api/_oauth.py", "_api"),
        ("module_utils/_api", "_api"),
        ("module_utils/_wait.py", "leaf"),
    ],
)
def test_floor_of(path: str, floor: str) -> None:
    assert floors.floor_of(path) == floor


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("modules/bt_x.py", f"from {UTILS}._box import Box", "modules imports _box"),
        ("modules/bt_x.py", f"from {UTILS} import _transport", "modules imports _transport"),
        ("modules/bt_x.py", f"import {UTILS}._web._page", "modules imports _web"),
        ("module_utils/_update.py", f"from {UTILS}._transport import Transport", "subject imports _transport"),
        ("module_utils/_box.py", f"from {UTILS}._update import plan", "_box imports subject"),
        ("module_utils/_update.py", f"from {UTILS}._edge import main", "subject imports _edge"),
        ("module_utils/_api/_oauth.py", f"from {UTILS}._web import Page", "_api imports _web"),
        ("module_utils/_api/_oauth.py", "from .._web import Page", "_api imports _web"),
        ("module_utils/_transport.py", "from ._box import Box", "_transport imports _box"),
        ("module_utils/_wait.py", f"from {UTILS}._transport import Transport", "leaf imports _transport"),
        ("terminal/bt.py", "import os", "the floors know no folder plugins/terminal"),
    ],
)
def test_imports_that_pass_a_floor(plant: Plant, tmp_path: Path, path: str, line: str, complaint: str) -> None:
    plant(f"plugins/{path}", line)
    assert [complaint in found for found in floors.directions(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("modules/bt_x.py", f"from {UTILS}._edge import main"),
        ("modules/bt_x.py", f"from {UTILS} import _update"),
        ("module_utils/_update.py", f"from {UTILS}._backup import saved"),
        ("module_utils/_update.py", f"from {UTILS}._box import Box"),
        ("module_utils/_box.py", "from ._web import Site"),
        ("module_utils/_web/_site.py", "from ._page import Page"),
        ("module_utils/_web/_site.py", "from .._transport import Transport"),
        ("module_utils/_web/_site.py", f"from {UTILS}._errors import BadInput"),
    ],
)
def test_imports_of_the_next_floor(plant: Plant, tmp_path: Path, path: str, line: str) -> None:
    plant(f"plugins/{path}", line)
    assert floors.directions(tmp_path) == []


def test_only_the_edge_speaks_to_ansible(plant: Plant, tmp_path: Path) -> None:
    text = "from ansible.module_utils.basic import AnsibleModule\ndef f(module): module.fail_json(msg='')\n"
    plant("plugins/module_utils/_update.py", text)
    plant("plugins/module_utils/_edge.py", text)
    assert [found.partition(": ")[0] for found in floors.edge_only(tmp_path)] == [
        "plugins/module_utils/_update.py:1",
        "plugins/module_utils/_update.py:2",
    ]


def test_libraries_come_through_the_dependency_guard(plant: Plant, tmp_path: Path) -> None:
    plant("plugins/module_utils/_deps.py", "import requests")
    plant("plugins/module_utils/_transport.py", "import requests.adapters")
    plant("plugins/module_utils/_web/_page.py", "from lxml import html")
    plant("plugins/plugin_utils/_memory.py", "try:\n    import cryptography\nexcept ImportError:\n    HAVE = False")
    assert len(floors.libraries_guarded(tmp_path)) == 2


def test_plugins_and_simulated_boxes_are_strangers(plant: Plant, tmp_path: Path) -> None:
    plant("plugins/module_utils/_web/_words.py", "from simbox.words import WORDS")
    plant(f"{SIMBOX}/box.py", f"import {UTILS}._version")
    plant("plugins/module_utils/_web/en.yml", "same: true")
    plant(f"{SIMBOX}/words/en.yml", "same: true")
    (tmp_path / SIMBOX / "link.py").symlink_to(tmp_path / SIMBOX / "box.py")
    assert len(floors.strangers(tmp_path)) == 5  # the link's import is counted too


@pytest.mark.parametrize(
    "task",
    [
        "ansible.builtin.uri: {url: https://box.example.test}",
        "bt_ops.pra.bt_info:\n  until: true",
        "ansible.builtin.pause: {seconds: 3}",
        "bt_ops.pra.bt_info: {validate_certs: false}",
        "bt_ops.pra.bt_verify: {}\n  ignore_errors: true",
        "block: []\n  rescue: [{ansible.builtin.debug: {msg: never mind}}]",
        "block: []\n  rescue: [{ansible.builtin.fail: {msg: it is}, when: false}]",
    ],
)
def test_yaml_that_does_a_module_s_work(plant: Plant, tmp_path: Path, task: str) -> None:
    plant("roles/update_box/tasks/main.yml", f"- {task}\n")
    assert len(floors.plain_yaml(tmp_path)) == 1


def test_a_rescue_that_fails_again(plant: Plant, tmp_path: Path) -> None:
    plant("playbooks/x.yml", "- hosts: all\n  tasks: [{block: [], rescue: [{ansible.builtin.fail: {msg: no}}]}]\n")
    assert floors.plain_yaml(tmp_path) == []
