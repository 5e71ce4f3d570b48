# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of /login but for Failover (appliance-interface.md 7)."""

from __future__ import annotations

from aiohttp import web

from simbox.api_backup import take
from simbox.data import PRESHARED_KEY
from simbox.http import error_page
from simbox.page import Button, Facts, Field, Form, Option, Paragraph, Section, Table
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View
from simbox.web_entry import ENTRY_PAGES
from simbox.web_failover import FAILOVER_PAGE
from simbox.web_jump_clients import JUMP_CLIENTS_PAGE
from simbox.web_restore import restore_backup, restore_section


def _information(context: Context) -> View:
    words, box = context.words, context.box
    facts = Facts(
        (
            (words("information_site"), box.site.hostname),
            (words("information_version"), box.product),
            (words("information_build"), box.product_build),
            (words("information_users"), str(len(box.users))),
            (words("information_sessions"), str(len(box.data.open_sessions()))),
        )
    )
    return View((Section(words("information_section"), (facts,)),))


def _account(context: Context) -> View:
    words = context.words
    return View((Section(words("account_section"), (Facts(((words("username"), context.session.user),)),)),))


def _configuration(context: Context) -> View:
    words, data = context.words, context.box.data
    rows = tuple((name, setting.value) for name, setting in data.settings.items() if name != PRESHARED_KEY)
    table = Table((words("settings_name"), words("settings_value")), rows)
    return View((Section(words("settings_section"), (table,)),))


def _console(context: Context) -> View:
    words = context.words
    rows = tuple((user.display_name, words.time(user.since)) for user in context.box.users.values())
    return View((Section(words("console_section"), (Table((words("console_name"), words("console_since")), rows),)),))


def _users(context: Context) -> View:
    words = context.words
    rows = tuple((name,) for name in context.box.data.accounts)
    return View((Section(words("users_section"), (Table((words("username"),), rows),)),))


def _reports(context: Context) -> View:
    words = context.words
    records = sorted(context.box.data.sessions.values(), key=lambda record: record.started)
    rows = tuple(
        (
            record.lsid,
            record.user,
            record.client,
            words.time(record.started),
            words.time(record.ended) if record.ended is not None else words("reports_open"),
        )
        for record in records
    )
    columns = tuple(words(f"reports_{key}") for key in ("session", "user", "client", "started", "ended"))
    return View((Section(words("reports_section"), (Table(columns, rows),)),))


def _software(context: Context) -> View:
    words = context.words
    form = Form(
        "backup",
        context.here,
        (
            Field("password", words("backup_password"), "password"),
            Field("confirm", words("backup_confirm"), "password"),
            Field("history", words("backup_history"), "checkbox", checked=True, help=words("backup_history_help")),
        ),
        (Button("download", words("backup_download"), "primary"),),
    )
    return View((Section(words("backup_section"), (form,)), restore_section(context)))


async def _download(context: Context, posted: Posted) -> Done:
    password = posted.values.get("password", "")
    if password != posted.values.get("confirm", ""):
        return Done(context.words("backup_mismatch"), "error")
    if "disk_full" in context.box.troubles:
        return Done(response=error_page(500, "Internal Server Error"))
    content = await take(context.box, password, posted.ticked("history"))
    # GUESS (11.4 number 6): headers and file name.
    name = f"{context.box.site.hostname}-{context.box.product}.nsb"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Done(response=web.Response(body=content, content_type="application/octet-stream", headers=headers))


def _security(context: Context) -> View:
    words = context.words
    # GUESS: as other products do, a box either shows the key as plain text or leaves the field empty.
    shown = context.box.config.shows_preshared_key
    form = Form(
        "security",
        context.here,
        (
            Field(
                "key",
                words("security_key"),
                "text" if shown else "password",
                value=context.box.data.value(PRESHARED_KEY) if shown else "",
                help=words("security_key_help"),
            ),
            Field(
                "idle",
                words("security_idle"),
                "select",
                value=context.box.data.value("security.idle_timeout", "30"),
                options=tuple(Option(minutes, words("minutes", count=minutes)) for minutes in ("15", "30", "60")),
            ),
        ),
        (Button("save", words("save_changes"), "primary"),),
    )
    return View((Section(words("security_section"), (form,)),))


async def _save_security(context: Context, posted: Posted) -> Done:
    box, key, idle = context.box, posted.values.get("key", ""), posted.text("idle")
    if key and key != box.data.value(PRESHARED_KEY):
        box.data.set(PRESHARED_KEY, key, box.now())
    if idle in ("15", "30", "60"):
        box.data.set("security.idle_timeout", idle, box.now())
    return Done(context.words("saved"))


def _site(context: Context) -> View:
    words, box = context.words, context.box
    facts = Facts(((words("information_site"), box.site.hostname), ("HTTPS", str(box.world.net.port))))
    return View((Section(words("site_section"), (facts,)),))


def _api(context: Context) -> View:
    words, box = context.words, context.box
    form = Form(
        "api",
        context.here,
        (Field("xml", words("api_xml"), "checkbox", checked=box.xml_api),),
        (Button("save", words("save"), "primary"),),
    )
    accounts = box.data.api_accounts.values()
    rows = tuple((account.client_id, words("yes" if account.enabled else "no")) for account in accounts)
    table = Table((words("api_client_id"), words("ip_enabled")), rows)
    return View((Section(words("api_section"), (form,)), Section(words("api_accounts"), (table,))))


async def _save_api(context: Context, posted: Posted) -> Done:
    context.box.xml_api = posted.ticked("xml")
    return Done(context.words("saved"))


def _support(context: Context) -> View:
    words = context.words
    return View((Section(words("support_section"), (Paragraph(words("support_text")),)),))


LOGIN_PAGES = (
    *ENTRY_PAGES,
    PageDef("information", "information", _information, group="status"),
    PageDef("account", "my_account", _account, group="my_account"),
    PageDef("configuration", "configuration", _configuration, group="configuration", on_backup=False),
    JUMP_CLIENTS_PAGE,
    PageDef("console", "access_console", _console, group="access_console", on_backup=False),
    PageDef("users", "users", _users, group="users_and_security", on_backup=False),
    PageDef("reports", "reports", _reports, group="reports", on_backup=False),
    PageDef(
        "software",
        "software",
        _software,
        group="management",
        actions={"download": Action(_download, "download"), "restore": Action(restore_backup)},
    ),
    PageDef("security", "security", _security, group="management", actions={"save": Action(_save_security)}),
    PageDef("site", "site_configuration", _site, group="management", on_backup=False),
    FAILOVER_PAGE,
    PageDef("api", "api_configuration", _api, group="management", actions={"save": Action(_save_api)}, on_backup=False),
    PageDef("support", "support", _support, group="management"),
)
