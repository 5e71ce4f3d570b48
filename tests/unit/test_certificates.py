# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Certificates on a box whose list tells names only: which entry is which, and what it says to an import."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _certificate_import, _certificates
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_assign import asked_name, certificate_named
from ansible_collections.bt_ops.pra.plugins.module_utils._certificate_export import Wish, ensure_exported
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BoxFailed, Refused, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Patience
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from tests.unit.certificates import Made, chain, make
from tests.unit.web.box import Asked, Reply, serving

NAME = "access.example.com"
SECRET = "pass phrase"
MENU = (
    '<ul class="menu"><li><a href="/appliance/s.ns">Status</a></li><li><a href="/appliance/b.ns">Basics</a></li>'
    '<li><a href="/appliance/e.ns">Security</a></li><li><a href="/appliance/c.ns">Certificates</a></li></ul>'
)


def page(title: str, body: str) -> Reply:
    """A page of the box; nobody has to log in."""
    return Reply(f'<html lang="en"><title>{title}</title><body>{MENU}<h1>{title}</h1>{body}</body></html>')


@dataclass
class Appliance:
    """Lists certificates by name, exports those that it may, asks for the passphrase after the upload."""

    made: list[Made] = field(default_factory=list)
    keyless: set[str] = field(default_factory=set)
    exports: bool = True
    ignores_passphrase: bool = False
    refuses: str = ""
    warns: str = ""
    chosen: int = -1
    upload: Made | None = None
    imports: list[bytes] = field(default_factory=list)
    confirmed: bool = False

    def __call__(self, asked: Asked) -> Reply:
        answers = {
            "/appliance/b.ns": lambda: page("Status :: Basics", "<dl><dt>Serial Number</dt><dd>BT-1</dd></dl>"),
            "/appliance/do.ns": lambda: self._options(int(asked.form["c"])),
            "/appliance/x.ns": lambda: self._file(asked.form),
            "/appliance/i.ns": lambda: self._import(asked),
            "/appliance/p.ns": lambda: self._take(asked.form),
            "/appliance/y.ns": self._yes,
        }
        answer = answers.get(asked.path)
        return answer() if answer else self._list()

    def _list(self, said: str = "") -> Reply:
        rows = "".join(
            f'<tr><td><input type="checkbox" name="c" value="{at}"></td><td>{NAME}</td><td>Test Issuing</td>'
            f'<td>{"No" if str(at) in self.keyless else "Yes"}</td></tr>'
            for at, _made in enumerate(self.made)
        )
        return page(
            "Security :: Certificates",
            f'<p>{said}</p><p><a href="/appliance/i.ns">Import</a></p>'
            '<form method="post" action="/appliance/do.ns"><select name="a"><option>Export</option></select>'
            "<button>Apply</button><table><tr><th></th><th>Issued To</th><th>Issued By</th><th>Private Key</th></tr>"
            f"{rows}</table></form>",
        )

    def _options(self, chosen: int) -> Reply:
        self.chosen = chosen
        boxes = "".join(
            f'<p><label><input type="checkbox" name="{name}" value="1"> {label}</label></p>'
            for name, label in (("o", "Include Certificate"), ("k", "Include Private Key"),
                                ("h", "Include Certificate Chain"))
        )
        return page(
            "Security :: Certificates :: Export",
            f'<form method="post" action="/appliance/x.ns">{boxes}<label>Passphrase <input type="password" name="p">'
            "</label><button>Export</button></form>",
        )

    def _file(self, form: dict[str, str]) -> Reply:
        if not self.exports and "k" not in form:
            return self._list("An error occurred: a private key must be exported.")
        passphrase = "" if self.ignores_passphrase else form["p"]
        content = self.made[self.chosen].pem(passphrase, key="k" in form, chain="h" in form)
        return Reply(content, headers={"Content-Type": "application/x-pem-file"})

    def _import(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return page(
                "Security :: Certificates :: Import",
                '<form method="post" enctype="multipart/form-data" action="/appliance/i.ns">'
                '<label>Certificate File <input type="file" name="f"></label><button>Upload</button></form>',
            )
        parts = email.message_from_bytes(f"Content-Type: {asked.headers['content-type']}\n\n".encode() + asked.body)
        content = parts.get_payload()[0].get_payload(decode=True)  # type: ignore[union-attr]
        self.imports.append(content)  # type: ignore[arg-type]
        return page(
            "Security :: Certificates :: Import",
            '<form method="post" action="/appliance/p.ns"><label>Passphrase <input type="password" name="p"></label>'
            "<button>Import</button></form>",
        )

    def _take(self, form: dict[str, str]) -> Reply:
        if self.refuses or form["p"] != SECRET:
            return self._list(self.refuses or "An error occurred: wrong passphrase.")
        if self.warns:
            return page(
                "Security :: Certificates :: Import",
                f'<p>{self.warns}</p><form method="post" action="/appliance/y.ns"><button>Continue</button></form>',
            )
        return self._yes()

    def _yes(self) -> Reply:
        self.confirmed = True
        assert self.upload is not None
        self.made.append(self.upload)
        return self._list("The certificate was imported.")


ROOT, ISSUING, OWN = chain(NAME)
OTHER = make(NAME, ISSUING)


@pytest.fixture
def appliance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Appliance, Endpoint]]:
    """A box that runs, and where."""
    monkeypatch.setattr(_certificate_import, "PATIENCE", Patience(0.3, 0.3))
    with serving(tmp_path) as running:
        box = Appliance(upload=OWN)
        running.answering = box
        yield box, running.endpoint


def box_at(endpoint: Endpoint, context: Context | None = None) -> Box:
    """The client's view of the box."""
    return Box(Connection("box-a", endpoint, appliance=Account("admin", "s3cret-word")), context or Context())


def source(folder: Path) -> _certificates.Source:
    """The file that is to be imported."""
    path = folder / "own.pem"
    path.write_bytes(OWN.pem(SECRET))
    return _certificates.read_source(str(path), SECRET, NAME)


def test_found_by_a_copy_without_its_key(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.made = [OTHER, OTHER]
    run = tmp_path / "run"
    for count in (1, 1):
        context = Context(journal=Journal(str(run)))
        before, after = _certificate_import.ensure_imported(box_at(endpoint, context), context, source(tmp_path))
        assert len(fake.imports) == count
    assert len(before.entries) == len(after.entries) == 3
    assert _certificates._certificate_files.read_bundle(fake.imports[0], SECRET).certificate.der == OWN.der
    page_now = _certificates.listed(box_at(endpoint))
    found = _certificates.identify(box_at(endpoint), page_now, source(tmp_path).certificate, look_inside=True)
    assert found is not None
    assert found.place == 2


def test_check_mode_knows_it_by_the_journal(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.made = [OTHER]
    context = Context(journal=Journal(str(tmp_path / "run")))
    _certificate_import.ensure_imported(box_at(endpoint, context), context, source(tmp_path))
    for journal, planned in ((Journal(), 1), (context.journal, 0)):
        check = Context(check_mode=True, journal=journal)
        _certificate_import.ensure_imported(box_at(endpoint, check), check, source(tmp_path))
        assert len(check.actions) == planned
    assert len(fake.imports) == 1


def test_a_box_that_gives_no_copies_shows_one_entry_more(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.made, fake.exports = [OTHER], False
    context = Context()
    _before, after = _certificate_import.ensure_imported(box_at(endpoint, context), context, source(tmp_path))
    assert len(after.entries) == 2
    assert context.actions == ["Imported the certificate of access.example.com on box-a."]


def test_what_the_box_says_is_told(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.refuses = "The uploaded file is invalid: format not supported."
    context = Context()
    with pytest.raises(BoxFailed, match="format not supported"):
        _certificate_import.ensure_imported(box_at(endpoint, context), context, source(tmp_path))
    assert context.actions == []


def test_a_box_that_does_nothing_has_not_done_it(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.refuses = "Thank you."
    with pytest.raises(Unproven, match="does not list the certificate"):
        _certificate_import.ensure_imported(box_at(endpoint), Context(), source(tmp_path))


def test_a_warning_before_the_import_stops(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.warns = "Warning: the certificate chain is incomplete. Import all the same?"
    with pytest.raises(Refused, match="chain is incomplete"):
        _certificate_import.ensure_imported(box_at(endpoint), Context(), source(tmp_path))
    assert not fake.confirmed


def test_a_question_without_a_warning_is_answered(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.warns = "The file holds one certificate."
    _certificate_import.ensure_imported(box_at(endpoint), Context(), source(tmp_path))
    assert fake.confirmed


def test_an_entry_without_its_key_is_no_import(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.keyless = {"0"}
    with pytest.raises(BoxFailed, match="without its private key"):
        _certificate_import.ensure_imported(box_at(endpoint), Context(), source(tmp_path))


def test_export_by_name_of_what_is_not_served(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.made = [OWN]
    wish = Wish(str(tmp_path / "kept"), SECRET, NAME)
    done = ensure_exported(box_at(endpoint), Context(), replace(wish))
    assert done.after is not None
    assert done.after.bundle.certificate.der == OWN.der
    again = ensure_exported(box_at(endpoint), Context(), wish)
    assert again.before == done.after
    fake.made = [OWN, OTHER]
    with pytest.raises(Refused, match="lists 2 certificates"):
        ensure_exported(box_at(endpoint), Context(), wish)


def test_a_key_that_the_passphrase_does_not_protect_is_not_kept(
    appliance: tuple[Appliance, Endpoint], tmp_path: Path
) -> None:
    fake, endpoint = appliance
    fake.made, fake.ignores_passphrase = [OWN], True
    with pytest.raises(Unproven, match="not protected by the passphrase"):
        ensure_exported(box_at(endpoint), Context(), Wish(str(tmp_path / "kept"), SECRET, NAME))
    assert list((tmp_path / "kept").iterdir()) == []
    unprotected = ensure_exported(box_at(endpoint), Context(), Wish(str(tmp_path / "kept"), "", NAME))
    assert unprotected.after is not None
    assert not unprotected.after.bundle.protected


def test_a_file_that_others_may_read_is_exported_anew(appliance: tuple[Appliance, Endpoint], tmp_path: Path) -> None:
    fake, endpoint = appliance
    fake.made = [OWN]
    wish = Wish(str(tmp_path / "kept"), SECRET, NAME)
    first = ensure_exported(box_at(endpoint), Context(), wish).after
    assert first is not None
    Path(first.path).chmod(0o644)
    assert ensure_exported(box_at(endpoint), Context(), wish).before is None
    assert Path(first.path).stat().st_mode & 0o777 == 0o600


def test_a_certificate_is_chosen_by_its_name_only_when_it_is_the_only_one(
    appliance: tuple[Appliance, Endpoint]
) -> None:
    fake, endpoint = appliance
    fake.made = [OTHER]
    found = certificate_named(box_at(endpoint), Context(), NAME, "127.0.0.1")
    assert found is not None
    assert found.der == OTHER.der
    assert certificate_named(box_at(endpoint), Context(check_mode=True), NAME, "127.0.0.1") is None
    fake.made = [OTHER, OWN]
    with pytest.raises(Refused, match="lists 2 certificates"):
        certificate_named(box_at(endpoint), Context(), NAME, "127.0.0.1")


@pytest.mark.parametrize(
    ("names", "tls_name", "name", "asked"),
    [
        ((NAME, "box-a"), "box-a", NAME, NAME),
        ((NAME, "box-a"), "box-a", "", "box-a"),
        ((NAME,), "box-a", "", NAME),
        (("*.example.com",), "box-a.example.com", "", "box-a.example.com"),
        (("*.example.com",), "", "", "192.0.2.1"),
        ((NAME,), "", "other.example.com", NAME),
    ],
)
def test_the_name_to_ask_for(names: tuple[str, ...], tls_name: str, name: str, asked: str) -> None:
    certificate = _certificates._certificate_files.read_certificate(make("x", names=names).der)
    assert asked_name(box_at(Endpoint("192.0.2.1", name=tls_name)), certificate, name) == asked
