# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_jump_clients
short_description: Hold Jump Clients back during an upgrade
description:
  - Lowers the number of Jump Clients that may upgrade at the same time, and puts it back afterwards. Many at once can
    overload the box and the network.
  - The old value is noted in the journal of O(run_dir) before the box is told. O(state=restored) puts it back from
    there, also in another run days later, and asks the box nothing where there is nothing to put back. What somebody
    else has set in the meantime stays.
  - While an update of a box of the site is under way, has failed, or waits for its product after base software,
    nothing is touched and RV(held) says so; call it again after the update.
  - There is no API for this, so it is done on C(/login > Jump > Jump Clients). A box in the role of backup has no such
    page.
  - Covers the obligation G11 of the vendor's upgrade guide.
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
      - V(lowered) has at most O(limit) upgrade at the same time. A lower value of the box stays.
      - V(restored) puts the value back that the box had before.
    type: str
    choices: [lowered, restored]
    default: lowered
  limit:
    description:
      - How many may upgrade at the same time, 1 to 500. Must be given with O(state=lowered).
    type: int
"""

EXAMPLES = r"""
- name: Have no more than five Jump Clients upgrade at the same time
  bt_ops.pra.bt_jump_clients:
    host: box-a.example.com
    login_username: admin
    login_password: "{{ vault_login_password }}"
    limit: 5
    run_dir: /srv/runs/access.example.com

- name: Put the limit back after the upgrade
  module_defaults:
    group/bt_ops.pra.bt:
      login_username: admin
      login_password: "{{ vault_login_password }}"
      run_dir: /srv/runs/access.example.com
  block:
    - name: Have the limit that box-a had before
      bt_ops.pra.bt_jump_clients:
        host: box-a.example.com
        state: restored
"""

RETURN = r"""
before:
  description: The limit as the box showed it before.
  returned: success
  type: dict
  contains:
    limit:
      description: The limit as it stands on the page; null where the box was not asked.
      type: str
      returned: success
  sample:
    limit: "50"
after:
  description: The limit as the box shows it now. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    limit: "5"
held:
  description: Why the box was left alone; empty where it was not.
  returned: success
  type: str
  sample: base 7.1.0 was begun on box-a, and that update is not seen to have ended
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: [Lowered the limit of Jump Client upgrades on box-a from 50 to 5.]
diff:
  description: The difference between RV(before) and RV(after).
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
  sample: [G11]
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _jump_client_limit
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["lowered", "restored"], "default": "lowered"},
    "limit": {"type": "int"},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Lower the limit or put it back."""
    context.journal.require_folder("where is the old limit to be kept?")
    box = _edge.box_of(arguments, context)
    limit: int | None = arguments["limit"]
    expected: dict[str, str] = {}
    if arguments["state"] == "restored":
        outcome = _jump_client_limit.restore(box, context)
    elif limit is None:
        raise BadInput("limit is missing: how many may upgrade at the same time?", state="Nothing was changed.")
    else:
        outcome = _jump_client_limit.lower(box, context, limit)
    if outcome.held:
        box.say(f"the limit of Jump Client upgrades is left alone: {outcome.held}")
    if context.check_mode and context.actions:
        expected["limit"] = outcome.wanted
    told = _edge.told({"limit": outcome.before}, {"limit": outcome.after}, **expected)
    return {**told, "held": outcome.held}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
