# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A bench at simulated boxes: modules run in this process, and all that they tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.modules import bt_certificate, bt_certificate_info
from tests.integration.conftest import Config, World, each_box

Result = dict[str, Any]
SITE = "access.example.test"
OLD, NEW = "box-a.example.test", "box-b.example.test"
CANARY = "canary-Passphrase-1"


@dataclass
class Bench:
    """Modules run in this process on the boxes of a world; all that they tell is kept."""

    world: World
    said: list[str]

    def facts(self, who: str) -> dict[str, Any]:
        """How a box is reached and who may log in."""
        told = json.loads((self.world.folder / "sim" / "simbox.json").read_text())
        box = told["boxes"][who]
        account = box["appliance"]
        return {
            "host": box["address"], "port": box["port"], "box": who, "tls_name": who, "language": box["language"],
            "ca_path": told["ca"], "appliance_username": account["username"], "appliance_password": account["password"],
        }

    def whole(self, who: str) -> dict[str, Any]:
        """The same with every account on it."""
        box = json.loads((self.world.folder / "sim" / "simbox.json").read_text())["boxes"][who]
        login = {f"login_{key}": value for key, value in box["login"].items()}
        return {**self.facts(who), **login, **{f"api_{key}": value for key, value in box["api"].items()}}

    def run(self, module: Any, who: str, check: bool = False, **options: Any) -> Result:
        """Run a module; secrets are taken out of its result as the action plugin does."""
        raw = {**self.facts(who), "run_dir": str(self.world.run_dir), **options}
        arguments, secrets = _edge.validated(f"bt_ops.pra.{module.__name__}", module.SPEC, raw)
        journal, case = Journal(str(self.world.run_dir)), arguments["support_case"] or ""
        context = Context(check, self.said.append, journal=journal, support_case=case)
        result = _edge.perform(module.run, arguments, context)
        self.said.append(json.dumps(result, default=str))
        return _edge.without_secrets(result, secrets)

    def change(self, who: str, state: str, check: bool = False, **options: Any) -> Result:
        """Run bt_certificate."""
        return self.run(bt_certificate, who, check, state=state, **{"passphrase": CANARY, **options})

    def info(self, who: str, **options: Any) -> Result:
        """Run bt_certificate_info."""
        return self.run(bt_certificate_info, who, **options)

    def planned(self, who: str, state: str, **options: Any) -> Result:
        """The same in check mode, which sends nothing that changes or fetches anything."""
        self.world.tell("readonly", on=True)
        result = self.change(who, state, check=True, **options)
        self.world.tell("readonly", on=False)
        assert self.world.ask("violations") == []
        return result

    def exported(self) -> str:
        """The file with the site's certificate."""
        result = self.change(OLD, "exported", name=SITE)
        assert not result.get("failed"), result
        path: str = result["certificate"]["path"]
        return path


def two_boxes(era: str = "divs", language: str = "en", factory: bool = True) -> Callable[[Config], None]:
    """An old box that serves the site, and a new one."""

    def change(config: Config) -> None:
        each_box(config, era=era, language=language, role="none")
        config["sites"][0].pop("shared_ip", None)
        config["sites"][0]["boxes"][1]["factory"] = factory

    return change


def good(result: Result, changed: bool) -> Result:
    """A result that is no failure and says whether anything was changed."""
    assert not result.get("failed"), result
    assert result["changed"] is changed
    assert bool(result["actions"]) is changed
    return result


def refused(result: Result, kind: str, *words: str) -> None:
    """A failure of a kind, in which the words stand."""
    assert result.get("failed"), result
    assert result["error"] == kind, result["msg"]
    assert not result["changed"]
    for word in words:
        assert word in result["msg"], result["msg"]
