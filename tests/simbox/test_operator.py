# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operator that other tests send to a box of the era `app`."""

from __future__ import annotations

from pathlib import Path

import pytest

from simbox.words import Language
from tests.simbox.boxes import A, B, Boxes, pair, running
from tests.simbox.operator import Operator, Refused


def operator(boxes: Boxes, box: str, application: str) -> Operator:
    """Somebody with the account of a web site."""
    facts = boxes.facts["boxes"][box]
    account = facts[application]
    return Operator(boxes.url(box), account["username"], account["password"], boxes.ca, facts["language"])


def settled(boxes: Boxes, box: str) -> bool:
    """Has the box done what it had to do, and is it well?"""
    state = boxes.state(box)
    return state["updates"]["running"] is None and state["healthy"] and state["software"] == "open"


@pytest.mark.parametrize(("language", "number"), [("en", 118), ("nl", 119)])
def test_all_steps_of_an_upgrade(tmp_path: Path, language: Language, number: int) -> None:
    """Sync, break, backup, updates with an agreement, shared IP, establish: each by its one method, no rule broken."""
    config = pair(f"127.0.{number}", box={"era": "app", "language": language})
    config["catalogue"][0]["eula"] = True
    with running(config, tmp_path) as boxes:
        shared = boxes.facts["sites"]["access"]["shared_ip"]
        login = {box: operator(boxes, box, "login") for box in (A, B)}
        appliance = {box: operator(boxes, box, "appliance") for box in (A, B)}
        words = login[A].words
        assert login[A].role() == words("failover_role_primary")
        login[A].client_limit(3)
        assert len(login[A].backup("s3cret")) > 100_000
        login[A].sync()
        boxes.until(lambda: not boxes.state(A)["failover"]["syncing"])
        login[A].break_relationship()
        with pytest.raises(AssertionError, match="no button"):
            login[A].break_relationship()
        for box in (B, A):
            assert len(appliance[box].check()) == 2
            for package in ("base-6.2.0", "product-24.3.1"):
                appliance[box].install()
                assert appliance[box].updating()
                assert boxes.state(box)["updates"]["running"]["package"] == package
                boxes.until(lambda box=box: settled(boxes, box))
                login[box].backup()
            if box == B:
                appliance[A].shared_ip(shared, on=False)
                appliance[B].shared_ip(shared, on=True)
        there, here = (boxes.facts["boxes"][box]["address"] for box in (A, B))
        login[B].establish(there, here, boxes.facts["port"])
        boxes.until(lambda: boxes.state(B)["failover"]["last_status"] == "success")
        assert login[A].role() == words("failover_role_backup")
        assert boxes.state(A)["settings"]["jump_clients.maximum_concurrent_upgrades"] == "3"
        assert boxes.violations() == []


def test_refusals_are_said(tmp_path: Path) -> None:
    """A wrong password and a wish that the box does not grant are exceptions with the box's own words."""
    with running(pair("127.0.117", box={"era": "app"}), tmp_path) as boxes:
        stranger = Operator(boxes.url(A), "nobody", "wrong", boxes.ca)
        with pytest.raises(Refused, match=stranger.words("login_refused")):
            stranger.check()
        appliance = operator(boxes, A, "appliance")
        with pytest.raises(Refused, match=appliance.words("manual_no_package")):
            appliance.upload_package(b"nonsense" * 1000)
        exported = appliance.export_certificate("access.example.test", "s3cret")
        assert b"PRIVATE KEY" in exported
        assert "access.example.test" in appliance.import_certificate(exported, "s3cret")
        boxes.control("/kill-sessions", box=A, application="appliance")
        assert appliance.updating() is False
