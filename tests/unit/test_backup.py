# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Backups: which one still fits, and what is none at all."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup
from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import Health
from ansible_collections.bt_ops.pra.plugins.module_utils._backup import Backup, Subject, Wish
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

CONTENT = b"NSB1" + b"\x00settings" * 100
SUBJECT = Subject(
    health=Health(
        appliance_id="0f" * 16,
        host_name="box-a",
        version=Version.find("24.1.2"),
        build="41022-ab",
        healthy=True,
        message="",
        role="primary",
        shared_ips=(),
        last_sync=None,
        last_sync_status="",
        source="xml",
        box_time=None,
    ),
    serial="B300-0001",
    base_version="7.0.1",
)


def box(journal: str = "") -> Box:
    """A box that nobody asks."""
    return Box(Connection("box-a", Endpoint("192.0.2.1")), Context(journal=Journal(journal)))


def ago(seconds: float) -> str:
    """A time as a manifest holds it."""
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=seconds)
    return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def put(folder: Path, name: str = "one", **other: Any) -> Backup:
    """A backup with its manifest in the folder, a minute old."""
    path = folder / f"{name}.nsb"
    path.write_bytes(CONTENT)
    made = Backup(
        path=str(path),
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        taken=ago(60),
        box="box-a",
        appliance_id="0f" * 16,
        serial="B300-0001",
        product_version="24.1.2",
        base_version="7.0.1",
        failover_role="primary",
        protected=False,
        way="api",
    )
    made = dataclasses.replace(made, **other)
    Path(f"{path}.json").write_text(json.dumps(dataclasses.asdict(made)))
    return made


def find(folder: Path, max_age: float = 3600, password: str = "", journal: str = "") -> Backup | None:
    """The backup that fits."""
    return _backup.find(SUBJECT, box(journal), Wish(str(folder), password, max_age))


def test_one_that_fits(tmp_path: Path) -> None:
    made = put(tmp_path)
    assert find(tmp_path) == made
    assert find(tmp_path, max_age=math.inf) == made


def test_the_newest_of_those_that_fit(tmp_path: Path) -> None:
    put(tmp_path, "a", taken=ago(30))
    newest = put(tmp_path, "b", taken=ago(10))
    put(tmp_path, "c", taken=ago(20))
    assert find(tmp_path) == newest
    Path(newest.path).write_bytes(CONTENT + b"more")
    found = find(tmp_path)
    assert found is not None
    assert found.path.endswith("c.nsb")


@pytest.mark.parametrize(
    "other",
    [
        {"taken": ago(7200)},
        {"taken": ago(-7200)},
        {"taken": "yesterday"},
        {"taken": ago(1).rstrip("Z")},  # in which zone?
        {"box": "box-b"},
        {"appliance_id": "1f" * 16},
        {"appliance_id": ""},
        {"serial": "B300-0002"},
        {"product_version": "24.1.1"},
        {"base_version": "7.1.0"},
        {"base_version": ""},
        {"protected": True},
        {"size": 1},
        {"sha256": "0" * 64},
    ],
    ids=lambda other: next(iter(other)),
)
def test_one_that_does_not_fit(tmp_path: Path, other: dict[str, Any]) -> None:
    put(tmp_path, **other)
    assert find(tmp_path) is None


def test_none_is_wanted_or_there(tmp_path: Path) -> None:
    put(tmp_path)
    assert find(tmp_path, max_age=0) is None
    assert find(tmp_path / "elsewhere") is None
    assert find(tmp_path, password="geheim") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"path": 1}', "{"])
def test_a_manifest_that_is_none(tmp_path: Path, text: str) -> None:
    put(tmp_path)
    (tmp_path / "one.nsb.json").write_text(text)
    assert find(tmp_path) is None


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    Path(put(tmp_path).path).unlink()
    assert find(tmp_path) is None


def test_a_folder_that_was_carried_elsewhere(tmp_path: Path) -> None:
    put(tmp_path, path="/elsewhere/one.nsb")
    found = find(tmp_path)
    assert found is not None
    assert found.path == str(tmp_path / "one.nsb")


def test_one_from_before_another_act_is_too_old(tmp_path: Path) -> None:
    run = tmp_path / "run"
    put(tmp_path)
    Journal(str(run)).write("outcome", "Took a backup.", box="box-a", act="backup", result="done")
    assert find(tmp_path, journal=str(run)) is not None
    Journal(str(run)).write("outcome", "Installed.", box="box-a", act="install", result="done")
    assert find(tmp_path, journal=str(run)) is None


@pytest.mark.parametrize(
    ("chunks", "why"),
    [
        ([], "0 bytes only"),
        ([b"x" * 255], "255 bytes only"),
        ([b"<!DOCTYPE html>", b"x" * 999], "a page or an error text"),
        ([b"\r\n  <", b"html>" + b"x" * 999], "a page or an error text"),
        ([b"\xef\xbb\xbf<html>" + b"x" * 999], "a page or an error text"),
        ([b'{"error":"access_denied"}' + b" " * 999], "a page or an error text"),
        ([b"Invalid ", b"credentials" + b" " * 999], "a page or an error text"),
    ],
)
def test_what_is_no_backup(chunks: Iterable[bytes], why: str) -> None:
    with pytest.raises(Unproven, match=why) as caught:
        list(_backup._proven(iter(chunks), box()))
    assert caught.value.guide == ("G1",)


def test_what_may_be_one() -> None:
    assert b"".join(_backup._proven(iter([CONTENT[:3], CONTENT[3:]]), box())) == CONTENT


def test_no_account_no_backup(tmp_path: Path) -> None:
    one = box()
    with pytest.raises(BadInput, match="A backup on box-a needs bt_api_client_id"):
        _backup.ensure(one, one.context, Wish(str(tmp_path)))
