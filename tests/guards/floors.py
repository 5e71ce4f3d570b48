# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which part of the collection may import which: four floors, and imports go down only.

A module and the action plugin see no further than the next floor; below them a subject may name what a box gives it
(a page, an answer), but opens no connection of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from tests.guards.tree import SIMBOX, files, read_yaml, roles, sources

NAME = "ansible_collections.bt_ops.pra.plugins"

# Importable from everywhere; they import nothing but each other.
LEAVES = {
    "_context", "_deps", "_errors", "_files", "_journal", "_life", "_lock", "_steps", "_variables", "_version", "_wait",
    "_window",
}

# What a floor may import besides itself and the leaves. "subject" is every other file of module_utils.
BELOW: dict[str, set[str]] = {
    "action": {"_edge", "modules", "plugin_utils"},
    "plugin_utils": {"_edge"},
    "modules": {"_edge", "subject"},
    "_edge": {"subject", "_box", "_api", "_web", "_transport"},
    "subject": {"_box", "_api", "_web", "_nameserver"},
    "_box": {"_api", "_web", "_transport", "_handshake"},
    "_api": {"_transport"},
    "_web": {"_transport"},
    "_handshake": {"_transport"},
    "_nameserver": set(),
    "_transport": set(),
    "leaf": set(),
    "doc_fragments": set(),
}

# The public name of a site is asked like a box and is none: the one subject with a connection of its own.
BESIDES = {"plugins/module_utils/_witness.py": {"_transport"}}

# The libraries of requirements.txt: imported in one place, which says in one sentence what is missing.
LIBRARIES = {"requests", "requests_toolbelt", "cryptography", "lxml"}

# What a role or playbook leaves to a module: HTTP, waiting, counting, asking people.
NOT_IN_YAML = {"until", "retries", "vars_prompt", "uri", "get_url", "pause", "wait_for", "raw"}


def floor_of(inside: PurePosixPath | str) -> str:
    """The floor of a file, from its path below plugins/ ("module_utils/_api/_oauth.py")."""
    parts = PurePosixPath(inside).parts
    if parts[0] != "module_utils":
        return parts[0]
    part = parts[1].removesuffix(".py")
    if part in LEAVES:
        return "leaf"
    return part if part in BELOW else "subject"


def imported(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with the line, by its full name; relative imports are resolved."""
    package = f"{NAME}." + ".".join(PurePosixPath(path).parts[1:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                base = ".".join([*above[: len(above) - node.level + 1], *([base] if base else [])])
            # `from package import _file` names a file too; whether it is one is seen by whoever reads the name.
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def directions(root: Path) -> list[str]:
    """Imports inside plugins/ that go up, sideways or past the next floor."""
    complaints = []
    for path, tree in sources(root, "plugins"):
        here = floor_of(path.removeprefix("plugins/"))
        if here not in BELOW:
            complaints.append(f"{path}: the floors know no folder plugins/{here}")
            continue
        for line, name in imported(path, tree):
            if not name.startswith(f"{NAME}."):
                continue
            there = floor_of(name.removeprefix(f"{NAME}.").replace(".", "/"))
            if there not in {here, "leaf"} | BELOW[here] | BESIDES.get(path, set()):
                complaints.append(f"{path}:{line}: {here} imports {there} ({name})")
    return complaints


def edge_only(root: Path) -> list[str]:
    """AnsibleModule and fail_json anywhere but in _edge and the action plugin."""
    complaints = []
    for path, tree in sources(root, "plugins"):
        if floor_of(path.removeprefix("plugins/")) in {"_edge", "action"}:
            continue
        for node in ast.walk(tree):
            name = _name(node)
            if name in {"AnsibleModule", "fail_json", "exit_json"}:
                complaints.append(f"{path}:{getattr(node, 'lineno', 0)}: {name} belongs into module_utils/_edge.py")
    return complaints


def _name(node: ast.AST) -> str | None:
    """The name that a node uses or imports."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.alias):
        return node.name
    return None


def libraries_guarded(root: Path) -> list[str]:
    """Imports of the required libraries that end in a traceback where the library is missing."""
    complaints = []
    for path, tree in sources(root, "plugins"):
        guarded = {line for node in ast.walk(tree) if isinstance(node, ast.Try) for line in _guarded_lines(node)}
        complaints += [
            f"{path}:{line}: {name} is imported through module_utils/_deps.py"
            for line, name in imported(path, tree)
            if name.split(".")[0] in LIBRARIES and PurePosixPath(path).stem != "_deps" and line not in guarded
        ]
    return complaints


def _guarded_lines(node: ast.Try) -> Iterator[int]:
    """The lines of a try whose ImportError is caught."""
    if any(handler.type and ast.unparse(handler.type) == "ImportError" for handler in node.handlers):
        yield from range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1)


def strangers(root: Path) -> list[str]:
    """Imports between the collection's plugins and the simulated boxes, and files or links that both have."""
    complaints = []
    for path, tree in sources(root, "plugins"):
        lines = [line for line, name in imported(path, tree) if _is(name, "simbox")]
        complaints += [f"{path}:{line}: plugins import simbox" for line in lines]
    for path, tree in sources(root, SIMBOX):
        complaints += [
            f"{path}:{line}: simbox imports {name}"
            for line, name in imported(path, tree)
            if _is(name, "ansible_collections") or _is(name, "plugins")
        ]
    ours = {path.read_bytes(): path for path in files(root, "plugins", "*") if path.stat().st_size}
    for theirs in files(root, SIMBOX, "*"):
        twin = ours.get(theirs.read_bytes()) if theirs.stat().st_size else None
        if twin:
            complaints.append(f"{theirs.relative_to(root)} is the same file as {twin.relative_to(root)}")
        if theirs.is_symlink():
            complaints.append(f"{theirs.relative_to(root)} is a link")
    return complaints


def _is(name: str, package: str) -> bool:
    """Whether a full name lies in a package."""
    return name == package or name.startswith(f"{package}.")


def plain_yaml(root: Path) -> list[str]:
    """Roles and playbooks that do what a module is for, or whose rescue does not fail again."""
    folders = [role for role in roles(root) if role.name != "simulated_boxes"]
    paths = [path for role in folders for part in ("tasks", "handlers") for path in files(role, part, "*.yml")]
    complaints = []
    for path in [*paths, *files(root, "playbooks", "*.yml")]:
        where = path.relative_to(root)
        for item in _mappings(read_yaml(path)):
            words = {str(key).removeprefix("ansible.builtin.") for key in item} & NOT_IN_YAML
            complaints += [f"{where}: '{word}' belongs into a module" for word in sorted(words)]
            # A one-way act after a check that failed and was ignored (T7).
            complaints += [f"{where}: {word}" for word in ("ignore_errors", "ignore_unreachable") if word in item]
            if item.get("validate_certs") is False:
                complaints.append(f"{where}: TLS verification switched off")
            if "rescue" in item and not _fails(item["rescue"]):
                complaints.append(f"{where}: a rescue that does not end in ansible.builtin.fail")
    return complaints


def _fails(tasks: Any) -> bool:
    """Whether a list of tasks ends in one that fails."""
    return bool(tasks) and "ansible.builtin.fail" in tasks[-1] and "when" not in tasks[-1]


def _mappings(value: Any) -> Iterator[dict[Any, Any]]:
    """Every mapping inside a YAML document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mappings(inner)
