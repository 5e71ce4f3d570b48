#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# molecule.sh [SCENARIO...]: the named scenarios with all that they print, or all of them, two at a time. The scenario
# `default` starts the simulated boxes of all scenarios and stops them.
set -euo pipefail

cd "$(dirname "$0")/../.."
# The boxes end with this script, whatever becomes of it.
export MOLECULE_OWNER_PID=$$

if [ "$#" -eq 0 ]; then
    molecule test --all --workers 2 --continue-on-failure
else
    trap 'molecule destroy --scenario-name default' EXIT
    molecule create --scenario-name default
    for name in "$@"; do
        for step in converge idempotence side-effect verify; do
            if [ "$step" != side-effect ] || [ -e "extensions/molecule/$name/side_effect.yml" ]; then
                molecule "$step" --scenario-name "$name"
            fi
        done
    done
fi
