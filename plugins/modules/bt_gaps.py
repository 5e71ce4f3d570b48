# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_gaps
short_description: See to what a backup of a box does not hold
description:
  - A backup holds neither session recordings, nor the Vault encryption key, nor large files, nor the settings of
    C(/appliance). Before a box is given up, each of these is collected, or waived by a person.
  - The settings of C(/appliance) are collected by this module. It opens the pages of networking, security and users,
    keeps what their fields and tables show in a file of mode 0600, and tells by page and label, without values, where
    the new box (O(peer)) differs. Passwords are not read.
  - The other items have no public interface. People collect them and say where they lie (O(collected)), or waive them.
  - Fails, naming each item that is open. Changes nothing on a box. Notes in the journal what became of each item;
    M(bt_ops.pra.bt_factory_reset) relies on it.
  - Covers the obligations G1 and G37 of the vendor's upgrade guide.
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
    details: In check mode no file is written, and items that are open are told without failing.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  peer:
    description:
      - The box that takes over, reached as this one is. Its settings are compared.
  waived:
    description:
      - What nobody needs. A mapping of items to the person who says so, or a list of items.
      - The items are V(recordings), V(vault_key), V(big_files) and V(appliance_settings).
    type: raw
  collected:
    description:
      - Where the items lie that people have collected, a file or folder that is not empty for each.
    type: dict
    default: {}
  dest:
    description:
      - Folder for the settings. By default C(gaps) in O(run_dir).
    type: path
"""

EXAMPLES = r"""
- name: See to what the backup does not hold
  bt_ops.pra.bt_gaps:
    host: box-old.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    peer:
      host: box-new.example.com
      appliance_username: admin
      appliance_password: "{{ vault_new_appliance_password }}"
    collected:
      vault_key: /srv/safe/access/vault.key
    waived:
      recordings: Jane Doe
      big_files: Jane Doe
    run_dir: /srv/runs/access
"""

RETURN = r"""
before:
  description: What the journal knew of each item before. The keys are the items.
  returned: success
  type: dict
after:
  description: What is known of each item now. The keys are the items.
  returned: success
  type: dict
  sample:
    recordings: {what: session recordings, how: waived, by: Jane Doe, path: ""}
    vault_key: {how: collected, by: "", path: /srv/safe/access/vault.key}
open:
  description: The items that nobody has collected or waived.
  returned: success, or when an item is open
  type: list
  elements: str
  sample: []
differences:
  description: Where the settings of O(peer) differ, by page and label.
  returned: success
  type: list
  elements: str
  sample: ["Networking > IP Configuration: NTP Server"]
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
  sample: [G37]
"""

from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _gaps
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

SPEC: dict[str, Any] = {
    "peer": _edge.PEER_SPEC,
    "waived": {"type": "raw"},
    "collected": {"type": "dict", "default": {}},
    "dest": {"type": "path"},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Settle each item, or tell which is open."""
    waived, collected = _gaps.waived_by(arguments["waived"]), _gaps.collected_at(arguments["collected"])
    run_dir, dest = _edge.text_of(arguments, "run_dir"), _edge.text_of(arguments, "dest")
    if not (dest or run_dir):
        raise BadInput("dest and run_dir are missing: where are the settings to go?", state="Nothing was changed.")
    old = _edge.box_of(arguments, context)
    new = _edge.box_of(arguments, context, "peer") if arguments.get("peer") else None
    before, gaps = _gaps.settle(old, new, context, waived, collected, dest or str(Path(run_dir) / "gaps"))
    return {
        "before": before.facts(),
        "after": gaps.facts(),
        "open": gaps.still_open,
        "differences": gaps.differences,
        "changed": False,
    }


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
