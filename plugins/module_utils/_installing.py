# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An install on one box from the moment in which it is asked for: what stands in between, and the wait to its proven
end (G3, G6, G41)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils import _backup
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    BoxFailed,
    NotDownloaded,
    PageNotUnderstood,
    Refused,
    SessionEnded,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._failed_update import explain, look_first, refuse_failed
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Absence, Clock, Look, Patience, wait_until
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import (
    UpdatesPage,
    open_updates,
)

NORMAL_SECONDS = 3600.0
# After a restart: so many good readings in a row before an update counts as done (A7, A10).
GOOD_READINGS = 3
# How long a box may show no sign of an install whose answer was lost before it counts as never begun.
GRACE_SECONDS = 15.0
# The same where it has answered and shows nothing new since, or was silent for a moment.
UNMOVED_SECONDS = 60.0
# So many bytes of an uploaded package in a second may it need in that time to look at it.
SLOWEST_DIGEST = 50e6
# How long a restarting box may show a certificate that is not the site's.
STRANGE_CERTIFICATE_SECONDS = 600.0

# What a box in the middle of a restart answers; none of it says anything about the update.
RESTARTING = (Unreachable, AnswerLost, ApiFailed, PageNotUnderstood, SessionEnded)

NO_TOUCH = "Do not restart, switch off or touch the box: call the vendor's support."


@dataclass(frozen=True)
class Terms:
    """Under which an update is done.

    :param accepted_by: the person who accepts a licence agreement; empty: stop at one.
    :param stop_at: ``base`` stops before the product.
    :param packages_dir: where packages lie that are sent to the box; empty: the box gets them itself.
    :param first: the box has no site software yet, so only its base software tells anything.
    :param client_limit: so many Jump Clients may upgrade at the same time afterwards; 0: as many as the box lets.
    """

    backup: _backup.Wish
    patience: Patience
    accepted_by: str = ""
    stop_at: str = "product"
    packages_dir: str = ""
    client_limit: int = 0
    first: bool = False


@dataclass(frozen=True)
class Package:
    """What is being installed; `size` in bytes where it was sent by us."""

    kind: str
    version: Version
    size: int = 0

    def __str__(self) -> str:
        return f"{'base software' if self.kind == 'base' else 'product'} {self.version}"


def read_installed(box: Box) -> Installed:
    """What the box runs now."""
    health = box.health()
    base = box.basics().base() if box.connection.appliance else None
    return Installed(health.version, health.build, base, health.healthy)


def refuse_busy(box: Box, context: Context) -> None:
    """Stop before an act on a box that itself says that it installs, or that an install has failed (G6, A5).

    Without an Updates page that may be opened and is understood, only the journal is asked.

    :raises Refused: the box must not be touched.
    """
    page = None
    if box.connection.appliance is not None:
        try:
            page = open_updates(box.appliance)
        except PageNotUnderstood:
            box.say("does not tell in words that are known whether it installs; the journal is asked alone")
    if page is None:
        context.refuse_untouchable(box.name)
        return
    refuse_failed(box, context, page)
    if page.running:
        raise Refused(
            f"{box.name} is installing ({page.running}), so nothing else is done to it.",
            advice="Let it end, however long it takes; then run the same command again.",
            guide=("G6",),
        )
    context.refuse_untouchable(box.name)


def await_idle(box: Box, page: UpdatesPage) -> UpdatesPage:
    """Wait for an update that somebody else has started; gives the Updates page once none runs.

    :raises Refused: it has failed, and it was no product of ours.
    """
    if not page.running:
        return page
    box.say(f"an update is running already ({page.running}); it is waited for")
    ended = _await_none(box)
    refuse_failed(box, box.context, ended)
    return ended


def await_begun(box: Box, context: Context) -> None:
    """Wait for the end of an install that an earlier run began, where nothing else of the box can be asked meanwhile.

    How it ended is found out by whoever goes on with the update. Check mode waits for nothing.
    """
    look_first(box, context)
    begun = context.journal.open_act(box.name, "install")
    if begun is None or context.check_mode or box.connection.manual.everything:
        return
    box.say(f"an earlier run began to install {begun['package']} {begun['version']}; its end is waited for")
    _await_none(box, first=bool(begun.get("first")))
    look_first(box, context)


def _await_none(box: Box, first: bool = False) -> UpdatesPage:
    """The Updates page once none runs; a box that had no site software need not have one after it."""

    def look() -> Look[UpdatesPage]:
        try:
            now = open_updates(box.appliance)
            if not (now.failed or first or box.is_healthy()):
                return Look("answers, its site is not up yet")
        except RESTARTING:
            return Look("does not answer, as during a restart")
        return Look(now.running) if now.running else Look("no update runs", now)

    return wait_until(
        f"[{box.name}] running update",
        look,
        Patience(NORMAL_SECONDS, 6 * NORMAL_SECONDS),
        box.context.say,
        settle=GOOD_READINGS,
        guide=("G3", "G6"),
        advice=NO_TOUCH,
    )


def idle_page(box: Box) -> UpdatesPage:
    """The Updates page right before an install is begun: much time may have passed since it was last looked at (A3).

    :raises Refused: an update runs that is not ours.
    """
    page = open_updates(box.appliance)
    if page.running:
        raise Refused(
            f"Somebody else has started an update on {box.name} ({page.running}), so none was begun.",
            advice="Run the same command again: it waits for that update and goes on from there.",
            guide=("G3", "G6"),
        )
    return page


def await_installed(
    box: Box, package: Package, terms: Terms, lost: bool, answered: bool = False, stale: str = ""
) -> bool:
    """Wait until the box runs the package and is healthy; False: it never began.

    :param stale: what the box said of a failure before this install was asked for. It counts again once the box was
        seen at work or away, or shows nothing else for a minute.
    :raises BoxFailed: the box says that the install failed.
    :raises NotDownloaded: the box could not get the package.
    :param lost: whether it is in doubt that the install began at all; what the box shows ends the doubt, and so does
        an absence that lasts.
    :param answered: the box has answered then, and may take longer until it shows a sign of it.
    """
    clock = Clock()
    digest = package.size / SLOWEST_DIGEST
    given_up = clock.now() + (UNMOVED_SECONDS if answered else GRACE_SECONDS) + digest
    counts_again = clock.now() + UNMOVED_SECONDS
    strange_since: float | None = None
    absence = Absence()

    def look() -> Look[bool]:
        nonlocal lost, given_up, strange_since, stale
        now = clock.now()
        stale = "" if now > counts_again and not lost else stale
        try:
            seen = _look_once(box, package, stale, terms.first)
        except TlsRefused:
            strange_since = strange_since or now
            if now - strange_since > STRANGE_CERTIFICATE_SECONDS:
                raise
            seen = Look[bool]("shows a certificate that is not trusted, as it may while it restarts")
        except RESTARTING:
            seen = Look[bool]("does not answer, as during a restart")
        else:
            strange_since = None
            absence.end()
            if seen.value is False:
                if lost and now > given_up:
                    return Look("idle", False)
                shows = "has not shown that it began" if lost else "is between two steps"
                return Look(f"{shows}; {seen.seen}" if seen.seen != "idle" else shows)
            lost, stale = False, ""
            return seen
        if absence.lasts(now):
            lost, stale = False, ""
        else:
            given_up = max(given_up, now + UNMOVED_SECONDS + digest)
        return seen

    try:
        return wait_until(
            f"[{box.name}] installs {package}",
            look,
            terms.patience,
            box.context.say,
            settle=GOOD_READINGS,
            option="timeout",
            guide=("G3", "G6"),
            advice=(f"{NO_TOUCH} " if package.kind == "base" else "") + "Run the same command again to go on waiting.",
        )
    except BoxFailed as error:
        explain(error, box, box.context, package.kind)
        raise


def begun_by_hand(box: Box, package: Package, stale: str, first: bool) -> Look[bool]:
    """Whether the box shows that a person has begun to install the package, or that it is there already.

    :param stale: what the box said of a failure before.
    """
    try:
        seen = _look_once(box, package, stale, first)
    except RESTARTING:
        return Look("does not answer, as during a restart", True)
    return Look(seen.seen, None if seen.value is False else True, seen.failed)


def failure_of(page: UpdatesPage) -> str:
    """What the page says of an install or a download that failed."""
    return page.failed or page.not_downloaded


def _look_once(box: Box, package: Package, stale: str, first: bool) -> Look[bool]:
    """One look: True when done, False when the box is up, unchanged and shows no running update.

    :raises NotDownloaded: the box says that it could not get the package.
    """
    if not first:
        if not box.is_healthy():
            return Look("answers, its site is not healthy yet")
        now = box.basics().base() if package.kind == "base" else box.health().version
        if now is not None and now >= package.version:
            return Look(f"runs {package} and is healthy", True)
    page = open_updates(box.appliance)
    if page.failed and page.failed != stale:
        return Look(page.failed, failed=page.failed)
    if page.running:
        return Look(page.running)
    if page.not_downloaded and page.not_downloaded != stale:
        raise NotDownloaded(
            f"{box.name} could not download {package}: {page.not_downloaded}",
            state="Nothing was installed; the box is as before.",
            advice="Look at its way to the update server (network, proxy, name server). The same command tries it"
            " again; or bring the packages by hand (bt_update_source: package).",
            guide=("G18", "G22"),
        )
    if first and _is_there(box, package):
        return Look(f"has {package}", True)
    said = page.page.says("error")
    return Look(f"its page says: {said.text}" if said else "idle", False)


def _is_there(box: Box, package: Package) -> bool:
    """Whether a box that had no site software has the package now: the base version, or a site that is well.

    Which product it is is told behind the first log-in only, which comes next.
    """
    if package.kind == "base":
        now = box.basics().base()
        return now is not None and now >= package.version
    try:
        return box.is_healthy()
    except Unreachable:
        return False
