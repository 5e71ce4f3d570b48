# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Packages are fetched from the vendor's update server, each once, into the folder of their box (G19, G21, M1, M6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, NotOffered, Refused, Unproven
from ansible_collections.bt_ops.pra.plugins.module_utils._files import private_folder, store
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import now_text
from ansible_collections.bt_ops.pra.plugins.module_utils._labels import Labels
from ansible_collections.bt_ops.pra.plugins.module_utils._ledger import (
    KEY_FILE,
    Entry,
    Key,
    Ledger,
    Owner,
    folder_of,
    locked,
    read_key,
    read_ledger,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Wish
from ansible_collections.bt_ops.pra.plugins.module_utils._stream import Stream, recovered, refuse_without_space
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import KeepCopy
from ansible_collections.bt_ops.pra.plugins.module_utils._web._update_server import Listed, UpdateServer

Facts = list[dict[str, Any]]


@dataclass(frozen=True)
class Order:
    """What is to be fetched for whom; `labels` are the user's own words for the server's page.

    :param serial: serial or appliance id that the box of the folder must have, empty where that is not known.
    :param url: where the update server is, `ca_path`: what its certificate is verified against.
    :param patience: seconds without a byte after which a download is left, to be gone on with later.
    """

    packages_dir: str
    box: str
    wish: Wish = Wish()
    serial: str = ""
    key_file: str = ""
    url: str = ""
    ca_path: str = ""
    patience: float = 300.0
    labels: Labels = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of the box."""
        return folder_of(self.packages_dir, self.box)


def fetch(order: Order, context: Context) -> tuple[Facts, Facts]:
    """Have the packages that lead to what is wished, whole.

    :returns: what the ledger held before and holds now.
    :raises BadInput: there is no download key.
    :raises Refused: the key or the folder is another box's.
    :raises NotOffered: the server does not have what is wished, or takes no such key.
    :raises Incomplete: a download broke off and did not go on; what came is kept.
    """
    folder = order.folder
    key = _key_of(order)
    ledger = _ledger_of(order, key)
    before = ledger.facts()
    if _is_done(ledger, order.wish, key):
        return before, before
    if context.check_mode:
        context.plan(f"Asked {order.url} what it has for the key of {order.box}.")
        context.plan(f"Fetched what leads {order.box} to {order.wish.product or 'the newest product'}.")
        return before, before
    private_folder(str(folder))
    with locked(folder):
        ledger = recovered(_ledger_of(order, key))
        server = UpdateServer(order.url, order.ca_path, (key.key,), _keeper(folder), order.labels)
        context.say(f"[{order.box}] asks {server.name} for its packages")
        for listed in wanted(_ask(server, key), ledger, order.wish, key):
            asked = ledger.find(listed.kind, listed.version) is not None
            ledger, entry = _entry_of(ledger, listed, context)
            if entry.state == "begun":
                stream = Stream(server, ledger, entry, listed.way, order.patience, context.say, asked=asked)
                ledger = _receive(stream, entry, order, context)
        for entry in ledger.entries:
            if entry.state == "begun":
                stream = Stream(server, ledger, entry, None, order.patience, context.say)
                ledger = _receive(stream, entry, order, context)
        if not ledger.entries:
            context.say(
                f"[{order.box}] {server.name} has nothing for it: it is up to date, its release is not due yet,"
                " or what there was has been downloaded already"
            )
    return before, ledger.facts()


def check(order: Order, context: Context) -> Facts:
    """Prove that each package of the folder is whole.

    :raises Unproven: at least one is not; all of them are told.
    :raises BadInput: there is no ledger, or none of a package.
    """
    ledger = read_ledger(order.folder)
    if ledger is None or not ledger.entries:
        raise BadInput(
            f"There are no packages for {order.box}: {order.folder} holds none that a ledger tells of.",
            state="Nothing was changed.",
        )
    _refuse_other(ledger.owner, order)
    facts, bad = [], []
    for entry in ledger.entries:
        context.say(f"[{order.box}] checks {entry}")
        trouble = ledger.trouble_with(entry)
        facts.append({**entry.facts(), "trouble": trouble or None})
        if trouble:
            bad.append(f"{entry}: {trouble}")
    if bad:
        raise Unproven(
            f"Of the packages of {order.box}, {len(bad)} cannot be used: {'; '.join(bad)}.",
            state="Nothing was sent to the box.",
            advice="Fetch an incomplete one again with the same command; carry a damaged one over again.",
            guide=("G21",),
            packages=facts,
        )
    return facts


def wanted(listed: tuple[Listed, ...], ledger: Ledger, wish: Wish, key: Key) -> list[Listed]:
    """Which of the offered packages are to be fetched: base software first, the product last.

    :raises NotOffered: the wished version is neither offered nor here.
    """
    have_base, have = Version.find(key.base_version), Version.find(key.product_version)
    bases = [
        each
        for each in listed
        if each.kind == "base"
        and (have_base is None or each.version > have_base)
        and (wish.base is None or each.version <= wish.base)
    ]
    products = [each for each in listed if each.kind == "product" and (have is None or each.version > have)]
    told = ", ".join(each.title for each in listed) or "nothing"
    if wish.product is not None:
        products = [each for each in products if each.version == wish.product]
        if not products and have != wish.product and ledger.find("product", wish.product) is None:
            raise _not_offered(f"product {wish.product}", ledger.owner, told)
    newest = max(products, key=lambda each: each.version, default=None)
    base_is_there = wish.base is None or (have_base is not None and have_base >= wish.base)
    if wish.base is not None and not base_is_there and ledger.find("base", wish.base) is None and wish.base not in [
        each.version for each in bases
    ]:
        raise _not_offered(f"base software {wish.base}", ledger.owner, told)
    return [*sorted(bases, key=lambda each: each.version), *([newest] if newest else [])]


def _not_offered(what: str, owner: Owner, told: str) -> NotOffered:
    return NotOffered(
        f"The update server does not offer {what} for the key of {owner.box}; it offers {told}.",
        state="Nothing was fetched.",
        advice="Is the version right, is it released for this site, was it downloaded before without this ledger?",
        guide=("G19", "G21"),
    )


def _is_done(ledger: Ledger, wish: Wish, key: Key) -> bool:
    """Whether all that this key gives is here. The product is fetched last, so with it all is."""
    if any(entry.state == "begun" for entry in ledger.entries):
        return False
    products = [entry for entry in ledger.whole() if entry.kind == "product"]
    if wish.product is None:
        there = any(entry.received >= key.taken for entry in products)
    else:
        there = any(entry.parsed == wish.product for entry in products)
    base = Version.find(key.base_version)
    if wish.base is not None and (base is None or base < wish.base):
        found = ledger.find("base", wish.base)
        there = there and found is not None
    return there


def _entry_of(ledger: Ledger, listed: Listed, context: Context) -> tuple[Ledger, Entry]:
    """What the ledger says of a package; that it is begun is written before the first byte is asked for."""
    entry = ledger.find(listed.kind, listed.version)
    if entry is not None:
        if entry.state == "whole" and not ledger.path_of(entry).is_file():
            context.say(f"{entry} was fetched and {ledger.path_of(entry)} is gone; it is not asked for again")
        return ledger, entry
    entry = Entry(
        kind=listed.kind,
        version=listed.version.text,
        title=listed.title,
        state="begun",
        file=f"{listed.kind}-{listed.version}.package",
        size=listed.size,
        sha256=listed.sha256,
        requires_base=listed.requires_base.text if listed.requires_base else "",
        begun=now_text(),
        link=listed.link,
    )
    refuse_without_space(ledger, entry)
    return ledger.with_entry(entry), entry


def _receive(stream: Stream, entry: Entry, order: Order, context: Context) -> Ledger:
    ledger = stream.receive()
    whole = ledger.find(entry.kind, entry.parsed)
    sentence = f"Fetched {entry} for {order.box} ({whole.size if whole else 0} bytes)."
    context.actions.append(sentence)
    context.say(sentence)
    return ledger


def _ask(server: UpdateServer, key: Key) -> tuple[Listed, ...]:
    try:
        return server.ask(key.key)
    except NotOffered as error:
        raise NotOffered(
            error.what,
            state="Nothing was fetched.",
            advice=f"The key was read on {key.taken}; read a new one with bt_download_key. A key depends on the clock"
            " of the box: if its time is wrong, check NTP on /appliance > Networking > IP Configuration.",
            guide=error.guide,
        ) from None


def _key_of(order: Order) -> Key:
    path = Path(order.key_file) if order.key_file else order.folder / KEY_FILE
    key = read_key(path)
    if key is None:
        raise BadInput(
            f"There is no download key {path}.",
            state="Nothing was fetched.",
            advice="Read it from the box with bt_download_key, and carry its folder here.",
            guide=("G19",),
        )
    if key.box != order.box:
        raise Refused(f"{path} is the download key of {key.owner}, not of {order.box}.", guide=("G19",))
    _refuse_other(key.owner, order)
    return key


def _ledger_of(order: Order, key: Key) -> Ledger:
    ledger = read_ledger(order.folder)
    if ledger is None:
        return Ledger(order.folder, key.owner)
    if ledger.owner.is_other_than(key.owner) or ledger.owner.box != key.box:
        raise Refused(
            f"{order.folder} holds packages of {ledger.owner}, and the download key is of {key.owner}.",
            advice="Give another packages_dir; the packages stay where they are.",
            guide=("G19", "G21"),
        )
    return ledger


def _refuse_other(owner: Owner, order: Order) -> None:
    """Stop where the inventory names another box than the folder."""
    named = {name for name in (owner.serial, owner.appliance_id) if name}
    same = any(Owner("", serial=name).is_known_as(Owner("", serial=order.serial)) for name in named)
    if order.serial and len(named) == 2 and not same:
        raise Refused(
            f"{order.folder} is the folder of {owner}, and the box must be {order.serial}.", guide=("G19",)
        )


def _keeper(folder: Path) -> KeepCopy:
    def keep(name: str, html: str) -> str:
        pages = private_folder(str(folder / "pages"))
        plain = "".join(letter for letter in name if letter.isalnum() or letter in "-_")[:80] or "page"
        return store([html.encode()], pages / f"{plain}.html").path

    return keep
