# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Security > Certificates``: list, export, import, "Assign IP" (G38-G40; appliance-interface.md 6.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotOffered
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import (
    Button,
    Field,
    Page,
    Scope,
    Submission,
    Upload,
    Value,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import fold, is_one_of, same, without_brackets

_COMMON_NAME = re.compile(r"(?:^|[,/\s])CN\s*=\s*([^,/]+)", re.I)
_INCLUDED = {
    "certificates.include_certificate": True,
    "certificates.include_key": False,
    "certificates.include_chain": False,
}


@dataclass(frozen=True)
class Entry:
    """A certificate as the page lists it, the first at place 0; empty, or None, where the page does not tell.

    `warnings` are the box's own words.
    """

    place: int
    name: str
    issued_to: str
    issued_by: str
    expires: str
    fingerprint: str
    has_key: bool | None
    warnings: tuple[str, ...]
    part: Scope

    def bears(self, name: str) -> bool:
        """Whether its "Issued To" is that name: all of it, its CN, or one word of it."""
        told = [self.issued_to, without_brackets(self.issued_to), *_COMMON_NAME.findall(self.issued_to)]
        words = re.split(r"[\s,;()]+", self.issued_to) if " " not in name.strip() else []
        return any(same(each, name) for each in (*told, *words))

    def facts(self) -> dict[str, object]:
        """As results tell it."""
        return {
            "name": self.name or None,
            "issued_to": self.issued_to,
            "issued_by": self.issued_by or None,
            "expires": self.expires or None,
            "fingerprint": self.fingerprint or None,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class CertificatesPage:
    """The page as it was read once. `automatic`: it says that the box itself selects a certificate."""

    page: Page
    entries: tuple[Entry, ...]
    automatic: bool

    def named(self, name: str) -> list[Entry]:
        """The certificates whose "Issued To" is that name."""
        return [entry for entry in self.entries if entry.bears(name)]

    def same_entry(self, entry: Entry) -> Entry | None:
        """That certificate on this newer look at the page, None where the list has changed."""
        found = self.entries[entry.place] if entry.place < len(self.entries) else None
        return found if found is not None and found.facts() == entry.facts() else None

    def export(self, entry: Entry) -> Submission:
        """"Export" of one certificate, ready to be sent; its options are asked for on the page that comes."""
        found = self._act(entry, "certificates.export")
        if found is None:
            raise self.page.not_understood("button", "certificates.export", [], entry.part)
        return found

    def assigns(self) -> bool:
        """Whether the box has the step "Assign IP" for any certificate; later ones have none."""
        return any(self.assign(entry) is not None for entry in self.entries)

    def assign(self, entry: Entry) -> Submission | None:
        """"Assign IP" of one certificate, ready to be sent, None where it is not offered."""
        return self._act(entry, "certificates.assign_ip")

    def start_import(self) -> Submission:
        """"Import", ready to be sent; the page that comes takes the file."""
        part = self.page.maybe_section("certificates.installation") or self.page
        return self.page.fill({}, part.maybe_button("certificates.import") or self.page.button("certificates.import"))

    def _act(self, entry: Entry, key: str) -> Submission | None:
        """An act on one certificate: its own button, or it is ticked and the act chosen or pressed."""
        own = entry.part.maybe_button(key)
        if own is not None:
            return self.page.fill({}, own)
        tick = _tick(entry)
        if tick is None:
            return None
        values: dict[Field, Value] = {tick: True}
        for other in self.entries:
            box = _tick(other) if other is not entry else None
            if box is not None and box.form == tick.form and box.checked:
                values[box] = False
        for choice in self.page.fields():
            if choice.kind == "select" and choice.form == tick.form:
                label = _option(self.page, choice, key)
                if label:
                    apply = _button_of(self.page, choice, "certificates.apply")
                    return self.page.fill({**values, choice: label}, apply)
        button = _maybe_button_of(self.page, tick, key)
        return self.page.fill(values, button) if button is not None else None


def open_certificates(site: Site) -> CertificatesPage:
    """Read the page."""
    return read_certificates(site.open("menu.security", "menu.certificates"))


def read_certificates(page: Page) -> CertificatesPage:
    """Understand a page that is open.

    :raises PageNotUnderstood: it lists something that cannot be read as certificates.
    """
    part = page.maybe_section("certificates.list") or page
    automatic = page.maybe_section("certificates.automatic") or page.says("certificates.automatic")
    return CertificatesPage(page, tuple(_entries(page, part)), automatic is not None)


def export_file(page: Page, passphrase: str, key: bool) -> Submission:
    """The options of an export and "Export", ready to be sent.

    :param key: with private key and chain, as a copy to go on with; without, to see which certificate it is.
    """
    values: dict[Field, Value] = {}
    for name, wanted in _INCLUDED.items():
        field = page.field(name)
        if field.checked != (wanted or key):
            values[field] = wanted or key
    if passphrase:
        values[page.field("certificates.passphrase")] = passphrase
        again = page.maybe_field("certificates.passphrase_again")
        if again is not None:
            values[again] = passphrase
    return page.fill(values, page.button("certificates.export"))


def takes_file(page: Page) -> bool:
    """Whether a certificate file can be handed over on this page."""
    return _file_field(page) is not None


def import_file(page: Page, upload: Upload, passphrase: str) -> Submission:
    """The file, its passphrase where the page asks for one, and "Upload", ready to be sent."""
    field = _file_field(page)
    if field is None:
        raise page.not_understood("field", "certificates.file", [], page)
    values: dict[Field, Value] = {field: upload}
    secret = page.maybe_field("certificates.passphrase") if passphrase else None
    if secret is not None and secret.form == field.form:
        values[secret] = passphrase
    return page.fill(values, _button_of(page, field, "certificates.upload"))


def asks_passphrase(page: Page) -> Field | None:
    """The field of a page that asks for the passphrase of a file it has already, None on any other."""
    return None if takes_file(page) else page.maybe_field("certificates.passphrase")


def give_passphrase(page: Page, field: Field, passphrase: str) -> Submission:
    """The passphrase, ready to be sent."""
    for key in ("certificates.upload", "certificates.apply", "confirm.yes"):
        button = _maybe_button_of(page, field, key)
        if button is not None:
            return page.fill({field: passphrase}, button)
    raise page.not_understood("button", "certificates.upload", [], page)


def warning_on(page: Page) -> str:
    """A warning that a page shows anywhere, in its own words."""
    said = page.says("certificates.warning_text")
    return said.text if said else ""


def assigned_to(page: Page, address: str) -> Field:
    """The box to tick for an address, on the page that "Assign IP" leads to.

    :raises NotOffered: the page lists no such address.
    """
    ticks = [field for field in page.fields() if field.kind == "checkbox"]
    found = [field for field in ticks if any(_has_address(name, address) for name in field.names.strong)]
    if not found:
        rows = [row.scope for row in page.rows() if any(_has_address(cell, address) for cell in row.cells)]
        inner = [field for row in rows for field in row.fields() if field.kind == "checkbox"]
        found = list({field.index: field for field in inner}.values())
    if not found:
        shown = ", ".join(repr(field.label) for field in ticks[:10]) or "no address"
        raise NotOffered(
            f"The page {page.where} offers {shown}, and not {address}.",
            advice="Give the address as the box lists it (bt_ops.pra.bt_certificate, option address).",
            guide=("G40",),
        )
    if len(found) > 1:
        raise page.not_understood("field", address, [field.label for field in found], page)
    return found[0]


def save_assignment(page: Page, field: Field) -> Submission:
    """The address ticked and "Save Configuration", ready to be sent."""
    return page.fill({field: True}, _button_of(page, field, "certificates.save"))


def _entries(page: Page, part: Scope) -> list[Entry]:
    rows = part.rows()
    told = [row for row in rows if row.get("certificates.issued_to")]
    if told:
        return [_entry(page, place, row.scope, row.get) for place, row in enumerate(told)]
    cards = _cards(part)
    if not cards and any(len([cell for cell in row.cells if cell]) > 1 for row in rows):
        raise page.not_understood("column", "certificates.issued_to", [], part)
    return [_entry(page, place, card, card.fact) for place, card in enumerate(cards)]


def _cards(scope: Scope) -> list[Scope]:
    """The innermost sections that tell to whom a certificate is issued."""
    found: list[Scope] = []
    for section in scope.sections():
        found += _cards(section) or ([section] if section.fact("certificates.issued_to") else [])
    return found


def _entry(page: Page, place: int, part: Scope, get: Callable[[str], str | None]) -> Entry:
    key = get("certificates.private_key")
    return Entry(
        place=place,
        name=part.title or get("certificates.friendly_name") or "",
        issued_to=get("certificates.issued_to") or "",
        issued_by=get("certificates.issued_by") or "",
        expires=get("certificates.expires") or "",
        fingerprint=_digits(get("certificates.fingerprint") or ""),
        has_key=None if key is None else not page.reads("choice.off", key) if key else None,
        warnings=_warnings(page, part, get("certificates.warnings")),
        part=part,
    )


def _warnings(page: Page, part: Scope, told: str | None) -> tuple[str, ...]:
    """What stands under "Warnings", else any sentence that reads like one."""
    if told is not None:
        return () if not fold(told) or page.reads("certificates.no_warnings", told) else (told,)
    said = part.says("certificates.warning_text")
    return (said.text,) if said else ()


def _digits(text: str) -> str:
    """A fingerprint without what stands between its digits, empty where the text is none."""
    plain = re.sub(r"^\s*SHA-?(1|256)\b", "", text, flags=re.I)
    digits = re.sub(r"[\s:.-]", "", plain).casefold()
    return digits if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", digits) else ""


def _tick(entry: Entry) -> Field | None:
    """The one box to tick in the part of the page that shows the certificate."""
    ticks = [field for field in entry.part.fields() if field.kind == "checkbox"]
    return ticks[0] if len(ticks) == 1 else None


def _file_field(page: Page) -> Field | None:
    files = [field for field in page.fields() if field.kind == "file"]
    if len(files) < 2:
        return files[0] if files else None
    named = page.field("certificates.file")
    return named if named.kind == "file" else None


def _button_of(page: Page, field: Field, key: str) -> Button:
    found = _maybe_button_of(page, field, key)
    if found is None:
        raise page.not_understood("button", key, [], page)
    return found


def _maybe_button_of(page: Page, field: Field, key: str) -> Button | None:
    """The button called so in the form of a field, whatever other forms have."""
    own = [button for button in page.all_buttons() if button.acts and button.form == field.form]
    for words in page.words.ranks(key):
        named = [button for button in own if any(is_one_of(name, words) for name in button.names.strong)]
        distinct = list({button.same_as: button for button in reversed(named)}.values())
        if len(distinct) > 1:
            raise page.not_understood("button", key, [button.label for button in distinct], page)
        if distinct:
            return distinct[0]
    return None


def _option(page: Page, choice: Field, key: str) -> str:
    """The label of the option called so, empty where the choice has none."""
    return next((o.label for o in choice.options if any(page.reads(key, label) for label in o.labels)), "")


def _has_address(text: str, address: str) -> bool:
    """Whether a text names an address, with or without its prefix length; ``10.0.0.1`` is not in ``10.0.0.10``."""
    words = [word.partition("/")[0].casefold() for word in re.split(r"[\s,;()\[\]]+", text)]
    return any(address.casefold() in (word, word.rstrip(":")) for word in words)
