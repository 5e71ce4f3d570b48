# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The offline path: download key, the vendor's update server, manual installation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
import yaml

from simbox.config import ConfigError, load
from simbox.packages import Header, content, read_header, seal
from tests.simbox.application import Application
from tests.simbox.boxes import NEW, OLD, Boxes, migration, running
from tests.simbox.browser import Browser

CASES = [("tables", "en"), ("divs", "nl"), ("aria", "en"), ("tables", "nl"), ("app", "nl")]
SIZE = 3_000_000


def offline(address: str, **changes: Any) -> dict[str, Any]:
    """Two boxes that are upgraded with packages from the vendor's server."""
    config = migration(address, **changes)
    for package in config["catalogue"]:
        package["size"] = SIZE
    return {**config, "vendor": {"address": f"{address}.9", **changes.get("vendor", {})}}


@pytest.fixture
def boxes(tmp_path: Path) -> Iterator[Boxes]:
    """Boxes and the vendor's server; a backup is taken already."""
    with running(offline("127.0.71"), tmp_path) as started:
        started.call(OLD, "POST", "/api/backup", json={}, headers=started.token(OLD))
        yield started


def key_of(boxes: Boxes, box: str) -> str:
    """What the page shows behind the link."""
    words, page = boxes.words(box), boxes.browser(box, "appliance")
    page.open(words("updates"), words("download_key"))
    if isinstance(page, Application):
        return dict(page.facts()).get(words("download_key"), page.text)
    label = page.page.xpath("//dt[.=$text] | //td[.=$colon] | //*[@role='term'][.=$text]", **_named(words))
    return str(label[0].xpath("following-sibling::*[1]")[0].text_content().strip()) if label else page.text


def _named(words: Any) -> dict[str, str]:
    return {"text": words("download_key"), "colon": f"{words('download_key')}:"}


def ask(boxes: Boxes, key: str, box: str = OLD) -> Browser | Application:
    """Send a key to the vendor, whose server looks as the boxes do."""
    words = boxes.words(box)
    kind = Application if boxes.facts["boxes"][box]["era"] == "app" else Browser
    vendor = kind(boxes.facts["vendor"]["url"], boxes.ca, "")
    vendor.get("/")
    vendor.press(words("vendor_get"), {words("download_key"): key})
    return vendor


def links(vendor: Browser | Application) -> list[str]:
    """Links to files, in the order of the list: base first."""
    if isinstance(vendor, Application):
        return [urljoin(vendor.response.url, link["href"]) for link in vendor.links()]
    return [
        urljoin(vendor.response.url, href) for href in vendor.page.xpath("//*[self::td or @role='gridcell']/a/@href")
    ]


def fetch(boxes: Boxes, url: str, start: int | None = None) -> requests.Response:
    """Download, or go on from a byte."""
    headers = {} if start is None else {"Range": f"bytes={start}-"}
    return requests.get(url, headers=headers, verify=boxes.ca, timeout=10)


def install(boxes: Boxes, box: str, file: bytes) -> str:
    """Upload a package; answers what the page says then."""
    words, page = boxes.words(box), boxes.browser(box, "appliance")
    page.open(words("updates"))
    page.press(words("manual_upload"), {words("manual_file"): file})
    return page.text


@pytest.mark.parametrize(("era", "language"), CASES)
def test_upgrade_without_network(tmp_path: Path, era: str, language: str) -> None:
    """Key, download, upload of base and product; what was downloaded is offered nowhere any more."""
    number = 72 + CASES.index((era, language))
    look = {"era": era, "language": language}
    with running(offline(f"127.0.{number}", box=look, vendor=look), tmp_path) as boxes:
        words = boxes.words(OLD)
        boxes.call(OLD, "POST", "/api/backup", json={}, headers=boxes.token(OLD))
        key = key_of(boxes, OLD)
        assert key == key_of(boxes, OLD) != key_of(boxes, NEW)
        files = [fetch(boxes, url).content for url in links(ask(boxes, key))]
        assert [len(file) for file in files] == [SIZE, SIZE]
        assert words("updates_none") in ask(boxes, key).text
        page = boxes.browser(OLD, "appliance")
        page.open(words("updates"))
        page.press(words("updates_check"))
        assert words("updates_none") in page.text
        for file, version in zip(files, ("6.2.0", "24.3.1"), strict=True):
            said = install(boxes, OLD, file)
            assert words(f"package_{'base' if version == '6.2.0' else 'product'}", version=version) in said
            boxes.until(lambda: boxes.state(OLD)["updates"]["running"] is None)
            boxes.until(lambda: boxes.state(OLD)["healthy"])
            boxes.call(OLD, "POST", "/api/backup", json={}, headers=boxes.token(OLD))
        assert (boxes.state(OLD)["base"], boxes.state(OLD)["product"]) == ("6.2.0", "24.3.1")
        assert boxes.violations() == []


def test_refused_packages(boxes: Boxes) -> None:
    """Another box's, a damaged, a truncated, a foreign file, and one out of order: refused, and watched."""
    words = boxes.words(OLD)
    base, product = (fetch(boxes, url).content for url in links(ask(boxes, key_of(boxes, OLD))))
    other = fetch(boxes, links(ask(boxes, key_of(boxes, NEW)))[0]).content
    assert words("manual_other_box") in install(boxes, OLD, other)
    assert words("manual_damaged") in install(boxes, OLD, base[:-1])
    assert words("manual_damaged") in install(boxes, OLD, base[:-1] + b"!")
    assert words("manual_no_package") in install(boxes, OLD, b"PK" + base)
    assert words("manual_no_package") in install(boxes, OLD, base + b"!")
    assert words("manual_no_file") in install(boxes, OLD, b"")
    assert boxes.violations() == ["M1", "M2", "M2", "M2", "M2"]
    name = words("package_product", version="24.3.1")
    assert words("updates_blocked", title=name, base="6.1.0", version="24.3.1") in install(boxes, OLD, product)
    assert boxes.violations()[-1] == "C5"
    assert boxes.state(OLD)["updates"]["started"] == []


def test_given_once_and_gone_on_with(boxes: Boxes) -> None:
    """A download that broke off is gone on with by Range; it is neither begun anew nor given again."""
    words, vendor = boxes.words(OLD), boxes.facts["vendor"]["hostname"]
    key = key_of(boxes, OLD)
    url = links(ask(boxes, key))[0]
    boxes.control("/faults", do="truncate", box=vendor, op="vendor.download")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        fetch(boxes, url)
    assert boxes.state()["vendor"][0]["sent"] == SIZE // 2
    assert words("vendor_begun", percent=50) in ask(boxes, key).text
    assert fetch(boxes, url).status_code == 410
    assert fetch(boxes, url, SIZE // 2 + 1).status_code == 416
    rest = fetch(boxes, url, 1_000_000)
    assert (rest.status_code, len(rest.content)) == (206, SIZE - 1_000_000)
    assert rest.headers["Content-Range"] == f"bytes 1000000-{SIZE - 1}/{SIZE}"
    assert boxes.state()["vendor"][0]["complete"]
    assert [fetch(boxes, url, start).status_code for start in (None, 0, SIZE - 10)] == [410, 410, 206]
    assert len(links(ask(boxes, key))) == 1
    entries = [entry for entry in boxes.control("/log", "GET") if entry["op"] == "vendor.download"]
    assert (entries[0]["status"], entries[0]["kind"], entries[0]["box"]) == (0, "download", vendor)
    assert boxes.state(OLD)["updates"]["downloaded"] == ["base-6.2.0"]


def test_keys(boxes: Boxes) -> None:
    """A wrong clock gives no key and a vague text; the vendor knows only keys that are not too old."""
    words = boxes.words(OLD)
    assert words("vendor_bad_key") in ask(boxes, "AAAA-BBBB").text
    key = key_of(boxes, OLD)
    boxes.control("/clock", box=OLD, offset=-3600)
    assert words("download_key_failed") in key_of(boxes, OLD)
    boxes.control("/durations", key=0)
    assert words("vendor_bad_key") in ask(boxes, key).text


def test_download_while_read_only(boxes: Boxes) -> None:
    """A check mode that downloads is caught."""
    url = links(ask(boxes, key_of(boxes, OLD)))[0]
    boxes.control("/readonly", on=True)
    fetch(boxes, url)
    assert boxes.violations() == ["T9"]


def test_eula_of_an_uploaded_package(tmp_path: Path) -> None:
    """The agreement comes after the upload; the package is installed when it is accepted."""
    config = offline("127.0.71")
    config["catalogue"][0]["eula"] = True
    with running(config, tmp_path) as boxes:
        words = boxes.words(NEW)
        base = fetch(boxes, links(ask(boxes, key_of(boxes, NEW), NEW))[0]).content
        page = boxes.browser(NEW, "appliance")
        page.open(words("updates"))
        page.press(words("manual_upload"), {words("manual_file"): base})
        assert words("eula_text") in page.text
        assert boxes.state(NEW)["updates"]["running"] is None
        page.press(words("eula_accept"), {words("eula_agree"): True})
        boxes.until(lambda: boxes.state(NEW)["base"] == "6.2.0")
        assert boxes.violations() == []


@pytest.mark.parametrize("size", [4096, 1024 + 1024 * 1024, 2_500_000])
def test_package_files(size: int) -> None:
    """A file is the same from wherever one goes on, has the size it should, and its header can be read."""
    header = Header("base-6.2.0", "site", "box", size, seal("base-6.2.0", size))
    whole = b"".join(content(header, 0))
    assert len(whole) == size
    assert read_header(whole) == header
    for start in (1, 1023, 1024, 1025, size - 1, size // 2):
        assert b"".join(content(header, start)) == whole[start:]
    assert read_header(b"x" * 2000) is None


def test_upload_that_breaks(boxes: Boxes) -> None:
    """A planned trouble: the connection breaks half-way, nothing is installed."""
    base = fetch(boxes, links(ask(boxes, key_of(boxes, OLD)))[0]).content
    boxes.control("/troubles", box=OLD, trouble="upload_breaks")
    with pytest.raises(requests.exceptions.ConnectionError):
        install(boxes, OLD, base)
    assert boxes.ops()[-1] == "upload.broken"
    assert boxes.state(OLD)["updates"]["started"] == []
    boxes.control("/troubles", box=OLD, trouble="upload_breaks", on=False)
    install(boxes, OLD, base)
    assert boxes.state(OLD)["updates"]["started"] == ["base-6.2.0"]


def test_configurations() -> None:
    """Addresses of a network namespace only when that is said; a package has room for its header."""
    config = offline("10.99.0")
    with pytest.raises(ConfigError, match=r"10\.99\.0\.1' is no loopback address"):
        load(yaml.safe_dump(config))
    assert load(yaml.safe_dump({**config, "private_addresses": True})).vendor.address == "10.99.0.9"
    with pytest.raises(ConfigError, match="vendor: '127.0.71.1' is no loopback address or used twice"):
        load(yaml.safe_dump(offline("127.0.71", vendor={"address": "127.0.71.1"})))
    config = offline("127.0.71")
    config["catalogue"][0]["size"] = 10
    with pytest.raises(ConfigError, match="at least 4096 bytes"):
        load(yaml.safe_dump(config))
