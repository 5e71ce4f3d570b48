# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""OAuth2 for the APIs of a box (appliance-interface.md section 1).

A token is asked for once and kept between tasks. Refused credentials are never tried again (lock-out); a token that
the box no longer knows, as after its restart, is renewed once per call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.bt_ops.pra.plugins.module_utils._context import Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    ApiFailed,
    LoginRefused,
    NotPermitted,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import BearerToken, Transport

RESTARTING = frozenset({502, 503, 504})
# Who is asked with a token, by XML and by JSON.
_WHO_AM_I: tuple[tuple[str, dict[str, str]], ...] = (
    ("/api/command", {"action": "get_api_info"}),
    ("/api/command/v2/info", {}),
)


@dataclass(frozen=True)
class ApiAccount:
    """An API account of a box."""

    client_id: str
    client_secret: str = field(repr=False)


class Api:
    """Calls of one API account on one box. Each call closes its connection, as the vendor demands."""

    def __init__(self, transport: Transport, account: ApiAccount, memory: Memory) -> None:
        self.transport = transport
        self._account = account
        self._memory = memory
        self._key = f"api {transport.endpoint.origin} {transport.endpoint.address} {account.client_id}"

    @property
    def token(self) -> str:
        """The token at hand, asked for when there is none."""
        kept = self._memory.load(self._key) or {}
        if kept.get("refused"):
            raise LoginRefused(
                f"{self.transport.endpoint} refused the API account {self._account.client_id[:6]}… earlier in this run;"
                " it is not tried again.",
                advice="Check bt_api_client_id and bt_api_client_secret.",
            )
        return str(kept.get("token") or self._ask_token())

    def forget_refusal(self) -> None:
        """Let a refused account be tried once more: what the box knows was changed since."""
        self._memory.save(self._key, {})

    def _ask_token(self) -> str:
        # As bytes: requests itself would write them in Latin-1, which has not every letter.
        basic = requests.auth.HTTPBasicAuth(self._account.client_id.encode(), self._account.client_secret.encode())
        answer = self.transport.request(
            "POST",
            "/oauth2/token",
            fields=[("grant_type", "client_credentials")],
            headers={"Accept": "application/json", "Connection": "close"},
            auth=basic,
        )
        if answer.status_code in (400, 401, 403):
            self._memory.save(self._key, {"refused": True})
            raise LoginRefused(
                f"{self.transport.endpoint} refused the API account (HTTP {answer.status_code}).",
                advice="Check bt_api_client_id and bt_api_client_secret; it was tried once only, because of lock-outs.",
            )
        self._refuse_outage(answer)
        body = json_of(answer)
        token = body.get("access_token") if isinstance(body, dict) else None
        if answer.status_code != 200 or not isinstance(token, str) or not token:
            raise ApiFailed(f"{self.transport.endpoint} gave no token: HTTP {answer.status_code}, {kind_of(answer)}.")
        self._memory.save(self._key, {"token": token})
        return token

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        fields: list[tuple[str, str]] | None = None,
        json: Any = None,
        accept: str = "*/*",
        stream: bool = False,
        read_seconds: float = 60.0,
    ) -> requests.Response:
        """One call, answered with any status but 401; a token the box forgot is renewed once.

        :raises NotPermitted: the account lacks the right (HTTP 403).
        :raises Unreachable: no answer, or one that says that the box is restarting (HTTP 502 to 504).
        """
        for last_try in (False, True):
            answer = self.transport.request(
                method,
                path,
                params=params,
                fields=fields,
                json=json,
                headers={"Accept": accept, "Connection": "close"},
                auth=BearerToken(self.token),
                stream=stream,
                read_seconds=read_seconds,
            )
            if answer.status_code != 401 or last_try:
                break
            # 401 before anything was done: asking for a new token and sending again repeats nothing.
            self._memory.save(self._key, {})
        if answer.status_code == 401:
            raise ApiFailed(f"{self.transport.endpoint} does not accept the token that it has just given ({path}).")
        if answer.status_code == 403:
            raise NotPermitted(
                f"The API account on {self.transport.endpoint} may not use {path} (HTTP 403).",
                advice="Give the account the right in /login > Management > API Configuration.",
            )
        self._refuse_outage(answer)
        return answer

    def knows(self, token: str) -> bool:
        """Whether this endpoint accepts a token that some box gave; it is no log-in.

        A box may have either form of the command API alone, so both are asked. One that it accepts is used here from
        then on, so that none has to be asked for.

        :raises ApiFailed: its answers, such as HTTP 429, 404 or a page of HTML, do not tell.
        """
        told: list[str] = []
        for path, params in _WHO_AM_I:
            answer = self._ask_with(token, path, params)
            if answer.status_code == 200 and kind_of(answer) != "text/html":
                self._memory.save(self._key, {"token": token})
                return True
            if answer.status_code == 401:
                return False
            told.append(f"HTTP {answer.status_code}, {kind_of(answer)}")
        raise ApiFailed(f"{self.transport.endpoint} answers its APIs with {' and '.join(dict.fromkeys(told))}.")

    def _ask_with(self, token: str, path: str, params: Mapping[str, str]) -> requests.Response:
        return self.transport.request(
            "GET",
            path,
            params=dict(params),
            headers={"Accept": "*/*" if params else "application/json", "Connection": "close"},
            auth=BearerToken(token),
        )

    def _refuse_outage(self, answer: requests.Response) -> None:
        if answer.status_code in RESTARTING:
            raise Unreachable(f"{self.transport.endpoint} answers HTTP {answer.status_code}: its site is not up.")


def json_of(answer: requests.Response) -> Any:
    """The JSON of an answer, or None where it is something else."""
    try:
        return answer.json()
    except ValueError:
        return None


def kind_of(answer: requests.Response) -> str:
    """What an answer is, for a message: its media type, never its text."""
    return str(answer.headers.get("Content-Type", "no media type")).partition(";")[0]
