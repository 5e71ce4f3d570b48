# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every secret of a world is a string that stands nowhere else: where it is found, it was shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import yaml

from tests.faults.scenarios import SECRETS
from tests.integration.conftest import World

# Backups and certificates that are exported are encrypted by password: no exception is needed for them. The download
# key of a box is a file of its own, which is carried to another machine: it may stand there and nowhere else.
KEY_FILE = "download_key.json"
NOT_OURS = ("sim", "config.yml", "given.json", "inventory.yml")


def secrets_of(world: World) -> dict[str, bytes]:
    """What to look for, by a name that says what it is."""
    told = world.ask("secrets")
    plain = {**SECRETS, **{f"configured {number}": text for number, text in enumerate(told["configured"])}}
    inventory = yaml.safe_load((world.folder / "sim" / "inventory.yml").read_text())["all"]["children"]
    for group in inventory.values():
        for host, variables in group["hosts"].items():
            named = [name for name in variables if name.endswith(("password", "secret", "passphrase"))]
            plain.update({f"{name} of {host}": variables[name] for name in named})
    for path in (world.folder / "runs").rglob(KEY_FILE):
        plain[f"download key of {path.parent.name}"] = json.loads(path.read_text())["key"]
    forms: dict[str, bytes] = {}
    for name, text in plain.items():
        forms[name] = text.encode()
        forms[f"{name}, quoted"] = quote(text, safe="").encode()
        # Without the last characters: they depend on what follows.
        forms[f"{name}, base64"] = base64.b64encode(text.encode())[: len(text) // 3 * 4]
    forms.update({f"given out {number}": text.encode() for number, text in enumerate(told["given"])})
    return forms


def shown(world: World, commands: Iterable[bytes], outputs: Iterable[Path]) -> list[str]:
    """Where a secret was found: outputs, command lines, every file of the runs and of temporary folders."""
    places = {f"output {path.name}": path.read_bytes() for path in outputs}
    places["a command line"] = b"\n".join(commands)
    for path in _files(world.folder):
        places[str(path.relative_to(world.folder))] = path.read_bytes()
    secrets = secrets_of(world)
    return sorted(
        {f"{name} in {place}" for place, content in places.items() for name, secret in secrets.items()
         if secret in content}
    )  # fmt: skip


def open_to_others(world: World) -> list[str]:
    """What lies in the runs and can be read by other users."""
    top = world.folder / "runs"
    return [str(path) for path in sorted(top.rglob("*")) if path.lstat().st_mode & 0o077]


def _files(folder: Path) -> list[Path]:
    """What runs have left behind, without what the test itself put there."""
    return [
        path
        for top in sorted(folder.iterdir())
        if top.name not in NOT_OURS
        for path in ([top] if top.is_file() else sorted(top.rglob("*")))
        if path.is_file() and not path.is_symlink() and path.name != KEY_FILE
    ]
