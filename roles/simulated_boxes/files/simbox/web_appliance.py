# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of /appliance but for Updates (appliance-interface.md 6.1 and 6.2)."""

from __future__ import annotations

import ipaddress

from simbox.box import Box, IpEntry
from simbox.page import Button, Facts, Field, Form, Item, Link, Paragraph, Section, Table
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View
from simbox.web_basics import BASICS_PAGES
from simbox.web_certificates import CERTIFICATE_PAGES
from simbox.web_entry import ENTRY_PAGES
from simbox.web_updates import UPDATE_PAGES

STORAGE_GB = 500


def _health(context: Context) -> View:
    words, box = context.words, context.box
    state = words("health_good" if box.is_healthy() else "health_bad")
    used = sum(len(content) for content in box.data.files.values()) // 1024
    facts = Facts((("CPU", "4"), (words("health_memory"), "16 GB"), (words("health_state"), state)))
    return View((Section(words("health_section"), (facts, Paragraph(words("health_files", size=used)))),))


def _users(context: Context) -> View:
    words = context.words
    rows = tuple((name,) for name in context.box.appliance_accounts)
    return View((Section(words("users_section"), (Table((words("username"),), rows),)),))


def _ip_configuration(context: Context) -> View:
    words, box = context.words, context.box
    nic = Facts(
        (
            (words("nic_interface"), "eth0"),
            (words("nic_mac"), "00:50:56:" + ":".join(box.id[i : i + 2] for i in (0, 2, 4))),
            (words("nic_link"), words("yes")),
        )
    )
    rows = tuple(
        (
            Link(entry.address, context.path("address", entry.address)),
            entry.netmask,
            words("yes" if entry.enabled else "no"),
        )
        for entry in box.addresses
    )
    table = Table((words("ip_address"), words("ip_netmask"), words("ip_enabled")), rows)
    ntp = Form(
        "ntp",
        context.here,
        (Field("server", words("ntp_server"), value=box.ntp_server),),
        (Button("save_ntp", words("save_changes"), "primary"),),
    )
    return View(
        (
            Section(words("nic_section"), (nic,)),
            Section(words("ip_section"), (table,)),
            Section(words("ntp_section"), (ntp,)),
        )
    )


async def _save_ntp(context: Context, posted: Posted) -> Done:
    server = posted.text("server")
    if not server:
        return Done(context.words("ntp_missing"), "error")
    context.box.ntp_server = server
    return Done(context.words("saved"))


def _entry(box: Box, address: str) -> IpEntry | None:
    return next((entry for entry in box.addresses if entry.address == address), None)


def _address(context: Context) -> View:
    words, entry = context.words, _entry(context.box, context.argument)
    if entry is None:
        return View((Section(words("ip_section"), (Paragraph(words("ip_unknown"), "error"),)),))
    form = Form(
        f"address:{entry.address}",
        context.here,
        (
            Field("address", words("ip_address"), value=entry.address, enabled=False),
            Field("netmask", words("ip_netmask"), value=entry.netmask),
            Field("enabled", words("ip_enabled"), "checkbox", checked=entry.enabled),
        ),
        (Button("save", words("save_changes"), "primary"),),
    )
    return View((Section(words("ip_edit_section"), (form, Link(words("back"), context.path("ip_configuration")))),))


async def _save_address(context: Context, posted: Posted) -> Done:
    words, entry = context.words, _entry(context.box, posted.argument)
    if entry is None:
        return Done(words("ip_unknown"), "error", page="ip_configuration")
    try:
        netmask = str(ipaddress.ip_network(f"0.0.0.0/{posted.text('netmask')}").netmask)
    except ValueError:
        return Done(words("ip_bad_netmask"), "error")
    if not entry.shared and not posted.ticked("enabled"):
        # GUESS (11.4 number 1): the box does not cut itself off.
        return Done(words("ip_own_address"), "error")
    if entry.shared and posted.ticked("enabled") and not entry.enabled:
        context.box.world.watch.moved(context.box)
    entry.netmask, entry.enabled = netmask, posted.ticked("enabled")
    await context.box.world.settle()
    return Done(words("saved"), page="ip_configuration")


def _routes(context: Context) -> View:
    words = context.words
    table = Table((words("routes_network"), words("routes_gateway")), (("0.0.0.0/0", "127.0.0.1"),))
    return View((Section(words("routes_section"), (table,)),))


def _storage(context: Context) -> View:
    words = context.words
    facts = Facts(((words("storage_size"), f"{STORAGE_GB} GB"), (words("storage_free"), f"{STORAGE_GB * 7 // 10} GB")))
    return View((Section(words("storage_section"), (facts,)),))


def _administration(context: Context) -> View:
    words, lockout = context.words, context.box.world.config.lockout_after
    return View((Section(words("restrictions_section"), (Facts(((words("restrictions_failures"), str(lockout)),)),)),))


def _support(context: Context) -> View:
    words = context.words
    items: tuple[Item, ...] = (Paragraph(words("support_text")), Facts(((words("basics_serial"), context.box.serial),)))
    return View((Section(words("support_section"), items),))


APPLIANCE_PAGES = (
    *ENTRY_PAGES,
    *BASICS_PAGES,
    PageDef("health", "health", _health, group="status"),
    PageDef("users", "users", _users, group="users"),
    PageDef(
        "ip_configuration",
        "ip_configuration",
        _ip_configuration,
        group="networking",
        actions={"save_ntp": Action(_save_ntp)},
    ),
    PageDef("address", "ip_configuration", _address, actions={"save": Action(_save_address)}),
    PageDef("routes", "static_routes", _routes, group="networking"),
    PageDef("storage", "storage_status", _storage, group="storage"),
    *CERTIFICATE_PAGES,
    PageDef("administration", "appliance_administration", _administration, group="security"),
    *UPDATE_PAGES,
    PageDef("support", "utilities", _support, group="support"),
)
