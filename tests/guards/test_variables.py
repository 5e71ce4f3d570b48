# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of variables holds all that are read or spoken of, and no other; and the rules bite."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.bt_ops.pra.plugins.module_utils._edge import CONNECTION_SPEC
from ansible_collections.bt_ops.pra.plugins.module_utils._variables import GROUPS, KNOWN
from ansible_collections.bt_ops.pra.plugins.plugin_utils._arguments import OF_THE_RUN, variable_of
from tests.guards import variables
from tests.guards.conftest import Plant

DERIVED = [variable_of(option) for option in (*CONNECTION_SPEC, *OF_THE_RUN)]


def test_every_variable_that_is_spoken_of_is_in_the_list(checkout: Path) -> None:
    assert variables.unknown(checkout, KNOWN, GROUPS) == []


def test_every_variable_that_an_option_is_taken_from_is_in_the_list() -> None:
    assert {name for name in DERIVED if name.startswith("bt_")} - KNOWN == set()


def test_every_variable_in_the_list_is_read(checkout: Path) -> None:
    assert variables.unread(checkout, KNOWN, DERIVED) == []


def test_they_bite(plant: Plant, tmp_path: Path) -> None:
    plant("plugins/modules/bt_x.py", "")
    plant("roles/pair/defaults/main.yml", "# bt_gone\npair_a: \"{{ hostvars['b'].bt_a }}\"\n")
    plant("playbooks/p.yml", "- bt_ops.pra.bt_new_module: {}\n- hosts: bt_group\n  vars: {bt_new_variable: 1}\n")
    plant("docs/d.md", "`bt_x` and `bt_other`\n")
    assert variables.unknown(tmp_path, ["bt_a", "bt_gone"], ["bt_group"]) == [
        "docs/d.md: bt_other is in no list",
        "playbooks/p.yml: bt_new_variable is in no list",
    ]
    assert variables.unread(tmp_path, ["bt_a", "bt_gone", "bt_port"], ["bt_port"]) == ["nothing reads bt_gone"]


def test_an_empty_answer_means_the_default(checkout: Path, plant: Plant, tmp_path: Path) -> None:
    assert variables.empty_answers(checkout) == []
    plant("roles/pair/defaults/main.yml", "a: \"{{ bt_a | default(3) }}\"\nb: \"{{ h['bt_b'] | default(3, true) }}\"\n")
    plant("playbooks/p.yml", "- vars: {c: \"{{ bt_c | default('') }}\", d: \"{{ h['bt_d'] | default(omit) }}\"}\n")
    assert variables.empty_answers(tmp_path) == [
        "roles/pair/defaults/main.yml: bt_a | default(3) keeps an empty answer",
        "playbooks/p.yml: bt_d'] | default(omit) keeps an empty answer",
    ]
