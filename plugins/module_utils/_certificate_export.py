# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Export of a certificate with private key and chain: proven before it is kept, mode 0600 (G2, G38, H4)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils import _certificate_files
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_files import Bundle, Certificate
from ansible_collections.bt_ops.pra.plugins.module_utils._certificates import (
    Served,
    bears,
    candidates,
    content_of,
    export_page,
    identify,
    listed,
    look,
    public_copy,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, NotOffered, Refused, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._files import private_folder, store
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _certificates_page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._certificates_page import CertificatesPage, Entry

_SUFFIXES = {"pem": ".pem", "pkcs12": ".p12"}
_ADVICE = "Look at /appliance > Security > Certificates of this box; without this file an upgrade has no way back."


@dataclass(frozen=True)
class Wish:
    """Where the file goes and what opens it; `name` says which certificate, empty for the one that the box shows."""

    folder: str
    passphrase: str
    name: str = ""


@dataclass(frozen=True)
class Copy:
    """An exported file that was found good."""

    path: str
    size: int
    bundle: Bundle
    way: _certificate_files.Path

    def facts(self) -> dict[str, Any]:
        """As results tell it."""
        return {
            "path": self.path,
            "size": self.size,
            "format": self.bundle.format,
            "protected": self.bundle.protected,
            "key_matches": self.bundle.key_matches,
            "chain": [each.issued_to for each in self.way.certificates[1:]],
            "chain_complete": self.way.complete,
            **self.bundle.certificate.facts(),
        }


@dataclass(frozen=True)
class Exported:
    """The file before and after, None where there is none, and what the page says of the certificate."""

    before: Copy | None
    after: Copy | None
    entry: Entry


def ensure_exported(box: Box, context: Context, wish: Wish) -> Exported:
    """Have a proven copy of a certificate with its key and chain: one that is there, else a new one.

    :raises NotOffered: the box lists no such certificate.
    :raises Unproven: what the box gave is no such copy; it was not kept.
    """
    served = look(box, "", wish.name)
    page = listed(box)
    box.basics()
    entry, certificate = _wanted(box, context, page, served, wish.name)
    there = _find(box, wish, certificate, served) if certificate is not None else None
    if there is not None:
        _record(box, context, there)
        return Exported(there, there, entry)
    sentence = f"Exported the certificate of {entry.issued_to} from {box.name}, with private key and chain."
    if context.would(sentence):
        return Exported(None, None, entry)
    folder = private_folder(wish.folder)
    digest = certificate.sha256 if certificate else ""
    with context.act(box.name, "export_certificate", sentence, sha256=digest):
        content = _download(box, entry, wish.passphrase)
        try:
            bundle = _certificate_files.read_bundle(content, wish.passphrase)
        except BadInput as error:
            raise _no_copy(box, entry, error.what) from None
        why = _fault(bundle, wish, certificate, served)
        if why:
            raise _no_copy(box, entry, why)
        path = folder / _file_name(box, bundle)
        store([content], path)
        after = _read(path, wish, certificate, served)
        if after is None:
            raise Unproven(f"The export {path} does not read back as it was written.", advice="Check the disk.")
    _record(box, context, after)
    box.say(f"certificate and key of {bundle.certificate.issued_to}: {after.path}")
    return Exported(None, after, entry)


def _record(box: Box, context: Context, copy: Copy) -> None:
    """Have the journal tell which file an upgrade could go back to."""
    if not context.check_mode:
        text = f"A copy of the certificate of {copy.bundle.certificate.issued_to} is there."
        facts = {"path": copy.path, "sha256": copy.bundle.certificate.sha256}
        context.journal.write("certificate", text, box=box.name, phase=context.phase, **facts)


def _wanted(
    box: Box, context: Context, page: CertificatesPage, served: Served, name: str
) -> tuple[Entry, Certificate | None]:
    """The entry to export and which certificate it is, None where that cannot be told beforehand."""
    shown = served.certificate
    if not name or bears(shown, name):
        named = candidates(page, shown)
        found = identify(box, page, shown, look_inside=len(named) > 1 and not context.check_mode)
        if found is None and named and (len(named) == 1 or context.check_mode):
            found = named[0]
        return _offered(box, page, found, shown.issued_to), shown
    named = page.named(name)
    if len(named) > 1:
        raise Refused(
            f"{box.name} lists {len(named)} certificates issued to {name} and serves none of them.",
            advice="Delete those that are no longer needed on /appliance > Security > Certificates.",
            guide=("G38",),
        )
    entry = _offered(box, page, named[0] if named else None, name)
    return entry, None if context.check_mode else public_copy(box, entry)


def _offered(box: Box, page: CertificatesPage, entry: Entry | None, name: str) -> Entry:
    if entry is None:
        seen = ", ".join(repr(each.issued_to) for each in page.entries[:10]) or "none"
        raise NotOffered(
            f"{box.name} lists no certificate issued to {name}; listed are: {seen}.",
            advice='Name it as the page does under "Issued To".',
            guide=("G38",),
        )
    return entry


def _download(box: Box, entry: Entry, passphrase: str) -> bytes:
    page = export_page(box, entry)
    with box.appliance.download(_certificates_page.export_file(page, passphrase, key=True)) as download:
        return content_of(download)


def _fault(bundle: Bundle, wish: Wish, certificate: Certificate | None, served: Served) -> str:
    """Why a file is no copy to go on with, empty where it is one."""
    own = bundle.certificate
    if certificate is not None and own.der != certificate.der:
        return f"it holds another certificate, that of {own.issued_to} ({own.sha256[:16]})"
    if bundle.key_matches is None:
        return "it holds no private key"
    if not bundle.key_matches:
        return "its private key does not belong to the certificate"
    if bundle.protected != bool(wish.passphrase):
        return "its private key is not protected by the passphrase" if wish.passphrase else "a passphrase is needed"
    way = _certificate_files.path_of(own, bundle.chain, served.anchors)
    # Without any authority of our own, the certificate of whoever issued it must at least be there.
    alone = len(way.certificates) == 1
    return f"its chain is not whole: {way.trouble()}" if way.gap and (served.anchors or alone) else ""


def _no_copy(box: Box, entry: Entry, why: str) -> Unproven:
    return Unproven(
        f"What {box.name} gave as the export of the certificate of {entry.issued_to} is of no use: {why}.",
        state="The box is as it was; the file was not kept.",
        advice=_ADVICE,
        guide=("G2", "G38"),
    )


def _find(box: Box, wish: Wish, certificate: Certificate, served: Served) -> Copy | None:
    """A file from before that is proven again."""
    folder = Path(wish.folder)
    paths = [folder / (_stem(box, certificate) + suffix) for suffix in _SUFFIXES.values()]
    return next((copy for path in paths if (copy := _read(path, wish, certificate, served)) is not None), None)


def _read(path: Path, wish: Wish, certificate: Certificate | None, served: Served) -> Copy | None:
    try:
        content = path.read_bytes()
        bundle = _certificate_files.read_bundle(content, wish.passphrase)
    except (OSError, BadInput):
        return None
    if path.stat().st_mode & 0o077 or _fault(bundle, wish, certificate, served):
        return None
    way = _certificate_files.path_of(bundle.certificate, bundle.chain, served.anchors)
    return Copy(str(path), len(content), bundle, way)


def _file_name(box: Box, bundle: Bundle) -> str:
    return _stem(box, bundle.certificate) + _SUFFIXES[bundle.format]


def _stem(box: Box, certificate: Certificate) -> str:
    """The box, whom it is issued to, and the beginning of its fingerprint."""
    text = f"{box.name}-{certificate.issued_to}"
    plain = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in text).lstrip(".")[:120]
    return f"{plain}-{certificate.sha256[:12]}"
