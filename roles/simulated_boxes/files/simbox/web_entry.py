# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Log-in to either web site: agreement, user name and password, forced change of password."""

from __future__ import annotations

import time

from simbox.hashed import hash_secret, matches
from simbox.page import Button, Field, Form, Paragraph, Section
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View
from simbox.watch import current_request


def _entry(context: Context) -> View:
    words = context.words
    form = Form(
        "entry",
        context.here,
        (
            Field("username", words("username")),
            Field("password", words("password"), "password"),
        ),
        (Button("login", words("log_in"), "primary"),),
    )
    return View((Section(words("log_in_section"), (form,)),), words(f"entry_title_{context.site.application}"))


async def _login(context: Context, posted: Posted) -> Done:
    site, box, session = context.site, context.box, context.session
    username, password = posted.text("username"), posted.values.get("password", "")
    account = site.accounts.get(username)
    now = time.monotonic()
    if account is None or account.locked_until > now or not matches(password, account.hashed):
        failures = 1
        if account is not None:
            account.failures += 1
            failures = account.failures
            if failures >= box.world.config.lockout_after and account.locked_until <= now:
                account.locked_until = now + box.world.durations.of("lockout")
        box.world.watch.refused_login(box, f"/{site.application}", username, failures)
        locked = account is not None and account.locked_until > now
        # GUESS (11.4 number 1): the texts of a refused log-in.
        return Done(context.words("login_locked" if locked else "login_refused"), "error")
    account.failures = 0
    site.renew(session)
    if account.must_change_password:
        session.pending = username
    else:
        session.user = username
    return Done(moved=True)


def _agreement(context: Context) -> View:
    words = context.words
    form = Form("agreement", context.here, (), (Button("agree", words("agreement_accept"), "primary"),))
    return View((Section(words("agreement_section"), (Paragraph(words("agreement_text")), form)),))


async def _agree(context: Context, _posted: Posted) -> Done:
    context.session.agreed = True
    return Done(moved=True)


def _password(context: Context) -> View:
    words = context.words
    form = Form(
        "password",
        context.here,
        (
            Field("current", words("password_current"), "password"),
            Field("new", words("password_new"), "password"),
            Field("confirm", words("password_confirm"), "password"),
        ),
        (Button("change", words("password_change"), "primary"),),
    )
    return View((Section(words("password_section"), (Paragraph(words("password_must_change"), "warning"), form)),))


async def _change(context: Context, posted: Posted) -> Done:
    session, words = context.session, context.words
    account = context.site.accounts.get(session.pending)
    if account is None:
        if (entry := current_request.get()) is not None:  # of nobody nothing is changed, whatever was pressed
            entry.op, entry.kind = "login.password.nobody", "read"
        return Done(moved=True)
    current, new = posted.values.get("current", ""), posted.values.get("new", "")
    if not matches(current, account.hashed):
        return Done(words("password_wrong"), "error")
    if not new or new == current or new != posted.values.get("confirm", ""):
        return Done(words("password_unfit"), "error")
    account.hashed = hash_secret(new)
    account.must_change_password = False
    session.user, session.pending = session.pending, ""
    return Done(words("password_changed"), moved=True)


# The titles are those of 7 and 8; section and button texts are GUESS (11.4 number 1).
ENTRY_PAGES = (
    PageDef("entry", "log_in_section", _entry, actions={"login": Action(_login, "auth")}, public=True),
    PageDef("agreement", "agreement_section", _agreement, actions={"agree": Action(_agree, "auth")}, public=True),
    PageDef("password", "password_section", _password, actions={"change": Action(_change)}, public=True),
)
