# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_migration_plan
short_description: Find out where a move to new hardware stands
description:
  - Asks the old box, the new one and the site's public name, and decides in which phase the migration begins or goes
    on. The boxes are believed; the inventory's names for them are a claim that is checked. The journal is asked only
    for what boxes cannot tell, which is which backup was restored on the new box.
  - Refuses in one sentence what must not be begun, for instance boxes that are exchanged in the inventory, an old box
    in a failover relationship, a box that is not healthy, or a clock that is wrong.
  - The module's own box is the old one, O(peer) is the new one. Before the restore the new box is asked by its base
    software alone.
  - Changes nothing on a box. Notes in the journal that a run was begun.
  - Covers the obligations G37 and G43 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.connection.peer
  - bt_ops.pra.connection.site
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  peer:
    description:
      - The new box, reached as the old one is.
    required: true
  stage:
    description:
      - Phase up to which, and including which, the migration is to go now.
    type: str
    choices:
      - preflight
      - backup
      - prepare
      - export_certificate
      - import_certificate
      - assign_certificate
      - update
      - restore
      - gaps
      - verify_new
      - switch
      - verify
      - finish
    default: finish
  max_age:
    description:
      - Age in seconds of the restored backup up to which the new box may go into service. With an older one, what users
        did since on the old box would be lost, so the migration stops.
    type: float
    default: 14400
  waived:
    description:
      - The items that will be waived, as M(bt_ops.pra.bt_gaps) takes them. Only looked at, so that a wrong name is
        found before anything is done.
    type: raw
  collected:
    description:
      - Where the items lie that people have collected, as M(bt_ops.pra.bt_gaps) takes them. Only looked at likewise.
    type: dict
    default: {}
  site_hostname:
    description:
      - Public host name of the site, the one that users know. Must be given.
"""

EXAMPLES = r"""
- name: Find out where the migration stands
  bt_ops.pra.bt_migration_plan:
    host: box-old.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    login_username: admin
    login_password: "{{ vault_login_password }}"
    peer:
      host: box-new.example.com
      appliance_username: admin
      appliance_password: "{{ vault_new_appliance_password }}"
      login_username: admin
      login_password: "{{ vault_login_password }}"
    site_hostname: access.example.com
    run_dir: /srv/runs/access
  register: plan
"""

RETURN = r"""
before:
  description: The same as RV(boxes).
  returned: success
  type: dict
after:
  description: The same as RV(boxes).
  returned: success
  type: dict
boxes:
  description:
    - What each box is and runs, by its name. Of a new box before the restore only what its base software tells. Empty
      for an old box that is gone.
  returned: success
  type: dict
  sample:
    box-old: {product_version: 24.3.1, failover_role: none}
    box-new: {serial: BPRA-0002, product_version: null}
next_phase:
  description: Phase in which the migration begins or goes on.
  returned: success
  type: str
  sample: backup
situation:
  description: Why, in one sentence.
  returned: success
  type: str
  sample: "box-old serves the site, box-new is to take its place."
phases:
  description: For each phase whether it is V(done) or V(todo).
  returned: success
  type: dict
  sample:
    preflight: todo
    backup: todo
todo:
  description: The phases to be run now, in order, up to O(stage).
  returned: success
  type: list
  elements: str
  sample: [preflight, backup, prepare]
first_software:
  description:
    - Whether the new box has no site software yet. Then the phase V(prepare), the first log-in, comes after V(update).
  returned: success
  type: bool
  sample: false
target_version:
  description: Version of the product that the new box must run, which is the old one's.
  returned: success
  type: str
  sample: 24.3.1
begun_backup:
  description:
    - Backup that an earlier run began to restore on the new box without seeing the end; empty for none. The restore
      goes on with this one.
  returned: success
  type: str
  sample: ""
witness:
  description: Which box answers on the site's public name.
  returned: success
  type: dict
  contains:
    box:
      description: Its name, empty where it is none of the two.
      type: str
      returned: success
    how:
      description: What showed that.
      type: str
      returned: success
  sample:
    box: box-old
    how: it knows the session that box-old gave
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: []
error:
  description: Stable name of the kind of failure, for instance V(refused) or V(unreachable).
  returned: failure
  type: str
  sample: refused
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G37]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _gaps, _migration, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

SPEC: dict[str, Any] = {
    "peer": {**_edge.PEER_SPEC, "required": True},
    "stage": {"type": "str", "choices": list(_migration.PHASES), "default": "finish"},
    "max_age": {"type": "float", "default": 14400.0},
    "waived": {"type": "raw"},
    "collected": {"type": "dict", "default": {}},
    **_witness.SITE_SPEC,
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Ask everybody, then decide."""
    _gaps.waived_by(arguments["waived"])
    _gaps.collected_at(arguments["collected"])
    site = _witness.public_name(arguments)
    if site is None:
        raise BadInput("site_hostname is missing: who answers on it must be known.", state="Nothing was changed.")
    old, new = _edge.box_of(arguments, context), _edge.box_of(arguments, context, "peer")
    if old.name == new.name:
        raise BadInput(f"The old box and the new one are both {old.name}.", state="Nothing was changed.")
    plan = _migration.plan_migration(old, new, context, site, arguments["max_age"], arguments["stage"])
    return {"before": plan["boxes"], "after": plan["boxes"], **plan, "changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
