# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates leave one box and are served by another; what is wrong is named, and nothing is done with it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificates

from ansible_collections.bt_ops.pra.plugins.module_utils import _certificate_assign, _certificate_import
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience
from tests.integration.bench import CANARY, NEW, OLD, SITE, Bench, good, refused, two_boxes
from tests.integration.conftest import World
from tests.unit.certificates import Made

Worlds = Callable[..., World]
ERAS = [(era, language) for era in ("tables", "divs", "aria") for language in ("en", "nl")]


@pytest.fixture
def bench(worlds: Worlds) -> Callable[..., Bench]:
    """Start boxes and a bench at them."""
    return lambda change=None, **site: Bench(worlds(change or two_boxes(), **site), [])


@pytest.mark.parametrize(
    ("era", "language"), [*ERAS, pytest.param("app", "en", marks=[pytest.mark.wide, pytest.mark.timeout(400)])]
)
def test_from_one_box_to_the_other(bench: Callable[..., Bench], era: str, language: str) -> None:
    here = bench(two_boxes(era, language))
    world, served = here.world, here.info(OLD, name=SITE)
    assert served["troubles"] == []
    assert served["served"]["chain_complete"] is True
    assert SITE in [entry["issued_to"] for entry in served["certificates"]]

    assert good(here.planned(OLD, "exported", name=SITE), True)["after"] == {}
    copy = good(here.change(OLD, "exported", name=SITE), True)["certificate"]
    assert copy["sha256"] == served["served"]["sha256"] == world.box("a")["fingerprint"].replace(":", "").lower()
    assert (copy["protected"], copy["key_matches"], copy["chain_complete"]) == (True, True, True)
    path = Path(copy["path"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    again = good(here.change(OLD, "exported", name=SITE), False)
    assert again["before"] == again["after"] == {**copy, "days_left": again["after"]["days_left"]}
    good(here.planned(OLD, "exported", name=SITE), False)

    wish = {"src": str(path), "name": SITE}
    good(here.planned(NEW, "imported", **wish), True)
    imported = good(here.change(NEW, "imported", **wish), True)
    assert len(imported["after"]["certificates"]) == len(imported["before"]["certificates"]) + 1
    good(here.change(NEW, "imported", **wish), False)
    good(here.planned(NEW, "imported", **wish), False)

    selects = era != "tables"
    good(here.planned(NEW, "assigned", **wish), not selects)
    assigned = good(here.change(NEW, "assigned", **wish), not selects)
    assert assigned["selects_itself"] is selects
    assert assigned["after"]["sha256"] == copy["sha256"]
    assert assigned["after"]["trusted"] is True
    assert good(here.change(NEW, "assigned", name=SITE), False)["certificate"]["sha256"] == copy["sha256"]
    good(here.planned(NEW, "assigned", name=SITE), False)
    pair = here.info(NEW, name=SITE, peer=here.facts(OLD))
    assert (pair["equal"], pair["troubles"]) == (True, [])

    assert world.ask("violations") == []
    assert len([entry for entry in world.mutations() if "certificate" in entry["op"]]) == (1 if selects else 2)
    told = "\n".join(here.said) + Path(world.run_dir / "journal.jsonl").read_text()
    assert CANARY not in told
    assert "PRIVATE KEY" not in told


@pytest.mark.parametrize(("era", "form"), [("tables", "p12"), ("divs", "p12"), ("aria", "pem")])
def test_files_of_both_formats_are_imported(bench: Callable[..., Bench], era: str, form: str, tmp_path: Path) -> None:
    here = bench(two_boxes(era))
    made = opened(Path(here.exported()))
    path = tmp_path / f"other.{form}"
    path.write_bytes({"pem": Made.pem, "p12": Made.p12}[form](made, CANARY))
    done = good(here.change(NEW, "imported", src=str(path)), True)
    assert SITE in [entry["issued_to"] for entry in done["after"]["certificates"]]
    good(here.change(NEW, "imported", src=str(path)), False)
    assert here.world.ask("violations") == []


def opened(path: Path) -> Made:
    """An exported file, to be written in another form."""
    content = path.read_bytes()
    if path.suffix == ".p12":
        found = pkcs12.load_pkcs12(content, CANARY.encode())
        assert found.cert is not None
        key, certificates = found.key, [found.cert.certificate, *(each.certificate for each in found.additional_certs)]
    else:
        key = load_pem_private_key(content[content.index(b"-----BEGIN ENCRYPTED") :], CANARY.encode())
        certificates = load_pem_x509_certificates(content)
    assert isinstance(key, EllipticCurvePrivateKey)
    return Made(certificates[0], key, tuple(certificates[1:]))


def test_a_renewed_certificate_of_the_same_name_is_told_from_the_old_one(bench: Callable[..., Bench]) -> None:
    here = bench(two_boxes("tables"))
    first = here.exported()
    here.world.tell("certificate", box=OLD, days=200, names=[SITE, OLD, NEW])
    second = here.exported()
    assert first != second
    for path in (first, second):
        good(here.change(NEW, "imported", src=path), True)
    for path in (second, first):
        done = good(here.change(NEW, "assigned", src=path, name=SITE), True)
        assert done["after"]["sha256"] == done["certificate"]["sha256"]
    assert here.world.ask("violations") == []


@pytest.mark.parametrize(
    ("trouble", "why"),
    [("export_without_key", "it holds no private key"), ("export_without_chain", "its chain is not whole")],
)
@pytest.mark.parametrize("era", ["divs", "aria"])
def test_an_export_of_no_use_is_not_kept(bench: Callable[..., Bench], trouble: str, why: str, era: str) -> None:
    here = bench(two_boxes(era))
    here.world.tell("troubles", box=OLD, trouble=trouble, on=True)
    refused(here.change(OLD, "exported", name=SITE), "unproven", OLD, why, "was not kept")
    assert list((here.world.run_dir / "certificates").iterdir()) == []
    here.world.tell("troubles", box=OLD, trouble=trouble, on=False)
    good(here.change(OLD, "exported", name=SITE), True)


@pytest.mark.parametrize(("era", "language"), [("tables", "en"), ("divs", "nl"), ("aria", "en")])
def test_a_warning_of_the_box_stops(bench: Callable[..., Bench], era: str, language: str) -> None:
    here = bench(two_boxes(era, language))
    path = here.exported()
    here.world.tell("troubles", box=NEW, trouble="import_warns", on=True)
    for _time in range(2):
        result = here.change(NEW, "imported", src=path)
        assert (result["failed"], result["error"]) == (True, "refused")
        assert "warns about the certificate of access.example.test" in result["msg"]
    refused(here.change(NEW, "assigned", src=path, name=SITE), "refused", NEW, "warns about")
    assert [entry["op"] for entry in here.world.mutations()].count("appliance.certificate_import.upload") == 1
    assert here.world.ask("violations") == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that end after a second."""
    for module in (_certificate_assign, _certificate_import):
        monkeypatch.setattr(module, "PATIENCE", Patience(1, 1))


@pytest.mark.usefixtures("impatient")
def test_the_page_is_not_trusted(bench: Callable[..., Bench]) -> None:
    here = bench(two_boxes("tables"))
    path = here.exported()
    good(here.change(NEW, "imported", src=path), True)
    here.world.tell("troubles", box=NEW, trouble="old_certificate_served", on=True)
    result = here.change(NEW, "assigned", src=path, name=SITE)
    refused(result, "unproven", "still shows the certificate of box-b.example.test", "is not served at")
    here.world.tell("troubles", box=NEW, trouble="old_certificate_served", on=False)
    assert not here.change(NEW, "assigned", src=path, name=SITE).get("failed")


UPLOAD, ASSIGN = "appliance.certificate_import.upload", "appliance.certificate_assign.save"


def test_a_lost_answer_is_asked_for_and_not_repeated(bench: Callable[..., Bench]) -> None:
    here = bench(two_boxes("tables"))
    path = here.exported()
    for op in (UPLOAD, ASSIGN):
        here.world.tell("faults", do="do_then_reset", box=NEW, op=op, count=1)
    good(here.change(NEW, "imported", src=path), True)
    good(here.change(NEW, "assigned", src=path, name=SITE), True)
    operations = [entry["op"] for entry in here.world.mutations()]
    assert (operations.count(UPLOAD), operations.count(ASSIGN)) == (1, 1)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", ["500", "reset", "truncate", "login_redirect"])
def test_what_was_not_done_is_told_and_done_by_the_same_command(bench: Callable[..., Bench], fault: str) -> None:
    here = bench(two_boxes("tables"))
    path = here.exported()
    for state, op in (("imported", UPLOAD), ("assigned", ASSIGN)):
        here.world.tell("faults", do=fault, box=NEW, op=op, count=1)
        result = here.change(NEW, state, src=path, name=SITE)
        if fault != "truncate":
            refused(result, "unproven", NEW, SITE)
        assert not here.change(NEW, state, src=path, name=SITE).get("failed")
    assert here.world.ask("violations") == []


def test_what_is_not_there(bench: Callable[..., Bench]) -> None:
    here = bench(two_boxes("tables"))
    refused(here.change(OLD, "exported", name="nobody.example.test"), "not_offered", "nobody.example.test", SITE)
    refused(here.change(NEW, "assigned", name=SITE), "refused", "lists 0 certificates issued to", SITE)
    path = here.exported()
    refused(here.change(NEW, "assigned", src=path, name=SITE), "refused", "does not list", "Import it first")
    good(here.change(NEW, "imported", src=path), True)
    other = here.facts(OLD)["host"]
    refused(here.change(NEW, "assigned", src=path, name=SITE, address=other), "refused", "another box answers there")
    here.world.tell("certificate", box=OLD)
    refused(here.change(NEW, "assigned", src=path, name=SITE, address=other), "not_offered", f"and not {other}")
    assert ASSIGN not in [entry["op"] for entry in here.world.mutations()]
    assert here.world.ask("violations") == []


def test_an_account_is_needed(bench: Callable[..., Bench]) -> None:
    here = bench()
    result = here.change(OLD, "exported", appliance_username=None, appliance_password=None)
    refused(result, "bad_input", "bt_appliance_username")
    assert "certificates" not in here.info(OLD, appliance_username=None, appliance_password=None)


def test_what_info_finds_wrong(bench: Callable[..., Bench]) -> None:
    here = bench(two_boxes("tables", factory=False), separate_certificates=True)
    pair = here.info(OLD, peer=here.facts(NEW))
    assert pair["equal"] is False
    assert any("different certificates" in trouble for trouble in pair["troubles"])
    assert pair["blocking"] == []

    here.world.tell("certificate", box=OLD, days=30, chain=False)
    gap = here.info(OLD)
    assert (gap["served"]["chain_complete"], gap["served"]["trusted"]) == (False, False)
    assert any("does not lead to an authority" in trouble for trouble in gap["troubles"])
    assert "was not read" in gap["troubles"][-1]
    assert "certificates" not in gap
    assert 29 < gap["served"]["days_left"] <= 30

    here.world.tell("certificate", box=OLD, days=90, names=["somewhere.example.test"], chain=True)
    named = here.info(OLD, name=SITE, appliance_username=None, appliance_password=None)
    assert named["troubles"] == named["blocking"]
    assert named["troubles"] == [f"the certificate that {OLD} shows for {SITE} is for somewhere.example.test"]
    assert here.world.mutations() == []


def test_an_expired_certificate_is_named(bench: Callable[..., Bench]) -> None:
    here = bench(two_boxes("tables"))
    here.world.tell("certificate", box=OLD, days=-1)
    late = here.info(OLD, name=SITE, appliance_username=None, appliance_password=None)
    assert late["troubles"][0].startswith(f"the certificate that {OLD} shows for {SITE} expired on ")


def test_a_name_that_the_box_loses_is_told(bench: Callable[..., Bench]) -> None:
    here = bench(two_boxes("tables"))
    here.world.tell("certificate", box=OLD, names=[SITE, OLD])
    path = here.exported()
    good(here.change(NEW, "imported", src=path), True)
    done = good(here.change(NEW, "assigned", src=path, name=SITE), True)
    assert len(done["troubles"]) == 1
    assert f"no longer trusted as {NEW}" in done["troubles"][0]
    assert good(here.change(NEW, "assigned", src=path, tls_name=SITE), False)["troubles"] == []


def test_a_playbook_of_the_users_own(worlds: Worlds) -> None:
    world = worlds()
    options = {"state": "exported", "name": SITE, "passphrase": CANARY, "dest": str(world.folder / "kept")}
    task = {"bt_ops.pra.bt_certificate": options}
    show = {"ansible.builtin.debug": {"var": "kept"}}
    info = {"bt_ops.pra.bt_certificate_info": {"name": SITE, "peer": {"box": NEW}}, "register": "seen"}
    conditions = ["seen.equal", "seen.troubles | length == 0", "seen.served.days_left > 30"]
    assertion = {"ansible.builtin.assert": {"that": conditions}}
    outcome = world.run_tasks({**task, "register": "kept"}, show, info, assertion)
    assert outcome.code == 0, outcome.out
    assert outcome.recap("changed") == 1
    assert world.run_tasks(task).recap("changed") == 0
    assert CANARY not in outcome.out
    assert "PRIVATE KEY" not in outcome.out
