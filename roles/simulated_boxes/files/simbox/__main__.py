# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m simbox`."""

from __future__ import annotations

import sys

from simbox.cli import main

if __name__ == "__main__":
    sys.exit(main())
