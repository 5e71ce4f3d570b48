# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Import of a certificate with its key, read back from the box's list (G39, H5)."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_files import Certificate
from ansible_collections.bt_ops.pra.plugins.module_utils._certificates import (
    Source,
    candidates,
    identify,
    listed,
    present,
    public_copy,
    stop_on_warnings,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    DeadlinePassed,
    Refused,
    Unproven,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import refuse_busy
from ansible_collections.bt_ops.pra.plugins.module_utils._press import Press
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _certificates_page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._certificates_page import CertificatesPage, Entry
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Upload

PATIENCE = Patience(5, 30)


def ensure_imported(box: Box, context: Context, source: Source) -> tuple[CertificatesPage, CertificatesPage]:
    """Have the certificate of a file, with its key, in the box's list; gives the list before and after.

    :raises Refused: the box warns about it.
    :raises BoxFailed: the box says why it did not take the file.
    """
    before = listed(box)
    box.basics()
    there = present(box, context, before, source.certificate)
    if there is not None:
        stop_on_warnings(box, there, "It was imported before; nothing was changed.")
        return before, before
    refuse_busy(box, context)
    sentence = f"Imported the certificate of {source.certificate.issued_to} on {box.name}."
    if context.would(sentence):
        return before, before
    with context.act(box.name, "import_certificate", sentence, sha256=source.certificate.sha256):
        said, press = "", Press(box)
        with press.sent():
            said = _upload(box, before, source)
        after, entry = _await_entry(box, before, source.certificate, said, press.lost)
    context.journal.write(
        "imported", f"{box.name} has the certificate.", box=box.name, sha256=source.certificate.sha256
    )
    stop_on_warnings(box, entry, "It is imported, and no address was given to it.")
    return before, after


def _upload(box: Box, page: CertificatesPage, source: Source) -> str:
    """Hand the file over, with the passphrase where the box asks for it; gives what the box says went wrong."""
    start = page.page if _certificates_page.takes_file(page.page) else box.appliance.submit(page.start_import())
    refuse_busy(box, box.context)  # others may have begun an update since the page was opened
    path = Path(source.path)
    secret = source.passphrase if source.bundle.protected else ""
    with path.open("rb") as stream:
        upload = Upload(path.name, stream, path.stat().st_size, str(path))
        answer = box.appliance.submit(_certificates_page.import_file(start, upload, secret))
    asked = _certificates_page.asks_passphrase(answer) if secret else None
    if asked is not None:
        answer = box.appliance.submit(_certificates_page.give_passphrase(answer, asked, secret))
    sure = answer.maybe_button("confirm.yes")
    if sure is not None and not _certificates_page.takes_file(answer) and not answer.rows():
        warning = _certificates_page.warning_on(answer)
        if warning:
            raise Refused(
                f"{box.name} warns about the certificate of {source.certificate.issued_to}: {warning}",
                state="The box asked whether to import it all the same, and was not told to.",
                guide=("G40",),
            )
        answer = box.appliance.submit(answer.fill({}, sure))
    said = answer.says("error")
    return said.text if said else ""


def _await_entry(
    box: Box, before: CertificatesPage, certificate: Certificate, said: str, lost: str
) -> tuple[CertificatesPage, Entry]:
    """The list with the certificate in it, read anew.

    :raises BoxFailed: it is not there and the box has said why.
    :raises Unproven: it is not there.
    """

    def seen() -> Look[tuple[CertificatesPage, Entry]]:
        now = listed(box)
        entry = identify(box, now, certificate, look_inside=True) or _one_more(box, before, now, certificate)
        if entry is None:
            return Look("does not list it", failed=said)
        if entry.has_key is False:
            return Look("lists it", failed=f"it lists the certificate of {entry.issued_to} without its private key")
        return Look("lists it", (now, entry))

    what = f"[{box.name}] import of the certificate of {certificate.issued_to}"
    advice = "Look at /appliance > Security > Certificates of this box; it may not take files of this format."
    try:
        return wait_until(what, seen, PATIENCE, box.context.say, advice=advice, guide=("G39",))
    except DeadlinePassed:
        if lost:
            raise Unproven(
                f"{box.name} did not import the certificate of {certificate.issued_to}: it does not list it. {lost}",
                state="No address was given to it.",
                advice="Run the same command again: it asks the box first.",
                guide=("G39",),
            ) from None
        raise Unproven(
            f"{box.name} was sent the file and does not list the certificate of {certificate.issued_to}.",
            state="No address was given to it.",
            advice=advice,
            guide=("G39",),
        ) from None


def _one_more(box: Box, before: CertificatesPage, now: CertificatesPage, certificate: Certificate) -> Entry | None:
    """An entry of that name which was not there before, where the box gives no copy to tell by."""
    old, new = candidates(before, certificate), candidates(now, certificate)
    if len(new) != len(old) + 1:
        return None
    known = [entry.facts() for entry in old]
    entry = next((entry for entry in new if entry.facts() not in known), new[-1])
    return entry if public_copy(box, entry) is None else None
