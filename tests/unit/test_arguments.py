# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arguments that a task does not name: what the inventory gives comes first, and the environment knows no box."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.modules import bt_package, bt_plan
from ansible_collections.bt_ops.pra.plugins.plugin_utils._arguments import with_inventory

A, B = "box-a.example.com", "box-b.example.com"
ACCOUNT = {"BT_LOGIN_USERNAME": "admin", "BT_LOGIN_PASSWORD": "geheim"}


def arguments(local: bool, module: Any = bt_plan, own: dict[str, Any] | None = None, **other: Any) -> dict[str, Any]:
    """What a task about a pair is given, with these variables of its two boxes."""
    task = SimpleNamespace(args={"peer": {"box": B}}, delegate_to=None, action=module.__name__.rpartition(".")[2])
    action: Any = SimpleNamespace(_task=task, _templar=SimpleNamespace(template=lambda value: value))
    variables = {
        **(own or {}), "inventory_hostname": A, "hostvars": {A: own or {}, B: other},
        "groups": {"bt_primary": [A], "bt_backup": [B]},
    }
    return with_inventory(action, variables, local, module.SPEC)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential of a job scheduler, and what only one box can be meant by."""
    one_box = {"BT_HOST": "x.example.com", "BT_PORT": "1", "BT_SERIAL": "X-1", "BT_TLS_NAME": "x"}
    for name, value in {**ACCOUNT, **one_box}.items():
        monkeypatch.setenv(name, value)


def test_a_shipped_module_takes_the_accounts_of_the_run_along_for_both_boxes() -> None:
    shipped = arguments(local=False)
    for box in (shipped, shipped["peer"]):
        assert (box["login_username"], box["login_password"]) == ("admin", "geheim")
    shipped = arguments(local=False, bt_login_username="other", bt_login_password="its own")
    assert (shipped["peer"]["login_username"], shipped["peer"]["login_password"]) == ("other", "its own")
    assert shipped["login_password"] == "geheim"


def test_what_tells_which_box_it_is_comes_from_the_inventory_alone() -> None:
    for local in (True, False):
        filled = arguments(local)
        assert [filled[option] for option in ("host", "port", "serial", "tls_name")] == [A, 443, "", ""]
        assert filled["peer"]["host"] == B
        given = arguments(local, own={"bt_port": 8443, "bt_serial": "A-1", "ansible_host": "192.0.2.1"})
        assert [given[option] for option in ("host", "port", "serial")] == ["192.0.2.1", 8443, "A-1"]


def test_who_fetches_packages_takes_no_account_along() -> None:
    assert "login_password" not in arguments(local=False, module=bt_package)
