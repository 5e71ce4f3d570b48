#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# step.sh NAME COMMAND...: runs one step of a check, says what it is and how many seconds it took, ends as the command ended.
set -uo pipefail

name=$1; shift
echo "== $name"
start=$EPOCHREALTIME
"$@"
rc=$?
seconds=$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
if [ "$rc" -eq 0 ]; then echo "== $name: $seconds s"; else echo "== $name: FAILED after $seconds s (exit $rc)" >&2; fi
exit "$rc"
