# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates of a box: what it lists, what it shows in a handshake, and which entry is which (G10, G38-G40).

A list shows names, not fingerprints; which certificate an entry is, is read from a copy without its key where the page
does not tell. What a box serves is proven by a handshake and never by its page (H6).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _certificate_files
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_files import Bundle, Certificate, Path
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, PageNotUnderstood, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _certificates_page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._certificates_page import (
    CertificatesPage,
    Entry,
    open_certificates,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Download


@dataclass(frozen=True)
class Served:
    """The certificate that was shown at an address when it was asked for a name.

    `way` is None where the certificates that came with it could not be seen; `distrust` is why it is not trusted.
    """

    address: str
    port: int
    asked: str
    certificate: Certificate
    way: Path | None
    distrust: str
    anchors: tuple[Certificate, ...] = field(repr=False)

    def facts(self) -> dict[str, Any]:
        """As results tell it. A handshake succeeds only with the private key, so it matches."""
        return {
            "address": self.address,
            "port": self.port,
            "asked_for": self.asked,
            **self.certificate.facts(),
            "chain": [each.issued_to for each in self.way.certificates[1:]] if self.way else [],
            "chain_complete": self.way.complete if self.way else None,
            "trusted": not self.distrust,
            "key_matches": True,
        }

    def troubles(self, where: str) -> list[str]:
        """What is wrong with it, one sentence each (C3)."""
        shown = f"the certificate that {where} shows for {self.asked}"
        late, gap = self.certificate.trouble(), self.way.trouble() if self.way else ""
        found = [f"{shown} {late}"] if late else []
        found += [f"{shown} does not lead to an authority: {gap}"] if gap else []
        top = self.way.certificates[-1] if self.way and self.way.complete else None
        if top is not None and self.anchors and top not in self.anchors:
            found.append(f"{shown} leads to {top.issued_to!r}, an authority that is not trusted here")
        if not self.certificate.covers(self.asked):
            found.append(f"{shown} is for {', '.join(self.certificate.names) or 'no name'}")
        return found or ([f"{shown} is not trusted: {self.distrust}"] if self.distrust else [])


@dataclass(frozen=True)
class Source:
    """A file with a certificate on the controller, read and found good."""

    path: str
    bundle: Bundle
    passphrase: str = field(repr=False)

    @property
    def certificate(self) -> Certificate:
        """The certificate in it."""
        return self.bundle.certificate


def look(box: Box, address: str = "", name: str = "") -> Served:
    """Shake hands with the box, at its own address or another, under its own name or another."""
    shown = box.presented(address, name)
    own, *others = [_certificate_files.read_certificate(der) for der in shown.chain]
    anchors = _certificate_files.authorities(shown.anchors)
    way = _certificate_files.path_of(own, others, anchors) if shown.whole else None
    endpoint = box.connection.endpoint
    return Served(address or endpoint.address, endpoint.port, shown.name, own, way, shown.distrust, anchors)


def differ(box: Box, peer: Box) -> str:
    """What is wrong with a pair of which each shows a certificate of its own (R4)."""
    return (
        f"{box.name} and {peer.name} show different certificates: after a failover clients would meet one that they"
        " do not know"
    )


def listed(box: Box) -> CertificatesPage:
    """The certificates page of the box.

    :raises BadInput: no account of ``/appliance`` was given.
    """
    require(box, "The list of certificates", "appliance")
    return open_certificates(box.appliance)


def read_source(path: str, passphrase: str, name: str) -> Source:
    """Read a file that is to be imported, and find it good.

    :param name: a host name that the certificate must be valid for, where it is not empty.
    :raises BadInput: in one sentence, why it cannot be imported.
    """
    try:
        with FilePath(path).open("rb") as file:
            content = file.read(_certificate_files.LARGEST_FILE + 1)
        bundle = _certificate_files.read_bundle(content, passphrase)
    except OSError as error:
        raise _bad_file(path, f"it cannot be read ({(error.strerror or 'no reason given').lower()})") from None
    except BadInput as error:
        raise _bad_file(path, error.what) from None
    certificate = bundle.certificate
    if bundle.key_matches is None:
        raise _bad_file(path, "it holds no private key")
    if not bundle.key_matches:
        raise _bad_file(path, f"its private key does not belong to the certificate of {certificate.issued_to}")
    if certificate.trouble():
        raise _bad_file(path, f"the certificate of {certificate.issued_to} {certificate.trouble()}")
    if name and not bears(certificate, name):
        names = ", ".join(certificate.names) or certificate.issued_to
        raise _bad_file(path, f"its certificate is for {names}, not for {name}")
    return Source(path, bundle, passphrase)


def _bad_file(path: str, why: str) -> BadInput:
    return BadInput(f"{path} cannot be used: {why}.", state="Nothing was changed.", guide=("G39",))


def bears(certificate: Certificate, name: str) -> bool:
    """Whether it is for a name, which may be a host name or what stands under "Issued To"."""
    return certificate.covers(name) or certificate.issued_to.casefold() == name.strip().casefold()


def candidates(page: CertificatesPage, certificate: Certificate) -> list[Entry]:
    """The entries that by their names may be the certificate."""
    names = dict.fromkeys((certificate.issued_to, *certificate.names))
    return [entry for entry in page.entries if any(entry.bears(name) for name in names)]


def identify(box: Box, page: CertificatesPage, certificate: Certificate, look_inside: bool) -> Entry | None:
    """The entry that is just this certificate, None where none is or none can be shown to be.

    :param look_inside: whether copies (without keys) may be fetched of entries that show no fingerprint.
    """
    unknown = []
    for entry in candidates(page, certificate):
        if entry.fingerprint and certificate.is_shown_as(entry.fingerprint):
            return entry
        if not entry.fingerprint:
            unknown.append(entry)
    for entry in unknown if look_inside else ():
        copy = public_copy(box, entry)
        if copy is not None and copy.der == certificate.der:
            return entry
    return None


def public_copy(box: Box, entry: Entry) -> Certificate | None:
    """Which certificate an entry is, from an export without its key; None where the box gives none."""
    try:
        page = export_page(box, entry)
        submission = _certificates_page.export_file(page, "", key=False)
        with box.appliance.download(submission) as download:
            return _certificate_files.read_bundle(content_of(download), "").certificate
    except (PageNotUnderstood, BadInput):
        return None


def export_page(box: Box, entry: Entry) -> Page:
    """The page that asks what to export of a certificate.

    :raises Refused: the certificate is no longer listed as it was.
    """
    now = open_certificates(box.appliance)
    same = now.same_entry(entry)
    if same is None:
        raise Refused(f"The certificates of {box.name} have changed while they were looked at.")
    return box.appliance.submit(now.export(same))


def content_of(download: Download) -> bytes:
    """A file from the box, cut where it is far too large for a certificate."""
    content = bytearray()
    for chunk in download.chunks():
        content += chunk
        if len(content) > _certificate_files.LARGEST_FILE:
            break
    return bytes(content)


def warned(box: Box, entry: Entry) -> str:
    """What a box warns about."""
    return f"{box.name} warns about the certificate of {entry.issued_to}: {'; '.join(entry.warnings)}"


def stop_on_warnings(box: Box, entry: Entry, state: str) -> None:
    """Stop where the box warns about a certificate (H5)."""
    if entry.warnings:
        raise Refused(
            warned(box, entry),
            state=state,
            advice="Clear the warnings on /appliance > Security > Certificates, then run the same command again.",
            guide=("G40",),
            entry=entry.facts(),
        )


def asked_name(box: Box, certificate: Certificate, name: str) -> str:
    """A host name to ask for in a handshake that should show the certificate: a box that selects goes by it."""
    endpoint = box.connection.endpoint
    hosts = [each for each in certificate.names if not each.startswith("*")]
    wanted = [name, endpoint.name, endpoint.authority, *hosts, endpoint.address]
    return next((each for each in wanted if each and certificate.covers(each)), endpoint.name or endpoint.address)


def present(box: Box, context: Context, page: CertificatesPage, certificate: Certificate) -> Entry | None:
    """The entry of a certificate that the box has already.

    Check mode fetches no copies; there an entry of that name counts where this very import is in the journal.
    """
    found = identify(box, page, certificate, look_inside=not context.check_mode)
    named = candidates(page, certificate)
    if found is not None or not named or not context.check_mode:
        return found
    imported = context.journal.last("imported", box=box.name, sha256=certificate.sha256) is not None
    served = look(box, "", asked_name(box, certificate, "")).certificate.der == certificate.der
    return named[-1] if imported or served else None
