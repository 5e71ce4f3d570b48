# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_report
short_description: Write the summary of a run
description:
  - Tells what was done in the run that is open in the journal of O(run_dir), phase by phase with durations and acts,
    how long the site was away, where the backups lie, and what people must do by hand afterwards.
  - Writes it as C(summary.txt) and C(summary.json) into O(run_dir), with a copy under the time of the run, all of mode
    0600, and closes the run. That of a factory reset is C(factory-reset.txt), so that the one of the migration stays.
  - Asks the boxes only with O(ask), for a few seconds and reading only; else the connection options are not looked at.
  - Where no run is open it says in one line that there was nothing to do, and writes nothing.
  - Names the obligations G9, G13, G15, G33 and G36 of the vendor's upgrade guide, which no collection can fulfil.
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
    details: In check mode nothing is written and no run is closed.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  boxes:
    description:
      - What each box is and runs at the end, as RV(bt_ops.pra.bt_info#module:facts) tells it.
    type: list
    elements: dict
    default: []
  ask:
    description:
      - Whether the box and O(peer) are asked what they are and run now, in place of O(boxes). One that does not answer
        within a few seconds is told as such, with what the journal last knew of it; this is no failure.
    type: bool
    default: false
  peer:
    description:
      - The other box of a pair, where O(ask=true) is to ask both.
  reason:
    description: Why the run has stopped, for a summary with O(finished=false).
    type: str
  stage:
    description: The phase after which the run was asked to stop, for a summary with O(finished=false).
    type: str
  command:
    description:
      - The command that continues the run, for a summary with O(finished=false). By default the one that was typed,
        with what may be a secret left out, and after a O(stage) without C(bt_stage).
    type: str
  finished:
    description:
      - Whether the run has reached its goal. With V(false) the summary says where it stopped, and the run stays open
        for the same command to go on.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Tell what was done
  bt_ops.pra.bt_report:
    run_dir: /srv/runs/access.example.com
    boxes:
      - "{{ box_a.facts }}"
      - "{{ box_b.facts }}"

- name: Tell how far it came
  module_defaults:
    group/bt_ops.pra.bt:
      run_dir: /srv/runs/access.example.com
  block:
    - name: Tell where it stopped, and what the boxes run now
      bt_ops.pra.bt_report:
        finished: false
        reason: "{{ ansible_failed_result.msg }}"
        ask: true
        peer:
          box: box-b
"""

RETURN = r"""
before:
  description: The boxes as they were when their first backup of the run was taken, by name.
  returned: success
  type: dict
  sample:
    box-a: {product_version: 24.1.2, base_version: 7.0.1}
after:
  description: The boxes as O(boxes) tells them, by name.
  returned: success
  type: dict
  sample:
    box-a: {product_version: 24.3.1, base_version: 7.1.0}
path:
  description: The text that was written, or where there was nothing to do the last one. Empty where there is none.
  returned: success
  type: str
  sample: /srv/runs/access.example.com/summary.txt
text:
  description: The summary as people read it.
  returned: success
  type: str
summary:
  description: The summary as programs read it; empty where there was nothing to do.
  returned: success
  type: dict
  contains:
    outcome:
      description: What came of it, in one or two sentences.
      type: str
      returned: when a run is open
    finished:
      description: Whether the run has reached its goal.
      type: bool
      returned: when a run is open
    procedure:
      description: What kind of run it was, empty where the journal does not tell.
      type: str
      returned: when a run is open
    target_version:
      description: Version that it was to lead to, empty where the journal does not tell.
      type: str
      returned: when a run is open
    start:
      description: Its first record in the journal, in UTC.
      type: str
      returned: when a run is open
    end:
      description: Its last record in the journal, in UTC.
      type: str
      returned: when a run is open
    seconds:
      description: The time between both.
      type: float
      returned: when a run is open
    outage_seconds:
      description: For how long the site was away at most; null where that was not measured.
      type: float
      returned: when a run is open
    phases:
      description: Each phase with its name, start, seconds, result and acts.
      type: list
      elements: dict
      returned: when a run is open
    boxes:
      description:
        - Each box with its versions before and after. One that was asked and did not tell has C(silent), the reason,
          and C(last_known), the versions of the journal.
      type: list
      elements: dict
      returned: when a run is open
    backups:
      description: Each backup that was relied on, with its path and SHA-256.
      type: list
      elements: dict
      returned: when a run is open
    certificates:
      description: Each copy of a certificate with its key, with its path and the fingerprint of the certificate.
      type: list
      elements: dict
      returned: when a run is open
    by_hand:
      description: What people must do by hand, each with the obligation that it is about.
      type: list
      elements: dict
      returned: when a run is open
    outage:
      description: What is known of the time for which the site was away, in words.
      type: str
      returned: when a run is open
    reason:
      description: Why the run has stopped; empty where it has finished or nobody told.
      type: str
      returned: when a run is open
    run_dir:
      description: The run folder of a run that has stopped; empty where it has finished.
      type: str
      returned: when a run is open
    next_command:
      description: What to type to go on with a run that has stopped; empty where it has finished or nobody knows.
      type: str
      returned: when a run is open
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

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _report, _stopped
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context

SPEC: dict[str, Any] = {
    "boxes": {"type": "list", "elements": "dict", "default": []},
    "ask": {"type": "bool", "default": False},
    "peer": _edge.PEER_SPEC,
    "reason": {"type": "str"},
    "stage": {"type": "str"},
    "command": {"type": "str"},
    "finished": {"type": "bool", "default": True},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Tell, write and close."""
    context.journal.require_folder("which run is meant?")
    boxes = arguments["boxes"]
    if arguments["ask"]:
        asked = [_edge.box_of(arguments, context, option) for option in ("", "peer") if not option or arguments[option]]
        boxes = _stopped.ask_now(asked, context)
    reason, command, stage = (_edge.text_of(arguments, option) for option in ("reason", "command", "stage"))
    stop = _report.Stop(reason, command=command, stage=stage)
    report = _report.report(context.journal.run_dir, context, boxes, arguments["finished"], stop)
    context.say(report.text)
    return {
        "before": report.before,
        "after": report.after,
        "path": report.path,
        "text": report.text,
        "summary": report.summary,
        "changed": False,
    }


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
