# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists that say the same thing in two places: action group, action plugins, role defaults, README, changelog."""

from __future__ import annotations

import os
from pathlib import Path

from tests.guards.tree import modules, read_yaml, roles

# The one action plugin, and the module of the same name that needs no link to it.
ACTION = "bt_info"


def action_group(root: Path) -> list[str]:
    """The action group `bt` against the modules that exist."""
    runtime = read_yaml(root / "meta" / "runtime.yml") or {}
    return _differences("action group bt", set(runtime.get("action_groups", {}).get("bt", [])), set(modules(root)))


def action_links(root: Path) -> list[str]:
    """A link to the one action plugin for every module but the one whose name it bears."""
    folder = root / "plugins" / "action"
    names = {path.stem for path in folder.glob("*.py")} - {ACTION, "__init__"}
    complaints = _differences("action plugin", names, set(modules(root)) - {ACTION})
    links = {name: folder / f"{name}.py" for name in names}
    wrong = [name for name, link in links.items() if not link.is_symlink() or os.readlink(link) != f"{ACTION}.py"]
    return complaints + [f"action plugin: {name} is no link to {ACTION}" for name in sorted(wrong)]


def _differences(what: str, listed: set[str], real: set[str]) -> list[str]:
    """One complaint for each name that is in one of two sets only."""
    missing = [f"{what}: {name} is missing" for name in sorted(real - listed)]
    return missing + [f"{what}: there is no {name}" for name in sorted(listed - real)]


def role_defaults(root: Path) -> list[str]:
    """defaults/main.yml of each role against the defaults in meta/argument_specs.yml, names and values."""
    complaints = []
    for role in roles(root):
        specs = read_yaml(role / "meta" / "argument_specs.yml")
        if specs is None:
            complaints.append(f"role {role.name}: no meta/argument_specs.yml")
            continue
        options = [entry.get("options") or {} for entry in specs["argument_specs"].values()]
        documented: dict[str, list[object]] = {}
        for name, option in ((name, option) for entry in options for name, option in entry.items()):
            if "default" in option:
                documented.setdefault(name, []).append(option["default"])
        defaults = read_yaml(role / "defaults" / "main.yml") or {}
        complaints += _differences(f"role {role.name}: documented defaults", set(documented), set(defaults))
        complaints += [
            f"role {role.name}: the default of {name} is {defaults[name]!r}, documented is {value!r}"
            for name in sorted(set(documented) & set(defaults))
            for value in documented[name]
            if (type(value), value) != (type(defaults[name]), defaults[name])
        ]
    return complaints


def readme(root: Path) -> list[str]:
    """Modules, roles and playbooks that README.md does not name."""
    path = root / "README.md"
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    playbooks = [playbook.name for playbook in sorted((root / "playbooks").glob("*.yml"))]
    names = [*modules(root), *(role.name for role in roles(root)), *playbooks]
    return [f"README.md does not name {name}" for name in names if name not in text]
