# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Updates``, "Manual Installation": a package is sent to the box (G20; appliance-interface.md 6.3)."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Scope, Submission, Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site

MANUAL = "updates.manual"


@dataclass(frozen=True)
class ManualPage:
    """The page with the form as it was read once."""

    page: Page
    part: Scope

    def upload(self, file: Upload) -> Submission:
        """"Update Software" with that file, ready to be sent."""
        files = [field for field in self.part.fields() if field.kind == "file"]
        field = files[0] if len(files) == 1 else self.part.field("updates.file")
        return self.page.fill({field: file}, self.part.button("updates.upload"))


def open_manual(site: Site) -> ManualPage:
    """Find the form: on the Updates page, or on one of its own behind a link."""
    page = site.open("menu.updates")
    part = page.maybe_section(MANUAL)
    if part is None or not any(field.kind == "file" for field in part.fields()):
        link = page.maybe_link(MANUAL) if part is None else next(iter(part.links()), None)
        if link is not None:
            page = site.follow(link, page)
            part = page.maybe_section(MANUAL) or page
        elif part is None:
            part = page.section(MANUAL)
    return ManualPage(page, part)
