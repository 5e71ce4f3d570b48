# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jump Clients after an update: active and passive ones, the limit of concurrent upgrades, lost ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simbox.boxes import A, Boxes, pair, running


def single(address: str, **changes: object) -> dict[str, object]:
    """One box with eight active and two passive clients, and a product update that needs no base."""
    box = {"name": A, "address": f"{address}.1", "era": "divs", "language": "en"}
    site = {"shared_ip": "", "boxes": [box], "active_clients": 8, "passive_clients": 2}
    catalogue = [{"kind": "product", "version": "24.3.1"}]
    durations = {"scale": 0.1, "client_upgrade": 4.0, "passive_return": 30.0}
    return pair(address, site=site, catalogue=catalogue, durations=durations, **changes)


def needing(boxes: Boxes) -> list[str]:
    """Names of the clients that need an update; what the state tells is what the configuration API answers."""
    return [row["name"] for row in boxes.state(A)["jump_clients"] if row["needs_update"]]


def connected(boxes: Boxes) -> int:
    """How many Jump Clients are connected."""
    return int(boxes.state()["sites"]["access"]["connected_clients"])


def update(boxes: Boxes) -> None:
    """Somebody updates the product; wait for its end."""
    boxes.control("/user-update", box=A, package="product-24.3.1")
    boxes.until(lambda: boxes.state(A)["updates"]["running"] is None and boxes.state(A)["healthy"])


@pytest.mark.parametrize("era", ["tables", "divs", "aria", "app"])
def test_limit_is_kept(tmp_path: Path, era: str) -> None:
    """The limit that the page sets is the number of clients that upgrade at once; passive ones come last."""
    config = single("127.0.80")
    config["sites"][0]["boxes"][0]["era"] = era  # type: ignore[index]
    with running(config, tmp_path) as boxes:
        words, page = boxes.words(A), boxes.browser(A, "login")
        page.open(words("jump"), words("jump_clients"))
        page.press(words("save"), {words("clients_limit"): "3", words("clients_rate"): "200"})
        assert words("saved") in page.text
        boxes.until(lambda: connected(boxes) == 8)
        update(boxes)
        boxes.until(lambda: len(needing(boxes)) == 2)
        assert boxes.state(A)["most_upgrading"] == 3
        rows = boxes.get(A, "/api/config/v1/jump-client", headers=boxes.token(A)).json()
        assert [row["name"] for row in rows if row["needs_update"]] == ["server009", "server010"]
        counts = boxes.get(A, "/api/command/v2/appliance/client-count", headers=boxes.token(A)).json()
        assert counts[0]["asset_clients"] == 8
        page = boxes.browser(A, "login")
        page.open(words("jump"), words("jump_clients"))
        assert page.text.count(words("clients_pending")) == 2
        boxes.until(lambda: needing(boxes) == [])


def test_lost_and_forbidden(tmp_path: Path) -> None:
    """A lost client stays away until it is found; with upgrades disabled nobody upgrades."""
    with running(single("127.0.81"), tmp_path) as boxes:
        boxes.until(lambda: connected(boxes) == 8)
        boxes.control("/clients", site="access", names=["server001"])
        assert connected(boxes) == 7
        boxes.control("/settings", box=A, settings={"jump_clients.automatic_upgrades": "never"})
        update(boxes)
        boxes.until(lambda: connected(boxes) == 7)
        assert len(needing(boxes)) == 10
        boxes.control("/settings", box=A, settings={"jump_clients.automatic_upgrades": "always"})
        boxes.until(lambda: needing(boxes) == ["server001"])
        rows = boxes.state(A)["jump_clients"]
        assert [row["name"] for row in rows if row["is_lost"]] == ["server001"]
        boxes.control("/clients", site="access", names=["server001"], lost=False)
        boxes.until(lambda: needing(boxes) == [])
