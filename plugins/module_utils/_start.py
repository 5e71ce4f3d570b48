# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a run can be started with this command line and this inventory. Pure: no box is asked, no file is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _migration, _pair, _variables
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

SSH = ("ssh", "smart", "paramiko", "paramiko_ssh")
# Words that --skip-tags takes for more than a tag of that name.
SPECIAL_TAGS = {"all", "always", "tagged", "untagged"}


@dataclass(frozen=True)
class Started:
    """How the run was started.

    `own_tags`: those of the task that looks at it, with what it inherits. `stray_words`: variables of the command line,
    each followed by a word that belongs to none.
    """

    tags: Sequence[str] = ("all",)
    skip_tags: Sequence[str] = ()
    own_tags: Sequence[str] = ()
    stray_words: Sequence[str] = ()


@dataclass(frozen=True)
class Host:
    """What the inventory says of a host: the names of its variables, and the few values that are compared.

    `unreadable`: those whose value is taken for a template and cannot be worked out.
    """

    name: str
    groups: Sequence[str] = ()
    variables: Sequence[str] = ()
    unreadable: Sequence[str] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The value of a variable as text; empty where there is none."""
        return str(self.values.get(name) or "").strip()


def refuse(started: Started, hosts: Sequence[Host], needed: Sequence[str]) -> None:
    """Stop what cannot be started.

    :param needed: groups of which one must have a host.
    :raises BadInput: naming what is wrong, in one sentence.
    """
    _refuse_parts(started)
    _refuse_stray_words(started)
    if needed and not any(set(needed) & set(host.groups) for host in hosts):
        which = f"the group {needed[0]}" if len(needed) == 1 else f"any of the groups {', '.join(needed)}"
        raise _bad(f"The inventory has no host in {which}.")
    _refuse_unknown(hosts)
    lost = sorted(f"{name} of {host.name}" for host in hosts for name in host.unreadable)
    if lost:
        raise _variables.unreadable(lost)
    for complaint in (*_numbers(hosts), *_groups(hosts), *_addresses(hosts)):
        raise _bad(*complaint)


def _refuse_parts(started: Started) -> None:
    """A run of which Ansible would leave out steps."""
    own = set(started.own_tags) - {"always"}
    wanted, unwanted = set(started.tags), set(started.skip_tags)
    cut = "A run is cut by bt_stage alone."
    if not ("all" in wanted or own & wanted or (own and "tagged" in wanted)):
        raise _bad(f"This run was started with --tags {_listed(wanted)}, which leaves out steps.", cut)
    # No task here has a tag that could be left out; molecule always names some of its own.
    if unwanted & {*SPECIAL_TAGS, *_pair.PHASES, *_migration.PHASES}:
        raise _bad(f"This run was started with --skip-tags {_listed(unwanted)}, which leaves out steps.", cut)


def _refuse_stray_words(started: Started) -> None:
    """A value with a space, of which Ansible takes the first word. It may be a secret, so none of it is shown."""
    for name in started.stray_words:
        after = f"-e {name}=... is" if name else "An option -e begins with or is"
        raise _bad(
            f"{after} followed by a word that belongs to no variable.",
            "A value with a space needs quotes within the quotes: -e 'bt_accept_eula=\"Jane Doe\"'.",
        )


def _listed(tags: Iterable[str]) -> str:
    return ",".join(sorted(tags))


def _refuse_unknown(hosts: Sequence[Host]) -> None:
    """Variables that nobody reads: most likely misspelt."""
    allowed = {name for host in hosts for name in _names(host.values.get("bt_allow_variables"))}
    names = _variables.unknown({name for host in hosts for name in host.variables}, allowed)
    if not names:
        return
    told = []
    for name in names[:_variables.MOST_NAMED]:
        near = _variables.nearest(name)
        told.append(f"{name} is not a variable of bt_ops.pra" + (f"; did you mean {near}?" if near else "."))
    if len(names) > _variables.MOST_NAMED:
        told.append(f"{len(names) - _variables.MOST_NAMED} more are unknown.")
    raise _bad(" ".join(told), "Correct the name, or list variables of your own in bt_allow_variables.")


Complaints = Iterator[tuple[str, str]]


def _numbers(hosts: Sequence[Host]) -> Complaints:
    """Versions that YAML has made numbers of: 24.10 is 24.1 then."""
    for host in hosts:
        for name in ("bt_target_version", "bt_target_base_version"):
            value = host.values.get(name)
            if isinstance(value, (int, float)):
                yield (
                    f"{name} of {host.name} is the number {str(value)[:20]}, which has lost zeros at its end.",
                    f"Put the version in quotes: {name}: '24.10'.",
                )


def _groups(hosts: Sequence[Host]) -> Complaints:
    """Hosts that have two roles, and sites that have two boxes for one role."""
    for host in hosts:
        if len(host.groups) > 1:
            yield f"{host.name} is in the groups {' and '.join(host.groups)}.", "A box has one role: leave it in one."
    for group in _variables.GROUPS:
        seen: dict[tuple[str, str], str] = {}
        for host in hosts:
            for key in _keys(host, group) if group in host.groups else ():
                name, value = key
                alike = f"one {name}, {value[:60]}" if value else f"no {name}"
                if key in seen:
                    yield f"{seen[key]} and {host.name} in {group} have {alike}.", f"Each needs a {name} of its own."
                seen[key] = host.name


def _keys(host: Host, group: str) -> list[tuple[str, str]]:
    """What two boxes of a group must not have alike: a variable and its value."""
    if group == "bt_single":
        return [(name, host.text(name)) for name in ("bt_site", "bt_site_hostname") if host.text(name)]
    site = host.text("bt_site") or host.text("bt_site_hostname")
    return [("bt_site", site)]


def _addresses(hosts: Sequence[Host]) -> Complaints:
    """Boxes that are reached by what moves from one box to another, or on a port where nothing of this runs.

    A single box may have one name with its site.
    """
    for host in hosts:
        connection = host.text("ansible_connection").rpartition(".")[2]
        if host.groups and connection in SSH and not host.text("ansible_ssh_host"):
            yield (
                f"ansible_connection of {host.name} is {connection}, which leads to port 22 of the box itself.",
                "Leave it out: tasks run here. If another machine is to run them, name that in ansible_ssh_host.",
            )
        if not {*host.groups} - {"bt_single"}:
            continue
        address = host.text("ansible_host") or host.name
        for name, what in (("bt_site_hostname", "the name of the site"), ("bt_shared_ip", "the shared address")):
            if host.text(name) and address.rstrip(".").lower() == host.text(name).rstrip(".").lower():
                yield (
                    f"{host.name} is reached at {address[:60]}, which is {what} ({name}) and leads to either box.",
                    "Give the box's own name or address as ansible_host.",
                )


def _names(given: Any) -> list[str]:
    """A list of names, which may come as one text with commas."""
    if isinstance(given, str):
        return [name.strip() for name in given.split(",") if name.strip()]
    return [str(name) for name in given] if isinstance(given, (list, tuple)) else []


def _bad(what: str, advice: str = "") -> BadInput:
    return BadInput(what, state="Nothing was changed.", advice=advice)
