# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_backup
short_description: Take a backup of a box
description:
  - Takes a backup of settings and configuration, by the backup API where an API account may use it, else by the form on
    C(/login > Management > Software), or there by a person (O(manual_steps)).
  - The file is streamed to the disk, looked at (a page or an error text is no backup), hashed and described in a
    manifest beside it. With O(max_age) a backup that is there and still fits the box is proven again and used.
  - A backup holds neither session recordings nor large files of the file store, nor the settings of C(/appliance).
  - Covers the obligations G1, G24 and G25 of the vendor's upgrade guide.
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
    details: With O(max_age) a second run within that time changes nothing. Without it each run takes a new backup.
options:
  dest:
    description:
      - Folder for backups. Made with mode 0700 where it does not exist; files have mode 0600.
      - By default C(backups) in O(run_dir).
    type: path
  password:
    description:
      - Password that protects the backup. The file is useless without it, so keep it in a vault.
    type: str
  max_age:
    description:
      - Age in seconds up to which a backup of the box as it is now is used again. V(0) always takes a new one.
    type: float
    default: 0
"""

EXAMPLES = r"""
- name: Take a backup before the maintenance window
  bt_ops.pra.bt_backup:
    host: box-a.example.com
    api_client_id: "{{ vault_api_client_id }}"
    api_client_secret: "{{ vault_api_client_secret }}"
    dest: /srv/backups/access.example.com
    password: "{{ vault_backup_password }}"

- name: Have one that is at most an hour old
  module_defaults:
    group/bt_ops.pra.bt:
      login_username: admin
      login_password: "{{ vault_login_password }}"
      run_dir: /srv/runs/access.example.com
  block:
    - name: Have a backup
      bt_ops.pra.bt_backup:
        host: box-a.example.com
        max_age: 3600
"""

RETURN = r"""
before:
  description: Manifest of the newest backup in the folder that fits the box as it is, empty where there is none.
  returned: success
  type: dict
after:
  description: Manifest of the newest backup that fits the box now. In check mode the same as RV(before).
  returned: success
  type: dict
backup:
  description: Manifest of the backup that was taken or used again; empty in check mode where one would be taken.
  returned: success
  type: dict
  contains:
    path:
      description: Where the file lies.
      type: str
      returned: success
    size:
      description: Its size in bytes.
      type: int
      returned: success
    sha256:
      description: Its SHA-256.
      type: str
      returned: success
    taken:
      description: When it was taken, in UTC.
      type: str
      returned: success
    box:
      description: Name of the box that it is of.
      type: str
      returned: success
    appliance_id:
      description: Id of that box, empty where the box did not tell.
      type: str
      returned: success
    serial:
      description: Serial number of that box, empty where the box did not tell.
      type: str
      returned: success
    product_version:
      description: Version of the product at that time.
      type: str
      returned: success
    base_version:
      description: Version of the base software at that time, empty where the box did not tell.
      type: str
      returned: success
    failover_role:
      description: Failover role of the box at that time.
      type: str
      returned: success
    protected:
      description: Whether a password opens it.
      type: bool
      returned: success
    way:
      description: V(api) or V(form), the way by which it was taken.
      type: str
      returned: success
  sample:
    path: /srv/runs/access.example.com/backups/box-a-24.1.2-20261124T220511123456Z.nsb
    size: 1048576
    box: box-a
    product_version: 24.1.2
    way: api
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: ["Took a backup of box-a (product 24.1.2, base 7.0.1)."]
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

import math
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup, _edge
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

SPEC: dict[str, Any] = {
    "dest": {"type": "path"},
    "password": {"type": "str", "no_log": True},
    "max_age": {"type": "float", "default": 0.0},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Have a proven backup of the box as it is now."""
    box = _edge.box_of(arguments, context)
    run_dir, dest = _edge.text_of(arguments, "run_dir"), _edge.text_of(arguments, "dest")
    if not (dest or run_dir):
        raise BadInput("dest and run_dir are missing: where is the backup to go?", state="Nothing was changed.")
    folder = dest or str(Path(run_dir) / "backups")
    wish = _backup.Wish(folder, arguments["password"] or "", arguments["max_age"])
    there = _backup.find(_backup.look(box), box, replace(wish, max_age=math.inf))
    before = asdict(there) if there else {}
    backup, new = _backup.ensure(box, context, wish)
    now = asdict(backup) if backup else {}
    expected = {"path": f"a new file in {folder}"} if new and context.check_mode else {}
    return {**_edge.told(before, now or before, **expected), "backup": now}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
