# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documented APIs answer as documented (appliance-interface.md 1 to 5)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import requests

from simbox.backup import unpack
from tests.simbox.boxes import A, B, Boxes, pair, running

NAMESPACE = "{http://www.beyondtrust.com/sra/namespaces/API/command}"
BOTH = (A, B)


def patient(boxes: Boxes, box: str, method: str, path: str, accept: str = "", **options: Any) -> requests.Response:
    """A call that waits when the rate limit is reached: a quick machine makes more in a second than an account may."""
    headers = boxes.token(box)
    if accept:
        headers["Accept"] = accept
    while True:
        answer = boxes.call(box, method, path, headers=headers, **options)
        if answer.status_code != 429:
            return answer
        time.sleep(0.2)


def command(boxes: Boxes, box: str, action: str, **parameters: str) -> ET.Element:
    """One action of the command API in XML."""
    data = {"action": action, **parameters}
    answer = patient(boxes, box, "POST", "/api/command", data=data)
    assert answer.headers["Content-Type"].lower() == "text/xml; charset=utf-8"
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n\n<')
    return ET.fromstring(answer.content)


def text(root: ET.Element, name: str) -> str | None:
    """Text of a child."""
    return root.findtext(f"{NAMESPACE}{name}")


def v2(boxes: Boxes, path: str, box: str = A, method: str = "GET", **options: Any) -> tuple[int, Any]:
    """Status and JSON of the command API v2."""
    answer = patient(boxes, box, method, f"/api/command/v2{path}", **options)
    return answer.status_code, answer.json() if answer.content else None


def test_token(calm: Boxes) -> None:
    """Shape of a token; wrong secret and void token are 401; the 31st token voids the first."""
    api = calm.facts["boxes"][A]["api"]
    auth = (api["client_id"], api["client_secret"])
    data = {"grant_type": "client_credentials"}
    answer = calm.call(A, "POST", "/oauth2/token", data=data, auth=auth)
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
    assert len(answer.json()["access_token"]) == 40
    assert answer.headers["Connection"] == "close"
    assert calm.call(A, "POST", "/oauth2/token", data=data, auth=(auth[0], "wrong")).status_code == 401
    first = {"Authorization": f"Bearer {answer.json()['access_token']}", "Accept": "application/json"}
    for _number in range(29):
        calm.token(A)
    assert calm.get(A, "/api/command/v2/info", headers=first).status_code == 200
    calm.token(A)
    refused = calm.get(A, "/api/command/v2/info", headers=first)
    assert (refused.status_code, refused.json()["error"]) == (401, "access_denied")
    assert len(api["client_id"]) == 40
    assert len(api["client_secret"]) == 44


def test_check_health(calm: Boxes) -> None:
    """2.2: elements and attributes of a pair's two members."""
    for box, role in ((A, "primary"), (B, "backup")):
        root = command(calm, box, "check_health")
        state = calm.state(box)
        appliance = root.find(f"{NAMESPACE}appliance")
        assert appliance is not None
        assert (appliance.get("id"), appliance.text) == (state["id"], box)
        assert text(root, "version") == f"23.3.1 ({state['build']})"
        assert text(root, "success") == "1"
        assert text(root, "failover_role") == role
        assert text(root, "last_data_sync_status") == "success"
        assert text(root, "error_message") is None
        shared = [node.text for node in root.iter(f"{NAMESPACE}ip")]
        assert shared == (["127.0.21.100"] if box == A else [])
        synced = root.find(f"{NAMESPACE}last_data_sync_time")
        assert synced is not None
        assert synced.get("ts") == str(int(state["failover"]["last_sync"]))


def test_other_actions(calm: Boxes) -> None:
    """2.4 to 2.6, and an unknown action."""
    info = command(calm, A, "get_api_info")
    assert text(info, "api_version") == "1.23.1"
    permissions = {node.get("name"): node.text for node in info.iter(f"{NAMESPACE}permission")}
    assert (permissions["perm_command"], permissions["perm_backup"]) == ("full_access", "1")
    assert len(list(command(calm, A, "get_logged_in_reps"))) == 3
    assert [node.findtext(f"{NAMESPACE}failover_role") for node in command(calm, A, "get_appliances")] == [
        "primary",
        "backup",
    ]
    calm.until(lambda: calm.state()["sites"]["access"]["connected_clients"] == 6)
    counts = {node.get("type"): node.text for node in command(calm, A, "get_connected_client_list")}
    assert counts == {"representative": "3", "push_agent": "6"}
    assert command(calm, A, "no_such_action").tag == f"{NAMESPACE}error"


def test_v2_reads(calm: Boxes) -> None:
    """3: info, health (sync times on the primary only), users, clients."""
    assert v2(calm, "/info")[1]["product"] == "pra"
    status, health = v2(calm, "/health")
    assert (status, health["failover_role"], health["enabled_shared_ips"]) == (200, "primary", ["127.0.21.100"])
    assert health["last_data_sync"].endswith("+00:00")
    backup = v2(calm, "/health", B)[1]
    assert (backup["last_data_sync"], backup["last_data_sync_status"], backup["enabled_shared_ips"]) == (None,) * 3
    assert [row["failover_role"] for row in v2(calm, "/appliance")[1]] == ["primary", "backup"]
    assert len(v2(calm, "/user")[1]) == 3
    assert v2(calm, "/appliance/client-count?type=access_console")[1][0]["access_consoles"] == 3
    console = v2(calm, "/client?type=access_console")[1][0]
    assert v2(calm, f"/client/{console['id']}")[1] == console
    assert v2(calm, f"/client/{console['id']}/connections") == (200, [])
    assert patient(calm, A, "GET", "/api/command/v2/openapi.yaml").text.startswith("openapi:")


def test_v2_refusals(calm: Boxes) -> None:
    """3: statuses for unknown fields, paths, methods, values; Accept is required."""
    assert v2(calm, "/health?foo=1")[0] == 400
    assert v2(calm, "/failover-role", method="POST", json={"role": "primary", "foo": 1})[0] == 400
    assert v2(calm, "/failover-role", method="POST", json={"role": "king"})[0] == 422
    assert v2(calm, "/nothing")[0] == 404
    assert v2(calm, "/health", method="DELETE")[0] == 405
    assert v2(calm, "/user/999/logout", method="POST")[0] == 404
    assert patient(calm, A, "GET", "/api/command/v2/info", accept="text/html").status_code == 406


def test_v2_health_is_cached(boxes: Boxes) -> None:
    """3: /health may be old."""
    assert v2(boxes, "/health")[1]["failover_role"] == "primary"
    boxes.control("/durations", health_cache=0.0)
    boxes.control("/troubles", box=A, trouble="unhealthy")
    assert v2(boxes, "/health")[0] == 200
    time.sleep(0.15)
    status, health = v2(boxes, "/health")
    assert (status, bool(health["message"])) == (500, True)
    assert text(command(boxes, A, "check_health"), "success") == "0"
    assert boxes.get(A, "/check_health").status_code == 500


def test_swap_roles(boxes: Boxes) -> None:
    """2.3 and 3: roles are swapped, both are backup for a moment, the shared IP goes along, a sync may come first."""
    boxes.control("/durations", role_swap=4.0)
    assert command(boxes, A, "set_failover_role", role="backup").text == "Successfully changed role."
    boxes.until(lambda: [boxes.state(box)["failover"]["role"] for box in BOTH] == ["backup", "backup"])
    boxes.until(lambda: boxes.state(B)["failover"]["role"] == "primary")
    boxes.until(lambda: boxes.state()["sites"]["access"]["serving"] == B)
    boxes.control("/durations", role_swap=0.1)
    boxes.control("/settings", box=B, settings={"site.banner": "new"})
    status, said = v2(boxes, "/failover-role", A, "POST", json={"role": "primary", "data_sync_first": True})
    assert (status, said["message"].startswith("Successfully started data sync.")) == (200, True)
    boxes.until(lambda: boxes.state(A)["failover"]["role"] == "primary")
    assert boxes.state(A)["settings"]["site.banner"] == "new"


def test_apis_off_and_permissions(tmp_path: Path) -> None:
    """JSON API off: 404; XML API off and missing permissions: refused."""
    api = {"v2": False, "command": "read_only", "backup": False, "configuration": False}
    with running(pair("127.0.22", site={"api": api}), tmp_path) as boxes:
        headers = boxes.token(A)
        assert boxes.get(A, "/api/command/v2/info", headers=headers).status_code == 404
        assert boxes.call(A, "POST", "/api/backup", json={}, headers=headers).status_code == 403
        assert boxes.get(A, "/api/config/v1/jump-client", headers=headers).status_code == 403
        assert command(boxes, A, "set_failover_role", role="backup").tag == f"{NAMESPACE}error"
        words, page = boxes.words(A), boxes.browser(A, "login")
        page.open(words("management"), words("api_configuration"))
        page.press(words("save"), {words("api_xml"): False})
        assert command(boxes, A, "check_health").tag == f"{NAMESPACE}error"


def test_rate_limit(calm: Boxes) -> None:
    """1: 20 requests a second. A slow machine needs more of them until so many come within one."""
    headers, statuses = calm.token(A), []
    while 429 not in statuses and len(statuses) < 1000:
        statuses.append(calm.get(A, "/api/config/v1/jumpoint", headers=headers).status_code)
    assert statuses[-1] == 429
    assert statuses.count(200) >= 20
    time.sleep(1.1)
    answer = calm.get(A, "/api/config/v1/jumpoint", headers=headers)
    assert (answer.status_code, answer.headers["X-RateLimit-Limit"]) == (200, "15000")


def test_backup(calm: Boxes) -> None:
    """4: a file of real data, by POST with a JSON password; the password protects it."""
    answer = calm.call(A, "POST", "/api/backup", json={"password": "open"}, headers=calm.token(A))
    assert len(answer.content) > 100_000
    opened = unpack(answer.content, "open")
    state = calm.state(A)
    assert opened.manifest["id"] == state["id"]
    assert set(opened.data.sessions) == set(state["sessions"])
    assert opened.data.value("site.title") == state["settings"]["site.title"]
    wrong = calm.call(A, "POST", "/inspect", headers={})
    assert wrong.status_code == 404
    plain = calm.get(A, "/api/backup", headers=calm.token(A))
    assert unpack(plain.content, "").data.accounts.keys() == opened.data.accounts.keys()


def test_jump_clients(calm: Boxes) -> None:
    """5: paging headers, filters, unknown field 401."""
    headers = calm.token(A)
    answer = calm.get(A, "/api/config/v1/jump-client?per_page=3&current_page=2", headers=headers)
    assert len(answer.json()) == 3
    assert answer.headers["X-BT-Pagination-Total"] == "8"
    assert 'rel="next"' in answer.headers["Link"]
    assert {row["needs_update"] for row in answer.json()} == {False}
    passive = calm.get(A, "/api/config/v1/jump-client?connection_type=passive", headers=headers).json()
    assert len(passive) == 2
    assert calm.get(A, "/api/config/v1/jump-client?needs_update=true", headers=headers).status_code == 401


def test_without_log_in(calm: Boxes) -> None:
    """2.2 and 8: health probe, product, headers."""
    health = calm.get(A, "/check_health")
    assert (health.status_code, health.headers["Server"]) == (200, "Apache")
    assert calm.get(A, "/get_mech_list?version=3").json()["product"] == "bpam"
    assert calm.get(A, "/api/command?action=check_health").status_code == 401
    assert calm.get("access", "/check_health").status_code == 200
