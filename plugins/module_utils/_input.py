# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an option's type cannot say: names that can be names, ports that exist, times that can be waited for.

Looked at before anything is asked of any box. An option is known by its name, which means the same in every module.
"""

from __future__ import annotations

import math
import os.path
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

ADDRESSES = (
    "host", "tls_name", "site_hostname", "site_address", "dns_server", "peer_address", "own_address", "address",
)
PORTS = ("port", "site_port", "dns_port", "peer_port", "own_port")
TIMES = ("max_age", "max_sync_age", "sync_timeout", "backup_max_age", "timeout", "manual_timeout", "soak")
NAMES = ("box", "serial", "phase", "language", "accept_eula", "confirm_serial", "name")
PATHS = (
    "run_dir", "ca_path", "dest", "backup_dest", "src", "packages_dir", "key_file", "server_ca_path", "labels_file",
)
SECRETS = ("password", "backup_password", "passphrase")
ACCOUNTS = (
    ("appliance_username", "appliance_password"),
    ("login_username", "login_password"),
    ("api_client_id", "api_client_secret"),
)

LONGEST_ADDRESS = 253
LONGEST_TEXT = 4096
# Longer than any of this can be meant: ten years, in seconds.
LONGEST_TIME = 10 * 366 * 86400.0
NEVER_IN_AN_ADDRESS = set("/?#@\\%{}<>\"'")


def check(arguments: Mapping[str, Any]) -> None:
    """Stop at the first value that cannot be worked with.

    :raises BadInput: naming the option and what is wrong with it.
    """
    _check(arguments, "")
    if arguments.get("peer"):
        _check(arguments["peer"], "peer.")


def _check(given: Mapping[str, Any], prefix: str) -> None:
    for option, text in _texts(given, ADDRESSES):
        spaces = any(letter.isspace() or letter in NEVER_IN_AN_ADDRESS for letter in text.strip())
        if len(text) > LONGEST_ADDRESS or spaces or not text.strip().isprintable():
            raise _bad(f"{prefix}{option} is {text[:60]!r}, which is no host name or address")
    for option in PORTS:
        if given.get(option) is not None and not 0 < int(given[option]) < 65536:
            raise _bad(f"{prefix}{option} is {given[option]}, which is no TCP port")
    for option in TIMES:
        seconds = given.get(option)
        if seconds is not None and not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_TIME):
            raise _bad(f"{prefix}{option} is {seconds}, which is no number of seconds")
    for option, text in _texts(given, NAMES):
        if len(text) > LONGEST_ADDRESS or not text.isprintable() or "/" in text or text in (".", ".."):
            raise _bad(f"{prefix}{option} is {text[:60]!r}, which is no name")
    for option, text in _texts(given, PATHS):
        if len(text) > LONGEST_TEXT or not text.isprintable():
            raise _bad(f"{prefix}{option} is {text[:60]!r}, which is no path")
    for option, text in _texts(given, (*SECRETS, *(option for pair in ACCOUNTS for option in pair))):
        if len(text) > LONGEST_TEXT or any(ord(letter) < 32 for letter in text):
            raise _bad(f"{prefix}{option} has a line break or is far too long")
    for name, secret in ACCOUNTS:
        if bool(given.get(name)) != bool(given.get(secret)):
            missing = secret if given.get(name) else name
            raise _bad(f"{prefix}{missing} is missing: {name} and {secret} go together")
    ca_path = given.get("ca_path")
    if ca_path and not os.path.exists(ca_path):
        raise _bad(f"{prefix}ca_path is {ca_path[:200]}, which does not exist")


def _texts(given: Mapping[str, Any], options: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the options that were given a text."""
    return [(option, given[option]) for option in options if given.get(option)]


def _bad(what: str) -> BadInput:
    return BadInput(f"{what}.", state="Nothing was changed.")
