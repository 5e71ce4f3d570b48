# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tarball that users install holds the collection and nothing of its workshop."""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

import pytest

# What lies at the top of the tarball; changelogs, docs and extensions are read by Galaxy and by people.
SHIPPED = {
    "CHANGELOG.rst",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "changelogs",
    "docs",
    "extensions",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "roles",
}


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """The collection, built from this checkout as it is."""
    folder = tmp_path_factory.mktemp("build")
    build = ["ansible-galaxy", "collection", "build", "--output-path", str(folder), str(checkout)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.tar.gz")
    return built


def test_nothing_else_is_shipped(tarball: Path, checkout: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = [PurePosixPath(name) for name in archive.getnames()]
    assert {name.parts[0] for name in names} - SHIPPED == set()
    assert [name for name in names if "__pycache__" in name.parts or name.suffix in {".pyc", ".log"}] == []
    here = {path.name for path in checkout.iterdir()}
    assert SHIPPED & here == {name.parts[0] for name in names} & here


def test_it_installs_into_an_empty_folder(tarball: Path, tmp_path: Path) -> None:
    install = ["ansible-galaxy", "collection", "install", "--offline", "--force", str(tarball), "-p", str(tmp_path)]
    subprocess.run(install, check=True, capture_output=True)
    manifest = json.loads((tmp_path / "ansible_collections/bt_ops/pra/MANIFEST.json").read_text(encoding="utf-8"))
    assert manifest["collection_info"]["license"] == ["GPL-3.0-or-later"]
    assert manifest["collection_info"]["dependencies"] == {}
