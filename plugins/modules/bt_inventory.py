# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_inventory
short_description: Refuse an inventory, a variable or a tag with which a run cannot be started
description:
  - Looks at how a run was started, before its first act. Asks no box, reads no file, and always runs on the controller.
  - Refuses a variable that begins with C(bt_) and that nothing in this collection reads, and names the known one that
    looks most like it. Variables of your own are listed in C(bt_allow_variables), by name or by pattern (C(bt_our_*)).
  - Refuses C(--tags), C(--skip-tags), C(--start-at-task) and C(--step), which leave out steps; C(bt_stage) ends a run
    after a phase. A tag that a playbook of yours gives to all of this one's is none of these.
  - Refuses a value that Ansible takes for a template and cannot work out, such as a password with C({%) in it. One that
    is marked as C(!unsafe) is taken as it stands.
  - Refuses a version that is a number, and a value on the command line of which only the first word is taken.
  - Refuses a host in two of the groups, two boxes of one group with the same C(bt_site), a box of a pair or of a move
    that is reached at the site's own name or shared address, and a connection by SSH to the box itself.
  - The playbooks and roles of this collection call it first.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  check_mode:
    details: It changes nothing, so check mode does the same.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  groups:
    description:
      - Groups of the inventory. At least one of them must have a host.
    type: list
    elements: str
    choices: [bt_single, bt_primary, bt_backup, bt_old, bt_new]
    default: []
  boxes:
    description:
      - Names of the hosts that are looked at. By default those of the groups that O(groups) may name, of the sites that
        the play is about.
    type: list
    elements: str
  hosts:
    description:
      - What the inventory says of the hosts. Filled in by the controller.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the host.
        type: str
        required: true
      groups:
        description: Those of the groups above that it is in.
        type: list
        elements: str
        default: []
      variables:
        description: Names of its variables that begin with C(bt_).
        type: list
        elements: str
        default: []
      unreadable:
        description: Those of its variables that are taken for templates and cannot be worked out.
        type: list
        elements: str
        default: []
      values:
        description: Those of its variables that are compared; none is a secret.
        type: dict
        default: {}
  started:
    description:
      - How the run was started. Filled in by the controller.
    type: dict
    suboptions:
      tags:
        description: Tags that were asked for.
        type: list
        elements: str
        default: [all]
      skip_tags:
        description: Tags that were left out.
        type: list
        elements: str
        default: []
      own_tags:
        description: Tags of this task, with those that it inherits.
        type: list
        elements: str
        default: []
      stray_words:
        description: Variables of the command line that are followed by a word that belongs to none.
        type: list
        elements: str
        default: []
"""

EXAMPLES = r"""
- name: Refuse what a run cannot be started with
  bt_ops.pra.bt_inventory:
    groups: [bt_primary]
  tags: [always]
"""

RETURN = r"""
actions:
  description: One sentence for each act on a box; there is none.
  returned: always
  type: list
  elements: str
  sample: []
error:
  description: Stable name of the kind of failure.
  returned: failure
  type: str
  sample: bad_input
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: []
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _start, _variables
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context

WORDS: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
SPEC: dict[str, Any] = {
    "groups": {**WORDS, "choices": list(_variables.GROUPS)},
    "boxes": {"type": "list", "elements": "str"},
    "hosts": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "groups": WORDS,
            "variables": WORDS,
            "unreadable": WORDS,
            "values": {"type": "dict", "default": {}},
        },
    },
    "started": {
        "type": "dict",
        "options": {
            "tags": {**WORDS, "default": ["all"]},
            "skip_tags": WORDS,
            "own_tags": WORDS,
            "stray_words": WORDS,
        },
    },
}
# Only there are the command line and the variables of all hosts known. It asks no box, so no library is needed.
ON_THE_CONTROLLER = True


def run(arguments: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Refuse, or find nothing."""
    started = _start.Started(**(arguments["started"] or {}))
    hosts = [_start.Host(**host) for host in arguments["hosts"]]
    _start.refuse(started, hosts, arguments["groups"])
    return {"changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
