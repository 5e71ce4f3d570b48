# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Simulated BeyondTrust boxes: failover pairs and single boxes to rehearse upgrades on.

True to what is documented about the product; what is invented is marked GUESS, with the number of the open
question in `appliance-interface.md` 11.4. `python -m simbox --help` tells how to start it, README.md the rest.
"""
