# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The era `app` in a real browser: what a person does on it, and what is there without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser

from tests.simbox.boxes import NEW, OLD, A, B, Boxes, migration, pair, running
from tests.simbox.chromium import Person, chromium

Enter = Callable[[Boxes, str, str], Person]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with chromium() as started:
        yield started


@pytest.fixture
def enter(browser: Browser) -> Iterator[Enter]:
    """Logs in to a web site of a box in a window of its own, or goes on in it; closes it at the end."""
    people: dict[tuple[str, str], Person] = {}

    def log_in(boxes: Boxes, box: str, application: str) -> Person:
        person = people.get((box, application))
        if person is None:
            person = people[box, application] = Person(browser, boxes, box, application)
        else:
            person.start()
        if person.button("log_in").count():
            person.log_in()
        return person

    yield log_in
    for person in people.values():
        person.page.context.close()
        assert person.defects == []


def healthy(boxes: Boxes, box: str) -> bool:
    """Is the update over, and is the box well?"""
    state = boxes.state(box)
    return state["updates"]["running"] is None and state["healthy"] and state["software"] == "open"


def backup(boxes: Boxes, enter: Enter, box: str, folder: Path) -> Path:
    """Management > Software, "Download Backup"."""
    person = enter(boxes, box, "login")
    words = person.words
    person.open("management", "software")
    password = {words("backup_password"): "s3cret", words("backup_confirm"): "s3cret"}
    return person.download("backup_download", password, folder)


def update(boxes: Boxes, enter: Enter, box: str, package: str) -> None:
    """Check, install what can be installed, agree where that is asked."""
    person = enter(boxes, box, "appliance")
    words = person.words
    person.open("updates")
    person.press("updates_check")
    install = person.page.locator("button:enabled", has_text=words("updates_install"))
    assert install.count() == 1
    install.click()
    person.settle()
    if package.startswith("base"):
        person.press("eula_accept")
        assert words("eula_must_agree") in person.text
        person.press("eula_accept", {words("eula_agree"): True})
    assert words("updates_running") in person.text
    person.page.get_by_role("progressbar", name=words("updates_downloading", title="").strip()).wait_for()
    assert boxes.state(box)["updates"]["running"]["package"] == package
    boxes.until(lambda: healthy(boxes, box))


def share(boxes: Boxes, enter: Enter, box: str, on: bool) -> None:
    """Networking > IP Configuration, the shared address: Enabled."""
    person = enter(boxes, box, "appliance")
    person.open("networking", "ip_configuration")
    person.follow(boxes.facts["sites"]["access"]["shared_ip"])
    person.press("save_changes", {person.words("ip_enabled"): on})
    assert person.words("saved") in person.text


def test_asynchronous_upgrade(tmp_path: Path, enter: Enter) -> None:
    """The guide followed step by step in a browser breaks no rule; acts have the names they have in the other eras."""
    config = pair("127.0.121", box={"era": "app", "language": "nl"})
    config["catalogue"][0]["eula"] = True
    with running(config, tmp_path) as boxes:
        assert backup(boxes, enter, A, tmp_path).stat().st_size > 100_000
        person = enter(boxes, A, "login")
        words = person.words
        person.open("management", "failover")
        person.press("failover_sync")
        assert words("failover_sync_goes_on") in person.text
        boxes.until(lambda: not boxes.state(A)["failover"]["syncing"])
        person.confirm("failover_break")
        assert words("failover_broken") in person.text
        for box in (B, A):
            for package in ("base-6.2.0", "product-24.3.1"):
                update(boxes, enter, box, package)
                backup(boxes, enter, box, tmp_path)
            if box == B:
                share(boxes, enter, A, False)
                share(boxes, enter, B, True)
                assert boxes.state()["sites"]["access"]["serving"] == B
        person = enter(boxes, B, "login")
        person.open("management", "failover")
        host, port = words("failover_host"), words("failover_port")
        here, there = (boxes.facts["boxes"][box]["address"] for box in (B, A))
        number_of_port = str(boxes.facts["port"])
        values = {host: there, port: number_of_port, f"{host}#2": here, f"{port}#2": number_of_port}
        person.press("failover_establish", values)
        assert words("failover_established") in person.text
        boxes.until(lambda: boxes.state(B)["failover"]["last_status"] == "success")
        assert boxes.state(A)["failover"]["role"] == "backup"
        assert boxes.violations() == []
        assert {entry["op"] for entry in boxes.control("/log", "GET") if entry["mutating"]} == {
            "login.failover.sync",
            "login.failover.break",
            "login.failover.establish",
            "appliance.address.save",
            "appliance.updates.install",
            "appliance.eula.accept",
        }


def test_offline_packages(tmp_path: Path, enter: Enter, browser: Browser) -> None:
    """Key, the vendor's server, download by navigation, upload of the file: all in the browser."""
    config = migration("127.0.123", box={"era": "app"})
    config["catalogue"][0]["size"] = 30_000_000
    with running({**config, "vendor": {"address": "127.0.123.9", "era": "app"}}, tmp_path) as boxes:
        boxes.call(OLD, "POST", "/api/backup", json={}, headers=boxes.token(OLD))
        person = enter(boxes, OLD, "appliance")
        words = person.words
        person.open("updates")
        person.follow(words("download_key"))
        key = person.page.get_by_role("definition").inner_text()
        shop = Person(browser, boxes, OLD, boxes.facts["vendor"]["url"])
        shop.press("vendor_get", {words("download_key"): "wrong"})
        assert words("vendor_bad_key") in shop.text
        shop.press("vendor_get", {words("download_key"): key})
        with shop.page.expect_download() as coming:
            shop.page.get_by_role("link", name=words("vendor_download")).first.click()
        file = tmp_path / "package.bin"
        coming.value.save_as(file)
        assert file.stat().st_size == 30_000_000
        person.open("updates")
        person.press("manual_upload")
        assert words("manual_no_file") in person.text
        person.press("manual_upload", {words("manual_file"): file})
        assert words("updates_running") in person.text
        boxes.until(lambda: boxes.state(OLD)["base"] == "6.2.0")
        assert boxes.violations() == []


def test_certificate_moves_to_the_new_box(tmp_path: Path, enter: Enter) -> None:
    """A small file is handed over by the script; what was exported with key and chain is imported and served."""
    with running(migration("127.0.129", box={"era": "app"}), tmp_path) as boxes:
        wanted = boxes.state(OLD)["fingerprint"]
        person = enter(boxes, OLD, "appliance")
        words = person.words
        person.open("security", "certificates")
        person.press("certificates_apply", {words("certificates_action"): words("certificates_export")})
        assert words("certificates_choose_one") in person.page.get_by_role("alert").inner_text()
        row = {words("certificates_select", name="access.example.test"): True}
        person.press("certificates_apply", {words("certificates_action"): words("certificates_export"), **row})
        parts = {words(f"certificates_include_{part}"): True for part in ("leaf", "key", "chain")}
        file = person.download("certificates_export", {**parts, words("certificates_passphrase"): "s3cret"}, tmp_path)
        assert file.name == "access.example.test.pem"
        assert person.page.get_by_role("status").count() == 1
        other = enter(boxes, NEW, "appliance")
        other.open("security", "certificates")
        other.press("certificates_import")
        values = {words("certificates_file"): file, words("certificates_passphrase"): "s3cret"}
        other.press("upload", values)
        assert words("certificates_imported", name="access.example.test") in other.text
        assert boxes.state(NEW)["fingerprint"] == wanted
        assert boxes.violations() == []


def test_log_in_refused_ended_and_renewed(tmp_path: Path, browser: Browser, enter: Enter) -> None:
    """A wrong password is said; a session that ended leads to the log-in, also after an outage; Logout ends one."""
    with running(pair("127.0.124", box={"era": "app"}), tmp_path) as boxes:
        person = Person(browser, boxes, A, "appliance")
        words = person.words
        person.log_in("wrong")
        assert words("login_refused") in person.page.get_by_role("alert").inner_text()
        person.log_in()
        assert words("basics_time") in person.text
        address = person.page.url
        boxes.control("/kill-sessions", box=A, application="appliance")
        person.open("updates")
        assert person.button("log_in").is_visible()
        assert "session has ended" in person.text
        person.log_in()
        person.page.go_back()
        person.settle()
        person.page.goto(address)
        person.settle()
        assert words("basics_time") in person.text
        person.page.get_by_role("button", name=words("log_out")).click()
        person.settle()
        assert person.button("log_in").is_visible()
        person.log_in()
        person.open("status", "basics")
        person.confirm("basics_restart")
        boxes.until(lambda: boxes.state(A)["system"] != "open")
        boxes.until(lambda: boxes.state(A)["system"] == "open")
        person.page.goto(address)
        person.settle()
        assert person.button("log_in").is_visible()
        assert boxes.violations() == []


def test_reset_asks_in_a_dialog_and_the_new_password_is_wanted(tmp_path: Path, browser: Browser, enter: Enter) -> None:
    """The dialog can be left; when it is confirmed the page tells the progress; then factory credentials hold."""
    with running(migration("127.0.125", box={"era": "app"}), tmp_path) as boxes:
        boxes.lead_away(OLD, NEW)
        boxes.control("/durations", reset=20.0)
        person = enter(boxes, OLD, "appliance")
        words = person.words
        person.press("reset")
        assert words("reset_warning") in person.page.get_by_role("dialog").inner_text()
        person.press("cancel")
        assert person.page.get_by_role("dialog").count() == 0
        person.press("reset")
        person.page.keyboard.press("Escape")
        person.page.get_by_role("dialog").wait_for(state="detached")
        person.confirm("reset")
        assert words("reset_running") in person.text
        boxes.until(lambda: boxes.state(OLD)["reset"]["done"] == 1)
        person = Person(browser, boxes, OLD, "login")
        person.account = {"username": "admin", "password": "password"}
        person.log_in()
        assert words("password_must_change") in person.text
        values = {"password_current": "password", "password_new": "fresh", "password_confirm": "fresh"}
        person.press("password_change", {words(key): value for key, value in values.items()})
        assert words("password_changed") in person.text
        assert boxes.violations() == []


def test_a_box_that_does_not_answer(tmp_path: Path, enter: Enter) -> None:
    """A page is tried again; of an act nobody knows; without a session nothing is done; a wrong address is said."""
    with running(pair("127.0.128", box={"era": "app"}), tmp_path) as boxes:
        person = enter(boxes, A, "login")
        words = person.words
        for do in ("502", "garbage", "json"):
            boxes.control("/faults", do=do, box=A, op="login.failover")
            person.open("management", "failover")
            assert person.page.get_by_role("alert").count() == 1
            if do == "json":
                person.page.get_by_role("button", name="Try again").click()
            person.page.get_by_role("alert").wait_for(state="detached")
            assert person.button("failover_sync").is_visible()
        boxes.control("/faults", do="502", box=A, op="login.failover.save")
        person.press("save_changes", {words("failover_automatic"): True})
        assert "is not known" in person.page.get_by_role("alert").inner_text()
        boxes.control("/kill-sessions", box=A, application="login")
        person.press("failover_sync")
        assert person.button("log_in").is_visible()
        assert "login.failover.sync" not in boxes.ops()
        person.log_in()
        person.page.goto(f"{boxes.url(A)}/login/nowhere")
        person.settle()
        assert "does not exist" in person.text
        person.follow("To the first page")
        assert words("information_version") in person.text


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boxes]:
    """Boxes in both languages for tests that only look."""
    look = [{"name": A, "address": "127.0.126.1", "era": "app", "language": "en", "role": "primary"}]
    look += [{"name": B, "address": "127.0.126.2", "era": "app", "language": "nl", "role": "backup"}]
    with running(pair("127.0.126", site={"boxes": look}), tmp_path_factory.mktemp("still")) as boxes:
        yield boxes


@pytest.mark.parametrize("box", [A, B])
@pytest.mark.parametrize("application", ["login", "appliance"])
def test_nothing_is_there_without_a_script(still: Boxes, box: str, application: str) -> None:
    """Every address answers a document with an application's root, a module script and a style sheet; nothing else."""
    page, words = still.browser(box, application), still.words(box)
    addresses = {link["href"] for entry in page.page["menu"] for link in (entry, *entry["children"])}
    assert len(addresses) > 3
    for address in (f"/{application}", *sorted(addresses)):
        answer = page.session.get(still.url(box) + address, verify=still.ca, headers={"Accept": "text/html"})
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        document = html.document_fromstring(answer.content)
        assert document.xpath("//form | //input | //button | //a | //h1 | //label | //style | //*[@style]") == []
        assert len(document.xpath("//body/div[@id] | //script[@type='module'][@src] | //noscript")) == 3
        seen = {words(key).casefold() for key in ("username", "password", "updates", "failover", "basics")}
        assert not any(word in answer.text.casefold() for word in seen)
        assert box not in answer.text


@pytest.mark.parametrize(("box", "application"), [(A, "login"), (B, "appliance")])
def test_every_page_of_the_menu(still: Boxes, enter: Enter, box: str, application: str) -> None:
    """All pages are reached through the menu, with a heading of their own, labels at all controls, and no defect."""
    person = enter(still, box, application)
    menu = person.page.get_by_role("navigation")
    for fold in menu.get_by_role("button").all():
        if fold.get_attribute("aria-expanded") == "false":
            fold.click()
    titles = menu.get_by_role("link").all_inner_texts()
    assert len(titles) == len(menu.get_by_role("link").all()) > 3
    for number in range(len(titles)):
        for fold in menu.get_by_role("button").all():
            if fold.get_attribute("aria-expanded") == "false":
                fold.click()
        link = menu.get_by_role("link").nth(number)
        title = link.inner_text()
        link.click()
        person.settle()
        assert menu.locator("[aria-current=page]").inner_text() == title
        assert person.page.get_by_role("heading", level=1).count() == 1
        for control in person.page.locator("main :is(input, select, textarea)").all():
            labelled = control.evaluate("node => node.labels.length > 0 || node.hasAttribute('aria-label')")
            assert labelled, control.evaluate("node => node.outerHTML")


def test_names_differ_from_start_to_start(tmp_path: Path) -> None:
    """Neither addresses nor field names nor the paths of the application's files can be known beforehand."""
    seen: list[set[str]] = []
    for number in range(2):
        with running(pair("127.0.127", box={"era": "app"}), tmp_path / str(number)) as boxes:
            for box in (A, B):
                page, words = boxes.browser(box, "login"), boxes.words(box)
                shell = boxes.get(box, "/login")
                page.open(words("management"), words("software"))
                names = {field["name"] for form in page.forms() for field in (*form["parts"], *form["buttons"])}
                links = {link["href"] for entry in page.page["menu"] for link in (entry, *entry["children"])}
                files = html.document_fromstring(shell.content).xpath("//script/@src | //div/@id")
                seen.append(names | links | set(map(str, files)))
    assert len(set.union(*seen)) == sum(map(len, seen))


def test_acts_need_the_token_of_the_session(still: Boxes) -> None:
    """An act without the header is refused and changes nothing; the files of the application need no log-in."""
    page, words = still.browser(A, "login"), still.words(A)
    page.open(words("management"), words("failover"))
    form, button = next((form, button) for form, button in page.presses() if button["label"] == words("failover_sync"))
    url = still.url(A) + form["action"]
    for headers in ({}, {"X-CSRF-Token": "x" * 40}):
        answer = page.session.post(url, json={button["name"]: "1"}, headers=headers, verify=still.ca)
        assert answer.status_code == 419
    assert "login.failover.token" in still.ops()
    assert still.state(A)["failover"]["syncing"] is False
    script = html.document_fromstring(still.get(A, "/login").content).xpath("//script/@src")[0]
    assert still.get(A, script).headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert still.get(A, script.replace("app.js", "index.html")).status_code == 404
