# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every test may use. The environment's own link makes `ansible_collections.bt_ops.pra` this very checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run, so that a change is judged by itself; `make pages` looks at fifty times as many, anew.
settings.register_profile("steady", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("hunt", deadline=None, max_examples=5000)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top folder of the checkout that is tested."""
    return Path(__file__).resolve().parent.parent
