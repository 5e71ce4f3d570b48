# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a run can be started with this command line and this inventory. Pure: no box is asked, no file is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _migration, _pair, _variables
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

MOST_NAMED = 5
# Words that --skip-tags takes for more than a tag of that name.
SPECIAL_TAGS = {"all", "always", "tagged", "untagged"}


@dataclass(frozen=True)
class Started:
    """How the run was started. `own_tags`: those of the task that looks at it, with what it inherits."""

    tags: Sequence[str] = ("all",)
    skip_tags: Sequence[str] = ()
    own_tags: Sequence[str] = ()


@dataclass(frozen=True)
class Host:
    """What the inventory says of a host: the names of its variables, and the few values that are compared."""

    name: str
    groups: Sequence[str] = ()
    variables: Sequence[str] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def refuse(started: Started, hosts: Sequence[Host], needed: Sequence[str]) -> None:
    """Stop what cannot be started.

    :param needed: groups of which one must have a host.
    :raises BadInput: naming what is wrong, in one sentence.
    """
    _refuse_parts(started)
    if needed and not any(set(needed) & set(host.groups) for host in hosts):
        which = f"the group {needed[0]}" if len(needed) == 1 else f"any of the groups {', '.join(needed)}"
        raise _bad(f"The inventory has no host in {which}.")
    _refuse_unknown(hosts)


def _refuse_parts(started: Started) -> None:
    """A run of which Ansible would leave out steps."""
    own = set(started.own_tags) - {"always"}
    wanted, unwanted = set(started.tags), set(started.skip_tags)
    cut = "A run is cut by bt_stage alone."
    if not ("all" in wanted or own & wanted or (own and "tagged" in wanted)):
        raise _bad(f"This run was started with --tags {_listed(wanted)}, which leaves out steps.", cut)
    # A user's tag on the whole playbook stands in `own`, and skipping it would have skipped the task that asks this.
    if unwanted and (not own or unwanted & {*SPECIAL_TAGS, *_pair.PHASES, *_migration.PHASES}):
        raise _bad(f"This run was started with --skip-tags {_listed(unwanted)}, which leaves out steps.", cut)


def _listed(tags: Iterable[str]) -> str:
    return ",".join(sorted(tags))


def _refuse_unknown(hosts: Sequence[Host]) -> None:
    """Variables that nobody reads: most likely misspelt."""
    allowed = {name for host in hosts for name in _names(host.values.get("bt_allow_variables"))}
    names = _variables.unknown({name for host in hosts for name in host.variables}, allowed)
    if not names:
        return
    told = []
    for name in names[:MOST_NAMED]:
        near = _variables.nearest(name)
        told.append(f"{name} is not a variable of bt_ops.pra" + (f"; did you mean {near}?" if near else "."))
    if len(names) > MOST_NAMED:
        told.append(f"{len(names) - MOST_NAMED} more are unknown.")
    raise _bad(" ".join(told), "Correct the name, or list variables of your own in bt_allow_variables.")


def _names(given: Any) -> list[str]:
    """A list of names, which may come as one text with commas."""
    if isinstance(given, str):
        return [name.strip() for name in given.split(",") if name.strip()]
    return [str(name) for name in given] if isinstance(given, (list, tuple)) else []


def _bad(what: str, advice: str = "") -> BadInput:
    return BadInput(what, state="Nothing was changed.", advice=advice)
