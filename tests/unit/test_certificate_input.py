# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""bt_certificate: what cannot be worked with is refused in one sentence, before anything is asked of any box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.modules import bt_certificate
from tests.unit.certificates import chain, make

SITE = "access.example.test"
CANARY = "canary-Passphrase-1"


def refused(raw: dict[str, Any], *words: str) -> dict[str, Any]:
    """Run the module; it fails with these words, and says that nothing was changed."""
    arguments, _secrets = _edge.validated("bt_ops.pra.bt_certificate", bt_certificate.SPEC, raw)
    result = _edge.perform(bt_certificate.run, arguments, Context())
    assert result.get("failed"), result
    assert result["error"] == "bad_input"
    assert not result["changed"]
    for word in (*words, "Nothing was changed."):
        assert word in result["msg"], result["msg"]
    return result


def bad_file(kind: str, folder: Path) -> dict[str, Any]:
    """Options with a file that cannot be imported."""
    _root, _issuing, leaf = chain("other.example.test", days=-1 if kind == "expired" else 90)
    content = {
        "page": b"<html>Log in</html>",
        "empty": b"",
        "key of another": leaf.pem(key=False) + make("x").key_pem(),
        "no key": leaf.pem(key=False),
    }.get(kind, leaf.p12(CANARY))
    path = folder / "site.p12"
    if kind != "missing":
        path.write_bytes(content)
    options: dict[str, Any] = {"src": str(path), "name": SITE if kind == "other name" else None}
    passphrases = {"wrong": "canary-Wrong", "none": None}
    return {**options, **({"passphrase": passphrases[kind]} if kind in passphrases else {})}


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("missing", "no such file or directory"),
        ("page", "it is no certificate file"),
        ("empty", "it is empty"),
        ("no key", "it holds no private key"),
        ("key of another", "its private key does not belong to the certificate of other.example.test"),
        ("wrong", "the passphrase does not open it"),
        ("none", "no passphrase was given"),
        ("expired", "expired on"),
        ("other name", "its certificate is for other.example.test, not for access.example.test"),
    ],
)
@pytest.mark.parametrize("state", ["imported", "assigned"])
def test_a_bad_file_is_refused_before_anything_is_asked(kind: str, why: str, state: str, tmp_path: Path) -> None:
    nowhere = {"host": "192.0.2.1", "appliance_username": "a", "appliance_password": "b", "state": state}
    raw = {**nowhere, "passphrase": CANARY, **bad_file(kind, tmp_path)}
    result = refused(raw, str(tmp_path / "site.p12"), why)
    assert "canary" not in result["msg"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"state": "exported"}, "dest and run_dir are missing"),
        ({"state": "exported", "dest": "x"}, "passphrase is missing"),
        ({"state": "exported", "dest": "x", "passphrase": "a\nb"}, "passphrase has a line break"),
        ({"state": "imported"}, "src is missing"),
        ({"state": "assigned"}, "src and name are missing"),
        ({"state": "assigned", "name": "x/../y"}, "name is 'x/../y'"),
        ({"state": "assigned", "name": "x", "address": "no address"}, "address is 'no address'"),
        ({"state": "assigned", "name": "x", "address": "not-an-ip"}, "address is 'not-an-ip', which is no IP address"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], why: str) -> None:
    refused({"host": "192.0.2.1", **options}, why)
