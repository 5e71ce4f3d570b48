# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""For how long a run took a site away, as far as it was measured or its journal tells."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell

# What takes the site away as long as the box that serves it installs; nobody watches the site meanwhile.
_UNWATCHED = {"sync": "in a synchronous upgrade", "single": "in the upgrade of a single box"}


def told(procedure: str, serving: str, records: Iterable[Record], measured: float | None) -> str:
    """One or two sentences.

    :param serving: the box that serves the site all the time, where the procedure has one.
    :param measured: seconds, None where nobody measured it.
    """
    if measured is not None:
        return f"The outage of the site was {_brief(measured)} at most."
    spans, begun = _installs(records, serving)
    if procedure not in _UNWATCHED or not (spans or begun):
        return "The outage of the site was not measured."
    first = f"The outage of the site is not measured {_UNWATCHED[procedure]}."
    if begun:
        return f"{first} The journal tells of an install on {serving} that has not ended yet."
    return f"{first} It was away while {serving} installed: at most {spell(sum(spans))}, by the journal."


def _installs(records: Iterable[Record], box: str) -> tuple[list[float], bool]:
    """How long each install on the box took, in seconds, and whether one has not ended."""
    spans: list[float] = []
    since: str | None = None
    for record in records:
        if record.get("box") != box or record.get("act") != "install":
            continue
        if record["kind"] == "intent":
            since = since or record["time"]
        elif since is not None and record.get("result") != "unknown":
            if record.get("result") != "not_begun":
                spans.append(seconds_of(record["time"]) - seconds_of(since))
            since = None
    return spans, since is not None


def _brief(seconds: float) -> str:
    """A duration to the millisecond while that is what it is measured in."""
    return f"{seconds:.3f} s" if seconds < 10 else spell(seconds)
