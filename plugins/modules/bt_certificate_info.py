# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_certificate_info
short_description: Look at the certificates of a box
description:
  - Tells which certificate a box shows in a handshake, how long it is valid, whether its chain leads to an authority,
    whether it is trusted under the name that was asked for, and its fingerprint.
  - With O(peer) the other box of a pair is looked at likewise, and whether both show the same certificate.
  - With an account of C(/appliance) the list of C(/appliance > Security > Certificates) is read, with its warnings.
  - What is wrong stands in RV(troubles), one sentence each. That list is not empty for a certificate that would leave
    Jump Clients offline after an upgrade; it is no failure of the task.
  - Covers the obligation G10 of the vendor's upgrade guide and helps with G2 and G40.
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
    details: Changes nothing in any mode.
  diff_mode:
    support: none
    details: Nothing is changed, so there is no difference.
options:
  name:
    description:
      - Host name that is asked for in the handshake, and that the certificate must be valid for. Give the public name
        of the site to see what its users see. A newer box selects its certificate by this name.
      - By default O(tls_name), else O(host).
    type: str
  address:
    description:
      - Address at which the box is looked at, where that is not O(host).
    type: str
  before_update:
    description:
      - Whether the look is meant for an update of the box that is to come. While one is under way, as the journal in
        O(run_dir) tells, the box is not asked then, because it may be restarting, and because an update that was begun
        must not be stopped for what is found. See RV(updating).
      - Without O(peer) a box that has a failover relationship is refused, because nothing may be installed on it.
      - A box whose last update failed, by its own word or by the journal, is refused then; see O(support_case).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Look at the certificate of the site on both boxes
  bt_ops.pra.bt_certificate_info:
    host: box-a.example.com
    ca_path: /etc/ssl/boxes.pem
    name: access.example.com
    peer:
      host: box-b.example.com
      ca_path: /etc/ssl/boxes.pem
  register: certificates

- name: Stop before an upgrade unless all is well for a month
  ansible.builtin.assert:
    that:
      - certificates.troubles | length == 0
      - certificates.served.days_left > 30

- name: Look at what the box lists
  module_defaults:
    group/bt_ops.pra.bt:
      appliance_username: admin
      appliance_password: "{{ vault_appliance_password }}"
  block:
    - name: Read the list
      bt_ops.pra.bt_certificate_info:
        host: box-a.example.com
"""

RETURN = r"""
before:
  description: What was read, C(certificates), C(served) and C(peer).
  returned: success
  type: dict
after:
  description: The same as RV(before).
  returned: success
  type: dict
certificates:
  description: The certificates as the page of the box lists them, in its own words.
  returned: with an account of C(/appliance), where the box is trusted
  type: list
  elements: dict
  contains:
    name:
      description: The friendly name.
      type: str
      returned: success
    issued_to:
      description: Whom it is issued to.
      type: str
      returned: success
    issued_by:
      description: Who issued it.
      type: str
      returned: success
    expires:
      description: When it expires, as the page writes it.
      type: str
      returned: success
    fingerprint:
      description: Its fingerprint in hexadecimal digits, where the page shows one.
      type: str
      returned: success
    warnings:
      description: What the box warns about.
      type: list
      elements: str
      returned: success
selects_itself:
  description: Whether the box itself selects a certificate by host name, so that it has no step to assign one.
  returned: with an account of C(/appliance), where the box is trusted
  type: bool
served:
  description: The certificate that the box shows.
  returned: unless RV(updating)
  type: dict
  contains:
    address:
      description: Where it was looked at.
      type: str
      returned: success
    port:
      description: The TCP port.
      type: int
      returned: success
    asked_for:
      description: The name that was asked for.
      type: str
      returned: success
    issued_to:
      description: Whom it is issued to, its common name.
      type: str
      returned: success
    issued_by:
      description: Who issued it.
      type: str
      returned: success
    names:
      description: Host names and addresses that it is valid for.
      type: list
      elements: str
      returned: success
    not_before:
      description: From when it is valid, in UTC.
      type: str
      returned: success
    not_after:
      description: Until when it is valid, in UTC.
      type: str
      returned: success
    days_left:
      description: Days until then.
      type: float
      returned: success
    self_signed:
      description: Whether it signed itself.
      type: bool
      returned: success
    sha256:
      description: Its SHA-256 fingerprint, in hexadecimal digits.
      type: str
      returned: success
    chain:
      description: Whom the certificates up to the authority are issued to, in order.
      type: list
      elements: str
      returned: success
    chain_complete:
      description: Whether what the box sends leads to an authority. Null where that cannot be seen with this Python.
      type: bool
      returned: success
    trusted:
      description: Whether it is trusted under the name that was asked for.
      type: bool
      returned: success
    key_matches:
      description: Whether the box has the private key. Without it there is no handshake.
      type: bool
      returned: success
  sample:
    address: box-a.example.com
    port: 443
    asked_for: access.example.com
    issued_to: access.example.com
    issued_by: Example Issuing CA
    days_left: 212.4
    chain_complete: true
    trusted: true
    sha256: 5f3e0d6b1c0a4e7b9a1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a6978
peer_served:
  description: The certificate that O(peer) shows.
  returned: with O(peer)
  type: dict
equal:
  description: Whether both boxes show the same certificate.
  returned: with O(peer)
  type: bool
troubles:
  description: What is wrong, one sentence each.
  returned: success
  type: list
  elements: str
  sample: ["the certificate that box-b shows for access.example.com expired on 2026-10-01"]
blocking:
  description: Those of RV(troubles) with which no upgrade should be begun, because clients do not trust what they see.
  returned: success
  type: list
  elements: str
  sample: ["the certificate that box-b shows for access.example.com expired on 2026-10-01"]
updating:
  description:
    - Whether nothing was looked at because an update of the box is under way, see O(before_update). Then RV(troubles)
      and RV(blocking) are empty, and there is no RV(served).
  returned: success
  type: bool
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
  sample: unreachable
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: []
"""

from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _certificates, _edge, _failed_update, _gates
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import TlsRefused

SPEC: dict[str, Any] = {
    "name": {"type": "str"},
    "address": {"type": "str"},
    "before_update": {"type": "bool", "default": False},
    "peer": _edge.PEER_SPEC,
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Look at what the box lists and shows, and at what its peer shows."""
    name = _edge.text_of(arguments, "name")
    box = _edge.box_of(arguments, context)
    if arguments["before_update"]:
        _failed_update.look_first(box, context)
    if arguments["before_update"] and context.journal.updating(box.name):
        box.say("an update is under way; certificates were looked at before it began")
        return {"before": {}, "after": {}, "changed": False, "troubles": [], "blocking": [], "updating": True}
    if arguments["before_update"] and not arguments["peer"]:
        _gates.refuse_install(box, None, context)  # known before anything is taken off the box
    served = _certificates.look(box, _edge.text_of(arguments, "address"), name)
    found: dict[str, Any] = {"served": served.facts()}
    blocking, troubles = served.troubles(box.name), []
    if arguments["peer"]:
        peer = _edge.box_of(arguments, context, "peer")
        other = _certificates.look(peer, "", name)
        found["peer_served"] = other.facts()
        found["equal"] = other.certificate.der == served.certificate.der
        blocking += other.troubles(peer.name)
        troubles += [] if found["equal"] else [_certificates.differ(box, peer)]
    if box.connection.appliance is not None:
        try:
            page = _certificates.listed(box)
        except TlsRefused as error:  # what it shows is told all the same
            troubles.append(f"the list of {box.name} was not read: {error.what}")
        else:
            found["certificates"] = [entry.facts() for entry in page.entries]
            found["selects_itself"] = not page.assigns()
            troubles += [_certificates.warned(box, entry) for entry in page.entries if entry.warnings]
    read = {"served": found["served"], "peer": found.get("peer_served"), "certificates": found.get("certificates")}
    told = {"troubles": blocking + troubles, "blocking": blocking}
    return {"before": read, "after": read, "changed": False, "updating": False, **told, **found}


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
