# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_restore
short_description: Restore a backup on a new box
description:
  - Makes the first log-in on a factory-new box with the credentials that the guide names, replaces the factory password
    of C(/login) at once by O(login_password), uploads a backup that M(bt_ops.pra.bt_backup) took, and waits until it is
    restored.
  - The box's accounts are then those of the backup. O(login_username), O(login_password) and the API account are such
    as the backup holds; that the box lets them in is part of the proof. None is tried twice.
  - Refused on a box in a failover relationship, on a box in use, on one that serves O(site_hostname), and where the box
    does not run the very version and build of the backup. A factory-new box proves by its first log-in that it is one;
    any other box counts as in use, unless a person types its serial number in O(confirm_serial).
  - A backup that is proven restored on the box is not restored again.
  - There is no API for this, so it is done on C(/login > Management > Software).
  - Covers the obligation G42 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.connection.site
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  idempotent:
    support: partial
    details: Needs O(run_dir). Its journal knows which backup was restored on which box.
options:
  state:
    description:
      - V(prepared) makes the first log-in and replaces the factory password, and does no more. It needs no backup.
      - V(restored) does that where it is still to be done, and restores O(src).
    type: str
    choices: [prepared, restored]
    default: restored
  src:
    description:
      - The backup file, with the manifest that M(bt_ops.pra.bt_backup) put beside it. Needed for O(state=restored).
    type: path
  password:
    description:
      - Password that protects the backup.
    type: str
  max_age:
    description:
      - Age in seconds up to which a backup is restored, because what was done since is lost. V(0) takes one of any age.
    type: float
    default: 86400
  confirm_serial:
    description:
      - Serial number of the box, typed by a person who says that all that is on the box may be lost. Needed only where
        the box is not factory-new. It does not help on a box that is paired, serves the site, or has anybody connected.
    type: str
  timeout:
    description:
      - Seconds after which the wait for the restore ends; the restore itself goes on.
    type: float
    default: 14400
  site_hostname:
    description:
      - Public host name of the site. A box that answers on it gets nothing restored. Not looked at by default.
  site_address:
    description:
      - Address at which users reach the site, where the name does not resolve here as it does for them.
"""

EXAMPLES = r"""
- name: Put the settings of the old box on the new one
  bt_ops.pra.bt_restore:
    host: box-new.example.com
    appliance_username: admin
    appliance_password: "{{ vault_new_appliance_password }}"
    login_username: admin
    login_password: "{{ vault_login_password }}"
    src: /srv/runs/access/backups/box-old-24.3.1-20261124T220511123456Z.nsb
    password: "{{ vault_backup_password }}"
    run_dir: /srv/runs/access

- name: Replace the factory password before anything else
  module_defaults:
    group/bt_ops.pra.bt:
      appliance_username: admin
      appliance_password: "{{ vault_new_appliance_password }}"
      login_username: admin
      login_password: "{{ vault_login_password }}"
      run_dir: /srv/runs/access
  block:
    - name: Make the first log-in
      bt_ops.pra.bt_restore:
        host: box-new.example.com
        state: prepared
"""

RETURN = r"""
before:
  description: The box before.
  returned: success
  type: dict
  contains:
    serial:
      description: Its serial number.
      type: str
      returned: success
    base_version:
      description: Version of its base software.
      type: str
      returned: success
    product_version:
      description: Version of its product; null on a box whose factory password has yet to be replaced.
      type: str
      returned: success
    product_build:
      description: Build of its product; null where the box does not tell.
      type: str
      returned: success
    failover_role:
      description: Its failover role; null on a box whose factory password has yet to be replaced.
      type: str
      returned: success
    prepared:
      description: Whether its factory password is replaced.
      type: bool
      returned: success
    restored:
      description: Which backup the journal knows to be restored on it; null for none.
      type: dict
      returned: success
      contains:
        of:
          description: Name of the box that the backup is of.
          type: str
          returned: when there is one
        taken:
          description: When the backup was taken, in UTC.
          type: str
          returned: when there is one
        sha256:
          description: SHA-256 of the backup.
          type: str
          returned: when there is one
  sample:
    serial: BPRA-0002
    product_version: null
    failover_role: null
    prepared: false
    restored: null
after:
  description: The box afterwards. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    serial: BPRA-0002
    product_version: 24.3.1
    failover_role: none
    prepared: true
    restored: {of: box-old, taken: "2026-11-24T22:05:11.123Z", sha256: 9f2c...}
account:
  description:
    - Name of the account by which the box's C(/login) is entered now. It has the password O(login_password).
  returned: success
  type: str
  sample: admin
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: [Changed the factory password of /login on box-new.]
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
  sample: [G42]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup, _edge, _restore, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience

SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["prepared", "restored"], "default": "restored"},
    "src": {"type": "path"},
    "password": {"type": "str", "no_log": True},
    "max_age": {"type": "float", "default": 86400.0},
    "confirm_serial": {"type": "str"},
    "timeout": {"type": "float", "default": 14400.0},
    **_witness.SITE_SPEC,
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Make the first log-in, and restore the backup where that is wanted."""
    box, source = _edge.box_of(arguments, context), _edge.text_of(arguments, "src")
    if arguments["state"] == "prepared":
        before, after = _restore.prepare(box, context)
        return {**_edge.told(before.facts(), after.facts(), prepared=True), "account": after.account}
    if not source:
        raise BadInput("src is missing: which backup is to be restored?", state="Nothing was changed.")
    backup = _backup.read(source, arguments["password"] or "")
    terms = _restore.Terms(
        password=arguments["password"] or "",
        patience=Patience(_restore.NORMAL_SECONDS, arguments["timeout"]),
        max_age=arguments["max_age"],
        consent=_edge.text_of(arguments, "confirm_serial"),
        site=_witness.public_name(arguments),
    )
    before, after = _restore.restore(box, backup, context, terms)
    expected = {"of": backup.box, "taken": backup.taken, "sha256": backup.sha256}
    told = _edge.told(before.facts(), after.facts(), prepared=True, restored=expected)
    return {**told, "account": after.account}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
