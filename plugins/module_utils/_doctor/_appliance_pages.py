# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the site of the base software, ``/appliance``, shows of each step that is done there. Nothing is pressed."""

from __future__ import annotations

import io
from functools import partial

from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._eye import Eye, Told, Visit
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import PAGE, Finding, Report, State
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._addresses_page import AddressPage, read_address
from ansible_collections.bt_ops.pra.plugins.module_utils._web._certificates_page import Entry, read_certificates
from ansible_collections.bt_ops.pra.plugins.module_utils._web._download_key_page import KEY, way_to_key
from ansible_collections.bt_ops.pra.plugins.module_utils._web._manual_page import MANUAL, ManualPage
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Link, Page, Scope, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._settings_pages import read_settings
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import read_updates

BASICS = ("menu.status", "menu.basics")
UPDATES = ("menu.updates",)
ADDRESSES = ("menu.networking", "menu.ip_configuration")
CERTIFICATES = ("menu.security", "menu.certificates")
_NO_FILE = Upload("x", io.BytesIO(), 0)


def look_at_appliance(visit: Visit, report: Report, shared_ip: str, eula_by: str) -> list[Finding]:
    """Every step that is done on ``/appliance``.

    :param shared_ip: the shared address of the pair, empty for none.
    :param eula_by: who accepts a licence agreement, empty for nobody.
    """
    return [
        visit.examine("check", UPDATES, partial(_check, report)),
        visit.examine("install", UPDATES, _install),
        visit.examine("licence", UPDATES, partial(_licence, report, eula_by)),
        visit.examine("download_key", UPDATES, _download_key),
        visit.examine("upload", UPDATES, partial(_upload, visit)),
        _shared_ip(visit, shared_ip),
        visit.examine("certificate_export", CERTIFICATES, partial(_export, report)),
        visit.examine("certificate_import", CERTIFICATES, _import),
        visit.examine("certificate_assign", CERTIFICATES, _assign),
        visit.examine("factory_reset", BASICS, _factory_reset),
        visit.examine("shut_down", BASICS, _shut_down),
    ]


def _check(report: Report, eye: Eye) -> Told | None:
    now = read_updates(eye.page)
    if now.running:
        report.troubles.append(f"an update is under way: {now.running}")
        return Told("unseen", f"an update is under way: {now.running}")
    if now.failed:
        report.troubles.append(f"the Updates page tells of an update that failed: {now.failed}")
    eye.button("updates.check")
    now.check()
    return None


def _install(eye: Eye) -> Told | None:
    now = read_updates(eye.page)
    if not now.offers:
        return Told("unseen", "no update is listed; what there is shows when the box is asked to check")
    open_offers = [offer for offer in now.offers if offer.button is not None]
    listed = ", ".join(f"{offer.title}{' (blocked)' if offer.blocked else ''}" for offer in now.offers)
    if not open_offers:
        return Told("unseen", f"none of the updates that are listed can be installed now: {listed}")
    eye.note("button", "updates.install", open_offers[0].button.label if open_offers[0].button else "")
    now.install(open_offers[0])
    return Told("ready", unknown=f"listed are {listed}; what a new check finds may be more")


def _licence(report: Report, eula_by: str, _eye: Eye) -> Told | None:
    who = f"{eula_by} accepts it" if eula_by else "nobody is named who accepts it, so a run would stop there"
    if not eula_by:
        report.notes.append("nobody is named who accepts licence agreements (bt_accept_eula): a run stops at one")
    return Told("unseen", f"it shows only when a package asks for it; {who}")


def _download_key(eye: Eye) -> Told | None:
    """The key is not fetched: some boxes let it age from the moment it is first shown."""
    way = way_to_key(eye.page)
    if way is None:
        eye.note("value", KEY, "shown on the page")
        return None
    label = way.button or next((link.label for link in eye.page.links() if link.target == way.target), "")
    eye.note("button" if way.button else "link", KEY, label)
    return Told("ready", unknown="how the page behind it shows the key")


def _upload(visit: Visit, eye: Eye) -> Told | None:
    part = eye.page.maybe_section(MANUAL)
    if part is None or not _takes_file(part):
        link = eye.page.maybe_link(MANUAL)
        if link is None and part is not None and part.links():
            behind = part.links()[0].label
            return Told("unseen", f"its form stands behind {behind!r}, which is not followed here")
        if link is None:
            eye.section(MANUAL)
        else:
            eye.note("link", MANUAL, link.label)
            page = visit.site.follow(link, eye.page)
            eye, part = Eye(page, None, eye.seen), page.maybe_section(MANUAL) or page
    else:
        eye.note("section", MANUAL, part.title)
    inner = eye.inside(part or eye.page)
    inner.button("updates.upload")
    ManualPage(eye.page, inner.part).upload(_NO_FILE)
    return None


def _takes_file(part: Scope) -> bool:
    return any(field.kind == "file" for field in part.fields())


def _shared_ip(visit: Visit, address: str) -> Finding:
    if not address:
        where = visit.path(*ADDRESSES)
        return Finding("shared_ip", "not_needed", PAGE, where, "no shared IP is named (bt_shared_ip)")
    return visit.examine("shared_ip", ADDRESSES, partial(_address, visit, address))


def _address(visit: Visit, address: str, eye: Eye) -> Told | None:
    found = read_address(eye.page, address)
    if found is None:
        link = eye.page.maybe_link_named(address) or _edit_link(eye.page, address)
        if link is None:
            state: State = "by_hand" if address in eye.page.text else "not_ready"
            return Told(state, f"the page lists no address {address} that can be switched")
        page = visit.site.follow(link, eye.page)
        eye = Eye(page, None, eye.seen)
        found = read_address(page, address, only=True)
    if found is None:
        eye.field("ip.enabled")
        return Told("by_hand", f"it is not clear which box to tick is that of {address}")
    return _switch(eye.inside(found.part), found)


def _switch(eye: Eye, found: AddressPage) -> Told | None:
    eye.note("field", "ip.enabled", f"{found.enabled_field.label} ({'on' if found.enabled else 'off'})")
    sent = found.switch(not found.enabled)
    eye.note("button", "ip.save", sent.button)
    return None


def _edit_link(page: Page, address: str) -> Link | None:
    """The link in the row of the address, if it is called so that it surely does nothing but open a page."""
    rows = [row for row in page.rows() if any(address == cell.partition("/")[0].strip() for cell in row.cells)]
    links = rows[0].scope.links() if len(rows) == 1 else []
    return links[0] if len(links) == 1 and page.reads("ip.edit", links[0].label) else None


def _export(report: Report, eye: Eye) -> Told | None:
    page = read_certificates(eye.page)
    report.facts["certificates_listed"] = [entry.facts() for entry in page.entries]
    if not page.entries:
        eye.note("column", "certificates.issued_to", "")
        raise eye.page.not_understood("certificate", "certificates.issued_to", [], eye.page)
    for entry in page.entries:
        _warn(report, entry)
    sent = page.export(page.entries[0])
    eye.note("button", "certificates.export", sent.button or "a link in the row")
    return Told("ready", unknown="how the page behind it asks for key, chain and passphrase")


def _warn(report: Report, entry: Entry) -> None:
    if entry.warnings:
        report.notes.append(f"the box warns about the certificate of {entry.issued_to}: {'; '.join(entry.warnings)}")


def _import(eye: Eye) -> Told | None:
    sent = read_certificates(eye.page).start_import()
    eye.note("button", "certificates.import", sent.button or "a link")
    return Told("ready", unknown="which page takes the file")


def _assign(eye: Eye) -> Told | None:
    page = read_certificates(eye.page)
    if page.automatic:
        return Told("not_needed", "the box itself selects the certificate by host name")
    if page.assigns():
        eye.note("button", "certificates.assign_ip", "in the row of the certificate")
        return Told("ready", unknown="how the page behind it lists the addresses")
    eye.note("button", "certificates.assign_ip", "")
    return Told("unseen", "the page offers no assignment, and does not say that the box selects by itself")


def _factory_reset(eye: Eye) -> Told | None:
    eye.page.fill({}, eye.button("reset.factory"))
    return Told("ready", unknown="what the box asks before it does it")


def _shut_down(eye: Eye) -> Told | None:
    eye.page.fill({}, eye.button("shutdown"))
    return Told("ready", unknown="what the box asks before it does it")


def look_at_settings(visit: Visit) -> Finding:
    """The pages of settings that no backup holds, for a move to new hardware; opens each of them."""
    where = visit.path("menu.networking") + ", ..."
    try:
        visit.open(*BASICS)
        read = read_settings(visit.site)
    except BtError as error:
        state: State = "by_hand" if isinstance(error, PageNotUnderstood) else "not_ready"
        return Finding("settings", state, PAGE, where, error.what)
    unknown = f"not found: {', '.join(read.unread)}" if read.unread else ""
    return Finding("settings", "ready", PAGE, ", ".join(read.fields), unknown=unknown)
