# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is kept between the tasks of one ansible-playbook: open sessions, so that each box sees one log-in.

Every task runs in a process of its own, forked from the one that loaded the plugins. The key below is made there, once,
and lives in memory only; what the tasks hand on lies encrypted in the run's own temporary folder, which Ansible removes
at its end. A file left behind by a killed run can be read by nobody.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from ansible import constants

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Memory

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    KEY = AESGCM.generate_key(bit_length=256)
    HAVE_CRYPTOGRAPHY = True
except ImportError:  # module_utils/_deps names what is missing; sessions are then not kept
    HAVE_CRYPTOGRAPHY = False

NONCE_BYTES = 12


class EncryptedMemory(Memory):
    """A memory that outlives the process of a task, but not the run."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(constants.DEFAULT_LOCAL_TMP) / "bt_ops_pra"

    def load(self, key: str) -> dict[str, Any] | None:
        """What was kept under that key, by this task or one before it."""
        held = super().load(key)
        if held is not None or not HAVE_CRYPTOGRAPHY:
            return held
        _key, value = self._open(self._path(key))
        return value or None

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Keep a value for the tasks that come."""
        super().save(key, value)
        if not HAVE_CRYPTOGRAPHY:
            return
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(KEY).encrypt(nonce, json.dumps([key, value]).encode(), None)
        path = self._path(key)
        part = path.with_suffix(f".{os.getpid()}")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
        os.replace(part, path)

    def copy(self) -> Memory:
        """All that this and earlier tasks kept, in the memory of this process alone."""
        copied = Memory()
        for key, value in self.everything().items():
            copied.save(key, value)
        return copied

    def everything(self) -> dict[str, dict[str, Any]]:
        """All that the tasks of this run have kept."""
        if not HAVE_CRYPTOGRAPHY or not self._folder.is_dir():
            return {}
        opened = [self._open(path) for path in self._folder.iterdir()]
        return {key: value for key, value in opened if value is not None}

    def _path(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode()).hexdigest()

    def _open(self, path: Path) -> tuple[str, dict[str, Any] | None]:
        """Key and value of a file; no value where it is not there or was sealed by another run."""
        try:
            sealed = path.read_bytes()
            key, value = json.loads(AESGCM(KEY).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None))
        except (OSError, InvalidTag, ValueError):
            return "", None
        return str(key), value if isinstance(value, dict) else None
