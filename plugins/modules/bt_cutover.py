# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_cutover
short_description: Move the shared IP from one box of a pair to the other
description:
  - Moves the shared IP from the box that serves the site to O(peer). Both pages are open and filled in beforehand; the
    address is switched off on the one, proven to be off, and at once switched on on the other.
  - Where O(peer) cannot be given the address, the box that had it gets it again and the task fails. A controller that
    dies in between leaves the site without a box for no longer than O(lease_seconds).
  - Ends with the proof that it is O(peer) that answers on the site's public name. There is no API for this, so it is
    done on C(/appliance > Networking > IP Configuration) of both boxes, or there by a person (O(manual_steps)), who is
    told to keep the second page open; that both have the address is looked for all the time.
  - Covers the obligations G32 and G35 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.connection.peer
  - bt_ops.pra.connection.site
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
options:
  peer:
    description:
      - The box that takes over, reached as this one is.
    required: true
  shared_ip:
    description:
      - The shared IP. Both boxes must list it already.
    type: str
    required: true
  lease_seconds:
    description:
      - Before the address is switched off, a second process is split off that knows all that is needed. Should the
        process that does the cut-over die between "off" and "on", which the other one sees at once, or stand still for
        longer than these seconds, then the other one, after it has made sure that it is the only one, asks both boxes
        and enables the address on O(peer) if that is healthy, else again on the box that had it. It tells so in the
        journal.
      - From V(5) to V(300). An answer of a box is waited for a third of this before the box is asked anew.
      - A box that is silent when the address is switched may still do it. As long as it lives and shows that it has
        not, the other box is left alone, at most 90 seconds, for the address must never be on both; O(peer) is sent the
        switch once more meanwhile.
    type: float
    default: 30
  unverified_by:
    description:
      - Name of the person who has the site moved to a box that no open upgrade in O(run_dir) has updated and verified,
        as for the way back to the box that served before. It is written to the journal.
      - Without it the address is moved only within an asynchronous upgrade that M(bt_ops.pra.bt_plan) began, to the box
        that is to take over, once it runs the version wanted and M(bt_ops.pra.bt_verify) has proven it.
      - A pair in a failover relationship is refused in any case.
    type: str
  changes_given_up_by:
    description:
      - Name of the person who gives up what was set on the box that serves since the pair was broken, and that O(peer)
        lacks. It is written to the journal with what was found.
      - Without it the address is not moved where pages or API show such changes, or where nobody can tell.
    type: str
  site_hostname:
    description:
      - Public host name of the site, the one that users know. Must be given.
  site_address:
    description:
      - Address at which users reach the site. By default O(shared_ip).
"""

EXAMPLES = r"""
- name: Have box-b serve the site instead of box-a
  bt_ops.pra.bt_cutover:
    host: box-a.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    peer:
      host: box-b.example.com
      appliance_username: admin
      appliance_password: "{{ vault_appliance_password }}"
    shared_ip: 192.0.2.10
    site_hostname: access.example.com

- name: The same with what is shared set once
  module_defaults:
    group/bt_ops.pra.bt:
      appliance_username: admin
      appliance_password: "{{ vault_appliance_password }}"
      site_hostname: access.example.com
      run_dir: /srv/runs/access.example.com
  block:
    - name: Have box-b serve the site
      bt_ops.pra.bt_cutover:
        host: box-a.example.com
        peer:
          host: box-b.example.com
          appliance_username: admin
          appliance_password: "{{ vault_appliance_password }}"
        shared_ip: 192.0.2.10
"""

RETURN = r"""
before:
  description: Who had the shared IP before.
  returned: success
  type: dict
  contains:
    serving:
      description: Name of the box that has the shared IP, empty where none of the two has it.
      type: str
      returned: success
  sample:
    serving: box-a
after:
  description: Who has the shared IP now. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    serving: box-b
outage:
  description: Seconds for which the site was away at most; V(0) where nothing was moved.
  returned: success
  type: float
  sample: 0.412
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: [Moved the shared IP 192.0.2.10 from box-a to box-b.]
diff:
  description: The difference between RV(before) and RV(after); in check mode with what would be read then.
  returned: when a diff is asked for
  type: dict
error:
  description: Stable name of the kind of failure, for instance V(refused) or V(unreachable).
  returned: failure
  type: str
  sample: refused
changes:
  description: What was set on the box that serves since the pair was broken, and O(peer) lacks; place and label.
  returned: when the switch would lose it
  type: list
  elements: str
  sample: ["Site Configuration: Banner"]
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G24]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _cutover,
    _cutover_by_hand,
    _edge,
    _gates,
    _shared_ip,
    _witness,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

SPEC: dict[str, Any] = {
    "peer": {**_edge.PEER_SPEC, "required": True},
    "shared_ip": {"type": "str", "required": True},
    "lease_seconds": {"type": "float", "default": 30.0},
    "unverified_by": {"type": "str"},
    "changes_given_up_by": {"type": "str"},
    **_witness.SITE_SPEC,
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Move the shared IP from the module's own box to the peer."""
    address = _shared_ip.checked_address(arguments["shared_ip"])
    reached_at = _edge.text_of(arguments, "site_address") or address
    site = _witness.public_name({**arguments, "site_address": reached_at})
    if site is None:
        raise BadInput("site_hostname is missing: the answer on it is the proof.", state="Nothing was changed.")
    source, target = _edge.box_of(arguments, context), _edge.box_of(arguments, context, "peer")
    if source.name == target.name:
        raise BadInput(f"The box and its peer are both {source.name}.", state="Nothing was changed.", guide=("G23",))
    answered = _gates.Answered(*(_edge.text_of(arguments, name) for name in ("unverified_by", "changes_given_up_by")))
    if _cutover_by_hand.is_wanted(source, target):
        done = _cutover_by_hand.cut_over(source, target, context, address, site, answered)
    else:
        done = _cutover.cut_over(source, target, context, address, site, arguments["lease_seconds"], answered)
    result = _edge.told({"serving": done.before}, {"serving": done.after}, serving=target.name)
    return {**result, "outage": done.outage}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
