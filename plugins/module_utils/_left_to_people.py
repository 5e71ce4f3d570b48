# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is left for people to do after a run, as far as its journal calls for it (G9 to G15, G33, G36, G37, G43)."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, broken_at, result_of, to_the_second

_CLIENTS = (
    (
        "G9",
        "Access consoles update at their next start. Where an MSI rolled them out: roll out anew, keep the old MSI.",
    ),
    ("G13", "Integration clients do not update themselves: reinstall them."),
    ("G15", "Installers for Jump Clients and consoles that were made before are invalid: make them anew."),
)
_PASSIVE = ("G12", "{count} passive Jump Clients upgrade at their next contact, at the latest after 24 hours.")
_OUT = ("G14", "Active Jump Clients that are not back: {names}.")
_UNSEEN = ("G14", "Look in the access console whether the Jump Clients are back: {reason}.")
_LIMIT = ("G11", "The limit of Jump Client upgrades on {box} is {new}, it was {old}: the same command puts it back.")
_TTL = ("G32", "The TTL of {box} is {new} s, it was {old} s: the same command puts it back when it finishes.")
_CERTIFICATE = ("G10", "See whether this is meant: {text}")
_ALONE = ("G36", "There has been no failover since {time} UTC: go on as soon as you can.")
_FROZEN = (
    "G24",
    "Until the site is switched, change no settings on {a}: {b} lacks them. A switch that would lose any is refused.",
)
_GIVEN_UP = (
    "G32", "{by} gave up what was changed on {a} before the switch ({changes}): set on {b} what is still wanted.",
)
_AUTOMATIC = (
    "G36",
    "Automatic failover was enabled before and is not now: enable it on /login > Management > Failover of {box}.",
)
_ADDRESS = ("G33", "Integration clients that are configured by address must reach the box that serves now: {box}.")
_MOVED = (
    ("G33", "Integration clients that are configured by address must reach {new} now."),
    ("G43", "Test sessions on {new}. Once it is seen to work, give {old} up: factory_reset.yml; delete a virtual box."),
)
_STILL_THERE = ("G43", "When the site had moved: {text} What is done there does not reach {new}: have them come over.")
_DIFFERS = ("G37", "Set on {new} as {path} says it was on {old}: {what}.")
_INVENTORY = ("G36", "The roles are reversed: in the inventory, put {box} in bt_primary and {other} in bt_backup.")
_INVENTORY_LATER = (
    "G36",
    "Once this run has finished, and not before: in the inventory, put {box} in bt_primary and {other} in bt_backup.",
)


def left_to_people(run: Record, records: Sequence[Record], finished: bool) -> list[dict[str, str]]:
    """What no collection can do, as far as what was done calls for it."""
    if run.get("procedure") == "migration":
        return _after_move(run, records)
    begun: dict[tuple[str, str], Record] = {}
    product, moved_to, moved_from = False, "", ""
    for record in records:
        key = (record.get("box", ""), record.get("act", ""))
        if record["kind"] == "intent":
            begun[key] = record
        elif record["kind"] == "outcome" and record.get("result") == "done":
            product = product or begun.get(key, {}).get("package") == "product"
            if key[1] == "cutover":
                moved_to, moved_from = key[0], str(begun.get(key, {}).get("source", ""))
        elif record["kind"] == "verified" and record.get("phase") == "cutover" and result_of(record) == "done":
            # However the switch was done, it is proven that this box answers on the public name.
            moved_to, moved_from = record["box"], str(run.get("a", ""))
    lines = [*_requests_left(records), *([*_CLIENTS, *_clients_out(records)] if product else [])]
    lines += _settings_left(records)
    lines += [(_CERTIFICATE[0], _CERTIFICATE[1].format(text=record["text"])) for record in records
              if record["kind"] == "certificate_changed"]
    alone = _alone(records)
    lines += alone + _not_automatic(records)
    if alone and not moved_to and run.get("procedure") == "async":
        lines.append((_FROZEN[0], _FROZEN[1].format(a=run.get("a"), b=run.get("b"))))
    lines += [(_GIVEN_UP[0], _GIVEN_UP[1].format(by=r["by"], a=r["box"], b=r["peer"], changes="; ".join(r["changes"])))
              for r in records if r["kind"] == "changes_given_up"]
    if moved_to:
        lines.append((_ADDRESS[0], _ADDRESS[1].format(box=moved_to)))
        if run.get("a") == moved_from and run.get("b") == moved_to:
            guide, text = _INVENTORY if finished else _INVENTORY_LATER
            lines.append((guide, text.format(box=moved_to, other=moved_from)))
    return [{"guide": guide, "text": text} for guide, text in lines]


def _clients_out(records: Sequence[Record]) -> list[tuple[str, str]]:
    """The Jump Clients that were not seen to be back after an update of the product."""
    counted = [record for record in records if record["kind"] in ("clients", "clients_back")]
    last: Record = counted[-1] if counted else {"kind": ""}
    if last["kind"] != "clients_back":
        reason = last.get("counts", {}).get("reason") or "nobody waited for them"
        return [(_UNSEEN[0], _UNSEEN[1].format(reason=reason))]
    passive, missing = last["counts"]["passive_needing_upgrade"], last.get("missing", [])
    lines = [(_PASSIVE[0], _PASSIVE[1].format(count=passive))] if passive else []
    return lines + ([(_OUT[0], _OUT[1].format(names=", ".join(missing)))] if missing else [])


def _settings_left(records: Sequence[Record]) -> list[tuple[str, str]]:
    """What was changed for a while and is not back: limits of Jump Client upgrades, TTLs."""
    lines = {"jump_client_limit": _LIMIT, "dns_ttl": _TTL}
    last = {(record["name"], record["box"]): record for record in records if record["kind"] == "setting"}
    return [
        (lines[name][0], lines[name][1].format(box=box, new=record["new"], old=record.get("old", "none")))
        for (name, box), record in last.items()
        if record["state"] != "restored"
    ]


def _requests_left(records: Sequence[Record]) -> list[tuple[str, str]]:
    """What a person was asked for and was not seen to have done."""
    last = {(record["step"], record["box"]): record for record in records if record["kind"] in ("asked", "seen")}
    return [(record["guide"], record["text"]) for record in last.values() if record["kind"] == "asked"]


def _alone(records: Sequence[Record]) -> list[tuple[str, str]]:
    """How long the pair has been without failover, where it still is (Y4)."""
    since = broken_at(records)
    return [(_ALONE[0], _ALONE[1].format(time=to_the_second(since)))] if since else []


def _not_automatic(records: Sequence[Record]) -> list[tuple[str, str]]:
    """The backup that took over by itself before, and would not now (R9)."""
    told: dict[str, dict[str, bool]] = {"before": {}, "after": {}}
    for record in records:
        if record["kind"] == "automatic_failover":
            told[record["when"]][record["box"]] = record["enabled"]
    lost = told["after"] and any(told["before"].values()) and not any(told["after"].values())
    pair = next((r["peer"] for r in reversed(records) if r.get("act") == "establish" and r.get("peer")), "the backup")
    return [(_AUTOMATIC[0], _AUTOMATIC[1].format(box=pair))] if lost else []


def _after_move(run: Record, records: Sequence[Record]) -> list[dict[str, str]]:
    """What is left when a site has moved to a new box; its clients stay on their version."""
    names = {"old": run.get("a", ""), "new": run.get("b", "")}
    lines = [*((guide, text.format(**names)) for guide, text in _MOVED), *_clients_out(records)]
    there = next((r for r in reversed(records) if r["kind"] == "users" and r["box"] == names["old"]), None)
    if there is not None and any(there["counts"].get(who) for who in ("users", "sessions", "clients")):
        lines.append((_STILL_THERE[0], _STILL_THERE[1].format(text=there["text"], **names)))
    settings = next((record for record in reversed(records) if record.get("differences")), None)
    if settings is not None:
        what = "; ".join(settings["differences"])
        lines.append((_DIFFERS[0], _DIFFERS[1].format(path=settings.get("path", ""), what=what, **names)))
    return [{"guide": guide, "text": text} for guide, text in lines]
