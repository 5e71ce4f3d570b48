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
      - Address at which the site is asked. By default O(host), the box's own address.
    type: str
  site_port:
    description:
      - Port at which the site is asked. By default O(port).
    type: int
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
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G24]
"""

from dataclasses import asdict
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _update, _verify, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version

SPEC: dict[str, Any] = {
    "version": {"type": "str"},
    "base_version": {"type": "str"},
    **_witness.SITE_SPEC,
    "site_port": {"type": "int"},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Look at everything, then judge."""
    product, base = _edge.text_of(arguments, "version"), _edge.text_of(arguments, "base_version")
    wanted = Version.wanted(product, "version") if product else None
    wanted_base = Version.wanted(base, "base_version") if base else None
    box = _edge.box_of(arguments, context)
    here = box.connection.endpoint
    reached_at = {
        "site_address": _edge.text_of(arguments, "site_address") or here.address,
        "site_port": arguments["site_port"] or here.port,
    }
    at_box = _witness.public_name({**arguments, **reached_at})
    seen = _update.read_installed(box).facts()
    checks = _verify.verify(box, context, wanted, wanted_base, at_box)
    return {"before": seen, "after": seen, "checks": [asdict(check) for check in checks], "changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
