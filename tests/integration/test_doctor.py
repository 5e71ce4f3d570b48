# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""doctor.yml: true verdicts on boxes of every kind, without a single change, and each log-in at most once."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from tests.integration.conftest import BIN, Config, Outcome, World, each_box, hosts_of

Worlds = Callable[..., World]
A, B = "box-a.example.test", "box-b.example.test"


def look(world: World, *arguments: str) -> Outcome:
    """Run the playbook on boxes that may not be changed, and see that it changed nothing."""
    world.tell("readonly", on=True)
    outcome = world.play("doctor", *arguments)
    assert "Traceback" not in outcome.out
    assert world.mutations() == []
    assert world.ask("violations") == []
    log = world.ask("log")
    auth = Counter((entry["box"], entry["op"]) for entry in log if entry["op"].endswith((".login", "api.token")))
    assert all(count == 1 for count in auth.values()), auth
    assert all(entry["kind"] in ("read", "auth") for entry in log)
    per_box = Counter(entry["box"] for entry in log)
    assert max(per_box.values(), default=0) < 55, per_box
    assert outcome.out.count("changed=0") == outcome.out.count("changed="), outcome.out
    return outcome


def every_host(world: World, **values: Any) -> None:
    """Set a variable on every host."""

    def change(inventory: dict[str, Any]) -> None:
        for group in inventory["all"]["children"].values():
            for host in group["hosts"].values():
                host.update(values)

    world.change_inventory(change)


def page_of(world: World, box: str) -> str:
    """What the page of the pair, or else that of the box alone, tells about a box."""
    alone = world.run_dir / f"doctor-{box}.html"
    page = (alone if alone.exists() else world.run_dir / "doctor.html").read_text()
    assert f'<header id="{box}">' in page
    return page


@pytest.mark.parametrize("era", ["tables", "divs", "aria"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_each_era(worlds: Worlds, era: str, language: str) -> None:
    world = worlds(lambda config: each_box(config, era=era, language=language))
    every_host(world, bt_accept_eula="A. Person")
    outcome = look(world)
    assert outcome.code == 0, outcome.out
    ready = "asynchronous upgrade: ready; not to be seen yet: install an update, establishing failover"
    assert outcome.out.count(ready) == 4, "said and shown, for both boxes"
    assert "NOT READY" not in outcome.out
    assert "by hand" not in outcome.out
    for box in (A, B):
        assert "Asynchronous upgrade" in page_of(world, box)


def test_without_any_api_account(worlds: Worlds) -> None:
    world = worlds()

    def forget(inventory: dict[str, Any]) -> None:
        for group, host in (("bt_primary", A), ("bt_backup", B)):
            for name in ("bt_api_client_id", "bt_api_client_secret"):
                hosts_of(inventory, group)[host].pop(name)

    world.change_inventory(forget)
    outcome = look(world)
    assert outcome.code == 0
    assert "asynchronous upgrade: ready; left to people: Jump Clients: who is back" in outcome.out
    assert "health, version and failover role: web page /login > Status > Information" in outcome.out


def test_missing_rights(worlds: Worlds) -> None:
    def less(config: Config) -> None:
        config["sites"][0]["api"].update(command="read_only", backup=False, configuration=False)

    world = worlds(less)
    outcome = look(world)
    assert outcome.code == 0
    assert "lacks the right to the backup API (/login > Management > API Configuration)" in outcome.out
    assert "lacks the right to the configuration API" in outcome.out
    assert "backup: web page /login > Management > Software, 'Download Backup'" in outcome.out
    assert "asynchronous upgrade: ready; left to people: Jump Clients: who is back" in outcome.out


def test_command_api_denied(worlds: Worlds) -> None:
    world = worlds(lambda config: config["sites"][0]["api"].update(command="deny"))
    outcome = look(world)
    assert "lacks the right to the command API" in outcome.out
    assert "asynchronous upgrade: ready" in outcome.out


@pytest.mark.parametrize(("off", "words"), [("v2", "command API (XML 1."), ("xml", "command API (JSON v2 2.")])
def test_one_form_of_the_api_off(worlds: Worlds, off: str, words: str) -> None:
    world = worlds(lambda config: config["sites"][0]["api"].update({off: False}))
    outcome = look(world)
    assert outcome.code == 0
    assert words in outcome.out
    assert "asynchronous upgrade: ready" in outcome.out


@pytest.mark.parametrize("account", ["bt_login_password", "bt_appliance_password", "bt_api_client_secret"])
def test_refused_account(worlds: Worlds, account: str) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: hosts_of(inventory, "bt_primary")[A].update({account: "Wr0ng-canary"}))
    outcome = look(world, "--limit", A)
    assert outcome.code == 0, outcome.out
    assert "refuse" in outcome.out
    assert "Wr0ng-canary" not in outcome.out
    assert "Wr0ng-canary" not in page_of(world, A)
    ready = account == "bt_api_client_secret"
    assert ("asynchronous upgrade: ready" in outcome.out) == ready


def test_strict(worlds: Worlds) -> None:
    world = worlds()
    world.change_inventory(lambda inventory: hosts_of(inventory, "bt_primary")[A].pop("bt_appliance_username"))
    world.change_inventory(lambda inventory: hosts_of(inventory, "bt_primary")[A].pop("bt_appliance_password"))
    assert look(world).code == 0
    world.ask("log")
    strict = world.play("doctor", "-e", "doctor_strict=true")
    assert strict.code != 0
    assert "Not every procedure is ready on box-a.example.test (doctor_strict)" in strict.out


def test_wrong_clock(worlds: Worlds) -> None:
    world = worlds()
    world.tell("clock", box=A, offset=-600)
    outcome = look(world, "--limit", A)
    assert outcome.code == 0
    assert "asynchronous upgrade: not ready: the clock of box-a.example.test is wrong by 10 min" in outcome.out
    assert "NTP" in outcome.out


def test_unhealthy(worlds: Worlds) -> None:
    world = worlds()
    world.tell("troubles", box=A, trouble="unhealthy")
    assert "not ready: the box is not healthy" in look(world, "--limit", A).out


def test_certificate_that_expires(worlds: Worlds) -> None:
    world = worlds()
    world.tell("certificate", box=A, days=10)
    assert "expires in 10 days" in look(world, "--limit", A).out


def test_another_box(worlds: Worlds) -> None:
    world = worlds()
    every_host(world, bt_serial="BPRA-00000000")
    outcome = look(world, "--limit", A)
    assert outcome.code == 0
    assert "must be the box BPRA-00000000" in outcome.out


def test_page_that_is_not_understood(worlds: Worlds) -> None:
    world = worlds()
    labels = world.folder / "labels.yml"
    labels.write_text("en: {failover.sync_now!: [Banana], ip.enabled!: [Melon]}")
    outcome = look(world, "-e", f"bt_labels={labels}")
    assert outcome.code == 0
    assert "asynchronous upgrade: ready; 2 steps by hand: data sync, shared IP" in outcome.out
    assert "synchronous upgrade: ready; one step by hand: data sync" in outcome.out
    page = page_of(world, A)
    assert "failover.sync_now: []" in page
    assert "Sync Now" in page


def test_unreachable_and_untrusted(worlds: Worlds) -> None:
    world = worlds()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    other = world.folder / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))

    def change(inventory: dict[str, Any]) -> None:
        hosts_of(inventory, "bt_primary")[A].update(bt_port=port)
        hosts_of(inventory, "bt_backup")[B].update(bt_ca_path=str(other))

    world.change_inventory(change)
    outcome = look(world)
    assert outcome.code != 0
    assert outcome.recap("failed") == 2
    assert "does not answer: connection refused" in outcome.out
    assert "cannot be trusted" in outcome.out
    assert world.ask("log") == []
    assert "connection refused" in page_of(world, A)
    assert "cannot be trusted" in page_of(world, B)


def test_check_mode_writes_no_page(worlds: Worlds) -> None:
    world = worlds()
    outcome = look(world, "--check")
    assert outcome.code == 0
    assert "asynchronous upgrade: ready" in outcome.out
    assert not world.run_dir.exists()


def test_shipped_to_another_machine(worlds: Worlds) -> None:
    world = worlds()
    tasks = [{"bt_ops.pra.bt_doctor": {"procedures": ["async_upgrade"]}, "name": "Look", "register": "seen"}]
    told = {"ansible.builtin.debug": {"msg": "{{ seen.verdicts.async_upgrade.sentence }}"}, "name": "Tell"}
    variables = {"ansible_python_interpreter": sys.executable, "bt_run_dir": str(world.folder / "runs")}
    play = {"hosts": "bt_primary", "gather_facts": False, "connection": "elsewhere", "vars": variables}
    playbook = world.folder / "elsewhere.yml"
    playbook.write_text(yaml.safe_dump([{**play, "tasks": [*tasks, told]}]))
    environment = {**world.environment(), "ANSIBLE_CONNECTION_PLUGINS": str(Path(__file__).parent / "connections")}
    command = [str(BIN / "ansible-playbook"), "-i", str(world.inventory), str(playbook)]
    done = subprocess.run(command, env=environment, text=True, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout
    assert "asynchronous upgrade: ready" in done.stdout
    assert "Asynchronous upgrade" in page_of(world, A)


class Stranger(BaseHTTPRequestHandler):
    """A web server that is no box and shows a log-in page of its own for everything."""

    asked: list[str]

    def _answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        fields = b"<input name=user><input type=password name=pass><button>Login</button>"
        body = b"<h1>Welcome</h1><form method=post>" + fields + b"</form>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[str, int, Path, list[str]]]:
    """Address, port, CA and requests of a server that is no box."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = tmp_path / "stranger.pem"
    authority.cert_pem.write_to_path(str(bundle))
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Stranger,), {"asked": asked}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield "127.0.0.1", server.server_address[1], bundle, asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_no_box_at_all(worlds: Worlds, stranger: tuple[str, int, Path, list[str]]) -> None:
    world = worlds()
    address, port, bundle, asked = stranger
    every_host(world, ansible_host=address, bt_port=port, bt_ca_path=str(bundle))
    outcome = look(world, "--limit", A)
    assert outcome.code == 0, outcome.out
    assert "asynchronous upgrade: not ready: what answers at 127.0.0.1" in outcome.out
    assert "is no such box" in outcome.out
    assert asked
    assert all(request.startswith("GET ") for request in asked), "no account is shown to a stranger"
    assert "is no such box" in page_of(world, A)
    assert look(world, "--limit", A, "-e", "doctor_strict=true").code != 0


def test_a_single_box(worlds: Worlds) -> None:
    def single(config: Config) -> None:
        site = config["sites"][0]
        site["boxes"] = site["boxes"][:1]
        site["boxes"][0]["role"] = "none"
        site.pop("shared_ip")

    world = worlds(single)
    outcome = look(world)
    assert outcome.code == 0, outcome.out
    assert "upgrade of a single box: ready" in outcome.out
    assert "upgrade with packages that are carried over: ready" in outcome.out
    assert "asynchronous" not in outcome.out
    assert "establishing failover: web page /login > Management > Failover, 'Establish Relationship'" in outcome.out


def test_a_move_to_new_hardware(worlds: Worlds) -> None:
    def move(config: Config) -> None:
        site = config["sites"][0]
        for box in site["boxes"]:
            box["role"] = "none"
        site["boxes"][1].update(factory=True, product="24.3.1", base="6.2.0")
        site.pop("shared_ip")

    world = worlds(move)
    outcome = look(world)
    assert outcome.code == 0, outcome.out
    assert "move to new hardware, as the old box: ready" in outcome.out
    assert "move to new hardware, as the new box: ready" in outcome.out
    assert "factory reset: ready" in outcome.out
    tried = {entry["op"] for entry in world.ask("log") if entry["box"] == B and entry["kind"] == "auth"}
    assert tried <= {"appliance.entry.login", "appliance.logout"}, "the new box knows no other account yet"
