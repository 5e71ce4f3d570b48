# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates of one box: chosen, backed up, begun once, watched to the end (G3, G6, G16 to G22, G25)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from ansible_collections.bt_ops.pra.plugins.module_utils import (
    _backup,
    _gates,
    _installing_by_hand,
    _jump_client_limit,
    _manual,
    _since,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._agreement import agree, refuse_unaccepted
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, require
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BoxFailed,
    NotDownloaded,
    NotOffered,
    Refused,
    SessionEnded,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._failed_update import look_first, refuse_failed
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import (
    NORMAL_SECONDS,
    Package,
    Terms,
    await_installed,
    begun_by_hand,
    failure_of,
    read_installed,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._offline import Offline
from ansible_collections.bt_ops.pra.plugins.module_utils._online import Online, tell_unasked
from ansible_collections.bt_ops.pra.plugins.module_utils._other_hands import refuse_other_hands
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, refuse_newer
from ansible_collections.bt_ops.pra.plugins.module_utils._press import NotBegun
from ansible_collections.bt_ops.pra.plugins.module_utils._progress import spell_size
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import driving
from ansible_collections.bt_ops.pra.plugins.module_utils._users import tell_users
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import spell
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import Offer, open_updates

__all__ = ["NORMAL_SECONDS", "Supply", "Terms", "note_end", "read_installed", "supply", "update"]

_KINDS = {"base": "base software", "product": "product"}


class Supply(Protocol):
    """Where the packages of one box come from."""

    def offers(self, installed: Installed, wish: Wish) -> tuple[Offer, ...]:
        """What there is now."""

    def steps(self, installed: Installed, wish: Wish) -> list[Offer]:
        """What is still to be installed, in order; the first can be installed now."""

    def is_unasked(self, installed: Installed, wish: Wish) -> bool:
        """Whether check mode cannot know what there is."""

    def prove(self, steps: list[Offer]) -> None:
        """Make sure, before the first act, that each can be installed."""

    def package(self, offer: Offer) -> Package:
        """What an offer is."""

    def details(self, offer: Offer) -> dict[str, Any]:
        """What the journal shall tell besides."""

    def begin(self, offer: Offer) -> tuple[Page, frozenset[str]]:
        """Have the box install, once; gives its answer and what stood on the page before."""

    def is_unmoved(self) -> bool:
        """Whether the box shows nothing new since `begin`, so that it is in doubt that it began."""

    def may_begin_again(self) -> bool:
        """Whether it is certain that the box never had what `begin` sent."""


def supply(box: Box, context: Context, packages_dir: str) -> Supply:
    """The packages in a folder, or without one those that the box gets itself."""
    return Offline(box, context, packages_dir) if packages_dir else Online(box, context)


def update(
    box: Box, context: Context, wish: Wish, terms: Terms, peer: Box | None = None
) -> tuple[Installed, Installed, list[str]]:
    """Bring the box to what is wished, one package after the other, each with a backup right before it.

    :param peer: the other half of the pair. Nobody else may be at work on it, nor have left it half updated (A6, T12).
    :returns: what was installed before and after, and the titles of what is still to come (check mode, stop_at).
    :raises NotOffered: the wish cannot be met by what is offered; nothing was changed.
    """
    require(box, "An update", "appliance")
    require(box, "An update", "api", "login")
    look_first(box, context)
    if terms.client_limit:
        _jump_client_limit.require_possible(box, context, terms.client_limit)
    if held := _jump_client_limit.update_under_way(context, besides=box.name):
        if not context.check_mode:
            raise Refused(f"{held}, so nothing is installed on {box.name}.", guide=("G25", "G35"))
        box.say(f"{held}; nothing is installed here before it has")
    if peer is not None:
        refuse_other_hands((peer,), context)
    with driving(_installing_by_hand.step_of(terms.packages_dir)):
        # A box in use may answer /login by 503 for a while, and is installed on after a backup only.
        if (context.check_mode or _gates.is_new_box(box, context)) and is_first(box, context):
            return _update_first(box, context, wish, replace(terms, first=True))
        return _update(box, context, wish, terms, peer)


def is_first(box: Box, context: Context) -> bool:
    """Whether the box has no site software yet, so that a product is still to come onto it for the first time."""
    mine = [record for record in context.journal.of_act(box.name, "install") if record["kind"] == "intent"]
    if box.connection.manual.everything or any(not record.get("first") for record in mine):
        return False
    try:
        return box.lacks_software()
    except Unreachable:
        return bool(mine)


def _update_first(
    box: Box, context: Context, wish: Wish, terms: Terms
) -> tuple[Installed, Installed, list[str]]:
    """Bring site software onto a new box, by its base software alone: there is nothing yet to back up, and nobody who
    could be cut off (G41). Which product it runs is read at its first log-in."""
    _attach(box, context, terms)
    source = supply(box, context, terms.packages_dir)
    before = now = _bare(box)
    while box.lacks_software():
        if context.check_mode and source.is_unasked(now, wish):
            context.plan(f"Asked {box.name} for updates, which it lists only then.")
            context.plan(f"Installed product {wish.product}, with the base software that it needs, on {box.name}.")
            return before, before, [f"product {wish.product}"]
        steps = source.steps(now, wish)
        if not steps:
            raise NotOffered(f"{box.name} has no site software, and nothing that would bring it is offered.")
        refuse_unaccepted(box, steps, terms.accepted_by)
        source.prove(steps)
        if context.check_mode:
            for step in steps:
                context.plan(f"Installed {step.title} on {box.name}.")
            return before, before, [step.title for step in steps]
        if steps[0].kind == "product" and terms.stop_at == "base":
            return before, now, [step.title for step in steps]
        _install(box, context, steps[0], terms, source)
        now = _bare(box)
    note_end(box, context)
    return before, now, []


def _bare(box: Box) -> Installed:
    """What the base software of a box tells of what is installed on it."""
    return Installed(None, "", box.basics().base(), not box.lacks_software())


def _update(
    box: Box, context: Context, wish: Wish, terms: Terms, peer: Box | None
) -> tuple[Installed, Installed, list[str]]:
    if _installing_by_hand.is_blind(box, terms.packages_dir):
        if context.journal.open_act(box.name, "install") is None:
            _gates.refuse_install(box, peer, context)
        before, now, pending = _installing_by_hand.update(box, context, wish, terms)
        note_end(box, context)
        _since.note(context, box.name, product=now.product, base=now.base)
        return before, now, pending
    attached = context.journal.open_act(box.name, "install") is not None
    _attach(box, context, terms)
    if attached and context.check_mode:  # what comes after that install is known once it has ended
        now = read_installed(box)
        return now, now, _forecast(box, context, now, wish, terms)
    page = open_updates(box.appliance)
    refuse_failed(box, context, page)
    _since.refuse_running(context, box.name, page.running)
    source = supply(box, context, terms.packages_dir)
    before = now = read_installed(box)
    refuse_newer(box.name, before.product, before.base, wish)
    if not attached:
        _since.refuse_changed(context, box.name, product=now.product, base=now.base)
    if source.is_unasked(before, wish):
        return before, before, _forecast(box, context, before, wish, terms)
    _note_certificate(box, context)
    half_way = context.journal.updating(box.name)
    while steps := source.steps(now, wish):
        if now is before and not half_way:
            context.may_begin(f"the update of {box.name}")
        offer = steps[0]
        if offer.kind == "product" and terms.stop_at == "base":
            return before, now, [step.title for step in steps]
        due = steps if terms.stop_at == "product" else [step for step in steps if step.kind == "base"]
        source.prove(due)
        if now is before:
            _gates.refuse_install(box, peer, context)
            refuse_unaccepted(box, due, terms.accepted_by)
            _tell_how_long(box, context, due)
        if context.check_mode:
            _hold_clients(box, context, terms)
            for step in due:
                context.plan(f"Took a backup of {box.name}.")
                told = f"Installed {step.title} on {box.name}."
                by_hand = _installing_by_hand.step_of(terms.packages_dir)
                _manual.would(box, context, by_hand, told, _asked(step, source))
            return before, before, [step.title for step in steps]
        _backup.ensure(box, context, terms.backup)
        _hold_clients(box, context, terms)  # after the backup, which so holds the box's own value
        _install(box, context, offer, terms, source)
        _note_certificate(box, context)
        now = read_installed(box)
        _since.note(context, box.name, product=now.product, base=now.base)
    if wish.product is not None and now.product != wish.product:
        raise NotOffered(f"{box.name} runs {now.product}, not {wish.product}, and nothing is left to install.")
    note_end(box, context)
    return before, now, []


def _tell_how_long(box: Box, context: Context, due: list[Offer]) -> None:
    """Say how long it took the last time, and whether the maintenance window is shorter (C4).

    How much data a box holds, on which it depends, is told by no page that is documented.
    """
    known = [(step, seconds) for step in due if (seconds := context.journal.install_seconds(box.name, step.kind))]
    if not known:
        return
    each = ", ".join(f"{_KINDS[step.kind]} {spell(seconds)}" for step, seconds in known)
    told = f"the last time it took here: {each}"
    if context.window.is_shorter_than(sum(seconds for _step, seconds in known)):
        told += f"; the maintenance window ends sooner, at {context.window.text}"
    box.say(told)


def _hold_clients(box: Box, context: Context, terms: Terms) -> None:
    """Lower the limit of Jump Client upgrades, where that is wanted (G11)."""
    if terms.client_limit:
        _jump_client_limit.lower(box, context, terms.client_limit)


def note_end(box: Box, context: Context) -> None:
    """Tell in the journal that the box runs what was wanted: base software that was all, and no product to follow."""
    _note_certificate(box, context)
    if context.journal.update_of(box.name) and not context.check_mode:
        said = f"{box.name} runs what was wanted."
        context.journal.write("updated", said, box=box.name, act="install", phase=context.phase)


def _forecast(box: Box, context: Context, installed: Installed, wish: Wish, terms: Terms) -> list[str]:
    """The plan of check mode for a box that lists no updates until it is asked, which check mode does not do."""
    at_base = wish.base is None or (installed.base is not None and installed.base >= wish.base)
    if wish.product is not None and installed.product == wish.product and at_base:
        return []
    product = f"product {wish.product}" if wish.product else "the newest product that is offered, if any,"
    base = f"base software {wish.base}" if wish.base else "the base software that it needs, if any"
    tell_unasked(box, context)
    _hold_clients(box, context, terms)
    context.plan(f"Installed {base}, then {product} on {box.name}, each after a backup.")
    return [base, product.rstrip(",")]


def _attach(box: Box, context: Context, terms: Terms) -> None:
    """Go on waiting for an install that an earlier run began and whose end it did not see (law 3, T1)."""
    begun = context.journal.open_act(box.name, "install")
    if begun is None:
        return
    package = Package(begun["package"], Version.wanted(begun["version"], "the journal"), int(begun.get("size") or 0))
    if context.check_mode:
        context.plan(f"Waited for {package} that an earlier run began to install on {box.name}.")
        return
    box.say(f"an earlier run began to install {package}; asking the box how far it is")
    try:
        started = await_installed(box, package, terms, lost=True, stale=begun.get("said_before", ""))
    except BoxFailed as error:
        context.journal.write(
            "outcome", str(error), box=box.name, act="install", phase=context.phase, result="failed", error=error.kind
        )
        raise
    except NotDownloaded as error:
        box.say(f"{error.what} It is tried again.")
        started = False
    result = "done" if started else "not_begun"
    context.journal.write(
        "outcome", f"The install of {package} on {box.name} was found {result.replace('_', ' ')}.",
        box=box.name, act="install", phase=context.phase, result=result, attached=True,
    )
    if started:
        context.actions.append(f"Installed {package} on {box.name}, which an earlier run had begun.")


def _install(box: Box, context: Context, offer: Offer, terms: Terms, source: Supply) -> None:
    """Have the package installed; only what the box certainly never had is sent again."""
    while True:
        try:
            _install_once(box, context, offer, terms, source)
            return
        except NotBegun:
            if not source.may_begin_again():
                raise
            box.say(f"does not have {offer.title} and installs nothing; it is sent again")


def _note_certificate(box: Box, context: Context) -> None:
    """Say when the box shows another certificate since its update began: trusted, but clients may have pinned it (A9).

    The journal tells which it showed before, so that a run which goes on where another ended says it, too.
    """
    told = context.journal.update_of(box.name)
    if not told or context.check_mode:
        return
    first = [record["certificate"] for record in told if "certificate" in record][:1]
    since = [record["new"] for record in told if record["kind"] == "certificate_changed"]
    before, after = ["", *first, *since][-1], box.presented().sha256
    if not before or before == after:
        return
    text = f"Since the update {box.name} shows the certificate {after[:16]}; it was {before[:16]}."
    box.say(text)
    context.journal.write("certificate_changed", text, box=box.name, phase=context.phase, old=before, new=after)


def _install_once(box: Box, context: Context, offer: Offer, terms: Terms, source: Supply) -> None:
    """Begin it once and watch until the version and its health are proven."""
    package = source.package(offer)
    by_hand = _installing_by_hand.step_of(terms.packages_dir)
    sentence = _manual.told(box, by_hand, f"Installed {package} on {box.name}.")
    cut_off = tell_users(box, "they are cut off while it installs")
    stale = failure_of(open_updates(box.appliance))
    details: dict[str, Any] = {"package": package.kind, "version": package.version.text, "said_before": stale}
    details["first"] = terms.first or None
    details.update(source.details(offer) | cut_off)
    with context.act(box.name, "install", sentence, certificate=box.presented().sha256, **details):
        if _manual.by_hand(box, by_hand):
            look = partial(begun_by_hand, box, package, stale, terms.first)
            _manual.ask(box, context, by_hand, look, _asked(offer, source))
            await_installed(box, package, terms, lost=False, stale=stale)
            return
        lost, answered, told = False, False, ""
        try:
            answer, known = source.begin(offer)
            if not agree(box, context, answer, terms, package, known) and source.is_unmoved():
                lost, answered = True, not package.size
        except (AnswerLost, SessionEnded) as error:
            lost, told = True, f" {error.what}"
            box.say(f"{error.what} It is asked what it is doing.")
        if not await_installed(box, package, terms, lost, answered, stale):
            raise NotBegun(f"{box.name} did not begin to install {package}.{told}")


def _asked(offer: Offer, source: Supply) -> dict[str, object]:
    """What a person is told of a package that is to be installed."""
    package, details = source.package(offer), source.details(offer)
    if "file" in details:
        how = (
            f"Choose the file {details['file']} ({spell_size(package.size)}, SHA-256 {details['sha256']}) and press"
            ' "Update Software".'
        )
    else:
        how = f'Press "Install This Update" at {offer.title}, and nothing else.'
    return {"package": str(package), "how": how}
