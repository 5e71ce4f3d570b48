#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# molecule.sh [SCENARIO...]: the named scenarios, or all of them, two at a time. The scenario `default` holds create and destroy
# for all (the simulated boxes are started once); without it every scenario makes its own boxes and they run one after the other.
set -euo pipefail

cd "$(dirname "$0")/../.."
scenarios=()
for file in extensions/molecule/*/molecule.yml; do
    if [ -e "$file" ]; then name=${file#extensions/molecule/}; scenarios+=("${name%/molecule.yml}"); fi
done
if [ "${#scenarios[@]}" -eq 0 ]; then echo "no molecule scenarios here"; exit 0; fi

if [ "$#" -gt 0 ]; then
    for name in "$@"; do molecule test --scenario-name "$name"; done
elif [ -e extensions/molecule/default/molecule.yml ]; then
    molecule test --all --workers 2 --continue-on-failure
else
    molecule test --all
fi
