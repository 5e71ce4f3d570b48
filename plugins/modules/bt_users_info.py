# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_users_info
short_description: Count who works on a box now
description:
  - Counts the users that are logged in, the sessions that they have open and the clients that are connected.
  - Asks the command API and changes nothing. A box that does not tell is no failure; RV(users.reason) says why.
  - With O(remember=true) the counts are kept for the summary of the run. A move to new hardware does so when the site
    has been switched, for work on the old box does not reach the new one any more.
  - Helps with the obligation G43 of the vendor's upgrade guide (test the new box before the old one is given up).
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  check_mode:
    details: In check mode nothing is noted.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  remember:
    description:
      - Whether to note the counts in the journal of O(run_dir).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: See who works on a box
  bt_ops.pra.bt_users_info:
    host: box-a.example.com
    api_client_id: "{{ vault_api_client_id }}"
    api_client_secret: "{{ vault_api_client_secret }}"
  register: there

- name: See it with the accounts set once
  module_defaults:
    group/bt_ops.pra.bt:
      api_client_id: "{{ vault_api_client_id }}"
      api_client_secret: "{{ vault_api_client_secret }}"
  block:
    - name: See who works on a box
      bt_ops.pra.bt_users_info:
        host: box-a.example.com
"""

RETURN = r"""
users:
  description: The counts as the box tells them now.
  returned: success
  type: dict
  contains:
    known:
      description: Whether the box tells. Where not, the counts are 0.
      type: bool
      returned: success
    reason:
      description: Why it does not, else empty.
      type: str
      returned: success
    users:
      description: Users that are logged in.
      type: int
      returned: success
    sessions:
      description: Sessions that they have open; null where the box tells the users only.
      type: int
      returned: success
    clients:
      description: Clients of any kind that are connected.
      type: int
      returned: success
  sample: {known: true, reason: "", users: 3, sessions: 2, clients: 10}
before:
  description: The same as RV(users); nothing is changed.
  returned: success
  type: dict
after:
  description: The same as RV(users).
  returned: success
  type: dict
sentence:
  description: The counts in one line.
  returned: success
  type: str
  sample: "box-a: 3 users logged in, 2 open sessions, 10 clients connected"
actions:
  description: One sentence for each act on a box; there is none here.
  returned: always
  type: list
  elements: str
  sample: []
error:
  description: Stable name of the kind of failure, for instance V(bad_input).
  returned: failure
  type: str
  sample: bad_input
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: []
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _users
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context

SPEC: dict[str, Any] = {"remember": {"type": "bool", "default": False}}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Count them, and note it where that is wanted."""
    box = _edge.box_of(arguments, context)
    if arguments["remember"]:
        context.journal.require_folder("where is it to be noted?")
    counts = _users.count_users(box)
    if arguments["remember"]:
        _users.note_users(box, context, counts)
    sentence = f"{box.name}: {_users.sentence_of(counts)}"
    return {"before": counts, "after": counts, "users": counts, "sentence": sentence, "changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
