# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A connection that is not called local, so that modules are shipped, yet leads to this machine."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: this machine, as if it were another
description: For tests of what is shipped.
options: {}
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(Local):
    """The local connection under another name."""

    transport = "elsewhere"
