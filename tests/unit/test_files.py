# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files from a box: private, hashed, whole or not there."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._files import private_folder, sha256_of, store, store_json


def mode(path: Path) -> int:
    """Its permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=5))
def test_what_streams_in_lies_there(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("files") / "backup.nsb"
    stored = store(chunks, path)
    whole = b"".join(chunks)
    assert path.read_bytes() == whole
    assert (stored.path, stored.size) == (str(path), len(whole))
    assert stored.sha256 == sha256_of(path) == hashlib.sha256(whole).hexdigest()
    assert mode(path) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["backup.nsb"]


def broken_off() -> Iterator[bytes]:
    """A download that ends early."""
    yield b"half"
    raise OSError("connection lost")


def test_what_breaks_off_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "backup.nsb"
    with pytest.raises(OSError, match="connection lost"):
        store(broken_off(), path)
    assert list(tmp_path.iterdir()) == []
    store([b"old"], path)
    with pytest.raises(OSError, match="connection lost"):
        store(broken_off(), path)
    assert path.read_bytes() == b"old"


def test_a_part_left_by_a_killed_run_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "backup.nsb.part").write_bytes(b"a longer rest of a killed run")
    store([b"new"], tmp_path / "backup.nsb")
    assert (tmp_path / "backup.nsb").read_bytes() == b"new"


def test_folders_are_private_with_those_that_are_made_above(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        folder = private_folder(str(tmp_path / "runs" / "access" / "backups"))
    finally:
        os.umask(old)
    for made in (folder, folder.parent, folder.parent.parent):
        assert mode(made) == 0o700, made
    assert private_folder(str(folder)) == folder


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300])
def test_a_folder_that_cannot_be(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be made"):
        private_folder(str(tmp_path / name))


def test_json_for_people_and_programs(tmp_path: Path) -> None:
    store_json({"b": 1, "a": [2]}, tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text()) == {"a": [2], "b": 1}
    assert (tmp_path / "x.json").read_text().startswith('{\n  "a"')
