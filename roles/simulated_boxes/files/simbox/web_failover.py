# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""/login > Management > Failover (appliance-interface.md 7.3)."""

from __future__ import annotations

from simbox.failover import Outcome
from simbox.page import Button, Facts, Field, Form, Group, Item, Paragraph, Section, Table
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View


def _failover(context: Context) -> View:
    role = context.box.failover.role
    if role == "none":
        return View((Section(context.words("failover_configuration"), _setup(context)),))
    sections = (
        Section(context.words("failover_status"), _status(context)),
        Section(context.words(f"failover_{role}_section"), _instance(context)),
        Section(context.words("failover_settings"), _settings(context)),
    )
    busy = context.box.failover.sync_started is not None or context.box.failover.swapping
    return View(sections, refresh_seconds=5 if busy else 0)


def _setup(context: Context) -> tuple[Item, ...]:
    words = context.words
    host, port = words("failover_host"), words("failover_port")
    form = Form(
        "establish",
        context.here,
        (
            Group(words("failover_new_backup"), (Field("host", host), Field("port", port, "number", value="443"))),
            Group(
                words("failover_reverse"), (Field("back_host", host), Field("back_port", port, "number", value="443"))
            ),
        ),
        (Button("establish", words("failover_establish"), "primary"),),
    )
    return (
        Paragraph(words("failover_not_configured")),
        Paragraph(words("failover_setup")),
        Paragraph(words("failover_hint", name=context.box.site.hostname), "note"),
        form,
    )


def _status(context: Context) -> tuple[Item, ...]:
    words, box, failover = context.words, context.box, context.box.failover
    peer = failover.peer
    there = words("failover_unreachable_peer")
    if peer is not None and failover.reachable(peer):
        there = words(f"failover_role_{peer.failover.role}")
    facts = Facts(
        (
            (words("failover_this_status"), words(f"failover_role_{failover.role}")),
            (words("failover_peer_status"), words("failover_checked", state=there, time=words.time(box.now()))),
        )
    )
    rows = tuple((words.time(moment), words(message)) for moment, message in reversed(failover.history))
    history = Table((words("failover_history_time"), words("failover_history_event")), rows, words("failover_history"))
    return (facts, history) if rows else (facts,)


def _instance(context: Context) -> tuple[Item, ...]:
    words, box, failover = context.words, context.box, context.box.failover
    role = failover.role
    peer = failover.peer
    items: list[Item] = [Paragraph(words(f"failover_{role}_text", site=box.site.hostname))]
    items += _last_sync(context)
    sync = Button("sync", words("failover_sync"))
    refresh = Button("refresh", words("failover_refresh"))
    fields: tuple[Field, ...]
    if role == "primary":
        swap = Button("become_backup", words("failover_become_backup"), "danger")
        fields = (
            Field("sync_first", words("failover_sync_first", peer=peer.name if peer else ""), "checkbox"),
            Field("force", words("failover_force"), "checkbox"),
        )
    else:
        swap = Button("become_primary", words("failover_become_primary"), "danger")
        fields = (Field("sync_first", words("failover_pull_first", peer=peer.name if peer else ""), "checkbox"),)
    broken = Button("break", words("failover_break"), "danger")
    if context.traits.one_form:
        items.append(Form("instance", context.here, fields, (sync, refresh, swap, broken)))
    else:
        items.append(Form("sync", context.here, (), (sync, refresh)))
        items.append(Form("role", context.here, fields, (swap,)))
        items.append(Form("break", context.here, (), (broken,)))
    return tuple(items)


def _last_sync(context: Context) -> list[Item]:
    # The sentence after a good sync is documented; the others are GUESS (11.4 number 3).
    words, failover = context.words, context.box.failover
    if failover.sync_started is not None:
        return [Paragraph(words("failover_sync_goes_on"), "progress")]
    if failover.last_sync is None:
        return [Paragraph(words("failover_never_synced"), "warning")]
    when = words.time(failover.last_sync)
    if failover.complaint == "failover_sync_error":
        return [Paragraph(words(failover.complaint), "error")]
    if failover.complaint:
        good = Paragraph(words(f"failover_last_{failover.role}", time=when))
        return [good, Paragraph(words(failover.complaint), "error")]
    if failover.last_status != "success":
        return [Paragraph(words("failover_last_failed", time=when), "error")]
    return [Paragraph(words(f"failover_last_{failover.role}", time=when))]


def _settings(context: Context) -> tuple[Item, ...]:
    words, failover = context.words, context.box.failover
    form = Form(
        "settings",
        context.here,
        (Field("automatic", words("failover_automatic"), "checkbox", checked=failover.automatic),),
        (Button("save", words("save_changes"), "primary"),),
    )
    return (form,)


def _said(context: Context, outcome: Outcome) -> Done:
    return Done(context.words(outcome.message, **outcome.values), "success" if outcome.good else "error")


async def _sync(context: Context, _posted: Posted) -> Done:
    return _said(context, context.box.failover.sync_now())


async def _refresh(_context: Context, _posted: Posted) -> Done:
    return Done()


async def _become_backup(context: Context, posted: Posted) -> Done:
    failover = context.box.failover
    return _said(context, failover.change_role("backup", posted.ticked("sync_first"), posted.ticked("force")))


async def _become_primary(context: Context, posted: Posted) -> Done:
    return _said(context, context.box.failover.change_role("primary", posted.ticked("sync_first"), False))


async def _break(context: Context, _posted: Posted) -> Done:
    return _said(context, context.box.failover.break_relation())


async def _establish(context: Context, posted: Posted) -> Done:
    host, port, back_host, back_port = (posted.text(key) for key in ("host", "port", "back_host", "back_port"))
    return _said(context, context.box.failover.establish(host, port, back_host, back_port))


async def _save(context: Context, posted: Posted) -> Done:
    failover = context.box.failover
    for side in (failover, failover.peer.failover) if failover.peer else (failover,):
        side.automatic = posted.ticked("automatic")
    return Done(context.words("saved"))


FAILOVER_PAGE = PageDef(
    "failover",
    "failover",
    _failover,
    group="management",
    actions={
        "sync": Action(_sync),
        "refresh": Action(_refresh, "query"),
        "become_backup": Action(_become_backup),
        "become_primary": Action(_become_primary),
        "break": Action(_break),
        "establish": Action(_establish),
        "save": Action(_save),
    },
)
