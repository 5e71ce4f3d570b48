# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A person who stands by while a playbook runs: reads what it asks for, and does that on the boxes with a browser."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.integration.conftest import Outcome, World, kill_group
from tests.simbox.boxes import A, B, Boxes
from tests.simbox.browser import Browser
from tests.simbox.operator import Operator, Refused

ASKED = re.compile(r"\[(?P<box>\S+)\] BY HAND, (?P<step>\w+) \(")
LAST_LINE = "Waited for: "
BACKUP_SIDE = re.compile(r'"New Backup Site.*"Host Name or IP Address" (\S+), "TLS Port" (\d+)')
OWN_SIDE = re.compile(r'"Reverse Connection.*: the same two, (\S+) and (\d+)')
FOLDER = re.compile(r"Put the .* into (?:a new file in )?(\S+)\.$", re.MULTILINE)
LIMIT = re.compile(r'Put (\d+) into "Maximum Number of Concurrent Jump Client Upgrades"')
FILES = re.compile(r"\d+\. .+?: (/\S+), .+, SHA-256 [0-9a-f]{64}$", re.MULTILINE)


class Hands(Protocol):
    """What a person can do on any box here."""

    def sync(self) -> str:
        """Press "Sync Now"."""

    def shared_ip(self, address: str, on: bool) -> str:
        """Enable the shared IP, or disable it."""

    def client_limit(self, count: int) -> str:
        """Set how many Jump Clients upgrade at once."""

    def check(self) -> object:
        """Press "Check for Updates"."""

    def install(self) -> str:
        """Press the first "Install This Update" that there is."""


class ByPages:
    """The same on the eras whose pages are HTML."""

    def __init__(self, boxes: Boxes, box: str) -> None:
        self._boxes, self._box, self._words = boxes, box, boxes.words(box)

    def _page(self, application: str, *menu: str) -> Browser:
        browser = self._boxes.browser(self._box, application)
        browser.open(*(self._words(key) for key in menu))
        return browser

    def sync(self) -> str:
        """Press "Sync Now"."""
        page = self._page("login", "management", "failover")
        page.press(self._words("failover_sync"))
        return page.text

    def shared_ip(self, address: str, on: bool) -> str:
        """Enable the shared IP, or disable it."""
        page = self._page("appliance", "networking", "ip_configuration")
        page.open(address)
        page.press(self._words("save_changes"), {self._words("ip_enabled"): on})
        return page.text

    def client_limit(self, count: int) -> str:
        """Set how many Jump Clients upgrade at once."""
        page = self._page("login", "jump", "jump_clients")
        page.press(self._words("save"), {self._words("clients_limit"): str(count)})
        return page.text

    def check(self) -> object:
        """Press "Check for Updates"."""
        page = self._page("appliance", "updates")
        page.press(self._words("updates_check"))
        return page.text

    def install(self) -> str:
        """Press the first "Install This Update" that there is."""
        page = self._page("appliance", "updates")
        page.press(self._words("updates_install"))
        return page.text


@dataclass
class Person:
    """Does what is asked for; `done` tells which steps on which boxes, in order."""

    boxes: Boxes
    done: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def at(cls, world: World) -> Person:
        """At the boxes of a world."""
        return cls(Boxes(world.folder / "sim"))

    def stand_by(self, world: World, playbook: str, *arguments: str) -> Outcome:
        """Run a playbook to its end, doing what its lines ask for."""
        process = world.start(playbook, *arguments)
        assert process.stdout is not None
        lines: list[str] = []
        step: re.Match[str] | None = None
        told = 0
        try:
            for line in process.stdout:
                lines.append(line)
                if asked := ASKED.search(line):
                    step, told = asked, len(lines)
                elif step is not None and LAST_LINE in line:
                    self.do(step["step"], step["box"], "".join(lines[told:]))
                    step = None
            code = process.wait(timeout=30)
        finally:
            kill_group(process)
            Path(world.folder / f"{playbook}.out").write_text("".join(lines))
        return Outcome(code, "".join(lines))

    def do(self, step: str, box: str, text: str = "") -> None:
        """Do one step as it is written."""
        if step == "shared_ip":
            address = self.boxes.facts["sites"]["access"]["shared_ip"]
            for each, on in ((A if box == B else B, False), (box, True)):
                self._hands(each, "appliance").shared_ip(address, on)
        elif step == "sync":
            # A sync that has begun by itself meanwhile will do, as is written.
            with contextlib.suppress(Refused):
                self._hands(box, "login").sync()
        elif step == "break":
            self.operator(box, "login").break_relationship()
        elif step == "establish":
            there, own = BACKUP_SIDE.search(text), OWN_SIDE.search(text)
            assert there, text
            assert own, text
            assert there[2] == own[2] == str(self.boxes.facts["port"])
            self.operator(box, "login").establish(there[1], own[1], int(there[2]))
        elif step == "install":
            self._hands(box, "appliance").install()
        elif step == "check":
            self._hands(box, "appliance").check()
        elif step == "client_limit":
            limit = LIMIT.search(text)
            assert limit, text
            self._hands(box, "login").client_limit(int(limit[1]))
        elif step == "upload":
            number = self.done.count((step, box))
            self.operator(box, "appliance").upload_package(Path(FILES.findall(text)[number]).read_bytes())
        else:
            assert step in ("backup", "download_key"), step
            folder = FOLDER.search(text)
            assert folder, text
            file = Path(folder[1]) / f"{step}-{len(self.done)}"
            if step == "backup":
                file.write_bytes(self.operator(box, "login").backup())
            else:
                file.write_text(self.operator(box, "appliance").download_key() + "\n")
        self.done.append((step, box))

    def _hands(self, box: str, application: str) -> Hands:
        is_drawn = self.boxes.facts["boxes"][box]["era"] == "app"
        return self.operator(box, application) if is_drawn else ByPages(self.boxes, box)

    def operator(self, box: str, application: str) -> Operator:
        """Somebody with the account of a web site of a box whose pages a script draws."""
        told = self.boxes.facts["boxes"][box]
        account = told[application]
        return Operator(
            self.boxes.url(box), account["username"], account["password"], self.boxes.ca, told["language"]
        )
