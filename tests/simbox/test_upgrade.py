# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A person upgrades a pair in a browser, as the guide says, in every era and language."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.simbox.boxes import A, B, Boxes, pair, running

CASES = [(era, language) for language in ("en", "nl") for era in ("tables", "divs", "aria", "app")]


def update(boxes: Boxes, box: str, package: str) -> None:
    """Check, install, wait; the package must be the only one that can be installed."""
    words = boxes.words(box)
    page = boxes.browser(box, "appliance")
    page.open(words("updates"))
    page.press(words("updates_check"))
    assert page.buttons().count(words("updates_install")) == 1
    page.press(words("updates_install"))
    running_install = boxes.state(box)["updates"]["running"]
    assert running_install["package"] == package
    boxes.until(lambda: boxes.state(box)["updates"]["running"] is None)
    boxes.until(lambda: healthy(boxes, box))


def healthy(boxes: Boxes, box: str) -> bool:
    """Does the box answer that it is well?"""
    try:
        return boxes.get(box, "/check_health").status_code == 200
    except requests.RequestException:
        return False


def take_backup(boxes: Boxes, box: str) -> bytes:
    """Download a backup from the Software page."""
    words = boxes.words(box)
    page = boxes.browser(box, "login")
    page.open(words("management"), words("software"))
    page.press(words("backup_download"), {words("backup_password"): "s3cret", words("backup_confirm"): "s3cret"})
    assert page.response.headers["Content-Type"] == "application/octet-stream"
    return page.response.content


def upgrade(boxes: Boxes, box: str) -> None:
    """Base, backup, product (G25)."""
    update(boxes, box, "base-6.2.0")
    take_backup(boxes, box)
    update(boxes, box, "product-24.3.1")


def enable(boxes: Boxes, box: str, on: bool) -> None:
    """Tick or untick Enabled of the shared IP."""
    words = boxes.words(box)
    page = boxes.browser(box, "appliance")
    page.open(words("networking"), words("ip_configuration"), boxes.facts["sites"]["access"]["shared_ip"])
    page.press(words("save_changes"), {words("ip_enabled"): on})
    assert words("saved") in page.text


@pytest.mark.parametrize(("era", "language"), CASES)
def test_asynchronous_upgrade(tmp_path: Path, era: str, language: str) -> None:
    """The guide followed step by step breaks no rule and ends with B primary, A its backup, all data on both."""
    number = 30 + CASES.index((era, language))
    with running(pair(f"127.0.{number}", box={"era": era, "language": language}), tmp_path) as boxes:
        words = boxes.words(A)
        boxes.control("/settings", box=A, settings={"site.banner": "before"})
        take_backup(boxes, A)
        page = boxes.browser(A, "login")
        page.open(words("management"), words("failover"))
        page.press(words("failover_sync"))
        assert words("failover_sync_goes_on") in page.text
        before = boxes.state(A)["failover"]["last_sync"]
        boxes.until(lambda: not boxes.state(A)["failover"]["syncing"])
        assert boxes.state(A)["failover"]["last_sync"] > before
        assert boxes.state(B)["settings"]["site.banner"] == "before"
        page.open(words("failover"))
        page.press(words("failover_break"))
        assert words("failover_broken") in page.text
        assert [boxes.state(box)["failover"]["role"] for box in (A, B)] == ["none", "none"]

        upgrade(boxes, B)
        meantime = boxes.control("/sessions", site="access", user="user1")
        enable(boxes, A, False)
        enable(boxes, B, True)
        assert boxes.state()["sites"]["access"]["serving"] == B
        upgrade(boxes, A)

        page = boxes.browser(B, "login")
        page.open(words("management"), words("failover"))
        host, port = words("failover_host"), words("failover_port")
        here, there = (boxes.facts["boxes"][box]["address"] for box in (B, A))
        number_of_port = str(boxes.facts["port"])
        values: dict[str, str | bool] = {
            host: there,
            port: number_of_port,
            f"{host}#2": here,
            f"{port}#2": number_of_port,
        }
        page.press(words("failover_establish"), values)
        assert words("failover_established") in page.text
        boxes.until(lambda: boxes.state(B)["failover"]["last_status"] == "success")
        for box in (A, B):
            state = boxes.state(box)
            assert (state["base"], state["product"]) == ("6.2.0", "24.3.1")
            assert meantime[0] in state["sessions"]
            assert state["settings"]["site.banner"] == "before"
        assert boxes.state(A)["failover"]["role"] == "backup"
        page = boxes.browser(A, "login")
        assert words("jump") not in page.text.split(words("information_section"))[0]
        assert boxes.control("/violations", "GET") == []
