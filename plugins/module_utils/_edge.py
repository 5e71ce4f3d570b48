# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The edge to Ansible: arguments in, result or failure out.

Every module is a ``run(arguments, context)`` under this; the action plugin calls it in the controller's process, `main`
calls it where a module was shipped to. Nothing else knows AnsibleModule or how a failure is reported.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.bt_ops.pra.plugins.module_utils import _box, _input
from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import ApiAccount
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Connection
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context, Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._deps import MISSING
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, BtError, MissingLibrary, NotKept
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.module_utils._labels import Labels, read_labels
from ansible_collections.bt_ops.pra.plugins.module_utils._lock import Held, Owner, SiteLock, release, this_run
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import ALL, STEPS, Manual
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Endpoint
from ansible_collections.bt_ops.pra.plugins.module_utils._web._browser import stop_browsers
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Account
from ansible_collections.bt_ops.pra.plugins.module_utils._window import window_of

LONGEST_MESSAGE = 400
Run = Callable[[dict[str, Any], Context], dict[str, Any]]


def _env(name: str) -> tuple[Any, list[str]]:
    return (env_fallback, [name])


CONNECTION_SPEC: dict[str, Any] = {
    "host": {"type": "str", "fallback": _env("BT_HOST")},
    "port": {"type": "int", "default": 443, "fallback": _env("BT_PORT")},
    "appliance_username": {"type": "str", "fallback": _env("BT_APPLIANCE_USERNAME")},
    "appliance_password": {"type": "str", "no_log": True, "fallback": _env("BT_APPLIANCE_PASSWORD")},
    "login_username": {"type": "str", "fallback": _env("BT_LOGIN_USERNAME")},
    "login_password": {"type": "str", "no_log": True, "fallback": _env("BT_LOGIN_PASSWORD")},
    "api_client_id": {"type": "str", "fallback": _env("BT_API_CLIENT_ID")},
    "api_client_secret": {"type": "str", "no_log": True, "fallback": _env("BT_API_CLIENT_SECRET")},
    "ca_path": {"type": "path", "fallback": _env("BT_CA_PATH")},
    "validate_certs": {"type": "bool", "default": True, "fallback": _env("BT_VALIDATE_CERTS")},
    "tls_name": {"type": "str", "fallback": _env("BT_TLS_NAME")},
    "language": {"type": "str", "default": "en", "fallback": _env("BT_LANGUAGE")},
    "labels_file": {"type": "path", "fallback": _env("BT_LABELS")},
    "manual_steps": {
        "type": "list", "elements": "str", "choices": [ALL, *STEPS], "default": [], "fallback": _env("BT_MANUAL_STEPS"),
    },
    "manual_timeout": {"type": "float", "default": 3600.0, "fallback": _env("BT_MANUAL_TIMEOUT")},
    "web_engine": {
        "type": "str", "choices": ["http", "browser", "auto"], "default": "auto", "fallback": _env("BT_WEB_ENGINE"),
    },
    "serial": {"type": "str", "fallback": _env("BT_SERIAL")},
    "box": {"type": "str"},
}
RUN_SPEC: dict[str, Any] = {
    "run_dir": {"type": "path", "fallback": _env("BT_RUN_DIR")},
    "phase": {"type": "str"},
    "take_over": {"type": "str", "fallback": _env("BT_TAKE_OVER")},
    "window_end": {"type": "str", "fallback": _env("BT_WINDOW_END")},
    "support_case": {"type": "str", "fallback": _env("BT_SUPPORT_CASE")},
}
# Which box it is. In the environment these are of one box, so they are taken for no other.
IDENTITY = ("host", "port", "tls_name", "serial", "box")
# The other box of a pair, for the modules that ask both.
PEER_SPEC: dict[str, Any] = {
    "type": "dict",
    "options": {
        name: {key: value for key, value in option.items() if key != "fallback" or name not in IDENTITY}
        for name, option in CONNECTION_SPEC.items()
    },
}
# The accounts that a run's environment holds, as a credential of a job scheduler puts them there.
ACCOUNT_VARIABLES = {name: CONNECTION_SPEC[name]["fallback"][1][0] for pair in _input.ACCOUNTS for name in pair}


def full_spec(own: Mapping[str, Any]) -> dict[str, Any]:
    """A module's own options with those that all modules share."""
    return {**CONNECTION_SPEC, **RUN_SPEC, **own}


def context_of(
    arguments: Mapping[str, Any],
    check_mode: bool,
    memory: Memory,
    owner: Owner,
    held: Held,
    say: Callable[[str], None] | None = None,
) -> Context:
    """What a call of a module with these arguments works in.

    :param owner: the run that the call is part of, and `held` the sites that this run has.
    :param say: prints a line of progress, where that can be.
    """
    run_dir = text_of(arguments, "run_dir")
    context = Context(
        check_mode=check_mode,
        memory=memory,
        journal=Journal(run_dir),
        lock=SiteLock(run_dir, owner, text_of(arguments, "take_over"), held),
        phase=text_of(arguments, "phase"),
        support_case=text_of(arguments, "support_case"),
    )
    return replace(context, say=say) if say else context


def perform(run: Run, arguments: dict[str, Any], context: Context, asks_boxes: bool = True) -> dict[str, Any]:
    """Call a module's `run` and make its result or its error into what Ansible is given.

    :param asks_boxes: whether it needs the libraries with which boxes are asked.
    """
    try:
        if MISSING and asks_boxes:
            raise MissingLibrary(
                f"The Python library {MISSING} is not installed where this task runs.",
                advice="Install requests, lxml and cryptography for that Python.",
            )
        _input.check(arguments)
        context.window = window_of(text_of(arguments, "window_end"))
        result = run(arguments, context)
    except BtError as error:
        return _failed(error, context)
    except OSError as error:  # those of the network have become errors of ours further down
        where = f" {error.filename}" if error.filename else " a file"
        return _failed(NotKept(f"This machine cannot keep{where}: {error.strerror or error}."), context)
    except Exception as error:  # a defect of ours must still be one sentence that an operator can act on
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {
            "failed": True,
            "changed": bool(context.actions) and not context.check_mode,
            "msg": f"This is a defect of bt_ops.pra: {type(error).__name__} ({error}) in {Path(place.filename).name},"
            f" line {place.lineno}. What was done until then is in the journal; run the same command again to go on.",
            "error": "defect",
            "guide": [],
            "actions": context.actions,
        }
    finally:
        stop_browsers()
    result.setdefault("changed", bool(context.actions))
    result.setdefault("actions", context.actions)
    return result


def _failed(error: BtError, context: Context) -> dict[str, Any]:
    """An error as Ansible is given it."""
    return {
        "failed": True,
        "changed": bool(context.actions) and not context.check_mode,
        "msg": str(error),
        "error": error.kind,
        "guide": list(error.guide),
        "actions": context.actions,
        **error.facts,
    }


def validated(name: str, own: Mapping[str, Any], raw: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Arguments of the right types with defaults filled in, and the secrets among them.

    :raises BadInput: an option is unknown or has a wrong value.
    """
    spec = full_spec(own)
    _input.check_types(spec, raw)
    checked = ArgumentSpecValidator(spec).validate(dict(raw))
    if checked.error_messages:
        told = "; ".join(_readable(message) for message in checked.error_messages)
        if checked.unsupported_parameters:  # AnsibleModule says so too, which a shipped module does
            told = f"Unsupported parameters for ({name}) module: {told}"
        raise BadInput(told, state="Nothing was changed.")
    return checked.validated_parameters, set(checked._no_log_values)


def _readable(message: str) -> str:
    """A message of Ansible's, which quotes the value that it is about as it came, on one line of sensible length."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in message[:LONGEST_MESSAGE])
    return shown if len(message) <= LONGEST_MESSAGE else f"{shown}..."


def without_secrets(result: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
    """A result in which no secret argument is left, wherever it came from."""
    cleaned: dict[str, Any] = remove_values(result, secrets)
    return cleaned


def main(own: Mapping[str, Any], run: Run) -> None:
    """Run as a module that Ansible shipped to where it runs."""
    module = AnsibleModule(argument_spec=full_spec(own), supports_check_mode=True)
    arguments = dict(module.params)
    owner, held = this_run(os.getpid()), Held()  # where a module was shipped to, each task is a run of its own
    result = perform(run, arguments, context_of(arguments, module.check_mode, Memory(), owner, held))
    for folder in held.all():
        release(folder, owner)
    if result.pop("failed", False):
        module.fail_json(**result)
    if not module._diff:
        result.pop("diff", None)
    module.exit_json(**result)


def told(before: Mapping[str, Any], after: Mapping[str, Any], **expected: Any) -> dict[str, Any]:
    """The part that all results share: what was read from the box before and after, and the difference.

    :param expected: what would be read after, where check mode has left the act out; only the difference shows it.
    """
    return {
        "before": dict(before),
        "after": dict(after),
        "diff": {"before": dict(before), "after": {**after, **expected}},
    }


def text_of(arguments: Mapping[str, Any], option: str) -> str:
    """An optional text option, empty where it was not given."""
    value: str | None = arguments.get(option)
    return (value or "").strip()


def box_of(arguments: Mapping[str, Any], context: Context, option: str = "") -> Box:
    """The box that the arguments describe; with `option`, the one that this dictionary option describes.

    :raises BadInput: the dictionary, or the host in it, is missing.
    """
    given: Mapping[str, Any] = (arguments.get(option) or {}) if option else arguments
    if option and not given:
        raise BadInput(f"{option} is missing: which is the other box?", state="Nothing was changed.")
    host = text_of(given, "host")
    if not host:
        name = f"{option}.host" if option else "host"
        raise BadInput(f"{name} is empty: which box is meant?", state="Nothing was changed.")
    endpoint = Endpoint(
        address=host,
        port=given["port"],
        name=text_of(given, "tls_name"),
        ca_path=text_of(given, "ca_path"),
        validate_certs=given["validate_certs"],
    )
    manual = Manual(frozenset(given["manual_steps"]), given["manual_timeout"])
    connection = Connection(
        name=text_of(given, "box") or endpoint.address,
        endpoint=endpoint,
        # Who does not open any page logs in on none.
        appliance=None if manual.everything else _account(given, "appliance"),
        login=None if manual.everything else _account(given, "login"),
        api=ApiAccount(given["api_client_id"], given["api_client_secret"]) if given.get("api_client_id") else None,
        language=given["language"],
        labels=labels_of(given),
        web_engine=given["web_engine"],
        serial=text_of(given, "serial"),
        manual=manual,
    )
    return Box(connection, context, text_of(arguments, "run_dir"))


def labels_of(given: Mapping[str, Any]) -> Labels:
    """The user's own words for pages, none where no file was named.

    :raises BadInput: the file cannot be used.
    """
    return read_labels(text_of(given, "labels_file"))


def _account(given: Mapping[str, Any], application: str) -> Account | None:
    name = given.get(f"{application}_username")
    return Account(name, given[f"{application}_password"]) if name else None


def end_sessions(kept: Mapping[str, Mapping[str, Any]], memory: Memory) -> None:
    """Log out of every site of which a session is kept, as after the last task of a run."""
    if not MISSING:
        _box.end_sessions(kept, memory)
