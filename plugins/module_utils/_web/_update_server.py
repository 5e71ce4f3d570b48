# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The vendor's update server: a public web page that takes a download key and lists the packages of that box (G19).

What that page looks like is not documented, so it is driven by words like the pages of a box, in English unless it says
otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    NotOffered,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Body, Endpoint, Transport
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._answer import Answer, Download
from ansible_collections.bt_ops.pra.plugins.module_utils._web._exchange import Exchange
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import KeepCopy, Page, Row, Scope, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import follow
from ansible_collections.bt_ops.pra.plugins.module_utils._web._updates_page import Kind, kind_of
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import Words

_SHA256 = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
_BYTES = re.compile(r"^([\d.,' \u00a0]*\d)\s*(?:bytes?|B)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Listed:
    """A package that the server offers for a key; `size` in bytes, where it says that exactly."""

    kind: Kind
    version: Version
    title: str
    size: int | None
    sha256: str
    requires_base: Version | None
    way: Submission = field(repr=False)

    @property
    def link(self) -> str:
        """The address of the package where a link leads to it, ``""`` where a form does."""
        return self.way.target if self.way.method == "GET" else ""


class UpdateServer:
    """The server at one address.

    :param url: where a person begins, such as ``https://update.bomgar.com``.
    :param ca_path: authorities that its certificate is verified against, by default the system's.
    :param labels: the user's own words for its page.
    :raises BadInput: the address is none.
    """

    def __init__(
        self,
        url: str,
        ca_path: str,
        secrets: tuple[str, ...] = (),
        keep_copy: KeepCopy | None = None,
        labels: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        parts = _parts(url)
        endpoint = Endpoint(parts.hostname or "", parts.port or 443, ca_path=ca_path)
        self._start = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._words = Words("en", labels)
        self._exchange = _PublicExchange(Transport(endpoint), ca_path)
        self._secrets = secrets
        self._keep_copy = keep_copy
        self.name = str(endpoint)

    def ask(self, key: str) -> tuple[Listed, ...]:
        """Give the server a key and read what it has for that box.

        :raises NotOffered: it takes no such key.
        :raises PageNotUnderstood: the page is not what is expected.
        """
        page = self._page(self._exchange.get(self._start))
        if page.is_application:
            raise page.undrawn(advice="Fetch the packages with a browser.", guide=("G19",))
        asked = page.fill({page.field("server.key"): key}, page.button("server.submit"))
        answer = self._page(self._exchange.send(asked))
        packages = tuple(_packages(answer))
        if packages:
            return packages
        if answer.says("updates.none") is not None:
            return ()
        said = answer.says("server.refused") or answer.says("error")
        if said is None:
            raise answer.not_understood("package", "server.download", [], answer)
        raise NotOffered(f"{self.name} gives nothing for this key: {said.text[:300]}", guide=("G19", "G22"))

    def download(self, way: Submission, offset: int | None, tag: str) -> Download | str:
        """Ask for a package, or go on with it from a byte on; what the server says instead where it gives no file.

        :raises Unreachable: it does not answer, or not now.
        """
        answer = self._exchange.download(way, offset, tag)
        if isinstance(answer, Download):
            return answer
        if answer.status >= 500 or answer.status == 429:
            raise Unreachable(f"{self.name} answers with the HTTP status {answer.status}.")
        page = self._page(answer)
        said = page.says("error")
        status = f"HTTP status {answer.status}"
        return f"{said.text[:300]} ({status})" if said else f"{status}, the page {page.title or 'without title'!r}"

    def again(self, link: str) -> Submission:
        """The way to a package whose address is known from before."""
        return follow(link, "")

    def _page(self, answer: Answer) -> Page:
        page = Page(
            answer.body,
            url=answer.url,
            words=self._words,
            status=answer.status,
            encoding=answer.encoding,
            box=self.name,
            keep_copy=self._keep_copy,
            secrets=self._secrets,
        )
        if page.status >= 500:
            error = Unreachable if answer.method == "GET" else AnswerLost
            raise error(f"{self.name} answers with the HTTP status {page.status}.")
        return page


class _PublicExchange(Exchange):
    """Requests without an account. A file may lie on another host, which is told nothing but which file is wanted."""

    def __init__(self, transport: Transport, ca_path: str) -> None:
        super().__init__(transport, "en", "")
        self._ca_path = ca_path

    def _request(
        self, method: str, url: str, body: Body | None, headers: dict[str, str], referer: str
    ) -> requests.Response:
        parts = urlsplit(url)
        if parts.netloc in ("", urlsplit(self._transport.endpoint.origin).netloc) or method != "GET":
            return super()._request(method, url, body, headers, referer)
        if parts.scheme != "https":
            raise BadInput(f"{self._transport.endpoint} leads to {parts.scheme}://{parts.hostname}, without TLS.")
        other = Transport(Endpoint(parts.hostname or "", parts.port or 443, ca_path=self._ca_path))
        return other.request(method, url, headers=headers, stream=True)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        fits = parts.scheme == "https" and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise BadInput(f"url is {url[:100]!r}, which is no address of an HTTPS server.", state="Nothing was sent.")
    return parts


def _packages(page: Page) -> Iterator[Listed]:
    """Every part of the page that names a version and has one way to a file: a section, else a row, else a link."""
    found = [each for part in _inner_sections(page) for each in _in_part(page, part.title, part, None)]
    if not found:
        for row in page.rows():
            title = next((cell for cell in row.cells if Version.find(cell)), "")
            found += _in_part(page, title, row.scope, row)
    if not found:
        links = [link for link in page.links() if not link.is_navigation and Version.find(link.label)]
        found = [_listed(page, link.label, page.follow(link), None, None) for link in links]
    known: dict[tuple[str, Version], Listed] = {}
    for each in found:
        known.setdefault((each.kind, each.version), each)
    yield from known.values()


def _inner_sections(scope: Scope) -> Iterator[Scope]:
    for section in scope.sections():
        yield from _inner_sections(section)
        yield section


def _in_part(page: Page, title: str, part: Scope, row: Row | None) -> Iterator[Listed]:
    """The package that a part of the page is about, if it is about one."""
    if Version.find(title) is None:
        return
    button = part.buttons("server.download")
    named = [link for link in part.links() if page.reads("server.download", link.label)]
    titled = [link for link in part.links() if link.label and Version.find(link.label)]
    links = {link.target: link for link in (named or titled)}
    if len(links) == 1 and (named or not button):
        yield _listed(page, title, page.follow(list(links.values())[0]), part, row)
    elif not links and len(button) == 1 and button[0].enabled:
        yield _listed(page, title, page.fill({}, button[0]), part, row)


def _listed(page: Page, title: str, way: Submission, part: Scope | None, row: Row | None) -> Listed:
    version = Version.find(title)
    if version is None:
        raise page.not_understood("section", "updates.base", [title], page)

    def told(key: str) -> str:
        return (row.get(key) if row is not None else None) or (part.fact(key) if part is not None else None) or ""

    size = _BYTES.match(told("server.size"))
    digest = _SHA256.search(told("server.sha256") or (part.text if part is not None else ""))
    said = part.says("server.requires") if part is not None else None
    needed = told("server.requires_base") or (said.values.get("requirement", said.text) if said else "")
    return Listed(
        kind=kind_of(page, title),
        version=version,
        title=title,
        size=int(re.sub(r"\D", "", size[1])) if size else None,
        sha256=digest[0].lower() if digest else "",
        requires_base=Version.find(needed),
        way=way,
    )
