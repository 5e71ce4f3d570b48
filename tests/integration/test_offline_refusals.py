# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Packages that must not be sent, uploads that break off, clocks that are wrong: modules called as by a task."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _installing
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.modules import bt_download_key, bt_package, bt_update
from tests.integration.conftest import World
from tests.integration.test_offline import A, B, Worlds, asked, beside, ledger, packages, server, single


def call(world: World, module: ModuleType, box: str = A, **options: Any) -> dict[str, Any]:
    """The result of a task on a box of the inventory."""
    groups = yaml.safe_load(world.inventory.read_text())["all"]["children"].values()
    variables = next(group["hosts"][box] for group in groups if box in group["hosts"])
    known = {
        option: variables[f"bt_{option}"]
        for option in _edge.CONNECTION_SPEC
        if f"bt_{option}" in variables and module is not bt_package
    }
    run_dir = str(world.run_dir)
    raw = {
        "host": variables["ansible_host"], **known, "box": box, "run_dir": run_dir,
        "packages_dir": str(packages(world)), **options,
    }
    arguments, secrets = _edge.validated("the module", module.SPEC, raw)
    result = _edge.perform(module.run, arguments, Context(journal=Journal(run_dir), say=print))
    return _edge.without_secrets(result, secrets)


def update(world: World, box: str = A, **options: Any) -> dict[str, Any]:
    """Update a box out of its folder."""
    return call(world, bt_update, box, **{"version": "24.3.1", "source": "package", **options})


def fetch(world: World, box: str = A, **options: Any) -> dict[str, Any]:
    """Fetch the packages of a box."""
    where = server(world)
    server_options = {"url": where["bt_update_server"], "server_ca_path": where["bt_update_server_ca_path"]}
    return call(world, bt_package, box, **server_options, **options)


def filled(worlds: Worlds, *boxes: str, **vendor: Any) -> World:
    """A world in which the packages of these boxes are in their folders."""
    world = worlds(beside(None if B in boxes else single, **vendor))
    for box in boxes:
        for result in (call(world, bt_download_key, box), fetch(world, box)):
            assert not result.get("failed"), result
    return world


def assert_refused(world: World, result: dict[str, Any], *words: str) -> None:
    """Failed with one message that has these words; nothing was sent, changed or lost."""
    assert result.get("failed"), result
    for word in words:
        assert word in result["msg"], result["msg"]
    assert result["error"] != "defect"
    assert result["changed"] is False
    assert world.mutations() == []
    assert world.ask("violations") == []


def test_wrong_clock_is_named_with_the_page_where_it_is_corrected(worlds: Worlds) -> None:
    world = filled(worlds, A)
    without_api = {"api_client_id": "", "api_client_secret": ""}
    for offset, words in ((-3600, "is behind"), (90, "is ahead")):
        world.tell("clock", box=A, offset=offset)
        for result in (call(world, bt_download_key, max_age=0), update(world, **without_api), update(world)):
            assert_refused(world, result, f"The clock of {A} is wrong", words, "NTP on /appliance > Networking")
            assert "G22" in result["guide"]
    world.tell("clock", box=A, offset=30)
    assert call(world, bt_download_key, max_age=0).get("failed") is None


def test_packages_and_keys_of_another_box(worlds: Worlds) -> None:
    world = filled(worlds, A, B)
    folder = packages(world)
    shutil.move(folder / A, folder / "kept")
    shutil.copytree(folder / B, folder / A)
    assert_refused(world, update(world), f"fetched with the download key of {B}", f"the box that answers is {A}")
    assert_refused(world, call(world, bt_download_key), f"is the folder of {B}")
    assert_refused(world, fetch(world), f"is the download key of {B}")
    # The right name on the wrong box's packages does not help.
    for name in ("ledger.json", "download_key.json"):
        path = folder / A / name
        path.write_text(path.read_text().replace(B, A))
    assert_refused(world, update(world), "fetched with the download key of")
    assert_refused(world, call(world, bt_download_key), "is the folder of")
    shutil.copy(folder / "kept" / "download_key.json", folder / A)
    assert_refused(world, fetch(world), "holds packages of")


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)


def _garbage(path: Path) -> None:
    path.write_text("{")


def test_what_is_not_whole_is_not_sent(worlds: Worlds) -> None:
    world = filled(worlds, A)
    files = {kind: packages(world) / A / entry["file"] for kind, entry in ledger(world).items()}
    files["ledger"] = packages(world) / A / "ledger.json"
    cases: list[tuple[str, Callable[[Path], None], str]] = [
        ("product", _cut, "the ledger says 600000"),
        ("base", _flip, "another SHA-256"),
        ("product", Path.unlink, "is not there"),
        ("ledger", _garbage, "is damaged"),
        ("ledger", Path.unlink, "holds no ledger"),
    ]
    for what, damage, words in cases:
        whole = files[what].read_bytes()
        damage(files[what])
        # A damaged product is found before the base software is sent.
        assert_refused(world, update(world), words)
        if what != "ledger":
            assert_refused(world, call(world, bt_package, state="checked"), "cannot be used", words)
        files[what].write_bytes(whole)
    checked = call(world, bt_package, state="checked")
    assert [each["trouble"] for each in checked["packages"]] == [None, None]


def test_wrong_order_and_versions_that_are_not_there(worlds: Worlds) -> None:
    world = filled(worlds, A)
    path = packages(world) / A / "ledger.json"
    value = json.loads(path.read_text())
    for each in value["packages"]:
        each["requires_base"] = "6.2.0" if each["kind"] == "product" else ""
    base, product = sorted(value["packages"], key=lambda each: str(each["kind"]))
    begun = {**base, "state": "begun"}
    cases: list[tuple[list[dict[str, Any]], dict[str, Any], str]] = [
        ([product], {}, "base software 6.2.0 comes first"),
        ([base], {}, "does not hold what brings"),
        ([begun, product], {}, "0 of 100000 bytes are here"),
        ([base, product], {"version": "25.1.1"}, "to product 25.1.1. It holds Base Software 6.2.0"),
        ([base, product], {"version": "20.1.1"}, "newer than the wished 20.1.1"),
        ([base, product], {"base_version": "6.9.0"}, "base software 6.9.0"),
        ([base, product], {"version": "../../etc"}, "no version"),
        ([base, product], {"packages_dir": "/nonexistent"}, "holds no ledger"),
        ([], {}, "It holds no packages"),
        ([{**base, "file": "../../../etc/passwd"}], {}, "is damaged"),
        ([{**base, "version": "{{ 1 }}"}], {}, "is damaged"),
    ]
    for entries, options, words in cases:
        path.write_text(json.dumps({**value, "packages": entries}))
        assert_refused(world, update(world, **options), words)


def test_the_box_itself_refuses(worlds: Worlds) -> None:
    """What the ledger cannot know, the box says, and nothing is sent twice (M5)."""
    world = filled(worlds, A)
    path = packages(world) / A / "ledger.json"
    value = json.loads(path.read_text())
    value["packages"] = [each for each in value["packages"] if each["kind"] == "product"]
    path.write_text(json.dumps(value))
    result = update(world)
    assert result["failed"], result
    assert "does not satisfy" in result["msg"]
    assert len(asked(world, "appliance.updates.upload")) == 1
    assert world.box("a")["updates"]["started"] == []


def test_what_breaks_off_is_gone_on_with(worlds: Worlds) -> None:
    world = worlds(beside(single))
    assert call(world, bt_download_key)["changed"]
    world.tell("faults", do="truncate", op="vendor.download", nth=1, count=1)
    world.tell("faults", do="503", op="vendor.download", nth=2, count=1)
    world.tell("faults", do="reset", op="vendor.download", nth=4, count=1)
    result = fetch(world)
    assert not result.get("failed"), result
    assert {each["state"] for each in result["packages"]} == {"whole"}
    assert len(asked(world, "vendor.download")) > 3
    assert fetch(world)["changed"] is False


@pytest.mark.parametrize("fault", ["do_then_reset", "reset", "502", "truncate"])
def test_an_upload_without_an_answer(worlds: Worlds, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """A box that has the package is asked and waited for; one that never had it is sent it again, now or later."""
    monkeypatch.setattr(_installing, "GRACE_SECONDS", 1.0)
    world = filled(worlds, A)
    world.tell("faults", do=fault, op="appliance.updates.upload", nth=1, count=1)
    result = update(world)
    if result.get("failed"):
        assert "did not begin to install" in result["msg"]
        assert world.box("a")["updates"]["started"] == []
        result = update(world)
    assert not result.get("failed"), result
    assert world.box("a")["product"] == "24.3.1"
    assert len(world.box("a")["updates"]["started"]) == 2
    assert world.ask("violations") == []


def test_a_library_that_is_missing_is_named(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    world = filled(worlds, A)
    monkeypatch.setitem(__import__("sys").modules, "requests_toolbelt", None)
    result = update(world)
    assert_refused(world, result, "requests_toolbelt is not installed", "Install requests-toolbelt")
