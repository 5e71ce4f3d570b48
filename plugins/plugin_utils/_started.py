# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What only the controller knows of a run that starts: its command line, and the variables of its hosts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible import context
from ansible.parsing.splitter import split_args
from ansible.plugins.action import ActionBase

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._variables import COMPARED, GROUPS
from ansible_collections.bt_ops.pra.plugins.plugin_utils._arguments import Variables
from ansible_collections.bt_ops.pra.plugins.plugin_utils._templates import unreadable

COLLECTION = "bt_ops.pra"


def refuse_a_start_in_the_middle(action: ActionBase, is_check: bool) -> None:
    """Stop a run of the roles that begins at a later task, or asks before each, wherever it comes to them.

    :param is_check: whether the task is the one that looks at how the run was started.
    :raises BadInput: naming the option.
    """
    role = action._task._role
    if not is_check and (role is None or role._role_collection != COLLECTION):
        return  # a task of the user's own playbook, which may begin where its author wants
    for option in ("start_at_task", "step"):
        if context.CLIARGS.get(option):
            raise BadInput(
                f"This run was started with --{option.replace('_', '-')}, which is not supported: every step asks the"
                " boxes first.",
                state="Nothing was changed.",
                advice="Leave it out; bt_stage ends a run after a phase.",
            )


def with_run(action: ActionBase, task_vars: dict[str, Any]) -> dict[str, Any]:
    """The task's arguments, with how the run was started and what the inventory says of its boxes."""
    given = dict(action._task.args)
    named = given["boxes"] if "boxes" in given else _boxes(action, task_vars)
    # A role's other box may be named by nothing; the role says so itself.
    given["boxes"] = [str(name) for name in named if name and name in task_vars["hostvars"]]
    hosts = [_host(action, task_vars, name) for name in given["boxes"]]
    own = str(task_vars["inventory_hostname"])
    if own not in given["boxes"]:
        # It stands for the play and the command line. Values that are meant for boxes need not be there for it.
        allowed = Variables(action, task_vars, own).get("bt_allow_variables")
        hosts.append({"name": own, "variables": _ours(task_vars), "values": {"bt_allow_variables": allowed}})
    started = {
        "tags": list(task_vars.get("ansible_run_tags") or ["all"]),
        "skip_tags": list(task_vars.get("ansible_skip_tags") or []),
        "own_tags": list(action._task.tags),
        "stray_words": stray_words(),
    }
    return {"hosts": hosts, "started": started, **given}


def _boxes(action: ActionBase, task_vars: dict[str, Any]) -> list[str]:
    """Every host of our groups; with --limit those whose site has a host in the play."""
    everywhere = list(_in_groups(task_vars))
    playing = [name for name in task_vars["ansible_play_hosts_all"] if name in everywhere]
    if len(playing) < len(task_vars["ansible_play_hosts_all"]):  # localhost plays too, so nothing is left out
        return everywhere
    sites = {_site(action, task_vars, name) for name in playing}
    return [name for name in everywhere if _site(action, task_vars, name) in sites]


def _in_groups(task_vars: dict[str, Any]) -> Iterable[str]:
    return dict.fromkeys(name for group in GROUPS for name in task_vars["groups"].get(group, []))


def _site(action: ActionBase, task_vars: dict[str, Any], name: str) -> str:
    variables = Variables(action, task_vars, name)
    return str(variables.get("bt_site") or variables.get("bt_site_hostname") or name)


def _host(action: ActionBase, task_vars: dict[str, Any], name: str) -> dict[str, Any]:
    """The groups of a host, the names of its variables, and the values that are compared."""
    variables = Variables(action, task_vars, name)
    ours = _ours(variables.raw())
    looked_at = [*ours, *(each for each in COMPARED if each in variables.raw() and each not in ours)]
    lost = unreadable(variables, looked_at)
    return {
        "name": name,
        "groups": [group for group in GROUPS if name in task_vars["groups"].get(group, [])],
        "variables": ours,
        "unreadable": lost,
        "values": {each: variables.get(each) for each in COMPARED if each in looked_at and each not in lost},
    }


def _ours(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith("bt_")]


def stray_words() -> list[str]:
    """Variables of the command line, each followed by a word that belongs to none, as in ``-e name=Jane Doe``."""
    found = []
    for given in context.CLIARGS.get("extra_vars") or ():
        name = ""
        for word in [] if given[:1] in ("@", "[", "{") else split_args(given):
            if "=" in word:
                name = word.partition("=")[0]
            else:
                found.append(name)
    return found
