# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cut-over by shared IP, done by a person on both boxes (G32, Q5).

Who answers on the site's public name shows it. That both have the address is looked for all the time, and shouted.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils import _manual
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._cutover import Cutover, refuse_both, refuse_unhealthy
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    SessionEnded,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._gates import NOBODY, Answered, refuse_switch
from ansible_collections.bt_ops.pra.plugins.module_utils._other_hands import refuse_other_hands
from ansible_collections.bt_ops.pra.plugins.module_utils._shared_ip import shown
from ansible_collections.bt_ops.pra.plugins.module_utils._users import tell_users
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Look
from ansible_collections.bt_ops.pra.plugins.module_utils._witness import PublicName, answers_healthy, who_answers


def is_wanted(source: Box, target: Box) -> bool:
    """Whether a person switches the address on either box: then it is one step on both."""
    return any(_manual.by_hand(box, "shared_ip") for box in (source, target))


def cut_over(
    source: Box, target: Box, context: Context, address: str, site: PublicName, answered: Answered = NOBODY
) -> Cutover:
    """Have a person move the shared IP from `source` to `target`.

    :raises Refused: both boxes have the address, `target` is not healthy or not proven in the open run, or somebody
        else is at work; nobody was asked.
    :raises NotDoneByHand: it is not to be seen in time.
    """
    refuse_both(source, target, address, _have_both(source, target, address))
    before = who_answers(site, [source, target]).box
    if before == target.name:
        return Cutover(before, before, 0.0)
    refuse_unhealthy(target, context)
    refuse_other_hands((source, target), context)
    refuse_switch(source, target, context, answered, away=not before)
    off, on = (f"{box.name} ({_manual.address_of(box)})" for box in (source, target))
    values = {
        "where": f"{off} and {on}",
        "what": f"move the shared IP {address} from {source.name} to {target.name}",
        "how": f"On {on}: open that page, click the address {address}, leave it open and change nothing yet.\n"
        f'On {off}: click the address {address}, put "Enabled" off and press "Save Changes".\n'
        f'At once on {on}: put "Enabled" on and press "Save Changes". Never have it on both.',
        "effect": f"{site.hostname} at {address} answered by {target.name}, in good health",
    }
    sentence = f"Moved the shared IP {address} from {source.name} to {target.name}."
    if _manual.would(target, context, "shared_ip", sentence, values):
        return Cutover(before, before, 0.0)
    cut_off = tell_users(source, "their sessions end when it is done")
    watch = _Watch(source, target, context, address, site, time.monotonic())
    sentence = _manual.told(target, "shared_ip", sentence)
    with context.act(target.name, "cutover", sentence, address=address, source=source.name, **cut_off):
        outage = _manual.ask(target, context, "shared_ip", watch.look, values)
        context.journal.write(
            "outage", f"The site was away for {outage} s at most.", phase=context.phase, seconds=outage
        )
    return Cutover(before, target.name, outage)


@dataclass
class _Watch:
    """Looks at a switch that a person does; `served` is when the site was last seen to be served by `source`."""

    source: Box
    target: Box
    context: Context
    address: str
    site: PublicName
    served: float
    shouted: bool = False

    def look(self) -> Look[float]:
        """Done once `target` alone has the address and answers well; gives the seconds of the outage at most."""
        try:
            if _have_both(self.source, self.target, self.address):
                return self._shout()
            self.shouted = False
            witness = who_answers(self.site, [self.source, self.target])
            if witness.box != self.target.name:
                if witness.box == self.source.name:
                    self.served = time.monotonic()
                return Look(f"{self.site.hostname}: {witness.how}")
            if not answers_healthy(self.site, self.target):
                return Look(f"{self.target.name} answers, but is not healthy")
        except (AnswerLost, ApiFailed, SessionEnded, TlsRefused, Unreachable) as error:
            return Look(error.what)
        return Look("answers", round(time.monotonic() - self.served, 3))

    def _shout(self) -> Look[float]:
        told = f"BOTH {self.source.name} AND {self.target.name} HAVE {self.address}: put it off on one of them AT ONCE"
        if not self.shouted:
            self.shouted = True
            self.context.say(told)
            self.context.journal.write("both", told, box=self.target.name, phase=self.context.phase)
        return Look(told)


def _have_both(source: Box, target: Box, address: str) -> bool:
    return all(shown(box, address) for box in (source, target))
