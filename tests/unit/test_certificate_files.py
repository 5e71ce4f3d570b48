# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificate files are read, judged, or refused in half a sentence."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_files import (
    LARGEST_FILE,
    Bundle,
    authorities,
    path_of,
    read_bundle,
    read_certificate,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from tests.unit.certificates import Made, chain, make

ROOT, ISSUING, LEAF = chain(names=("access.example.com", "*.boxes.example.com", "192.0.2.1", "2001:db8::1"))
SECRET = "pâss phrase"
WRITERS: dict[str, Callable[..., bytes]] = {"pem": Made.pem, "pkcs12": Made.p12}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("passphrase", ["", SECRET])
def test_a_whole_file(form: str, passphrase: str) -> None:
    bundle = read_bundle(WRITERS[form](LEAF, passphrase), passphrase)
    assert bundle.format == form
    assert bundle.certificate.der == LEAF.der
    assert bundle.key_matches is True
    assert bundle.protected == bool(passphrase)
    assert [each.issued_to for each in bundle.chain] == ["Test Issuing", "Test Root"]


@pytest.mark.parametrize("form", WRITERS)
def test_an_open_file_is_told_although_a_passphrase_is_given(form: str) -> None:
    bundle = read_bundle(WRITERS[form](LEAF), SECRET)
    assert bundle.key_matches is True
    assert not bundle.protected


@pytest.mark.parametrize("form", WRITERS)
def test_a_file_without_key(form: str) -> None:
    bundle = read_bundle(WRITERS[form](LEAF, key=False), "")
    assert bundle.key_matches is None
    assert bundle.certificate.der == LEAF.der


def test_the_old_form_of_a_protected_key() -> None:
    bundle = read_bundle(LEAF.key_pem(SECRET, traditional=True) + LEAF.pem(key=False), SECRET)
    assert bundle.protected
    assert bundle.key_matches is True


def test_the_certificate_is_the_one_that_the_key_fits() -> None:
    bundle = read_bundle(LEAF.key_pem() + ISSUING.pem(key=False) + LEAF.pem(key=False), "")
    assert bundle.certificate.der == LEAF.der
    assert [each.issued_to for each in bundle.chain] == ["Test Issuing", "Test Root"]


def test_text_around_the_blocks_is_no_matter() -> None:
    text = b"Bag Attributes\r\n    friendlyName: own\r\n" + LEAF.pem().replace(b"\n", b"\r\n") + b"\r\n\r\nEnd\r\n"
    assert read_bundle(text, "").key_matches is True


OTHER = make("other.example.com")


@pytest.mark.parametrize(
    ("content", "passphrase", "why"),
    [
        (b"", "", "it is empty"),
        (b" \n", "", "it is empty"),
        (b"x" * (LARGEST_FILE + 1), "", "far more than a certificate file has"),
        (b"<html>Log in</html>", "", "neither PEM nor PKCS#12"),
        (b"\x30\x03\x02\x01\x05", "", "neither PEM nor PKCS#12"),
        (LEAF.key_pem(), "", "it holds no certificate"),
        (LEAF.pem() + OTHER.key_pem(), "", "more than one private key"),
        (LEAF.pem(SECRET), "", "protected and no passphrase was given"),
        (LEAF.pem(SECRET), "wrong", "the passphrase does not open its private key"),
        (LEAF.p12(SECRET), "", "protected and no passphrase was given"),
        (LEAF.p12(SECRET), "wrong", "the passphrase does not open it"),
        (LEAF.p12(SECRET)[:-40], SECRET, "the passphrase does not open it, or it is damaged"),
        (LEAF.pem(key=False).replace(b"MII", b"MIJ"), "", "a certificate that cannot be read"),
        (b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", "", "a certificate that cannot be read"),
        (LEAF.pem(key=False) + b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "", "cannot be read"),
    ],
    ids=range(15),
)
def test_what_is_no_such_file(content: bytes, passphrase: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        read_bundle(content, passphrase)
    assert "PRIVATE KEY" not in str(caught.value)


def test_a_key_of_another_certificate() -> None:
    bundle = read_bundle(LEAF.pem(key=False) + OTHER.key_pem(), "")
    assert bundle.key_matches is False
    assert bundle.certificate.der == LEAF.der


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_is_bad_input_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([LEAF.pem(SECRET), LEAF.p12(SECRET), LEAF.pem(), LEAF.p12()])))
    for _count in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(BadInput):
        assert isinstance(read_bundle(bytes(content), SECRET), Bundle)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_bad_input(content: bytes) -> None:
    for wrapped in (content, b"\x30\x82\x01\x00\x02\x01\x03" + content, _armoured(content)):
        with pytest.raises(BadInput):
            read_bundle(wrapped, "")


def _armoured(content: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(content) + b"\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("access.example.com", True),
        ("ACCESS.example.com.", True),
        ("box-a.boxes.example.com", True),
        ("deep.box-a.boxes.example.com", False),
        ("boxes.example.com", False),
        (".boxes.example.com", False),
        ("192.0.2.1", True),
        ("192.0.2.10", False),
        ("2001:0db8::0001", True),
        ("example.com", False),
        ("", False),
    ],
)
def test_names_that_it_covers(name: str, good: bool) -> None:
    assert read_certificate(LEAF.der).covers(name) is good


def test_a_common_name_covers_nothing() -> None:
    assert not read_certificate(make("access.example.com", names=()).der).covers("access.example.com")


def test_fingerprints_as_they_are_shown() -> None:
    certificate = read_certificate(LEAF.der)
    digest = LEAF.certificate.fingerprint(hashes.SHA256()).hex()
    assert certificate.sha256 == digest
    assert certificate.is_shown_as(":".join(digest[at : at + 2] for at in range(0, 64, 2)).upper())
    assert certificate.is_shown_as(LEAF.certificate.fingerprint(hashes.SHA1()).hex(" "))
    assert not certificate.is_shown_as(digest[:-1])
    assert not certificate.is_shown_as("")


def test_times() -> None:
    good, late, early = (read_certificate(make("x", days=days, begins=begins).der) for days, begins in
                         ((10, -1), (-1, -9), (9, 3)))
    assert good.trouble() == ""
    assert 9.9 <= good.days_left() <= 10
    assert late.trouble().startswith("expired on 20")
    assert late.days_left() == -1
    assert early.trouble().startswith("is not valid before 20")


def test_who_it_is_issued_to_without_common_name() -> None:
    assert read_certificate(make("", names=("box.example.com",)).der).issued_to == "box.example.com"


def test_facts_hold_no_bytes() -> None:
    certificate = read_certificate(LEAF.der)
    assert set(certificate.facts()) == {
        "issued_to", "issued_by", "names", "not_before", "not_after", "days_left", "self_signed", "sha256",
    }
    assert "der" not in repr(certificate)


def test_the_way_to_an_authority() -> None:
    root, issuing, leaf = (read_certificate(each.der) for each in (ROOT, ISSUING, LEAF))
    whole = path_of(leaf, [root, issuing], [])
    assert whole.complete
    assert [each.issued_to for each in whole.certificates] == ["access.example.com", "Test Issuing", "Test Root"]
    assert path_of(leaf, [issuing], [root]).complete
    gap = path_of(leaf, [], [root])
    assert (gap.complete, gap.gap) == (False, "Test Issuing")
    assert gap.trouble() == "the certificate of 'Test Issuing', which issued 'access.example.com', is missing"
    assert path_of(leaf, [issuing], []).gap == "Test Root"
    assert path_of(read_certificate(OTHER.der), [], []).complete


def test_a_name_alone_makes_no_issuer() -> None:
    impostor = make("Test Issuing", ca=True)
    assert path_of(read_certificate(LEAF.der), [read_certificate(impostor.der)], []).gap == "Test Issuing"
    no_authority = make("Test Issuing", ROOT)
    below = make("below.example.com", no_authority)
    assert path_of(read_certificate(below.der), [read_certificate(no_authority.der)], []).gap == "Test Issuing"


def test_an_authority_that_has_expired_is_named() -> None:
    late = make("Old Issuing", ROOT, ca=True, days=-1)
    leaf = make("x.example.com", late)
    way = path_of(read_certificate(leaf.der), map(read_certificate, (late.der, ROOT.der)), [])
    assert way.complete
    assert way.trouble().startswith("the certificate of 'Old Issuing' expired on ")


def test_two_that_issue_each_other_end() -> None:
    certificates = [read_certificate(each.der) for each in (ISSUING, LEAF)]
    assert path_of(certificates[1], certificates * 20, []).gap == "Test Root"


def test_only_authorities_are_anchors() -> None:
    assert [each.issued_to for each in authorities([ROOT.der, ISSUING.der, b"nonsense"])] == ["Test Root"]
