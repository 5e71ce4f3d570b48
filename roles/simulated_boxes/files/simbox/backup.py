# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The backup file of a site, `.nsb`.

The real format is not public (GUESS, 11.4 number 6). This one is a ZIP of `manifest.json` and `data.json`; with
a password the ZIP is encrypted by AES-GCM under a key that scrypt derives from it. In front stands a header
line that is neither JSON nor XML nor HTML.
"""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from simbox.data import SiteData, from_json, to_json

PLAIN = b"NSB\x00\x01P"
SEALED = b"NSB\x00\x01S"


class BackupError(ValueError):
    """The file is no backup, is damaged, or the password is wrong."""


class PasswordError(BackupError):
    """The password is wrong; a damaged file looks the same."""


class PasswordMissing(BackupError):
    """The file is protected, but no password was given."""


@dataclass(frozen=True)
class Backup:
    """An opened backup: where and when it was taken, and the data."""

    manifest: dict[str, Any]
    data: SiteData


def pack(data: SiteData, manifest: dict[str, Any], password: str, history: bool = True) -> bytes:
    """Make a backup file; without `history` it holds no session records. An empty password protects nothing."""
    raw = to_json(data)
    if not history:
        raw["sessions"] = {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("data.json", json.dumps(raw))
    if not password:
        return PLAIN + buffer.getvalue()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    return SEALED + salt + nonce + AESGCM(_key(password, salt)).encrypt(nonce, buffer.getvalue(), None)


def unpack(content: bytes, password: str) -> Backup:
    """Open a backup file; raises BackupError."""
    if content.startswith(SEALED):
        if not password:
            raise PasswordMissing("the file is protected by a password")
        rest = content[len(SEALED) :]
        salt, nonce, sealed = rest[:16], rest[16:28], rest[28:]
        try:
            archive = AESGCM(_key(password, salt)).decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError) as error:
            raise PasswordError("the password is wrong or the file is damaged") from error
    elif content.startswith(PLAIN):
        archive = content[len(PLAIN) :]
    else:
        raise BackupError("the file is no backup")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            manifest = json.loads(opened.read("manifest.json"))
            return Backup(manifest, from_json(json.loads(opened.read("data.json"))))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BackupError("the file is damaged") from error


def _key(password: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**12, r=8, p=1).derive(password.encode())
