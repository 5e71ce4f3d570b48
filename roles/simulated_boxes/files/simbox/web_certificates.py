# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""/appliance > Security > Certificates: list, import, export, assignment to addresses (appliance-interface.md 6.2)."""

from __future__ import annotations

from aiohttp import web

from simbox.certificate_files import FileError, pack_pem, pack_pkcs12, parse
from simbox.certificates import Certificate
from simbox.page import Button, Cell, Facts, Field, Form, Item, Link, Option, Paragraph, Section, Tick, Ticks
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View

EXPORT = "export"
TICK = "tick:"


def _title(context: Context) -> str:
    # The older product heads the sections with the menu's name: "Security :: Certificates" (6.2).
    return context.words("security" if context.traits.older else "certificates")


def _view(context: Context, *sections: Section) -> View:
    return View(sections, title=_title(context))


def _certificates(context: Context) -> View:
    words = context.words
    install = Form("install", context.here, (), (Button("import", words("certificates_import")),))
    options = (Option("", words("certificates_choose")), Option(EXPORT, words("certificates_export")))
    # GUESS (11.4 number 1): the label of the drop-down and of the button beside it.
    form = Form(
        "list",
        context.here,
        (Field("action", words("certificates_action"), "select", options=options), _list(context)),
        (Button("apply", words("certificates_apply")),),
    )
    # GUESS (11.4 number 11): what the page says about auto-selection.
    note = (Paragraph(words("certificates_automatic"), "note"),) if not context.traits.assign else ()
    return _view(
        context,
        Section(words("certificates_install_section"), (install,)),
        Section(words("certificates_section"), (*note, form)),
    )


def _list(context: Context) -> Ticks:
    words, assign = context.words, context.traits.assign
    names = ("name", "issued_to", "issued_by", "expires", "alternative_names", "private_key", "fingerprint", "warnings")
    columns = tuple(words(f"certificates_{name}") for name in names)
    if assign:
        columns += (words("certificates_addresses"), words("certificates_assignment"))
    return Ticks(columns, tuple(_row(context, entry, assign) for entry in context.box.certificates.entries.values()))


def _row(context: Context, entry: Certificate, assign: bool) -> Tick:
    words = context.words
    cells: tuple[Cell, ...] = (
        entry.name,
        entry.issued_to,
        entry.issued_by,
        words.time(entry.expires),
        ", ".join(entry.names),
        words("no" if entry.key is None else "yes"),
        entry.fingerprint,
        _warnings(context, entry),
    )
    if assign:
        link = Link(words("certificates_assign"), context.path("certificate_assign", entry.id))
        cells += (", ".join(sorted(entry.addresses)), link)
    return Tick(TICK + entry.id, words("certificates_select", name=entry.name), cells)


def _warnings(context: Context, entry: Certificate) -> str:
    return " ".join(context.words(key) for key in context.box.certificates.warnings(entry))


async def _open_import(_context: Context, _posted: Posted) -> Done:
    return Done(page="certificate_import")


async def _apply(context: Context, posted: Posted) -> Done:
    chosen = [key.removeprefix(TICK) for key in posted.values if key.startswith(TICK)]
    if posted.text("action") != EXPORT:
        return Done(context.words("certificates_no_action"), "error")
    if len(chosen) != 1 or chosen[0] not in context.box.certificates.entries:
        return Done(context.words("certificates_choose_one"), "error")
    return Done(page="certificate_export", argument=chosen[0])


def _export(context: Context) -> View:
    words, entry = context.words, context.box.certificates.entries.get(context.argument)
    if entry is None:
        return _view(context, Section(words("certificates_export_section"), (_gone(context),)))
    # GUESS (11.4 number 11): the wording of the options; that there are these is documented.
    form = Form(
        f"export:{entry.id}",
        context.here,
        (
            Field("leaf", words("certificates_include_leaf"), "checkbox", checked=True),
            Field("key", words("certificates_include_key"), "checkbox"),
            Field("chain", words("certificates_include_chain"), "checkbox"),
            Field(
                "passphrase", words("certificates_passphrase"), "password", help=words("certificates_passphrase_help")
            ),
        ),
        (Button("export", words("certificates_export"), "primary"),),
    )
    facts = Facts(((words("certificates_name"), entry.name), (words("certificates_issued_to"), entry.issued_to)))
    return _view(context, Section(words("certificates_export_section"), (facts, form, _back(context))))


async def _download(context: Context, posted: Posted) -> Done:
    words, box = context.words, context.box
    entry = box.certificates.entries.get(posted.argument)
    if entry is None:
        return Done(words("certificates_gone"), "error", page="certificates")
    include = {part: posted.ticked(part) and f"export_without_{part}" not in box.troubles for part in ("key", "chain")}
    if not posted.ticked("leaf") and not posted.ticked("key"):
        return Done(words("certificates_nothing"), "error")
    if include["key"] and entry.key is None:
        return Done(words("certificate_no_key"), "error")
    leaf = entry.leaf if posted.ticked("leaf") else None
    key, chain = entry.key if include["key"] else None, entry.chain if include["chain"] else []
    secret = posted.values.get("passphrase", "")
    # GUESS (11.4 number 11): the format; here it depends on the era, so that a client must look at what it got.
    if context.traits.pkcs12:
        content, suffix, kind = pack_pkcs12(leaf, key, chain, secret, entry.name), "p12", "application/x-pkcs12"
    else:
        content, suffix, kind = pack_pem(leaf, key, chain, secret), "pem", "application/x-pem-file"
    headers = {"Content-Disposition": f'attachment; filename="{entry.issued_to}.{suffix}"'}
    return Done(response=web.Response(body=content, content_type=kind, headers=headers))


def _import(context: Context) -> View:
    words = context.words
    form = Form(
        "import",
        context.here,
        (
            Field("name", words("certificates_new_name")),
            Field("file", words("certificates_file"), "file"),
            Field("passphrase", words("certificates_passphrase"), "password"),
        ),
        (Button("upload", words("upload"), "primary"),),
        upload=True,
    )
    return _view(context, Section(words("certificates_import_section"), (form, _back(context))))


async def _upload(context: Context, posted: Posted) -> Done:
    words, certificates = context.words, context.box.certificates
    file = posted.files.get("file")
    if file is None or not file.size:
        return Done(words("certificates_no_choice"), "error")
    try:
        parsed = parse(file.content or b"", posted.values.get("passphrase", ""))
    except FileError as error:
        return Done(words(str(error)), "error")
    entry = certificates.add(posted.text("name"), parsed)
    entry.name = entry.name or entry.issued_to
    if "import_warns" in context.box.troubles:
        entry.remarks.add("certificate_suspicious")
    warnings = _warnings(context, entry)
    message = words("certificates_imported", name=entry.issued_to)
    return Done(f"{message} {warnings}".strip(), "warning" if warnings else "success", page="certificates")


def _assign(context: Context) -> View:
    words, entry = context.words, context.box.certificates.entries.get(context.argument)
    if entry is None:
        return _view(context, Section(words("certificates_assign_section"), (_gone(context),)))
    fields = tuple(
        Field(address.address, address.address, "checkbox", checked=address.address in entry.addresses)
        for address in context.box.addresses
    )
    form = Form(
        f"assign:{entry.id}", context.here, fields, (Button("save", words("certificates_save_assignment"), "primary"),)
    )
    facts = Facts(((words("certificates_name"), entry.name), (words("certificates_issued_to"), entry.issued_to)))
    warnings = _warnings(context, entry)
    items: tuple[Item, ...] = (Paragraph(warnings, "warning"),) if warnings else ()
    return _view(context, Section(words("certificates_assign_section"), (facts, *items, form, _back(context))))


async def _save(context: Context, posted: Posted) -> Done:
    words, box = context.words, context.box
    entry = box.certificates.entries.get(posted.argument)
    if entry is None:
        return Done(words("certificates_gone"), "error", page="certificates")
    if entry.key is None:
        return Done(words("certificate_no_key"), "error")
    box.world.watch.assign(box, entry)
    chosen = {address.address for address in box.addresses if posted.ticked(address.address)}
    box.certificates.assign(entry, chosen)
    return Done(words("saved"), page="certificates")


def _gone(context: Context) -> Paragraph:
    return Paragraph(context.words("certificates_gone"), "error")


def _back(context: Context) -> Link:
    return Link(context.words("back"), context.path("certificates"))


CERTIFICATE_PAGES = (
    PageDef(
        "certificates",
        "certificates",
        _certificates,
        group="security",
        actions={"import": Action(_open_import, "query"), "apply": Action(_apply, "query")},
    ),
    PageDef("certificate_export", "certificates", _export, actions={"export": Action(_download, "download")}),
    PageDef("certificate_import", "certificates", _import, actions={"upload": Action(_upload)}),
    PageDef("certificate_assign", "certificates", _assign, actions={"save": Action(_save)}),
)
