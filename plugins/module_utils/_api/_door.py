# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What answers at an address, asked without any account (appliance-interface.md 2.2 and 8)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import date_of
from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import RESTARTING, json_of, kind_of
from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Unreachable
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport

PRA = "bpam"
LONGEST_TEXT = 1000  # bytes; the health probe answers with a short text for people


@dataclass(frozen=True)
class Door:
    """What was seen from outside.

    `healthy` is None where nothing answers like the health probe; `product` is as the box writes it, empty where it
    does not tell; `asks_for_token`: the API answers as documented to somebody who has none. `box_time` is the clock of
    the box when it answered, `told` what it answered to the health probe.
    """

    healthy: bool | None
    product: str
    asks_for_token: bool
    box_time: float | None
    told: str

    @property
    def is_box(self) -> bool:
        """Whether what answers is such a box, as far as can be known without its web pages."""
        return bool(self.product) or (self.healthy is not None and self.asks_for_token)


def look_at_door(transport: Transport) -> Door:
    """Ask for the health probe, the product, and the API without a token. GET requests only.

    :raises Unreachable: no answer, or one that says that the site of a box is not up.
    """
    probe = _get(transport, "/check_health")
    if probe.status_code in RESTARTING:
        raise Unreachable(f"{transport.endpoint} answers HTTP {probe.status_code}: its site is not up.")
    known = json_of(_get(transport, "/get_mech_list?version=3", "application/json"))
    product = known.get("product") if isinstance(known, dict) else None
    if not isinstance(product, str):
        product = ""
    asks = not product and _get(transport, "/api/command?action=check_health").status_code in (401, 403)
    return Door(
        healthy=probe.status_code == 200 if _is_probe(probe) else None,
        product=product[:40],
        asks_for_token=asks,
        box_time=date_of(probe),
        told=f"HTTP {probe.status_code}, {kind_of(probe)}",
    )


def _get(transport: Transport, path: str, accept: str = "*/*") -> requests.Response:
    return transport.request("GET", path, headers={"Accept": accept, "Connection": "close"})


def _is_probe(answer: requests.Response) -> bool:
    """Whether an answer is that of the health probe: 200 or 500, with a short text and no page."""
    body = answer.content[: LONGEST_TEXT + 1]
    page = body.lstrip()[:1] in (b"<", b"{", b"[")
    return answer.status_code in (200, 500) and len(body) <= LONGEST_TEXT and not page
