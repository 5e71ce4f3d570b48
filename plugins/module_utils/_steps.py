# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps of the guide that a person can do instead of the collection (``bt_manual_steps``), in the guide's words.

The one place that says what a person is asked to do; `_manual` writes it out and waits for its effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import PageNotUnderstood

# Every step, and no page of the box is opened at all.
ALL = "all"
SETTING = "bt_manual_steps"


@dataclass(frozen=True)
class Step:
    """One thing that a person does on one box.

    `task` is what is asked, with the plain verb; `lines` what to press and fill in there; `effect` what is waited for.
    All may hold names of values in braces.
    """

    task: str
    page: str
    lines: tuple[str, ...]
    effect: str
    guide: tuple[str, ...]


_FAILOVER = "/login > Management > Failover"
_UPDATES = "/appliance > Updates"

STEPS: dict[str, Step] = {
    "backup": Step(
        "take a backup of {box}",
        "/login > Management > Software, section \"Backup Settings\"",
        (
            "{password}",
            'Leave "Include logged history" ticked and press "Download Backup".',
            "Put the file, under any name, into {folder}.",
        ),
        "a new file that is a backup, whole, in that folder",
        ("G1",),
    ),
    "sync": Step(
        "synchronise the pair from {box}",
        _FAILOVER,
        (
            'Press "Sync Now" and let it come to its end. Do not press "Break Failover Relationship" yet.',
            "The first data sync of a new relationship starts by itself after about a minute; that one will do.",
        ),
        "a data sync that has ended well since",
        ("G24", "G29"),
    ),
    "break": Step(
        "break the failover relationship on {box}",
        _FAILOVER,
        ('Press "Break Failover Relationship", not "Become Backup", and confirm.',),
        "the failover role none",
        ("G24",),
    ),
    "establish": Step(
        "establish the failover relationship from {box}, with {peer} as its backup",
        _FAILOVER,
        (
            'The "Inter-appliance Communication Pre-shared Key" (/login > Management > Security) is the same on both.',
            '"New Backup Site Connection Details": "Host Name or IP Address" {peer_host}, "TLS Port" {peer_port}.',
            '"Reverse Connection Details To This Primary Site": the same two, {own_host} and {own_port}.',
            "The site's shared host name goes in neither.",
            'Press "Establish Relationship" and confirm.',
        ),
        "{box} with the role primary and {peer} with the role backup",
        ("G28", "G36"),
    ),
    "shared_ip": Step(
        "{what}",
        "/appliance > Networking > IP Configuration",
        ("{how}",),
        "{effect}",
        ("G32",),
    ),
    "check": Step(
        "have {box} look for updates",
        _UPDATES,
        ('Press "Check for Updates" and wait for what it lists under "Available Updates".',),
        "a page that lists the updates",
        ("G16",),
    ),
    "install": Step(
        "install {package} on {box}",
        _UPDATES,
        ("{how}", "If a licence agreement is shown, have it read and accept it.", "Never restart the box."),
        "the box installing, then the new version and its health",
        ("G16", "G17", "G25"),
    ),
    "client_limit": Step(
        "set the limit of Jump Client upgrades on {box} to {limit}",
        "/login > Jump > Jump Clients",
        ('Put {limit} into "Maximum Number of Concurrent Jump Client Upgrades" and save.',),
        "a page that shows {limit}",
        ("G11",),
    ),
    "download_key": Step(
        "read the download key of {box}",
        _UPDATES,
        (
            'Open "Appliance Download Key".',
            "Put the key, and nothing else, as plain text into a new file in {folder}.",
        ),
        "a new file in that folder that can be a key",
        ("G19",),
    ),
    "upload": Step(
        "send {package} to {box}",
        _UPDATES + ', section "Manual Installation"',
        (
            "{how}",
            "If a licence agreement is shown, have it read and accept it.",
            "Never restart the box.",
        ),
        "the box installing, then the new version and its health",
        ("G20", "G25"),
    ),
}


@dataclass(frozen=True)
class Manual:
    """Which steps on a box a person does, and for how many seconds each is waited for."""

    steps: frozenset[str] = frozenset()
    timeout: float = 3600.0

    @property
    def everything(self) -> bool:
        """Whether nothing at all is done or read on the box's pages."""
        return ALL in self.steps

    def covers(self, step: str) -> bool:
        """Whether a person does that step."""
        return self.everything or step in self.steps


@contextmanager
def driving(step: str) -> Iterator[None]:
    """Around what is done on pages for a step: if they are not understood, the error tells how a person can do it.

    Can be used as a decorator too. The innermost step counts.
    """
    try:
        yield
    except PageNotUnderstood as error:
        if "manual_step" not in error.facts:
            error.facts["manual_step"] = step
            setting = ALL if step == ALL else f"[{step}]"
            goes_on = f"With {SETTING}: {setting} a person does it, guided, and the same command goes on."
            error.advice = f"{error.advice} {goes_on}".strip()
        raise
