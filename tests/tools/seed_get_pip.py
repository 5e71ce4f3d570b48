# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lets the ansible-test of this very Python make its environments from the package index alone.

ansible-test bootstraps pip with a script that it downloads from Ansible's CI host, unless its cache holds one already.
This puts a script of the same name into that cache. It installs the same pip, from a wheel that is kept beside it.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
import sysconfig

BOOTSTRAP = '''\
import pathlib
import runpy
import sys

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / "{wheel}"))
# `pip install pip` installs neither setuptools nor wheel, and does not know the switches that ask for that.
unknown = ("--no-setuptools", "--no-wheel")
sys.argv = ["pip", "install", "--find-links", str(here), *(word for word in sys.argv[1:] if word not in unknown)]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
'''


def wanted_pip() -> str:
    """The version of pip that the installed ansible-test bootstraps, as its own source says."""
    source = pathlib.Path(sysconfig.get_path("purelib"), "ansible_test/_internal/python_requirements.py")
    found = re.search(r"^\s+pip='([0-9.]+)'", source.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{source} names no version of pip: this ansible-test bootstraps pip in another way")
    return found.group(1)


def main() -> None:
    """Writes the script, and fetches the wheel, where they are missing."""
    version = wanted_pip()
    cache = pathlib.Path.home() / ".ansible" / "test" / "cache"
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    if script.exists():
        return
    cache.mkdir(parents=True, exist_ok=True)
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*download, "--dest", str(cache), f"pip=={version}"], check=True)
    wheel = f"pip-{version}-py3-none-any.whl"
    if not (cache / wheel).is_file():
        raise SystemExit(f"pip {version} came under another name than {wheel}")
    script.write_text(BOOTSTRAP.format(wheel=wheel), encoding="utf-8")


if __name__ == "__main__":
    main()
