# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""At the end of a run the sessions that its tasks shared are ended on the boxes, as a person logs out."""

from __future__ import annotations

import atexit
import os

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import MISSING
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint, Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from ansible_collections.bt_ops.pra.plugins.plugin_utils._memory import EncryptedMemory

MOST_SECONDS = 3.0
_LOADED_BY = os.getpid()


def log_out_everywhere() -> None:
    """End every session that is still open; a box that does not answer now keeps it until it times out."""
    if os.getpid() != _LOADED_BY or MISSING:
        return
    memory = EncryptedMemory()
    kept = memory.everything()
    for key, value in kept.items():
        owner, _space, name = key.rpartition(" ")
        where = dict(kept.get(f"{owner} endpoint", {}))
        if not value.get("cookies") or not where:
            continue
        words = Words(where.pop("language"))
        for application in ("login", "appliance"):
            if name == f"{application}.session":
                transport = Transport(Endpoint(**where), most_seconds=MOST_SECONDS)
                Site(transport, application, None, words, memory.of(owner)).log_out()


def register() -> None:
    """Have that done, once, when this process, which started the tasks, ends."""
    atexit.unregister(log_out_everywhere)
    atexit.register(log_out_everywhere)
