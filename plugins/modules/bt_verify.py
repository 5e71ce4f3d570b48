# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_verify
short_description: Prove that a box works after an update
description:
  - Looks whether the box is healthy and runs what it is to run, and with O(site_hostname) whether its site answers
    under the public name at the box's own address, over TLS that is valid for that name. No hosts file is touched for
    that.
  - Looks at everything first and fails then, naming each thing that is not as it must be. Nothing on the box is
    changed. In check mode it tells what it sees and does not fail.
  - Covers the obligations G26, G27, G31 and G35 of the vendor's upgrade guide, as far as no person is needed.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.connection.peer
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  check_mode:
    details: Changes nothing in any mode. What is not yet as it must be is no failure in check mode.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  version:
    description:
      - Version of the product that the box must run, such as V(24.3.1). Not looked at by default.
    type: str
  base_version:
    description:
      - Version of the base software that the box must at least run. Not looked at by default.
    type: str
  site_hostname:
    description:
      - Public host name of the site. Not looked at by default.
    type: str
  site_address:
    description:
      - Address at which the site is asked. By default O(host), the box's own address; with O(public) all addresses that
        O(site_hostname) has.
    type: str
  site_port:
    description:
      - Port at which the site is asked. By default O(port); with O(public) that of HTTPS.
    type: int
  public:
    description:
      - Whether the site is asked where its users reach it. The box must be the one that answers there, and under every
        address that the name has.
    type: bool
    default: false
  dns_server:
    description:
      - Name server that is asked for the addresses of O(site_hostname) with O(public), where there is no
        O(site_address). By default the machine that runs the task resolves the name as it does any other. Needs the
        Python library dnspython.
      - On a local connection it is taken from the variable C(bt_dns_server), and O(dns_port) from C(bt_dns_port).
    type: str
  dns_port:
    description:
      - Port of O(dns_server).
    type: int
    default: 53
  peer:
    description:
      - The other box of the pair. With it nothing may be installing on either box, and both must have the failover role
        and the versions that they had when the run was planned with M(bt_ops.pra.bt_plan), but for what the run has
        changed itself. Look so right before the site is switched by other means than M(bt_ops.pra.bt_cutover), which
        looks itself.
  before_switch:
    description:
      - Whether the site is to be switched to this box now, from O(peer), by other means than
        M(bt_ops.pra.bt_cutover). Neither box may be in a failover relationship then, and this one must run the version
        of the upgrade that M(bt_ops.pra.bt_plan) began, and have been verified in it. Needs O(peer).
      - In an asynchronous upgrade, what was set on O(peer) since the pair was broken is looked for; see
        O(changes_given_up_by).
      - M(bt_ops.pra.bt_dns) switches a record only right after this.
    type: bool
    default: false
  changes_given_up_by:
    description:
      - Name of the person who gives up what was set on O(peer) since the pair was broken, and that this box lacks, for
        O(before_switch). It is written to the journal with what was found.
      - Without it the task fails where pages or API show such changes, or where nobody can tell.
    type: str
  timeout:
    description:
      - Seconds for which the site is asked again until it is the box that answers, where a switch takes a while to be
        seen by everybody.
    type: float
    default: 0
  soak:
    description:
      - Seconds for which the site must be served well since it was switched, before anything is judged. Time that has
        passed since then counts, also while no run was at work.
      - V(0) does not wait.
    type: float
    default: 0
"""

EXAMPLES = r"""
- name: Prove that the box runs the new version
  bt_ops.pra.bt_verify:
    host: box-b.example.com
    login_username: admin
    login_password: "{{ vault_login_password }}"
    version: 24.3.1
    site_hostname: access.example.com

- name: The same with the accounts set once
  module_defaults:
    group/bt_ops.pra.bt:
      api_client_id: "{{ vault_api_client_id }}"
      api_client_secret: "{{ vault_api_client_secret }}"
  block:
    - name: Prove that the box runs the new version
      bt_ops.pra.bt_verify:
        host: box-b.example.com
        version: 24.3.1

    - name: See that nobody else is at work on the pair, right before its site is switched
      bt_ops.pra.bt_verify:
        host: box-b.example.com
        version: 24.3.1
        peer:
          host: box-a.example.com
"""

RETURN = r"""
before:
  description: What the box runs.
  returned: success
  type: dict
  contains:
    product_version:
      description: Version of the product.
      type: str
      returned: success
    product_build:
      description: Build of the product; null where the box does not tell.
      type: str
      returned: success
    base_version:
      description: Version of the base software.
      type: str
      returned: success
    healthy:
      description: Whether the box says that it is healthy.
      type: bool
      returned: success
  sample:
    product_version: 24.3.1
    product_build: 43310-77ab
    base_version: 7.1.0
    healthy: true
after:
  description: The same as RV(before).
  returned: success
  type: dict
checks:
  description: What was looked at.
  returned: success, or when the box is not proven to work
  type: list
  elements: dict
  contains:
    name:
      description: What was looked at.
      type: str
      returned: success
    ok:
      description: Whether it is as it must be.
      type: bool
      returned: success
    seen:
      description: What was seen.
      type: str
      returned: success
    guide:
      description: Obligation of the vendor's upgrade guide that it is about.
      type: str
      returned: success
  sample:
    - name: product version
      ok: true
      seen: 24.3.1
      guide: G26
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
changes:
  description: What was set on O(peer) since the pair was broken, and this box lacks; place and label.
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

from dataclasses import asdict
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _gates, _update, _verify, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._other_hands import refuse_other_hands
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

SPEC: dict[str, Any] = {
    "version": {"type": "str"},
    "base_version": {"type": "str"},
    **_witness.SITE_SPEC,
    "site_port": {"type": "int"},
    "public": {"type": "bool", "default": False},
    "timeout": {"type": "float", "default": 0},
    "soak": {"type": "float", "default": 0},
    "peer": _edge.PEER_SPEC,
    "before_switch": {"type": "bool", "default": False},
    "changes_given_up_by": {"type": "str"},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Look at everything, then judge."""
    product, base = _edge.text_of(arguments, "version"), _edge.text_of(arguments, "base_version")
    wanted = Version.wanted(product, "version") if product else None
    wanted_base = Version.wanted(base, "base_version") if base else None
    box = _edge.box_of(arguments, context)
    asked = dict(arguments)
    if not arguments["public"]:
        here = box.connection.endpoint
        asked["site_address"] = _edge.text_of(arguments, "site_address") or here.address
        asked["site_port"] = arguments["site_port"] or here.port
    site = _verify.Site(lambda: _witness.public_names(asked), arguments["timeout"])
    if arguments["soak"] > 0:
        _verify.soak(box, context, site, arguments["soak"])
    other = _edge.box_of(arguments, context, "peer") if arguments["peer"] or arguments["before_switch"] else None
    if other is not None:
        refuse_other_hands((other, box), context)
    if other is not None and arguments["before_switch"]:
        answered = _gates.Answered(given_up_by=_edge.text_of(arguments, "changes_given_up_by"))
        _gates.refuse_switch(other, box, context, answered, context.journal.open_act(box.name, "cutover") is not None)
    seen = _update.read_installed(box).facts()
    checks = _verify.verify(box, context, wanted, wanted_base, site)
    if arguments["before_switch"]:
        _gates.note_switch(box, context)
    return {"before": seen, "after": seen, "checks": [asdict(check) for check in checks], "changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
