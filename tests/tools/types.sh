#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# types.sh: mypy --strict of the collection's Python, the simulated boxes and the guards.
# The collection's files import each other by their full names, so mypy sees the checkout under those names through a link.
set -euo pipefail

cd "$(dirname "$0")/../.."
names=.cache/mypy-names
mkdir -p "$names/ansible_collections/bt_ops"
ln -sfn "$PWD" "$names/ansible_collections/bt_ops/pra"

packages=()
for folder in module_utils modules action; do
    if compgen -G "plugins/$folder/*.py" >/dev/null; then packages+=(-p "ansible_collections.bt_ops.pra.plugins.$folder"); fi
done
# Links in the messages are turned back into the paths of the checkout.
MYPYPATH=$names mypy "${packages[@]}" -p simbox -p tests.guards | sed "s|$names/ansible_collections/bt_ops/pra/||"
