# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""/appliance > Status > Basics: identity, clock, restart, shut-down, reset to factory defaults (6.2)."""

from __future__ import annotations

import time

from simbox.page import Button, Facts, Form, Paragraph, Progress, Section
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View


def _basics(context: Context) -> View:
    words, box = context.words, context.box
    facts = Facts(
        (
            (words("basics_hostname"), box.name),
            (words("basics_serial"), box.serial),
            (words("basics_id"), box.id),
            (words("basics_base"), box.base),
            (words("basics_time"), words.time(box.now())),
            (words("basics_uptime"), _uptime(context, time.time() - box.power.booted)),
        )
    )
    # Restart: that there is such a button is INF, its label GUESS (6.2, 11.4 number 1).
    buttons = (
        Button("restart", words("basics_restart"), "danger"),
        Button("reset", words("reset"), "danger", enabled=not box.reset.running, leads=True),
        Button("shut_down", words("basics_shut_down"), "danger"),
    )
    sections = (
        Section(words("basics_section"), (facts,)),
        Section(words("basics_power_section"), (Form("power", context.here, (), buttons),)),
    )
    if not box.reset.running:
        return View(sections)
    progress = (Paragraph(words("reset_running"), "progress"), Progress(words("reset_progress"), box.reset.percent()))
    return View((Section(words("reset_section"), progress), *sections), refresh_seconds=3)


def _uptime(context: Context, seconds: float) -> str:
    minutes = int(seconds) // 60
    return context.words("uptime", days=minutes // 1440, hours=minutes // 60 % 24, minutes=minutes % 60)


def _stop_work(context: Context) -> None:
    box = context.box
    box.world.watch.restart(box)
    box.updates.break_off()
    box.reset.break_off()


async def _restart(context: Context, _posted: Posted) -> Done:
    _stop_work(context)
    box = context.box
    box.world.spawn(box.power.restart_soon(box.world.durations.of("restart")))
    return Done(context.words("basics_restarting"), "progress")


async def _shut_down(context: Context, _posted: Posted) -> Done:
    _stop_work(context)
    context.box.world.spawn(context.box.power.shut_down_soon())
    return Done(context.words("basics_shutting_down"), "progress")


async def _ask(_context: Context, _posted: Posted) -> Done:
    return Done(page="factory_reset")


def _factory_reset(context: Context) -> View:
    # GUESS (11.4 number 1): the confirm page.
    words = context.words
    buttons = (Button("confirm", words("reset"), "danger"), Button("cancel", words("cancel")))
    items = (Paragraph(words("reset_warning"), "warning"), Form("reset", context.here, (), buttons))
    return View((Section(words("reset_section"), items),), dialog=True)


async def _confirm(context: Context, _posted: Posted) -> Done:
    if not context.box.reset.start():
        return Done(context.words("reset_refused"), "error", page="basics")
    return Done(context.words("reset_started"), "progress", page="basics")


async def _cancel(_context: Context, _posted: Posted) -> Done:
    return Done(page="basics")


BASICS_PAGES = (
    PageDef(
        "basics",
        "basics",
        _basics,
        group="status",
        actions={"restart": Action(_restart), "shut_down": Action(_shut_down), "reset": Action(_ask, "query")},
    ),
    PageDef(
        "factory_reset",
        "basics",
        _factory_reset,
        actions={"confirm": Action(_confirm), "cancel": Action(_cancel, "query")},
    ),
)
