# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every module accepts what it documents, and every task shown or shipped is one that it accepts."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from ansible.module_utils.basic import env_fallback

from tests.guards import options
from tests.guards.conftest import Plant
from tests.guards.tree import AnsibleLoader, files, modules, read_yaml

CHECKOUT = Path(__file__).resolve().parents[2]
NAMES = modules(CHECKOUT)

BT_X = '''
DOCUMENTATION = r"""
module: bt_x
short_description: An example
description: [An example.]
author: [nobody]
extends_documentation_fragment: [bt_ops.pra.reach]
options:
  wanted: {description: [What is wanted.], type: str, choices: [a, b], required: true}
"""
EXAMPLES = r"""
- name: Ask
  bt_ops.pra.bt_x: {wanted: c}
"""
from ansible.module_utils.basic import AnsibleModule, env_fallback
HOST = {"type": "str", "fallback": (env_fallback, ["BT_HOST"])}
def main():
    spec = {"wanted": {"required": True, "choices": ["a", "b"]}, "host": HOST}
    AnsibleModule(argument_spec=spec, supports_check_mode=True)
'''
REACH = '''
class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  host: {description: ["Falls back to E(BT_HOST)."], type: str}
"""
'''


def load(name: str) -> ModuleType:
    """A module of this checkout, under its full name."""
    return importlib.import_module(f"ansible_collections.bt_ops.pra.plugins.modules.{name}")


@pytest.fixture(scope="module")
def known() -> dict[str, options.Accepted]:
    """What each module of this checkout accepts."""
    return {name: options.accepted(load(name)) for name in NAMES}


@pytest.fixture(scope="module")
def pages() -> dict[str, dict[str, Any]]:
    """The documentation of each module of this checkout."""
    return options.documented(NAMES) if NAMES else {}


@pytest.mark.parametrize("name", NAMES)
def test_accepted_is_documented(
    name: str, known: dict[str, options.Accepted], pages: dict[str, dict[str, Any]]
) -> None:
    page = pages[name]["doc"]
    assert options.compare(known[name].options, page["options"], name) == []
    assert known[name].check_mode == (page["attributes"]["check_mode"]["support"] == "full")


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_a_spec_and_a_run(name: str, known: dict[str, options.Accepted]) -> None:
    module = load(name)
    assert {option: known[name].options.get(option) for option in module.SPEC} == module.SPEC
    assert callable(module.run)


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_valid(name: str, known: dict[str, options.Accepted], pages: dict[str, dict[str, Any]]) -> None:
    used = list(options.tasks(yaml.load(pages[name]["examples"], Loader=AnsibleLoader)))
    assert any(task == name for task, arguments in used)
    assert [found for task, arguments in used for found in options.valid(task, arguments, known)] == []


def test_shipped_tasks_are_valid(known: dict[str, options.Accepted]) -> None:
    paths = [path for folder in ("roles", "playbooks", "extensions") for path in files(CHECKOUT, folder, "*.yml")]
    assert [
        f"{path.relative_to(CHECKOUT)}: {found}"
        for path in paths
        for task, arguments in options.tasks(read_yaml(path))
        for found in options.valid(task, arguments, known)
    ] == []


def test_it_bites_on_a_fabricated_collection(plant: Plant, tmp_path: Path) -> None:
    tree = "ansible_collections/bt_ops/pra"
    plant(f"{tree}/galaxy.yml", "namespace: bt_ops\nname: pra\nversion: 1.0.0\n")
    plant(f"{tree}/plugins/modules/bt_x.py", BT_X)
    plant(f"{tree}/plugins/doc_fragments/reach.py", REACH)
    location = importlib.util.spec_from_file_location("bt_x", tmp_path / tree / "plugins/modules/bt_x.py")
    assert location is not None
    assert location.loader is not None
    module = importlib.util.module_from_spec(location)
    location.loader.exec_module(module)

    real = options.accepted(module)
    page = options.documented(["bt_x"], tmp_path)["bt_x"]
    assert real.check_mode
    assert options.compare(real.options, page["doc"]["options"], "bt_x") == []
    real.options["host"]["type"] = "int"
    assert options.compare(real.options, page["doc"]["options"], "bt_x") == [
        "bt_x: type of host is 'int', documented is 'str'"
    ]
    ((task, arguments),) = options.tasks(yaml.safe_load(page["examples"]))
    assert options.valid(task, arguments, {"bt_x": real}) == ["bt_x: value of wanted must be one of: a, b, got: c"]


@pytest.mark.parametrize(
    ("spec", "told", "complaint"),
    [
        ({}, {"type": "str"}, "documented but not accepted"),
        ({"x": {}}, None, "is not documented"),
        ({"x": {"type": "int"}}, {"type": "str"}, "type of x"),
        ({"x": {"type": "int", "default": 1}}, {"type": "int", "default": 2}, "default of x"),
        ({"x": {"type": "bool", "default": True}}, {"type": "bool", "default": 1}, "default of x"),
        ({"x": {"required": True}}, {"type": "str"}, "required of x"),
        ({"x": {"choices": ["a"]}}, {"type": "str", "choices": ["a", "b"]}, "choices of x"),
        ({"x": {"type": "list", "elements": "str"}}, {"type": "list", "elements": "int"}, "elements of x"),
        ({"x": {"aliases": ["y"]}}, {"type": "str"}, "aliases of x"),
        ({"x": {"fallback": (env_fallback, ["BT_X"])}}, {"description": "BT_X"}, "falls back to E(BT_X)"),
        (
            {"x": {"type": "dict", "options": {"y": {}}}},
            {"type": "dict", "suboptions": {"z": {"type": "str"}}},
            "x: y is not documented",
        ),
    ],
)
def test_compare(spec: dict[str, Any], told: dict[str, Any] | None, complaint: str) -> None:
    found = options.compare(spec, {"x": told} if told else {}, "bt_x")
    assert complaint in found[0]


def test_a_secret_without_no_log() -> None:
    assert options.compare({"login_password": {}}, {"login_password": {"type": "str"}}, "bt_x") == [
        "bt_x: login_password is a secret without no_log"
    ]


@pytest.mark.parametrize(
    ("task", "complaint"),
    [
        ("bt_ops.pra.bt_x: {count: 3}", None),
        ("bt_ops.pra.bt_x: {count: '{{ wanted }}'}", None),
        ("bt_ops.pra.bt_x:", "missing required arguments: count"),
        ("bt_ops.pra.bt_x: {count: many}", "count' is of type"),
        ("bt_ops.pra.bt_x: {count: 3, colour: red}", "colour. Supported parameters"),
        ("bt_ops.pra.bt_x: count=3", "not a mapping"),
        ("bt_ops.pra.bt_y: {}", "there is no module bt_y"),
        ("module_defaults: {group/bt_ops.pra.bt: {count: 3}}", None),
        ("module_defaults: {group/bt_ops.pra.bt: {colour: red}}", "no module has an option colour"),
    ],
)
def test_valid(task: str, complaint: str | None) -> None:
    known = {"bt_x": options.Accepted({"count": {"type": "int", "required": True}}, {}, True)}
    play = yaml.safe_load(f"- hosts: all\n  tasks:\n    - block:\n        - {task}\n")
    found = [message for name, arguments in options.tasks(play) for message in options.valid(name, arguments, known)]
    assert [complaint in message for message in found if complaint] == ([True] if complaint else [])
    assert bool(found) == bool(complaint)
