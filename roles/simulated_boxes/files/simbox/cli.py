# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m simbox start | stop | config`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from simbox import process

EXAMPLE = Path(__file__).with_name("example.yml")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code. Starting what runs and stopping what does not is no error."""
    options = _parser().parse_args(arguments)
    if options.command == "config":
        print(EXAMPLE.read_text(), end="")
        return 0
    if options.command == "stop":
        print("stopped" if process.stop(options.dir) else f"nothing is running from {options.dir}")
        return 0
    return _start(options.config or EXAMPLE, options.dir.resolve(), options.owner_pid, options.foreground)


def _start(file: Path, folder: Path, owner: int, foreground: bool) -> int:
    handle = process.running(folder)
    if handle is not None:
        os.close(handle)
        print(f"it runs already from {folder}")
        return 0
    # Imported only here: what merely stops something need not load a web framework.
    from simbox import daemon
    from simbox.config import load

    try:
        config = load(file.read_text())
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (ValueError, OSError) as error:
        return _complain(str(error))
    if foreground:
        asyncio.run(daemon.serve(config, folder, owner, lambda: print("started", flush=True)))
        return 0
    trouble = daemon.start(config, folder, owner)
    if trouble:
        return _complain(trouble)
    print("started")
    return 0


def _complain(text: str) -> int:
    print(f"simbox: {text}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simbox", description="Simulated BeyondTrust boxes.")
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("start", help="start the boxes; returns when they answer")
    start.add_argument("--config", type=Path, help="YAML file; without it the example pair")
    start.add_argument(
        "--dir", type=Path, required=True, help="where simbox.json, ca.pem, inventory.yml and simbox.log go"
    )
    start.add_argument("--owner-pid", type=int, default=0, help="end when this process ends")
    start.add_argument("--foreground", action="store_true", help="do not go into the background")
    stop = commands.add_parser("stop", help="end what was started from a folder")
    stop.add_argument("--dir", type=Path, required=True)
    config = commands.add_parser("config", help="print a commented example of a configuration")
    config.add_argument("--example", action="store_true", required=True)
    return parser
