# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Getting into a box that may be factory-new: factory credentials, and the forced change of password (G42, H2, H3).

Which account a box knows is not found out by trying them all: boxes lock accounts. The journal says what was done to
the box, so the caller knows in which order to try; a second refusal is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Application, Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BadInput,
    BtError,
    LoginRefused,
    NeedsPerson,
    Unproven,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._password_page import change_password, enter
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account, Site

# What the guide says of the first log-in on a new box (G42); no secret.
FACTORY = Account("admin", "password")

# How a box lets us in: with the factory credentials, with those by which this collection replaces them, or with the
# account of the inventory.
Way = Literal["factory", "claimed", "account"]


@dataclass(frozen=True)
class Entry:
    """A box as one account enters it; `wanted` is its page that wants a new password first."""

    box: Box
    way: Way
    wanted: Page | None = None


def accounts_of(box: Box, application: Application) -> dict[Way, Account]:
    """The accounts that a box may know. The factory password is replaced by the password of the inventory's account."""
    given = box.connection.login if application == "login" else box.connection.appliance
    if given is None:
        raise BadInput(f"No account of /{application} was given for {box.name}.", state="Nothing was changed.")
    return {"factory": FACTORY, "claimed": Account(FACTORY.username, given.password), "account": given}


def as_account(box: Box, application: Application, account: Account) -> Box:
    """The same box under another account of one site, and without APIs: their accounts come with the restore."""
    connection = replace(box.connection, api=None)
    if application == "login":
        return Box(replace(connection, login=account), box.context, box.run_dir)
    return Box(replace(connection, appliance=account), box.context, box.run_dir)


def site_of(box: Box, application: Application) -> Site:
    """One of the two sites of a box."""
    return box.login if application == "login" else box.appliance


def find_entry(box: Box, application: Application, ways: Sequence[Way]) -> Entry:
    """Enter the box by the first way that it takes.

    :param ways: at most two different accounts of them are tried.
    :raises LoginRefused: it takes none of them.
    """
    accounts = accounts_of(box, application)
    tried: list[Account] = []
    refused: LoginRefused | None = None
    for way in ways:
        if accounts[way] in tried or len(tried) == 2:
            continue
        tried.append(accounts[way])
        entered = as_account(box, application, accounts[way])
        try:
            return Entry(entered, way, enter(site_of(entered, application)))
        except LoginRefused as error:
            refused = refused or error
            _note_refused(box, application, way)
    if refused is None:
        raise BadInput(f"No account was given for {box.name}.", state="Nothing was changed.")
    names = " and ".join(dict.fromkeys(repr(account.username) for account in tried))
    raise LoginRefused(
        f"{box.name} lets in none of the accounts that it may know at /{application} ({names}). {refused.what}",
        state="Nothing was changed.",
        advice=f"Give the account that it knows now (bt_{application}_username, bt_{application}_password).",
        guide=("G42",),
    )


def _note_refused(box: Box, application: Application, way: Way) -> None:
    """Have the next run begin with the other password: this one may come to no log-in at all before it ends."""
    journal, act = box.context.journal, f"first_{application}"
    if box.context.check_mode or way == "account" or not journal.of_act(box.name, act):
        return
    password = "new password" if way == "claimed" else "factory password"
    journal.write("refused", f"{box.name} refused the {password}.", box=box.name, act=act, way=way)


def forget_refusals(box: Box, application: Application) -> None:
    """Let every account of a box be tried anew: which ones it knows is about to change."""
    for account in accounts_of(box, application).values():
        site_of(as_account(box, application, account), application).forget_refusal()


def ways_after_claim(box: Box, application: Application, context: Context) -> tuple[Way, ...]:
    """The order of a box whose factory password was to be replaced, by what the journal tells of that; else nothing.

    One that was refused then, or since, is not tried first: two refusals in a row may lock the account.
    """
    told = context.journal.of_act(box.name, f"first_{application}")
    if not told:
        return ()
    last = told[-1]
    refused = last.get("way") == "claimed" or (last["kind"] == "outcome" and last.get("result") == "not_begun")
    return ("factory", "claimed") if refused else ("claimed", "factory")


def claim(box: Box, application: Application, entry: Entry, context: Context) -> Entry:
    """Replace the factory password, where the box was entered with it, and prove that the new one holds (H2).

    :param box: the box with the accounts of the inventory.
    :raises NeedsPerson: the box let the factory account in without wanting a new password.
    :raises Refused: it does not take the new password.
    """
    if entry.way != "factory":
        return entry
    if entry.wanted is None:
        raise NeedsPerson(
            f"{box.name} lets the factory account in at /{application} and wants no new password for it.",
            advice=f"Change it by hand to the password in bt_{application}_password, then run the same command again.",
            guide=("G42",),
        )
    sentence = f"Changed the factory password of /{application} on {box.name}."
    if context.would(sentence):
        return entry
    new = accounts_of(box, application)["claimed"]
    with context.act(box.name, f"first_{application}", sentence):
        site = site_of(entry.box, application)
        change_password(site, entry.wanted, FACTORY.password, new.password)
        site.log_out()
        return _proven(Entry(as_account(box, application, new), "claimed"), application)


def _proven(claimed: Entry, application: Application) -> Entry:
    """Only a log-in anew proves a new password.

    :raises LoginRefused: the box did not take it.
    :raises Unproven: nobody knows yet.
    """
    site = site_of(claimed.box, application)
    site.forget_refusal()
    try:
        wanted = enter(site)
    except LoginRefused:
        raise
    except BtError as error:
        raise Unproven(
            f"{claimed.box.name} was given a new password at /{application}, and it is not known whether it has it:"
            f" {error.what}",
            state="Nothing else was changed.",
            advice="Run the same command again: it tries both.",
            guide=("G42",),
        ) from error
    if wanted is not None:
        raise Unproven(f"{claimed.box.name} wants a new password again right after it was given one.", guide=("G42",))
    return claimed
