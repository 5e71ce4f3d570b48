# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A factory-new box: first log-in, restore of a backup, refusals, and what is watched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.simbox.application import Application
from tests.simbox.boxes import NEW, OLD, A, Boxes, migration, pair, running
from tests.simbox.browser import Browser

CASES = [("tables", "en"), ("divs", "nl"), ("aria", "en"), ("tables", "nl"), ("app", "nl")]


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Boxes]:
    """An old box and a new one."""
    with running(migration("127.0.44"), tmp_path) as started:
        yield started


def take_backup(boxes: Boxes, box: str, password: str = "s3cret") -> bytes:
    """Download a backup from the Software page."""
    words = boxes.words(box)
    page = boxes.browser(box, "login")
    page.open(words("management"), words("software"))
    page.press(words("backup_download"), {words("backup_password"): password, words("backup_confirm"): password})
    return page.response.content


def first_login(
    boxes: Boxes, box: str = NEW, new: str = "a-new-password", application: str = "login"
) -> Browser | Application:
    """Log in with the factory credentials and change the password, as the box demands."""
    words = boxes.words(box)
    page = boxes.visitor(box, application)
    page.log_in("admin", "password", (words("username"), words("password"), words("log_in")))
    assert words("password_must_change") in page.text
    passwords = {"password_current": "password", "password_new": new, "password_confirm": new}
    page.press(words("password_change"), {words(key): value for key, value in passwords.items()})
    return page


def upload(boxes: Boxes, page: Browser | Application, box: str, content: bytes, password: str = "s3cret") -> str:
    """Upload a backup; answers what the page says then."""
    words = boxes.words(box)
    page.open(words("management"), words("software"))
    page.press(words("restore_upload"), {words("restore_file"): content, words("backup_password"): password})
    return page.text


@pytest.mark.parametrize(("era", "language"), CASES)
def test_new_box_takes_over_the_data(tmp_path: Path, era: str, language: str) -> None:
    """The guide followed: the restored data and accounts are those of the old box; the log-in changes."""
    number = 50 + CASES.index((era, language))
    with running(migration(f"127.0.{number}", box={"era": era, "language": language}), tmp_path) as boxes:
        words = boxes.words(NEW)
        assert boxes.state(NEW)["factory"]
        backup = take_backup(boxes, OLD)
        page = first_login(boxes)
        assert words("restore_done") in upload(boxes, page, NEW, backup)
        old, new = boxes.state(OLD), boxes.state(NEW)
        assert not new["factory"]
        assert new["restored"]["box"] == OLD
        for key in ("settings", "sessions", "files"):
            assert new[key] == old[key]
        assert [client["name"] for client in new["jump_clients"]] == [client["name"] for client in old["jump_clients"]]
        account = boxes.facts["boxes"][NEW]["login"]
        page.log_in(account["username"], account["password"], (words("username"), words("password"), words("log_in")))
        assert words("information_version") in page.text
        assert boxes.token(NEW)
        again = boxes.visitor(NEW, "login")
        again.log_in("admin", "password", (words("username"), words("password"), words("log_in")))
        assert words("login_refused") in again.text
        assert boxes.violations() == []


def test_inventory_of_a_migration(moving: Boxes) -> None:
    """Groups bt_old and bt_new; log-ins are those that hold after the restore."""
    groups = yaml.safe_load((moving.folder / "inventory.yml").read_text())["all"]["children"]
    assert {group: list(hosts["hosts"]) for group, hosts in groups.items()} == {"bt_old": [OLD], "bt_new": [NEW]}
    variables = {**groups["bt_old"]["hosts"], **groups["bt_new"]["hosts"]}
    assert variables[OLD]["bt_login_password"] == variables[NEW]["bt_login_password"]
    assert variables[OLD]["bt_site_address"] == "127.0.44.1"


def test_refusals(moving: Boxes) -> None:
    """What is no backup, is protected otherwise, or belongs elsewhere changes nothing."""
    words = moving.words(NEW)
    backup = take_backup(moving, OLD)
    page = first_login(moving)
    assert words("restore_no_file") in upload(moving, page, NEW, b"")
    assert words("restore_no_backup") in upload(moving, page, NEW, b"no backup at all")
    assert words("restore_password_missing") in upload(moving, page, NEW, backup, "")
    assert words("restore_password_wrong") in upload(moving, page, NEW, backup, "other")
    assert words("restore_password_wrong") in upload(moving, page, NEW, backup[:-100])
    plain = take_backup(moving, OLD, "")
    assert words("restore_no_backup") in upload(moving, page, NEW, plain[: len(plain) // 2], "")
    assert moving.state(NEW)["factory"]
    assert "login.software.restore" in moving.ops()
    assert moving.violations() == []


def test_wrong_version(tmp_path: Path) -> None:
    """A backup of a newer product is refused; either difference is a violation."""
    with running(migration("127.0.45", new={"product": "22.1.1"}), tmp_path) as boxes:
        page = first_login(boxes)
        words = boxes.words(NEW)
        said = upload(boxes, page, NEW, take_backup(boxes, OLD))
        assert words("restore_newer", version="23.3.1", here="22.1.1") in said
        assert boxes.violations() == ["H8"]
    with running(migration("127.0.45", new={"product": "24.3.1"}), tmp_path) as boxes:
        page = first_login(boxes)
        upload(boxes, page, NEW, take_backup(boxes, OLD))
        assert not boxes.state(NEW)["factory"]
        assert boxes.violations() == ["H8"]


def test_box_in_use_and_pair(tmp_path: Path, moving: Boxes) -> None:
    """Restoring over a box in use is a violation; a paired box refuses as well."""
    backup = take_backup(moving, OLD)
    upload(moving, moving.browser(OLD, "login"), OLD, backup)
    assert moving.violations() == ["H1"]
    with running(pair("127.0.46"), tmp_path / "pair") as boxes:
        said = upload(boxes, boxes.browser(A, "login"), A, take_backup(boxes, A))
        assert boxes.words(A)("restore_in_relationship") in said
        assert boxes.violations() == ["H10", "H1"]


def test_backup_of_another_site(tmp_path: Path, moving: Boxes) -> None:
    """A package is built for one site, so is its backup (GUESS)."""
    backup = take_backup(moving, OLD)
    other = migration("127.0.47")
    other["sites"][0]["hostname"] = "other.example.test"
    with running(other, tmp_path / "other") as boxes:
        said = upload(boxes, first_login(boxes), NEW, backup)
        assert boxes.words(NEW)("restore_other_site", site="access.example.test") in said
