# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run cannot be started with, and what it can."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible import context

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._start import Host, Started, refuse
from ansible_collections.bt_ops.pra.plugins.plugin_utils._started import refuse_a_start_in_the_middle, stray_words


def host(name: str = "box-a", groups: tuple[str, ...] = ("bt_primary",), **values: Any) -> Host:
    """A host of the inventory with these variables."""
    return Host(name, groups, list(values), values=values)


def refused(*hosts: Host, needed: tuple[str, ...] = (), **started: Any) -> str:
    """The sentence with which a run is refused; empty where it may start."""
    try:
        refuse(Started(**started), hosts or [host()], needed)
    except BadInput as error:
        return str(error)
    return ""


def test_an_inventory_and_a_command_line_without_a_fault_are_not_refused() -> None:
    assert refused(host(bt_site="a", bt_target_version="24.3.1"), needed=("bt_primary",)) == ""


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("bt_targetversion", "bt_target_version"),
        ("bt_backup_pasword", "bt_backup_password"),
        ("bt_soaks", "bt_soak"),
        ("bt_stag", "bt_stage"),
        ("bt_shared_ips", "bt_shared_ip"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_nearest_known_one(misspelt: str, meant: str) -> None:
    message = refused(host(**{misspelt: "x"}))
    assert message.startswith(f"{misspelt} is not a variable of bt_ops.pra; did you mean {meant}?")
    assert "bt_allow_variables" in message


def test_a_variable_like_no_other_is_named_alone() -> None:
    assert refused(host(bt_wormhole=1)).startswith("bt_wormhole is not a variable of bt_ops.pra. Nothing")


def test_misspelt_variables_of_all_hosts_are_named_at_once_sorted_and_not_without_end() -> None:
    message = refused(host(bt_soaks=1, bt_stag=1), host("box-b", bt_soaks=1, bt_prot=443))
    assert [message.index(name) for name in ("bt_prot", "bt_soaks", "bt_stag ")] == sorted(
        message.index(name) for name in ("bt_prot", "bt_soaks", "bt_stag ")
    )
    assert message.count("bt_soaks is") == 1
    many = refused(host(**{f"bt_own_{letter}": 1 for letter in "abcdefgh"}))
    assert "bt_own_e is" in many
    assert "bt_own_f" not in many
    assert "3 more are unknown." in many


@pytest.mark.parametrize("allowed", [["bt_our_*", "bt_cmdb"], "bt_our_*, bt_cmdb", ("bt_*",)])
def test_variables_of_the_user_s_own_pass_by_name_and_by_pattern(allowed: Any) -> None:
    ours = host(bt_our_contact="x", bt_cmdb="y", our_bt="z")
    b = ("bt_backup",)
    assert refused(ours, host("box-b", b, bt_allow_variables=allowed)) == ""
    assert refused(ours, host("box-b", b, bt_allow_variables=["bt_our_*"])).startswith("bt_cmdb is not a variable")


@pytest.mark.parametrize(
    ("tags", "own"),
    [
        (["all"], ["always"]),
        (["all"], []),
        (["patching"], ["always", "patching"]),
        (["patching", "other"], ["patching"]),
        (["tagged"], ["patching", "always"]),
        (["all", "cutover"], ["always"]),
    ],
)
def test_tags_that_leave_nothing_out_are_not_refused(tags: list[str], own: list[str]) -> None:
    assert refused(tags=tags, own_tags=own) == ""


@pytest.mark.parametrize(
    ("tags", "own"),
    [
        (["cutover"], ["always"]),
        (["always"], ["always"]),
        (["tagged"], ["always"]),
        (["other"], ["always", "patching"]),
    ],
)
def test_tags_that_leave_out_steps_are_refused(tags: list[str], own: list[str]) -> None:
    message = refused(tags=tags, own_tags=own)
    assert message.startswith(f"This run was started with --tags {tags[0]}, which leaves out steps.")
    assert message.endswith("A run is cut by bt_stage alone.")


@pytest.mark.parametrize(
    ("skipped", "own"),
    [
        (["cutover"], ["always"]),
        (["x", "break"], []),
        (["always"], ["patching"]),
        (["gaps"], ["patching", "always"]),
        (["untagged"], ["patching"]),
    ],
)
def test_skipped_tags_are_refused(skipped: list[str], own: list[str]) -> None:
    message = refused(skip_tags=skipped, own_tags=own)
    assert message.startswith(f"This run was started with --skip-tags {','.join(sorted(skipped))}, which leaves out")
    assert message.endswith("A run is cut by bt_stage alone.")


def test_tags_that_nothing_here_has_may_be_skipped_as_molecule_always_does() -> None:
    assert refused(skip_tags=["molecule-notest", "notest"], own_tags=["always"]) == ""


def test_skipping_what_another_part_of_the_user_s_playbook_does_is_not_refused() -> None:
    assert refused(skip_tags=["monitoring"], own_tags=["always", "patching"]) == ""


@pytest.mark.parametrize(
    ("needed", "which"),
    [(("bt_old",), "the group bt_old"), (("bt_single", "bt_new"), "any of the groups bt_single, bt_new")],
)
def test_an_inventory_without_the_box_that_is_needed_is_refused(needed: tuple[str, ...], which: str) -> None:
    assert refused(needed=needed) == f"The inventory has no host in {which}. Nothing was changed."
    assert refused(needed=("bt_primary",)) == ""


def a_task(of_the_roles: bool) -> Any:
    """The action of a task, of a role of this collection or of a playbook of the user's own."""
    role = SimpleNamespace(_role_collection="bt_ops.pra" if of_the_roles else None)
    return SimpleNamespace(_task=SimpleNamespace(_role=role))


@pytest.mark.parametrize(("option", "value"), [("start_at_task", "Update"), ("step", True)])
def test_the_roles_refuse_to_begin_in_the_middle_wherever_the_run_comes_to_them(
    option: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "CLIARGS", {option: value})
    for of_the_roles, is_check in ((True, False), (False, True)):
        with pytest.raises(BadInput, match=f"--{option.replace('_', '-')}, which is not supported"):
            refuse_a_start_in_the_middle(a_task(of_the_roles), is_check)
    refuse_a_start_in_the_middle(a_task(of_the_roles=False), is_check=False)
    monkeypatch.setattr(context, "CLIARGS", {})
    refuse_a_start_in_the_middle(a_task(of_the_roles=True), is_check=True)


@pytest.mark.parametrize("name", ["bt_target_version", "bt_target_base_version"])
def test_a_version_that_is_a_number_is_refused(name: str) -> None:
    message = refused(host(**{name: 24.10}))
    assert message.startswith(f"{name} of box-a is the number 24.1, which has lost zeros")
    assert f"{name}: '24.10'" in message
    assert refused(host(**{name: "24.10"})) == ""


def test_a_value_that_cannot_be_worked_out_is_named_with_its_host() -> None:
    one = Host("box-b", ("bt_backup",), unreadable=["bt_login_password"])
    message = refused(host(), one, Host("box-c", unreadable=["bt_port"]))
    assert message.startswith("Cannot work out bt_login_password of box-b, bt_port of box-c: ")
    assert "variable: !unsafe 'value'" in message
    many = refused(Host("box-a", unreadable=[f"bt_{letter}" for letter in "abcdefg"]))
    assert "bt_e of box-a and 2 more: " in many


def test_a_value_on_the_command_line_that_ends_at_a_space_is_refused_with_the_way_to_quote_it() -> None:
    message = refused(stray_words=["bt_accept_eula"])
    assert message.startswith("-e bt_accept_eula=... is followed by a word that belongs to no variable.")
    assert "-e 'bt_accept_eula=\"Jane Doe\"'" in message
    assert refused(stray_words=[""]).startswith("An option -e begins with or is followed by a word")


@pytest.mark.parametrize(
    ("given", "stray"),
    [
        (("bt_accept_eula=Jane Doe",), ["bt_accept_eula"]),
        (("bt_stage=sync bt_accept_eula=Jane van Doe bt_soak=5",), ["bt_accept_eula"] * 2),
        (("Doe bt_stage=sync",), [""]),
        (("bt_accept_eula='Jane Doe'", 'bt_stage="sync"', "bt_a=1 bt_b=2", ""), []),
        (("@Jane Doe.yml", '{"bt_accept_eula": "Jane Doe"}', "[Jane Doe]"), []),
    ],
)
def test_words_that_belong_to_no_variable(
    given: tuple[str, ...], stray: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "CLIARGS", {"extra_vars": given})
    assert stray_words() == stray


def test_a_host_with_two_roles_is_refused() -> None:
    message = refused(host(groups=("bt_single", "bt_old")))
    assert message.startswith("box-a is in the groups bt_single and bt_old.")


@pytest.mark.parametrize("group", ["bt_single", "bt_primary", "bt_backup", "bt_old", "bt_new"])
def test_two_boxes_of_a_group_have_sites_of_their_own(group: str) -> None:
    one = host("box-a", (group,), bt_site="access")
    message = refused(one, host("box-b", (group,), bt_site="access"))
    assert message.startswith(f"box-a and box-b in {group} have one bt_site, access.")
    assert refused(one, host("box-b", (group,), bt_site="other")) == ""
    assert refused(one, host("box-b", ("bt_new" if group != "bt_new" else "bt_old",), bt_site="access")) == ""


ROLES = [("bt_primary", True), ("bt_backup", True), ("bt_old", True), ("bt_new", True), ("bt_single", False)]


@pytest.mark.parametrize(("group", "are"), ROLES)
def test_two_pairs_are_told_apart_by_their_sites(group: str, are: bool) -> None:
    message = refused(host("box-a", (group,)), host("box-b", (group,)))
    assert message.startswith(f"box-a and box-b in {group} have no bt_site.") == are
    assert bool(message) == are
    named = [host(name, (group,), bt_site="", bt_site_hostname="a.example.com") for name in ("box-a", "box-b")]
    assert "a.example.com" in refused(*named)


@pytest.mark.parametrize("group", ["bt_primary", "bt_backup", "bt_old", "bt_new"])
def test_a_box_is_reached_at_its_own_name_or_address(group: str) -> None:
    site = {"bt_site_hostname": "access.example.com", "bt_shared_ip": "192.0.2.10"}
    for address, variable in (("Access.example.com.", "bt_site_hostname"), ("192.0.2.10", "bt_shared_ip")):
        message = refused(host(groups=(group,), ansible_host=address, **site))
        assert message.startswith(f"box-a is reached at {address}, which is ")
        assert f"({variable})" in message
    assert "reached at" in refused(host("access.example.com", (group,), **site))
    assert refused(host(groups=(group,), ansible_host="192.0.2.11", **site)) == ""


def test_a_single_box_may_have_one_name_with_its_site() -> None:
    assert refused(host("access.example.com", ("bt_single",), bt_site_hostname="access.example.com")) == ""


@pytest.mark.parametrize("connection", ["ssh", "ansible.builtin.ssh", "paramiko_ssh"])
def test_a_connection_to_the_ssh_port_of_the_box_itself_is_refused(connection: str) -> None:
    message = refused(host(ansible_connection=connection, ansible_host="192.0.2.1"))
    assert message.startswith(f"ansible_connection of box-a is {connection.rpartition('.')[2]}, which leads to port 22")
    elsewhere = {"ansible_host": "192.0.2.1", "ansible_ssh_host": "bastion.example.com"}
    assert refused(host(ansible_connection=connection, **elsewhere)) == ""
    assert refused(host(ansible_connection="local")) == ""
    assert refused(Host("bastion", values={"ansible_connection": "ssh"})) == ""
