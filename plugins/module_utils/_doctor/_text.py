# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What bt_doctor found, as people read it on a terminal."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import STATE_NAMES, Finding, Report
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import Verdict

MOST_OTHERS = 6
WIDTH = max(map(len, STATE_NAMES.values()))


def summary(report: Report) -> str:
    """Who the box is and what it runs, in one line."""
    if not report.is_box:
        return report.what
    facts = report.facts
    healthy = {True: "healthy", False: "NOT healthy", None: "health unknown"}[facts.get("healthy")]
    role = {"none": "in no failover relationship", None: "failover role unknown"}
    parts = [
        report.what or "product unknown",
        f"version {facts.get('product_version') or 'unknown'}",
        f"base {facts.get('base_version') or 'unknown'}",
        f"serial {facts.get('serial') or 'unknown'}",
        healthy,
        role.get(facts.get("failover_role"), f"failover role {facts.get('failover_role')}"),
    ]
    return ", ".join(parts)


def clock(report: Report) -> str:
    """How right the clock is, in a few words."""
    if report.skew is None:
        return "not told by the box"
    if abs(report.skew) <= 2:
        return "right"
    return f"{abs(report.skew):.0f} s {'ahead' if report.skew > 0 else 'behind'}"


def why(finding: Finding, short: bool = False) -> list[str]:
    """What is to be said of a finding beyond its way, each part once.

    :param short: what was not found is told in a few words, not as the error told it.
    """
    lost = next((each for each in finding.seen if not each.found), None) if finding.state == "by_hand" else None
    told = finding.told
    if short and lost is not None:
        there = f"there are {', '.join(map(repr, lost.others[:MOST_OTHERS]))}" if lost.others else "there is none"
        told = f"no {lost.kind} reads {' or '.join(map(repr, lost.words[:2]))} ({lost.key}), {there}"
    unknown = f"not known beforehand: {finding.unknown}" if finding.unknown else ""
    return [part.rstrip(".") for part in dict.fromkeys((told, finding.right, unknown)) if part]


def _mark(finding: Finding) -> str:
    name = STATE_NAMES[finding.state]
    return name.upper() if finding.state == "not_ready" else name


def lines(report: Report, verdicts: list[Verdict]) -> list[str]:
    """The whole report."""
    told = [f"[{report.box}] {summary(report)}"]
    told += [f"  to be mended first: {trouble}" for trouble in report.troubles]
    if report.is_box:
        told.append(f"  clock: {clock(report)}")
    for shown in report.certificates:
        trusted = "trusted" if shown["trusted"] else "NOT trusted"
        told.append(
            f"  certificate for {shown['asked_for']}: issued to {shown['issued_to']} by {shown['issued_by']},"
            f" {trusted}, {shown['days_left']:.0f} days left"
        )
    for account in report.accounts:
        name = f" {account.name!r}" if account.name else ""
        told.append(f"  account of {account.site}{name}: {account.state.replace('_', ' ')}"
                    + (f": {account.told.rstrip('.')}" if account.told else ""))
    told += [f"  note: {note}" for note in report.notes]
    if report.findings:
        told.append("  how each thing will be done on this box:")
    for finding in report.by_urgency:
        rest = "; ".join(why(finding, short=True))
        more = f" ({rest})" if rest else ""
        told.append(f"    {_mark(finding):<{WIDTH}}  {finding.title}: {finding.how}{more}")
    told += [f"  {verdict.sentence}" for verdict in verdicts]
    return told
