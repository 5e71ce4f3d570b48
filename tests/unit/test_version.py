# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Versions as boxes and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

PARTS = st.lists(st.integers(0, 999), min_size=2, max_size=5)


@pytest.mark.parametrize(
    ("text", "version", "build"),
    [
        ("24.3.1", "24.3.1", ""),
        ("19.1.8 (37380-0a1b2c3d)", "19.1.8", "37380-0a1b2c3d"),
        ("Base Software 7.1.0", "7.1.0", ""),
        ("Privileged Remote Access 24.3.1 (Build 43310)", "24.3.1", "43310"),
        ("Versie: 24.10.2, geplaatst op 2026-11-24", "24.10.2", ""),
        ("\u00a024.3.1\u00a0", "24.3.1", ""),
    ],
)
def test_found_in_text(text: str, version: str, build: str) -> None:
    found = Version.find(text)
    assert found is not None
    assert (found.text, found.build) == (version, build)


@pytest.mark.parametrize("text", ["", "no version here", "24", "...", "1.2.3.4.5.6"])
def test_not_found(text: str) -> None:
    assert Version.find(text) is None


@pytest.mark.parametrize("text", ["", "latest", "24", "24.", "24.3-rc1", "24.3\n24.4", "v24.3", "24.3 ; rm", "9" * 400])
def test_not_wanted(text: str) -> None:
    with pytest.raises(BadInput, match="version is .* no version such as 24.3.1") as caught:
        Version.wanted(text, "version")
    assert len(str(caught.value)) < 200


def test_a_trailing_zero_means_nothing() -> None:
    assert Version.find("24.3") == Version.find("24.3.0")
    assert Version.find("24.0") == Version.wanted("24.0.0", "version")


def test_a_build_does_not_take_part() -> None:
    assert Version.find("24.3.1 (43310-ab)") == Version.find("24.3.1")


@given(PARTS, PARTS)
def test_compared_as_numbers(one: list[int], other: list[int]) -> None:
    first = Version.wanted(".".join(map(str, one)), "version")
    second = Version.wanted(".".join(map(str, other)), "version")
    width = max(len(one), len(other))
    padded = [parts + [0] * (width - len(parts)) for parts in (one, other)]
    assert (first < second) == (padded[0] < padded[1])
    assert (first == second) == (padded[0] == padded[1])


@given(st.text())
def test_any_text_has_a_version_or_none(text: str) -> None:
    found = Version.find(text)
    assert found is None or found.text in text
