# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""/appliance > Updates and the licence agreement before an install (appliance-interface.md 6.3)."""

from __future__ import annotations

from simbox.page import Button, Card, Facts, Field, Form, Item, Paragraph, Progress, Section
from simbox.pagedef import Action, Context, Done, PageDef, Posted, View
from simbox.updates import Last, Package, Running
from simbox.web_manual import DOWNLOAD_KEY_PAGE, manual_section, receive


def title(context: Context, package: Package) -> str:
    """A card's title."""
    return context.words(f"package_{package.kind}", version=package.version)


def _updates(context: Context) -> View:
    words, updates = context.words, context.box.updates
    if updates.running:
        section = Section(words("updates_progress_section"), _progress(context, updates.running))
        return View((section,), refresh_seconds=3)
    if updates.last and not updates.last.good and "updates_locked" in context.box.troubles:
        # GUESS (11.4 number 7): whether a box that failed shows anything else, and in which words, is not known.
        locked = Paragraph(words("updates_locked", title=title(context, updates.last.package)), "error")
        return View((Section(words("updates_locked_section"), (locked,)),))
    check = Form("check", context.here, (), (Button("check", words("updates_check")),))
    first: list[Item] = [Paragraph(words("updates_intro")), check]
    if updates.last:
        first.insert(0, _last(context, updates.last))
    sections = [Section(words("updates_check_section"), tuple(first))]
    if updates.offered is not None:
        sections.append(Section(words("updates_available_section"), _cards(context)))
    sections.append(manual_section(context))
    return View(tuple(sections))


def _progress(context: Context, running: Running) -> tuple[Item, ...]:
    # GUESS (11.4 number 7): everything that is shown while an install goes on.
    words = context.words
    label = words(f"updates_{running.phase}", title=title(context, running.package))
    return (Paragraph(words("updates_running"), "progress"), Progress(label, running.percent()))


def _last(context: Context, last: Last) -> Paragraph:
    # GUESS (11.4 number 7): the texts at the end of an install.
    failed = "updates_failed" if last.came else "updates_download_failed"
    message = "updates_succeeded" if last.good else failed
    text = context.words(message, title=title(context, last.package), time=context.words.time(last.ended))
    return Paragraph(text, "success" if last.good else "error")


def _cards(context: Context) -> tuple[Item, ...]:
    words, visible = context.words, context.box.updates.visible()
    if not visible:
        return (Paragraph(words("updates_none")),)
    return (Paragraph(words("updates_found"), "note"), *(_card(context, package) for package in visible))


def _card(context: Context, package: Package) -> Card:
    words, box = context.words, context.box
    facts = Facts(
        (
            (words("updates_hostname"), box.site.hostname),
            (words("updates_licenses"), "15"),
            (words("updates_expires"), words("updates_never")),
        )
    )
    blocked = box.updates.blocked(package)
    items: list[Item] = []
    if blocked:
        items.append(Paragraph(_blocked(context, title(context, package), package), "warning"))
    items.append(facts)
    if package.config.eula_told:
        # GUESS (11.4 number 7): whether a card tells of a licence agreement beforehand.
        items.append(Paragraph(words("updates_eula"), "note"))
    # Whether the button of a blocked package is hidden or grey is not known (6.3).
    if not blocked or context.traits.grey:
        button = Button("install", words("updates_install"), "primary", enabled=not blocked)
        items.append(Form(f"install:{package.id}", context.here, (), (button,)))
    return Card(title(context, package), tuple(items))


def _blocked(context: Context, name: str, package: Package) -> str:
    return context.words("updates_blocked", title=name, base=context.box.base, version=package.version)


async def _check(context: Context, _posted: Posted) -> Done:
    answered = await context.box.updates.check()
    return Done() if answered else Done(context.words("updates_check_failed"), "error")


async def _install(context: Context, posted: Posted) -> Done:
    package = context.box.updates.find(posted.argument)
    if package is not None and package.config.eula and not context.box.updates.running:
        return Done(page="eula", argument=package.id)
    return _start(context, posted.argument)


def _start(context: Context, package_id: str) -> Done:
    words, updates = context.words, context.box.updates
    package = updates.running.package if updates.running else updates.find(package_id)
    if package is None:
        return Done(words("updates_gone"), "error", page="updates")
    if not updates.start(package, "operator"):
        return Done(words("updates_refused"), "error", page="updates")
    return Done(words("updates_started", title=title(context, package)), "progress", page="updates")


async def _upload(context: Context, posted: Posted) -> Done:
    package_id = receive(context, posted)
    if isinstance(package_id, Done):
        return package_id
    package = context.box.updates.uploaded[package_id]
    if context.box.updates.blocked(package):
        # It is judged like one that is started: out of order is out of order.
        context.box.updates.start(package, "operator")
        del context.box.updates.uploaded[package_id]
        name = title(context, package)
        return Done(_blocked(context, name, package), "error")
    return await _install(context, Posted(package_id, {}))


def _eula(context: Context) -> View:
    # GUESS (11.4 number 7): the form. That the agreement comes before the install is documented.
    words = context.words
    form = Form(
        "eula",
        context.here,
        (Field("agree", words("eula_agree"), "checkbox"),),
        (Button("accept", words("eula_accept"), "primary"), Button("decline", words("eula_decline"))),
    )
    return View((Section(words("eula_section"), (Paragraph(words("eula_text")), form)),))


async def _accept(context: Context, posted: Posted) -> Done:
    if not posted.ticked("agree"):
        return Done(context.words("eula_must_agree"), "error")
    return _start(context, context.argument)


async def _decline(context: Context, _posted: Posted) -> Done:
    return Done(page="updates")


UPDATE_PAGES = (
    DOWNLOAD_KEY_PAGE,
    PageDef(
        "updates",
        "updates",
        _updates,
        group="updates",
        actions={"check": Action(_check, "query"), "install": Action(_install), "upload": Action(_upload)},
    ),
    PageDef("eula", "eula_title", _eula, actions={"accept": Action(_accept), "decline": Action(_decline, "query")}),
)
