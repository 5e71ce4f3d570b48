# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/login > Management > Software``: the restore of a backup (G42; appliance-interface.md 7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Field, Page, Scope, Submission, Upload, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import find_phrase

# What the box says of a restore; "silent": it says nothing of it.
Told = Literal["done", "running", "failed", "silent"]


@dataclass(frozen=True)
class RestorePage:
    """The page with its section for restores, open and understood; `known` are lines that tell nothing new."""

    page: Page
    part: Scope
    known: frozenset[str]

    def upload(self, backup: Upload, password: str) -> Submission:
        """The file, its password where the page asks for it here, and "Upload Backup", ready to be sent."""
        values: dict[Field, Value] = {self.part.field("restore.file"): backup}
        asked = self.part.maybe_field("restore.password")
        if asked is not None and password:
            values[asked] = password
        return self.page.fill(values, self.part.button("restore.upload"))

    def told(self, page: Page) -> tuple[Told, str]:
        """What a later page says of the restore, by the lines that are not known, and in which words."""
        lines = [line for line in page.text.split("\n") if line not in self.known]
        for told, key in _TELLING:
            for phrase in page.words.of(key):
                line = next((line for line in lines if find_phrase(line, phrase) is not None), None)
                if line is not None:
                    return told, line
        return "silent", ""


# In the order of belief: one who says that it failed says so in a sentence that may name what it was to do.
_TELLING: tuple[tuple[Told, str], ...] = (
    ("running", "restore.running"), ("done", "restore.done"), ("failed", "error"),
)


def open_restore(site: Site) -> RestorePage:
    """Read the page."""
    return read_restore(site.open("menu.management", "menu.software"))


def read_restore(page: Page) -> RestorePage:
    """Understand a page that is open.

    :raises PageNotUnderstood: it has no section for restores.
    """
    return RestorePage(page, page.section("software.restore"), frozenset(page.text.split("\n")))


def asked_on_the_way(page: Page, password: str) -> Submission | None:
    """What answers a page between the upload and the restore: the backup's password, or whether one is sure."""
    if page.maybe_field("restore.file") is not None:
        return None
    values: dict[Field, Value] = {}
    asked = page.maybe_field("restore.password")
    if asked is not None:
        values[asked] = password
    press = page.maybe_button("confirm.yes") or (page.maybe_button("restore.upload") if values else None)
    return page.fill(values, press) if press is not None else None
