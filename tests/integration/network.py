# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Networks for tests, made of network namespaces: nothing of the machine's own network is touched or reached.

The thread of the test, and whatever it starts, is moved into a namespace of its own. Other hosts are further
namespaces, joined to it by virtual cables. All of them are gone when the test lets go of them. Simulated boxes have
loopback addresses; a host reaches them over a cable once these are routed like any other, which the kernel allows.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

CLONE_NEWNET = 0x40000000
HERE = "/proc/thread-self/ns/net"
_libc = ctypes.CDLL(None, use_errno=True)
T = TypeVar("T")


def _enter(descriptor: int) -> None:
    """Move this thread into a namespace."""
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _new() -> int:
    """Move this thread into a new namespace."""
    if _libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "network namespaces need root: run the tests as root, or under unshare -r")
    return os.open(HERE, os.O_RDONLY)


@dataclass
class Host:
    """A machine in the network of a test."""

    descriptor: int

    @property
    def path(self) -> str:
        """The namespace as a file, for as long as the test runs."""
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"

    def run(self, *command: str, text: str = "") -> str:
        """Run a command on this host and give what it prints."""
        whole = ["nsenter", f"--net={self.path}", *command]
        done = subprocess.run(whole, input=text, text=True, capture_output=True, check=False, timeout=20)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def call(self, function: Callable[[], T]) -> T:
        """Call a function in a thread on this host."""
        with ThreadPoolExecutor(1, initializer=_enter, initargs=(self.descriptor,)) as pool:
            return pool.submit(function).result()

    def address(self, device: str, *addresses: str) -> None:
        """Switch a device on and give it addresses."""
        for address in addresses:
            self.run("ip", "address", "add", address, "dev", device)
        self.run("ip", "link", "set", device, "up")


@dataclass
class Network:
    """The host of the test and the hosts that it made."""

    here: Host
    hosts: list[Host] = field(default_factory=list)

    def host(self) -> Host:
        """Another machine: it forwards, and takes loopback addresses for addresses like any other."""
        host = Host(_new())
        _enter(self.here.descriptor)
        self.hosts.append(host)
        host.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.route_localnet=1")
        return host

    def cable(self, one: Host, device: str, other: Host, other_device: str) -> None:
        """Join two hosts."""
        ends = ("netns", one.path, "type", "veth", "peer", "name", other_device, "netns", other.path)
        self.here.run("ip", "link", "add", device, *ends)


@contextmanager
def network() -> Iterator[Network]:
    """A network for this thread and what it starts, until the end of the block."""
    outside = os.open(HERE, os.O_RDONLY)
    made = Network(Host(_new()))
    try:
        made.here.run("ip", "link", "set", "lo", "up")
        made.here.run("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1")
        yield made
    finally:
        with contextlib.suppress(PermissionError):  # under unshare -r there is no way back, and none is needed
            _enter(outside)
        for descriptor in (outside, made.here.descriptor, *(host.descriptor for host in made.hosts)):
            os.close(descriptor)


class Client:
    """A user who opens the site again and again, and notes when that works."""

    def __init__(self, host: Host, address: tuple[str, int], hostname: str, ca_path: str, pause: float = 0.02) -> None:
        self.tries: list[tuple[float, bool]] = []
        self._address, self._hostname, self._pause = address, hostname, pause
        self._context = ssl.create_default_context(cafile=ca_path)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=host.call, args=(self._use,))
        self._thread.start()

    def _use(self) -> None:
        while not self._ended.wait(self._pause):
            begin = time.monotonic()
            self.tries.append((begin, self._works()))

    def _works(self) -> bool:
        request = f"GET /check_health HTTP/1.1\r\nHost: {self._hostname}\r\nConnection: close\r\n\r\n"
        try:
            with (
                socket.create_connection(self._address, timeout=0.5) as plain,
                self._context.wrap_socket(plain, server_hostname=self._hostname) as secured,
            ):
                secured.sendall(request.encode())
                return secured.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def stop(self) -> float:
        """End it, and give the longest time in seconds for which the site could not be opened."""
        self._ended.set()
        self._thread.join(timeout=10)
        assert any(worked for _time, worked in self.tries), "the site could never be opened"
        longest, since = 0.0, self.tries[0][0]
        for moment, worked in self.tries:
            if worked:
                since = moment
            else:
                longest = max(longest, moment - since)
        return longest
