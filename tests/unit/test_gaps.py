# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a backup does not hold: how it is named, what counts as collected, and what is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _gaps
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._web._settings_pages import Settings, read_settings
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from tests.unit.web.pages import page_of

NTP = "Networking > IP Configuration"
HERE = Settings({NTP: {"NTP Server": "10.0.0.1", "Comment": ""}}, {NTP: ["eth0 | 10.0.0.5"]}, [])
THERE = Settings({NTP: {"NTP Server": "clock.example"}}, {NTP: ["eth0 | 10.0.0.6"]}, [])


@pytest.mark.parametrize(
    ("given", "waived"),
    [
        (None, {}),
        ([], {}),
        ("", {}),
        (["recordings"], {"recordings": ""}),
        ("recordings, vault_key", {"recordings": "", "vault_key": ""}),
        ({"recordings": " Jane Doe "}, {"recordings": "Jane Doe"}),
    ],
)
def test_waived(given: Any, waived: dict[str, str]) -> None:
    assert _gaps.waived_by(given) == waived


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (7, "neither a list"),
        (["recordings", 3], "neither a list"),
        (["recordngs"], "recordngs"),
        ({"vault_key": ""}, "names nobody for 'vault_key'"),
        ({"vault_key": "a\nb"}, "names nobody"),
        ({"everything": "Jane Doe"}, "everything"),
    ],
)
def test_waived_wrongly(given: Any, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        _gaps.waived_by(given)


def test_collected(tmp_path: Path) -> None:
    key, folder, empty = tmp_path / "key", tmp_path / "recordings", tmp_path / "empty"
    key.write_text("k")
    folder.mkdir()
    (folder / "1.mkv").write_text("x")
    empty.mkdir()
    assert _gaps.collected_at({"vault_key": key, "recordings": str(folder)}) == {
        "vault_key": str(key), "recordings": str(folder),
    }
    for path in (empty, tmp_path / "nowhere"):
        with pytest.raises(BadInput, match="nothing is there"):
            _gaps.collected_at({"big_files": str(path)})
    with pytest.raises(BadInput, match="keys"):
        _gaps.collected_at({"keys": str(key)})


def test_differences_are_told_without_values() -> None:
    assert _gaps.compare(HERE, THERE) == [f"{NTP}: NTP Server", f"{NTP}: its list"]
    assert _gaps.compare(HERE, HERE) == []
    assert _gaps.compare(HERE, Settings({}, {}, [NTP])) == [f"{NTP}: the new box shows no such page"]


def box(name: str, context: Context) -> Box:
    """A box that nobody asks."""
    return Box(Connection(name, Endpoint(name), appliance=Account("admin", "x")), context)


def settle(context: Context, folder: Path, **waived: str) -> _gaps.Gaps:
    """Settle with what is waived."""
    _before, after = _gaps.settle(box("old", context), box("new", context), context, waived, {}, str(folder))
    return after


def test_settled_items_are_remembered_and_open_ones_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = iter([HERE, THERE] * 3)
    monkeypatch.setattr(_gaps, "read_settings", lambda _site: next(shown))
    context = Context(journal=Journal(str(tmp_path / "run")))
    with pytest.raises(Refused, match="vault_key") as refused:
        settle(context, tmp_path / "gaps", recordings="Jane Doe")
    assert refused.value.facts["open"] == ["vault_key", "big_files"]
    gaps = settle(context, tmp_path / "gaps", vault_key="Jane Doe", big_files="Jane Doe")
    assert gaps.still_open == []
    assert gaps.differences == [f"{NTP}: NTP Server", f"{NTP}: its list"]
    known = _gaps.remembered(context.journal, "old")
    assert {item: (gap.how, gap.by) for item, gap in known.items()} == {
        "recordings": ("waived", "Jane Doe"), "vault_key": ("waived", "Jane Doe"), "big_files": ("waived", "Jane Doe"),
        "appliance_settings": ("collected", ""),
    }
    assert _gaps.remembered(context.journal, "new") == {}
    kept = tmp_path / "gaps" / "old-appliance-settings.json"
    assert json.loads(kept.read_text())["fields"] == HERE.fields
    assert kept.stat().st_mode & 0o777 == 0o600
    written = len(context.journal.records())
    settle(context, tmp_path / "gaps")
    assert len(context.journal.records()) == written


def test_check_mode_writes_nothing_and_does_not_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_gaps, "read_settings", lambda _site: HERE)
    context = Context(check_mode=True, journal=Journal(str(tmp_path / "run")))
    assert settle(context, tmp_path / "gaps").still_open == ["recordings", "vault_key", "big_files"]
    assert list(tmp_path.iterdir()) == []


def test_settings_are_read_without_passwords() -> None:
    page = page_of(
        "<form method='post'><label>NTP Server <input name='a' value='10.0.0.1'></label>"
        "<label>NTP Server <input name='b' value='10.0.0.2'></label>"
        "<label>Enabled <input type='checkbox' name='c' checked></label>"
        "<label>Password <input type='password' name='d' value='s3cret'></label>"
        "<label>Mode <select name='e'><option>auto<option selected>full</select></label><button>Save</button></form>"
        "<table><tr><th>Interface</th><th>Address</th></tr><tr><td>eth0</td><td>10.0.0.5</td></tr></table>"
    )

    class OnePage:
        """A site on which every menu leads to the same page."""

        def open(self, *_menu: str) -> Any:
            return page

    found = read_settings(OnePage())  # type: ignore[arg-type]
    assert found.fields[NTP] == {
        "NTP Server": "10.0.0.1", "NTP Server (2)": "10.0.0.2", "Enabled": "on", "Mode": "full",
    }
    assert found.rows[NTP] == ["Interface: eth0 | Address: 10.0.0.5"]
    assert "s3cret" not in str(found)
