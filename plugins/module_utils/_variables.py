# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The groups and variables of an inventory that this collection knows. A guard compares them with what is read."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterable, Sequence

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput

# The groups that name the role of a box.
GROUPS = ("bt_single", "bt_primary", "bt_backup", "bt_old", "bt_new")
MOST_NAMED = 5
# Values that are compared before a run starts. None is a secret.
COMPARED = (
    "bt_site", "bt_site_hostname", "bt_shared_ip", "bt_target_version", "bt_target_base_version", "bt_allow_variables",
    "ansible_host", "ansible_ssh_host", "ansible_connection",
)
KNOWN = frozenset({
    # The box
    "bt_port", "bt_serial", "bt_tls_name", "bt_public_address", "bt_appliance_username", "bt_appliance_password",
    "bt_login_username", "bt_login_password", "bt_api_client_id", "bt_api_client_secret", "bt_ca_path",
    "bt_validate_certs", "bt_language", "bt_labels", "bt_web_engine", "bt_manual_steps", "bt_manual_timeout",
    # The site
    "bt_site", "bt_site_hostname", "bt_site_port", "bt_site_address", "bt_cutover", "bt_cutover_lease", "bt_shared_ip",
    "bt_dns_server", "bt_dns_port", "bt_dns_zone", "bt_dns_record", "bt_dns_ttl", "bt_dns_key_name",
    "bt_dns_key_secret", "bt_dns_key_algorithm", "bt_dns_resolvers", "bt_nat_tasks", "bt_dns_tasks", "bt_manual_tasks",
    "bt_verify_tasks",
    # What is wanted
    "bt_target_version", "bt_target_base_version", "bt_update_source", "bt_update_server", "bt_update_server_ca_path",
    "bt_packages_dir", "bt_accept_eula", "bt_backup_password", "bt_certificate_passphrase", "bt_jump_client_limit",
    "bt_jump_client_timeout", "bt_jump_client_missing", "bt_soak", "bt_waived", "bt_collected", "bt_confirm_serial",
    "bt_shut_down",
    # The run
    "bt_run_dir", "bt_stage", "bt_take_over", "bt_window_end", "bt_support_case", "bt_adopt", "bt_give_up_changes",
    "bt_allow_variables",
    # Set by the roles, for their tasks and for tasks of the site's own
    "bt_phase", "bt_cutover_from", "bt_cutover_to", "bt_verify_box", "bt_verify_address", "bt_verify_port",
    "bt_verify_hostname",
})


def unknown(names: Iterable[str], allowed: Iterable[str]) -> list[str]:
    """Those of the names that begin with ``bt_`` and that nobody reads, sorted.

    :param allowed: names of the user's own, or patterns such as ``bt_our_*``.
    """
    patterns = list(allowed)
    strange = {name for name in names if name.startswith("bt_") and name not in KNOWN}
    return sorted(name for name in strange if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns))


def nearest(name: str) -> str:
    """The known name that looks most like it; empty where none does."""
    return next(iter(difflib.get_close_matches(name, sorted(KNOWN), n=1, cutoff=0.75)), "")


def unreadable(named: Sequence[str]) -> BadInput:
    """The refusal of values that cannot be worked out; it shows none of them.

    :param named: each variable with its host, such as ``bt_port of box-a``.
    """
    listed = ", ".join(named[:MOST_NAMED]) + (f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else "")
    return BadInput(
        f"Cannot work out {listed}: Ansible takes the value for a template, because of {{{{ or {{%.",
        state="Nothing was changed.",
        advice="If it is meant as it stands, write !unsafe before it in the YAML file: variable: !unsafe 'value'."
        " If it is a template, define what it mentions.",
    )
