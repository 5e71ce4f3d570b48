# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates: what the page lists, export, import, assignment, and what a handshake really gets."""

from __future__ import annotations

import hashlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from simbox.certificate_files import FileError, parse
from simbox.page import Form, Link, Page, Section, Tick, Ticks
from tests.simbox.application import Application
from tests.simbox.boxes import NEW, OLD, Boxes, migration, running
from tests.simbox.browser import Browser

CASES = [("tables", "en"), ("divs", "nl"), ("aria", "en"), ("tables", "nl"), ("app", "nl")]
SECRET = "a passphrase"
SITE = "access.example.test"


def served(boxes: Boxes, box: str, name: str = "") -> str:
    """SHA-256 of the certificate that a verified handshake with a box gets; without `name` by address."""
    address = boxes.facts["boxes"][box]["address"]
    context = ssl.create_default_context(cafile=boxes.ca)
    with (
        socket.create_connection((address, boxes.facts["port"]), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=name or address) as secure,
    ):
        certificate = secure.getpeercert(binary_form=True)
    assert certificate is not None
    return hashlib.sha256(certificate).hexdigest()


def listed(boxes: Boxes, box: str, issued_to: str) -> dict[str, object]:
    """What the simulator knows of a certificate."""
    found: list[dict[str, object]] = [
        entry for entry in boxes.state(box)["certificates"] if entry["issued_to"] == issued_to
    ]
    assert len(found) == 1
    return found[0]


def open_page(boxes: Boxes, box: str) -> Browser | Application:
    """Security > Certificates."""
    page = boxes.browser(box, "appliance")
    words = boxes.words(box)
    page.open(words("security"), words("certificates"))
    return page


def export(boxes: Boxes, box: str, fingerprint: str, secret: str = SECRET, **parts: bool) -> bytes:
    """Tick the row that shows a fingerprint, choose Export, choose what to include."""
    words, page = boxes.words(box), open_page(boxes, box)
    if isinstance(page, Application):
        row = next(row for row in page.rows() if fingerprint in row["cells"])
        action = {words("certificates_action"): words("certificates_export"), row["label"]: True}
        page.press(words("certificates_apply"), action)
    else:
        row = page.page.xpath("//tr[td[.=$text]] | //*[@role='row'][*[.=$text]]", text=fingerprint)[0]
        page.tick(row.xpath(".//input[@type='checkbox']")[0])
        page.press(words("certificates_apply"), {words("certificates_action"): "export"})
    chosen = {"leaf": True, "key": True, "chain": True, **parts}
    values: dict[str, str | bool] = {words(f"certificates_include_{part}"): on for part, on in chosen.items()}
    page.press(words("certificates_export"), {**values, words("certificates_passphrase"): secret})
    return page.response.content


def bring(boxes: Boxes, box: str, content: bytes, secret: str = SECRET) -> str:
    """Import a file; answers what the page says then."""
    words, page = boxes.words(box), open_page(boxes, box)
    page.press(words("certificates_import"))
    page.press(words("upload"), {words("certificates_file"): content, words("certificates_passphrase"): secret})
    return page.text


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Boxes]:
    """An old box and a new one, older look: certificates are assigned."""
    with running(migration("127.0.60", box={"era": "tables"}), tmp_path) as started:
        yield started


@pytest.mark.parametrize(("era", "language"), CASES)
def test_certificate_moves_to_the_new_box(tmp_path: Path, era: str, language: str) -> None:
    """Exported with key and chain, imported, assigned where there is that step, and really served."""
    number = 61 + CASES.index((era, language))
    with running(migration(f"127.0.{number}", box={"era": era, "language": language}), tmp_path) as boxes:
        words = boxes.words(NEW)
        wanted = served(boxes, OLD)
        assert wanted == boxes.state(OLD)["fingerprint"] != served(boxes, NEW)
        content = export(boxes, OLD, wanted)
        parsed = parse(content, SECRET)
        assert parsed.key is not None
        assert parsed.key.public_key() == parsed.leaf.public_key()
        assert len(parsed.others) == 2
        if era == "aria":
            assert pkcs12.load_pkcs12(content, SECRET.encode()).cert is not None
        said = bring(boxes, NEW, content)
        assert words("certificates_imported", name=SITE) in said
        assert words("certificate_chain_incomplete") not in said
        if era == "tables":
            assert served(boxes, NEW) != wanted
            page = open_page(boxes, NEW)
            page.open(words("certificates_assign"))
            address = boxes.facts["boxes"][NEW]["address"]
            assert SITE in page.text
            page.press(words("certificates_save_assignment"), {address: True})
            assert listed(boxes, NEW, SITE)["addresses"] == [address]
        else:
            assert words("certificates_automatic") in said
            assert words("certificates_assign") not in said
        assert served(boxes, NEW) == served(boxes, NEW, SITE) == wanted
        assert boxes.violations() == []


def test_export_parts_and_troubles(moving: Boxes) -> None:
    """What is not ticked is not in the file; a box in trouble leaves out what was ticked."""
    wanted = served(moving, OLD)
    alone = parse(export(moving, OLD, wanted, key=False, chain=False), "")
    assert (alone.key, alone.others) == (None, ())
    assert parse(export(moving, OLD, wanted, secret=""), "").key is not None
    moving.control("/troubles", box=OLD, trouble="export_without_key")
    moving.control("/troubles", box=OLD, trouble="export_without_chain")
    poor = parse(export(moving, OLD, wanted), SECRET)
    assert (poor.key, poor.others) == (None, ())
    kinds = {entry["op"]: entry["kind"] for entry in moving.control("/log", "GET")}
    assert kinds["appliance.certificates.apply"] == "query"
    assert kinds["appliance.certificate_export.export"] == "download"


def test_import_refusals_and_warnings(moving: Boxes) -> None:
    """Wrong passphrase, no certificate, foreign key are refused; a lacking chain is said and then assigned at one's own
    risk."""
    words = moving.words(NEW)
    content = export(moving, OLD, served(moving, OLD))
    assert words("certificate_passphrase_wrong") in bring(moving, NEW, content, "other")
    assert words("certificate_passphrase_missing") in bring(moving, NEW, content, "")
    assert words("certificate_no_file") in bring(moving, NEW, b"nothing of the kind")
    assert words("certificates_no_choice") in bring(moving, NEW, b"")
    assert len(moving.state(NEW)["certificates"]) == 1
    short = export(moving, OLD, served(moving, OLD), chain=False)
    assert words("certificate_chain_incomplete") in bring(moving, NEW, short)
    page = open_page(moving, NEW)
    page.open(words("certificates_assign"))
    page.press(words("certificates_save_assignment"), {moving.facts["boxes"][NEW]["address"]: True})
    assert moving.violations() == ["H5"]
    with pytest.raises(ssl.SSLCertVerificationError):
        served(moving, NEW)
    assert listed(moving, NEW, SITE)["complete"] is False


def test_planned_certificates(moving: Boxes) -> None:
    """Tests can plan warnings, an assignment without effect, and other certificates."""
    words = moving.words(NEW)
    content = export(moving, OLD, served(moving, OLD))
    moving.control("/troubles", box=NEW, trouble="import_warns")
    assert words("certificate_suspicious") in bring(moving, NEW, content)
    fingerprint = moving.control("/certificate", box=OLD, days=5)
    assert served(moving, OLD) == fingerprint == moving.state(OLD)["fingerprint"]
    moving.control("/troubles", box=OLD, trouble="old_certificate_served")
    assert served(moving, OLD) != fingerprint
    moving.control("/troubles", box=OLD, trouble="old_certificate_served", on=False)
    moving.control("/certificate", box=OLD, names=["elsewhere.example.test"])
    with pytest.raises(ssl.SSLCertVerificationError):
        served(moving, OLD)


@pytest.mark.parametrize("era", ["tables", "divs", "aria"])
def test_rows_with_check_boxes(era: str) -> None:
    """Every row of such a table has its own check box in the form, and its cells."""
    from lxml import html

    from simbox.markup import render

    rows = (Tick("tick:1", "Select one", ("one", Link("go", "/1"))), Tick("tick:2", "Select two", ("two", "")))
    form = Form("f", "/save", (Ticks(("Name", "Way"), rows),))
    page = Page("T", "en", "appliance", "box", "product", sections=(Section("S", (form,)),))
    document = html.document_fromstring(render(page, era, lambda owner, key: f"{owner}.{key}", None))
    boxes = document.xpath("//form[@action='/save']//input[@type='checkbox']")
    assert [box.get("name") for box in boxes] == ["f.tick:1", "f.tick:2"]
    row = boxes[0].xpath("ancestor::*[self::tr or @role='row'][1]")[0]
    assert " ".join(row.text_content().split()).startswith("one")
    assert row.xpath(".//a/@href") == ["/1"]


def test_files_that_are_none() -> None:
    """Each trouble has its own sentence."""
    for content, key in (
        (b"", "certificate_no_file"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate_no_file"),
        (b"\x30\x82garbage", "certificate_passphrase_missing"),
    ):
        with pytest.raises(FileError, match=key):
            parse(content, "")
