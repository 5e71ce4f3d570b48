# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_update
short_description: Update base software and product of a box
description:
  - Installs what leads to the wanted version, one package after the other as the box offers them, each with a backup
    right before it. After base software comes a new backup and then the product at once.
  - The button to install is pressed once. Where an answer was lost, or an earlier run was killed, the box is asked what
    it is doing and its install is waited for.
  - An update is done when the box has come back with the new version and is healthy, several times in a row. A wait
    that ends says so and leaves the box alone; nothing here ever restarts a box.
  - There is no API for updates, so it is done on C(/appliance > Updates), or there by a
    person (O(manual_steps)). By whom, and when that was seen, is in the journal.
  - With O(peer), the other half of a failover pair, nothing is begun while an update runs there or has failed, or once
    it shows something else than when the run was planned.
  - Covers the obligations G3, G6, G16, G17, G18, G20, G21, G25 and G41 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.connection.peer
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
requirements:
  - requests-toolbelt >= 1.0.0, to send packages
options:
  version:
    description:
      - Version of the product that is wanted, such as V(24.3.1), or V(latest) for the newest that the box offers.
    type: str
    default: latest
  base_version:
    description:
      - Version of the base software that is wanted. By default what the product needs.
    type: str
  until:
    description:
      - V(base) stops before the product is installed, V(product) goes to the end.
    type: str
    choices: [product, base]
    default: product
  source:
    description:
      - Where packages come from. V(online) has the box get them from the vendor's update server.
      - V(package) sends them to the box out of its folder in O(packages_dir), where M(bt_ops.pra.bt_package) put them.
        Those of another box or site, those that are not whole by the ledger, and those that need something else first
        are refused before the first byte is sent. Nothing is removed from the folder.
    type: str
    choices: [online, package]
    default: online
  packages_dir:
    description:
      - Folder with one folder for each box, for O(source=package). By default C(packages) in O(run_dir).
      - On a local connection it is taken from the variable C(bt_packages_dir) when not given, else it is C(packages) in
        C(bt_run_dir).
    type: path
  accept_eula:
    description:
      - Name of the person who accepts a licence agreement. Its text is kept in C(agreements) in O(run_dir).
      - Without it a package that tells of one on its page is refused beforehand, and the update stops at one that asks
        only when it is installed.
    type: str
  backup_dest:
    description:
      - Folder for the backups. By default C(backups) in O(run_dir), else C(./bt-runs), the name of the box, C(backups).
    type: path
  backup_password:
    description:
      - Password that protects the backups.
    type: str
  backup_max_age:
    description:
      - Age in seconds up to which a backup of the box as it is now counts as the one before the update.
    type: float
    default: 3600
  jump_client_limit:
    description:
      - So many Jump Clients may upgrade at the same time when they come back, 1 to 500. It is set on the box right
        before the first package is installed; put it back with M(bt_ops.pra.bt_jump_clients). Needs O(run_dir).
    type: int
  timeout:
    description:
      - Seconds after which the wait for one package ends. The install itself goes on.
    type: float
    default: 21600
"""

EXAMPLES = r"""
- name: Update a box to the newest version that it offers
  bt_ops.pra.bt_update:
    host: box-a.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    api_client_id: "{{ vault_api_client_id }}"
    api_client_secret: "{{ vault_api_client_secret }}"
    run_dir: /srv/runs/access.example.com

- name: Update a box to one version
  module_defaults:
    group/bt_ops.pra.bt:
      appliance_username: admin
      appliance_password: "{{ vault_appliance_password }}"
      login_username: admin
      login_password: "{{ vault_login_password }}"
      run_dir: /srv/runs/access.example.com
  block:
    - name: Have 24.3.1
      bt_ops.pra.bt_update:
        host: box-b.example.com
        version: 24.3.1
        accept_eula: Jane Doe

    - name: Have 24.3.1 out of what was carried to this network
      bt_ops.pra.bt_update:
        host: box-b.example.com
        version: 24.3.1
        source: package
        packages_dir: /srv/packages
"""

RETURN = r"""
before:
  description: What the box ran before.
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
    product_version: 24.1.2
    product_build: 41022-9f2c
    base_version: 7.0.1
    healthy: true
after:
  description: What the box runs now. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    product_version: 24.3.1
    product_build: 43310-77ab
    base_version: 7.1.0
    healthy: true
pending:
  description:
    - Titles of the packages that are still to be installed, with O(until=base) or in check mode.
  returned: success
  type: list
  elements: str
  sample: ["Privileged Remote Access 24.3.1"]
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: ["Took a backup of box-a (product 24.1.2, base 7.0.1).", Installed base software 7.1.0 on box-a.]
diff:
  description: The difference between RV(before) and RV(after); in check mode with what would be read then.
  returned: when a diff is asked for
  type: dict
error:
  description: Stable name of the kind of failure, for instance V(refused) or V(unreachable).
  returned: failure
  type: str
  sample: refused
agreement:
  description: File with the text of the licence agreement that nobody is named for.
  returned: when the update stopped at one
  type: str
  sample: /srv/runs/access.example.com/agreements/box-a-product-24.3.1.txt
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G24]
"""

from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup, _edge, _ledger, _update
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Wish
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience

SPEC: dict[str, Any] = {
    "peer": _edge.PEER_SPEC,
    "version": {"type": "str", "default": "latest"},
    "base_version": {"type": "str"},
    "until": {"type": "str", "choices": ["product", "base"], "default": "product"},
    "source": {"type": "str", "choices": ["online", "package"], "default": "online"},
    "packages_dir": {"type": "path"},
    "accept_eula": {"type": "str"},
    "backup_dest": {"type": "path"},
    "backup_password": {"type": "str", "no_log": True},
    "backup_max_age": {"type": "float", "default": 3600.0},
    "jump_client_limit": {"type": "int"},
    "timeout": {"type": "float", "default": 21600.0},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Bring the box to the wanted version."""
    wish = Wish.of(_edge.text_of(arguments, "version"), _edge.text_of(arguments, "base_version"))
    box = _edge.box_of(arguments, context)
    run_dir = _edge.text_of(arguments, "run_dir") or str(Path("bt-runs") / box.name)
    folder = _edge.text_of(arguments, "backup_dest") or str(Path(run_dir) / "backups")
    terms = _update.Terms(
        backup=_backup.Wish(folder, arguments["backup_password"] or "", arguments["backup_max_age"]),
        patience=Patience(_update.NORMAL_SECONDS, arguments["timeout"]),
        accepted_by=_edge.text_of(arguments, "accept_eula"),
        stop_at=arguments["until"],
        packages_dir=_ledger.packages_dir_of(arguments),
        client_limit=arguments["jump_client_limit"] or 0,
    )
    peer = _edge.box_of(arguments, context, "peer") if arguments["peer"] else None
    before, after, pending = _update.update(box, context, wish, terms, peer)
    left_out = {"planned": list(context.actions)} if context.check_mode and context.actions else {}
    return {**_edge.told(before.facts(), after.facts(), **left_out), "pending": pending}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
