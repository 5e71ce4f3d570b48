# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A client of the site that asks its public address every 5 ms, to see for how long it is away.

`Client` starts it as a process of its own, so that nothing that is measured can slow it down. The process reads ``on``
and ``off`` from its standard input, and prints when each good answer was complete, at the end of it.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import time
from pathlib import Path

PERIOD = 0.005
TIMEOUT = 1.0
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


class Asker:
    """The process' side. `good` holds the times of good answers, one list for each time it was switched on.

    A question that is not answered does not keep the next one from being asked.
    """

    def __init__(self, address: str, port: int, hostname: str, ca: str) -> None:
        self._address, self._port, self._hostname = address, port, hostname
        self._request = f"GET /check_health HTTP/1.1\r\nHost: {hostname}\r\nConnection: close\r\n\r\n".encode()
        self._context = ssl.create_default_context(cafile=ca)
        self.good: list[list[float]] = []

    async def ask(self) -> None:
        """One new connection, one question: is the site well?"""
        try:
            async with asyncio.timeout(TIMEOUT):
                reader, writer = await asyncio.open_connection(
                    self._address, self._port, ssl=self._context, server_hostname=self._hostname
                )
                writer.write(self._request)
                status = await reader.readline()
                writer.transport.abort()
        except (OSError, TimeoutError):
            return
        if b" 200 " in status:
            self.good[-1].append(time.time())

    async def ask_on(self) -> None:
        """Ask every 5 ms until cancelled."""
        due = time.monotonic()
        async with asyncio.TaskGroup() as asked:
            while True:
                asked.create_task(self.ask())
                due = max(due + PERIOD, time.monotonic())
                await asyncio.sleep(due - time.monotonic())

    async def more(self) -> None:
        """Return after one more good answer, or when it takes too long."""
        before, deadline = len(self.good[-1]), time.monotonic() + LONGEST_OUTAGE
        while len(self.good[-1]) == before and time.monotonic() < deadline:
            await asyncio.sleep(PERIOD)


async def main(address: str, port: str, hostname: str, ca: str) -> None:
    """Ask between ``on`` and ``off`` until standard input ends."""
    asker = Asker(address, int(port), hostname, ca)
    words = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(words), sys.stdin)
    while await words.readline() == b"on\n":
        asker.good.append([])
        asking = asyncio.create_task(asker.ask_on())
        await asker.more()
        print("asking", flush=True)
        await words.readline()
        await asker.more()
        asking.cancel()
    print(json.dumps(asker.good))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
