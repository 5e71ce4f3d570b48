# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The offline path of /appliance > Updates: "Appliance Download Key" and "Manual Installation" (6.3)."""

from __future__ import annotations

from simbox.failover import Outcome
from simbox.manual import examine
from simbox.page import Button, Facts, Field, Form, Link, Paragraph, Section
from simbox.pagedef import Context, Done, PageDef, Posted, View


def manual_section(context: Context) -> Section:
    """The link to the key, and the form for a package."""
    words = context.words
    form = Form(
        "manual",
        context.here,
        (Field("file", words("manual_file"), "file"),),
        (Button("upload", words("manual_upload")),),
        upload=True,
    )
    key = Link(words("download_key"), context.path("download_key"))
    return Section(words("manual_section"), (key, Paragraph(words("manual_intro")), form))


def receive(context: Context, posted: Posted) -> str | Done:
    """Look at a package that came; answers its id, to be installed, or what the page says instead."""
    file = posted.files.get("file")
    if file is None or not file.size:
        return Done(context.words("manual_no_file"), "error")
    found = examine(context.box, file)
    if isinstance(found, Outcome):
        return Done(context.words(found.message), "error")
    context.box.updates.uploaded[found.id] = found
    return found.id


def _download_key(context: Context) -> View:
    words, key = context.words, context.box.world.vendor.show_key(context.box)
    back = Link(words("back"), context.path("updates"))
    if key is None:
        # That the text is vague is documented (G22).
        return View((Section(words("download_key"), (Paragraph(words("download_key_failed"), "error"), back)),))
    facts = Facts(((words("download_key"), key),))
    return View((Section(words("download_key"), (Paragraph(words("download_key_intro")), facts, back)),))


DOWNLOAD_KEY_PAGE = PageDef("download_key", "download_key", _download_key)
