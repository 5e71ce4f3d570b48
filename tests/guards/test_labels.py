# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""docs/labels.md lists the keys of the catalogue as they are, and its examples can be used."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.bt_ops.pra.plugins.module_utils._labels import read_labels
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import CATALOGUE, Words
from tests.guards import labels
from tests.guards.conftest import Plant


def test_this_checkout(checkout: Path) -> None:
    assert labels.keys_documented(checkout) == []


def test_an_empty_tree_has_no_complaints(tmp_path: Path) -> None:
    assert labels.keys_documented(tmp_path) == []


def test_every_key_is_listed_once() -> None:
    found = re.findall(r"^\| `([\w.]+)`", labels.listed(), re.M)
    assert sorted(found) == sorted(CATALOGUE["en"])


def test_it_bites_and_mends(plant: Plant, tmp_path: Path) -> None:
    plant("docs/labels.md", "No list.\n")
    assert "marks" in labels.keys_documented(tmp_path)[0]
    plant("docs/labels.md", f"Words.\n\n{labels.BEGIN}\n\n| `menu.gone` | | |\n\n{labels.END}\n\nMore.\n")
    assert "not the catalogue's" in labels.keys_documented(tmp_path)[0]
    labels.write(tmp_path)
    assert labels.keys_documented(tmp_path) == []
    assert (tmp_path / "docs/labels.md").read_text().endswith(f"{labels.END}\n\nMore.\n")


def test_the_examples_can_be_used(checkout: Path, tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n# labels\.yml\n(.*?)```", (checkout / labels.PAGE).read_text(), re.S)
    assert len(examples) == 2
    for number, example in enumerate(examples):
        file = tmp_path / f"{number}.yml"
        file.write_text(example)
        words = read_labels(str(file))
        for language in words:
            Words(language, words)
