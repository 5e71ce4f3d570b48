# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_download_key
short_description: Read the download key of a box
description:
  - Reads the Appliance Download Key from C(/appliance > Updates). With it the vendor's update server gives the packages
    of just this box, to be fetched with M(bt_ops.pra.bt_package) on a machine that reaches that server.
  - A person may read it instead (O(manual_steps)), and put it into a file that is removed again.
  - The key is stored as C(download_key.json) in the folder of the box below O(packages_dir), mode 0600, with the box's
    serial number, id, versions, and the time.
  - Refused where the clock of the box is wrong by more than a minute, because a key depends on it, and where the folder
    holds packages of another box.
  - Covers the obligations G19 and G22 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  idempotent:
    support: partial
    details: Within O(max_age) a second run changes nothing. After that it depends on whether the box gives a new key.
options:
  packages_dir:
    description:
      - Folder with one folder for each box. By default C(packages) in O(run_dir).
      - On a local connection it is taken from the variable C(bt_packages_dir) when not given, else it is C(packages) in
        C(bt_run_dir).
    type: path
  max_age:
    description:
      - Age in seconds up to which a stored key of the box as it is now is left as it is. V(0) always reads it.
    type: float
    default: 3600
"""

EXAMPLES = r"""
- name: Read the download key of a box
  bt_ops.pra.bt_download_key:
    host: box-a.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    packages_dir: /srv/packages
"""

RETURN = r"""
before:
  description: What was known of the key that was stored for this box as it is; empty where there was none.
  returned: success
  type: dict
after:
  description: What is known of the key that is stored now; never the key itself. In check mode the same as RV(before).
  returned: success
  type: dict
  contains:
    path:
      description: Where the key lies.
      type: str
      returned: success
    sha256:
      description: SHA-256 of the key, to tell one from another.
      type: str
      returned: success
    appliance_id:
      description: Id of the box, empty where it did not tell.
      type: str
      returned: success
    serial:
      description: Serial number of the box, empty where it did not tell.
      type: str
      returned: success
    product_version:
      description: Version of the product on the box, empty where no account could ask.
      type: str
      returned: success
    base_version:
      description: Version of the base software on the box.
      type: str
      returned: success
    taken:
      description: When it was read, in UTC.
      type: str
      returned: success
    box_time:
      description: The time that the box showed, as it wrote it.
      type: str
      returned: success
  sample:
    path: /srv/packages/box-a.example.com/download_key.json
    serial: BPRA-12345678
    base_version: 7.0.1
    taken: "2026-11-24T22:05:11.123Z"
actions:
  description: One sentence for each act; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: ["Read the download key of box-a.example.com."]
diff:
  description: The difference between RV(before) and RV(after).
  returned: when a diff is asked for
  type: dict
error:
  description: Stable name of the kind of failure, for instance V(refused) or V(box_failed).
  returned: failure
  type: str
  sample: refused
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G22]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _download_key, _edge, _ledger
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context

SPEC: dict[str, Any] = {
    "packages_dir": {"type": "path"},
    "max_age": {"type": "float", "default": 3600.0},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Have the key of the box in its folder."""
    box = _edge.box_of(arguments, context)
    folder = _ledger.packages_dir_of(arguments)
    was, now = _download_key.ensure(box, context, folder, arguments["max_age"])
    before = _download_key.facts(was, folder, box.name)
    after = _download_key.facts(now or was, folder, box.name)
    expected = {} if now else {"taken": "now"}
    return {**_edge.told(before, after, **expected), "changed": was != now}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
