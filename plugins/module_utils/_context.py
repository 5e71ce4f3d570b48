# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run of a module may do and where it tells what it does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    BoxFailed,
    BtError,
    LoginRefused,
    MissingLibrary,
    NeedsPerson,
    NotDoneByHand,
    NotDownloaded,
    NotOffered,
    PageNotUnderstood,
    Refused,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._life import require_run
from ansible_collections.bt_ops.pra.plugins.module_utils._lock import SiteLock, this_run
from ansible_collections.bt_ops.pra.plugins.module_utils._window import Window

# Acts are told in the past, plans with the plain verb.
_PLAIN_VERBS = {
    "Asked": "ask", "Assigned": "assign", "Broke": "break", "Changed": "change", "Disabled": "disable",
    "Enabled": "enable", "Established": "establish", "Exported": "export", "Fetched": "fetch", "Imported": "import",
    "Installed": "install", "Lowered": "lower", "Moved": "move", "Put": "put",
    "Read": "read", "Reset": "reset", "Restored": "restore", "Shut": "shut", "Switched": "switch",
    "Synchronised": "synchronise", "Took": "take", "Waited": "wait",
}
# What only reads from a box is done on one that must not be touched, too; installs look for themselves.
_READS = frozenset({"backup", "export_certificate"})
_HARMLESS = _READS | {"install"}
SUPPORT_ONLY = (
    "Do not restart, switch off or touch the box: call the vendor's support. Once they have let go of it, give the"
    " number of the case in bt_support_case."
)
_NOT_BEGUN = (
    BadInput, LoginRefused, MissingLibrary, NeedsPerson, NotDownloaded, NotOffered, PageNotUnderstood, Refused,
    TlsRefused, Unreachable,
)
# What says nothing of an act any more, once a box was sent something in it.
_OUT_OF_SIGHT = (PageNotUnderstood, TlsRefused, Unreachable)


def _result(error: BtError, lost_sight: bool) -> str:
    """What an error says about the act: it was never sent, the box failed at it, or nobody knows yet."""
    if isinstance(error, BoxFailed):
        return "failed"
    if lost_sight or isinstance(error, NotDoneByHand):
        return "unknown"
    return "not_begun" if isinstance(error, _NOT_BEGUN) else "unknown"


def not_done(sentence: str) -> str:
    """An act as it is told where it is not done, or not seen to be: with the plain verb."""
    verb, _space, rest = sentence.partition(" ")
    return f"{_PLAIN_VERBS.get(verb, verb)} {rest}"


def _silent(line: str) -> None:
    """A module that was shipped elsewhere cannot print while it works."""


def _no_lock() -> SiteLock:
    """Without a run folder there is no site that could be held."""
    return SiteLock("", this_run(os.getpid()))


class Memory:
    """What is kept between tasks of one run: sessions, addresses of pages, refused log-ins. Here: only in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Any]] = {}

    def load(self, key: str) -> dict[str, Any] | None:
        """What was kept under that key; None for nothing."""
        return self._kept.get(key) or None

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Keep a value that JSON can hold; an empty one forgets."""
        self._kept[key] = value

    def copy(self) -> Memory:
        """All that is kept, in the memory of this process alone."""
        copied = Memory()
        copied._kept = dict(self._kept)
        return copied

    def of(self, owner: str) -> Drawer:
        """The part of this memory that belongs to one owner, such as one account on one box."""
        return Drawer(self, owner)


@dataclass(frozen=True)
class Drawer:
    """A part of a memory."""

    memory: Memory
    owner: str

    def load(self, key: str) -> dict[str, Any] | None:
        """What the owner kept under that key."""
        return self.memory.load(f"{self.owner} {key}")

    def save(self, key: str, value: dict[str, Any]) -> None:
        """Keep a value for the owner."""
        self.memory.save(f"{self.owner} {key}", value)


@dataclass
class Context:
    """One call of a module.

    `actions` gets one sentence per act; in check mode the sentence is there and the act is not. `support_case` is the
    number of the case in which the vendor's support has let go of a box. `writes` counts what was sent to change a box.
    """

    check_mode: bool = False
    say: Callable[[str], None] = _silent
    memory: Memory = field(default_factory=Memory)
    journal: Journal = field(default_factory=Journal)
    lock: SiteLock = field(default_factory=_no_lock)
    phase: str = ""
    window: Window = Window()
    support_case: str = ""
    actions: list[str] = field(default_factory=list)
    writes: int = 0

    def wrote(self) -> None:
        """Something is sent now that may change a box."""
        self.writes += 1

    def may_begin(self, what: str) -> None:
        """Make sure that the maintenance window has not ended; check mode begins nothing.

        :raises Refused: it has.
        """
        if not self.check_mode:
            self.window.require(what)

    def leave_unasked(self, box: str) -> None:
        """Check mode has not had the box look for updates; the summary of the run tells it."""
        self.memory.save(f"unasked {self.journal.run_dir}", dict.fromkeys([*self.unasked(), box], True))

    def unasked(self) -> list[str]:
        """The boxes of this run that were not had to look for updates."""
        return list(self.memory.load(f"unasked {self.journal.run_dir}") or {})

    @property
    def is_heard(self) -> bool:
        """Whether what is said now reaches anybody now; a module that was shipped tells all in its result."""
        return self.say is not _silent

    def would(self, sentence: str) -> bool:
        """In check mode: note the act and give True, so that the caller leaves it out."""
        if self.check_mode:
            self.plan(sentence)
        return self.check_mode

    def plan(self, sentence: str) -> None:
        """Note and show an act that check mode leaves out."""
        self.actions.append(sentence)
        self.say(f"would {not_done(sentence)}")

    @contextmanager
    def act(self, box: str, act: str, sentence: str, **details: Any) -> Iterator[None]:
        """Frame one act on a box: the only one on its site, intent on the disk before it, outcome after it, however it
        ends.

        :raises Refused: another run works on the site, or the box must not be touched.
        :raises RunEnded: the run is dead, so nothing is begun.
        """
        require_run()
        if act not in _HARMLESS:
            self.refuse_untouchable(box)
        with self.lock.acting(box, sentence, self.say), self._journalled(box, act, sentence, details):
            yield

    def refuse_untouchable(self, box: str, failed: str = "", tell: Callable[[], str] = str) -> None:
        """Stop where base software is being installed on the box, or has failed to be (G6).

        :param failed: what the box itself says of an update that failed.
        :param tell: gives what the vendor's support needs to know.
        :raises Refused: nothing but seeing that install to its end may be done to the box.
        """
        begun = self.journal.untouchable(box)
        if begun is not None and not begun["failed"] and not failed:
            raise Refused(
                f"Base software {begun['version']} was begun on {box} and is not seen to have ended, so nothing else is"
                " done to it.",
                advice="Run the update of that box again: it waits for the end.",
                guide=("G6",),
            )
        if begun is None and (not failed or self._is_released(box)):
            return
        what = f"The update of {box} to base software {begun['version']}" if begun else f"An update of {box}"
        said = f" ({failed})" if failed else ""
        if not self.support_case or self.journal.last("released", box=box, case=self.support_case) is not None:
            again = f" The case {self.support_case} let go of an earlier one." if self.support_case else ""
            raise Refused(
                f"{what} failed{said}, so nothing is done to it.{again}",
                advice=f"{SUPPORT_ONLY} {tell()}".strip(),
                guide=("G6",),
            )
        sentence = f"{what} failed{said}; the vendor's support has let go of it, case {self.support_case}."
        self.say(sentence)
        if not self.check_mode:
            self.journal.write("released", sentence, box=box, case=self.support_case, phase=self.phase)

    def _is_released(self, box: str) -> bool:
        """Whether support has let go of the box since anything was last installed on it."""
        mine = [record for record in self.journal.records() if record.get("box") == box]
        last = [record for record in mine if record["kind"] == "released" or record.get("act") == "install"][-1:]
        return bool(last) and last[0]["kind"] == "released"

    def hold_site(self) -> None:
        """Have the site for this run from now on; check mode only looks and holds nothing.

        :raises Refused: another run works on it.
        """
        if not self.check_mode:
            self.lock.hold(self.say)

    @contextmanager
    def _journalled(self, box: str, act: str, sentence: str, details: dict[str, Any]) -> Iterator[None]:
        self.journal.write("intent", sentence, box=box, act=act, phase=self.phase, **details)
        before = self.writes
        try:
            yield
        except BtError as error:
            lost_sight = self.writes > before and isinstance(error, _OUT_OF_SIGHT)
            if lost_sight:
                error.state = "Something was sent to the box already; what became of it is not known."
            elif act in _READS and isinstance(error, (AnswerLost, Unreachable)):
                error.state = "The box is as it was."
            if isinstance(error, (AnswerLost, *_OUT_OF_SIGHT)):
                error.advice = error.advice or "Run the same command again: it asks the box first."
            result = _result(error, lost_sight)
            self.journal.write(
                "outcome", str(error), box=box, act=act, phase=self.phase, result=result, error=error.kind
            )
            raise
        self.journal.write("outcome", sentence, box=box, act=act, phase=self.phase, result="done")
        self.actions.append(sentence)
        self.say(sentence)
