# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_factory_reset
short_description: Reset a box that was replaced to factory defaults, and shut it down
description:
  - Resets a box whose site has moved to O(peer), waits until the reset is over, proves that the box knows nothing but
    its factory account any more, and shuts it down.
  - Done only behind evidence, all of it collected in the same call. Each piece that is missing, or cannot be found out,
    refuses the reset and is named. Nothing of it is taken from the inventory.
  - The evidence is that a person typed the serial number that the box shows, that O(peer) is another box, that O(peer)
    and not this box answers on O(site_hostname), that no shared IP is enabled here, that the box is in no failover
    relationship, that no user, session or client is connected to it, that no update runs or has failed on it, that a
    backup of this very box is proven restored on O(peer) and still kept, and that what no backup holds has been
    collected or waived by M(bt_ops.pra.bt_gaps).
  - There is no API for this, so it is done on C(/appliance > Status > Basics).
  - Covers the obligations G43 and G44 of the vendor's upgrade guide.
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
  idempotent:
    support: partial
    details: Needs O(run_dir). Its journal knows what was restored where, and which box was reset.
options:
  peer:
    description:
      - The box that took over, reached as this one is.
    required: true
  confirm_serial:
    description:
      - Serial number of the box that is to be reset, typed by a person who has read it off the box or its page.
    type: str
    required: true
  shut_down:
    description:
      - Whether the box is shut down once it is reset.
    type: bool
    default: true
  timeout:
    description:
      - Seconds after which the wait for the reset ends. The reset itself goes on, so the box must not be switched off.
    type: float
    default: 86400
  site_hostname:
    description:
      - Public host name of the site, the one that users know. Must be given.
"""

EXAMPLES = r"""
- name: Give up the old box
  bt_ops.pra.bt_factory_reset:
    host: box-old.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    login_username: admin
    login_password: "{{ vault_login_password }}"
    api_client_id: "{{ vault_api_client_id }}"
    api_client_secret: "{{ vault_api_client_secret }}"
    confirm_serial: BPRA-0001
    peer:
      host: box-new.example.com
      appliance_username: admin
      appliance_password: "{{ vault_new_appliance_password }}"
      login_username: admin
      login_password: "{{ vault_login_password }}"
    site_hostname: access.example.com
    run_dir: /srv/runs/access
"""

RETURN = r"""
before:
  description: The box before.
  returned: success
  type: dict
  contains:
    state:
      description: V(in_use), V(reset) or V(shut_down).
      type: str
      returned: success
    serial:
      description: Its serial number.
      type: str
      returned: success
  sample:
    state: in_use
    serial: BPRA-0001
after:
  description: The box afterwards. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    state: shut_down
    serial: BPRA-0001
evidence:
  description: What was looked at before the reset; empty where the box was reset before.
  returned: success, or when a piece of evidence is missing
  type: list
  elements: dict
  contains:
    name:
      description: What must be so.
      type: str
      returned: success
    ok:
      description: Whether it is so.
      type: bool
      returned: success
    seen:
      description: What was seen of it.
      type: str
      returned: success
    guide:
      description: Obligation of the vendor's upgrade guide that it is about.
      type: str
      returned: success
  sample:
    - name: nobody is connected to it
      ok: true
      seen: 0 users logged in, 0 open sessions, 0 clients connected
      guide: G43
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: [Reset box-old (BPRA-0001) to factory defaults., Shut down box-old.]
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
  sample: [G44]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _evidence, _factory_reset, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience

SPEC: dict[str, Any] = {
    "peer": {**_edge.PEER_SPEC, "required": True},
    "confirm_serial": {"type": "str", "required": True},
    "shut_down": {"type": "bool", "default": True},
    "timeout": {"type": "float", "default": 86400.0},
    **_witness.SITE_SPEC,
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Collect the evidence, reset, wait, shut down."""
    site, serial = _witness.public_name(arguments), _edge.text_of(arguments, "confirm_serial")
    for missing, why in (
        ("site_hostname", "who answers on it must be known" if site is None else ""),
        ("confirm_serial", "" if serial else "a person must have typed the serial number of the box"),
        ("run_dir", "" if _edge.text_of(arguments, "run_dir") else "its journal knows what was restored where"),
    ):
        if why:
            raise BadInput(f"{missing} is empty: {why}.", state="Nothing was changed.", guide=("G44",))
    box, peer = _edge.box_of(arguments, context), _edge.box_of(arguments, context, "peer")
    if site is None or box.name == peer.name:
        raise BadInput(f"The box and its peer are both {box.name}.", state="Nothing was changed.", guide=("G44",))
    case = _evidence.Case(box, peer, site, serial, context)
    patience = Patience(_factory_reset.NORMAL_SECONDS, arguments["timeout"])
    before, after = _factory_reset.reset(case, context, patience, arguments["shut_down"])
    told = _edge.told(before.facts(), after.facts(), state="shut_down" if arguments["shut_down"] else "reset")
    return {**told, "evidence": _evidence.facts_of(list(after.evidence or before.evidence))}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
