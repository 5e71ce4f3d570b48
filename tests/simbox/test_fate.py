# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a test may let happen at an exact moment: requests are held, strangers answer, boxes change their mind."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Any

import pytest
import requests

from tests.simbox.boxes import A, B, Boxes
from tests.simbox.test_failover import failover


def in_background(boxes: Boxes) -> tuple[threading.Thread, list[Any]]:
    """A data sync is asked for, on a connection that waits for as long as it is held."""
    page, told = failover(boxes, A), []

    def press() -> None:
        try:
            page.press(boxes.words(A)("failover_sync"))
            told.append("answered")
        except requests.RequestException:
            told.append("cut")

    thread = threading.Thread(target=press)
    thread.start()
    boxes.until(lambda: bool(boxes.control("/held", "GET")))
    return thread, told


@pytest.mark.parametrize(("do", "at_once"), [("hold", False), ("do_then_hold", True)])
def test_request_is_held_until_it_is_released(boxes: Boxes, do: str, at_once: bool) -> None:
    """Before it is done, or after."""
    boxes.control("/durations", sync=30.0)
    boxes.control("/faults", do=do, box=A, op="login.failover.sync")
    thread, told = in_background(boxes)
    assert boxes.state(A)["failover"]["syncing"] is at_once
    assert boxes.control("/release") == {"released": 1}
    thread.join(5)
    assert told == ["answered"]
    assert boxes.state(A)["failover"]["syncing"]
    assert boxes.control("/held", "GET") == []


def test_request_of_a_client_that_went_away_is_not_done(boxes: Boxes) -> None:
    """It was held and never released."""
    boxes.control("/faults", do="hold", op="public.check_health")
    with requests.Session() as session:
        session.trust_env = False
        with pytest.raises(requests.exceptions.ReadTimeout):
            session.get(boxes.url(A) + "/check_health", verify=boxes.ca, timeout=0.3)
    boxes.until(lambda: boxes.control("/held", "GET") == [])
    entry = boxes.control("/log", "GET")[-1]
    assert (entry["status"], entry["fault"]) == (0, "hold")


@pytest.mark.parametrize(
    ("show", "reason"),
    [("stranger", "unable to get local issuer"), ("expired", "expired"), ("other_name", "doesn't match|mismatch")],
)
def test_somebody_else_answers(boxes: Boxes, show: str, reason: str) -> None:
    """Nothing of it is a request, and the other box is not concerned."""
    boxes.control("/impostor", box=A, show=show)
    with pytest.raises(requests.exceptions.SSLError, match=reason):
        boxes.get(A, "/check_health")
    assert boxes.control("/log", "GET") == []
    assert boxes.get(B, "/check_health").ok
    boxes.control("/impostor", box=A, show="")
    assert boxes.get(A, "/check_health").ok


def test_old_tls_is_all_that_there_is(boxes: Boxes) -> None:
    """A client that accepts it is served, a usual one is not."""
    boxes.control("/impostor", box=A, show="old_tls")
    with pytest.raises(requests.exceptions.SSLError, match="alert|version|protocol|closed"):
        boxes.get(A, "/check_health")
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    lax.load_verify_locations(boxes.ca)
    lax.set_ciphers("ALL:@SECLEVEL=0")
    lax.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    address = boxes.facts["boxes"][A]["address"]
    with (
        socket.create_connection((address, boxes.facts["port"]), timeout=5) as plain,
        lax.wrap_socket(plain, server_hostname=address) as secured,
    ):
        assert secured.version() == "TLSv1.1"


def test_support_mends_a_box(boxes: Boxes) -> None:
    """A failed update leaves the list, and is offered again."""
    boxes.control("/troubles", box=A, trouble="disk_full")
    boxes.control("/user-update", box=A, package="base-6.2.0")
    boxes.until(lambda: boxes.state(A)["updates"]["last"] is not None)
    updates = boxes.state(A)["updates"]
    assert (updates["last"]["good"], updates["base_failed"], updates["downloaded"]) == (False, False, ["base-6.2.0"])
    assert boxes.call(A, "GET", "/api/backup", headers=boxes.token(A)).status_code == 500
    boxes.control("/troubles", box=A, trouble="disk_full", on=False)
    boxes.control("/mend", box=A)
    updates = boxes.state(A)["updates"]
    assert (updates["last"], updates["downloaded"]) == (None, [])


def test_roles_and_terms_change(boxes: Boxes) -> None:
    """By nobody's request."""
    boxes.control("/role", box=A, role="backup")
    assert [boxes.state(box)["failover"]["role"] for box in (A, B)] == ["backup", "backup"]
    assert boxes.control("/eula", package="product-24.3.1") == ["24.3.1"]
    assert [entry["eula"] for entry in boxes.control("/config", "GET")["catalogue"]] == [False, True]
    for path, wrong in (("/role", "king"), ("/impostor", "nobody")):
        with pytest.raises(AssertionError, match="must be one of"):
            boxes.control(path, box=A, role=wrong, show=wrong)


def test_everything_secret_is_told_to_tests(boxes: Boxes) -> None:
    """Passwords, and what was given out: cookie, form token, API token."""
    browser = boxes.browser(A, "login")
    token = boxes.token(A)["Authorization"].split()[1]
    told = boxes.control("/secrets", "GET")
    facts = boxes.facts["boxes"][A]
    assert {facts["login"]["password"], facts["appliance"]["password"]} <= set(told["configured"])
    assert facts["api"]["client_secret"] in told["configured"]
    cookies = {cookie.value for cookie in browser.session.cookies}
    assert cookies
    assert cookies | {token} <= set(told["given"])
