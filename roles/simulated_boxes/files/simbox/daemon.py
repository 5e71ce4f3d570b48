# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Running in the background: the caller gets control back when the boxes answer, or with the reason why not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from simbox.config import Config
from simbox.control import Control
from simbox.inventory import facts, inventory, write, write_yaml
from simbox.process import FACTS
from simbox.world import World

CA = "ca.pem"
INVENTORY = "inventory.yml"
LOG = "simbox.log"


async def serve(config: Config, folder: Path, owner: int, ready: Callable[[], None]) -> None:
    """Simulate until told to stop (control interface, SIGTERM, end of the process `owner`); `ready` is called once all
    sockets answer and all files are written."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    watched = os.pidfd_open(owner) if owner else -1
    if owner:
        loop.add_reader(watched, stop.set)
    world = World(config)
    control = Control(world, stop)
    try:
        await world.start()
        url = await control.start(config.control_port)
        ca = folder / CA
        write(ca, world.ca.cert_pem.bytes().decode())
        write_yaml(folder / INVENTORY, inventory(world, ca))
        write(folder / FACTS, json.dumps(facts(world, url, ca), indent=2))
        ready()
        await stop.wait()
    finally:
        await control.close()
        await world.close()
        if owner:
            loop.remove_reader(watched)
            os.close(watched)
        (folder / FACTS).unlink(missing_ok=True)


def start(config: Config, folder: Path, owner: int) -> str:
    """Serve in a process of its own; returns an empty text when it is ready, else what went wrong."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        os.waitpid(child, 0)
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        return "" if said == "READY\n" else said.strip() or f"it ended before it was ready; see {folder / LOG}"
    os.close(reading)
    os.setsid()
    if os.fork() == 0:
        _background(config, folder, owner, writing)
    os._exit(0)


def _background(config: Config, folder: Path, owner: int, writing: int) -> None:
    log = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)

    def tell(text: str) -> None:
        os.write(writing, text.encode())
        os.close(writing)

    try:
        asyncio.run(serve(config, folder, owner, lambda: tell("READY\n")))
    except OSError as error:
        tell(f"{error}\n")
    except BaseException:
        traceback.print_exc(file=sys.stderr)
        raise
