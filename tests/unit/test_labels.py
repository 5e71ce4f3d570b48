# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A user's file of words: what it may look like, and one sentence for everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _box, _edge, _labels
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context, Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput, MissingLibrary
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the file of a test lies."""
    return tmp_path / "labels.yml"


@pytest.mark.parametrize(
    "text",
    [
        "en:\n  failover.sync_now: [Replicate now]\n",
        "en: {failover.sync_now: Replicate now}",
        "# ours\nen:\n  failover.sync_now:\n    - Replicate now\n",
        '{"en": {"failover.sync_now": ["Replicate now"]}}',
        "\ufeffen: {failover.sync_now: [Replicate now]}",
    ],
)
def test_words_are_read(file: Path, text: str) -> None:
    file.write_text(text)
    words = Words("en", _labels.read_labels(str(file)))
    assert words.of("failover.sync_now")[:2] == ("Replicate now", "Sync Now")


def test_words_that_yaml_would_take_for_something_else(file: Path) -> None:
    file.write_text("no:\n  choice.on: [Yes, On, 1]\n  menu.updates!: [10.10]\n")
    words = Words("no", _labels.read_labels(str(file)))
    assert words.of("choice.on") == ("Yes", "On", "1")
    assert words.of("menu.updates") == ("10.10",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "must map languages"),
        (b"[]", "must map languages"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n6162", "must map languages"),
        (b"en: [a", "neither JSON nor YAML"),
        (b"en:\n\t- a", "in line 2"),
        (b"en: a", "what stands under en must map keys"),
        (b"en: {failover.sync_nov: [a]}", "Did you mean failover.sync_now"),
        (b"en: {failover.sync_now: []}\nnl: {x: [a]}", "'x' (language 'nl') is no key"),
        (b"en: {failover.sync_now: {a: b}}", "must be a list of texts"),
        (b"en: {failover.sync_now: ['  ']}", "must be a list of texts"),
        (b"en: {failover.sync_now: }", "must be a list of texts"),
        (b"'': {failover.sync_now: [a]}", "is no language"),
        (b"!!python/object/apply:os.system ['true']", "must map languages"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"{" * 100_000, "neither JSON nor YAML"),
        (b"#" * (_labels.LARGEST_FILE + 1), "far more than words take"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)
    with pytest.raises(BadInput) as error:
        _labels.read_labels(str(file))
    assert told in str(error.value)
    assert str(file) in str(error.value)
    assert len(str(error.value)) < 500
    assert "\n" not in str(error.value)


def test_json_is_told_as_json(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text("{'en': 1}")
    with pytest.raises(BadInput, match="it is no JSON"):
        _labels.read_labels(str(tmp_path / "labels.json"))


@pytest.mark.parametrize(("path", "told"), [("nowhere.yml", "no such file"), (".", "is a directory")])
def test_a_path_without_a_file(tmp_path: Path, path: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        _labels.read_labels(str(tmp_path / path))


def test_without_yaml(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_labels, "HAVE_YAML", False)
    file.write_text("en: {failover.sync_now: [a]}")
    with pytest.raises(MissingLibrary, match="PyYAML"):
        _labels.read_labels(str(file))
    file.write_text('{"en": {"failover.sync_now": ["a"]}}')
    assert _labels.read_labels(str(file)) == {"en": {"failover.sync_now": ["a"]}}


def test_the_words_reach_the_box_and_the_end_of_its_sessions(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("de: {menu.logout: [Abmelden]}")
    account = {"login_username": "admin", "login_password": "geheim"}
    raw = {"host": "box-a", "labels_file": str(file), "language": "de", **account}
    peer = {"host": "box-b", "labels_file": str(file), "language": "de"}
    arguments, _secrets = _edge.validated("bt_ops.pra.bt_failover", {"peer": _edge.PEER_SPEC}, {**raw, "peer": peer})
    memory = Memory()
    box = _edge.box_of(arguments, Context(memory=memory))
    assert box.words.of("menu.logout") == ("Abmelden",)
    assert _edge.box_of(arguments, Context(memory=memory), "peer").words.of("menu.logout") == ("Abmelden",)
    assert box.login is not None
    owner = next(iter(memory._kept)).rpartition(" ")[0]
    memory.save(f"{owner} login.session", {"cookies": [{"name": "s"}], "page": ""})
    said: list[Words] = []
    monkeypatch.setattr(_box, "Site", lambda *given, **_engine: said.append(given[3]) or pytest.MonkeyPatch())
    with pytest.raises(AttributeError):  # the stand-in cannot log out
        _box.end_sessions(memory._kept, memory)
    assert said[0].of("menu.logout") == ("Abmelden",)
