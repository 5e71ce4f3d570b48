#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# docs.sh: antsibull-docs' checks of the working tree's documentation, uncommitted files included.
#
# antsibull-docs takes the links from all action plugins to one for links from all modules to one, and would look up every
# option in bt_info. It gets a copy of what git would commit, without these links.
set -euo pipefail

cd "$(dirname "$0")/../.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
git ls-files -z -co --exclude-standard | while IFS= read -r -d '' file; do
    if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
done | tar --null -T - -cf - | tar -xf - -C "$root"

cd "$root"
find plugins/action -type l -delete
ANSIBLE_COLLECTIONS_SCAN_SYS_PATH=false antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck . 2>&1 | sed "s|[^ ]*/ansible_collections/bt_ops/pra/||"
