# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""/login > Jump > Jump Clients: the limits of client upgrades, and the clients (appliance-interface.md 7.4)."""

from __future__ import annotations

from simbox.data import CLIENT_BANDWIDTH, CLIENT_LIMIT, CLIENT_RATE, CLIENT_UPGRADES
from simbox.page import Button, Field, Form, Option, Section, Table
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View

# Field, setting, most (7.4).
LIMITS = (("bandwidth", CLIENT_BANDWIDTH, 100), ("limit", CLIENT_LIMIT, 500), ("rate", CLIENT_RATE, 300))
UPGRADES = ("never", "cycle", "always")


def _jump_clients(context: Context) -> View:
    words, data = context.words, context.box.data
    numbers = tuple(
        Field(key, words(f"clients_{key}"), "number", value=data.value(setting)) for key, setting, _most in LIMITS
    )
    choices = tuple(Option(choice, words(f"clients_upgrades_{choice}")) for choice in UPGRADES)
    # GUESS (11.4 number 12): the name of the radio group.
    upgrades = Field("upgrades", words("clients_upgrades"), "radio", data.value(CLIENT_UPGRADES), options=choices)
    form = Form("limits", context.here, (*numbers, upgrades), (Button("save", words("save"), "primary"),))
    return View(
        (
            Section(words("clients_settings_section"), (form,)),
            Section(words("clients_section"), (_table(context),)),
        )
    )


def _table(context: Context) -> Table:
    words, box = context.words, context.box
    rows = tuple(
        (
            client.name,
            client.hostname,
            words(f"clients_{client.connection_type}"),
            words("clients_pending" if client.version != box.product else "clients_current"),
        )
        for client in box.data.clients.values()
    )
    return Table(tuple(words(f"clients_{key}") for key in ("name", "hostname", "type", "status")), rows)


async def _save(context: Context, posted: Posted) -> Done:
    words, box = context.words, context.box
    for key, _setting, most in LIMITS:
        if not posted.text(key).isdigit() or not 1 <= int(posted.text(key)) <= most:
            return Done(words("clients_out_of_range", most=most), "error")
    for key, setting, _most in LIMITS:
        box.data.set(setting, str(int(posted.text(key))), box.now())
    if posted.text("upgrades") in UPGRADES:
        box.data.set(CLIENT_UPGRADES, posted.text("upgrades"), box.now())
    return Done(words("saved"))


JUMP_CLIENTS_PAGE = PageDef(
    "jump_clients", "jump_clients", _jump_clients, group="jump", actions={"save": Action(_save)}, on_backup=False
)
