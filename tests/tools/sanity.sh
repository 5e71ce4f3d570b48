#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# sanity.sh VERSION [ARGUMENT...]: `ansible-test sanity` of the working tree, uncommitted files included, under that ansible-core.
#
# ansible-test insists on a folder called ansible_collections/bt_ops/pra, so it gets a copy of what git would commit.
# It fetches pip for its own environments from a host of Ansible's CI, which a closed network does not reach; it looks into its
# cache first, so a script that installs the same pip from the package index is put there.
set -euo pipefail

version=${1:?usage: sanity.sh VERSION [ARGUMENT...]}; shift
repo=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$repo"

venv=.venv-sanity-$version
if [ ! -e "$venv/.complete" ]; then
    "${PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "ansible-core==$version"
    touch "$venv/.complete"
fi
python=$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')

"$venv/bin/python" tests/tools/seed_get_pip.py

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
tree=$root/ansible_collections/bt_ops/pra
mkdir -p "$tree"
# A file that is deleted but not yet committed is still listed by git; it is left out like any other missing one.
git ls-files -z -co --exclude-standard | while IFS= read -r -d '' file; do
    if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
done | tar --null -T - -cf - | tar -xf - -C "$tree"

cd "$tree"
if compgen -G 'tests/sanity/ignore*' >/dev/null; then
    echo "sanity.sh: the collection has no ignore lists, and gets none" >&2
    exit 1
fi
PATH=$repo/$venv/bin:$PATH "$repo/$venv/bin/ansible-test" sanity --python "$python" "$@"
