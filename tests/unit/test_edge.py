# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge: what is asked of arguments before any box is asked, and how errors become results."""

from __future__ import annotations

import errno
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from tests.guards.tree import modules

CHECKOUT = Path(__file__).resolve().parents[2]
HOST = {"host": "box-a.example.com"}
LOGIN = {"login_username": "admin", "login_password": "geheim"}
APPLIANCE = {"appliance_username": "admin", "appliance_password": "geheim"}
PEER = {"peer": {"host": "box-b.example.com"}}


def perform(name: str, context: Context | None = None, **raw: Any) -> dict[str, Any]:
    """The result of a module that is called as the action plugin calls it."""
    module = importlib.import_module(f"ansible_collections.bt_ops.pra.plugins.modules.{name}")
    arguments, secrets = _edge.validated("bt_ops.pra.bt_info", module.SPEC, raw)
    result = _edge.perform(module.run, arguments, context or Context())
    return _edge.without_secrets(result, secrets)


def refused(name: str, **raw: Any) -> str:
    """The one sentence of a module that refuses its input, having asked no box."""
    result = perform(name, **raw)
    assert result["failed"]
    assert result["error"] == "bad_input", result["msg"]
    assert result["changed"] is False
    assert "Nothing was changed." in result["msg"]
    assert len(result["msg"]) < 400
    return str(result["msg"])


@pytest.mark.parametrize(
    "host",
    [
        "box a",
        "https://box-a",
        "box-a/login",
        "box-a?x",
        "user@box-a",
        "{{ host }}",
        "<b>",
        "box-a\nbox-b",
        "box\x00a",
        "box\u2028a",
        "'; rm",
        "box%61",
        "x" * 254,
        "x" * 1_000_000,
    ],
    ids=lambda host: repr(host[:12]),
)
@pytest.mark.parametrize("option", ["host", "tls_name", "peer"])
def test_what_is_no_host(option: str, host: str) -> None:
    given_to = {"peer": {"host": host}} if option == "peer" else {option: host}
    message = refused("bt_failover", **{**HOST, **LOGIN, "state": "broken", **given_to})
    assert ("peer.host is" if option == "peer" else f"{option} is") in message
    assert "no host name or address" in message


@pytest.mark.parametrize("host", ["box-a", "192.0.2.1", "2001:db8::1", " box-a ", "bücher.example"])
def test_what_is_a_host(host: str) -> None:
    assert "accounts" not in refused("bt_info", host=host)
    assert f"on {host.strip()} needs bt_api_client_id" in refused("bt_info", host=host)


@pytest.mark.parametrize("host", [None, "", "  "])
def test_no_host(host: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BT_HOST", raising=False)
    assert refused("bt_info", host=host, **LOGIN).startswith("host is empty")
    message = refused("bt_failover", **HOST, state="broken", peer={"host": host, **LOGIN})
    assert message.startswith("peer.host is empty")


@pytest.mark.parametrize("port", [0, -1, 65536, 10**9])
@pytest.mark.parametrize("option", ["port", "peer_port", "own_port", "site_port"])
def test_what_is_no_port(option: str, port: int) -> None:
    message = refused("bt_failover", **HOST, **LOGIN, state="broken", **{option: port})
    assert message.startswith(f"{option} is {port}, which is no TCP port.")
    message = refused("bt_failover", **HOST, **LOGIN, state="broken", peer={**PEER["peer"], "port": port})
    assert message.startswith(f"peer.port is {port}")


@pytest.mark.parametrize("half", [*LOGIN, *APPLIANCE, "api_client_id", "api_client_secret"])
def test_half_an_account(half: str) -> None:
    message = refused("bt_info", **HOST, **{half: "geheim"})
    assert "go together" in message
    assert half not in message.partition(" is missing")[0]
    message = refused("bt_failover", **HOST, state="broken", peer={**PEER["peer"], half: "geheim"})
    assert message.startswith("peer.")


@pytest.mark.parametrize("password", ["one\ntwo", "one\rtwo", "\x00", "x" * 5000])
def test_what_is_no_password(password: str) -> None:
    message = refused("bt_info", **HOST, login_username="admin", login_password=password)
    assert message.startswith("login_password has a line break or is far too long.")
    assert password not in message
    assert refused("bt_backup", **HOST, **LOGIN, dest="backups", password=password).startswith("password has")


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e12])
@pytest.mark.parametrize("option", ["timeout", "backup_max_age"])
def test_what_is_no_time(option: str, seconds: float) -> None:
    message = refused("bt_update", **HOST, **LOGIN, **APPLIANCE, **{option: seconds})
    assert message.startswith(f"{option} is {float(seconds)}, which is no number of seconds.")


@pytest.mark.parametrize("option", ["box", "serial", "phase", "accept_eula"])
@pytest.mark.parametrize("name", ["../../etc", "a/b", "..", "a\nb", "\x1b[31m", "x" * 1000])
def test_what_is_no_name(option: str, name: str) -> None:
    message = refused("bt_update", **HOST, **LOGIN, **APPLIANCE, **{option: name})
    assert message.startswith(f"{option} is ")
    assert message.isprintable()


def test_a_ca_that_is_not_there(tmp_path: Path) -> None:
    for path in (str(tmp_path / "ca.pem"), "x" * 3000):
        assert "which does not exist" in refused("bt_info", **HOST, **LOGIN, ca_path=path)
    assert "which is no path" in refused("bt_info", **HOST, **LOGIN, ca_path="x" * 5000)


@pytest.mark.parametrize(
    ("module", "raw", "words"),
    [
        ("bt_backup", {}, "dest and run_dir are missing"),
        ("bt_update", {"version": "newest"}, "version is 'newest', which is no version"),
        ("bt_update", {"base_version": "latest"}, "base_version is 'latest', which is no version"),
        ("bt_update", {}, "An update on box-a.example.com needs bt_appliance_username"),
        ("bt_verify", {"version": "latest"}, "version is 'latest', which is no version"),
        ("bt_shared_ip", {"address": "shared", "enabled": True}, "The shared IP is 'shared', which is no IP address"),
        ("bt_shared_ip", {"address": "192.0.2.1", "enabled": True}, "The shared IP on box-a.example.com needs"),
        ("bt_failover", {"state": "established", **PEER}, "site_hostname is missing"),
        ("bt_failover", {"state": "established", "site_hostname": "192.0.2.1"}, "peer is missing"),
        ("bt_cutover", {"shared_ip": "192.0.2.300", **PEER}, "no IP address"),
        ("bt_cutover", {"shared_ip": "192.0.2.1", **PEER}, "site_hostname is missing"),
        ("bt_cutover", {"shared_ip": "192.0.2.1", "peer": {}, "site_hostname": "x"}, "peer.host is empty"),
        ("bt_cutover", {"shared_ip": "192.0.2.1", "peer": HOST, "site_hostname": "x"}, "The box and its peer are both"),
        ("bt_plan", {**PEER}, "site_hostname is missing"),
        ("bt_plan", {**PEER, "site_hostname": "no.such.name.invalid"}, "does not resolve"),
        ("bt_plan", {**PEER, "site_hostname": "192.0.2.1", "version": "all"}, "version is 'all', which is no version"),
        ("bt_plan", {**PEER, "site_hostname": "192.0.2.1"}, "An upgrade on box-a.example.com needs"),
        ("bt_report", {}, "run_dir is missing"),
    ],
)
def test_bad_input_of_each_module(module: str, raw: dict[str, Any], words: str) -> None:
    login = {} if "needs" in words else LOGIN
    assert words in refused(module, **HOST, **login, **raw)


@pytest.mark.parametrize("name", modules(CHECKOUT))
def test_an_unknown_option(name: str) -> None:
    with pytest.raises(BadInput, match="colour"):
        perform(name, colour="red")


def test_peer_takes_accounts_from_the_environment_and_nothing_that_tells_which_box_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BT_HOST", "box-a.example.com")
    monkeypatch.setenv("BT_PORT", "8443")
    monkeypatch.setenv("BT_SERIAL", "A-0001")
    monkeypatch.setenv("BT_TLS_NAME", "a.example.com")
    monkeypatch.setenv("BT_LOGIN_USERNAME", "admin")
    monkeypatch.setenv("BT_LOGIN_PASSWORD", "geheim")
    arguments, secrets = _edge.validated("bt_ops.pra.bt_info", {"peer": _edge.PEER_SPEC}, {"peer": {}})
    assert (arguments["host"], arguments["port"], arguments["login_password"]) == ("box-a.example.com", 8443, "geheim")
    peer = arguments["peer"]
    assert (peer["host"], peer["port"], peer["serial"], peer["tls_name"]) == (None, 443, None, None)
    assert (peer["login_username"], peer["login_password"]) == ("admin", "geheim")
    assert secrets == {"geheim"}


def test_an_error_becomes_a_result() -> None:
    def run(_arguments: dict[str, Any], context: Context) -> dict[str, Any]:
        context.actions.append("Took a backup of box-a.")
        raise Refused("The sync is old.", advice="Synchronise first.", guide=("G24",), serving="box-b")

    for check_mode in (False, True):
        assert _edge.perform(run, dict(HOST), Context(check_mode=check_mode)) == {
            "failed": True,
            "changed": not check_mode,
            "msg": "The sync is old. Nothing was changed. Synchronise first.",
            "error": "refused",
            "guide": ["G24"],
            "actions": ["Took a backup of box-a."],
            "serving": "box-b",
        }


def test_a_full_disk_is_no_defect() -> None:
    def run(_arguments: dict[str, Any], _context: Context) -> dict[str, Any]:
        raise OSError(errno.ENOSPC, "No space left on device", "journal.jsonl")

    result = _edge.perform(run, dict(HOST), Context())
    assert (result["failed"], result["error"]) == (True, "not_kept")
    assert result["msg"].startswith("This machine cannot keep journal.jsonl: No space left on device. Make room")


def test_a_result_tells_what_was_done() -> None:
    def run(_arguments: dict[str, Any], context: Context) -> dict[str, Any]:
        context.actions.append("Took a backup of box-a.")
        return _edge.told({"enabled": False}, {"enabled": False}, enabled=True)

    assert _edge.perform(run, dict(HOST), Context(check_mode=True)) == {
        "changed": True,
        "actions": ["Took a backup of box-a."],
        "before": {"enabled": False},
        "after": {"enabled": False},
        "diff": {"before": {"enabled": False}, "after": {"enabled": True}},
    }


def test_no_secret_is_left_in_a_result() -> None:
    cleaned = _edge.without_secrets({"msg": "refused geheim", "facts": {"seen": ["geheim"]}}, {"geheim"})
    assert "geheim" not in json.dumps(cleaned)


def test_a_box_is_what_the_arguments_say() -> None:
    raw = {**HOST, "port": "8443", **LOGIN, "box": "box-a", "tls_name": "a.example.com", "serial": "B300-0001"}
    raw = {**raw, "api_client_id": "id", "api_client_secret": "geheim"}
    arguments, _secrets = _edge.validated("bt_ops.pra.bt_info", {}, raw)
    box = _edge.box_of(arguments, Context(journal=Journal()))
    connection = box.connection
    assert (box.name, connection.serial, connection.language) == ("box-a", "B300-0001", "en")
    assert (connection.endpoint.address, connection.endpoint.port) == ("box-a.example.com", 8443)
    assert connection.endpoint.name == "a.example.com"
    assert connection.appliance is None
    assert connection.login is not None
    assert connection.api is not None
    assert "geheim" not in repr(box)


@given(st.dictionaries(st.sampled_from(["host", "box", "tls_name", "serial", "language"]), st.text(max_size=300)))
def test_any_text_is_one_sentence_or_a_box(raw: dict[str, str]) -> None:
    arguments, _secrets = _edge.validated("bt_ops.pra.bt_info", {}, {**HOST, **raw})
    made: list[Box] = []

    def run(given_on: dict[str, Any], context: Context) -> dict[str, Any]:
        made.append(_edge.box_of(given_on, context))
        return {}

    result = _edge.perform(run, arguments, Context())
    if made:
        assert made[0].connection.endpoint.address == arguments["host"].strip()
    else:
        assert result["error"] == "bad_input"
        assert result["msg"].isprintable()


@pytest.mark.parametrize("lease", [0, 4.9, 301])
def test_a_lease_that_no_cut_over_can_keep(lease: float) -> None:
    site = {"site_hostname": "access.example.com", "shared_ip": "192.0.2.10"}
    message = refused("bt_cutover", **HOST, **APPLIANCE, **PEER, **site, lease_seconds=lease)
    assert f"lease_seconds is {lease:g}; 5 to 300 are possible." in message
