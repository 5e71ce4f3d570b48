# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What people set on the box that serves after its pair was broken: the other box lacks it (G24, G32; Q4).

When the pair is restored, the settings of the box that serves then overwrite those of the other one. So a switch would
lose them. Sessions are no loss: both boxes exchange those that ended (G34).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._api._config import CONFIGURATION, list_pages
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, NotPermitted, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, broken_at, seconds_of, to_the_second
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell
from ansible_collections.bt_ops.pra.plugins.module_utils._web._contents import Contents, digest, in_short, read_contents

KIND, GIVEN_UP = "contents", "changes_given_up"
# What was noted so long after the break does not tell what was changed before: in seconds.
LATEST_NOTE = 600.0
# For so long people can be asked to change nothing. Pages do not show everything, so later some change is assumed.
ONE_WINDOW = 12 * 3600.0
MOST_NAMED = 10
# Lists of the configuration API that hold what people set (appliance-interface.md section 5).
_LISTS = {
    "user": "users", "group-policy": "group policies", "session-policy": "session policies",
    "jump-group": "Jump Groups", "jump-policy": "Jump Policies", "vault/account": "Vault accounts",
}
# What the boxes note in such lists by themselves.
_BY_ITSELF = ("timestamp", "last_", "failed_", "expiration", "connected", "count", "checked_out", "checkout", "status")
_NAMES = ("name", "display_name", "username", "public_display_name")


@dataclass(frozen=True)
class Found:
    """What was changed, as place and label; `why` is why nobody can tell, empty where it can be told."""

    changes: tuple[str, ...] = ()
    why: str = ""


def note_contents(box: Box, context: Context) -> None:
    """Keep in the journal, as digests, what is set on the box that serves, right after its pair was broken.

    Only in an asynchronous upgrade, where the other box will serve; once.
    """
    run = context.journal.open_run()
    if context.check_mode or not run or run[0].get("procedure") != "async" or box.name != run[0].get("a"):
        return
    broken = _broken_at(run)
    if not broken or _noted(run) is not None or time.time() - broken > LATEST_NOTE:
        return
    places = read_all(box)
    text = f"Noted what is set on {box.name}, to see before the switch whether somebody has changed it."
    context.journal.write(KIND, text, box=box.name, phase=context.phase, places=places)
    context.memory.save(KIND, {"noted": True})
    box.say(f"from now until the site is switched, nobody may change settings on {box.name}: {run[0]['b']} lacks them")


def read_all(box: Box) -> Contents:
    """What the pages and the API of the box show of what people set, as digests."""
    found: Contents = {}
    if box.connection.login is not None and not box.connection.manual.everything:
        found |= read_contents(box.login)
    if box.api is not None:
        for path, what in _LISTS.items():
            try:
                found[f"{what} (API)"] = in_short(dict(_entries(list_pages(box.api, f"{CONFIGURATION}/{path}", what))))
            except (ApiFailed, NotPermitted):
                continue
    return found


def _entries(pages: Iterator[list[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    for rows in pages:
        for row in rows:
            kept = {key: value for key, value in row.items() if not any(part in key for part in _BY_ITSELF)}
            named = next((str(row[key]) for key in _NAMES if row.get(key)), "")
            yield f"{named} ({row.get('id', '')})".strip(), digest(json.dumps(kept, sort_keys=True))


def _broken_at(run: list[Record]) -> float:
    """When the run broke the relationship on the box that serves, in seconds since 1970; 0 where it has not.

    The end of that act may not be on record.
    """
    serving = run[0].get("a") if run else None
    broken = broken_at((r for r in run if r.get("act") != "break" or r.get("box") == serving), or_begun=True)
    return seconds_of(broken) if broken else 0.0


def _noted(run: list[Record]) -> Record | None:
    """What was set when the run last broke the relationship, where that was noted."""
    since = _broken_at(run)
    told = [record for record in run if record["kind"] == KIND and seconds_of(record["time"]) >= since]
    return told[-1] if told else None


def refuse_lost_changes(source: Box, target: Box, context: Context, given_up_by: str = "") -> None:
    """Stop where the switch of the site would lose what people have set on `source` since the pair was broken.

    :param given_up_by: the person who gives up what is found, or what nobody can tell.
    :raises Refused: something was changed, or nobody can tell.
    """
    run = context.journal.open_run()
    if any(record["kind"] == "adopted" for record in run):
        return  # a named person has said that already
    noted = _noted(run)
    found = _find(source, target, noted, _broken_at(run), context)
    if not found.changes and not found.why:
        read = noted is not None and noted["places"]
        same = "shows the same settings as when the relationship was broken"
        source.say(same if read else f"does not show what is set on it; {target.name} lacks what was changed meanwhile")
        return
    waived = {name for record in run if record["kind"] == GIVEN_UP for name in record["changes"]}
    if set(_waived_as(found)) <= waived:
        return
    if given_up_by:
        _note_given_up(source, target, context, found, given_up_by)
        return
    since = f"{to_the_second(noted['time'])} UTC" if noted else "the relationship was broken"
    raise _refusal(source, target, found, since)


def _find(source: Box, target: Box, noted: Record | None, broken: float, context: Context) -> Found:
    ours = context.memory.load(KIND) is not None  # this very run broke the pair: people are still under its eyes
    if noted is None or not noted["places"]:
        why = f"what was set on {source.name} when the relationship was broken could not be read, or was not noted"
        return Found() if ours else Found(why=why)
    now = read_all(source)
    changed = _differences(noted["places"], now)
    if changed:
        there = read_all(target)
        changed = [(place, name) for place, name in changed if not _is_there(place, name, now, there)]
    age = time.time() - (broken or seconds_of(noted["time"]))
    if not changed and age > ONE_WINDOW and not ours:
        return Found(why=f"that is {spell(age)} ago, and its pages do not show all that can be set")
    return Found(tuple(f"{place}: {name}" if name else f"{place} (cannot be read now)" for place, name in changed))


def _differences(then: Contents, now: Contents) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for place, entries in then.items():
        here = now.get(place)
        if here is None:
            found.append((place, ""))
        else:
            found += [(place, name) for name in {**entries, **here} if entries.get(name) != here.get(name)]
    return found


def _is_there(place: str, name: str, now: Contents, there: Contents) -> bool:
    """Whether the other box has the change as well, since somebody made it there too."""
    return bool(name) and place in there and place in now and there[place].get(name) == now[place].get(name)


def _waived_as(found: Found) -> tuple[str, ...]:
    """What a record of the waiver lists."""
    return found.changes or ("whatever was changed",)


def _note_given_up(source: Box, target: Box, context: Context, found: Found, person: str) -> None:
    text = f"{person} gives up what was changed on {source.name} since the relationship was broken: {_named(found)}."
    context.say(text)
    context.journal.write(
        GIVEN_UP, text, box=source.name, by=person, peer=target.name, changes=list(_waived_as(found)),
        phase=context.phase,
    )


def _named(found: Found) -> str:
    if not found.changes:
        return "nobody can tell what"
    more = len(found.changes) - MOST_NAMED
    return "; ".join(found.changes[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _refusal(source: Box, target: Box, found: Found, since: str) -> Refused:
    if found.changes:
        what = (
            f"Settings of {source.name} were changed since {since}, and {target.name} does not have the changes:"
            f" {_named(found)}. The switch would lose them."
        )
    else:
        what = (
            f"Nobody can tell whether settings of {source.name} were changed since {since}: {found.why}."
            f" {target.name} lacks such changes, and the switch would lose them."
        )
    return Refused(
        what,
        state=f"{source.name} serves the site as before; {target.name} is updated and waits.",
        advice=f"To keep them, make the same changes on {target.name}, at its own /login; the same command compares"
        f' both boxes again. To give them up, name who answers for it: -e \'bt_give_up_changes="Your Name"\'.',
        guide=("G24", "G32"),
        changes=list(found.changes),
    )
