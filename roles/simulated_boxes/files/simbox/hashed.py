# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Passwords and secrets are kept hashed, so that neither state nor backups hold them in clear."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def hash_secret(secret: str) -> str:
    """Salted hash of `secret`, as text. Few rounds: a test's accounts, not a person's."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_derive(secret, salt).hex()}"


def matches(secret: str, hashed: str) -> bool:
    """True when `secret` is the one that was hashed."""
    salt, _colon, digest = hashed.partition(":")
    return hmac.compare_digest(_derive(secret, bytes.fromhex(salt)).hex(), digest)


def _derive(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=256, r=8, p=1)
