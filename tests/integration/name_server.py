# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Real name servers on loopback addresses: Knot or BIND for the zone, BIND as resolvers that cache."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rdatatype
import dns.tsig
import dns.update

ZONE = "example.test"
KEY = "pra-upgrade"
SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
KNOT = """
server:
    listen: {address}@{port}
    rundir: {folder}
database:
    storage: {folder}/db
key:
  - id: {key}.
    algorithm: hmac-sha256
    secret: {secret}
acl:
  - id: update
    key: {key}.
    action: update
zone:
  - domain: {zone}
    file: {folder}/zone
    acl: update
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
"""
BIND = """
key {key} {{ algorithm hmac-sha256; secret "{secret}"; }};
options {{
    directory "{folder}";
    pid-file none;
    session-keyfile none;
    listen-on port {port} {{ {address}; }};
    listen-on-v6 {{ none; }};
    dnssec-validation no;
    min-cache-ttl {least_ttl};
}};
controls {{ }};
"""
PRIMARY = 'zone "{zone}" {{ type primary; file "{folder}/zone"; allow-update {{ key {key}; }}; }};\n'
FORWARD = 'zone "{zone}" {{ type forward; forward only; forwarders {{ {master.address} port {master.port}; }}; }};\n'


@dataclass
class Running:
    """A name server that runs, until `stop`."""

    address: str
    port: int
    process: subprocess.Popen[bytes]

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"

    def ask(self, name: str, kind: str = "A", seconds: float = 3) -> tuple[list[str], int]:
        """Values and TTL of a record; no values and 0 where there is none."""
        question = dns.message.make_query(f"{name}.{ZONE}.", kind)
        answer = dns.query.udp(question, self.address, port=self.port, timeout=seconds)
        found = [rrset for rrset in answer.answer if rrset.rdtype == dns.rdatatype.from_text(kind)]
        return sorted(item.to_text() for item in found[0]) if found else [], found[0].ttl if found else 0

    def serial(self) -> int:
        """The serial number of the zone, which every change raises."""
        answer = dns.query.udp(dns.message.make_query(f"{ZONE}.", "SOA"), self.address, port=self.port, timeout=3)
        return int(answer.answer[0][0].serial)

    def write(self, name: str, kind: str, *values: str, ttl: int) -> None:
        """Change a record as some other program does; without values it is taken out."""
        message = dns.update.UpdateMessage(ZONE, keyring=dns.tsig.Key(KEY, SECRET, "hmac-sha256"))
        message.delete(name, kind)
        for value in values:
            message.add(name, ttl, kind, value)
        assert dns.query.tcp(message, self.address, port=self.port, timeout=5).rcode() == 0

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=20)


def knot(folder: Path, address: str, records: str) -> Running:
    """The zone on Knot."""
    return _start("knotd", folder, address, KNOT, records)


def bind(folder: Path, address: str, records: str) -> Running:
    """The zone on BIND."""
    return _start("named", folder, address, BIND + PRIMARY, records)


def resolver(folder: Path, address: str, master: Running, least_ttl: int = 0) -> Running:
    """A resolver that keeps answers for as long as their TTL says, or for `least_ttl` seconds at least."""
    return _start("named", folder, address, BIND + FORWARD, "", master, least_ttl)


def _start(
    program: str,
    folder: Path,
    address: str,
    config: str,
    records: str,
    master: Running | None = None,
    least_ttl: int = 0,
) -> Running:
    path = shutil.which(program)
    assert path, f"{program} is not installed; tests/tools/debian.sh installs what the integration tests need"
    (folder / "db").mkdir(parents=True)
    port = _free_port(address)
    lines = [f"$ORIGIN {ZONE}.", "$TTL 3600", "@ SOA ns hostmaster 1 3600 900 86400 1", "@ NS ns", f"ns A {address}"]
    (folder / "zone").write_text("\n".join([*lines, records, ""]))
    values = {"address": address, "port": port, "folder": folder, "key": KEY, "secret": SECRET, "zone": ZONE}
    (folder / "conf").write_text(config.format(**values, master=master, least_ttl=least_ttl))
    arguments = ["-c", str(folder / "conf"), *(["-f", "-4"] if program == "named" else [])]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([path, *arguments], stdout=log, stderr=log)
    running = Running(address, port, process)
    deadline = time.monotonic() + 20
    while True:
        try:
            running.ask("ns", seconds=0.2)
            return running
        except (OSError, dns.exception.DNSException):
            waited_enough = process.poll() is not None or time.monotonic() > deadline
            assert not waited_enough, (folder / "log").read_text()
            time.sleep(0.05)


def _free_port(address: str) -> int:
    """A port that is free for UDP and TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind((address, 0))
            port = int(tcp.getsockname()[1])
            try:
                udp.bind((address, port))
            except OSError:
                continue
            return port
