# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which package comes next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import NotOffered, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, chain, reached, refuse_newer
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import Kind, Offer


def version(text: str) -> Version:
    """A version that is one."""
    return Version.wanted(text, "test")


def installed(product: str = "24.1.2", base: str | None = "7.0.1") -> Installed:
    """A healthy box."""
    return Installed(version(product), "41022-ab", version(base) if base else None, True)


def offer(kind: Kind, text: str, blocked: str = "") -> Offer:
    """A package on the Updates page."""
    return Offer(kind, version(text), f"{kind} {text}", blocked, None)


def wish(product: str | None = None, base: str | None = None) -> Wish:
    """What is wanted."""
    return Wish(version(product) if product else None, version(base) if base else None)


NEEDS = "does not satisfy the requirements: base 7.1.0"
PRODUCT = offer("product", "24.3.1")
BLOCKED = offer("product", "24.3.1", NEEDS)
BASE = offer("base", "7.1.0")


@pytest.mark.parametrize(
    ("offers", "wanted", "steps"),
    [
        ([], wish(), []),
        ([], wish("24.1.2"), []),
        ([PRODUCT], wish(), ["product 24.3.1"]),
        ([PRODUCT], wish("24.3.1"), ["product 24.3.1"]),
        ([PRODUCT, offer("product", "24.2.1")], wish(), ["product 24.3.1"]),
        ([PRODUCT, offer("product", "24.2.1")], wish("24.2.1"), ["product 24.2.1"]),
        ([offer("product", "24.10.1"), offer("product", "24.9.1")], wish(), ["product 24.10.1"]),
        # Base software that nothing needs is left alone, unless it is wanted.
        ([PRODUCT, BASE], wish(), ["product 24.3.1"]),
        ([BASE], wish(), []),
        ([PRODUCT, BASE], wish(base="7.1.0"), ["base 7.1.0", "product 24.3.1"]),
        ([BASE], wish("24.1.2", "7.1.0"), ["base 7.1.0"]),
        ([PRODUCT], wish(base="7.0.1"), ["product 24.3.1"]),
        ([PRODUCT], wish(base="6.9"), ["product 24.3.1"]),
        # What is needed comes first, the lowest that can be installed now.
        ([BLOCKED, BASE], wish(), ["base 7.1.0", "product 24.3.1"]),
        ([BLOCKED, offer("base", "7.2.0"), BASE], wish(), ["base 7.1.0", "product 24.3.1"]),
        ([BLOCKED, offer("base", "7.2.0", "needs 7.1.0"), BASE], wish(), ["base 7.1.0", "product 24.3.1"]),
        (
            [BLOCKED, offer("base", "7.2.0", "needs 7.1.0"), BASE],
            wish(base="7.2.0"),
            ["base 7.1.0", "base 7.2.0", "product 24.3.1"],
        ),
        ([offer("base", "7.2.0"), offer("base", "7.1.0", "withdrawn")], wish("24.1.2", "7.2.0"), ["base 7.2.0"]),
        # Offers of what is there already, or older, mean nothing.
        ([offer("product", "24.1.2"), offer("product", "23.3.1"), offer("base", "7.0.1")], wish(), []),
    ],
)
def test_steps(offers: list[Offer], wanted: Wish, steps: list[str]) -> None:
    assert [step.title for step in chain(installed(), tuple(offers), wanted)] == steps
    assert reached(installed(), tuple(offers), wanted) == (not steps)


@pytest.mark.parametrize(
    ("offers", "wanted", "words"),
    [
        ([], wish("24.3.1"), ["24.3.1 is not offered", "runs 24.1.2", "offers nothing"]),
        ([PRODUCT], wish("24.3.2"), ["24.3.2 is not offered", "product 24.3.1"]),
        ([BLOCKED], wish(), ["product 24.3.1", NEEDS]),
        ([BLOCKED, offer("base", "7.1.0", "not released")], wish(), ["product 24.3.1", NEEDS]),
        ([PRODUCT], wish(base="7.1.0"), ["Base software 7.1.0 is not offered", "no base software"]),
        ([PRODUCT, offer("base", "7.1.0", "not released")], wish(base="7.1.0"), ["base 7.1.0", "not released"]),
    ],
)
def test_what_cannot_be_met(offers: list[Offer], wanted: Wish, words: list[str]) -> None:
    with pytest.raises(NotOffered) as caught:
        chain(installed(), tuple(offers), wanted)
    assert [word for word in words if word not in str(caught.value)] == []
    assert "Nothing was changed." in str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (wish("23.3.1"), "box-a runs 24.1.2, newer than the wished 23.3.1. Nothing was changed. Nothing that is"),
        (wish("24.1.2", "6.9.9"), "box-a runs base software 7.0.1, newer than the wished 6.9.9."),
        (wish(base="6.9.9"), "Correct bt_target_base_version."),
    ],
)
def test_nothing_goes_back(wanted: Wish, words: str) -> None:
    have = installed()
    with pytest.raises(Refused) as caught:
        refuse_newer("box-a", have.product, have.base, wanted)
    assert words in str(caught.value)


@pytest.mark.parametrize("wanted", [wish("24.1.2", "7.0.1"), wish("24.3.1"), wish()])
def test_a_wish_that_is_not_older_is_no_step_back(wanted: Wish) -> None:
    have = installed()
    refuse_newer("box-a", have.product, have.base, wanted)
    refuse_newer("box-a", None, None, wanted)


def test_a_box_whose_base_is_unknown() -> None:
    assert [step.title for step in chain(installed(base=None), (BLOCKED, BASE), wish())] == [BASE.title, PRODUCT.title]


NUMBERS = st.integers(1, 6)


@given(st.lists(NUMBERS, max_size=4), st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4), st.booleans())
def test_it_ends_at_the_newest_or_says_why(bases: list[int], products: list[tuple[int, int]], named: bool) -> None:
    """A box that offers base software 1..6 and products that each need one is led there step by step."""
    base, product, rounds = 1, 0, 0
    target = max((number for number, _needs in products), default=0)
    wanted = wish(f"{target}.0.1") if named and target else wish()
    while True:
        offers = [offer("base", f"{number}.0.1") for number in bases if number > base]
        offers += [
            offer("product", f"{number}.0.1", "" if needs <= base else f"needs base {needs}")
            for number, needs in products
            if number > product
        ]
        now = installed(f"{product}.0.1", f"{base}.0.1")
        try:
            steps = chain(now, tuple(offers), wanted)
        except NotOffered:
            assert target > product
            return
        if not steps:
            assert product == target
            return
        assert not steps[0].blocked
        assert steps[-1].kind == "product"
        number = steps[0].version.parts[0]
        base, product = (number, product) if steps[0].kind == "base" else (base, number)
        rounds += 1
        assert rounds <= len(bases) + len(products)
