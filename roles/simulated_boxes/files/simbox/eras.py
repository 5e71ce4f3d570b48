# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What differs between the eras of the product beyond markup: wording, tokens, how a page answers a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Traits:
    """`older`: older wording. `token`: one per page shown and good once, or one per session. `bracketed`: field names
    such as a[b]. `direct`: a form is answered by the page itself instead of a redirect. `one_form`: what stands
    together in one section is one form. `grey`: a blocked package shows a button that cannot be pressed.
    `assign`: certificates are assigned to addresses instead of chosen by host name. `pkcs12`: an exported
    certificate is PKCS#12 instead of PEM. `script`: pages are drawn by a script from JSON (app.py)."""

    older: bool
    token: Literal["once", "session"]
    bracketed: bool
    direct: bool
    one_form: bool
    grey: bool
    assign: bool
    pkcs12: bool
    script: bool = False


TRAITS = {
    "tables": Traits(
        older=True, token="once", bracketed=True, direct=True, one_form=True, grey=False, assign=True, pkcs12=False
    ),
    "divs": Traits(
        older=False,
        token="session",
        bracketed=False,
        direct=False,
        one_form=False,
        grey=True,
        assign=False,
        pkcs12=False,
    ),
    "aria": Traits(
        older=False, token="once", bracketed=False, direct=False, one_form=True, grey=True, assign=False, pkcs12=True
    ),
    "app": Traits(
        older=False,
        token="session",
        bracketed=False,
        direct=False,
        one_form=True,
        grey=True,
        assign=False,
        pkcs12=False,
        script=True,
    ),
}
