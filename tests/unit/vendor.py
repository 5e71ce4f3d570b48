# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small update server over HTTPS: takes a key, lists packages in several markups, gives each once, can break off."""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from urllib.parse import parse_qsl, urlsplit

import trustme

KEY = "AB12-CD34-EF56-7890-long-enough"


@dataclass
class File:
    """A package that the server has."""

    title: str
    content: bytes
    requires: str = ""
    given: bool = False

    @property
    def sha256(self) -> str:
        """The digest that the page tells."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Vendor:
    """The server of one test; what is set here holds from the next request on.

    :param cuts: for each of the next downloads the number of bytes after which the connection is cut.
    :param ranges: ``yes``, ``ignored`` (the whole file again) or ``refused`` (a page).
    """

    url: str
    ca_path: str
    files: list[File] = field(default_factory=list)
    markup: str = "cards"
    cuts: list[int] = field(default_factory=list)
    ranges: str = "yes"
    tells_size: bool = True
    tells_digest: bool = True
    lies: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def downloads(self) -> list[str]:
        """The downloads that were asked for, with the byte that they began at."""
        return [each for each in self.asked if each.startswith("GET /file")]


START = """<html lang=en><head><title>Software Updates</title></head><body><h1>Software Updates</h1>
<form method=post action=/list><input type=hidden name=t value=1>
<label>Appliance Download Key <textarea name=k></textarea></label> <button>Submit</button></form>%s</body></html>"""


def _card(number: int, file: File, vendor: Vendor) -> str:
    digest = f"<dt>SHA-256</dt><dd>{file.sha256}</dd>" if vendor.tells_digest else ""
    needs = f"<dt>Requires</dt><dd>{file.requires}</dd>" if file.requires else ""
    return (
        f"<section><h2>{file.title}</h2><dl><dt>Size</dt><dd>{len(file.content):,} bytes</dd>{digest}{needs}</dl>"
        f"<a href=/file/{number}>Download</a></section>"
    )


def _row(number: int, file: File, vendor: Vendor) -> str:
    return (
        f"<tr><td>{file.title}</td><td>{len(file.content)}</td><td>{file.sha256}</td><td>{file.requires or '-'}</td>"
        f"<td><a href=/file/{number}>Download</a></td></tr>"
    )


def page_of(vendor: Vendor) -> str:
    """The list of what has not been given yet."""
    left = [(number, file) for number, file in enumerate(vendor.files) if not file.given]
    if not left:
        return START % "<p>There are no updates for this appliance.</p>"
    if vendor.markup == "cards":
        return START % "".join(_card(number, file, vendor) for number, file in left)
    if vendor.markup == "table":
        head = "<tr><th>Package</th><th>Size</th><th>SHA-256</th><th>Requires</th><th>File</th></tr>"
        return START % f"<table>{head}{''.join(_row(number, file, vendor) for number, file in left)}</table>"
    links = "".join(f"<li><a href=/file/{number}>{file.title}</a></li>" for number, file in left)
    return START % f"<ul>{links}</ul>"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


@contextmanager
def vending(folder: Path, *files: File) -> Iterator[Vendor]:
    """Run the server on a loopback port."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = folder / "vendor-ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    vendor = Vendor("", str(bundle), list(files))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _page(self, text: str, status: int = 200) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = dict(parse_qsl(body))
            vendor.asked.append("POST /list")
            if form.get("k") != KEY:
                self._page(START % "<p class=error>This key is not recognized.</p>")
            else:
                self._page(page_of(vendor))

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if not path.startswith("/file/"):
                vendor.asked.append(f"GET {path}")
                self._page(START % "")
                return
            file = vendor.files[int(path.rpartition("/")[2])]
            told = self.headers.get("Range", "")
            begin = int(told.removeprefix("bytes=").rstrip("-")) if told else 0
            vendor.asked.append(f"GET {path} {begin}")
            if begin and vendor.ranges == "refused":
                self._page(START % "<p>This package has already been downloaded and cannot be given again.</p>", 410)
                return
            if vendor.ranges == "ignored":
                begin = 0
            file.given = True
            self._file(file, begin)

        def _file(self, file: File, begin: int) -> None:
            content = file.content[begin:]
            if vendor.lies:
                content = b"x" * len(content)
            self.send_response(206 if begin else 200)
            self.send_header("Content-Type", "application/octet-stream")
            name = file.title.lower().replace(" ", "-")
            self.send_header("Content-Disposition", f'attachment; filename="{name}.nss"')
            self.send_header("ETag", f'"{file.sha256[:16]}"')
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(file.content) - 1}/{len(file.content)}")
            if vendor.tells_size:
                self.send_header("Content-Length", str(len(content)))
            else:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            cut = vendor.cuts.pop(0) if vendor.cuts else len(content)
            self.wfile.write(content[:cut])
            if cut < len(content):
                self.wfile.flush()
                self.close_connection = True

    server = _Server(("127.0.0.1", 0), Handler)
    vendor.url = f"https://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
