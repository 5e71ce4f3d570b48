#!/usr/bin/env bash
# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# venv.sh dev|rehearse: makes the virtual environment of that kind where it is missing or out of date, and prints its folder.
# A complete development environment also serves a rehearsal. The checkout is linked into the environment's
# ansible_collections, so that every Ansible tool in it finds bt_ops.pra whatever the checkout's folder is called.
set -euo pipefail

kind=${1:?usage: venv.sh dev|rehearse}
python=${PYTHON:-python3}
repo=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$repo"

digest() { cat "$@" | sha256sum | cut -c1-16; }
dev_stamp=.venv/.requirements-$(digest requirements-dev.txt requirements-rehearse.txt constraints.txt)
rehearse_stamp=.venv-rehearse/.requirements-$(digest requirements-rehearse.txt constraints.txt)

case $kind in
    dev) venv=.venv stamp=$dev_stamp list=requirements-dev.txt ;;
    rehearse)
        venv=.venv-rehearse stamp=$rehearse_stamp list=requirements-rehearse.txt
        if [ -e "$dev_stamp" ]; then venv=.venv stamp=$dev_stamp; fi
        ;;
    *) echo "venv.sh: unknown kind '$kind'; known: dev, rehearse" >&2; exit 2 ;;
esac

if [ ! -e "$stamp" ]; then
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "Python 3.11 or newer is needed; '$python' is not that. Name another one: make PYTHON=python3.12 ..." >&2
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "'$python' cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    echo "making $venv from $list" >&2
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$list" >&2
    rm -f "$venv"/.requirements-*
    touch "$stamp"
fi

# The link is checked at every call: a checkout may have been moved or copied together with its environment.
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
link=$site/ansible_collections/bt_ops/pra
if [ "$(readlink "$link" || true)" != "$repo" ]; then
    mkdir -p "$(dirname "$link")"
    ln -sfn "$repo" "$link"
fi
echo "$venv"
