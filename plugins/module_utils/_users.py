# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who works on a box while something is about to end their sessions (C6, Q4)."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._api._presence import ask_presence
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import AnswerLost, ApiFailed, NotPermitted, Unreachable


def tell_users(box: Box, what: str) -> dict[str, int | None]:
    """Say who is on the box, and give the counts for the journal; empty where the box tells nobody.

    :param what: what will happen to them.
    """
    if box.api is None:
        return {}
    try:
        there = ask_presence(box.api)
    except (ApiFailed, NotPermitted, Unreachable, AnswerLost):
        box.say(f"does not tell who works on it; {what}")
        return {}
    if not there.nobody:
        box.say(f"{there}: {what}")
    return {"users": there.users, "sessions": there.sessions, "clients": there.clients}
