# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_plan
short_description: Find out where the asynchronous upgrade of a pair stands
description:
  - Asks both boxes and the site's public name, and decides in which phase an asynchronous upgrade of the pair begins or
    goes on. The boxes are believed; the inventory's names for them are a claim that is checked, and the journal is
    asked only for what boxes cannot tell.
  - Refuses in one sentence what must not be begun, for instance a pair whose primary is not the box behind the public
    name, a box that is not healthy, a clock that is wrong, or a version that is not offered.
  - The module's own box is the one that serves the site at the start, O(peer) is its backup.
  - Changes nothing on a box, apart from having it look for updates. Notes in the journal that a run was begun.
  - Covers the obligations G4, G7, G16, G17, G22 and G23 of the vendor's upgrade guide.
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
  check_mode:
    details: In check mode the boxes are not asked to look for updates. What they list already is the plan.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  peer:
    description:
      - The backup box of the pair, reached as this one is.
    required: true
  version:
    description:
      - Version of the product that is wanted, such as V(24.3.1), or V(latest) for the newest that either box runs or
        offers.
    type: str
    default: latest
  base_version:
    description:
      - Version of the base software that is wanted. By default what the product needs.
    type: str
  procedure:
    description:
      - The order of the upgrade. V(async) brings B up first and hands the site over to it (G30 to G36 of the guide);
        V(sync) brings A up first, and A stays the primary (G26 to G29).
    type: str
    choices:
      - async
      - sync
    default: async
  stage:
    description:
      - Phase up to which, and including which, the upgrade is to go now.
    type: str
    choices:
      - preflight
      - backup
      - sync
      - break
      - update_first
      - verify_first
      - cutover
      - update_second
      - verify_second
      - restore_failover
      - finish
    default: finish
  adopt:
    description:
      - Name of the person who has this run go on with a pair that is in no failover relationship and that O(run_dir)
        has no record of breaking, as after a lost run folder. It is written to the journal.
      - By default such a pair is refused. What was changed on the box that served since then may be lost.
    type: str
  accept_eula:
    description:
      - Name of the person who accepts a licence agreement, should a package ask for one.
      - Without it a package that says so beforehand is refused here, before anything is changed. One that asks only
        when it is installed stops the upgrade there.
    type: str
  shared_ip:
    description:
      - The shared IP, where the cut-over will move it. It is then looked for on both boxes beforehand.
    type: str
  site_hostname:
    description:
      - Public host name of the site, the one that users know. Must be given.
  source:
    description:
      - Where the packages come from that will be installed. With V(package) those in O(packages_dir) are looked at now,
        instead of what the boxes offer, and are proven to be whole.
    type: str
    choices: [online, package]
    default: online
  packages_dir:
    description:
      - Folder with one folder for each box, for O(source=package). By default C(packages) in O(run_dir).
      - On a local connection it is taken from the variable C(bt_packages_dir) when not given, else it is C(packages) in
        C(bt_run_dir).
    type: path
"""

EXAMPLES = r"""
- name: Find out where the upgrade stands
  bt_ops.pra.bt_plan:
    host: box-a.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    login_username: admin
    login_password: "{{ vault_login_password }}"
    peer:
      host: box-b.example.com
      appliance_username: admin
      appliance_password: "{{ vault_appliance_password }}"
      login_username: admin
      login_password: "{{ vault_login_password }}"
    version: 24.3.1
    site_hostname: access.example.com
    shared_ip: 192.0.2.10
    run_dir: /srv/runs/access.example.com
  register: plan

- name: The same for the first maintenance window, with what is shared set once
  module_defaults:
    group/bt_ops.pra.bt:
      site_hostname: access.example.com
      run_dir: /srv/runs/access.example.com
  block:
    - name: Find out where the upgrade stands
      bt_ops.pra.bt_plan:
        host: box-a.example.com
        appliance_username: admin
        appliance_password: "{{ vault_appliance_password }}"
        login_username: admin
        login_password: "{{ vault_login_password }}"
        peer: "{{ box_b }}"
        stage: cutover
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
    - What each box is and runs, by its name, as M(bt_ops.pra.bt_info) returns it. Empty for a box that is busy with an
      install of this run.
  returned: success
  type: dict
  sample:
    box-a: {product_version: 24.1.2, failover_role: primary}
    box-b: {product_version: 24.1.2, failover_role: backup}
next_phase:
  description: Phase in which the upgrade begins or goes on.
  returned: success
  type: str
  sample: backup
situation:
  description: Why, in one sentence.
  returned: success
  type: str
  sample: "box-a is the primary and serves the site, box-b is its backup: ..."
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
  sample: [preflight, backup, sync, break, update_first, verify_first, cutover]
target_version:
  description: Version of the product that the upgrade leads to.
  returned: success
  type: str
  sample: 24.3.1
a:
  description:
    - Name of the box that served the site when the upgrade began. With an upgrade that goes on it may be O(peer), where
      the inventory was changed since.
  returned: success
  type: str
  sample: box-a
b:
  description: Name of its backup then.
  returned: success
  type: str
  sample: box-b
target_known:
  description:
    - V(false) in check mode with O(version=latest) where the boxes list no update, for they list one only after they
      have looked for updates, which check mode does not do. RV(target_version) is what they run then, and RV(phases)
      are those of an update, should there be one.
  returned: success
  type: bool
  sample: true
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
    box: box-a
    how: appliance id 0f3c2d8a5b6e47f19a0b1c2d3e4f5a6b
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
  sample: [G24]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _ledger, _pair, _preflight, _shared_ip, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

SPEC: dict[str, Any] = {
    "peer": {**_edge.PEER_SPEC, "required": True},
    "version": {"type": "str", "default": "latest"},
    "base_version": {"type": "str"},
    "procedure": {"type": "str", "choices": ["async", "sync"], "default": "async"},
    "stage": {"type": "str", "choices": list(_pair.PHASES), "default": "finish"},
    "adopt": {"type": "str"},
    "accept_eula": {"type": "str"},
    "shared_ip": {"type": "str"},
    "source": {"type": "str", "choices": ["online", "package"], "default": "online"},
    "packages_dir": {"type": "path"},
    **_witness.SITE_SPEC,
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Ask everybody, then decide."""
    version, base = _edge.text_of(arguments, "version"), _edge.text_of(arguments, "base_version")
    shared_ip = _edge.text_of(arguments, "shared_ip")
    if version != "latest":
        Version.wanted(version, "version")
    wanted_base = Version.wanted(base, "base_version") if base else None
    address = _shared_ip.checked_address(shared_ip) if shared_ip else ""
    site = _witness.public_name(arguments)
    if site is None:
        raise BadInput("site_hostname is missing: who answers on it must be known.", state="Nothing was changed.")
    a, b = _edge.box_of(arguments, context), _edge.box_of(arguments, context, "peer")
    question = _preflight.Question(
        version, wanted_base, site, address, arguments["stage"], arguments["procedure"],
        _ledger.packages_dir_of(arguments), {key: arguments.get(key) for key in _witness.SITE_SPEC},
        _edge.text_of(arguments, "adopt"), _edge.text_of(arguments, "accept_eula"),
    )
    plan = _preflight.plan_pair(a, b, context, question)
    return {"before": plan["boxes"], "after": plan["boxes"], **plan, "changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
