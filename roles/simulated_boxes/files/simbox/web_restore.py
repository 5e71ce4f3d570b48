# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The section "Restore Settings" of /login > Management > Software (appliance-interface.md 7.1)."""

from __future__ import annotations

from simbox.page import Button, Field, Form, Paragraph, Section
from simbox.pagedef import Context, Done, Posted
from simbox.restore import restore


def restore_section(context: Context) -> Section:
    """File, password, "Upload Backup"."""
    words = context.words
    form = Form(
        "restore",
        context.here,
        (
            Field("file", words("restore_file"), "file"),
            Field("password", words("backup_password"), "password"),
        ),
        (Button("restore", words("restore_upload"), "danger"),),
        upload=True,
    )
    return Section(words("restore_section"), (Paragraph(words("restore_warning"), "note"), form))


async def restore_backup(context: Context, posted: Posted) -> Done:
    """Restore; who did it is logged out like everybody else, and told so on the log-in page."""
    outcome = await restore(context.box, posted.files.get("file"), posted.values.get("password", ""))
    message = context.words(outcome.message, **outcome.values)
    if not outcome.good:
        return Done(message, "error")
    context.session.user = ""
    context.site.renew(context.session)
    return Done(message, moved=True)
