# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Packages are fetched once each, whatever breaks, and proven (G19, G21, M1, M2, M6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _fetch, _ledger
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BadInput,
    BtError,
    Incomplete,
    NotOffered,
    PageNotUnderstood,
    Refused,
    TlsRefused,
    Unproven,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._fetch import Order
from ansible_collections.bt_ops.pra.plugins.module_utils._ledger import Key
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Wish
from tests.unit.vendor import KEY, File, Vendor, vending

BASE = File("Base Software 6.2.0", bytes(range(256)) * 1200)
PRODUCT = File("BeyondTrust PRA 24.3.1", b"product" * 50_000, requires="Base Software 6.2.0")
CUT = 131_072  # two pieces as they are read


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[Vendor]:
    """An update server that has a base and a product package."""
    with vending(tmp_path, replace(BASE), replace(PRODUCT)) as server:
        yield server


def key(**other: str) -> Key:
    """The download key of box-a on old software."""
    return Key(**{
        "key": KEY, "box": "box-a", "appliance_id": "0f" * 16, "serial": "B300-0001", "product_version": "23.3.1",
        "base_version": "6.1.0", "taken": "2026-11-24T10:00:00.000Z", "box_time": "", **other,
    })


def order(vendor: Vendor, folder: Path, **other: Any) -> Order:
    """What is to be fetched; the key lies where it must."""
    packages = folder / "packages"
    (packages / "box-a").mkdir(parents=True, exist_ok=True)
    if not (packages / "box-a" / "download_key.json").exists():
        _ledger.store_key(key(), packages / "box-a")
    return Order(**{
        "packages_dir": str(packages), "box": "box-a", "url": vendor.url, "ca_path": vendor.ca_path, "patience": 0.3,
        **other,
    })


def stored(wanted: Order) -> dict[str, Any]:
    """The ledger as it lies on the disk."""
    value: dict[str, Any] = json.loads((wanted.folder / "ledger.json").read_text())
    return value


def assert_whole(wanted: Order, *files: File) -> None:
    """These packages are in the folder and the ledger, byte for byte, and no others."""
    ledger = stored(wanted)
    assert (ledger["box"], ledger["serial"], ledger["appliance_id"]) == ("box-a", "B300-0001", "0f" * 16)
    assert {each["sha256"] for each in ledger["packages"]} == {file.sha256 for file in files}
    for each in ledger["packages"]:
        path = wanted.folder / each["file"]
        assert each["state"] == "whole"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == each["sha256"]
        assert path.stat().st_size == each["size"]
        assert path.stat().st_mode & 0o777 == 0o600
    assert not list(wanted.folder.glob("*.part*"))


@pytest.mark.parametrize("markup", ["cards", "table", "links"])
def test_all_that_leads_to_the_version_is_fetched_once(vendor: Vendor, tmp_path: Path, markup: str) -> None:
    vendor.markup = markup
    wanted = order(vendor, tmp_path)
    context = Context()
    before, after = _fetch.fetch(wanted, context)
    assert before == []
    assert [(each["kind"], each["version"]) for each in after] == [("base", "6.2.0"), ("product", "24.3.1")]
    assert_whole(wanted, BASE, PRODUCT)
    assert len(context.actions) == 2
    assert after[1]["requires_base"] == ("" if markup == "links" else "6.2.0")
    again = Context()
    assert _fetch.fetch(wanted, again) == (after, after)
    assert again.actions == []
    assert len(vendor.downloads) == 2


def test_intent_is_on_the_disk_before_the_first_byte_is_asked_for(
    vendor: Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = order(vendor, tmp_path)
    states: list[str] = []

    def download(self: Any, *arguments: Any) -> str:
        states.append(stored(wanted)["packages"][-1]["state"])
        return "HTTP status 500, for this test"

    monkeypatch.setattr(_fetch.UpdateServer, "download", download)
    with pytest.raises(Incomplete, match="0 bytes are here, 307200 bytes are left"):
        _fetch.fetch(wanted, Context())
    assert states == ["begun"]


def test_check_mode_asks_the_server_for_nothing(vendor: Vendor, tmp_path: Path) -> None:
    wanted = order(vendor, tmp_path)
    context = Context(check_mode=True)
    assert _fetch.fetch(wanted, context) == ([], [])
    assert vendor.asked == []
    assert len(context.actions) == 2
    assert not (wanted.folder / "ledger.json").exists()


@pytest.mark.parametrize("ranges", ["yes", "ignored"])
@pytest.mark.parametrize("size", [True, False])
def test_a_download_that_breaks_goes_on(vendor: Vendor, tmp_path: Path, ranges: str, size: bool) -> None:
    vendor.cuts, vendor.ranges, vendor.tells_size = [CUT, 70_000 if ranges == "yes" else 200_000], ranges, size
    wanted = order(vendor, tmp_path)
    _fetch.fetch(wanted, Context())
    assert_whole(wanted, BASE, PRODUCT)
    assert len(vendor.downloads) == 4
    if ranges == "yes":
        assert vendor.downloads[1] == "GET /file/0 131072"


@pytest.mark.parametrize("told", [True, False])
def test_what_cannot_be_gone_on_with_is_kept_and_told(vendor: Vendor, tmp_path: Path, told: bool) -> None:
    vendor.cuts, vendor.ranges = [CUT], "refused"
    wanted = order(vendor, tmp_path)
    with pytest.raises(Incomplete, match="already been downloaded.*131072 bytes are here, 176128 bytes are left"):
        _fetch.fetch(wanted, Context())
    part = wanted.folder / "base-6.2.0.part"
    assert part.read_bytes() == BASE.content[:CUT]
    # The server has crossed it off its list, but goes on with it when asked at the address from before.
    vendor.ranges = "yes"
    _fetch.fetch(wanted, Context())
    assert_whole(wanted, BASE, PRODUCT)


def test_a_server_that_goes_away_is_waited_for_and_then_left(vendor: Vendor, tmp_path: Path) -> None:
    vendor.cuts = [CUT] + [0] * 50
    wanted = order(vendor, tmp_path)
    with pytest.raises(Incomplete, match="131072 bytes are here"):
        _fetch.fetch(wanted, Context())
    vendor.cuts = []
    _fetch.fetch(wanted, Context())
    assert_whole(wanted, BASE, PRODUCT)


@pytest.mark.parametrize("named", [True, False])
def test_killed_between_the_last_byte_and_its_name(vendor: Vendor, tmp_path: Path, named: bool) -> None:
    wanted = order(vendor, tmp_path)
    _fetch.fetch(wanted, Context())
    ledger = stored(wanted)
    base = next(each for each in ledger["packages"] if each["kind"] == "base")
    (wanted.folder / base["file"]).rename(wanted.folder / "base-6.2.0.part")
    if not named:  # not even the ledger knew
        base.update(state="begun", received="")
        (wanted.folder / "ledger.json").write_text(json.dumps(ledger))
    other = order(vendor, tmp_path, wish=Wish.of("24.3.1", "6.2.0"))
    if named:
        # Its product is whole, so nothing is asked of the server; a wish that is not met brings the recovery about.
        vendor.files.append(File("BeyondTrust PRA 24.4.1", b"newer" * 999))
        other = order(vendor, tmp_path, wish=Wish.of("24.4.1", ""))
    elif not base["link"]:
        ledger["packages"][ledger["packages"].index(base)]["link"] = f"{vendor.url}file/0"
        (wanted.folder / "ledger.json").write_text(json.dumps(ledger))
    _fetch.fetch(other, Context())
    assert {each["state"] for each in stored(wanted)["packages"]} == {"whole"}
    assert (wanted.folder / base["file"]).read_bytes() == BASE.content
    assert vendor.downloads.count("GET /file/0 0") == 1


def test_a_damaged_package_is_put_aside_and_never_called_whole(vendor: Vendor, tmp_path: Path) -> None:
    vendor.lies = True
    wanted = order(vendor, tmp_path)
    with pytest.raises(Unproven, match="is damaged"):
        _fetch.fetch(wanted, Context())
    assert stored(wanted)["packages"][0]["state"] == "begun"
    assert len(list(wanted.folder.glob("*.damaged-*"))) == 1
    vendor.lies = False
    _fetch.fetch(wanted, Context())
    assert len(list(wanted.folder.glob("*.damaged-*"))) == 1
    assert {each["state"] for each in stored(wanted)["packages"]} == {"whole"}


@pytest.mark.parametrize(
    ("wish", "kinds"),
    [
        (Wish.of("24.3.1", ""), ["base", "product"]),
        (Wish.of("latest", "6.2.0"), ["base", "product"]),
        (Wish.of("23.3.1", "6.2.0"), ["base"]),
        (Wish.of("24.3.1", "6.1.0"), ["product"]),
    ],
)
def test_only_what_is_wished(vendor: Vendor, tmp_path: Path, wish: Wish, kinds: list[str]) -> None:
    wanted = order(vendor, tmp_path, wish=wish)
    _fetch.fetch(wanted, Context())
    assert [each["kind"] for each in stored(wanted)["packages"]] == kinds


def test_nothing_for_a_box_that_is_up_to_date(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files.clear()
    said: list[str] = []
    assert _fetch.fetch(order(vendor, tmp_path), Context(say=said.append)) == ([], [])
    assert "has nothing for it" in said[-1]


def test_refusals(vendor: Vendor, tmp_path: Path) -> None:
    folder = tmp_path / "packages" / "box-a"
    cases: list[tuple[dict[str, Any], dict[str, str], type[BtError], str]] = [
        ({"wish": Wish.of("25.1.1", "")}, {}, NotOffered, "does not offer product 25.1.1"),
        ({"wish": Wish.of("24.3.1", "6.9.0")}, {}, NotOffered, "does not offer base software 6.9.0"),
        ({}, {"key": "wrong-key-1234567890"}, NotOffered, "not recognized.*NTP"),
        ({}, {"box": "box-b"}, Refused, "of box-b .* not of box-a"),
        ({"serial": "B300-0002"}, {}, Refused, "must be B300-0002"),
        ({"key_file": str(tmp_path / "none.json")}, {}, BadInput, "no download key"),
        ({"url": "http://127.0.0.1/"}, {}, BadInput, "no address of an HTTPS server"),
        ({"url": "file:///etc/passwd"}, {}, BadInput, "no address of an HTTPS server"),
        ({"ca_path": ""}, {}, TlsRefused, "cannot be trusted"),
    ]
    for options, of_key, kind, words in cases:
        wanted = order(vendor, tmp_path, **options)
        _ledger.store_key(key(**of_key), folder)
        with pytest.raises(kind, match=words) as caught:
            _fetch.fetch(wanted, Context())
        assert "wrong-key" not in str(caught.value)
        assert vendor.downloads == []
        assert not (folder / "ledger.json").exists()
    (folder / "download_key.json").write_text("{")
    with pytest.raises(Refused, match="damaged"):
        _fetch.fetch(order(vendor, tmp_path), Context())


def test_packages_of_another_box_stay_where_they_are(vendor: Vendor, tmp_path: Path) -> None:
    wanted = order(vendor, tmp_path)
    _fetch.fetch(wanted, Context())
    _ledger.store_key(key(serial="B300-0002", appliance_id="1e" * 16), wanted.folder)
    with pytest.raises(Refused, match="holds packages of"):
        _fetch.fetch(wanted, Context())
    assert_whole(wanted, BASE, PRODUCT)


def test_two_runs_do_not_fetch_at_once(vendor: Vendor, tmp_path: Path) -> None:
    wanted = order(vendor, tmp_path)
    with _ledger.locked(wanted.folder), pytest.raises(Refused, match="Another run"):
        _fetch.fetch(wanted, Context())


def test_a_page_that_is_not_understood_is_kept_without_the_key(vendor: Vendor, tmp_path: Path) -> None:
    vendor.files[0].title = vendor.files[1].title = "Something else"
    wanted = order(vendor, tmp_path)
    with pytest.raises(PageNotUnderstood) as caught:
        _fetch.fetch(wanted, Context())
    copy = Path(caught.value.facts["copy"])
    assert copy.parent == wanted.folder / "pages"
    assert KEY not in copy.read_text()


def test_no_room_on_the_disk(vendor: Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
    with pytest.raises(Refused, match="has room for 1000 bytes"):
        _fetch.fetch(order(vendor, tmp_path), Context())
    assert vendor.downloads == []


def test_checked_names_what_is_wrong(vendor: Vendor, tmp_path: Path) -> None:
    wanted = order(vendor, tmp_path)
    with pytest.raises(BadInput, match="holds none that a ledger tells of"):
        _fetch.check(wanted, Context())
    _fetch.fetch(wanted, Context())
    assert [each["trouble"] for each in _fetch.check(wanted, Context())] == [None, None]
    base, product = (wanted.folder / each["file"] for each in stored(wanted)["packages"])
    content = bytearray(base.read_bytes())
    content[5] ^= 1
    base.write_bytes(content)
    product.write_bytes(product.read_bytes()[:-1])
    with pytest.raises(Unproven, match=r"2 cannot be used.*another SHA-256.*the ledger says"):
        _fetch.check(wanted, Context())
    product.unlink()
    with pytest.raises(Unproven, match="is not there"):
        _fetch.check(wanted, Context())
