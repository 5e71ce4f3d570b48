# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clock of a box, as its pages write it."""

from __future__ import annotations

import time

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _clock

NOON = 1795521600.0  # 24 November 2026, 12:00:00 UTC


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("November 24, 2026 12:00:00 PM UTC", NOON),
        ("November 24, 2026 12:00:00 AM UTC", NOON - 12 * 3600),
        ("Nov 24 2026 1:05 p.m. GMT", NOON + 3900),
        ("Tue, 24 Nov 2026 12:00:00 GMT", NOON),
        ("24 november 2026 12:00:00 UTC", NOON),
        ("dinsdag 24 november 2026, 13:00:00 (UTC)", NOON + 3600),
        ("2026-11-24T12:00:00Z", NOON),
        ("2026-11-24 13:00:00.123 +01:00", NOON),
        ("2026-11-24 06:30:00 -0530", NOON),
        # Without a zone that is known for sure nothing can be said.
        ("November 24, 2026 12:00:00 PM CDT", None),
        ("2026-11-24 12:00:00", None),
        ("24-11-2026 12:00:00 UTC", None),
        ("Smarch 24, 2026 12:00:00 UTC", None),
        ("2026-02-31 12:00:00 UTC", None),
        ("12:00:00 UTC", None),
        ("", None),
    ],
)
def test_written(text: str, seconds: float | None) -> None:
    assert _clock.written(text) == seconds


@pytest.mark.parametrize(
    ("skew", "words"),
    [(0, ""), (58, ""), (-58, ""), (90.9, "wrong by 91 s: it is ahead"), (-7200, "wrong by 2 h: it is behind")],
)
def test_a_minute_is_allowed(skew: float, words: str) -> None:
    told = _clock.trouble("box-a", time.time() + skew)
    assert told.endswith(f"{words}." if words else "")
    assert bool(told) == bool(words)


def test_no_time_is_no_trouble() -> None:
    assert _clock.trouble("box-a", None) == ""


@pytest.mark.parametrize(
    ("skews", "words"),
    [
        ((300, 310), "The clock of this machine is 5 min behind those of box-a and box-b"),
        ((-300, -310), "The clock of this machine is 5 min ahead of those of box-a and box-b"),
        ((300, -300), ""),
        ((300, 5), ""),
        ((5, 6), ""),
        ((300, None), ""),
    ],
)
def test_two_clocks_that_agree_with_each_other_and_not_with_this_machine(
    skews: tuple[float, float | None], words: str
) -> None:
    told = {f"box-{name}": None if skew is None else time.time() + skew for name, skew in zip("ab", skews, strict=True)}
    said = _clock.trouble_here(told)
    assert said.startswith(words)
    assert bool(said) is bool(words)
