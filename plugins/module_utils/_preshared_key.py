# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether two boxes hold the same pre-shared key, where their pages show it (G28; R1).

Only digests under a key made for that one comparison are compared; of the values nothing is kept, and none is told.
"""

from __future__ import annotations

import hmac
import secrets

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    NeedsPerson,
    NotPermitted,
    PageNotUnderstood,
    Refused,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._security_page import read_preshared_key

_DIGEST_KEY_BYTES = 32


def refuse_different(box: Box, peer: Box) -> None:
    """Stop where both boxes show a key and these are not the same; where one shows none, the boxes compare it.

    :raises Refused: the keys differ.
    """
    key = secrets.token_bytes(_DIGEST_KEY_BYTES)
    mine = _digest(box, key)
    theirs = _digest(peer, key) if mine else b""
    if not (mine and theirs) or hmac.compare_digest(mine, theirs):
        return
    raise Refused(
        f'The "Inter-appliance Communication Pre-shared Key" of {box.name} and that of {peer.name} differ.',
        advice=f"Set the same one on /login > Management > Security of {box.name} and of {peer.name}, then run the same"
        " command again.",
        guide=("G28",),
    )


def _digest(box: Box, key: bytes) -> bytes:
    """The digest of what the box shows, empty where it shows none."""
    if box.connection.login is None or box.connection.manual.everything:
        return b""
    try:
        shown = read_preshared_key(box.login)
    except PageNotUnderstood:
        box.say("/login > Management > Security shows no pre-shared key that is understood; the boxes compare it")
        return b""
    except (NotPermitted, NeedsPerson):
        return b""
    return hmac.digest(key, shown.encode(), "sha256") if shown else b""
