# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a backup does not hold: each item is collected or waived before the old box may go (G1, H11 to H13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, private_folder, store_json
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._web._settings_pages import Settings, read_settings

SETTINGS = "appliance_settings"
ITEMS = {
    "recordings": "session recordings",
    "vault_key": "the Vault encryption key, without which no Vault secret can be read on the new box",
    "big_files": "files of the file store over 200 KB, or beyond the 50th",
    SETTINGS: "the settings of /appliance",
}


@dataclass(frozen=True)
class Gap:
    """One item: `how` is ``collected``, ``waived`` or ``open``; `by` the person who waived it, `path` where it lies."""

    item: str
    what: str
    how: str = "open"
    by: str = ""
    path: str = ""


@dataclass(frozen=True)
class Gaps:
    """Every item, and where the settings of the two boxes differ."""

    items: list[Gap]
    differences: list[str] = field(default_factory=list)

    @property
    def still_open(self) -> list[str]:
        """The items that nobody has collected or waived."""
        return [gap.item for gap in self.items if gap.how == "open"]

    def facts(self) -> dict[str, Any]:
        """As a result tells them."""
        return {gap.item: {key: value for key, value in asdict(gap).items() if key != "item"} for gap in self.items}


def waived_by(given: Any) -> dict[str, str]:
    """Which items are waived, and by whom.

    :param given: a mapping of items to persons, or a list of items, as a user gives it.
    :raises BadInput: an item that is none, or something else than such a mapping or list.
    """
    if isinstance(given, str):
        given = [part.strip() for part in given.split(",") if part.strip()]
    if isinstance(given, Mapping):
        waived = {str(item): str(person).strip() for item, person in given.items()}
        unnamed = [item for item, person in waived.items() if not person or not person.isprintable()]
        if unnamed:
            raise BadInput(f"waived names nobody for {unnamed[0][:60]!r}.", state="Nothing was changed.")
    elif isinstance(given, (list, tuple)) and all(isinstance(item, str) for item in given):
        waived = dict.fromkeys(given, "")
    elif given in (None, {}, []):
        waived = {}
    else:
        raise BadInput(
            "waived is neither a list of items nor a mapping of items to persons.", state="Nothing was changed."
        )
    _refuse_unknown("waived", waived)
    return waived


def collected_at(given: Mapping[str, Any]) -> dict[str, str]:
    """Where the items lie that people have collected.

    :raises BadInput: an item that is none, or a path at which nothing lies.
    """
    collected = {str(item): str(path) for item, path in given.items()}
    _refuse_unknown("collected", collected)
    for item, name in collected.items():
        path = Path(name).expanduser()
        there = any(path.iterdir()) if path.is_dir() else path.is_file() and path.stat().st_size > 0
        if not there:
            raise BadInput(f"collected says that {item} lies at {name[:200]}, but nothing is there.")
    return collected


def _refuse_unknown(option: str, given: Mapping[str, str]) -> None:
    unknown = [item for item in given if item not in ITEMS]
    if unknown:
        raise BadInput(
            f"{option} names {unknown[0][:60]!r}; the items are {', '.join(ITEMS)}.", state="Nothing was changed."
        )


def remembered(journal: Journal, box: str) -> dict[str, Gap]:
    """The items of a box that the journal says are settled."""
    found = {}
    for item, what in ITEMS.items():
        record = journal.last("gap", box=box, item=item)
        if record is not None:
            found[item] = Gap(item, what, record["how"], record.get("by", ""), record.get("path", ""))
    return found


def settle(
    old: Box, new: Box | None, context: Context, waived: Mapping[str, str], collected: Mapping[str, str], folder: str
) -> tuple[Gaps, Gaps]:
    """Collect what can be collected from the old box, note what people did or waived, and tell what is open.

    :param new: the box that takes over; its settings are compared.
    :raises Refused: an item is open.
    """
    require(old, "Collecting settings", "appliance")
    known = remembered(context.journal, old.name)
    before = Gaps([known.get(item, Gap(item, what)) for item, what in ITEMS.items()])
    differences: list[str] = []
    items = []
    for item, what in ITEMS.items():
        gap = known.get(item, Gap(item, what))
        if item in collected:
            gap = Gap(item, what, "collected", path=collected[item])
        elif item in waived:
            gap = Gap(item, what, "waived", by=waived[item])
        elif item == SETTINGS:
            gap, differences = _collect_settings(old, new, context, folder)
        items.append(gap)
        if gap.how != "open" and not context.check_mode:
            _note(old, context, gap, differences if item == SETTINGS else [])
    gaps = Gaps(items, differences)
    for line in differences:
        context.say(f"[{old.name}] differs on {new.name if new else 'the new box'}: {line}")
    if gaps.still_open and not context.check_mode:
        raise Refused(
            f"No backup of {old.name} holds these, and nobody has collected or waived them: "
            + "; ".join(f"{item} ({ITEMS[item]})" for item in gaps.still_open)
            + ".",
            state=f"{old.name} still has them.",
            advice="Collect each and say where it lies (bt_collected), or name it with the person who waives it"
            " (bt_waived), then run the same command again.",
            guide=("G1", "G37"),
            open=gaps.still_open,
        )
    return before, gaps


def _note(old: Box, context: Context, gap: Gap, differences: list[str]) -> None:
    """Have the journal tell what became of an item, where it does not yet."""
    told = {"how": gap.how, "by": gap.by, "path": gap.path, "differences": differences}
    kept = context.journal.last("gap", box=old.name, item=gap.item) or {}
    if any(kept.get(key, type(value)()) != value for key, value in told.items()):
        by = f" by {gap.by}" if gap.by else ""
        context.journal.write(
            "gap", f"{gap.item} of {old.name}: {gap.how}{by}.", box=old.name, item=gap.item, phase=context.phase, **told
        )


def _collect_settings(old: Box, new: Box | None, context: Context, folder: str) -> tuple[Gap, list[str]]:
    """Keep what the pages of the old box show, and compare with the new one."""
    there = read_settings(old.appliance)
    path = Path(folder) / f"{file_name(old.name)}-appliance-settings.json"
    if not context.check_mode:
        private_folder(folder)
        store_json(asdict(there), path)
    differences = [] if new is None else compare(there, read_settings(new.appliance))
    return Gap(SETTINGS, ITEMS[SETTINGS], "collected", path=str(path)), differences


def compare(old: Settings, new: Settings) -> list[str]:
    """Which settings differ, by page and label. Values are not told: the file holds them, and some are secret."""
    found = []
    for page, fields in old.fields.items():
        there = new.fields.get(page)
        if there is None:
            found.append(f"{page}: the new box shows no such page")
            continue
        found += [f"{page}: {label}" for label, value in fields.items() if value and there.get(label) != value]
        if set(old.rows.get(page, ())) - set(new.rows.get(page, ())):
            found.append(f"{page}: its list")
    return found
