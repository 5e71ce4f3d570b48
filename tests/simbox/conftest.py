# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Boxes for the simulator's own tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simbox.boxes import Boxes, pair, running


@pytest.fixture
def boxes(tmp_path: Path) -> Iterator[Boxes]:
    """A fresh pair; everything takes a tenth of the usual time."""
    with running(pair("127.0.20"), tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boxes]:
    """A pair for tests that only look."""
    with running(pair("127.0.21"), tmp_path_factory.mktemp("calm")) as started:
        yield started
