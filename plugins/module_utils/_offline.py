# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Updates that are sent to the box, out of the folder that was filled elsewhere (G19 to G22; M1 to M6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from ansible_collections.bt_ops.pra.plugins.module_utils import _clock
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import AnswerLost, BadInput, NotOffered, Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._installing import Package, await_idle, idle_page
from ansible_collections.bt_ops.pra.plugins.module_utils._ledger import Entry, Ledger, Owner, folder_of, read_ledger
from ansible_collections.bt_ops.pra.plugins.module_utils._packages import Installed, Wish, chain
from ansible_collections.bt_ops.pra.plugins.module_utils._progress import Progress, spell_size
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._manual_page import open_manual
from ansible_collections.bt_ops.pra.plugins.module_utils._web._multipart import encoder_class
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import Offer, open_updates

MOST_UPLOADS = 3


class Offline:
    """The packages of one box in its folder."""

    def __init__(self, box: Box, context: Context, packages_dir: str) -> None:
        self._box = box
        self._context = context
        self._folder = folder_of(packages_dir, box.name)
        self._ledger: Ledger | None = None
        self._proven: set[tuple[str, int, int]] = set()
        self._sent: _Counted | None = None
        self._uploads = 0

    # -- what there is ----------------------------------------------------------------------------------------

    def offers(self, installed: Installed, wish: Wish) -> tuple[Offer, ...]:
        """What lies in the folder, as if the box offered it; empty where nothing is left to be wished.

        :raises BadInput: there is no such folder, or nobody knows what is in it.
        :raises Refused: the packages are another box's, or the clock of the box is wrong.
        """
        if _satisfied(installed, wish):
            return ()
        if not self._context.check_mode:
            await_idle(self._box, open_updates(self._box.appliance))
        ledger = self._known()
        return tuple(_offer(entry, ledger, installed) for entry in ledger.entries)

    def steps(self, installed: Installed, wish: Wish) -> list[Offer]:
        """What is still to be installed, in order.

        :raises NotOffered: the folder does not hold what leads to the wish.
        """
        offers = self.offers(installed, wish)
        try:
            return chain(installed, offers, wish)
        except NotOffered:
            told = ", ".join(
                f"{offer.title} ({offer.blocked})" if offer.blocked else offer.title for offer in offers
            )
            wanted = f"product {wish.product or '(the newest)'}"
            wanted += f" and base software {wish.base}" if wish.base else ""
            raise NotOffered(
                f"{self._folder} does not hold what brings {self._box.name} from product {installed.product} on base"
                f" software {installed.base} to {wanted}. It holds {told or 'no packages'}.",
                advice="Fetch what is missing with bt_package, and carry the folder over again.",
                guide=("G17", "G19", "G21"),
            ) from None

    def is_unasked(self, installed: Installed, wish: Wish) -> bool:
        """Never: what the folder holds is known in check mode too."""
        return False

    def prove(self, steps: list[Offer]) -> None:
        """Read the packages and compare them with the ledger, all before the first one is sent.

        :raises Refused: one is not whole.
        :raises MissingLibrary: nothing can be sent from here.
        """
        encoder_class()
        ledger = self._known()
        for offer in steps:
            entry = self._entry(offer)
            path = ledger.path_of(entry)
            mark = (str(path), path.stat().st_size, path.stat().st_mtime_ns) if path.is_file() else None
            if mark in self._proven:
                continue
            self._box.say(f"{entry}: {spell_size(entry.size or 0)} are compared with the ledger")
            trouble = ledger.trouble_with(entry)
            if trouble:
                raise Refused(
                    f"{entry} for {self._box.name} cannot be used: {trouble}.",
                    advice="Fetch it to its end, or carry it over again; it was not sent.",
                    guide=("G20", "G21"),
                )
            if mark is not None:
                self._proven.add(mark)

    def listed(self, wish: Wish) -> list[str]:
        """Each file up to the wish in its order, for a person who sends it; all were compared with the ledger.

        :raises NotOffered: the wanted product is not in the folder.
        """
        ledger = self._known()
        wanted = [each for each in ledger.entries if each.kind == "product" and each.parsed == wish.product]
        if not wanted:
            raise NotOffered(f"{self._folder} does not hold product {wish.product}.", guide=("G19", "G21"))
        bases = sorted((each for each in ledger.entries if each.kind == "base"), key=lambda each: each.parsed)
        entries = [*bases, *wanted]
        self.prove([Offer(each.kind, each.parsed, each.title, "", None) for each in entries])
        return [
            f"{each}: {ledger.path_of(each)}, {spell_size(each.size or 0)}, SHA-256 {each.sha256}" for each in entries
        ]

    def package(self, offer: Offer) -> Package:
        """What an offer is."""
        return Package(offer.kind, offer.version, self._entry(offer).size or 0)

    def details(self, offer: Offer) -> dict[str, Any]:
        """What the journal tells of the file."""
        entry = self._entry(offer)
        path = self._known().path_of(entry)
        return {"source": "package", "file": str(path), "size": entry.size, "sha256": entry.sha256}

    def _entry(self, offer: Offer) -> Entry:
        entry = self._known().find(offer.kind, offer.version)
        if entry is None:
            raise NotOffered(f"{offer.title} is not in {self._folder}.")
        return entry

    def _known(self) -> Ledger:
        """The ledger, once it is certain that it is this box's."""
        if self._ledger is None:
            ledger = read_ledger(self._folder)
            if ledger is None:
                raise BadInput(
                    f"There are no packages for {self._box.name}: {self._folder} holds no ledger.",
                    state="Nothing was changed.",
                    advice="Read the download key with bt_download_key, fetch with bt_package, carry the folder here.",
                    guide=("G19",),
                )
            health = self._box.health()
            basics = self._box.basics() if self._box.connection.appliance else None
            here = Owner(
                self._box.name, (basics.appliance_id if basics else "") or health.appliance_id,
                basics.serial if basics else "",
            )
            if not ledger.owner.is_known_as(here):
                raise Refused(
                    f"The packages in {self._folder} were fetched with the download key of {ledger.owner}, and the box"
                    f" that answers is {here}.",
                    advice="A package fits one box of one site. Fetch those of this box with its own key.",
                    guide=("G19",),
                )
            _clock.refuse_wrong(self._box)
            self._ledger = ledger
        return self._ledger

    # -- sending ----------------------------------------------------------------------------------------------

    def begin(self, offer: Offer) -> tuple[Page, frozenset[str]]:
        """Send the package and press "Update Software"; gives the answer and the lines that stood there before.

        :raises AnswerLost: the box may have it and may have begun.
        """
        idle_page(self._box)
        entry, form = self._entry(offer), open_manual(self._box.appliance)
        path = self._known().path_of(entry)
        self._uploads += 1
        known = frozenset(form.page.text.splitlines())
        with _opened(self._box, str(path), entry) as sent:
            self._sent = sent
            upload = Upload(path.name, cast(IO[bytes], sent), entry.size or 0, str(path))
            self._box.say(f"sends {entry}, {spell_size(upload.size)}")
            try:
                answer = self._box.appliance.submit(form.upload(upload))
            except AnswerLost as error:
                if sent.is_whole:
                    raise
                raise AnswerLost(
                    f"{error.what.rstrip('.')}, after {sent.done} of {entry.size} bytes of {entry} were sent.",
                    advice="A proxy in between may allow no file of that size; send it from nearer to the box.",
                ) from None
        if answer.status >= 400:
            raise Refused(f"{self._box.name} does not take {entry}: HTTP status {answer.status}, {answer.title!r}.")
        return answer, known

    def is_unmoved(self) -> bool:
        """In doubt always: a box that does not say that it installs a file may have refused it in words of its own."""
        return True

    def may_begin_again(self) -> bool:
        """Whether the last upload broke off before its last byte, so that the box cannot have had the package."""
        return self._sent is not None and not self._sent.is_whole and self._uploads < MOST_UPLOADS


class _Counted:
    """A file that tells how much of it has been read."""

    def __init__(self, stream: IO[bytes], size: int, progress: Progress) -> None:
        self._stream = stream
        self._size = size
        self._progress = progress
        self.done = 0

    @property
    def is_whole(self) -> bool:
        """Whether the last byte was read."""
        return self.done >= self._size

    def seek(self, offset: int) -> int:
        """Begin anew."""
        self.done = self._stream.seek(offset)
        return self.done

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._stream.read(size)
        self.done += len(piece)
        self._progress.at(self.done)
        return piece


@contextmanager
def _opened(box: Box, path: str, entry: Entry) -> Iterator[_Counted]:
    progress = Progress(f"[{box.name}] upload of {entry}", entry.size, box.context.say)
    try:
        stream = open(path, "rb")  # noqa: SIM115 - closed below; only a failure to open is bad input
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", state="Nothing was sent.") from None
    with stream:
        yield _Counted(stream, entry.size or 0, progress)


def _satisfied(installed: Installed, wish: Wish) -> bool:
    at_base = wish.base is None or (installed.base is not None and installed.base >= wish.base)
    return wish.product is not None and installed.product == wish.product and at_base


def _offer(entry: Entry, ledger: Ledger, installed: Installed) -> Offer:
    """An entry as an offer; what has to come before it blocks it (G17, M5)."""
    newer = [
        each.parsed
        for each in ledger.entries
        if each.kind == "base" and (installed.base is None or each.parsed > installed.base)
    ]
    needed = Version.find(entry.requires_base)
    before = [version for version in newer if entry.kind == "product" or version < entry.parsed]
    if needed is not None and entry.kind == "product":
        blocked = installed.base is None or installed.base < needed
    else:
        blocked = bool(before)
    first = needed if needed is not None else min(before, default=None)
    return Offer(entry.kind, entry.parsed, entry.title, f"base software {first} comes first" if blocked else "", None)
