# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands between the button and the install: a licence agreement, a question (G41; appliance-interface.md 6.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BtError, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._files import file_name, private_folder, store
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import Package, Terms, read_installed
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import broken_at, to_the_second
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Page, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import find_phrase
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import Offer, read_updates

MOST_PAGES_BEFORE_START = 4
# What the next command has besides, once the agreement was read.
NAME_IT = "-e 'bt_accept_eula=\"Your Name\"'"


def refuse_unaccepted(box: Box, offers: Sequence[Offer], accepted_by: str) -> None:
    """Stop before anything is changed where a package says beforehand that it comes with a licence agreement.

    :raises Refused: nobody is named who accepts it.
    """
    told = [offer.title for offer in offers if offer.agreement]
    if told and not accepted_by:
        raise Refused(
            f"{box.name} says that {told[0]} comes with a licence agreement, and nobody is named who accepts it.",
            advice=f"Give the same command with the name of the person who does: {NAME_IT}.",
            guide=("G41",),
        )


def agree(
    box: Box, context: Context, page: Page, terms: Terms, package: Package, known: frozenset[str] = frozenset()
) -> bool:
    """Go through what the box asks before it installs.

    :param known: lines that the page showed before, which say nothing about what was asked now.
    :returns: whether the box says that the install runs.
    :raises Refused: it says that it does not install.
    """
    for _page in range(MOST_PAGES_BEFORE_START):
        accept_box, accept = page.maybe_field("eula.accept"), page.maybe_button("eula.accept")
        confirm = page.maybe_button("confirm.yes")
        # Before anything that the page says: an agreement speaks of "installing this software" too.
        if accept_box is not None or accept is not None:
            page = _accept(box, context, page, terms, package)
        elif (shown := read_updates(page)).running or shown.not_downloaded not in ("", *known):
            return True  # a download that failed at once is told by the wait for its end
        elif confirm is not None:
            page = box.appliance.submit(page.fill({}, confirm))
        else:
            said = _says(page, ("updates.rejected", "updates.blocked", "error") if known else ("error",), known)
            if said:
                raise Refused(f"{box.name} refuses the install: {said}", guide=("G22",))
            return False
    return False


def _says(page: Page, keys: tuple[str, ...], known: frozenset[str]) -> str:
    """The first line that says one of the things and was not there before."""
    for line in page.text.splitlines():
        if line not in known and any(find_phrase(line, phrase) for key in keys for phrase in page.words.of(key)):
            return line
    return ""


def _accept(box: Box, context: Context, page: Page, terms: Terms, package: Package) -> Page:
    path = _kept(box, page, package)
    if not terms.accepted_by:
        raise Refused(
            f"{box.name} asks to accept a licence agreement before it installs {package}. Nobody is named who does.",
            state=_where_it_stands(box, context, terms),
            advice=(f"Read the agreement: {path}. " if path else "Have it read. ")
            + f"Then give the same command with the name of the person who accepts it: {NAME_IT}.",
            guide=("G41",),
            agreement=path,
        )
    context.journal.write(
        "agreement", f"The licence agreement on {box.name} was accepted by {terms.accepted_by}.",
        box=box.name, accepted_by=terms.accepted_by, text_sha256=hashlib.sha256(page.text.encode()).hexdigest(),
        path=path,
    )
    press = page.maybe_button("eula.accept") or page.maybe_button("confirm.yes") or page.button("updates.install")
    tick, name = page.maybe_field("eula.accept"), page.maybe_field("eula.name")
    boxes = [each for each in page.fields() if each.kind == "checkbox" and each.form == press.form]
    values: dict[Field, Value] = {}
    if tick is not None:
        values[tick] = True
    elif len(boxes) == 1:
        values[boxes[0]] = True  # in whatever words: what is ticked beside "Accept" is the acceptance
    if name is not None:
        values[name] = terms.accepted_by
    answer = box.appliance.submit(page.fill(values, press))
    if set(page.text.splitlines()) <= set(answer.text.splitlines()):
        said = answer.says("error")
        raise Refused(
            f"{box.name} does not take the acceptance of its licence agreement" + (f": {said.text}" if said else "."),
            guide=("G41",),
        )
    return answer


def _kept(box: Box, page: Page, package: Package) -> str:
    """Keep the text of the agreement in the run folder; gives where, empty without a run folder."""
    if not box.run_dir:
        return ""
    folder = private_folder(str(Path(box.run_dir) / "agreements"))
    name = file_name(f"{box.name}-{package.kind}-{package.version}")
    return store([f"{page.text}\n".encode()], folder / f"{name}.txt").path


def _where_it_stands(box: Box, context: Context, terms: Terms) -> str:
    """What the box runs, in the middle of its update, and what that means for its pair."""
    try:
        if terms.first:
            runs = f"base software {box.basics().base()} and no site software yet"
        else:
            now = read_installed(box)
            runs = f"product {now.product} and base software {now.base}"
        told = f"{box.name} runs {runs}; it installs nothing now."
    except BtError:
        told = f"{box.name} installs nothing now; what it runs could not be read."
    if context.journal.updating(box.name):
        told += " Its base software is new and its product is not: nothing else may be done to it before (G25)."
    since = broken_at(context.journal.open_run())
    return f"{told} There has been no failover since {to_the_second(since)} UTC." if since else told
