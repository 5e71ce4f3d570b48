# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who works on a box: while something is about to end that, or when they should be elsewhere (C6, Q4, H14)."""

from __future__ import annotations

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._api._presence import Presence, ask_presence
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    NotPermitted,
    TlsRefused,
    Unreachable,
)

_UNTOLD = (ApiFailed, NotPermitted, Unreachable, AnswerLost, TlsRefused)


def tell_users(box: Box, what: str) -> dict[str, int | None]:
    """Say who is on the box, and give the counts for the journal; empty where the box tells nobody.

    :param what: what will happen to them.
    """
    if box.api is None:
        return {}
    try:
        there = ask_presence(box.api)
    except _UNTOLD:
        box.say(f"does not tell who works on it; {what}")
        return {}
    if not there.nobody:
        box.say(f"{there}: {what}")
    return _counts(there)


def count_users(box: Box) -> dict[str, Any]:
    """The counts, and why there are none where the box does not tell; that is no failure."""
    nobody = {"known": False, "users": 0, "sessions": None, "clients": 0}
    if box.api is None:
        return {**nobody, "reason": f"no API account (bt_api_client_id) was given for {box.name}"}
    try:
        return {"known": True, "reason": "", **_counts(ask_presence(box.api))}
    except _UNTOLD as error:
        return {**nobody, "reason": error.what.rstrip(".")}


def note_users(box: Box, context: Context, counts: dict[str, Any]) -> None:
    """Keep in the journal who is on the box, for the summary of the run."""
    if not context.check_mode:
        text = f"On {box.name}: {sentence_of(counts)}."
        context.journal.write("users", text, box=box.name, phase=context.phase, counts=counts)


def sentence_of(counts: dict[str, Any]) -> str:
    """The counts as an operator reads them."""
    if not counts["known"]:
        return f"who works on it is not known, {counts['reason']}"
    return str(Presence(counts["users"], counts["sessions"], counts["clients"]))


def _counts(there: Presence) -> dict[str, int | None]:
    return {"users": there.users, "sessions": there.sessions, "clients": there.clients}
