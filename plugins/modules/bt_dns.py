# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_dns
short_description: Switch the site's name from one box to the other by DNS
description:
  - Changes one record on its name server by dynamic update (RFC 2136), signed with a key (TSIG). Exactly the planned
    record is replaced, and only while it is what was read before; whatever else the zone holds is left alone.
  - Lower the TTL early, as C(async_upgrade.yml) does in its first minutes. The switch then waits until answers with the
    old TTL are forgotten, switches, and waits again until answers with the old address are forgotten and every one of
    O(resolvers) gives the new address. The TTL is put back at the end, days later if need be. What is to be put back is
    noted in the journal of O(run_dir) beforehand.
  - Asks no box; the connection options are not looked at, apart from O(box) for the journal. On a local connection the
    options of the name server that a task does not name are taken from the variable C(bt_dns_) plus the option's name,
    O(server) from C(bt_dns_server) and O(server_port) from C(bt_dns_port).
  - Covers the obligations G32 and G43 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
requirements:
  - dnspython >= 2.4.0
attributes:
  check_mode:
    details: Also asks the name server whether the key may change the record, which changes nothing.
options:
  state:
    description:
      - V(lowered) has a TTL of at most O(ttl), unless the record leads to O(value) already.
      - V(switched) has the record lead to O(value) and everybody know it.
      - V(restored) has the TTL that the record had before V(lowered); what somebody else has set since stays.
    type: str
    choices: [lowered, switched, restored]
    required: true
  value:
    description:
      - Address of the box that is to serve, or a name that has one here. An IPv4 address means the record of type A, an
        IPv6 address that of type AAAA. One of the other type is told as RV(after) and left alone; switch it
        by a task of its own.
    type: str
    required: true
  server:
    description:
      - Name server that takes updates of the zone. Must be given.
    type: str
  server_port:
    description:
      - Its port.
    type: int
    default: 53
  zone:
    description:
      - Zone that holds the record. Must be given.
    type: str
  record:
    description:
      - Name of the record, in full or relative to O(zone). Must be given. On a local connection it is taken from the
        variable C(bt_site_hostname) where there is no C(bt_dns_record).
    type: str
  key_name:
    description:
      - Name of the key that updates are signed with. Must be given.
    type: str
  key_secret:
    description:
      - Its secret in Base64. Must be given.
    type: str
  key_algorithm:
    description:
      - Its algorithm.
    type: str
    choices: [hmac-md5, hmac-sha1, hmac-sha224, hmac-sha256, hmac-sha384, hmac-sha512]
    default: hmac-sha256
  ttl:
    description:
      - With O(state=lowered), the TTL in seconds that the record is to have during the switch.
    type: int
    default: 60
  resolvers:
    description:
      - Resolvers that the site's users ask, each as C(ADDRESS), C(ADDRESS:PORT) or C([ADDRESS]:PORT). All of them must
        give O(value) before O(state=switched) ends.
    type: list
    elements: str
    default: []
  timeout:
    description:
      - Seconds for resolvers that still give the old address after its TTL. The task then fails and names them.
    type: float
    default: 600
  unverified_by:
    description:
      - Name of the person who has the site moved to a box that no open upgrade in O(run_dir) has updated and verified,
        as for the way back to the box that served before. It is written to the journal.
      - Without it O(state=switched) is done only within an upgrade, right after M(bt_ops.pra.bt_verify) with its option
        O(bt_ops.pra.bt_verify#module:before_switch) has proven the box.
    type: str
"""

EXAMPLES = r"""
- name: Lower the TTL, some time before the switch
  bt_ops.pra.bt_dns:
    state: lowered
    ttl: 30
    value: 192.0.2.12
    server: ns1.example.com
    zone: example.com
    record: access
    key_name: pra-upgrade
    key_secret: "{{ vault_dns_key_secret }}"
    resolvers: [192.0.2.53, 198.51.100.53]
    run_dir: /srv/runs/access.example.com

- name: Have access.example.com lead to box-b
  bt_ops.pra.bt_dns:
    state: switched
    value: 192.0.2.12
    server: ns1.example.com
    zone: example.com
    record: access
    key_name: pra-upgrade
    key_secret: "{{ vault_dns_key_secret }}"
    resolvers: [192.0.2.53, 198.51.100.53]
    run_dir: /srv/runs/access.example.com
    box: box-b
    unverified_by: Jane Doe

- name: Put the TTL back
  module_defaults:
    group/bt_ops.pra.bt:
      run_dir: /srv/runs/access.example.com
  block:
    - name: Have the TTL that the record had before
      bt_ops.pra.bt_dns:
        state: restored
        value: 192.0.2.12
        server: ns1.example.com
        zone: example.com
        record: access
        key_name: pra-upgrade
        key_secret: "{{ vault_dns_key_secret }}"
"""

RETURN = r"""
before:
  description: The record as its name server gave it before.
  returned: success
  type: dict
  contains:
    record:
      description: Its name.
      type: str
      returned: success
    type:
      description: V(A) or V(AAAA).
      type: str
      returned: success
    values:
      description: Its addresses.
      type: list
      elements: str
      returned: success
    ttl:
      description: Its TTL in seconds.
      type: int
      returned: success
    elsewhere:
      description: Addresses of the other type under the same name, which are left alone.
      type: list
      elements: str
      returned: success
  sample:
    record: access.example.com
    type: A
    values: [192.0.2.11]
    ttl: 30
    elsewhere: []
after:
  description: The record as its name server gives it now. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    record: access.example.com
    type: A
    values: [192.0.2.12]
    ttl: 30
    elsewhere: []
stragglers:
  description: Resolvers that do not give the new address, each with what it gives.
  returned: when they are why the task failed
  type: list
  elements: str
  sample: [198.51.100.53:53 gives 192.0.2.11]
actions:
  description: One sentence for each act; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: [Switched access.example.com A from 192.0.2.11 to 192.0.2.12.]
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
  sample: [G32]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _dns, _dns_record, _edge
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

ALGORITHMS = ["hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"]
SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["lowered", "switched", "restored"], "required": True},
    "value": {"type": "str", "required": True},
    "server": {"type": "str"},
    "server_port": {"type": "int", "default": 53},
    "zone": {"type": "str"},
    "record": {"type": "str"},
    "key_name": {"type": "str", "no_log": False},
    "key_secret": {"type": "str", "no_log": True},
    "key_algorithm": {"type": "str", "choices": ALGORITHMS, "default": "hmac-sha256", "no_log": False},
    "ttl": {"type": "int", "default": 60},
    "resolvers": {"type": "list", "elements": "str", "default": []},
    "timeout": {"type": "float", "default": 600},
    "unverified_by": {"type": "str"},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Bring the record into the state."""
    planned = _dns_record.planned_by(arguments)
    ttl = _dns_record.checked_ttl(arguments["ttl"])
    if not _edge.text_of(arguments, "run_dir"):
        raise BadInput("run_dir is missing: there it is noted which TTL is put back.", state="Nothing was changed.")
    resolvers = _dns_record.checked_resolvers(arguments["resolvers"])
    state = arguments["state"]
    expected: dict[str, Any] = {}
    if state == "lowered":
        before, after = _dns.lower(planned, context, ttl, resolvers)
        expected = {"ttl": ttl}
    elif state == "switched":
        box = _edge.text_of(arguments, "box") or planned.value
        person = _edge.text_of(arguments, "unverified_by")
        before, after = _dns.switch(planned, context, box, resolvers, arguments["timeout"], person)
        expected = {"values": [planned.value]}
    else:
        before, after = _dns.restore(planned, context)
    left_out = context.check_mode and context.actions
    return _edge.told(before.facts(planned), after.facts(planned), **(expected if left_out else {}))


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
