# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The certificates page in markups that differ, understood alike or not at all."""

from __future__ import annotations

import io

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotOffered, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web import _certificates_page as certificates
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

DIGEST = "5f3e0d6b1c0a4e7b9a1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a6978"


def page(body: str, language: str = "en", title: str = "Security :: Certificates") -> Page:
    """A page behind the log-in."""
    html = f'<html lang="{language}"><title>{title}</title><body><h1>{title}</h1>{body}</body></html>'
    return Page(html.encode(), url="https://box/appliance/c.ns", words=Words(language))


def form(body: str, head: str = "") -> str:
    """A form with a token."""
    return f'<form method="post" action="/appliance/do.ns" {head}><input type="hidden" name="t" value="k">{body}</form>'


TICKED = page(
    "<h2>Security :: Certificate Installation</h2>" + form('<input type="submit" name="i" value="Import">')
    + "<h2>Security :: Other Certificates</h2>" + form(
        '<select name="act"><option value="">Select Action</option><option value="d">Delete</option>'
        '<option value="x">Export</option></select><input type="submit" name="go" value="Apply">'
        "<table><tr><th></th><th>Certificate Friendly Name</th><th>Issued To</th><th>Issued By</th><th>Expires</th>"
        "<th>Private Key</th><th>Warnings</th></tr>"
        '<tr><td><input type="checkbox" name="c" value="1" checked></td><td>Old</td><td>old.example.com</td>'
        "<td>Old CA</td><td>Jan 1, 2027</td><td>Yes</td><td>Expires soon</td></tr>"
        '<tr><td><input type="checkbox" name="c" value="2"></td><td>Site</td><td>access.example.com</td>'
        "<td>CA</td><td>Jan 1, 2028</td><td>No</td><td>None</td></tr></table>"
    )
)
LINKED = page(
    '<p><a href="/appliance/import.ns">Import</a></p>'
    "<table><tr><th>Name</th><th>Issued To</th><th>SHA-256 Fingerprint</th><th></th></tr>"
    f'<tr><td>Site</td><td>CN=access.example.com, O=Example</td><td>{DIGEST[:2].upper()}:{DIGEST[2:]}</td>'
    '<td><a href="/appliance/x.ns?1">Export</a> <a href="/appliance/a.ns?1">Assign IP</a></td></tr>'
    "<tr><td>Old</td><td>old.example.com</td><td>n/a</td>"
    '<td><a href="/appliance/x.ns?2">Export</a> <a href="/appliance/a.ns?2">Assign IP</a></td></tr></table>'
)
CARDS = page(
    "".join(
        f"<section><h3>{name}</h3><dl><dt>Uitgegeven aan</dt><dd>{to}</dd><dt>Uitgegeven door</dt><dd>CA</dd></dl>"
        f"{warning}" + form(f'<input type="hidden" name="id" value="{name}"><button name="x">Exporteren</button>')
        + "</section>"
        for name, to, warning in (
            ("Oud", "old.example.com", '<p class="warn">Waarschuwing: de certificaatketen is onvolledig.</p>'),
            ("Site", "access.example.com", ""),
        )
    ),
    "nl",
    "Beveiliging :: Certificaten",
)


@pytest.mark.parametrize("shown", [TICKED, LINKED, CARDS], ids=["ticks", "links", "cards"])
def test_entries(shown: Page) -> None:
    found = certificates.read_certificates(shown)
    assert sorted(entry.name for entry in found.entries if entry.bears("access.example.com")) == ["Site"]
    assert len(found.named("old.example.com")) == 1
    assert found.named("example.com") == []
    assert found.named("access.example.co") == []


def test_what_a_table_tells() -> None:
    old, site = certificates.read_certificates(TICKED).entries
    assert (old.issued_by, old.expires, old.has_key, old.warnings) == ("Old CA", "Jan 1, 2027", True, ("Expires soon",))
    assert (site.has_key, site.warnings, site.fingerprint) == (False, (), "")


def test_fingerprints_and_what_is_none() -> None:
    site, old = certificates.read_certificates(LINKED).entries
    assert (site.fingerprint, old.fingerprint) == (DIGEST, "")


def test_a_warning_beside_a_certificate() -> None:
    old, site = certificates.read_certificates(CARDS).entries
    assert old.warnings == ("de certificaatketen is onvolledig.",)
    assert site.warnings == ()


def test_export_by_tick_and_choice_unticks_the_others() -> None:
    found = certificates.read_certificates(TICKED)
    sent = found.export(found.named("access.example.com")[0])
    assert sent.fields == [("t", "k"), ("act", "x"), ("go", "Apply"), ("c", "2")]


def test_export_by_its_own_link_or_button() -> None:
    linked = certificates.read_certificates(LINKED)
    assert linked.export(linked.entries[1]).target == "https://box/appliance/x.ns?2"
    cards = certificates.read_certificates(CARDS)
    assert ("id", "Site") in cards.export(cards.named("access.example.com")[0]).fields


def test_assignment_is_offered_or_not() -> None:
    linked, ticked = certificates.read_certificates(LINKED), certificates.read_certificates(TICKED)
    assert linked.assigns()
    assert not ticked.assigns()
    assert ticked.assign(ticked.entries[0]) is None
    sent = linked.assign(linked.entries[0])
    assert sent is not None
    assert sent.target == "https://box/appliance/a.ns?1"


def test_import_begins_in_its_section() -> None:
    assert ("i", "Import") in certificates.read_certificates(TICKED).start_import().fields
    assert certificates.read_certificates(LINKED).start_import().target == "https://box/appliance/import.ns"


def test_a_box_that_selects_says_so() -> None:
    assert certificates.read_certificates(page("<h2>SSL Certificate Auto-Selection</h2><p>By name.</p>")).automatic
    assert not certificates.read_certificates(TICKED).automatic


def test_a_table_without_the_column_is_not_understood() -> None:
    unknown = page("<table><tr><th>Alpha</th><th>Beta</th></tr><tr><td>1</td><td>access.example.com</td></tr></table>")
    with pytest.raises(PageNotUnderstood, match="Issued To"):
        certificates.read_certificates(unknown)


def test_an_empty_list_is_one() -> None:
    empty = page("<table><tr><th>Issued To</th><th>Expires</th></tr></table>")
    assert certificates.read_certificates(empty).entries == ()


def test_a_choice_without_its_button_is_not_understood() -> None:
    shown = page(
        form(
            '<select name="act"><option>Export</option></select><input type="submit" value="Delete">'
            "<table><tr><th>x</th><th>Issued To</th></tr>"
            '<tr><td><input type="checkbox" name="c" value="1"></td><td>a.example.com</td></tr></table>'
        )
    )
    found = certificates.read_certificates(shown)
    with pytest.raises(PageNotUnderstood, match="Apply"):
        found.export(found.entries[0])


EXPORT = (
    '<p><label><input type="checkbox" name="a" value="1" checked> Include Certificate</label></p>'
    '<p><label><input type="checkbox" name="b" value="1"> Include Private Key</label></p>'
    '<p><label><input type="checkbox" name="d" value="1" checked> Include Certificate Chain</label></p>'
    '<p>{passphrase}</p><button name="x" value="1">Export</button>'
)
TWICE = (
    '<label>Passphrase <input type="password" name="p"></label>'
    '<label>Confirm Passphrase <input type="password" name="q"></label>'
)


def test_options_of_an_export() -> None:
    shown = page(form(EXPORT.format(passphrase=TWICE)))
    whole = certificates.export_file(shown, "secret", key=True).fields
    assert whole == [("t", "k"), ("a", "1"), ("b", "1"), ("d", "1"), ("p", "secret"), ("q", "secret"), ("x", "1")]
    alone = certificates.export_file(shown, "", key=False).fields
    assert alone == [("t", "k"), ("a", "1"), ("p", ""), ("q", ""), ("x", "1")]


def test_a_passphrase_that_nobody_asks_for_is_not_dropped() -> None:
    with pytest.raises(PageNotUnderstood, match="Passphrase"):
        certificates.export_file(page(form(EXPORT.format(passphrase=""))), "secret", key=True)


MULTIPART = 'enctype="multipart/form-data"'
FILE = '<label>Certificate File <input type="file" name="f"></label>'


def upload() -> Upload:
    """A file to hand over."""
    return Upload("site.p12", io.BytesIO(b"content"), 7)


def test_a_file_is_handed_over_with_its_passphrase() -> None:
    body = FILE + '<label>Passphrase <input type="password" name="p"></label><button name="u">Upload</button>'
    shown = page(form(body, MULTIPART) + form('<button name="other">Upload</button>'))
    sent = certificates.import_file(shown, upload(), "secret")
    assert sent.fields == [("t", "k"), ("p", "secret"), ("u", "")]
    assert [(name, file.name if file else "") for name, file in sent.files] == [("f", "site.p12")]
    assert certificates.asks_passphrase(shown) is None


def test_the_only_file_field_is_the_one_meant() -> None:
    shown = page(form('<input type="file" name="f"><input type="submit" value="Import">', MULTIPART))
    assert certificates.import_file(shown, upload(), "").button == "Import"


def test_two_file_fields_without_words_are_not_understood() -> None:
    shown = page(form('<input type="file" name="f"><input type="file" name="g"><button>Upload</button>', MULTIPART))
    with pytest.raises(PageNotUnderstood, match="Certificate File"):
        certificates.takes_file(shown)


def test_a_passphrase_asked_for_afterwards() -> None:
    shown = page(form('<label>Wachtwoordzin <input type="password" name="p"></label><button>Importeren</button>'), "nl")
    field = certificates.asks_passphrase(shown)
    assert field is not None
    assert ("p", "secret") in certificates.give_passphrase(shown, field, "secret").fields


ADDRESSES = {
    "labels": '<label><input type="checkbox" name="a" value="1"> {a}/24</label>'
              '<label><input type="checkbox" name="a" value="2"> {b}/24 (eth0)</label>',
    "rows": "<table><tr><th>Use</th><th>IP</th></tr>"
            '<tr><td><input type="checkbox" name="a" value="1"></td><td>{a}</td></tr>'
            '<tr><td><input type="checkbox" name="a" value="2"></td><td>{b}</td></tr></table>',
    "aria": '<input type="checkbox" name="a" value="1" aria-label="eth0: {a}">'
            '<input type="checkbox" name="a" value="2" aria-label="eth0: {b}">',
}


@pytest.mark.parametrize("markup", ADDRESSES)
@pytest.mark.parametrize(("a", "b"), [("192.0.2.10", "192.0.2.1"), ("2001:db8::10", "2001:db8::1")])
def test_the_address_to_tick(markup: str, a: str, b: str) -> None:
    shown = page(form(ADDRESSES[markup].format(a=a, b=b) + '<button name="s">Save Configuration</button>'))
    tick = certificates.assigned_to(shown, b)
    assert certificates.save_assignment(shown, tick).fields == [("t", "k"), ("a", "2"), ("s", "")]
    with pytest.raises(NotOffered, match="203.0.113.1"):
        certificates.assigned_to(shown, "203.0.113.1")


def test_an_address_that_is_there_twice_is_not_understood() -> None:
    shown = page(form(ADDRESSES["labels"].format(a="192.0.2.1", b="192.0.2.1")))
    with pytest.raises(PageNotUnderstood, match="2 different"):
        certificates.assigned_to(shown, "192.0.2.1")
