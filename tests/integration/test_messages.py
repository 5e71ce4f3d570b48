# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a message must tell whoever reads it at two in the morning: which account, which clock, which end is silent."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ansible_collections.bt_ops.pra.plugins.modules import bt_info, bt_jump_clients_info, bt_plan
from tests.integration.bench import SITE, Bench, refused
from tests.integration.conftest import Config, World, each_box
from tests.integration.test_jump_clients import only_a

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"


def spoken(language: str) -> Callable[[Config], None]:
    """One box whose pages speak that language."""

    def change(config: Config) -> None:
        only_a(config)
        each_box(config, language=language)

    return change


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("site", ["login", "appliance"])
def test_a_refused_account_is_told_with_its_site_and_its_variables(worlds: Worlds, site: str, language: str) -> None:
    bench = Bench(worlds(spoken(language)), [])
    wrong = {f"{site}_password": "canary-wrong", "api_client_id": "", "api_client_secret": ""}
    result = bench.run(bt_info, A, **{**bench.whole(A), **wrong})
    refused(result, "login_refused", f"at /{site}", f"bt_{site}_username and bt_{site}_password")


def test_where_nobody_answers_on_the_public_name_that_is_told_before_the_clients_that_are_out(worlds: Worlds) -> None:
    world = worlds(only_a)
    bench = Bench(world, [])
    bench.run(bt_jump_clients_info, A, **bench.whole(A), remember=True)
    names = [f"server{number:03d}" for number in range(1, 9)]
    world.tell("clients", site="access", names=names, lost=True)
    dead = bench.facts(A)["host"].rpartition(".")[0] + ".250"
    where = {"site_hostname": SITE, "site_address": dead, "site_port": 4443}
    for package, kind in (("base-6.2.0", "base"), ("product-24.3.1", "product")):
        world.tell("user-update", box=A, package=package, by="Jane Doe")
        deadline = time.monotonic() + 20
        while world.box("a")[kind] not in package or world.box("a")["updates"]["running"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    result = bench.run(bt_jump_clients_info, A, **bench.whole(A), **where, wait=True, timeout=1)
    refused(result, "deadline", "are back")
    assert result["msg"].startswith(f"Nobody answers on the public name, {SITE} at {dead}:4443")


def test_clocks_that_differ_alike_are_this_machines(worlds: Worlds) -> None:
    world = worlds()
    bench = Bench(world, [])
    for box in (A, B):
        world.tell("clock", box=box, offset=330)
    site = {"site_hostname": SITE, "site_address": bench.facts(A)["host"], "site_port": bench.facts(A)["port"]}
    result = bench.run(bt_plan, A, **bench.whole(A), peer=bench.whole(B), version="24.3.1", **site)
    refused(result, "refused", "The clock of this machine is 5 min ", "behind those of")
