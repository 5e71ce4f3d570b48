#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# A simulated failover pair is upgraded, from nothing: environment, boxes, upgrade, outcome, and all of it stopped again.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
venv=$here/$("$here/tests/tools/venv.sh" rehearse)
folder=$here/bt-rehearsal/$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder"
export ANSIBLE_HOME="$here/.cache/ansible"
# The boxes end with this shell, however it ends.
"$venv/bin/ansible-playbook" bt_ops.pra.rehearse -e "rehearse_dir=$folder" -e "rehearse_owner_pid=$$" "$@"
echo
echo "Report:  ${folder#"$PWD"/}/runs/access/summary.txt (and summary.json)"
echo "Journal: ${folder#"$PWD"/}/runs/access/journal.jsonl"
