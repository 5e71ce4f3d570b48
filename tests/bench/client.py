# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A client of the site that asks its public address every 5 ms, to see for how long it is away.

`Client` starts it as a process of its own, so that nothing that is measured can slow it down. The process reads ``on``
and ``off`` from its standard input, and prints when each good answer was complete, at the end of it.
"""

from __future__ import annotations

import json
import select
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

PERIOD = 0.005
TIMEOUT = 0.5
LONGEST_OUTAGE = 10.0


class Client:
    """The process. It asks only between `on` and `off`, so that it does not load the boxes for nothing."""

    def __init__(self, address: str, port: int, hostname: str, ca: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, address, str(port), hostname, str(ca)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        self._asking = False

    def on(self) -> None:
        """Begin to ask, unless it does; returns when there was a good answer."""
        if not self._asking:
            self._tell("on")
            assert self._process.stdout is not None
            self._process.stdout.readline()

    def off(self) -> None:
        """Pause, after one more good answer."""
        if self._asking:
            self._tell("off")

    def answers(self) -> list[list[float]]:
        """End, and give the Unix seconds of the good answers, one list for each time it was switched on."""
        out, _errors = self._process.communicate(timeout=10)
        answers: list[list[float]] = json.loads(out)
        return answers

    def _tell(self, word: str) -> None:
        self._asking = word == "on"
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()


def ask(address: str, port: int, hostname: str, context: ssl.SSLContext) -> bool:
    """One new connection, one question: is the site well?"""
    request = f"GET /check_health HTTP/1.1\r\nHost: {hostname}\r\nConnection: close\r\n\r\n".encode()
    try:
        with (
            socket.create_connection((address, port), timeout=TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=hostname) as connection,
        ):
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(4096):
                answer += piece
    except OSError:
        return False
    return answer.startswith(b"HTTP/1.1 200 ")


class Asker:
    """The process' side. `good` holds the times of good answers, one list for each time it was switched on."""

    def __init__(self, address: str, port: int, hostname: str, ca: str) -> None:
        self._address, self._port, self._hostname = address, port, hostname
        self._context = ssl.create_default_context(cafile=ca)
        self._due = time.monotonic()
        self.good: list[list[float]] = []

    def ask(self) -> bool:
        """Ask as soon as it is time."""
        time.sleep(max(0.0, self._due - time.monotonic()))
        self._due = max(self._due + PERIOD, time.monotonic())
        well = ask(self._address, self._port, self._hostname, self._context)
        if well:
            self.good[-1].append(time.time())
        return well

    def ask_until_good(self) -> None:
        """Ask until there is a good answer, or it takes too long."""
        deadline = time.monotonic() + LONGEST_OUTAGE
        while not self.ask() and time.monotonic() < deadline:
            pass


def main(address: str, port: str, hostname: str, ca: str) -> None:
    """Ask between ``on`` and ``off`` until standard input ends."""
    asker = Asker(address, int(port), hostname, ca)
    for line in sys.stdin:
        if line.strip() != "on":
            continue
        asker.good.append([])
        asker.ask_until_good()
        print("asking", flush=True)
        while not select.select([sys.stdin], [], [], 0)[0]:
            asker.ask()
        asker.ask_until_good()
    print(json.dumps(asker.good))


if __name__ == "__main__":
    main(*sys.argv[1:])
