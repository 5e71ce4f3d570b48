# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_package
short_description: Fetch or check the packages of a box
description:
  - For a box that does not reach the vendor's update server. V(fetched) runs on a machine that does, gives the server
    the download key that M(bt_ops.pra.bt_download_key) read, and has what leads to the wanted version in the folder of
    the box. No box is asked for anything.
  - The vendor gives each package B(once). So C(ledger.json) in the folder says that a package is begun before its first
    byte is asked for, what comes is kept as a C(.part) file, a download that broke off is gone on with, and a package
    that is in the ledger is never asked for again. Nothing is ever removed from the folder.
  - A package counts as whole once its size and SHA-256 are known to be right; both stand in the ledger.
  - V(checked) proves, after the folder was carried elsewhere, that each package in it is still whole.
  - The update server's page is driven by its words, because it is not documented.
  - Covers the obligations G19 and G21 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
options:
  state:
    description:
      - V(fetched) has the packages in the folder. V(checked) reads them again and changes nothing.
    type: str
    choices: [fetched, checked]
    default: fetched
  packages_dir:
    description:
      - Folder with one folder for each box. By default C(packages) in O(run_dir).
      - On a local connection it is taken from the variable C(bt_packages_dir) when not given, else it is C(packages) in
        C(bt_run_dir).
    type: path
  key_file:
    description:
      - File with the download key. By default C(download_key.json) in the folder of the box.
    type: path
  version:
    description:
      - Version of the product that is wanted, such as V(24.3.1), or V(latest) for the newest that the server has.
    type: str
    default: latest
  base_version:
    description:
      - Newest base software to be fetched. By default all that is newer than what the box runs.
    type: str
  url:
    description:
      - Page of the vendor's update server.
    type: str
    default: https://update.bomgar.com
  server_ca_path:
    description:
      - File with the certificates of the authorities that the update server's certificate is verified against, in PEM.
        By default the system's store. O(ca_path) is for boxes.
    type: path
  timeout:
    description:
      - Seconds without a byte after which a download that broke off is left. The same command goes on with it.
    type: float
    default: 300
  box:
    description:
      - Name of the box. Its folder is called so.
"""

EXAMPLES = r"""
- name: Fetch the packages of a box, on a machine that reaches the update server
  bt_ops.pra.bt_package:
    box: box-a.example.com
    packages_dir: /media/usb/packages
    version: 24.3.1

- name: Check what was carried over
  bt_ops.pra.bt_package:
    box: box-a.example.com
    packages_dir: /srv/packages
    state: checked
"""

RETURN = r"""
before:
  description: What the ledger told before, under C(packages).
  returned: success
  type: dict
after:
  description: What the ledger tells now, under C(packages). In check mode the same as RV(before).
  returned: success
  type: dict
packages:
  description: The packages of the ledger; also when a download broke off or a package is damaged.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: V(base) or V(product).
      type: str
      returned: always
    version:
      description: Its version.
      type: str
      returned: always
    title:
      description: What the update server calls it.
      type: str
      returned: always
    state:
      description: V(begun) or V(whole).
      type: str
      returned: always
    file:
      description: Name of its file in the folder, once it is whole.
      type: str
      returned: always
    size:
      description: Its size in bytes, where known.
      type: int
      returned: always
    sha256:
      description: Its SHA-256; of a begun one that which the server tells, if it does.
      type: str
      returned: always
    requires_base:
      description: Base software that it needs, where the server tells.
      type: str
      returned: always
    begun:
      description: When it was begun, in UTC.
      type: str
      returned: always
    received:
      description: When its last byte came, in UTC.
      type: str
      returned: always
    trouble:
      description: Why it cannot be used, null where it can.
      type: str
      returned: when O(state=checked)
  sample:
    - kind: product
      version: 24.3.1
      state: whole
      file: product-24.3.1.package
      size: 1073741824
actions:
  description: One sentence for each act; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: ["Fetched product 24.3.1 for box-a.example.com (1073741824 bytes)."]
diff:
  description: The difference between RV(before) and RV(after).
  returned: when a diff is asked for
  type: dict
error:
  description: Stable name of the kind of failure, for instance V(incomplete), V(not_offered) or V(unproven).
  returned: failure
  type: str
  sample: incomplete
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G21]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _fetch, _ledger
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Wish

SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["fetched", "checked"], "default": "fetched"},
    "packages_dir": {"type": "path"},
    "key_file": {"type": "path", "no_log": False},
    "version": {"type": "str", "default": "latest"},
    "base_version": {"type": "str"},
    "url": {"type": "str", "default": "https://update.bomgar.com"},
    "server_ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 300.0},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Have the packages of a box, or prove them."""
    name = _edge.text_of(arguments, "box") or _edge.text_of(arguments, "host")
    if not name:
        raise BadInput("box is missing: whose packages are meant?", state="Nothing was changed.")
    order = _fetch.Order(
        packages_dir=_ledger.packages_dir_of(arguments),
        box=name,
        wish=Wish.of(arguments["version"], _edge.text_of(arguments, "base_version")),
        serial=_edge.text_of(arguments, "serial"),
        key_file=_edge.text_of(arguments, "key_file"),
        url=arguments["url"],
        ca_path=_edge.text_of(arguments, "server_ca_path"),
        patience=arguments["timeout"],
        labels=_edge.labels_of(arguments),
    )
    if arguments["state"] == "checked":
        facts = _fetch.check(order, context)
        return {**_edge.told({"packages": facts}, {"packages": facts}), "packages": facts, "changed": False}
    before, after = _fetch.fetch(order, context)
    expected = {"packages": context.actions} if context.check_mode and context.actions else {}
    return {**_edge.told({"packages": before}, {"packages": after}, **expected), "packages": after}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
