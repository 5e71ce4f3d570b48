# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_doctor
short_description: Tell beforehand what this collection can do with a box
description:
  - Looks at one BeyondTrust PRA box and tells for every capability of this collection by which way it will be done
    there, by a documented API, on a web page, or by hand; what was looked for and found; which right is missing on
    which account; and what cannot be known beforehand. Ends with a verdict for each procedure.
  - Read-only, with some thirty requests, for boxes in production during office hours. It sends nothing but
    questions, a request for a token, and one log-in on each of the two sites; it opens pages through the menus and
    presses nothing. A step on a page counts as understood when the form that it would send can be filled in.
  - Does not fail because of what it finds, but only where no box can be reached, or its certificate is not trusted.
  - Helps with the obligations G5 (try before production), G7 (choose how to upgrade) and G22 (the clock) of the
    vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  check_mode:
    details: Changes nothing on a box in any mode; in check mode it writes no page into O(run_dir) either.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  procedures:
    description:
      - Procedures to give a verdict on; by default all.
      - V(migration_old) and V(migration_new) are the two boxes of a move to new hardware. Where V(migration_new) stands
        alone the box is taken for new, and neither C(/login) nor an API is entered.
    type: list
    elements: str
    choices:
      - single_upgrade
      - sync_upgrade
      - async_upgrade
      - offline_upgrade
      - migration_old
      - migration_new
      - factory_reset
    default: []
  site_hostname:
    description:
      - Public host name of the site. The certificate that the box shows for it is looked at too.
    type: str
  update_source:
    description:
      - Where updates come from, V(online) or carried over as a V(package).
    type: str
    choices: [online, package]
    default: online
  cutover:
    description:
      - How the site is switched to the other box of a pair.
    type: str
    choices: [shared_ip, dns, nat, manual]
    default: manual
  shared_ip:
    description:
      - Shared address of the pair. Its switch is looked for where this is given.
    type: str
  jump_client_limit:
    description:
      - Whether Jump Clients are to be held back during upgrades, as a number other than 0.
    type: int
    default: 0
  accept_eula:
    description:
      - Name of the person who accepts a licence agreement. Only told; nothing is accepted.
    type: str
  together:
    description:
      - Names of the boxes of one site that are looked at in this run, each by a task of its own. They get one page,
        C(doctor.html). Without it, or with one name, each box has its own, C(doctor-<box>.html).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: See what can be done with the box
  bt_ops.pra.bt_doctor:
    host: box-a.example.com
    login_username: admin
    login_password: "{{ vault_login_password }}"
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    procedures: [single_upgrade]
  register: doctor

- name: See it with the accounts set once, and stop unless an asynchronous upgrade can begin
  module_defaults:
    group/bt_ops.pra.bt:
      api_client_id: "{{ vault_api_client_id }}"
      api_client_secret: "{{ vault_api_client_secret }}"
  block:
    - name: See what can be done with the box
      bt_ops.pra.bt_doctor:
        host: box-a.example.com
        procedures: [async_upgrade]
        cutover: shared_ip
        shared_ip: 192.0.2.10
      register: doctor
      failed_when: not doctor.ready
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
  description: What the box is and runs, as far as it tells, and whether it is such a box at all (C(is_box)).
  returned: success
  type: dict
  sample: {box: box-a, is_box: true, product_version: 24.3.1, base_version: 7.1.0, failover_role: primary}
ready:
  description: Whether no verdict is V(not_ready).
  returned: success
  type: bool
verdicts:
  description: Per procedure its state, V(ready), V(by_hand) or V(not_ready), a sentence, and what it rests on.
  returned: success
  type: dict
  sample:
    async_upgrade:
      procedure: async_upgrade
      title: asynchronous upgrade
      state: by_hand
      sentence: "asynchronous upgrade: ready; one step by hand: shared IP; guided with bt_manual_steps: [shared_ip]"
      missing: []
      by_hand: [shared IP]
      unseen: []
      manual_steps: [shared_ip]
capabilities:
  description:
    - Per capability its state, V(ready), V(unseen), V(by_hand), V(not_ready) or V(not_needed), the way, the place, what
      is to be said of it, and every word that was looked for with what was found.
  returned: success
  type: dict
  sample:
    sync:
      name: sync
      title: data sync
      state: ready
      way: web page
      where: /login > Management > Failover
      told: ""
      right: ""
      unknown: ""
      seen:
        - {kind: button, key: failover.sync_now, words: [Sync Now], found: Sync Now, others: []}
      copy: ""
      guide: [G24, G29]
accounts:
  description:
    - Per account whether it was V(accepted), V(refused), V(missing), V(not_tried) or V(needs_person), and why.
    - Of one that was accepted, whether a browser opens the pages (O(web_engine)).
  returned: success
  type: list
  elements: dict
  sample: [{site: /login, name: admin, state: accepted, told: ""}]
certificates:
  description: The certificate that the box shows for its own name, and the one for O(site_hostname).
  returned: success
  type: list
  elements: dict
clock_skew:
  description: Seconds that the clock of the box is ahead, negative where it is behind, null where it does not tell.
  returned: success
  type: float
  sample: 0.3
troubles:
  description: What must be mended before any procedure.
  returned: success
  type: list
  elements: str
  sample: []
notes:
  description: What should be known and keeps nothing from being done.
  returned: success
  type: list
  elements: str
  sample: ["the certificate for box-a.example.com expires in 12 days"]
text:
  description: The whole report, line by line.
  returned: success
  type: list
  elements: str
page_path:
  description:
    - The report as an HTML page. Empty in check mode and without O(run_dir). With O(together) it is one page of all
      these boxes, which the last of them completes.
  returned: always
  type: str
  sample: /srv/runs/access.example.com/doctor-box-a.html
actions:
  description: Always empty.
  returned: always
  type: list
  elements: str
  sample: []
error:
  description: Stable name of the kind of failure, for instance V(unreachable) or V(tls_refused).
  returned: failure
  type: str
  sample: unreachable
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: []
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _shared_ip
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._consult import consult
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._examine import Case
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import PROCEDURES, Question

SPEC: dict[str, Any] = {
    "procedures": {"type": "list", "elements": "str", "choices": list(PROCEDURES), "default": []},
    "site_hostname": {"type": "str"},
    "update_source": {"type": "str", "choices": ["online", "package"], "default": "online"},
    "cutover": {"type": "str", "choices": ["shared_ip", "dns", "nat", "manual"], "default": "manual"},
    "shared_ip": {"type": "str"},
    "jump_client_limit": {"type": "int", "default": 0},
    "accept_eula": {"type": "str"},
    "together": {"type": "list", "elements": "str", "default": []},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Look at the box and tell."""
    shared_ip = _edge.text_of(arguments, "shared_ip")
    question = Question(
        procedures=tuple(dict.fromkeys(arguments["procedures"])) or tuple(PROCEDURES),
        update_source=arguments["update_source"],
        cutover=arguments["cutover"],
        shared_ip=_shared_ip.checked_address(shared_ip) if shared_ip else "",
        client_limit=bool(arguments["jump_client_limit"]),
    )
    # What a person does is looked at too: whether that is needed is the very question.
    box = _edge.box_of({**arguments, "manual_steps": []}, context)
    case = Case(
        box,
        question,
        _edge.text_of(arguments, "site_hostname"),
        _edge.text_of(arguments, "accept_eula"),
        together=tuple(dict.fromkeys(arguments["together"])),
    )
    found = consult(case, context)
    return {"before": found["facts"], "after": found["facts"], **found, "changed": False}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
