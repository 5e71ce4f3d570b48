# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A relationship that does not do what it should: what goes wrong in a sync, a break, a cut-over and a new pairing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _failover
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._report import report
from ansible_collections.bt_ops.pra.plugins.modules import bt_cutover, bt_failover
from tests.integration.bench import SITE, Bench, Result, good, refused
from tests.integration.conftest import Config, World, each_box
from tests.simbox.browser import Browser

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"
SYNC, BREAK, ESTABLISH = "login.failover.sync", "login.failover.break", "login.failover.establish"
KEY, OTHER_KEY = "canary of both boxes", "canary-Key-of-another-box"


class Pair(Bench):
    """Both boxes of a pair; each module is told about the other one too."""

    def on(self, module: Any, who: str, **options: Any) -> Result:
        """Run a module on a box, with the other one as its peer."""
        return self.run(module, who, **{**self.whole(who), "peer": self.whole(B if who == A else A), **options})

    def sync(self, **options: Any) -> Result:
        """A data sync from A."""
        return self.on(bt_failover, A, state="synchronised", max_sync_age=0, **options)

    def broken(self, who: str = A, **options: Any) -> Result:
        """A break on a box."""
        return self.on(bt_failover, who, state="broken", **options)

    def site(self) -> dict[str, Any]:
        """The public name."""
        port = self.facts(A)["port"]
        address = self.world.ask("config")["sites"][0].get("shared_ip") or self.facts(A)["host"]
        return {"site_hostname": SITE, "site_port": port, "site_address": address}

    def paired(self, who: str, **options: Any) -> Result:
        """A relationship made from a box."""
        return self.on(bt_failover, who, state="established", **{**self.site(), **options})

    def cut_over(self, who: str) -> Result:
        """The shared IP moved from a box to the other one."""
        ip = self.site()["site_address"]
        return self.on(bt_cutover, who, shared_ip=ip, **self.site(), unverified_by="Jane Doe")

    def times(self, op: str) -> int:
        """How often something was pressed on any box."""
        return sum(entry["op"] == op for entry in self.world.ask("log"))

    def roles(self) -> tuple[str, str]:
        """The failover roles of A and B."""
        return tuple(self.world.box(letter)["failover"]["role"] for letter in "ab")  # type: ignore[return-value]


@pytest.fixture
def pair(worlds: Worlds) -> Pair:
    """A pair in its relationship."""
    return Pair(worlds(), [])


@pytest.fixture
def apart(pair: Pair) -> Pair:
    """The two boxes after a sync and a break; A serves the site."""
    good(pair.sync(), True)
    good(pair.broken(), True)
    assert pair.roles() == ("none", "none")
    return pair


def untouched(pair: Pair, op: str) -> None:
    """Nothing was pressed, nothing was violated."""
    assert pair.times(op) == 0
    assert pair.world.ask("violations") == []


def test_a_sync_that_failed_is_told_and_nothing_is_broken(pair: Pair) -> None:
    pair.world.tell("troubles", box=A, trouble="sync_fail", on=True)
    result = pair.sync()
    assert (result["failed"], result["error"]) == (True, "box_failed")
    assert "do not break the relationship" in result["msg"]
    refused(pair.broken(), "refused", "The last data sync", "Nothing was changed.")
    untouched(pair, BREAK)


def test_a_sync_that_takes_long_is_waited_for_again_and_not_begun_again(pair: Pair) -> None:
    pair.world.tell("troubles", box=A, trouble="sync_hang", on=True)
    result = pair.sync(sync_timeout=1)
    assert (result["failed"], result["error"]) == (True, "deadline")
    assert "its work goes on" in result["msg"]
    refused(pair.broken(), "refused", "still running", "Nothing was changed.")
    untouched(pair, BREAK)
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(pair.sync)
        time.sleep(1)
        pair.world.tell("troubles", box=A, trouble="sync_hang", on=False)
        good(again.result(30), True)
    assert pair.times(SYNC) == 1


def test_a_press_without_effect_is_not_taken_for_a_sync(pair: Pair) -> None:
    pair.world.tell("faults", do="reset", op=SYNC, count=1)
    result = pair.sync(sync_timeout=1)
    assert (result["failed"], result["error"]) == (True, "deadline")
    assert "has not finished a sync since it was asked to" in result["msg"]


def test_an_old_sync_is_no_leave_to_break(pair: Pair) -> None:
    good(pair.sync(), True)
    time.sleep(2)
    refused(pair.broken(max_sync_age=1), "refused", " ago", "max_sync_age")
    untouched(pair, BREAK)


def test_what_is_broken_is_not_broken_again(apart: Pair) -> None:
    good(apart.broken(), False)
    good(apart.broken(B), False)
    assert apart.times(BREAK) == 1


def test_a_relationship_broken_on_one_side_only_is_broken_on_the_other_too(pair: Pair) -> None:
    good(pair.sync(), True)
    pair.world.tell("troubles", box=B, trouble="peer_unreachable", on=True)
    pair.world.tell("troubles", box=A, trouble="peer_unreachable", on=True)
    good(pair.broken(), True)
    assert pair.roles() == ("none", "backup")
    for who in (A, B):
        pair.world.tell("troubles", box=who, trouble="peer_unreachable", on=False)
    good(pair.broken(B), True)
    assert pair.roles() == ("none", "none")
    assert pair.world.ask("violations") == []


def test_another_pre_shared_key_is_named_and_not_shown(apart: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_failover, "GRACE_SECONDS", 1.0)
    apart.world.tell("settings", box=B, settings={"preshared_key": OTHER_KEY})
    result = apart.paired(A)
    assert (result["failed"], result["error"]) == (True, "box_failed")
    assert "the same pre-shared key" in result["msg"]
    assert OTHER_KEY not in "".join(apart.said)
    assert apart.roles() == ("none", "none")


def showing_keys(era: str, language: str = "en") -> Callable[[Config], None]:
    """Two boxes in no relationship, each of which shows its pre-shared key to whoever may see the page."""

    def change(config: Config) -> None:
        each_box(config, era=era, language=language, role="none", shows_preshared_key=True)
        config["sites"][0]["preshared_key"] = KEY
        config["sites"][0].pop("shared_ip")

    return change


def everything_kept(pair: Pair) -> str:
    """All that was told, and all that lies in the run folder: journal, copies of pages, reports."""
    files = [each.read_text(errors="replace") for each in pair.world.run_dir.rglob("*") if each.is_file()]
    return "".join([*pair.said, *files])


@pytest.mark.parametrize(("era", "language", "check"), [("tables", "en", False), ("divs", "nl", True)])
def test_pre_shared_keys_that_are_shown_and_differ_are_not_tried(
    worlds: Worlds, era: str, language: str, check: bool
) -> None:
    pair = Pair(worlds(showing_keys(era, language)), [])
    pair.world.tell("settings", box=B, settings={"preshared_key": OTHER_KEY})
    pair.world.forget_log()
    result = pair.paired(A, check=check)
    refused(result, "refused", "Pre-shared Key", "differ", A, B, "Management > Security", "Nothing was changed.")
    assert result["guide"] == ["G28"]
    assert pair.world.mutations() == []
    untouched(pair, ESTABLISH)
    assert Journal(str(pair.world.run_dir)).last("intent") is None
    kept = everything_kept(pair)
    assert KEY not in kept
    assert OTHER_KEY not in kept


@pytest.mark.parametrize("era", ["divs", "aria"])
def test_pre_shared_keys_that_are_shown_and_equal_do_not_hinder(worlds: Worlds, era: str) -> None:
    pair = Pair(worlds(showing_keys(era)), [])
    planned = pair.paired(A, check=True)
    assert not planned.get("failed"), planned
    good(pair.paired(A), True)
    assert pair.roles() == ("primary", "backup")
    assert not any("Security" in line for line in pair.said)
    assert KEY not in everything_kept(pair)
    assert pair.world.ask("violations") == []


@pytest.mark.parametrize("side", ["peer_address", "own_address"])
def test_the_shared_name_is_no_address_of_a_box(apart: Pair, side: str) -> None:
    refused(apart.paired(A, **{side: SITE}), "bad_input", SITE, "own address")
    untouched(apart, ESTABLISH)


def test_unequal_versions_are_not_paired(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        each_box(config, role="none")
        config["sites"][0]["boxes"][1]["product"] = "24.3.1"
        config["sites"][0].pop("shared_ip")

    pair = Pair(worlds(change), [])
    refused(pair.paired(A), "refused", "23.3.1", "24.3.1")
    untouched(pair, ESTABLISH)


def test_unequal_certificates_that_clients_do_not_trust_are_not_paired(worlds: Worlds) -> None:
    def change(config: Config) -> None:
        each_box(config, role="none", era="tables")
        config["sites"][0].pop("shared_ip")

    pair = Pair(worlds(change), [])
    pair.world.tell("certificate", box=B, names=[B])
    refused(pair.paired(A), "refused", "certificate", SITE, "not trusted")
    untouched(pair, ESTABLISH)


def test_unequal_certificates_that_clients_trust_are_told(apart: Pair) -> None:
    apart.world.tell("certificate", box=B, days=300)
    good(apart.paired(A), True)
    assert any("both are trusted" in line for line in apart.said)


def test_boxes_that_do_not_reach_each_other_are_not_paired(apart: Pair) -> None:
    apart.world.tell("troubles", box=B, trouble="peer_unreachable", on=True)
    result = apart.paired(A)
    assert (result["failed"], result["error"]) == (True, "box_failed")
    assert "must reach each other both ways" in result["msg"]
    assert apart.roles() == ("none", "none")


def test_the_box_with_the_older_data_takes_no_backup(apart: Pair) -> None:
    good(apart.cut_over(A), True)
    refused(apart.paired(A), "refused", B)
    untouched(apart, ESTABLISH)
    good(apart.paired(B), True)
    assert apart.roles() == ("backup", "primary")


def test_b_is_not_enabled_while_a_cannot_be_asked(apart: Pair) -> None:
    apart.world.tell("power", box=A, on=False)
    result = apart.cut_over(A)
    assert (result["failed"], result["error"], result["changed"]) == (True, "unreachable", False)
    untouched(apart, "appliance.address.save")


def test_automatic_failover_that_a_new_relationship_has_lost_is_told(pair: Pair) -> None:
    told = json.loads((pair.world.folder / "sim" / "simbox.json").read_text())
    box = told["boxes"][A]
    page = Browser(f"https://{box['address']}:{box['port']}", told["ca"], "login")
    page.log_in(box["login"]["username"], box["login"]["password"], ("Username", "Password", "Login"))
    page.open("Management", "Failover")
    page.press("Save Changes", {"Enable Automatic Failover": True})
    assert pair.world.box("b")["failover"]["automatic"] is True
    good(pair.sync(), True)
    good(pair.broken(), True)
    good(pair.paired(A), True)
    text = report(str(pair.world.run_dir), Context(journal=Journal(str(pair.world.run_dir))), [], True).text
    assert f"enable it on /login > Management > Failover of {B}" in text


def test_the_way_back_is_the_same_switch(apart: Pair) -> None:
    good(apart.cut_over(A), True)
    assert apart.world.ask("state")["sites"]["access"]["serving"] == B
    good(apart.cut_over(B), True)
    assert apart.world.ask("state")["sites"]["access"]["serving"] == A
    assert apart.world.ask("violations") == []
