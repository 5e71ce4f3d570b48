# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arguments that a task does not name, taken from the inventory (interface.md "Inventory")."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.plugins.action import ActionBase
from jinja2 import TemplateSyntaxError

from ansible_collections.bt_ops.pra.plugins.module_utils._edge import ACCOUNT_VARIABLES, CONNECTION_SPEC
from ansible_collections.bt_ops.pra.plugins.module_utils._variables import GROUPS, unreadable
from ansible_collections.bt_ops.pra.plugins.plugin_utils._command import typed

# Options whose variable is not called bt_ and the option's name.
_VARIABLES = {"host": "ansible_host", "box": "inventory_hostname", "labels_file": "bt_labels"}
# The packages of a box are fetched where no box is reached; nor need the secrets of the boxes be known there.
_WITHOUT_BOX = frozenset({"bt_package"})
# Options of the run that each module takes from the play, whichever of its boxes a task goes to.
OF_THE_RUN = ("phase", "take_over", "window_end", "support_case")
_NAMES = ("host", "box", "serial", "labels_file")
# What is known of the site's name server, for modules that ask it and for the one that changes a record there.
_ASKING = {"dns_server": "bt_dns_server", "dns_port": "bt_dns_port"}
_CHANGING = {
    "server": "bt_dns_server", "server_port": "bt_dns_port", "zone": "bt_dns_zone", "record": "bt_dns_record",
    "ttl": "bt_dns_ttl", "key_name": "bt_dns_key_name", "key_secret": "bt_dns_key_secret",
    "key_algorithm": "bt_dns_key_algorithm", "resolvers": "bt_dns_resolvers",
}


def with_inventory(
    action: ActionBase, task_vars: dict[str, Any], local: bool, spec: Mapping[str, Any]
) -> dict[str, Any]:
    """The task's arguments, filled up from the variables of the box that it is about.

    :param spec: the module's own options.

    On a local connection that is the host that the task is delegated to; on any other connection a delegated task
    merely runs there, and the box is the host of the play.
    """
    given = dict(action._task.args)
    host = str(task_vars.get("inventory_hostname", ""))
    delegated = action._task.delegate_to
    about = str(delegated) if local and delegated and delegated in task_vars.get("hostvars", {}) else host
    variables = Variables(action, task_vars, about)
    options = _NAMES if action._task.action.rpartition(".")[2] in _WITHOUT_BOX else tuple(CONNECTION_SPEC)
    # Where a module is shipped to, the environment of this run is not there.
    accounts = {} if local or options is _NAMES else _accounts()
    filled = {**accounts, **_of_no_other_box(task_vars, about), **_connection(variables, about, options), **given}
    peer = given.get("peer")
    if isinstance(peer, dict):
        filled["peer"] = {**accounts, **peer}
        if peer.get("box") in task_vars.get("hostvars", {}):
            other = Variables(action, task_vars, str(peer["box"]))
            filled["peer"] = {**accounts, **_connection(other, str(peer["box"]), options), **peer}
    own = Variables(action, task_vars, host)
    for option in OF_THE_RUN:
        value = None if option in filled else own.get(variable_of(option))
        if value:
            filled[option] = str(value)
    if "run_dir" not in filled:
        root = Path(str(own.get("bt_run_dir") or "./bt-runs")).expanduser().absolute()
        site = str(own.get("bt_site") or own.get("bt_site_hostname") or host)
        filled["run_dir"] = str(root / (site.replace("/", "_").lstrip(".") or "site"))
    if "packages_dir" in spec and "packages_dir" not in filled:
        # The boxes of all sites lie side by side, so that one folder is carried to where the update server is reached.
        packages = own.get("bt_packages_dir") or Path(str(own.get("bt_run_dir") or "./bt-runs")) / "packages"
        filled["packages_dir"] = str(Path(str(packages)).expanduser().absolute())
    if "key_secret" in spec:
        hostname = own.get("bt_site_hostname")
        record = {"record": f"{str(hostname).rstrip('.')}."} if hostname else {}
        filled = {**record, **_given(own, _CHANGING), **filled}
    if "command" in spec and "command" not in filled:
        filled["command"] = typed(sys.argv, without="bt_stage" if filled.get("stage") else "")
    if "dns_server" in spec:
        filled = {**_given(own, _ASKING), **filled}
    return filled


def _accounts() -> dict[str, str]:
    """The accounts in the environment of the run."""
    return {option: os.environ[name] for option, name in ACCOUNT_VARIABLES.items() if os.environ.get(name)}


def _of_no_other_box(task_vars: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What the environment must not tell of a box of our groups: a run has several, and it would be taken for each."""
    is_ours = any(name in task_vars.get("groups", {}).get(group, ()) for group in GROUPS)
    return {"port": CONNECTION_SPEC["port"]["default"], "tls_name": "", "serial": ""} if is_ours else {}


def variable_of(option: str) -> str:
    """The variable from which an option is taken."""
    return _VARIABLES.get(option, f"bt_{option}")


def _given(variables: Variables, options: Mapping[str, str]) -> dict[str, Any]:
    """Those of the options whose variable is there and not empty."""
    values = {option: variables.get(variable) for option, variable in options.items()}
    return {option: value for option, value in values.items() if value not in (None, "")}


def _connection(variables: Variables, name: str, options: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for option in options:
        value = variables.get(variable_of(option))
        if value is not None and value != "":
            found[option] = value
    found.setdefault("host", name)
    found["box"] = name
    return found


class Variables:
    """The variables of the host of the task, or of another host, with their templates worked out."""

    def __init__(self, action: ActionBase, task_vars: dict[str, Any], name: str) -> None:
        self._templar = action._templar
        self._name = name
        self._own = task_vars
        is_own = name == str(task_vars.get("inventory_hostname", ""))
        self._other = None if is_own else task_vars["hostvars"][name]

    def get(self, name: str) -> Any:
        """The value, or None.

        :raises BadInput: it is taken for a template and is none, or mentions what there is not.
        """
        try:
            if self._other is not None:
                return self._other.get(name)
            return self._templar.template(self._own[name]) if name in self._own else None
        except AnsibleError as error:
            # What Ansible says of these quotes the value, which may be a secret.
            if isinstance(error, AnsibleUndefinedVariable) or isinstance(_cause(error), TemplateSyntaxError):
                raise unreadable([f"{name} of {self._name}"]) from None
            raise

    def raw(self) -> Mapping[str, Any]:
        """All of them as they were written."""
        raw: Mapping[str, Any] = self._own
        return raw if self._other is None else self._own["hostvars"].raw_get(self._name)


def _cause(error: AnsibleError) -> BaseException | None:
    return error.__cause__ or getattr(error, "orig_exc", None)
