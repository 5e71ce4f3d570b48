# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every variable of every role, with values that nobody should give it: one sentence, and no box is asked for more."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from tests.guards.tree import modules, read_yaml, roles
from tests.integration.bench import Bench
from tests.integration.conftest import BIN, ROOT, World
from tests.unit.bad_values import cases, given, places
from tests.unit.test_bad_input import bases

Worlds = Callable[..., World]

pytestmark = pytest.mark.timeout(400)
# What cannot be meant, and what had better not be; the first is refused before any box is asked.
BAD: dict[str, tuple[Any, list[Any]]] = {
    "choice": ("perhaps", []),
    "int": ("many", [-1]),
    "float": ("many", [-1]),
    "bool": ("perhaps", []),
    "str": (None, ["one\ntwo", {"a": ["b"]}]),
    "list": ({"a": 1}, []),
    "raw": (None, ["perhaps"]),
}
# Long, hostile, or what Ansible itself would make something of; too costly for every variable.
HACK = {"__ansible_unsafe": "{{ lookup('pipe', 'touch hacked') }}"}  # as it comes from elsewhere, not from the user
ONCE = ["x" * 100_000, HACK, HACK, HACK, "../../../../etc/passwd", "a\x00b", True]


def variables() -> Iterator[tuple[str, str, Any, bool]]:
    """Role, variable, bad value, and whether it must be refused before any box is asked."""
    once = iter(ONCE)
    for role in roles(ROOT):
        if role.name == "simulated_boxes":  # for rehearsals; it reaches no box
            continue
        specs = read_yaml(role / "meta" / "argument_specs.yml")["argument_specs"]
        for name, option in specs["main"]["options"].items():
            impossible, possible = BAD["choice" if option.get("choices") else option["type"]]
            if impossible is not None:
                yield role.name, name, impossible, True
            extra = [next(once, None)] if option["type"] == "str" and not option.get("choices") else []
            for value in [*possible, *(one for one in extra if one is not None)]:
                yield role.name, name, value, False


PLAY = [
    {
        "hosts": "cases",
        "gather_facts": False,
        "connection": "local",
        "strategy": "ansible.builtin.free",
        "tasks": [
            {
                "block": [{"ansible.builtin.include_role": {"name": "bt_ops.pra.{{ tried_role }}"}}],
                "rescue": [{"ansible.builtin.set_fact": {"tried": "{{ ansible_failed_result }}"}}],
            },
        ],
    },
    {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {
                "ansible.builtin.copy": {
                    "content": "{{ dict(groups.cases | zip(told)) | to_json }}",
                    "dest": "{{ playbook_dir }}/told.json",
                    "mode": "0600",
                },
                "vars": {
                    "told": "{{ groups.cases | map('extract', hostvars, 'tried') | list }}",
                    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                },
            }
        ],
    },
]


def inventory(folder: Path, port: int, tried: list[tuple[str, str, Any, bool]]) -> dict[str, Any]:
    """A host for each case, whose boxes are at a port on which nobody listens."""
    accounts = {f"bt_{site}_{part}": "canary" for site in ("login", "appliance") for part in ("username", "password")}
    shared = {
        **accounts, "ansible_host": "127.0.0.1", "bt_port": port, "bt_site_hostname": "access.example.test",
        "bt_site_address": "127.0.0.1", "bt_site_port": port, "async_pair_backup": "other", "sync_pair_backup": "other",
        "hardware_migration_new": "other", "update_box_name": "other",
    }
    hosts = {
        f"case{number}": {
            "tried_role": role, name: value, "bt_site": f"case{number}", "bt_run_dir": str(folder / "runs"),
        }
        for number, (role, name, value, _impossible) in enumerate(tried)
    }
    return {"all": {"vars": shared, "children": {"cases": {"hosts": hosts}}, "hosts": {"other": {}}}}


NUMBERS = ("bt_jump_client_limit", "bt_jump_client_timeout", "bt_jump_client_missing", "bt_soak", "bt_cutover_lease")


@pytest.mark.parametrize("variable", [*NUMBERS, "bt_verify_tasks"])
def test_what_is_needed_late_is_looked_at_before_anything_is_changed(worlds: Worlds, variable: str) -> None:
    world = worlds()
    outcome = world.play("async_upgrade", "-e", f"{variable}=many")
    assert outcome.code != 0
    assert variable in outcome.out
    assert "Nothing was changed." in outcome.out
    assert world.mutations() == []


@pytest.mark.wide
def test_own_options_of_every_module_on_boxes_that_answer(worlds: Worlds, tmp_path: Path) -> None:
    """What is refused late, or is worked with, in check mode: no defect, and nothing that changes a box."""
    world = worlds()
    world.tell("readonly", on=True)
    bench = Bench(world, [])
    a, b = bench.whole("box-a.example.test"), bench.whole("box-b.example.test")
    port, address = a["port"], world.ask("config")["sites"][0]["shared_ip"]
    site = {"site_hostname": "access.example.test", "site_port": port, "site_address": address, "shared_ip": address}
    (tmp_path / "there").mkdir()
    there, found = places(tmp_path / "there"), []
    for name in modules(ROOT):
        module = importlib.import_module(f"ansible_collections.bt_ops.pra.plugins.modules.{name}")
        if "key_secret" in module.SPEC:  # it asks a name server and no box
            continue
        base = next(bases(module.SPEC, a, str(world.run_dir)))
        base |= {option: value for option, value in site.items() if option in module.SPEC}
        base |= {"peer": b} if "peer" in module.SPEC else {}
        for case in cases({key: rule for key, rule in module.SPEC.items() if key != "peer"}, there):
            if case.impossible:
                continue
            with contextlib.suppress(BadInput):  # refused by its type; told in the test of every option
                result = bench.run(module, a["box"], check=True, **given(base, case))
                found += [f"{name}: {case}: {result['msg']}"] if result.get("error") == "defect" else []
    assert not found, "\n".join(found)
    assert world.mutations() == []
    assert world.ask("violations") == []


def test_every_variable_of_every_role(tmp_path: Path) -> None:
    tried = list(variables())
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening, so nobody else gets it
        (tmp_path / "inventory.json").write_text(json.dumps(inventory(tmp_path, held.getsockname()[1], tried)))
        (tmp_path / "play.yml").write_text(yaml.safe_dump(PLAY))
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), "-i", "inventory.json", "play.yml"], cwd=tmp_path, text=True, check=False,
            capture_output=True, timeout=390, env={**os.environ, "ANSIBLE_HOME": str(tmp_path / "home")},
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Traceback" not in done.stdout + done.stderr
    told: dict[str, dict[str, Any]] = json.loads((tmp_path / "told.json").read_text())
    found = []
    for number, (role, name, value, impossible) in enumerate(tried):
        result = told[f"case{number}"]
        said = str(result.get("msg", ""))
        option = name.removeprefix(f"{role}_")
        if "defect of bt_ops.pra" in said or not said or len(said) > 2000:
            found.append(f"{name} = {str(value)[:40]!r}: {said[:300]!r}")
        elif impossible and option not in said:
            found.append(f"{name} = {str(value)[:40]!r} is not named: {said[:300]!r}")
    assert not found, f"{len(found)} of {len(tried)}:\n" + "\n".join(found)
    assert not list(tmp_path.rglob("hacked"))
