#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# debian.sh COMMAND=PACKAGE...: installs each Debian package whose command is missing, where that is possible.
# A test that needs one that could not be installed fails and names it.
set -euo pipefail

missing=()
for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
done
if [ "${#missing[@]}" -eq 0 ]; then exit 0; fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "not installed, and only root can do that: ${missing[*]}" >&2
fi
