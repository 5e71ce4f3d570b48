# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that can end a task, as one family of exceptions.

An error tells what happened, in what state the box is now, and what to do next. `kind` is stable: playbooks may
branch on it. Nothing below `_edge` knows how Ansible reports a failure.
"""

from __future__ import annotations

from typing import Any, ClassVar


class BtError(Exception):
    """A task cannot go on.

    :param what: what happened, a whole sentence.
    :param state: the state the box is in now, a whole sentence.
    :param advice: what to do next, a whole sentence.
    :param guide: ids of the vendor guide's obligations that this is about, such as ``G24``.
    :param facts: what was reached or seen; never a secret. They become keys of the failed result.
    """

    kind: ClassVar[str] = "error"
    default_state: ClassVar[str] = ""
    default_advice: ClassVar[str] = ""

    def __init__(
        self, what: str, *, state: str = "", advice: str = "", guide: tuple[str, ...] = (), **facts: Any
    ) -> None:
        super().__init__(what)
        self.what = what
        self.state = state or self.default_state
        self.advice = advice or self.default_advice
        self.guide = guide
        self.facts = facts

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.state, self.advice) if part)


class NotKept(BtError):
    """The machine that the task runs on cannot keep a file; the boxes are as the journal and they themselves say."""

    kind = "not_kept"
    default_advice = (
        "Make room there, or give a folder that can be written (bt_run_dir), and run the same command again: it asks"
        " the boxes where they stand."
    )


class BadInput(BtError):
    """A value that the user gave cannot be worked with; nothing was sent to any box."""

    kind = "bad_input"


class MissingLibrary(BtError):
    """A Python library is not installed where the task runs."""

    kind = "missing_library"


class Unreachable(BtError):
    """The box gave no answer; whatever was to be asked has not been asked."""

    kind = "unreachable"


class TlsRefused(BtError):
    """The certificate that the box showed cannot be trusted under the name it was asked by."""

    kind = "tls_refused"
    default_state = "Nothing was sent to it."


class AnswerLost(BtError):
    """A write was sent and its answer never came: the box must be asked what it did (law 3).

    `silent`: the box held the request until it was waited for no longer, and may still carry it out.
    """

    kind = "answer_lost"
    default_state = "Whether it was done is not known."
    default_advice = "Run the same command again: it asks first what was done."
    silent = False


class SessionEnded(BtError):
    """A form was sent and the box answered with its log-in page: whether it was carried out must be asked (law 3)."""

    kind = "session_ended"
    default_state = "Whether the box did it is not known."
    default_advice = "Ask the box what it shows now before anything is sent again."


class LoginRefused(BtError):
    """The box refused the account; it is not tried again (lock-out, law 9)."""

    kind = "login_refused"


class NeedsPerson(BtError):
    """The box asks for something only a person can give: single sign-on, a second factor, a new password."""

    kind = "needs_person"
    default_state = "Nothing was changed."


class NotDoneByHand(NeedsPerson):
    """A person was asked to do a step, and its effect was not seen in time; nobody knows yet whether it was begun."""

    default_state = "The box was left alone."


class NotPermitted(BtError):
    """The account is accepted but may not do this."""

    kind = "not_permitted"


class ApiFailed(BtError):
    """An API of the box answered with an error, or with something that is no answer of that API."""

    kind = "api_failed"


class PageNotUnderstood(BtError):
    """A page does not show what is looked for, or shows it more than once; nothing was sent."""

    kind = "page_not_understood"
    default_state = "Nothing was sent."


class PageIsApplication(PageNotUnderstood):
    """A page is drawn by JavaScript, so it has no form that could be filled in here."""

    kind = "page_is_application"
    default_advice = (
        "Have it drawn by a browser: bt_web_engine auto or browser, with playwright and Chromium installed where the"
        " task runs (docs/browser.md). Or do this step by hand."
    )


class NotOffered(BtError):
    """What is wanted is not among what the box offers."""

    kind = "not_offered"
    default_state = "Nothing was changed."


class NotDownloaded(BtError):
    """The box could not get a package from the vendor; nothing was installed, and another try does no harm."""

    kind = "not_downloaded"
    default_state = "Nothing was installed."


class Refused(BtError):
    """A precondition does not hold, so the act was not begun (law 6)."""

    kind = "refused"
    default_state = "Nothing was changed."


class BoxFailed(BtError):
    """The box itself says that what it was doing has failed."""

    kind = "box_failed"


class DeadlinePassed(BtError):
    """The wait is over but the work is not: slow is not failed (G3)."""

    kind = "deadline"


class Unproven(BtError):
    """An act was answered as done, but reading the box back does not show it (law 1)."""

    kind = "unproven"


class RunEnded(BtError):
    """The run that the task is part of is dead: the task ends without knowing what becomes of what it waited for."""

    kind = "run_ended"
    default_state = "What was begun on the box goes on."
    default_advice = "Run the same command again: it asks the box first."


class Incomplete(BtError):
    """A file came only in part; what came is kept, and the same command goes on with it."""

    kind = "incomplete"
