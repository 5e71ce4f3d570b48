# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which package comes next: a pure question of what is installed, what is offered and what is wanted (G16, G17)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotOffered, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import Offer


@dataclass(frozen=True)
class Installed:
    """What a box runs. `base` is None where no account of ``/appliance`` was given."""

    product: Version | None
    build: str
    base: Version | None
    healthy: bool

    def facts(self) -> dict[str, object]:
        """As a result tells them."""
        return {
            "product_version": self.product.text if self.product else None,
            "product_build": self.build or None,
            "base_version": self.base.text if self.base else None,
            "healthy": self.healthy,
        }


@dataclass(frozen=True)
class Wish:
    """What is wanted: `product` None means the newest that is offered, `base` None what the product needs."""

    product: Version | None = None
    base: Version | None = None

    @classmethod
    def of(cls, version: str, base_version: str) -> Wish:
        """What a user wrote: a version or ``latest``, and a version or nothing.

        :raises BadInput: one of them is no version.
        """
        return cls(
            product=None if version.strip() == "latest" else Version.wanted(version, "version"),
            base=Version.wanted(base_version, "base_version") if base_version.strip() else None,
        )


def refuse_newer(box: str, product: Version | None, base: Version | None, wish: Wish) -> None:
    """Stop before anything is done where the box has something newer than what is wished.

    :raises Refused: naming both.
    """
    for what, have, wished, option in (
        ("", product, wish.product, "bt_target_version"),
        ("base software ", base, wish.base, "bt_target_base_version"),
    ):
        if have is not None and wished is not None and have > wished:
            raise Refused(
                f"{box} runs {what}{have}, newer than the wished {wished}.",
                advice=f"Nothing that is installed is ever taken back. Correct {option}.",
                guide=("G16",),
            )


def reached(installed: Installed, offers: tuple[Offer, ...], wish: Wish) -> bool:
    """Whether nothing is left to install."""
    return not chain(installed, offers, wish)


def chain(installed: Installed, offers: tuple[Offer, ...], wish: Wish) -> list[Offer]:
    """The packages still to be installed, in order; the first can be installed now.

    Later ones are a forecast: after each install the box is asked again.

    :raises NotOffered: the wanted version is not offered, or nothing that is offered leads to it.
    """
    product = _wanted_product(installed, offers, wish)
    bases = _bases(installed, offers, wish)
    if product is None:
        return bases if wish.base and bases else []
    if not product.blocked:
        return [*(bases if wish.base else []), product]
    if not bases:
        raise NotOffered(
            f"{product.title} is offered but cannot be installed: {product.blocked}",
            advice="No base software that could be installed first is offered; ask the vendor's support.",
            guide=("G17",),
        )
    return [*bases, product]


def _wanted_product(installed: Installed, offers: tuple[Offer, ...], wish: Wish) -> Offer | None:
    """The offer of the product version that is wanted, None when the box runs it already."""
    have = installed.product
    products = [offer for offer in offers if offer.kind == "product" and (have is None or offer.version > have)]
    if wish.product is None:
        return max(products, key=lambda offer: offer.version, default=None)
    if have is not None and have == wish.product:
        return None
    found = [offer for offer in products if offer.version == wish.product]
    if not found:
        listed = ", ".join(offer.title for offer in offers) or "nothing"
        raise NotOffered(
            f"Version {wish.product} is not offered; the box runs {have} and offers {listed}.",
            advice="Is the version right, is the update released for this site, was it downloaded already, can the box"
            " reach the update server?",
            guide=("G16", "G21"),
            offered=[offer.title for offer in offers],
        )
    return found[0]


def _bases(installed: Installed, offers: tuple[Offer, ...], wish: Wish) -> list[Offer]:
    """Base software to install: up to the wanted one, else the lowest that can be installed now."""
    newer = sorted(
        (
            offer
            for offer in offers
            if offer.kind == "base" and (installed.base is None or offer.version > installed.base)
        ),
        key=lambda offer: offer.version,
    )
    if wish.base is not None:
        if installed.base is not None and installed.base >= wish.base:
            return []
        fitting = [offer for offer in newer if offer.version <= wish.base]
        if not any(offer.version == wish.base for offer in fitting):
            raise NotOffered(
                f"Base software {wish.base} is not offered; the box runs {installed.base} and offers"
                f" {', '.join(offer.title for offer in newer) or 'no base software'}.",
                guide=("G17",),
            )
        first = next((offer for offer in fitting if not offer.blocked), None)
        if first is None:
            raise NotOffered(
                f"{fitting[-1].title} is offered but cannot be installed: {fitting[-1].blocked}", guide=("G17",)
            )
        return [first, *(offer for offer in fitting if offer.version > first.version)]
    return [offer for offer in newer if not offer.blocked][:1]
