# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clock of a box: wrong, it makes download keys and updates fail with errors that name something else (G22, C2)."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, Refused, Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell

LARGEST_SKEW_SECONDS = 60.0
ADVICE_HERE = (
    "Correct the clock of the machine that runs this. Where that one is right, both boxes are wrong: correct NTP on"
    " /appliance > Networking > IP Configuration."
)
ADVICE = "Correct NTP on /appliance > Networking > IP Configuration first."

_TIME = re.compile(
    r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp]\.?[Mm]\.?)?\s*\(?(Z|UTC|GMT|[+-]\d{2}:?\d{2})(?![A-Za-z\d])"
)
_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"|(?P<name_first>[A-Za-z]{3,10})\.? (?P<day_first>\d{1,2}),? (?P<year_last>\d{4})"
    r"|(?P<day_last>\d{1,2})\.? (?P<name>[A-Za-z]{3,10})\.?,? (?P<year_end>\d{4})"
)
# English and Dutch, by their first three letters.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "maa": 3, "mrt": 3, "apr": 4, "may": 5, "mei": 5, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12,
}


def trouble(name: str, box_time: float | None) -> str:
    """What is wrong with a clock that showed `box_time` (seconds since 1970) just now, ``""`` where nothing is."""
    if box_time is None:
        return ""
    skew = box_time - time.time()
    if abs(skew) <= LARGEST_SKEW_SECONDS:
        return ""
    return f"The clock of {name} is wrong by {spell(abs(skew))}: it is {'ahead' if skew > 0 else 'behind'}."


def shown(facts: Mapping[str, Any]) -> float | None:
    """What the clock of a box showed when its facts were read, by its page or else by its answers."""
    on_page = written(facts.get("system_time") or "")
    return facts.get("box_time") if on_page is None else on_page


def trouble_here(told: Mapping[str, float | None]) -> str:
    """What is wrong with the clock of this machine: all boxes agree with each other, and none with it.

    :param told: what the clock of each box showed just now, in seconds since 1970, by its name.
    """
    times = [time_there for time_there in told.values() if time_there is not None]
    skews = [time_there - time.time() for time_there in times]
    if len(times) < 2 or max(times) - min(times) > LARGEST_SKEW_SECONDS or min(map(abs, skews)) <= LARGEST_SKEW_SECONDS:
        return ""
    off = f"{spell(abs(skews[0]))} {'behind' if skews[0] > 0 else 'ahead of'}"
    return f"The clock of this machine is {off} those of {' and '.join(told)}, which agree with each other."


def trouble_of(box: Box) -> str:
    """The same, with the box asked now, by its page and by the headers of its answers; ``""`` where nothing is wrong,
    or nothing tells."""
    shown = written(box.basics().system_time) if box.connection.appliance else None
    wrong = trouble(box.name, shown)
    if wrong:
        return wrong
    try:
        return trouble(box.name, box.time())
    except (ApiFailed, Unreachable):
        return ""


def refuse_wrong(box: Box) -> None:
    """Stop where the clock is wrong.

    :raises Refused: by more than a minute.
    """
    wrong = trouble_of(box)
    if wrong:
        raise Refused(wrong, advice=ADVICE, guide=("G22",))


def written(text: str) -> float | None:
    """A time as a page writes it, in seconds since 1970; None where it names no time zone that is known for sure."""
    time_of_day, day = _TIME.search(text), _DAY.search(text)
    if not time_of_day or not day:
        return None
    hour, minute, second, half, zone = time_of_day.groups()
    if half:
        hour = str(int(hour) % 12 + (12 if half.lower().startswith("p") else 0))
    offset = 0 if zone in ("Z", "UTC", "GMT") else int(zone[:3]) * 60 + int(zone[0] + zone[-2:])
    named = day["name"] or day["name_first"]
    month = int(day["month"]) if day["month"] else _MONTHS.get(named[:3].lower(), 0)
    try:
        moment = datetime.datetime(
            int(day["year"] or day["year_last"] or day["year_end"]),
            month,
            int(day["day"] or day["day_first"] or day["day_last"]),
            int(hour),
            int(minute),
            int(second or 0),
            tzinfo=datetime.UTC,
        )
    except ValueError:
        return None
    return moment.timestamp() - offset * 60
