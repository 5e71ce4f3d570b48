# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command that goes on with a run, as somebody typed it."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.plugin_utils._command import typed

PLAY = ["/venv/bin/ansible-playbook", "bt_ops.pra.async_upgrade", "-i", "my sites.yml"]
SHOWN = "ansible-playbook bt_ops.pra.async_upgrade -i 'my sites.yml'"


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ([], ""),
        (["-l", "access", "-vv"], " -l access -vv"),
        (["-e", "@given.json", "-e@more.yml"], " -e @given.json -e @more.yml"),
        (["-e", "bt_target_version=24.3.1"], " -e bt_target_version=24.3.1"),
        (["-e", "bt_accept_eula='Jane Doe'"], " -e 'bt_accept_eula='\"'\"'Jane Doe'\"'\"''"),
        (["--extra-vars", '{"bt_manual_steps": ["all"]}'], " -e '{\"bt_manual_steps\": [\"all\"]}'"),
    ],
)
def test_what_was_typed_can_be_typed_again(more: list[str], shown: str) -> None:
    assert typed([*PLAY, *more]) == SHOWN + shown


@pytest.mark.parametrize(
    "more",
    [
        ["-e", "bt_backup_password=canary"], ["-ebt_backup_password=canary"], ["--extra-vars=bt_login_password=canary"],
        ["--extra", "bt_login_password='canary'"], ["--extra-v=bt_dns_key_secret=canary"], ["-e", "canary"],
        ["-e", '{"bt_api_client_secret": "canary"}'], ["-e", "{bt_backup_password: canary}"],
        ["-e", '{"site": {"x": "canary"}}'], ["-e", '[["canary"]]'], ["-e", "a='canary"], ["-e", "x: canary"],
    ],
)
def test_what_may_be_a_secret_is_left_out(more: list[str]) -> None:
    assert "canary" not in typed([*PLAY, *more])
    assert "..." in typed([*PLAY, *more])


@pytest.mark.parametrize("more", [["-e", "bt_stage=break"], ["-e", '{"bt_stage": "break"}'], ["-ebt_stage=break"]])
def test_a_stage_that_is_reached_is_left_out(more: list[str]) -> None:
    assert typed([*PLAY, *more, "-e", "bt_stage=break bt_soak=5"], without="bt_stage") == SHOWN + " -e bt_soak=5"
    assert "break" in typed([*PLAY, *more])


@pytest.mark.parametrize("words", [[], ["/usr/bin/pytest", "-x"], ["ansible", "all"]])
def test_of_another_program_nothing_is_told(words: list[str]) -> None:
    assert typed(words) == ""
