# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_shared_ip
short_description: Switch the shared IP of a pair on one box
description:
  - Has the shared IP of a failover pair enabled or disabled on one box, and reads back that it is so.
  - It is enabled only while nobody answers at the address, because two boxes that have it answer for one site. To move
    it from one box to the other use M(bt_ops.pra.bt_cutover), which does both at once.
  - There is no API for this, so it is done on C(/appliance > Networking > IP Configuration), or there by a
    person (O(manual_steps)).
  - Covers the obligation G32 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
options:
  address:
    description:
      - The shared IP. The box must list it already.
    type: str
    required: true
  enabled:
    description:
      - Whether the box has the address.
    type: bool
    required: true
  site_port:
    description:
      - Port on which users reach the site, asked before the address is enabled.
    type: int
    default: 443
  unverified_by:
    description:
      - Name of the person who has the site moved to a box that no open upgrade in O(run_dir) has updated and verified,
        as for the way back to the box that served before. It is written to the journal.
      - A box that is the backup of a failover relationship is refused in any case.
    type: str
"""

EXAMPLES = r"""
- name: Take the shared IP off a box that must not serve
  bt_ops.pra.bt_shared_ip:
    host: box-a.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    address: 192.0.2.10
    enabled: false

- name: Give the shared IP to a box
  module_defaults:
    group/bt_ops.pra.bt:
      appliance_username: admin
      appliance_password: "{{ vault_appliance_password }}"
  block:
    - name: Have the shared IP on box-b
      bt_ops.pra.bt_shared_ip:
        host: box-b.example.com
        address: 192.0.2.10
        enabled: true
"""

RETURN = r"""
before:
  description: The address on this box before.
  returned: success
  type: dict
  contains:
    address:
      description: The shared IP.
      type: str
      returned: success
    enabled:
      description: Whether the box has it.
      type: bool
      returned: success
  sample:
    address: 192.0.2.10
    enabled: true
after:
  description: The address on this box afterwards. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    address: 192.0.2.10
    enabled: false
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: [Disabled the shared IP 192.0.2.10 on box-a.]
diff:
  description: The difference between RV(before) and RV(after); in check mode with what would be read then.
  returned: when a diff is asked for
  type: dict
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

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _shared_ip
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context

SPEC: dict[str, Any] = {
    "address": {"type": "str", "required": True},
    "enabled": {"type": "bool", "required": True},
    "site_port": {"type": "int", "default": 443},
    "unverified_by": {"type": "str"},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Have the address enabled or disabled on the box."""
    address = _shared_ip.checked_address(arguments["address"])
    wanted: bool = arguments["enabled"]
    box = _edge.box_of(arguments, context)
    person = _edge.text_of(arguments, "unverified_by")
    was, now = _shared_ip.set_enabled(box, context, address, wanted, arguments["site_port"], person)
    return _edge.told({"address": address, "enabled": was}, {"address": address, "enabled": now}, enabled=wanted)


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
