# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An update that failed by the box's own word or by the journal: what is left alone, what people are told (G6, A5).

Base software that failed is for the vendor's support alone. A product that failed has changed nothing that a second try
could make worse: the same command tries it once more.
"""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import SUPPORT_ONLY, Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    BoxFailed,
    BtError,
    PageNotUnderstood,
    SessionEnded,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import now_text
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import UpdatesPage, open_updates

# Whoever needs the page for more than this one question finds these out, and says so.
_NOT_TOLD = (AnswerLost, ApiFailed, PageNotUnderstood, SessionEnded, TlsRefused, Unreachable)


def look_first(box: Box, context: Context) -> None:
    """Stop where an update of the box has failed, before anything else is asked of it or looked for on its pages.

    :raises Refused: the box belongs to the vendor's support.
    """
    page: UpdatesPage | None = None
    if box.connection.appliance is not None and not box.connection.manual.everything:
        try:
            page = open_updates(box.appliance)
        except _NOT_TOLD:
            page = None
    refuse_failed(box, context, page)


def refuse_failed(box: Box, context: Context, page: UpdatesPage | None) -> None:
    """Stop where an install of base software has failed, by the journal or by the box's own word.

    :param page: the Updates page, None where it cannot be read.
    :raises Refused: it has, and support has not let go of the box.
    """
    failed = page.failed if page is not None and not _is_our_product(box, context) else ""
    begun = context.journal.open_act(box.name, "install")
    if begun is not None and failed == begun.get("said_before"):
        failed = ""  # it stood there already when that install was asked for
    if failed and begun is not None and not context.check_mode:
        context.journal.write(
            "outcome", f"{box.name} says: {failed}", box=box.name, act="install", phase=context.phase, result="failed",
            error=BoxFailed.kind, attached=True,
        )
    known = context.journal.untouchable(box.name)
    if failed or (known is not None and known["failed"]):
        context.refuse_untouchable(box.name, failed, lambda: told_to_support(box, context))


def _is_our_product(box: Box, context: Context) -> bool:
    """Whether the last that was installed on the box was a product of ours, and did not come to a good end."""
    told = context.journal.of_run()
    mine = [record for record in told if record.get("box") == box.name and record.get("act") == "install"]
    intents = [record for record in mine if record["kind"] == "intent"]
    return bool(intents) and intents[-1].get("package") == "product" and mine[-1].get("result") != "done"


def told_to_support(box: Box, context: Context) -> str:
    """Which box it is, what was to be installed on it, and when it failed: for the call to the vendor's support."""
    known = context.journal.untouchable(box.name)
    try:
        basics = box.basics()
        serial, base = basics.serial, str(basics.base_version or "")
    except BtError:
        serial, base = "", ""
    try:
        product = str(box.health().version or "")
    except BtError:
        product = ""
    wanted = f" to {known['version']}" if known else ""
    when = (known or {}).get("ended") or now_text()
    return (
        f"Tell them: {box.name} ({box.connection.endpoint}), serial {serial or 'unknown'}; base software"
        f" {base or 'unknown'}{wanted}, product {product or 'unknown'}; seen failed at {when}; and what its Updates"
        " page says."
    )


def explain(error: BoxFailed, box: Box, context: Context, package: str) -> None:
    """Put into an error what state the box is in and what to do, after it said that an install has failed.

    :param package: ``base`` or ``product``.
    """
    if package == "base":
        error.state = "Nothing else is done to it."
        error.advice = f"{SUPPORT_ONLY} {told_to_support(box, context)}"
        return
    try:
        health = box.health()
        well = "healthy" if health.healthy else "not healthy"
        error.state = f"{box.name} runs product {health.version or 'unknown'} and is {well}."
    except BtError as lost:
        error.state = f"What {box.name} runs now cannot be read: {lost.what}"
    error.advice = (
        "Read on /appliance > Updates why it failed, and look for its cause. The same command then tries the product"
        " once more, where the box still offers it. The way back is in docs/recovery.md; the backup that was taken"
        " right before is in the run folder."
    )
