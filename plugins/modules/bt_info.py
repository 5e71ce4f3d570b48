# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_info
short_description: Read what a box is and runs
description:
  - Reads identity, versions, health, failover role, shared IPs and the last data sync of one BeyondTrust PRA box.
  - Asks the documented APIs first and the web pages for what no API tells. Nothing on the box is changed.
  - Helps with the obligations G23 (know which box is the primary) and G26 (see that an update worked) of the vendor's
    upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  check_mode:
    details: Changes nothing in any mode.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
"""

EXAMPLES = r"""
- name: Read what the box runs
  bt_ops.pra.bt_info:
    host: box-a.example.com
    login_username: admin
    login_password: "{{ vault_login_password }}"
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
  register: box

- name: Read it with the accounts set once
  module_defaults:
    group/bt_ops.pra.bt:
      api_client_id: "{{ vault_api_client_id }}"
      api_client_secret: "{{ vault_api_client_secret }}"
      ca_path: /etc/ssl/boxes.pem
  block:
    - name: Read what the box runs
      bt_ops.pra.bt_info:
        host: box-a.example.com
"""

RETURN = r"""
before:
  description: The same as RV(facts).
  returned: success
  type: dict
after:
  description: The same as RV(facts).
  returned: success
  type: dict
facts:
  description: What the box is and runs. What it does not tell is null.
  returned: success
  type: dict
  contains:
    box:
      description: Name of the box in messages.
      type: str
      returned: success
    host:
      description: Address at which it was asked.
      type: str
      returned: success
    appliance_id:
      description: Its id, 32 hexadecimal digits.
      type: str
      returned: success
    host_name:
      description: Its own host name.
      type: str
      returned: success
    product_version:
      description: Version of the product.
      type: str
      returned: success
    product_build:
      description: Build of the product.
      type: str
      returned: success
    healthy:
      description: Whether the box says that it is healthy.
      type: bool
      returned: success
    site_software:
      description:
        - Whether the box has a site, V(true) for all but a new box on which no product is installed yet. Without one
          all that a site would tell is null.
      type: bool
      returned: success
    health_message:
      description: Why it is not healthy, in its own words.
      type: str
      returned: success
    failover_role:
      description: V(none), V(primary) or V(backup).
      type: str
      returned: success
    enabled_shared_ips:
      description: Shared IPs that are enabled on it.
      type: list
      elements: str
      returned: success
    last_sync:
      description: When the last data sync ended, in UTC.
      type: str
      returned: success
    last_sync_status:
      description: How it ended, in the box's own words.
      type: str
      returned: success
    source:
      description: By which way it was asked, V(xml), V(v2) or V(pages).
      type: str
      returned: success
    box_time:
      description: Its clock when it answered, in seconds since 1970.
      type: float
      returned: success
    serial:
      description: Its serial number. Needs an account of C(/appliance).
      type: str
      returned: success
    base_version:
      description: Version of its base software. Needs an account of C(/appliance).
      type: str
      returned: success
    system_time:
      description: Its clock as its page writes it. Needs an account of C(/appliance).
      type: str
      returned: success
  sample:
    box: box-a
    host: box-a.example.com
    product_version: 24.3.1
    base_version: 7.1.0
    healthy: true
    failover_role: primary
sentence:
  description: The facts in one line.
  returned: success
  type: str
  sample: "box-a: product 24.3.1, base 7.1.0, healthy, failover role primary"
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

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _facts
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context

SPEC: dict[str, Any] = {}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Read the facts of the box."""
    facts = _facts.read_any(_edge.box_of(arguments, context))
    return {"before": facts, "after": facts, "facts": facts, "sentence": _facts.sentence(facts), "changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
