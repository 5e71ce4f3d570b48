# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: bt_certificate
short_description: Export, import or assign a certificate of a box
description:
  - Takes a certificate with private key and chain off a box, puts such a file onto a box, or has a box serve it.
  - There is no API for this, so it is done on C(/appliance > Security > Certificates).
  - An exported file is judged before it is kept. It must be a certificate file, hold the very certificate that the box
    shows in a handshake, its key, and the chain to an authority, and be closed by the passphrase.
  - A file that is to be imported is judged before anything is sent. It is sent as it is, and is found again in the
    list of the box by its fingerprint.
  - That a certificate is served is proven by a handshake at the address, never by the page.
  - A warning of the box about the certificate is named and stops an import or an assignment.
  - Covers the obligations G2 and G38 to G40 of the vendor's upgrade guide.
version_added: 1.0.0
author:
  - bt_ops.pra authors (@bt-ops)
extends_documentation_fragment:
  - bt_ops.pra.connection
  - bt_ops.pra.attributes
  - bt_ops.pra.dependencies
attributes:
  idempotent:
    details:
      - An export that is there and is still good is used. An import or an assignment that is done already changes
        nothing.
      - Check mode fetches nothing from the box. Where the page shows no fingerprint, it knows an earlier import only by
        the journal in O(run_dir) or by what the box serves.
options:
  state:
    description:
      - V(exported) has a file with the certificate, its private key and its chain in O(dest).
      - V(imported) has the certificate and key of the file O(src) in the list of the box.
      - V(assigned) has the box serve the certificate of O(src), or the one called O(name), at O(address). A box that
        itself selects a certificate by host name has no such step, and RV(selects_itself) tells so. What it serves is
        proven all the same.
    type: str
    required: true
    choices: [exported, imported, assigned]
  name:
    description:
      - The certificate as the box calls it under "Issued To", or a host name that it must be valid for.
      - For O(state=exported) the certificate that the box shows for its own name is meant by default.
      - For O(state=imported), and with O(src), a file for another name is refused.
    type: str
  dest:
    description:
      - Folder for exported files. Made with mode 0700 where it does not exist. Files have mode 0600 and are named after
        box, certificate and fingerprint.
      - By default C(certificates) in O(run_dir).
    type: path
  src:
    description:
      - File with certificate, private key and chain, in PEM or PKCS#12. Required for O(state=imported).
    type: path
  passphrase:
    description:
      - Passphrase that protects the private key. An exported file is useless without it, so keep it in a vault.
      - Required for O(state=exported), except with O(allow_unprotected_key).
    type: str
  allow_unprotected_key:
    description:
      - Export a private key that no passphrase protects.
    type: bool
    default: false
  address:
    description:
      - Address of the box at which it shall serve the certificate, as the box lists it. By default the address of
        O(host).
    type: str
"""

EXAMPLES = r"""
- name: Keep a copy of the certificate, to go on with if the upgrade fails
  bt_ops.pra.bt_certificate:
    host: box-a.example.com
    appliance_username: admin
    appliance_password: "{{ vault_appliance_password }}"
    state: exported
    dest: /srv/certificates
    passphrase: "{{ vault_certificate_passphrase }}"
  register: kept

- name: Bring it to the new box
  module_defaults:
    group/bt_ops.pra.bt:
      host: box-n.example.com
      appliance_username: admin
      appliance_password: "{{ vault_appliance_password }}"
      passphrase: "{{ vault_certificate_passphrase }}"
  block:
    - name: Import the certificate
      bt_ops.pra.bt_certificate:
        state: imported
        src: "{{ kept.certificate.path }}"
        name: access.example.com

    - name: Serve it
      bt_ops.pra.bt_certificate:
        state: assigned
        src: "{{ kept.certificate.path }}"
        address: 192.0.2.20
"""

RETURN = r"""
before:
  description:
    - What there was before. For O(state=exported) the file that was found good, empty where there was none. For
      O(state=imported) C(certificates), the list of the box. For O(state=assigned) the certificate that was shown.
  returned: success
  type: dict
after:
  description: The same afterwards. In check mode the same as RV(before).
  returned: success
  type: dict
  sample:
    address: 192.0.2.20
    port: 443
    asked_for: access.example.com
    issued_to: access.example.com
    issued_by: Example Issuing CA
    days_left: 212.4
    chain_complete: true
    trusted: true
    sha256: 5f3e0d6b1c0a4e7b9a1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a6978
certificate:
  description: The certificate that this is about; empty in check mode where it is not known beforehand.
  returned: success
  type: dict
  contains:
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
    path:
      description: Where the file lies.
      type: str
      returned: for O(state=exported)
    size:
      description: Size of the file in bytes.
      type: int
      returned: for O(state=exported)
    format:
      description: V(pem) or V(pkcs12), the format of the file.
      type: str
      returned: for O(state=exported)
    protected:
      description: Whether a passphrase protects the private key in it.
      type: bool
      returned: for O(state=exported)
    key_matches:
      description: Whether the private key in it belongs to the certificate.
      type: bool
      returned: for O(state=exported)
    chain:
      description: Whom the certificates up to the authority are issued to, in order.
      type: list
      elements: str
      returned: for O(state=exported)
    chain_complete:
      description: Whether they lead to an authority.
      type: bool
      returned: for O(state=exported)
selects_itself:
  description: Whether the box itself selects a certificate by host name, so that it has no step to assign one.
  returned: for O(state=assigned)
  type: bool
troubles:
  description:
    - What the box says is wrong with the certificate that is exported.
    - For O(state=assigned), that the certificate is not valid for the name by which the box is reached, so that from
      now on another O(tls_name) is needed.
  returned: for O(state=exported) and O(state=assigned)
  type: list
  elements: str
  sample: []
actions:
  description: One sentence for each act on a box; in check mode for each act that is left out.
  returned: always
  type: list
  elements: str
  sample: ["Exported the certificate of access.example.com from box-a, with private key and chain."]
diff:
  description: The difference between RV(before) and RV(after); in check mode with what would be read then.
  returned: when a diff is asked for
  type: dict
error:
  description: Stable name of the kind of failure, for instance V(refused) or V(unproven).
  returned: failure
  type: str
  sample: bad_input
guide:
  description: Obligations of the vendor's upgrade guide that the failure is about.
  returned: failure
  type: list
  elements: str
  sample: [G40]
"""

from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _certificate_assign,
    _certificate_export,
    _certificate_import,
    _certificates,
    _edge,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

SPEC: dict[str, Any] = {
    "state": {"type": "str", "required": True, "choices": ["exported", "imported", "assigned"]},
    "name": {"type": "str"},
    "dest": {"type": "path"},
    "src": {"type": "path"},
    "passphrase": {"type": "str", "no_log": True},
    "allow_unprotected_key": {"type": "bool", "default": False},
    "address": {"type": "str"},
}


def run(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Have the certificate exported, imported or assigned."""
    acts = {"exported": _exported, "imported": _imported, "assigned": _assigned}
    return acts[arguments["state"]](arguments, context)


def _exported(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    passphrase = arguments["passphrase"] or ""
    run_dir, dest = _edge.text_of(arguments, "run_dir"), _edge.text_of(arguments, "dest")
    if not (dest or run_dir):
        raise BadInput("dest and run_dir are missing: where is the file to go?", state="Nothing was changed.")
    if not passphrase and not arguments["allow_unprotected_key"]:
        raise BadInput(
            "passphrase is missing (bt_certificate_passphrase): it protects the private key that leaves the box.",
            state="Nothing was changed.",
            advice="Set it, or allow_unprotected_key for a key that anybody can use who gets the file.",
            guide=("G38",),
        )
    folder = dest or str(Path(run_dir) / "certificates")
    wish = _certificate_export.Wish(folder, passphrase, _edge.text_of(arguments, "name"))
    done = _certificate_export.ensure_exported(_edge.box_of(arguments, context), context, wish)
    before = done.before.facts() if done.before else {}
    after = done.after.facts() if done.after else {}
    expected = {} if after else {"path": f"a new file in {folder}"}
    return {**_edge.told(before, after, **expected), "certificate": after, "troubles": list(done.entry.warnings)}


def _imported(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    source = _source(arguments)
    box = _edge.box_of(arguments, context)
    pages = _certificate_import.ensure_imported(box, context, source)
    before, after = [[entry.facts() for entry in page.entries] for page in pages]
    planned = [{"issued_to": source.certificate.issued_to}] if context.check_mode and context.actions else []
    told = _edge.told({"certificates": before}, {"certificates": after}, certificates=after + planned)
    return {**told, "certificate": source.certificate.facts()}


def _assigned(arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    name, src = _edge.text_of(arguments, "name"), _edge.text_of(arguments, "src")
    if not (src or name):
        raise BadInput("src and name are missing: which certificate is meant?", state="Nothing was changed.")
    given = _source(arguments).certificate if src else None
    box = _edge.box_of(arguments, context)
    address = _certificate_assign.address_of(box, _edge.text_of(arguments, "address"))
    certificate = given or _certificate_assign.certificate_named(box, context, name, address)
    if certificate is None:
        now = _certificate_assign.plan_by_name(box, context, name, address).facts()
        return {**_edge.told(now, now, issued_to=name), "certificate": {}}
    done = _certificate_assign.ensure_assigned(box, context, certificate, address, name)
    told = _edge.told(done.before.facts(), done.after.facts(), **certificate.facts())
    lost = _certificate_assign.lost_name(box, certificate)
    troubles = [lost] if lost else []
    return {**told, "certificate": certificate.facts(), "selects_itself": done.automatic, "troubles": troubles}


def _source(arguments: dict[str, Any]) -> _certificates.Source:
    path = _edge.text_of(arguments, "src")
    if not path:
        raise BadInput("src is missing: which file holds the certificate?", state="Nothing was changed.")
    return _certificates.read_source(path, arguments["passphrase"] or "", _edge.text_of(arguments, "name"))


def main() -> None:
    """Run as a module that was shipped to where it runs."""
    _edge.main(SPEC, run)


if __name__ == "__main__":
    main()
