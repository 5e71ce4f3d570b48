#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# Checks every shell script of the checkout with shellcheck. Debian's package is installed where that is possible and needed.
set -euo pipefail

cd "$(dirname "$0")/../.."
if ! command -v shellcheck >/dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -qq -y --no-install-recommends shellcheck >/dev/null
    else
        echo "shellcheck is not installed: the shell scripts were not checked"
        exit 0
    fi
fi
git ls-files -z -co --exclude-standard -- '*.sh' .ci/run | xargs -0 shellcheck
