# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests and answers of a site as a browser makes them: redirects, refreshes, headers, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BtError,
    PageNotUnderstood,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._answer import CHUNK, Answer, Download
from ansible_collections.bt_ops.pra.plugins.module_utils._web._memory import cookies_of, put_cookies
from ansible_collections.bt_ops.pra.plugins.module_utils._web._multipart import encoded
from ansible_collections.bt_ops.pra.plugins.module_utils._web._source import LARGEST_PAGE
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import Submission

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Body, Endpoint, Transport

MOST_REDIRECTS = 10
FORGERY_COOKIE, FORGERY_HEADER = "XSRF-TOKEN", "X-XSRF-TOKEN"  # of Laravel (appliance-interface.md 8)
STALL_SECONDS = 120.0  # in which a box that is being sent a file may take nothing of it
DIGEST_SECONDS = 900.0  # that a box may take to answer once it has the whole file
LONGEST_SHELL = 5_000  # bytes of a page that does nothing but lead on
_SAME_METHOD = frozenset({307, 308})
_REDIRECTS = _SAME_METHOD | {301, 302, 303}
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_SIGN_ON = frozenset({"SAMLRequest", "RelayState", "client_id", "redirect_uri", "wctx", "wtrealm"})
_REFRESH = re.compile(
    rb"<meta[^>]{0,100}?http-equiv\s*=\s*[\"']?refresh[\"']?[^>]{0,100}?content\s*=\s*[\"']\s*(\d+)\s*;\s*url\s*=\s*[\"']?"
    rb"([^\"'>]{1,2000})",
    re.I,
)
_SCRIPTED = re.compile(
    rb"(?:window\.|document\.|top\.|self\.)?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*[\"']([^\"']{1,2000})[\"']"
)


class HttpDownload(Download):
    """A file that comes as the answer to a request."""

    def __init__(self, response: requests.Response, transport: Transport, method: str) -> None:
        self._response = response
        self._transport = transport
        self._method = method

    @property
    def name(self) -> str:
        """The file name that the box proposes, without any folder; ``""`` where it proposes none."""
        header = self._response.headers.get("Content-Disposition", "")
        match = re.search(r"filename\*\s*=\s*[\w-]*''([^;]+)", header)
        match = match or re.search(r'filename\s*=\s*"?([^";]+)', header)
        return re.split(r"[/\\]", unquote(match[1]))[-1].strip() if match else ""

    @property
    def size(self) -> int | None:
        """How many bytes it will have, None where the box does not say."""
        length = self._response.headers.get("Content-Length", "")
        if self._response.headers.get("Content-Encoding", "identity").lower() != "identity":
            return None
        return int(length) if length.isascii() and length.isdigit() else None

    @property
    def offset(self) -> int | None:
        """Which byte of the file comes first, None where the answer is a part that is not told to be which."""
        if self._response.status_code != 206:
            return 0
        told = re.match(r"bytes (\d+)-", self._response.headers.get("Content-Range", ""))
        return int(told[1]) if told else None

    @property
    def whole_size(self) -> int | None:
        """How many bytes the whole file has, None where the box does not say."""
        told = re.search(r"/(\d+)$", self._response.headers.get("Content-Range", ""))
        if told:
            return int(told[1])
        return self.size if self._response.status_code != 206 else None

    @property
    def tag(self) -> str:
        """What tells this state of the file from another (entity tag)."""
        return str(self._response.headers.get("ETag", ""))

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece.

        :raises AnswerLost, Unreachable: it broke off.
        """
        try:
            yield from self._response.iter_content(CHUNK)
        except (requests.RequestException, OSError) as error:
            raise self._transport.explain(error, self._method) from None

    def close(self) -> None:
        """Give the connection back."""
        self._response.close()


class Exchange:
    """Sends what a browser would send, on the transport of one box."""

    def __init__(self, transport: Transport, language: str, application: str) -> None:
        self._transport = transport
        self._application = application
        self._headers = {
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Language": language if language == "en" else f"{language},en;q=0.5",
        }

    @property
    def kept(self) -> dict[str, Any]:
        """What makes up the session, as plain values; empty where there is none."""
        cookies = cookies_of(self._transport)
        return {"cookies": cookies} if cookies else {}

    def put(self, kept: dict[str, Any]) -> None:
        """Go on with a session that was kept."""
        put_cookies(self._transport, kept.get("cookies", []))

    def forget(self) -> None:
        """Forget the session here; the box is not told."""
        self._transport.cookies.clear()

    def get(self, target: str, referer: str = "") -> Answer:
        """Fetch a page; redirects and refreshes are followed.

        :raises PageNotUnderstood: the answer is no page.
        """
        return self._page(Submission("GET", target, [], page=referer))

    def send(self, submission: Submission) -> Answer:
        """Send a form; the page it leads to is fetched."""
        return self._page(submission)

    def send_unfollowed(self, submission: Submission) -> Answer | Submission:
        """Send a form; where the answer is a redirect, what would fetch the page that it leads to is given instead."""
        body, headers = encoded(submission)
        url = urljoin(self._transport.endpoint.origin + "/", submission.address)
        response = self._request(submission.method, url, body, headers, submission.page)
        onward = _redirect(response)
        if not onward:
            return self._read(response, submission.method, url)
        _let_go(response)
        onward = self._own(urljoin(url, onward))
        if response.status_code in _SAME_METHOD:
            return replace(submission, target=onward)
        return Submission("GET", onward, [], page=url)

    def download(self, submission: Submission, offset: int | None = None, tag: str = "") -> Answer | Download:
        """Send a form whose answer should be a file; a page is given where one comes instead.

        :param offset: the first byte wanted of a file that was asked for before, so that it is gone on with; the answer
            may be the whole file all the same, see `Download.offset`.
        :param tag: the entity tag of the file of which the bytes before `offset` are here.
        """
        extra = {"Range": f"bytes={offset}-", "Accept-Encoding": "identity"} if offset is not None else {}
        if offset and tag and not tag.startswith("W/"):
            extra["If-Range"] = tag
        response, url = self._run(submission, extra)
        if response.status_code in (200, 206) and _is_file(response):
            return HttpDownload(response, self._transport, submission.method)
        return self._read(response, submission.method, url)

    def _page(self, submission: Submission) -> Answer:
        for _hop in range(MOST_REDIRECTS):
            response, url = self._run(submission)
            answer = self._read(response, submission.method, url)
            onward = _onward(answer)
            if not onward:
                return answer
            submission = Submission("GET", self._own(urljoin(url, onward)), [], page=url)
        raise self._endless(submission)

    def _run(self, submission: Submission, extra: dict[str, str] | None = None) -> tuple[requests.Response, str]:
        """Send, follow redirects, give the last answer and its address."""
        method, referer = submission.method, submission.page
        url = urljoin(self._transport.endpoint.origin + "/", submission.address)
        for _hop in range(MOST_REDIRECTS):
            body, headers = encoded(submission) if method != "GET" else (None, {})
            try:
                response = self._request(method, url, body, {**headers, **(extra or {})}, referer)
            except Unreachable as error:
                if submission.is_write and method == "GET":
                    raise AnswerLost(f"A form was sent, and the page it leads to did not come: {error.what}") from None
                raise
            onward = _redirect(response)
            if not onward:
                return response, url
            _let_go(response)
            referer, url = url, self._own(urljoin(url, onward))
            if response.status_code not in _SAME_METHOD:
                method = "GET"
        raise self._endless(submission)

    def _request(
        self, method: str, url: str, body: Body | None, headers: dict[str, str], referer: str
    ) -> requests.Response:
        sent = {**self._headers, **headers}
        if referer:
            sent["Referer"] = referer
        if method != "GET":
            sent["Origin"] = self._transport.endpoint.origin
            token = next((cookie.value for cookie in self._transport.cookies if cookie.name == FORGERY_COOKIE), "")
            if token:
                sent[FORGERY_HEADER] = unquote(token)
        if body is None or isinstance(body, bytes):
            return self._transport.request(method, url, body=body, headers=sent, stream=True)
        return self._transport.request(
            method, url, body=body, headers=sent, stream=True,
            connect_seconds=STALL_SECONDS, read_seconds=DIGEST_SECONDS,
        )

    def _own(self, url: str) -> str:
        return own_address(self._transport.endpoint, self._application, url)

    def _read(self, response: requests.Response, method: str, url: str) -> Answer:
        try:
            body = bytearray()
            for chunk in response.iter_content(CHUNK):
                body += chunk
                if len(body) > LARGEST_PAGE:
                    break
        except (requests.RequestException, OSError) as error:
            raise self._transport.explain(error, method) from None
        finally:
            response.close()
        kind = _media_type(response)
        if response.status_code < 400 and (_is_attached(response) or (kind and kind not in _PAGES)):
            what = f"{self._transport.endpoint} answers {urlsplit(url).path} with {kind or 'a file'}, which is no page."
            raise self._failed(method, what)
        declared = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", response.headers.get("Content-Type", ""), re.I)
        return Answer(method, url, response.status_code, bytes(body), declared[1] if declared else "")

    def _endless(self, submission: Submission) -> BtError:
        path = urlsplit(submission.target).path
        return self._failed(
            submission.method, f"{self._transport.endpoint} leads from {path} on and on, without a page at the end."
        )

    @staticmethod
    def _failed(method: str, what: str) -> BtError:
        return PageNotUnderstood(what) if method == "GET" else AnswerLost(what)


def own_address(endpoint: Endpoint, application: str, url: str) -> str:
    """An address on this box: a box that writes its site's name into a redirect still means itself."""
    parts = urlsplit(url)
    own = urlsplit(endpoint.origin)
    inside = parts.path == f"/{application}" or parts.path.startswith(f"/{application}/")
    if parts.netloc != own.netloc and inside and _SIGN_ON.isdisjoint(parse_qs(parts.query)):
        return parts._replace(scheme=own.scheme, netloc=own.netloc).geturl()
    return url


def _redirect(response: requests.Response) -> str:
    """Where an answer sends the browser, ``""`` where it does not."""
    return response.headers.get("Location", "") if response.status_code in _REDIRECTS else ""


def _let_go(response: requests.Response) -> None:
    """Read the little that a redirect holds: its connection then serves the next request, without a new handshake."""
    size = 0
    with suppress(requests.RequestException, OSError):
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > LONGEST_SHELL:
                break
    response.close()


def _media_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").split(";")[0].strip().lower()


def _is_attached(response: requests.Response) -> bool:
    return response.headers.get("Content-Disposition", "").strip().lower().startswith("attachment")


def _is_file(response: requests.Response) -> bool:
    return _is_attached(response) or _media_type(response) not in _PAGES


def _onward(answer: Answer) -> str:
    """Where a page that shows nothing leads on to by itself, ``""`` for any other page."""
    head = answer.body[:LONGEST_SHELL]
    refresh = _REFRESH.search(head)
    if refresh and int(refresh[1]) <= (5 if answer.method == "GET" else 0):
        target = refresh[2].decode("utf-8", "replace").replace("&amp;", "&").strip()
        return "" if _path(answer.url, target) == urlsplit(answer.url).path else target
    if len(answer.body) > LONGEST_SHELL or b"<form" in head or b"<a " in head:
        return ""
    scripted = _SCRIPTED.search(head)
    return scripted[1].decode("utf-8", "replace").strip() if scripted else ""


def _path(url: str, target: str) -> str:
    return urlsplit(urljoin(url, target)).path
