# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What no source file may hold: sleeps, unverified TLS, swallowed errors, too many lines, paths of one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tests.guards.tree import SIMBOX, files, sources

MOST_LINES = 400
MOST_MODULE_LINES = 80
HEADER = (
    "# Copyright (c) 2026, the bt_ops.pra authors",
    "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)",
)
PYTHON = ("plugins", SIMBOX, "tests")
# Home and working folders of whoever wrote the file. A path such as /usr/bin or /proc is the same on every machine.
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:work|root|home/\w+|Users/\w+)(?=[/\s'\"`,:;)]|$)")


def sleeps(root: Path) -> list[str]:
    """Sleeping outside the one wait helper. The simulated boxes may sleep in their event loop, but not block it."""
    complaints = []
    for path, tree in sources(root, "plugins", SIMBOX):
        if PurePosixPath(path).name == "_wait.py":
            continue
        for node in ast.walk(tree):
            blocking = isinstance(node, ast.Attribute) and node.attr == "sleep" and ast.unparse(node.value) != "asyncio"
            direct = isinstance(node, ast.ImportFrom) and any(alias.name == "sleep" for alias in node.names)
            if blocking or direct:
                complaints.append(f"{path}:{getattr(node, 'lineno', 0)}: sleeps; module_utils/_wait.py waits")
    return complaints


def unverified(root: Path) -> list[str]:
    """TLS verification switched off in code, whatever the user asked for."""
    complaints = []
    for path, tree in sources(root, *PYTHON):
        for node in ast.walk(tree):
            keyword = isinstance(node, ast.keyword) and node.arg == "verify" and _is_false(node.value)
            assigned = (
                isinstance(node, ast.Assign)
                and _is_false(node.value)
                and any(isinstance(target, ast.Attribute) and target.attr == "verify" for target in node.targets)
            )
            if keyword or assigned:
                complaints.append(f"{path}:{getattr(node, 'lineno', 0)}: TLS verification switched off")
    return complaints


def _is_false(node: ast.expr) -> bool:
    """Whether an expression is the constant False."""
    return isinstance(node, ast.Constant) and node.value is False


def swallowed(root: Path) -> list[str]:
    """A bare or very broad `except` that neither raises again at its end nor says why on its line."""
    complaints = []
    for path, tree in sources(root, *PYTHON):
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler) or not _is_broad(node.type) or _raises_again(node):
                continue
            comment = lines[node.lineno - 1].partition("#")[2]
            if len(re.sub(r"noqa(: *[A-Z0-9, ]+)?|pylint: *disable=[\w,-]+", "", comment).split()) < 2:
                complaints.append(f"{path}:{node.lineno}: a broad except that does not say why")
    return complaints


def _raises_again(node: ast.ExceptHandler) -> bool:
    """Whether an except clause ends by raising what it caught."""
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_broad(node: ast.expr | None) -> bool:
    """Whether an except clause catches (nearly) everything."""
    if node is None:
        return True
    kinds = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)


def long_files(root: Path) -> list[str]:
    """Files of more lines than one sitting takes to read."""
    complaints = []
    for folder in ("plugins", "roles", "playbooks", "tests", "extensions"):
        for path in files(root, folder, "*.py", "*.yml", "*.sh"):
            count = len(path.read_text(encoding="utf-8").splitlines())
            if count > MOST_LINES:
                complaints.append(f"{path.relative_to(root)}: {count} lines, more than {MOST_LINES}")
    return complaints


def long_modules(root: Path) -> list[str]:
    """Modules with more code below their documentation than belongs on that floor. Empty lines do not count."""
    complaints = []
    for path, tree in sources(root, "plugins/modules"):
        ends = [node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Assign) and _documents(node)]
        below = (root / path).read_text(encoding="utf-8").splitlines()[max(ends, default=0) :]
        count = sum(1 for line in below if line.strip())
        if count > MOST_MODULE_LINES:
            complaints.append(f"{path}: {count} lines of code, more than {MOST_MODULE_LINES}")
    return complaints


def _documents(node: ast.Assign) -> bool:
    """Whether an assignment is a module's documentation."""
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    return bool(names & {"DOCUMENTATION", "EXAMPLES", "RETURN"})


def headers(root: Path) -> list[str]:
    """Source files without the licence header; Python files without docstring or postponed annotations.

    ansible-test wants every __init__.py of module_utils empty, so an empty file needs none of it.
    """
    complaints = []
    for folder in ("plugins", SIMBOX, "tests"):
        for path in files(root, folder, "*.py", "*.sh"):
            lines = path.read_text(encoding="utf-8").splitlines()
            head = lines[1:3] if lines and lines[0].startswith("#!") else lines[:2]
            if lines and tuple(head) != HEADER:
                complaints.append(f"{path.relative_to(root)}: no licence header")
    for name, tree in sources(root, *PYTHON):
        if tree.body and not ast.get_docstring(tree) and not name.startswith("plugins/modules/"):
            complaints.append(f"{name}: no docstring")
        postponed = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
        if not postponed and len(tree.body) > 1:
            complaints.append(f"{name}: no `from __future__ import annotations`")
    return complaints


def machine_paths(root: Path, tracked: Iterable[str]) -> list[str]:
    """Paths of the machine on which a file was written, in any text file that git tracks."""
    complaints = []
    for name in tracked:
        path = root / name
        if path.is_symlink() or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found = MACHINE_PATH.search(line)
            if found:
                complaints.append(f"{name}:{number}: a path of one machine, {found.group()}")
    return complaints
