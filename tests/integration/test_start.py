# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run that is started wrong is refused in one sentence, before any box is asked for anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml

from tests.integration.conftest import Outcome, World, hosts_of

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"


def played(world: World, plays: list[dict[str, Any]], *arguments: str) -> Outcome:
    """Run a playbook of the user's own."""
    path = world.folder / "own.yml"
    path.write_text(yaml.safe_dump(plays))
    return world._to_its_end(world._playbook(str(path), *arguments), world.environment(), 120)


@contextmanager
def unasked(world: World) -> Iterator[None]:
    """No box is asked for anything in here."""
    world.forget_log()
    yield
    assert world.ask("log") == []


def refused(outcome: Outcome, *words: str) -> None:
    """It ended in a failure that says these words."""
    assert outcome.code != 0, outcome.out
    told = [line for line in outcome.out.splitlines() if line.startswith("fatal: ")][-1]
    for word in words:
        assert word in told, outcome.out
    assert "Nothing was changed." in told


def test_misspelt_variables_of_command_line_and_inventory_are_named_at_once(worlds: Worlds) -> None:
    world = worlds()

    def misspell(inventory: dict[str, Any]) -> None:
        hosts_of(inventory, "bt_backup")[B]["bt_backup_pasword"] = "canary-Secret"
        inventory["all"]["vars"] = {"bt_soaks": 5}

    world.change_inventory(misspell)
    with unasked(world):
        for playbook in ("async_upgrade", "status"):
            outcome = world.play(playbook, "-e", "bt_targetversion=24.3.1")
            refused(outcome, "did you mean bt_target_version?", "did you mean bt_backup_password?", "bt_soaks is not")
            assert "canary-Secret" not in outcome.out
        refused(world.play("async_upgrade", "--limit", A), "bt_soaks is not")
        allowed = '{"bt_allow_variables": ["bt_soaks", "bt_backup_*"]}'
        refused(world.play("async_upgrade", "-e", allowed, "-e", "bt_stag=x"), "did you mean bt_stage?")
    outcome = world.play("status", "-e", allowed)
    assert outcome.code == 0, outcome.out


def test_a_role_in_a_playbook_of_the_user_s_own_refuses_them_too(worlds: Worlds) -> None:
    world = worlds()
    role = {"role": "bt_ops.pra.async_pair", "async_pair_backup": B}
    play = {"hosts": "bt_primary", "gather_facts": False, "vars": {"bt_soaks": 1}, "roles": [role]}
    with unasked(world):
        outcome = played(world, [play])
    assert "did you mean bt_soak?" in outcome.out
    assert outcome.code != 0
    assert outcome.recap("rescued") == 1


CUT = [("--tags", "cutover"), ("--tags", "never"), ("--skip-tags", "cutover"), ("--start-at-task", "Refuse*")]


@pytest.mark.parametrize("arguments", CUT)
def test_a_run_is_cut_by_its_stage_alone(worlds: Worlds, arguments: tuple[str, str]) -> None:
    world = worlds()
    with unasked(world):
        for playbook in ("async_upgrade", "status", "doctor"):
            refused(world.play(playbook, *arguments), f"This run was started with {arguments[0]}")


def test_a_tag_of_the_user_s_own_on_the_whole_playbook_leaves_nothing_out(worlds: Worlds) -> None:
    world = worlds()
    plays = [
        {"hosts": "localhost", "gather_facts": False, "tags": ["monitoring"], "tasks": [{"ansible.builtin.debug": {}}]},
        {"ansible.builtin.import_playbook": "bt_ops.pra.async_upgrade", "tags": ["patching"]},
    ]
    outcome = played(world, plays, "--tags", "patching", "--skip-tags", "monitoring", "-e", "bt_stage=backup")
    assert outcome.code == 0, outcome.out
    assert list((world.run_dir / "backups").iterdir())
    with unasked(world):
        refused(played(world, plays, "--tags", "cutover"), "--tags cutover")


BRACES = "pa{%ss {{word"


@pytest.mark.parametrize("playbook", ["async_upgrade", "status"])
@pytest.mark.parametrize("value", [BRACES, "pa{{ss}}word", {"in": ["pa{%"]}])
def test_a_value_that_is_no_template_is_named_with_its_host_and_not_shown(
    worlds: Worlds, playbook: str, value: Any
) -> None:
    world = worlds()

    def spoil(inventory: dict[str, Any]) -> None:
        hosts_of(inventory, "bt_backup")[B]["bt_login_password"] = "{{ own_login_password }}"
        hosts_of(inventory, "bt_backup")[B]["own_login_password"] = value

    world.change_inventory(spoil)
    for limit in ([], ["--limit", f"{A},{B}"]):
        with unasked(world):
            outcome = world.play(playbook, *limit)
        refused(outcome, f"own_login_password of {B}", "!unsafe")
        assert "pa{" not in outcome.out


def test_a_secret_with_braces_is_taken_as_it_stands_where_it_says_so(worlds: Worlds) -> None:
    world = worlds()
    text = world.inventory.read_text()
    for part in ("bt_backup_password", "bt_certificate_passphrase"):
        text = text.replace("bt_site: access\n", f"bt_site: access\n          {part}: !unsafe '{BRACES}'\n")
    world.inventory.write_text(text)
    outcome = world.play("async_upgrade")
    assert outcome.code == 0, outcome.out
    assert BRACES not in outcome.out
    assert list((world.run_dir / "certificates").rglob("*"))


def test_a_pair_that_makes_no_sense_is_refused(worlds: Worlds) -> None:
    world = worlds()
    whole = world.inventory.read_text()

    def at_the_shared_address(inventory: dict[str, Any]) -> None:
        host = hosts_of(inventory, "bt_primary")[A]
        host["ansible_host"] = host["bt_shared_ip"]

    def twice(inventory: dict[str, Any]) -> None:
        inventory["all"]["children"]["bt_single"] = {"hosts": {B: {}}}

    def two_pairs(inventory: dict[str, Any]) -> None:
        hosts_of(inventory, "bt_backup")["box-d.example.test"] = {"bt_site": "access"}

    def a_number(inventory: dict[str, Any]) -> None:
        hosts_of(inventory, "bt_primary")[A]["bt_target_version"] = 24.10

    def by_ssh(inventory: dict[str, Any]) -> None:
        hosts_of(inventory, "bt_backup")[B]["ansible_connection"] = "ssh"

    for change, words in (
        (at_the_shared_address, "the shared address (bt_shared_ip)"),
        (twice, f"{B} is in the groups bt_single and bt_backup."),
        (two_pairs, "in bt_backup have one bt_site, access."),
        (a_number, "is the number 24.1,"),
        (by_ssh, "which leads to port 22 of the box itself."),
    ):
        world.inventory.write_text(whole)
        world.change_inventory(change)
        with unasked(world):
            refused(world.play("async_upgrade"), words)


def test_a_name_on_the_command_line_needs_quotes_of_its_own(worlds: Worlds) -> None:
    world = worlds()
    with unasked(world):
        outcome = world.play("async_upgrade", "-e", "bt_accept_eula=Jane canary-Doe")
        refused(outcome, "-e bt_accept_eula=... is followed by a word", "Jane Doe")
        assert "canary-Doe" not in outcome.out


# As a survey gives them whose questions nobody answered.
SURVEY = (
    "bt_soak", "bt_stage", "bt_target_base_version", "bt_jump_client_limit", "bt_jump_client_timeout", "bt_serial",
    "bt_cutover_lease", "bt_jump_client_missing", "bt_update_source", "bt_packages_dir", "bt_accept_eula", "bt_waived",
    "bt_backup_password", "bt_certificate_passphrase", "bt_window_end", "bt_take_over", "bt_support_case", "bt_site",
    "bt_manual_steps", "bt_web_engine", "bt_manual_timeout", "bt_verify_tasks", "bt_labels", "bt_tls_name",
    "bt_validate_certs", "bt_dns_server", "bt_public_address", "bt_site_address", "bt_allow_variables", "bt_language",
)


def test_an_empty_answer_of_a_survey_means_the_default(worlds: Worlds) -> None:
    world = worlds()
    empty = [part for name in SURVEY for part in ("-e", f"{name}=")]
    outcome = world.play("async_upgrade", *empty)
    assert outcome.code == 0, outcome.out
    assert world.ask("state")["sites"]["access"]["serving"] == B
    assert (world.folder / "runs" / "access.example.test" / "summary.txt").is_file()
    for playbook, names in (("doctor", (*SURVEY, "bt_cutover", "bt_shared_ip")), ("status", SURVEY)):
        outcome = world.play(playbook, *(part for name in names for part in ("-e", f"{name}=")))
        assert outcome.code == 0, outcome.out
    outcome = world.play("async_upgrade", *empty, "-e", "bt_cutover=", "-e", "bt_target_version=", "--check")
    assert outcome.code == 0, outcome.out


def test_accounts_from_the_environment_are_good_for_both_boxes_and_tell_of_no_box_which_it_is(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = worlds()

    def leave_out(inventory: dict[str, Any]) -> None:
        host = hosts_of(inventory, "bt_backup")[B]
        for account in ("appliance_username", "appliance_password", "login_username", "login_password"):
            monkeypatch.setenv(f"BT_{account.upper()}", host.pop(f"bt_{account}"))
        for part in ("id", "secret"):
            monkeypatch.setenv(f"BT_API_CLIENT_{part.upper()}", host.pop(f"bt_api_client_{part}"))

    world.change_inventory(leave_out)
    for name, value in {"HOST": "192.0.2.1", "PORT": "1", "SERIAL": "X-0001", "TLS_NAME": "x.example.com"}.items():
        monkeypatch.setenv(f"BT_{name}", value)
    outcome = world.play("async_upgrade", "-e", "bt_stage=sync")
    assert outcome.code == 0, outcome.out
    outcome = world.play("status")
    assert outcome.code == 0, outcome.out


@pytest.mark.parametrize("playbook", ["status", "doctor", "download_keys"])
def test_who_only_reads_refuses_an_inventory_without_a_box(worlds: Worlds, playbook: str) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: inventory["all"].update(children={"web": {"hosts": {"web-1": {}}}}))
    with unasked(world):
        refused(world.play(playbook), "The inventory has no host in any of the groups bt_single, bt_primary,")


@pytest.mark.parametrize("playbook", ["status", "doctor"])
def test_where_one_box_is_down_it_is_named_and_the_other_is_told_whole(worlds: Worlds, playbook: str) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: hosts_of(inventory, "bt_primary")[A].update(bt_port=1))
    outcome = world.play(playbook)
    assert outcome.code != 0
    (told,) = [line for line in outcome.out.splitlines() if line.startswith("fatal: ")]
    assert told.startswith(f"fatal: [{A}]")
    assert "does not answer: connection refused" in told
    assert f"ok: [{B}] => " in outcome.out
    assert "failover role backup" in outcome.out


def test_a_template_that_only_a_box_can_work_out_is_not_refused(worlds: Worlds) -> None:
    world = worlds()

    def share(inventory: dict[str, Any]) -> None:
        for group in ("bt_primary", "bt_backup"):
            for host in hosts_of(inventory, group).values():
                host["own_passwords"] = [host.pop("bt_login_password")]
                host["own_site"] = host.pop("bt_site")
        inventory["all"]["vars"] = {"bt_login_password": "{{ own_passwords[0] }}", "bt_site": "{{ own_site }}"}

    world.change_inventory(share)
    outcome = world.play("status")
    assert outcome.code == 0, outcome.out
    # The machine that fetches packages knows no password of a box.
    world.change_inventory(lambda inventory: inventory["all"]["vars"].update(bt_login_password="{{ own_vault }}"))
    outcome = world.play("fetch_packages", "-e", f"bt_packages_dir={world.folder / 'none'}")
    assert "own_vault" not in outcome.out
    assert "Cannot work out" not in outcome.out
