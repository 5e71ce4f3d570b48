# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_failover
short_description: Synchronise, break or establish the failover of a pair
description:
  - Brings the failover relationship of one box into a state and proves that by reading the box, and O(peer), again.
  - A data sync is waited for until it is complete, however long it takes. A relationship is broken only after a
    complete, good and fresh data sync, and established only from the box that serves the site, because that one has the
    newer data.
  - A press whose answer was lost must show an effect within a minute, else the module fails and says so; run again, it
    looks first and presses again only where nothing was done. A data sync that the box shows as failed is told at once.
  - Before a relationship is established, the pre-shared keys of both boxes are compared where both show theirs on
    C(/login > Management > Security). None is told or kept. Where one is not shown, the boxes compare them.
  - There is no API for any of this, so it is done on C(/login > Management > Failover), or there by a person
    (O(manual_steps)).
  - Covers the obligations G24, G28, G29, G34 and G36 of the vendor's upgrade guide.
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
    details: With O(max_sync_age=0) each run of O(state=synchronised) synchronises. All else changes nothing again.
options:
  state:
    description:
      - V(synchronised) has a data sync that is complete.
      - V(broken) has no relationship any more. The relationship is all that is lost by it.
      - V(established) has the box as primary and O(peer) as its backup, with one good data sync between them.
    type: str
    choices: [synchronised, broken, established]
    required: true
  max_sync_age:
    description:
      - With O(state=synchronised), the age in seconds up to which the last data sync counts; V(0) always starts one.
      - With O(state=broken), the most that the last data sync may be old.
    type: float
    default: 900
  sync_timeout:
    description:
      - Seconds after which a wait for a data sync ends. The sync itself is never cut off.
    type: float
    default: 86400
  peer_address:
    description:
      - Address at which this box reaches O(peer). By default O(peer.host). Never the site's shared name.
    type: str
  peer_port:
    description:
      - TLS port at which this box reaches O(peer). By default O(peer.port).
    type: int
  own_address:
    description:
      - Address at which O(peer) reaches this box. By default O(host). Never the site's shared name.
    type: str
  own_port:
    description:
      - TLS port at which O(peer) reaches this box. By default O(port).
    type: int
"""

EXAMPLES = r"""
- name: Synchronise, so that the relationship can be broken
  bt_ops.pra.bt_failover:
    host: box-a.example.com
    login_username: admin
    login_password: "{{ vault_login_password }}"
    state: synchronised
    max_sync_age: 0

- name: Establish the relationship from the box that serves the site now
  module_defaults:
    group/bt_ops.pra.bt:
      login_username: admin
      login_password: "{{ vault_login_password }}"
      site_hostname: access.example.com
  block:
    - name: Have box-b as primary and box-a as its backup
      bt_ops.pra.bt_failover:
        host: box-b.example.com
        state: established
        peer:
          host: box-a.example.com
          login_username: admin
          login_password: "{{ vault_login_password }}"
"""

RETURN = r"""
before:
  description: Role and last data sync of the box before.
  returned: success
  type: dict
  contains:
    failover_role:
      description: V(none), V(primary) or V(backup).
      type: str
      returned: success
    last_sync:
      description: When the last data sync ended, as the box tells it; null where it does not.
      type: str
      returned: success
    last_sync_status:
      description: How it ended, in the box's own words.
      type: str
      returned: success
    sync_running:
      description: Whether a data sync is under way.
      type: bool
      returned: success
  sample:
    failover_role: primary
    last_sync: "2026-11-24T21:58:03Z"
    last_sync_status: success
    sync_running: false
after:
  description: The same, read from the box afterwards.
  returned: success
  type: dict
  sample:
    failover_role: none
    last_sync: null
    last_sync_status: null
    sync_running: false
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: [Broke the failover relationship on box-a.]
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

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _changes,
    _direction,
    _edge,
    _failover,
    _failover_state,
    _witness,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._failover import Sides
from ansible_collections.bt_ops.pra.plugins.module_utils._failover_state import State
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience

NORMAL_SYNC_SECONDS = 600.0

SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["synchronised", "broken", "established"], "required": True},
    "peer": _edge.PEER_SPEC,
    "max_sync_age": {"type": "float", "default": 900.0},
    "sync_timeout": {"type": "float", "default": 86400.0},
    "peer_address": {"type": "str"},
    "peer_port": {"type": "int"},
    "own_address": {"type": "str"},
    "own_port": {"type": "int"},
    **_witness.SITE_SPEC,
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Bring the relationship into the wanted state."""
    state, max_age = arguments["state"], arguments["max_sync_age"]
    box = _edge.box_of(arguments, context)
    peer = _edge.box_of(arguments, context, "peer") if arguments["peer"] else None
    patience = Patience(NORMAL_SYNC_SECONDS, arguments["sync_timeout"])
    if state == "synchronised":
        before, after = _failover.synchronise(box, peer, context, patience, max_age)
        expected: dict[str, Any] = {"last_sync": "a new one"}
    elif state == "broken":
        before, after = _failover.break_relationship(box, context, max_age, peer)
        _changes.note_contents(box, context)
        expected = {"failover_role": "none"}
    else:
        before, after = _established(arguments, context, patience)
        expected = {"failover_role": "primary"}
    left_out = context.check_mode and context.actions
    return _edge.told(before.facts(), after.facts(), **(expected if left_out else {}))


def _established(arguments: dict[str, Any], context: Context, patience: Patience) -> tuple[State, State]:
    """Establish from the box that serves, then have one good data sync."""
    site = _witness.public_name(arguments)
    if site is None:
        raise BadInput("site_hostname is missing: who serves the site?", state="Nothing was changed.")
    box, peer = _edge.box_of(arguments, context), _edge.box_of(arguments, context, "peer")
    here, there = box.connection.endpoint, peer.connection.endpoint
    sides = Sides(
        backup=(_edge.text_of(arguments, "peer_address") or there.address, arguments["peer_port"] or there.port),
        own=(_edge.text_of(arguments, "own_address") or here.address, arguments["own_port"] or here.port),
    )
    paired = _failover_state.read_state(box).role == "primary"
    witness = _witness.who_surely_answers(site, [box, peer], context.say)
    # In check mode the cut-over that comes before has not been done either.
    if not (paired or context.check_mode):
        _direction.refuse_older(box, peer, context, site, witness)
    before, after = _failover.establish(box, peer, context, sides, site.hostname, patience)
    # What the box shows right after may be the last sync of an earlier relationship.
    if after.role == "primary" and not (paired and _failover.has_good_sync(box)):
        after = _failover.synchronise(box, peer, context, patience, 0.0)[1]
    return before, after


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
