# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How much of an upgrade's time is ours, printed for people and written to tests/output/bench.json.

Nothing is judged here: the table shows each number beside what is aimed at.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure, write, print."""
    from tests.bench.measure import measure
    from tests.bench.report import table

    began = time.monotonic()

    def say(what: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {what}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measured = measure(Path(folder), say)
    say("done")
    output = ROOT / "tests" / "output" / "bench.json"
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps(measured.as_json(), indent=2) + "\n")
    print(table(measured))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # run as a file, it finds its neighbours as the tests do
    main()
