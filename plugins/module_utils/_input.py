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
NAMES = ("box", "serial", "phase", "language", "accept_eula", "confirm_serial", "name", "take_over")
FOLDERS = ("run_dir", "dest", "backup_dest", "packages_dir")
FILES = ("src", "key_file", "labels_file")
# What certificates are verified against: a file, or a folder of them.
ANCHORS = ("ca_path", "server_ca_path")
PATHS = (*FOLDERS, *FILES, *ANCHORS)
SECRETS = ("password", "backup_password", "passphrase", "key_secret")
ACCOUNTS = (
    ("appliance_username", "appliance_password"),
    ("login_username", "login_password"),
    ("api_client_id", "api_client_secret"),
)
# Options that hold options of their own.
WITH_OPTIONS = ("peer", "hosts", "started")
# Secrets are never shown, so they are looked at by themselves, as are those that must be something certain.
KNOWN = {*ADDRESSES, *NAMES, *PATHS, *SECRETS, *(option for pair in ACCOUNTS for option in pair)}

LONGEST_ADDRESS = 253
LONGEST_TEXT = 4096
LARGEST_NUMBER = 10**12
# Longer than any of this can be meant: ten years, in seconds.
LONGEST_TIME = 10 * 366 * 86400.0
NEVER_IN_AN_ADDRESS = set("/?#@\\%{}<>\"'")


def check_types(spec: Mapping[str, Any], given: Mapping[str, Any], prefix: str = "") -> None:
    """Stop at a value that Ansible would make fit: a list written out as a text, a yes counted as 1.

    :param spec: the argument specification of what was given.
    :raises BadInput: naming the option and what is wrong with it.
    """
    for option, value in given.items():
        if not isinstance(option, str):
            raise _bad(f"{prefix.rstrip('.') or 'The task'} has an option {str(option)[:60]!r}, which is no name")
        rule = spec.get(option, {})
        kind = rule.get("type", "str")
        if value is None:
            continue
        _check_type(prefix + option, kind, value)
        if kind == "list" and isinstance(value, (list, tuple)):
            for each in value:
                if each is None:
                    raise _bad(f"{prefix}{option} has nothing in one of its places")
                _check_type(prefix + option, rule.get("elements", "raw"), each)
        for inner in _mappings(value) if rule.get("options") else ():
            check_types(rule["options"], inner, f"{prefix}{option}.")


def _check_type(option: str, kind: str, value: Any) -> None:
    if kind in ("str", "path") and isinstance(value, (list, tuple, set, Mapping)):
        what = "a mapping" if isinstance(value, Mapping) else "a list"
        raise _bad(f"{option} is {what}, where a text is wanted")
    if kind not in ("str", "path", "raw") and isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise _bad(f"{option} is far too long")
    if kind == "dict" and not isinstance(value, (str, Mapping)):
        raise _bad(f"{option} is no mapping")
    if kind in ("int", "float") and isinstance(value, bool):
        raise _bad(f"{option} is yes or no, where a number is wanted")


def check(arguments: Mapping[str, Any]) -> None:
    """Stop at the first value that cannot be worked with.

    :raises BadInput: naming the option and what is wrong with it.
    """
    _check(arguments, "")
    for option in WITH_OPTIONS:
        for inner in _mappings(arguments.get(option)):
            _check(inner, f"{option}.")


def _check(given: Mapping[str, Any], prefix: str) -> None:
    for option, text in _texts(given, ADDRESSES):
        wrong = len(text) > LONGEST_ADDRESS or not text.strip().isprintable()
        if wrong or any(letter.isspace() or letter in NEVER_IN_AN_ADDRESS for letter in text.strip()):
            raise _bad(f"{prefix}{option} is {text[:60]!r}, which is no host name or address")
    for option, value in given.items():
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise _bad(f"{prefix}{option} is a number that is far too large")
    for option in PORTS:
        if given.get(option) is not None and not 0 < int(given[option]) < 65536:
            raise _bad(f"{prefix}{option} is {given[option]}, which is no TCP port")
    for option, seconds in given.items():  # whatever need not be a whole number is a time
        if isinstance(seconds, float) and not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_TIME):
            raise _bad(f"{prefix}{option} is {seconds}, which is no number of seconds")
    for option, text in _texts(given, NAMES):
        if len(text) > LONGEST_ADDRESS or not text.isprintable() or "/" in text or text in (".", ".."):
            raise _bad(f"{prefix}{option} is {text[:60]!r}, which is no name")
    for option, text in _texts(given, PATHS):
        if len(text) > LONGEST_TEXT or not text.isprintable():
            raise _bad(f"{prefix}{option} is {text[:60]!r}, which is no path")
    for option, text in _texts(given, (*SECRETS, *(option for pair in ACCOUNTS for option in pair))):
        if len(text) > LONGEST_TEXT or any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in text):
            raise _bad(f"{prefix}{option} has a line break or is far too long")
    for option, value in given.items():
        if option in KNOWN:
            continue
        for text in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(text, str) and (len(text) > LONGEST_TEXT or not text.isprintable()):
                raise _bad(f"{prefix}{option} has a line break or another unprintable letter, or is far too long")
    for name, secret in ACCOUNTS:
        if bool(given.get(name)) != bool(given.get(secret)):
            missing = secret if given.get(name) else name
            raise _bad(f"{prefix}{missing} is missing: {name} and {secret} go together")
    _check_places(given, prefix)


def _check_places(given: Mapping[str, Any], prefix: str) -> None:
    """A pipe or a device that is read as a file never ends."""
    for option, path in _texts(given, ANCHORS):
        if not os.path.exists(path):
            raise _bad(f"{prefix}{option} is {path[:200]}, which does not exist")
        if not (os.path.isfile(path) or os.path.isdir(path)):
            raise _bad(f"{prefix}{option} is {path[:200]}, which is neither a file nor a folder")
    for option, path in _texts(given, FILES):
        if os.path.exists(path) and not os.path.isfile(path):
            raise _bad(f"{prefix}{option} is {path[:200]}, which is no file")
    for option, path in _texts(given, FOLDERS):
        if os.path.exists(path) and not os.path.isdir(path):
            raise _bad(f"{prefix}{option} is {path[:200]}, which is no folder")


def _texts(given: Mapping[str, Any], options: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the options that were given a text."""
    return [(option, given[option]) for option in options if given.get(option)]


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    """The mappings that an option holds: itself, or those in its list."""
    return [each for each in (value if isinstance(value, (list, tuple)) else (value,)) if isinstance(each, Mapping)]


def _bad(what: str) -> BadInput:
    return BadInput(f"{what}.", state="Nothing was changed.")
