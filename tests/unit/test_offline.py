# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which package of a folder comes next, whose folder it is, and what is told while bytes move."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _ledger, _offline
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, NotOffered, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._ledger import Entry, Ledger, Owner
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, chain
from ansible_collections.bt_ops.pra.plugins.module_utils._progress import Progress, spell_size
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._multipart import _File
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import Upload


def entry(kind: Any, version: str, requires: str = "") -> Entry:
    """A package that is whole."""
    return Entry(kind, version, f"{kind} {version}", "whole", f"{kind}-{version}", 10, "00", requires)


def steps(installed: tuple[str, str], wish: tuple[str, str], *entries: Entry) -> list[str]:
    """What would be sent, in order."""
    have = Installed(Version.find(installed[0]), "", Version.find(installed[1]), True)
    ledger = Ledger(Path("/nowhere"), Owner("box-a"), entries)
    offers = tuple(_offline._offer(each, ledger, have) for each in entries)
    return [offer.title for offer in chain(have, offers, Wish.of(*wish))]


P1, P2 = entry("product", "24.3.1"), entry("product", "24.4.1")
B1, B2 = entry("base", "6.2.0"), entry("base", "6.3.0")
OLD = ("23.3.1", "6.1.0")


@pytest.mark.parametrize(
    ("installed", "wish", "entries", "expected"),
    [
        (OLD, ("24.3.1", ""), [P1, B1], ["base 6.2.0", "product 24.3.1"]),
        (OLD, ("latest", ""), [P1, P2, B1], ["base 6.2.0", "product 24.4.1"]),
        # What is not known to be needed was brought because the vendor lists it for this box: older ones first.
        (OLD, ("24.3.1", ""), [B2, P1, B1], ["base 6.2.0", "product 24.3.1"]),
        (("23.3.1", "6.2.0"), ("24.3.1", ""), [B2, P1, B1], ["base 6.3.0", "product 24.3.1"]),
        (("23.3.1", "6.3.0"), ("24.3.1", ""), [B2, P1, B1], ["product 24.3.1"]),
        # What is known to be needed is enough.
        (("23.3.1", "6.2.0"), ("24.3.1", ""), [B2, entry("product", "24.3.1", "6.2.0")], ["product 24.3.1"]),
        (OLD, ("24.3.1", "6.3.0"), [B2, P1, B1], ["base 6.2.0", "base 6.3.0", "product 24.3.1"]),
        (OLD, ("23.3.1", "6.2.0"), [B1, P1], ["base 6.2.0"]),
        (OLD, ("latest", ""), [], []),
        (("24.3.1", "6.2.0"), ("latest", ""), [B1, P1], []),
    ],
)
def test_what_is_sent_next(
    installed: tuple[str, str], wish: tuple[str, str], entries: list[Entry], expected: list[str]
) -> None:
    assert steps(installed, wish, *entries) == expected


def test_what_comes_first_and_is_not_there() -> None:
    with pytest.raises(NotOffered, match=r"base software 6\.2\.0 comes first"):
        steps(OLD, ("24.3.1", ""), entry("product", "24.3.1", "6.2.0"))


@pytest.mark.parametrize(
    ("mine", "theirs", "other", "known"),
    [
        (("id1", "S-1"), ("id1", "S-1"), False, True),
        (("ID1", "s1"), ("id-1", "S-1"), False, True),
        (("id1", ""), ("id1", "S-1"), False, True),
        (("id1", "S-1"), ("id2", "S-1"), True, False),
        (("id1", ""), ("", "S-1"), False, False),
        (("", ""), ("", ""), False, False),
    ],
)
def test_whose_folder_it_is(mine: tuple[str, str], theirs: tuple[str, str], other: bool, known: bool) -> None:
    here, there = Owner("box-a", *mine), Owner("box-b", *theirs)
    assert (here.is_other_than(there), here.is_known_as(there)) == (other, known)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2}, {"packages": "none"}, {"packages": [{}]}, {"packages": None}, {"box": 7},
        {"packages": [{"kind": "other", "version": "1.2", "title": "", "state": "whole", "file": "x"}]},
        {"packages": [{"kind": "base", "version": "new", "title": "", "state": "whole", "file": "x"}]},
        {"packages": [{"kind": "base", "version": "1.2", "title": "", "state": "whole", "file": "../x"}]},
        {"packages": [{"kind": "base", "version": "1.2", "title": "", "state": "whole", "file": "x", "size": -1}]},
    ],
)
def test_a_ledger_that_cannot_be_right_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    Ledger(tmp_path, Owner("box-a", "id", "S-1")).with_entry(B1)
    path = tmp_path / "ledger.json"
    whole = _ledger.read_ledger(tmp_path)
    assert whole is not None
    assert whole.entries == (B1,)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(Refused, match=r"ledger\.json is damaged"):
        _ledger.read_ledger(tmp_path)


def test_where_packages_lie() -> None:
    assert _ledger.packages_dir_of({"packages_dir": "/p", "run_dir": "/r"}) == "/p"
    assert _ledger.packages_dir_of({"packages_dir": None, "run_dir": "/r"}) == "/r/packages"
    assert _ledger.packages_dir_of({"packages_dir": "/p", "source": "online"}) == ""
    with pytest.raises(BadInput, match="where do the packages lie"):
        _ledger.packages_dir_of({"packages_dir": "", "run_dir": None})
    assert _ledger.folder_of("/p", "../x/y") == Path("/p/_x_y")


def test_a_file_that_becomes_shorter_is_an_error_and_no_hang() -> None:
    sent = _File(Upload("p.bin", BytesIO(b"12345"), 7))
    assert sent.read(4) == b"1234"
    assert sent.read() == b"5"
    with pytest.raises(OSError, match="became shorter"):
        sent.read(4)
    grown = _File(Upload("p.bin", BytesIO(b"12345"), 3))
    assert grown.read() + grown.read() == b"123"


class Ticking:
    """A clock that a test sets."""

    time = 0.0

    def now(self) -> float:
        """Its time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Time goes by."""
        self.time += seconds


def test_progress_is_told_soon_and_then_less_often() -> None:
    said: list[tuple[float, str]] = []
    clock: Any = Ticking()
    what = "[box-a] upload of base software 6.2.0"
    progress = Progress(what, 4 << 30, lambda line: said.append((clock.time, line)), clock=clock)
    for second in range(400):
        clock.time = float(second)
        progress.at(second * (10 << 20))
    assert said[0] == (2.0, f"{what}: 20.0 MiB of 4.0 GiB (0 %), 10.0 MiB/s")
    assert said[5][1].endswith("left")
    gaps = [later[0] - earlier[0] for earlier, later in zip(said, said[1:], strict=False)]
    assert gaps == sorted(gaps)
    assert max(gaps) <= 31


def test_sizes() -> None:
    assert [spell_size(size) for size in (0, 1023, 1024, 1536, 300 << 20, 4 << 30)] == [
        "0 bytes", "1023 bytes", "1.0 KiB", "1.5 KiB", "300 MiB", "4.0 GiB",
    ]
