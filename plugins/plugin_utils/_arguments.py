# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arguments that a task does not name, taken from the inventory (interface.md "Inventory")."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.bt_ops.pra.plugins.module_utils._edge import CONNECTION_SPEC
from ansible_collections.bt_ops.pra.plugins.plugin_utils._command import typed

# Options whose variable is not called bt_ and the option's name.
_VARIABLES = {"host": "ansible_host", "box": "inventory_hostname", "labels_file": "bt_labels"}
# The packages of a box are fetched where no box is reached; nor need the secrets of the boxes be known there.
_WITHOUT_BOX = frozenset({"bt_package"})
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
    variables = _Variables(action, task_vars, about if about != host else "")
    options = _NAMES if action._task.action.rpartition(".")[2] in _WITHOUT_BOX else tuple(CONNECTION_SPEC)
    filled = {**_connection(variables, about, options), **given}
    peer = given.get("peer")
    if isinstance(peer, dict) and peer.get("box") in task_vars.get("hostvars", {}):
        other = _Variables(action, task_vars, str(peer["box"]))
        filled["peer"] = {**_connection(other, str(peer["box"]), options), **peer}
    # The run is the play's, whichever of its boxes a task goes to.
    own = _Variables(action, task_vars, "")
    for option in ("phase", "take_over", "window_end", "support_case"):
        value = None if option in filled else own.get(f"bt_{option}")
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


def _given(variables: _Variables, options: Mapping[str, str]) -> dict[str, Any]:
    """Those of the options whose variable is there and not empty."""
    values = {option: variables.get(variable) for option, variable in options.items()}
    return {option: value for option, value in values.items() if value not in (None, "")}


def _connection(variables: _Variables, name: str, options: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for option in options:
        value = variables.get(_VARIABLES.get(option, f"bt_{option}"))
        if value is not None and value != "":
            found[option] = value
    found.setdefault("host", name)
    found["box"] = name
    return found


class _Variables:
    """The variables of the host of the task, or of another host, with their templates worked out."""

    def __init__(self, action: ActionBase, task_vars: dict[str, Any], other: str) -> None:
        self._templar = action._templar
        self._own = task_vars
        self._other = task_vars["hostvars"][other] if other else None

    def get(self, name: str) -> Any:
        """The value, or None."""
        if self._other is not None:
            return self._other.get(name)
        return self._templar.template(self._own[name]) if name in self._own else None
