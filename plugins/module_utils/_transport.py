# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How bytes get to one box and back: TLS, time-outs, redaction, and what an exception means.

Redirects are never followed here, environment variables (proxies, .netrc, CA bundles) never change what is trusted,
and a request whose answer was lost is told apart from one that was never sent.
"""

from __future__ import annotations

import socket
import ssl
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import (
    HTTPAdapter,
    PoolKey,
    create_urllib3_context,
    requests,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    BadInput,
    NeedsPerson,
    TlsRefused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import CALLS

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
SENT_AT_ONCE = 1 << 18  # bytes of a file; with less, much of the time goes into the pieces
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Body: TypeAlias = "bytes | Iterable[bytes]"


@dataclass(frozen=True)
class Endpoint:
    """Where a box listens and how its certificate is judged.

    `address` is connected to; `name` is what the certificate must be valid for and what is sent as SNI; `authority` is
    the host that requests are addressed to (the Host header), by default the address.
    """

    address: str
    port: int = 443
    name: str = ""
    authority: str = ""
    ca_path: str = ""
    validate_certs: bool = True

    @property
    def origin(self) -> str:
        """Scheme, host and port as the box is addressed, such as ``https://box-a.example.com:8443``."""
        host = self.authority or self.address
        host = f"[{host}]" if ":" in host else host
        return f"https://{host}" + ("" if self.port == 443 else f":{self.port}")

    def __str__(self) -> str:
        shown = self.address if self.port == 443 else f"{self.address}:{self.port}"
        return f"{self.authority} at {shown}" if self.authority and self.authority != self.address else shown


class _Adapter(HTTPAdapter):
    """Sends files in larger pieces, and verifies the certificate against a name that need not be the address.

    What is trusted is in one context for all connections: `requests` would read the CA bundle anew for each of them,
    which takes 40 ms for a system's store.

    :param context: None: certificates are not verified.
    :param name: what the certificate must be for, and is asked for (SNI).
    """

    def __init__(self, context: ssl.SSLContext | None, name: str) -> None:
        self._context = context
        self._name = name
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["server_hostname"] = self._name
        if self._context is not None:
            kwargs["ssl_context"] = self._context
        if "key_blocksize" in PoolKey._fields:  # older releases of urllib3 know no other size than theirs
            kwargs["blocksize"] = SENT_AT_ONCE
        super().init_poolmanager(*args, **kwargs)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        if self._context is None:
            return super().get_connection_with_tls_context(request, verify, proxies, cert)
        return self.poolmanager.connection_from_url(request.url)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if self._context is None:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


class BearerToken:
    """Bearer authentication as a callable: a .netrc entry cannot replace it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """One cookie jar and one pool of connections to one endpoint.

    :param most_seconds: how long an answer may take where a request does not say otherwise.
    """

    def __init__(self, endpoint: Endpoint, user_agent: str = "bt_ops.pra", most_seconds: float = READ_SECONDS) -> None:
        self.endpoint = endpoint
        self.most_seconds = most_seconds
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = user_agent
        name = endpoint.name or endpoint.authority or endpoint.address
        self._session.mount("https://", _Adapter(_trust(endpoint), name))
        host = f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address
        self._base = f"https://{host}:{endpoint.port}"
        self._host_header = urlsplit(endpoint.origin).netloc

    @property
    def cookies(self) -> requests.cookies.RequestsCookieJar:
        """The cookies that the box has set."""
        return self._session.cookies

    def close(self) -> None:
        """Close every connection; cookies stay."""
        self._session.close()

    def request(
        self,
        method: str,
        target: str,
        *,
        params: Mapping[str, str] | None = None,
        fields: list[tuple[str, str]] | None = None,
        json: Any = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
        stream: bool = False,
        read_seconds: float = 0.0,
        connect_seconds: float = CONNECT_SECONDS,
    ) -> requests.Response:
        """Send one request and give its answer, whatever its status.

        :param target: a path, or an address as the box writes it; one that leads to another host is refused.
        :param read_seconds: how long this answer may take; 0 for the transport's own measure.
        :param fields: form fields, sent as ``application/x-www-form-urlencoded`` in this order.
        :raises Unreachable: no connection, or no whole answer to a request that changes nothing.
        :raises AnswerLost: the request may have been carried out, but its answer did not come whole.
        :raises TlsRefused: the certificate is not trusted under the endpoint's name.
        """
        url = self._base + self.path_of(target)
        sent = {"Host": self._host_header, **(headers or {})}
        try:
            answer = self._session.request(
                method,
                url,
                params=params,
                data=fields if fields is not None else body,
                json=json,
                headers=sent,
                auth=auth,
                stream=stream,
                timeout=(min(connect_seconds, self.most_seconds), read_seconds or self.most_seconds),
                allow_redirects=False,
                verify=self.endpoint.validate_certs,
            )
        except (requests.RequestException, OSError, UnicodeError) as error:
            raise self.explain(error, method) from None
        CALLS.note()
        return answer

    def path_of(self, target: str) -> str:
        """The path and query of an address that the box wrote, if it leads to this box.

        :raises NeedsPerson: it leads to another host, which is what single sign-on does.
        """
        parts = urlsplit(urljoin(self.endpoint.origin + "/", target))
        own = {self.endpoint.address, self.endpoint.authority, self.endpoint.name} - {""}
        if parts.scheme not in ("https", "http") or (parts.hostname or "") not in {name.lower() for name in own}:
            raise NeedsPerson(
                f"{self.endpoint} sends the browser on to {parts.scheme}://{parts.hostname}, another host:"
                " that is how single sign-on works, and a person has to do it.",
                advice="Give an account that logs in on the box itself.",
            )
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def explain(self, error: BaseException, method: str) -> Unreachable | AnswerLost | TlsRefused | BadInput:
        """Turn an exception of the network into what it means for the box."""
        where = str(self.endpoint)
        chain = list(_causes(error))
        text = " ".join(f"{type(link).__name__} {link}" for link in chain)
        if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain) or "CertificateError" in text:
            told = [link for link in chain if isinstance(link, ssl.SSLCertVerificationError)]
            reason = told[0].verify_message.rstrip(".") if told else ""
            name = self.endpoint.name or self.endpoint.authority or self.endpoint.address
            misnamed = not told or told[0].verify_code in _MISNAMED
            names = _names_shown(self.endpoint) if misnamed else ()
            shown = f" It is for {', '.join(names)}." if names else ""
            return TlsRefused(
                f"The certificate of {where} cannot be trusted as {name}: {reason or 'it is for another name'}.{shown}",
                advice="Check bt_ca_path and bt_tls_name; do not switch verification off.",
            )
        if isinstance(error, (requests.exceptions.InvalidURL, UnicodeError)) or "LocationParseError" in text:
            return BadInput(f"{where!r} (host) is no address of a box.")
        shaking = any(_in_handshake(link) for link in chain)
        if shaking and any(isinstance(link, ssl.SSLError) for link in chain):
            return Unreachable(f"{where} does not answer in TLS 1.2 or newer: {_short(chain)}. Nothing was sent to it.")
        never_sent = shaking or any(
            isinstance(link, requests.exceptions.ConnectTimeout) or type(link).__name__ in _NEVER_SENT for link in chain
        )
        if never_sent or method.upper() in SAFE_METHODS:
            return self._silent(chain)
        lost = AnswerLost(f"{where} was sent a {method} request and its answer was lost: {_short(chain)}.")
        lost.silent = any(isinstance(link, (TimeoutError, requests.exceptions.Timeout)) for link in chain)
        return lost

    def _silent(self, chain: list[BaseException]) -> Unreachable:
        """No answer: which port was asked, and what to look at."""
        port = "" if self.endpoint.port != 443 else " on port 443"
        return Unreachable(
            f"{self.endpoint} does not answer{port}: {_short(chain)}.",
            advice="Look at its address (ansible_host), its port (bt_port), and the firewall between here and there.",
        )


# OpenSSL's numbers of a certificate that is for another host name, or for another address.
_MISNAMED = frozenset({62, 64})


def _names_shown(endpoint: Endpoint) -> tuple[str, ...]:
    """For which names the certificate is that the endpoint shows, where it is trusted but for its name; else none."""
    bundle = _bundle(endpoint)
    context = create_urllib3_context()
    context.check_hostname = False
    try:
        folder = Path(bundle).is_dir()
        context.load_verify_locations(None if folder else bundle, bundle if folder else None)
        with (
            socket.create_connection((endpoint.address, endpoint.port), timeout=CONNECT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=endpoint.name or endpoint.address) as secured,
        ):
            told = secured.getpeercert() or {}
    except (OSError, ValueError):
        return ()
    return tuple(str(entry[1]) for entry in told.get("subjectAltName", ()))


def _in_handshake(error: BaseException) -> bool:
    """Whether it ended the TLS handshake, before which nothing of a request is sent."""
    return any(frame.f_code.co_name == "do_handshake" for frame, _line in traceback.walk_tb(error.__traceback__))


def connected(endpoint: Endpoint) -> ssl.SSLSocket:
    """A connection to the endpoint whose certificate has been judged as for every request.

    :raises OSError: there is none, or the certificate is not trusted under the endpoint's name.
    """
    context = _trust(endpoint)
    if context is None:
        context = create_urllib3_context(cert_reqs=ssl.CERT_NONE)
        context.check_hostname = False
    plain = socket.create_connection((endpoint.address, endpoint.port), timeout=CONNECT_SECONDS)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return context.wrap_socket(plain, server_hostname=endpoint.name or endpoint.authority or endpoint.address)
    except OSError:
        plain.close()
        raise


_NEVER_SENT = frozenset({"NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "ProxyError"})


def _trust(endpoint: Endpoint) -> ssl.SSLContext | None:
    """What is trusted: the user's CA bundle, else the system's store; None where certificates are not verified."""
    if not endpoint.validate_certs:
        return None
    if endpoint.ca_path and not Path(endpoint.ca_path).exists():
        raise BadInput(f"The CA bundle {endpoint.ca_path} (ca_path) does not exist.", state="Nothing was changed.")
    path = _bundle(endpoint)
    try:
        return _context(path, Path(path).stat().st_mtime_ns)
    except (OSError, ssl.SSLError):
        raise BadInput(
            f"{path} (ca_path) holds no CA certificates that can be read.", state="Nothing was changed."
        ) from None


def _bundle(endpoint: Endpoint) -> str:
    """The CA bundle that the user gave, else the system's."""
    system = ssl.get_default_verify_paths()
    return str(endpoint.ca_path or system.cafile or system.capath or requests.utils.DEFAULT_CA_BUNDLE_PATH)


@lru_cache(maxsize=16)
def _context(path: str, _changed: int) -> ssl.SSLContext:
    """The context that trusts a CA bundle, a file or a folder, as it was when it was last changed."""
    context = create_urllib3_context()
    folder = Path(path).is_dir()
    context.load_verify_locations(None if folder else path, path if folder else None)
    return context


def _causes(error: BaseException) -> Iterable[BaseException]:
    """The exception and all that it was made of."""
    seen: set[int] = set()
    queue: list[Any] = [error]
    while queue:
        link = queue.pop(0)
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        queue += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]


def _short(chain: list[BaseException]) -> str:
    """The innermost reason in a few words, without addresses of objects in memory."""
    for link in reversed(chain):
        if isinstance(link, ssl.SSLError) and link.reason:
            return link.reason.replace("_", " ").lower()
        if isinstance(link, OSError) and link.strerror:
            return link.strerror.lower()
    if any("imeout" in type(link).__name__ for link in chain):
        return "no answer in time"
    return "the connection was closed before the answer was whole"
