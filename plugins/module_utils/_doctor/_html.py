# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What bt_doctor found, as one HTML page that needs nothing else. All that comes from a box is escaped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import (
    CAPABILITIES,
    STATE_NAMES,
    AccountFinding,
    Finding,
    Report,
    Seen,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._style import STYLE
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._text import clock, summary, why
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import Verdict

# State: how it is drawn, and what it is called.
BADGES = {
    "ready": ("good", STATE_NAMES["ready"]),
    "unseen": ("dim", STATE_NAMES["unseen"]),
    "by_hand": ("warn", STATE_NAMES["by_hand"]),
    "not_ready": ("bad", STATE_NAMES["not_ready"]),
    "not_needed": ("dim", STATE_NAMES["not_needed"]),
    "accepted": ("good", "accepted"),
    "refused": ("bad", "refused"),
    "missing": ("warn", "not given"),
    "not_tried": ("dim", "not entered"),
    "needs_person": ("warn", "needs a person"),
}
_HOW_A_BOX = (
    " Only questions were asked: no form but the log-in was sent, and nothing on the box was changed."
)
_HOW_A_STRANGER = " No account was shown to it."
_CERTIFICATE_HEADS = ("Asked for", "Issued to", "Issued by", "Names", "Days left", "Chain", "Trusted here")
_ACCOUNT_HEADS = ("Of", "Name", "State", "Told")
LEGEND = (
    ("ready", "Seen and understood: the form that will be sent could be filled in. Nothing was sent."),
    ("unseen", "The box does not show it in the state that it is in now."),
    ("by_hand", "The collection cannot do it on this box; a person can."),
    ("not_ready", "Something must be mended first."),
)


@dataclass(frozen=True)
class Part:
    """What a page tells of one box, as HTML; `state` is that of its worst verdict."""

    box: str
    state: str
    html: str


def part(report: Report, verdicts: list[Verdict], when: str, language: str) -> Part:
    """The part of a page about one box.

    :param when: the time of the look.
    :param language: the language that the box's pages are configured to be in.
    """
    asked = f"Asked at {escape(report.host)} on {escape(when)}."
    asked += _HOW_A_BOX if report.is_box else _HOW_A_STRANGER
    body = [
        f'<header id="{escape(report.box)}"><h1>{escape(report.box)}</h1><p>{escape(_sentence(summary(report)))}</p>',
        f'<p class="small">{asked}</p></header>',
        *_troubles(report),
        '<section><h2>Verdicts</h2><div class="cards">', *map(_card, verdicts), "</div></section>",
        *_box(report),
        *_capabilities(report),
        *_missing_words(report, language),
        *_legend(report),
    ]
    state = "not_ready" if report.troubles else verdicts[0].state if verdicts else "ready"
    return Part(report.box, state, "\n".join(body))


def page(parts: Sequence[Part]) -> str:
    """The whole page: one box, or all of a site with those first that need somebody's attention."""
    shown = sorted(parts, key=lambda each: ("not_ready", "by_hand", "ready").index(each.state))
    title = f"{' and '.join(each.box for each in shown)}: what bt_ops.pra can do there"
    links = "".join(
        f'<li><a href="#{escape(each.box)}">{escape(each.box)}</a> {_badge(each.state)}</li>' for each in shown
    )
    start = f"<nav><ul>{links}</ul></nav>\n" if len(shown) > 1 else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>\n{start}"
        + "\n".join(each.html for each in shown) + "\n</body></html>\n"
    )


def _badge(state: str) -> str:
    kind, text = BADGES[state]
    return f'<span class="badge {kind}">{text}</span>'


def _items(texts: list[str] | tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(_sentence(text))}</li>" for text in texts) + "</ul>"


def _sentence(text: str) -> str:
    """A text that begins like a sentence."""
    return text[:1].upper() + text[1:]


def _troubles(report: Report) -> list[str]:
    found = []
    if report.troubles:
        found.append(f'<section class="box bad"><h2>To be mended first</h2>{_items(report.troubles)}</section>')
    if report.notes:
        found.append(f'<section class="box warn"><h2>To be known</h2>{_items(report.notes)}</section>')
    return found


def _card(verdict: Verdict) -> str:
    kind = BADGES[verdict.state][0]
    state = {"ready": "ready", "by_hand": "ready, with steps by hand", "not_ready": "not ready"}[verdict.state]
    parts = [f'<article class="card {kind}"><h3>{escape(_sentence(verdict.title))}</h3>']
    parts.append(f'<p><span class="badge {kind}">{state}</span></p>')
    if verdict.missing:
        parts.append(f"<h4>Must be mended</h4>{_items(verdict.missing)}")
    if verdict.by_hand:
        parts.append(f"<h4>By hand</h4>{_items(verdict.by_hand)}")
    if verdict.unseen and not verdict.missing:
        parts.append(f"<h4>Not to be seen yet</h4>{_items(verdict.unseen)}")
    return "".join(parts) + "</article>"


def _box(report: Report) -> list[str]:
    if not report.is_box:
        return []
    facts = report.facts
    rows = {
        "Product": f"{report.what} {facts.get('product_version') or 'version unknown'}".strip(),
        "Build": facts.get("product_build"),
        "Base software": facts.get("base_version"),
        "Serial number": facts.get("serial"),
        "Appliance id": facts.get("appliance_id"),
        "Own host name": facts.get("host_name"),
        "Failover role": facts.get("failover_role"),
        "Shared IPs enabled": ", ".join(facts.get("enabled_shared_ips") or ()) or None,
        "Command API": facts.get("api"),
        "Clock": f"{clock(report)}{_shown_time(report)}",
    }
    listed = "".join(f"<dt>{name}</dt><dd>{escape(str(value))}</dd>" for name, value in rows.items() if value)
    parts = [f"<section><h2>The box</h2><dl>{listed}</dl></section>"]
    if report.certificates:
        rows_shown = list(map(_certificate, report.certificates))
        parts.append(_table("Certificates that it shows", _CERTIFICATE_HEADS, rows_shown))
    if report.accounts:
        parts.append(_table("Accounts", _ACCOUNT_HEADS, list(map(_account, report.accounts))))
    return parts


def _table(title: str, heads: tuple[str, ...], rows: list[str], kind: str = "") -> str:
    """A section with a table; the rows are HTML."""
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<section><h2>{title}</h2><table class="{kind}"><tr>{head}</tr>{"".join(rows)}</table></section>'


def _shown_time(report: Report) -> str:
    shown = report.facts.get("system_time")
    return f"; its page shows {shown}" if shown else ""


def _certificate(shown: dict[str, object]) -> str:
    names = shown["names"] if isinstance(shown["names"], list) else []
    complete = shown["chain_complete"]
    chain = "not seen" if complete is None else "whole" if complete else "not whole"
    days = shown["days_left"]
    cells = (shown["asked_for"], shown["issued_to"], shown["issued_by"], ", ".join(map(str, names)),
             f"{days:.0f}" if isinstance(days, float) else days, chain, "yes" if shown["trusted"] else "NO")
    return "<tr>" + "".join(map(_cell, _CERTIFICATE_HEADS, (escape(str(cell)) for cell in cells))) + "</tr>"


def _cell(head: str, text: str) -> str:
    """A cell of a table, which on a narrow screen stands below the last one, with its heading before it."""
    return f'<td data-head="{head}">{text}</td>'


def _account(account: AccountFinding) -> str:
    cells = (escape(account.site), escape(account.name), _badge(account.state), escape(_sentence(account.told)))
    return "<tr>" + "".join(map(_cell, _ACCOUNT_HEADS, cells)) + "</tr>"


def _capabilities(report: Report) -> list[str]:
    if not report.findings:
        return []
    heads = ("Thing", "State", "Way", "What is to be said")
    return [_table("How each thing will be done here", heads, list(map(_capability, report.by_urgency)), "wide")]


def _capability(finding: Finding) -> str:
    guide = ", ".join(CAPABILITIES[finding.name].guide)
    said = "".join(f"<p>{escape(_sentence(text))}</p>" for text in why(finding))
    if finding.copy:
        said += f'<p class="small">Copy of the page: <code>{escape(finding.copy)}</code></p>'
    if finding.seen:
        rows = "".join(map(_seen, finding.seen))
        count = "1 thing" if len(finding.seen) == 1 else f"{len(finding.seen)} things"
        heads = "<tr><th>What</th><th>Key</th><th>Words</th><th>Found</th></tr>"
        said += f"<details><summary>Looked for {count}</summary><table>{heads}{rows}</table></details>"
    place = f'{escape(finding.way)}<br><span class="small">{escape(finding.where)}</span>'
    if finding.button:
        place += f'<br><span class="button">{escape(finding.button)}</span>'
    name = f'<b>{escape(_sentence(finding.title))}</b><br><span class="small">{guide}</span>'
    return (f"<tr><td>{name}</td>"
            f"<td>{_badge(finding.state)}</td><td>{place}</td><td>{said}</td></tr>")


def _seen(each: Seen) -> str:
    found = f"<b>{escape(each.found)}</b>" if each.found else '<span class="badge bad">no</span>'
    if each.others:
        found += f'<br><span class="small">There are: {escape(", ".join(each.others))}</span>'
    cells = (escape(each.kind), f"<code>{escape(each.key)}</code>", escape(", ".join(each.words)), found)
    return "<tr>" + "".join(map(_cell, ("What", "Key", "Words", "Found"), cells)) + "</tr>"


def _missing_words(report: Report, language: str) -> list[str]:
    """What was not found, as the beginning of a file for bt_labels."""
    lost: dict[str, Seen] = {}
    for finding in report.findings.values():
        if finding.state in ("by_hand", "not_ready"):
            lost.update({each.key: each for each in finding.seen if not each.found and each.key})
    if not lost:
        return []
    lines = ["# labels.yml", f"{language}:"]
    for key, each in lost.items():
        lines += [f"  # {each.kind}; the page shows: {', '.join(map(_quoted, each.others)) or 'nothing of that kind'}"]
        lines += [f"  {key}: []"]
    how = (
        "If a thing is on the page under another name, put that name between the brackets, give the file as"
        " <code>bt_labels</code>, and look again. Take out the lines that you do not need."
    )
    text = escape("\n".join(lines))
    return [f"<section><h2>Words that are missing</h2><p>{how}</p><pre>{text}</pre></section>"]


def _quoted(text: str) -> str:
    """A text on one line, as YAML takes it."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _legend(report: Report) -> list[str]:
    if not report.findings:
        return []
    rows = "".join(f"<dt>{_badge(state)}</dt><dd>{escape(text)}</dd>" for state, text in LEGEND)
    return [f"<section><h2>What the states mean</h2><dl>{rows}</dl></section>"]
