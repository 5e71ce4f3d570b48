# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of the way without internet, in markups that nobody has seen: key, manual installation, update server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BoxFailed, NotOffered, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._web._download_key_page import read_download_key
from ansible_collections.bt_ops.pra.plugins.module_utils._web._manual_page import open_manual
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Upload
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Site
from ansible_collections.bt_ops.pra.plugins.module_utils._web._update_server import UpdateServer
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words
from tests.unit.web.box import Asked, Box, Reply, serving

LETTERS = "GDUCFJZT-OEMIABRZ-KMTAVUGG-GGETOAAB"  # one key in some hundreds has no digit
KEY = "GDUCFJ2T-OEMIABR2-7KM76AVU-GG636TO3"
LONG = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC\nAQEAtx3zR7Q0pW5s9uX1l2YfJ8Kd"
NAV = "<nav><a href=/appliance>Status</a> <a href=/appliance/u>Updates</a> <a href=/appliance/out>Logout</a></nav>"


def page(body: str, heading: str = "Updates") -> str:
    """A page of the appliance."""
    return f"<html><head><title>{heading}</title></head><body>{NAV}<h1>{heading}</h1>{body}</body></html>"


def site(box: Box, tmp_path: Path, language: str = "en") -> Site:
    """Its site as somebody who is logged in."""

    def keep(name: str, html: str) -> str:
        (tmp_path / "copy.html").write_text(html)
        return str(tmp_path / "copy.html")

    return Site(Transport(box.endpoint), "appliance", None, Words(language), Memory(), keep)


@contextmanager
def boxed(tmp_path: Path, answer: Callable[[Asked], Reply]) -> Iterator[Box]:
    """A server that answers so."""
    with serving(tmp_path) as box:
        box.answering = answer
        yield box


def answering(updates: str, other: str = "", kind: str = "text/html; charset=utf-8") -> Callable[[Asked], Reply]:
    """A box with these bodies on its Updates page and behind the link or button on it."""

    def answer(asked: Asked) -> Reply:
        if asked.path == "/appliance/k":
            return Reply(other, headers={"Content-Type": kind})
        here = asked.path == "/appliance/u"
        return Reply(page(updates if here else "", "Updates" if here else "Status"))

    return answer


LINK = "<p>Restricted network? <a href=/appliance/k>Appliance Download Key</a></p>"
BUTTON = (
    "<form method=post action=/appliance/k><input type=hidden name=t><button>Get Appliance Download Key</button>"
    "</form>"
)
SECTION = (
    "<section aria-label='Appliance Download Key'><p>For <b>offline</b> use.</p><a href=/appliance/k>Show</a></section>"
)
ARMOURED = f"-----BEGIN KEY-----\n{LONG}\nAb9=\n-----END KEY-----"
WRAPPED = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC\nAQEAtx3zR7Q0pW5s9uX1l2YfJ8KdMIIBIjANBgkq\nQm8="
BROKEN = WRAPPED.replace("\n", "<br>")
SHOWN = {
    # on the Updates page itself
    "cell": (f"<table><tr><th>Appliance Download Key:</th><td>{KEY}</td></tr></table>", "", KEY),
    "letters only": (f"<dl><dt>Appliance Download Key</dt><dd>{LETTERS}</dd></dl>", "", LETTERS),
    "list": (f"<dl><dt>Appliance Download Key</dt><dd><code>{KEY}</code></dd></dl>", "", KEY),
    "field": (f"<label>Appliance Download Key <input readonly value={KEY}></label>", "", KEY),
    "section": (f"<h2>Updates :: Appliance Download Key</h2><p>To be sent.</p><pre>{KEY}</pre><h2>X</h2>", "", KEY),
    # behind a link, a button, or the only link of its section
    "bold": (LINK, page(f"<p>Enter this key:</p><p><b>{KEY}</b></p>", "Appliance Download Key"), KEY),
    "bold letters": (LINK, page(f"<p>Enter this key:</p><p><b>{LETTERS}</b></p>", "Appliance Download Key"), LETTERS),
    "text area": (LINK, page(f"<textarea readonly>{LONG}</textarea>", "Key"), LONG),
    "armoured": (LINK, page(f"<pre>{ARMOURED}</pre>", "Key"), ARMOURED),
    "short last line": (LINK, page(f"<pre>{WRAPPED}</pre>", "Key"), WRAPPED),
    "broken lines": (LINK, page(f"<p>{BROKEN}</p><a href=/appliance/u>Copy</a>", "Key"), WRAPPED),
    "no last line": (LINK, page(f"<p>{BROKEN[:-8]}</p><p>Copy</p><p>24.3</p>", "Key"), WRAPPED[:-5]),
    "day after it": (LINK, page(f"<p>{KEY}</p><p>20261130</p>", "Key"), KEY),
    "button": (BUTTON, page(f"<dl><dt>Download Key</dt><dd>{KEY}</dd></dl>", "Key"), KEY),
    "only link": (SECTION, page(f"<div>{KEY}</div>", "Key"), KEY),
}


@pytest.mark.parametrize(("updates", "other", "key"), SHOWN.values(), ids=SHOWN)
def test_where_the_key_is_shown(tmp_path: Path, updates: str, other: str, key: str) -> None:
    with boxed(tmp_path, answering(updates, other)) as box:
        assert read_download_key(site(box, tmp_path)) == key


@pytest.mark.parametrize("word", ["Unavailable", "not-yet-generated-by-this-appliance", "Beschikbaarheidsinformatie"])
def test_a_word_is_no_key(tmp_path: Path, word: str) -> None:
    shown = f"<dl><dt>Appliance Download Key</dt><dd>{word}</dd></dl>"
    with boxed(tmp_path, answering(shown + LINK, page(f"<p>{KEY}</p>", "Key"))) as box:
        assert read_download_key(site(box, tmp_path)) == KEY


def test_key_as_a_file(tmp_path: Path) -> None:
    with boxed(tmp_path, answering(LINK, f"{KEY}\r\n", "application/octet-stream")) as box:
        assert read_download_key(site(box, tmp_path)) == KEY


UNCLEAR = {"nothing": "<p>Nothing here.</p>", "two": f"<p>{KEY}</p><p>and</p><p>{KEY[::-1]}</p>"}
UNCLEAR["cut off"] = f"<pre>-----BEGIN KEY-----\n{KEY}\n{KEY[::-1]}\n</pre>"


@pytest.mark.parametrize("other", UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_not_clear_is_never_told(tmp_path: Path, other: str) -> None:
    answer = answering(LINK, page(other, "Key"))
    with boxed(tmp_path, answer) as box, pytest.raises(PageNotUnderstood) as caught:
        read_download_key(site(box, tmp_path))
    told = str(caught.value) + str(caught.value.facts) + (tmp_path / "copy.html").read_text()
    assert KEY not in told
    assert KEY[::-1] not in told


def test_a_box_that_gives_no_key(tmp_path: Path) -> None:
    failed = page("<p class=error>An error occurred. The key could not be created.</p>", "Key")
    with boxed(tmp_path, answering(LINK, failed)) as box, pytest.raises(BoxFailed, match="could not be created"):
        read_download_key(site(box, tmp_path))


def form(label: str, button: str) -> str:
    """The form that takes a package."""
    return (
        "<form method=post action=/appliance/k enctype=multipart/form-data><input type=hidden name=t value=7>"
        f"{label}<input type=file name=x><button name=b value=1>{button}</button></form>"
    )


MANUAL = {
    "heading": ("<h2>Updates :: Manual Installation</h2>" + form("<label>Whatever</label>", "Update Software"), ""),
    "fieldset": (f"<fieldset><legend>Manual Installation</legend>{form('', 'Upload')}</fieldset>", ""),
    "link": (
        "<a href=/appliance/k>Manual Installation</a>",
        page(form("Update File", "Update Software"), "Manual Installation"),
    ),
    "link in its section": (
        "<h2>Manual Installation</h2><a href=/appliance/k>Choose a file</a>",
        page(form("", "Update Software"), "Upload"),
    ),
}


@pytest.mark.parametrize(("updates", "other"), MANUAL.values(), ids=MANUAL)
def test_where_a_package_is_sent(tmp_path: Path, updates: str, other: str) -> None:
    with boxed(tmp_path, answering("<h2>Available Updates</h2><p>None.</p>" + updates, other)) as box:
        here = site(box, tmp_path)
        here.submit(open_manual(here).upload(Upload("p.bin", BytesIO(b"package" * 100_000), 700_000)))
        sent = box.asked[-1]
    assert sent.method == "POST"
    assert b'name="t"\r\n\r\n7\r\n' in sent.body
    assert b'name="b"\r\n\r\n1\r\n' in sent.body
    assert b'filename="p.bin"' in sent.body
    assert sent.body.count(b"package") == 100_000


def test_a_page_without_manual_installation(tmp_path: Path) -> None:
    answer = answering("<h2>Available Updates</h2>")
    with boxed(tmp_path, answer) as box, pytest.raises(PageNotUnderstood, match="Manual Installation"):
        open_manual(site(box, tmp_path))


DIGEST = "ab" * 32
HEADINGS = (
    f"<h2>Base Software 6.2.0</h2><p>Size: 1,024 bytes</p><p>SHA-256: {DIGEST}</p><a href=/p/1>Download</a>"
    "<h2>BeyondTrust PRA 24.3.1</h2><p>Requires: Base Software 6.2.0</p><a href=/p/2>Download</a>"
)
TABLE = (
    "<table><thead><tr><th>Package</th><th>Size</th><th>SHA-256</th><th>Requires</th><th></th></tr></thead>"
    f"<tr><td>Base Software 6.2.0</td><td>1024</td><td>{DIGEST}</td><td>-</td><td><a href=/p/1>Download</a></td></tr>"
    "<tr><td>BeyondTrust PRA 24.3.1</td><td>9 GB</td><td></td><td>Base Software 6.2.0</td>"
    "<td><a href=/p/2>Download</a></td></tr></table>"
)
FORMS = (
    f"<ul><li><article aria-label='Base Software 6.2.0'><span>Checksum</span> <span>{DIGEST}</span>"
    "<form method=post action=/p/1><input type=hidden name=id value=1><button>Download</button></form></article></li>"
    "<li><article aria-label='BeyondTrust PRA 24.3.1'><p>Requires Base Software 6.2.0.</p>"
    "<form method=post action=/p/2><button>Download</button></form></article></li></ul>"
)
LISTED = {
    "headings": ("Appliance Download Key:", "Submit", HEADINGS),
    "table": ("Download Key", "Get Updates", TABLE),
    "forms": ("Enter your Appliance Download Key", "Continue", FORMS),
}


@pytest.mark.parametrize(("label", "button", "listing"), LISTED.values(), ids=LISTED)
def test_what_the_server_lists(tmp_path: Path, label: str, button: str, listing: str) -> None:
    fields = f"<label>{label} <input name=k></label><input type=submit value='{button}'>"
    ask = f"<form method=post action=/list>{fields}</form>"

    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/p/"):
            return Reply(b"content", headers={"Content-Type": "application/octet-stream"})
        if asked.method == "POST":
            return Reply(page(listing if asked.form.get("k") == KEY else "<p>This key is not valid.</p>", "Downloads"))
        return Reply(page(ask, "Software Updates"))

    with boxed(tmp_path, answer) as box:
        server = UpdateServer(f"{box.endpoint.origin}/start", box.endpoint.ca_path)
        found = server.ask(KEY)
        assert [(each.kind, each.version.text) for each in found] == [("base", "6.2.0"), ("product", "24.3.1")]
        assert found[0].sha256 == DIGEST
        assert (found[0].size, found[1].size) == (None if listing is FORMS else 1024, None)
        assert found[1].requires_base is not None
        assert found[1].requires_base.text == "6.2.0"
        answered: Any = server.download(found[0].way, None, "")
        assert b"".join(answered.chunks()) == b"content"
        with pytest.raises(NotOffered, match="not valid"):
            server.ask("wrong")
        assert box.seen("GET")[0] == "/start"
