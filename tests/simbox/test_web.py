# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Log-ins, sessions, tokens and names of the two web sites."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.simbox.boxes import A, B, Boxes, pair, running
from tests.simbox.browser import Browser

MARKUPS = ("tables", "divs", "aria")


def test_two_web_sites(calm: Boxes) -> None:
    """Two accounts, two cookies; neither log-in opens the other."""
    words = calm.words(A)
    login, appliance = calm.browser(A, "login"), calm.browser(A, "appliance")
    assert words("product_login") in login.text
    assert words("basics_time") in appliance.text
    assert (login.session.cookies.keys(), appliance.session.cookies.keys()) == (["ns_sl"], ["nsbase_session"])
    cookie = next(iter(login.session.cookies))
    assert cookie.secure
    login.get("/appliance")
    assert words("password") in login.text


@pytest.mark.parametrize("era", MARKUPS)
def test_names_differ_from_start_to_start(tmp_path: Path, era: str) -> None:
    """Neither paths nor field names can be known beforehand, and they change when software restarts."""
    seen: list[set[str]] = []
    for number in range(2):
        with running(pair("127.0.23", box={"era": era}), tmp_path / str(number)) as boxes:
            for box in (A, B):
                page = boxes.browser(box, "login")
                links = {str(link) for link in page.page.xpath("//a/@href")}
                page.open(boxes.words(box)("management"), boxes.words(box)("software"))
                seen.append(links | {str(name) for name in page.page.xpath("//form//@name")})
    assert len(set.union(*seen)) == sum(map(len, seen))


def test_session_ends_in_a_restart(boxes: Boxes) -> None:
    """A restart logs everybody out and draws new paths; the old ones lead to the log-in."""
    words, page = boxes.words(A), boxes.browser(A, "appliance")
    page.open(words("networking"))
    old = page.response.url
    page.open(words("status"))
    page.press(words("basics_restart"))
    boxes.until(lambda: boxes.state(A)["system"] != "open")
    boxes.until(lambda: boxes.state(A)["system"] == "open")
    page.get(old)
    assert words("log_in") in page.buttons()


def test_sessions_expire_and_are_cut(boxes: Boxes) -> None:
    """A session ends when it is not used, or when an administrator ends it."""
    words, page = boxes.words(A), boxes.browser(A, "login")
    boxes.control("/kill-sessions", box=A, application="login", tokens=True)
    page.open(words("management"))
    assert words("log_in") in page.buttons()
    boxes.control("/durations", session=3.0)
    page = boxes.browser(A, "login")
    time.sleep(0.4)
    page.open(words("management"))
    assert words("log_in") in page.buttons()


@pytest.mark.parametrize(("era", "again"), [("tables", 419), ("divs", 200), ("aria", 419)])
def test_tokens(tmp_path: Path, era: str, again: int) -> None:
    """A form needs its token; in some eras it is good once, in others for the session."""
    with running(pair("127.0.24", box={"era": era}), tmp_path) as boxes:
        words, page = boxes.words(A), boxes.browser(A, "login")
        page.open(words("management"), words("failover"))
        name, button = next((name, node) for name, node in page._buttons() if name == words("failover_refresh"))
        data, url = page.data_of(button, {}), page.response.url
        bare = [(name, value) for name, value in data if len(value) < 40]
        assert page.session.post(url, data=bare, verify=boxes.ca).status_code == 419
        assert page.session.post(url, data=data, verify=boxes.ca).status_code == 200
        assert page.session.post(url, data=data, verify=boxes.ca).status_code == again
        assert "login.failover.token" in boxes.ops()


def test_lock_out(boxes: Boxes) -> None:
    """Three refused log-ins lock the account, also for the right password; each is counted."""
    words, account = boxes.words(A), boxes.facts["boxes"][A]["appliance"]
    labels = (words("username"), words("password"), words("log_in"))
    for password in ("one", "two", "three", account["password"]):
        page = Browser(boxes.url(A), boxes.ca, "appliance")
        page.log_in(account["username"], password, labels)
        assert words("log_in") in page.buttons()
    assert words("login_locked") in page.text
    assert boxes.violations() == ["A8"] * 3


@pytest.mark.parametrize("era", ["tables", "divs", "aria"])
def test_preshared_key_that_is_shown(tmp_path: Path, era: str) -> None:
    """A box shows its key where it is told to, and not else; saved as it stands, it stays."""
    key = "the <key> & more"
    config = pair("127.0.25", box={"era": era}, site={"preshared_key": key})
    config["sites"][0]["boxes"][0]["shows_preshared_key"] = True
    with running(config, tmp_path) as boxes:
        for box in (A, B):
            words, page = boxes.words(box), boxes.browser(box, "login")
            page.open(words("management"), words("security"))
            assert (key in page.page.xpath("//input/@value")) is (box == A)
            before = boxes.state(box)["settings"]
            page.press(words("save_changes"))
            assert boxes.state(box)["settings"] == before


def test_agreement_and_change_of_password(tmp_path: Path) -> None:
    """Before the log-in an agreement, after it a forced change of the password."""
    changes = {"login_agreement": True, "appliance_agreement": True, "appliance": {"must_change_password": True}}
    with running(pair("127.0.25", box=changes), tmp_path) as boxes:
        words, account = boxes.words(A), boxes.facts["boxes"][A]["appliance"]
        page = Browser(boxes.url(A), boxes.ca, "appliance")
        page.get("/appliance")
        page.press(words("agreement_accept"))
        credentials: dict[str, str | bool] = {
            words("username"): account["username"],
            words("password"): account["password"],
        }
        page.press(words("log_in"), credentials)
        current, new, confirm = (words(f"password_{key}") for key in ("current", "new", "confirm"))
        page.press(words("password_change"), {current: account["password"], new: "fresh", confirm: "other"})
        assert words("password_unfit") in page.text
        page.press(words("password_change"), {current: account["password"], new: "fresh", confirm: "fresh"})
        assert words("password_changed") in page.text
        assert words("basics_time") in page.text
        page.open(words("log_out"))
        page.press(words("agreement_accept"))
        assert words("log_in") in page.buttons()


def test_every_page_of_the_menu(calm: Boxes) -> None:
    """All pages can be reached through the menu; a backup shows fewer."""
    counts = {}
    for box in (A, B):
        for application in ("login", "appliance"):
            page = calm.browser(box, application)
            links = {str(href) for href in page.page.xpath("//nav//a/@href")}
            for href in links:
                page.get(href)
                assert page.response.status_code == 200
            counts[box, application] = len(links)
    assert counts[A, "login"] > counts[B, "login"]
    assert counts[A, "appliance"] == counts[B, "appliance"]


def test_settings_pages(boxes: Boxes) -> None:
    """Limits of Jump Client upgrades, pre-shared key, NTP server, own address: saved, or refused with a sentence."""
    words, page = boxes.words(A), boxes.browser(A, "login")
    page.open(words("jump"), words("jump_clients"))
    page.press(words("save"), {words("clients_limit"): "501"})
    assert words("clients_out_of_range", most=500) in page.text
    page.press(words("save"), {words("clients_limit"): "7"})
    assert boxes.state(A)["settings"]["jump_clients.maximum_concurrent_upgrades"] == "7"
    key = boxes.state(A)["settings"]["security.inter_appliance_preshared_key"]
    page.open(words("management"), words("security"))
    page.press(words("save_changes"), {words("security_key"): "another", words("security_idle"): "60"})
    assert boxes.state(A)["settings"]["security.inter_appliance_preshared_key"] != key
    page = boxes.browser(A, "appliance")
    page.open(words("networking"))
    page.press(words("save_changes"), {words("ntp_server"): "ntp.example.test"})
    assert boxes.state(A)["ntp_server"] == "ntp.example.test"
    page.open(boxes.facts["boxes"][A]["address"])
    page.press(words("save_changes"), {words("ip_enabled"): False})
    assert words("ip_own_address") in page.text
    page.press(words("save_changes"), {words("ip_netmask"): "nonsense", words("ip_enabled"): True})
    assert words("ip_bad_netmask") in page.text
