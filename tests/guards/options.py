# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module's options: what it accepts, what it documents and what its examples use are the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

SECRET = re.compile(r"(password|passphrase|secret)$")
TASK = re.compile(r"^bt_ops\.pra\.(bt_\w+)$")
GROUP = "group/bt_ops.pra.bt"
# What a field of an option means when it is left out.
USUAL = {"type": "str", "default": None, "required": False, "choices": None, "elements": None}
RELATIONS = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")


@dataclass(frozen=True)
class Accepted:
    """What a module hands to AnsibleModule: the whole argument specification and the relations between options."""

    options: dict[str, Any]
    relations: dict[str, Any]
    check_mode: bool


class _Caught(BaseException):
    """Ends a module's main() at the moment in which it makes its AnsibleModule; no module catches it."""


def accepted(module: ModuleType) -> Accepted:
    """What a module really accepts: its main() is run up to the AnsibleModule that it makes."""
    caught: dict[str, Any] = {}

    def init(_self: AnsibleModule, argument_spec: dict[str, Any], **rest: Any) -> None:
        caught.update(rest, argument_spec=argument_spec)
        raise _Caught

    with mock.patch.object(AnsibleModule, "__init__", init):
        try:
            module.main()
        except _Caught:
            relations = {name: caught[name] for name in RELATIONS if caught.get(name)}
            return Accepted(caught["argument_spec"], relations, bool(caught.get("supports_check_mode")))
    raise AssertionError(f"{module.__name__}: main() makes no AnsibleModule")


def documented(names: list[str], collections: Path | None = None) -> dict[str, dict[str, Any]]:
    """The documentation of bt_ops.pra's modules with its fragments merged in, by short name, as ansible-doc tells it.

    `collections` is a folder that holds `ansible_collections`; without it the environment's own is read.
    """
    environment = dict(os.environ)
    if collections:
        environment["ANSIBLE_COLLECTIONS_PATH"] = str(collections)
    command = ["ansible-doc", "--type", "module", "--json", *(f"bt_ops.pra.{name}" for name in names)]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return {name.rpartition(".")[2]: page for name, page in json.loads(told.stdout).items()}


def compare(spec: dict[str, Any], options: dict[str, Any], where: str) -> list[str]:
    """An argument specification against documented options, suboptions included."""
    complaints = [f"{where}: {name} is not documented" for name in sorted(set(spec) - set(options))]
    complaints += [f"{where}: {name} is documented but not accepted" for name in sorted(set(options) - set(spec))]
    for name in sorted(set(spec) & set(options)):
        real, told = spec[name], options[name]
        for field, usual in USUAL.items():
            pair = real.get(field, usual), told.get(field, usual)
            if pair[0] != pair[1] or isinstance(pair[0], bool) != isinstance(pair[1], bool):
                complaints.append(f"{where}: {field} of {name} is {pair[0]!r}, documented is {pair[1]!r}")
        if sorted(real.get("aliases") or []) != sorted(told.get("aliases") or []):
            complaints.append(f"{where}: aliases of {name} differ")
        if SECRET.search(name) and real.get("no_log") is not True:
            complaints.append(f"{where}: {name} is a secret without no_log")
        words = " ".join(_texts(told.get("description")))
        for variable in _variables(real):
            if f"E({variable})" not in words:
                complaints.append(f"{where}: {name} does not say that it falls back to E({variable})")
        complaints += compare(real.get("options") or {}, told.get("suboptions") or {}, f"{where}: {name}")
    return complaints


def _texts(value: Any) -> list[str]:
    """A description, which may be one text or a list of them."""
    return [value] if isinstance(value, str) else list(value or [])


def _variables(option: dict[str, Any]) -> list[str]:
    """The environment variables that an option falls back to."""
    fallback = option.get("fallback")
    return [str(name) for name in fallback[1]] if fallback else []


def tasks(value: Any) -> Iterator[tuple[str, Any]]:
    """Every use of a bt_ module in a YAML document: its short name and its arguments. Module defaults of the group bt
    come under the name of the group."""
    if isinstance(value, list):
        for inner in value:
            yield from tasks(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            found = TASK.match(str(key))
            if found or key == GROUP:
                yield (found.group(1) if found else GROUP), inner
            else:
                yield from tasks(inner)


def valid(name: str, arguments: Any, known: dict[str, Accepted]) -> list[str]:
    """The arguments of one task against what the module accepts. Templated values are taken to be of the right type."""
    if arguments is None:
        arguments = {}
    if not isinstance(arguments, dict):
        return [f"{name}: arguments are not a mapping"]
    if name == GROUP:
        every = {option for module in known.values() for option in module.options}
        return [f"{name}: no module has an option {option}" for option in sorted(set(arguments) - every)]
    if name not in known:
        return [f"there is no module {name}"]
    spec = {option: _loosened(rule, arguments.get(option)) for option, rule in known[name].options.items()}
    result = ArgumentSpecValidator(spec, **known[name].relations).validate(arguments)
    return [f"{name}: {message}" for message in result.error_messages]


def _loosened(rule: dict[str, Any], value: Any) -> dict[str, Any]:
    """An option's rule without its type, where the value is only known once it has been templated."""
    if "{{" not in json.dumps(value, default=str):
        return rule
    return {"type": "raw", "required": rule.get("required", False), "aliases": rule.get("aliases", [])}
