# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every option of every module, with values that nobody should give it: one sentence, before any box is asked."""

from __future__ import annotations

import importlib
import itertools
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _nameserver
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from tests.guards import options
from tests.guards.tree import modules
from tests.unit.bad_values import Case, cases, given, places

NAMES = modules(Path(__file__).resolve().parents[2])
LONGEST_SENTENCE = 1200
# What is needed before anything else is looked at; its specification cannot tell.
PLAUSIBLE: dict[str, Any] = {
    "shared_ip": "127.0.0.1", "address": "127.0.0.1", "site_hostname": "access.example.test", "passphrase": "canary",
    "value": "127.0.0.2", "server": "127.0.0.1", "zone": "example.test", "record": "access.example.test", "limit": 5,
    "key_name": "upgrade", "key_secret": "Y2FuYXJ5", "confirm_serial": "X-0001", "name": "access.example.test",
    "hosts": [{"name": "box-a"}],
}
BY_TYPE = {"bool": True, "int": 5, "float": 5.0}
ACCOUNTS = {
    f"{site}_{part}": "canary" for site in ("login", "appliance") for part in ("username", "password")
} | {"api_client_id": "canary", "api_client_secret": "canary"}


@pytest.fixture(scope="module")
def nowhere() -> Iterator[dict[str, Any]]:
    """A box at a port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening, so nobody else gets it
        yield {"host": "127.0.0.1", "port": held.getsockname()[1], "box": "box-a", **ACCOUNTS}


def bases(spec: dict[str, dict[str, Any]], box: dict[str, Any], run_dir: str) -> Iterator[dict[str, Any]]:
    """Good arguments for a module, once for each way in which it can be used."""
    base = {**box, "run_dir": run_dir}
    if "peer" in spec:
        base["peer"] = {**box, "box": "box-b"}
    public = {"site_hostname": PLAUSIBLE["site_hostname"], "site_address": "127.0.0.1", "site_port": box["port"]}
    base |= {name: value for name, value in public.items() if name in spec}
    base |= {name: PLAUSIBLE[name] for name in spec if name in PLAUSIBLE}
    for name, option in spec.items():
        if option.get("required") and name not in base and not option.get("choices"):
            base[name] = BY_TYPE[option["type"]]
    chosen = [name for name, option in spec.items() if option.get("choices") and option.get("type") == "str"]
    required = [name for name in chosen if spec[name].get("required") or name == "state"]
    for values in itertools.product(*(spec[name]["choices"] for name in required)):
        yield {**base, **dict(zip(required, values, strict=True))}


def result_of(name: str, raw: dict[str, Any]) -> dict[str, Any]:
    """What the action plugin would give Ansible."""
    module = importlib.import_module(f"ansible_collections.bt_ops.pra.plugins.modules.{name}")
    try:
        arguments, secrets = _edge.validated(f"bt_ops.pra.{name}", module.SPEC, raw)
    except BadInput as error:
        return {"failed": True, "changed": False, "msg": str(error), "error": error.kind}
    context = Context(journal=Journal(_edge.text_of(arguments, "run_dir")))
    return _edge.without_secrets(_edge.perform(module.run, arguments, context), secrets)


def complaint(case: Case, result: dict[str, Any], usual: str) -> str:
    """What is wrong with a result, ``""`` where nothing is.

    :param usual: what is said without the bad value, which may stand in the way of what comes later.
    """
    if not result.get("failed"):
        return "is taken" if case.impossible else ""
    told, error = result["msg"], result["error"]
    wrong = {
        "a defect": error == "defect",
        "something was changed": bool(result["changed"]),
        "not one line": not told.isprintable(),
        "far too long": len(told) > LONGEST_SENTENCE,
        "not refused": case.impossible and error != "bad_input",
        "does not name it": error == "bad_input" and told != usual and not _named(case, told),
    }
    found = [what for what, so in wrong.items() if so]
    return f"{', '.join(found)}: {told[:300]!r}" if found else ""


def _named(case: Case, told: str) -> bool:
    """Whether a sentence tells which option it is about: by its name, or by the value that it quotes."""
    given_none = isinstance(case.value, str) and not case.value.strip()
    return given_none or case.option.rpartition(".")[2] in told or str(case.value)[:40] in told


@pytest.mark.parametrize("name", NAMES)
def test_every_option_of_every_module(
    name: str, nowhere: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a name without a folder is taken for a file here
    monkeypatch.setattr(_nameserver, "ASK_SECONDS", 0.05)  # no name server answers
    module = importlib.import_module(f"ansible_collections.bt_ops.pra.plugins.modules.{name}")
    spec = options.accepted(module).options
    (tmp_path / "there").mkdir()
    tried = list(cases(spec, places(tmp_path / "there")))
    assert len(tried) > 200
    found: list[str] = []
    for number, base in enumerate(bases(spec, nowhere, str(tmp_path / "runs"))):
        if number or module.SPEC:
            # What all modules share is looked at in one place; bt_info, which has nothing else, tries all of it.
            tried = [case for case in tried if case.impossible and not number or case.option in module.SPEC]
        usual = str(result_of(name, base).get("msg"))
        assert "Unsupported" not in usual
        complaints = ((case, complaint(case, result_of(name, given(base, case)), usual)) for case in tried)
        found += [f"{case}: {wrong}" for case, wrong in complaints if wrong]
    assert not found, f"{len(found)} of {len(tried)}:\n" + "\n".join(found)
