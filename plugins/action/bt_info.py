# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one action plugin of all bt_ modules (meta/runtime.yml routes them here).

On a local connection it calls the module's `run` in this process, where progress can be printed while a wait goes on;
on any other connection it ships the very same module (architecture: "Where a task runs").
"""

from __future__ import annotations

import importlib
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _life
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, NotKept
from ansible_collections.bt_ops.pra.plugins.plugin_utils import _holding, _log_out
from ansible_collections.bt_ops.pra.plugins.plugin_utils._arguments import with_inventory
from ansible_collections.bt_ops.pra.plugins.plugin_utils._memory import EncryptedMemory
from ansible_collections.bt_ops.pra.plugins.plugin_utils._started import refuse_a_start_in_the_middle, with_run

_log_out.register()
_holding.register()
MODULES = "ansible_collections.bt_ops.pra.plugins.modules."


class ActionModule(ActionBase):
    """Runs bt_info and, by routing, every other module of the collection."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """Run the task and give its result."""
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        name = self._task.action.rpartition(".")[2]
        module = importlib.import_module(MODULES + name)
        here_only = getattr(module, "ON_THE_CONTROLLER", False)
        local = here_only or self._connection.transport == "local"
        try:
            refuse_a_start_in_the_middle(self, here_only)
            arguments = with_run(self, task_vars) if here_only else with_inventory(self, task_vars, local, module.SPEC)
            checked, secrets = _edge.validated(f"bt_ops.pra.{name}", module.SPEC, arguments)
            if not local:
                return self._shipped(name, arguments, task_vars)
        except (BadInput, NotKept) as error:
            return {"failed": True, "changed": False, "msg": str(error), "error": error.kind}
        context = _edge.context_of(
            checked, self._task.check_mode, EncryptedMemory(), _holding.owner(), _holding.Noted(), Display().display
        )
        _life.follow(_holding.is_alive)
        result = _edge.perform(module.run, checked, context, not here_only)
        _life.leave_the_dead()
        if not self._task.diff:
            result.pop("diff", None)
        return _edge.without_secrets(result, secrets)

    def _shipped(self, name: str, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module on the other end of the connection.

        :raises NotKept: this machine has no room for the files with which it is shipped.
        """
        try:
            result: dict[str, Any] = self._execute_module(
                module_name=f"bt_ops.pra.{name}", module_args=arguments, task_vars=task_vars
            )
        except OSError as error:
            raise NotKept(
                f"This machine cannot keep the files with which a module is shipped: {error.strerror}."
            ) from None
        return result
