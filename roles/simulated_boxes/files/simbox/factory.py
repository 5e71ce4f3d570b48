# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A box as it leaves the factory: nobody's settings, and the factory credentials with a forced change (guide G42)."""

from __future__ import annotations

import time

from simbox.data import CLIENT_DEFAULTS, PRESHARED_KEY, Account, SiteData
from simbox.hashed import hash_secret

USERNAME = "admin"
PASSWORD = "password"  # documented by the vendor (appliance-interface.md 7.1)


def account() -> Account:
    """The one account of a new web site. The forced change at the first log-in is inferred (7.1)."""
    return Account(USERNAME, hash_secret(PASSWORD), must_change_password=True)


def data() -> SiteData:
    """What a site's software holds before anything was set up or restored."""
    new = SiteData()
    settings = {
        "site.title": "BeyondTrust Privileged Remote Access",
        "security.idle_timeout": "30",
        PRESHARED_KEY: "",
        **CLIENT_DEFAULTS,
    }
    for name, value in settings.items():
        new.set(name, value, time.time())
    new.accounts[USERNAME] = account()
    return new
