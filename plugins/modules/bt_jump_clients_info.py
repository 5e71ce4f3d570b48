# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_jump_clients_info
short_description: Count the Jump Clients of a site, and wait until they are back
description:
  - Counts the Jump Clients that a box lists, and tells which of them wait for their upgrade.
  - With O(wait=true) it waits until the active ones are back on the version of the box. Those are expected that were
    connected when O(remember=true) was called before the upgrade, else all active ones that the box does not call lost.
    Passive ones upgrade at their next contact, at the latest after 24 hours, and are not waited for.
  - A wait that ends says who is out and changes nothing; call it again to go on.
  - Asks the configuration API, which lists the Jump Clients of shared groups only. The API account needs the right to
    use that API.
  - Covers the obligations G12 and G14 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  check_mode:
    details: In check mode nothing is waited for and nothing is noted.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  wait:
    description:
      - Whether to wait until the active ones are back.
    type: bool
    default: false
  timeout:
    description:
      - Seconds after which the wait ends.
    type: float
    default: 3600
  allow_missing:
    description:
      - So many of the active ones may be out. They are named in RV(missing) and in the summary of the run.
    type: int
    default: 0
  remember:
    description:
      - Whether to note in the journal of O(run_dir) who is connected now, for a later O(wait). While an upgrade is
        under way the note of its beginning stands and the box is not asked.
    type: bool
    default: false
  site_hostname:
    description:
      - Public host name of the site, to which the clients come back. Where nobody answers there when O(wait) ends, that
        is told first.
    type: str
  site_address:
    description:
      - Address at which users reach the site. By default all that O(site_hostname) has.
    type: str
  site_port:
    description:
      - Port at which users reach the site.
    type: int
    default: 443
"""

EXAMPLES = r"""
- name: Note who is connected before an upgrade
  bt_ops.pra.bt_jump_clients_info:
    host: box-a.example.com
    api_client_id: "{{ vault_api_client_id }}"
    api_client_secret: "{{ vault_api_client_secret }}"
    run_dir: /srv/runs/access.example.com
    remember: true

- name: Wait until they are back on the new version
  module_defaults:
    group/bt_ops.pra.bt:
      api_client_id: "{{ vault_api_client_id }}"
      api_client_secret: "{{ vault_api_client_secret }}"
      run_dir: /srv/runs/access.example.com
  block:
    - name: Have all but two of them
      bt_ops.pra.bt_jump_clients_info:
        host: box-a.example.com
        wait: true
        allow_missing: 2
"""

RETURN = r"""
clients:
  description: The counts as the box tells them now.
  returned: success
  type: dict
  contains:
    known:
      description: Whether they could be counted. Where not, the counts are 0.
      type: bool
      returned: success
    reason:
      description: Why they could not be counted, else empty.
      type: str
      returned: success
    total:
      description: All that the box lists.
      type: int
      returned: success
    active:
      description: Those that keep a connection.
      type: int
      returned: success
    passive:
      description: Those that listen for one.
      type: int
      returned: success
    lost:
      description: Those that the box calls lost.
      type: int
      returned: success
    active_connected:
      description: Active ones that are connected, as far as the box tells.
      type: int
      returned: success
    needing_upgrade:
      description: Those that run an older version, "Upgrade Pending".
      type: int
      returned: success
    active_needing_upgrade:
      description: Active ones among them.
      type: int
      returned: success
    passive_needing_upgrade:
      description: Passive ones among them.
      type: int
      returned: success
  sample: {known: true, reason: "", total: 65, active: 60, passive: 5, lost: 0, active_connected: 60,
    needing_upgrade: 5, active_needing_upgrade: 0, passive_needing_upgrade: 5}
before:
  description: The same as RV(clients); nothing is changed.
  returned: success
  type: dict
after:
  description: The same as RV(clients).
  returned: success
  type: dict
missing:
  description: Names of the active ones that are out after O(wait), at most twenty.
  returned: success
  type: list
  elements: str
  sample: []
sentence:
  description: The counts in one line.
  returned: success
  type: str
  sample: "box-a: 60 of 60 active ones connected, 5 passive, 5 need an upgrade"
actions:
  description: One sentence for each act on a box; there is none here.
  returned: always
  type: list
  elements: str
  sample: []
error:
  description: Stable name of the kind of failure, for instance V(deadline) or V(unreachable).
  returned: failure
  type: str
  sample: deadline
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G14]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _jump_clients, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience

SPEC: dict[str, Any] = {
    "wait": {"type": "bool", "default": False},
    "timeout": {"type": "float", "default": 3600.0},
    "allow_missing": {"type": "int", "default": 0},
    "remember": {"type": "bool", "default": False},
    "site_hostname": {"type": "str"},
    "site_address": {"type": "str"},
    "site_port": {"type": "int", "default": 443},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Count the clients; note them or wait for them, where that is wanted."""
    box = _edge.box_of(arguments, context)
    wait, remember, allowed = arguments["wait"], arguments["remember"], arguments["allow_missing"]
    if wait and remember:
        raise BadInput("Either remember, before the upgrade, or wait, after it.", state="Nothing was changed.")
    if allowed < 0:
        raise BadInput(f"allow_missing is {allowed}, which is no number of clients.", state="Nothing was changed.")
    missing: list[str] = []
    if remember:
        context.journal.require_folder("where is it to be noted?")
        facts = _jump_clients.remember(box, context)
    elif wait:
        patience = Patience(_jump_clients.NORMAL_SECONDS, arguments["timeout"])
        facts, missing = _jump_clients.await_back(box, context, patience, allowed, _sites(arguments))
    else:
        facts = _jump_clients.count(box).facts()
    return {
        "before": facts,
        "after": facts,
        "clients": facts,
        "missing": missing,
        "sentence": f"{box.name}: {_jump_clients.told_of(facts)}",
        "changed": False,
    }


def _sites(arguments: dict[str, Any]) -> list[_witness.PublicName]:
    """Where users reach the site; none where its name tells nothing here, which keeps nobody from counting."""
    try:
        return _witness.public_names(arguments)
    except BadInput:
        return []


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
