# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""OAuth2 tokens and the limits of an API account (appliance-interface.md 1)."""

from __future__ import annotations

import base64
import binascii
import secrets
import string
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from simbox.data import ApiAccount
from simbox.hashed import matches
from simbox.http import Call, jsons

if TYPE_CHECKING:
    from simbox.box import Box

RING = 30
PER_SECOND = 20
PER_HOUR = 15000
# GUESS (11.4 number 13): how many refused log-ins lock an API account.
LOCK_AFTER = 5


@dataclass(frozen=True)
class Token:
    """A live token."""

    text: str
    client_id: str
    expires: float


class Tokens:
    """Live tokens of one box, oldest first, and the times of its API accounts' requests."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._tokens: list[Token] = []
        self._requests: dict[str, deque[float]] = {}

    def clear(self) -> None:
        """All tokens become void."""
        self._tokens.clear()

    def grant(self, call: Call) -> web.Response:
        """Answer POST /oauth2/token."""
        fields = dict(call.form())
        if fields.get("grant_type") != "client_credentials":
            return _refusal(400, "unsupported_grant_type", "The authorization grant type is not supported.")
        client_id, secret = _basic(call.header("Authorization"))
        account = self._box.data.api_accounts.get(client_id)
        if account is None or not account.enabled or account.failures >= LOCK_AFTER:
            return self._refuse(account, client_id)
        if not matches(secret, account.hashed):
            return self._refuse(account, client_id)
        account.failures = 0
        alphabet = string.ascii_letters + string.digits
        seconds = self._box.world.durations.of("token")
        token = Token("".join(secrets.choice(alphabet) for dummy in range(40)), client_id, time.monotonic() + seconds)
        own = [old for old in self._tokens if old.client_id == client_id]
        if len(own) >= RING:
            self._tokens.remove(own[0])
        self._tokens.append(token)
        self._box.world.given.add(token.text)
        return jsons({"access_token": token.text, "token_type": "Bearer", "expires_in": int(seconds)})

    def _refuse(self, account: ApiAccount | None, client_id: str) -> web.Response:
        failures = 1
        if account is not None:
            account.failures += 1
            failures = account.failures
        self._box.world.watch.refused_login(self._box, "the API", client_id, failures)
        return _refusal(401, "invalid_client", "Client authentication failed")

    def account(self, call: Call) -> ApiAccount | web.Response:
        """The account of a call's bearer token, or the refusal (none, void, expired, too many requests)."""
        scheme, _space, text = call.header("Authorization").partition(" ")
        token = next((token for token in self._tokens if token.text == text), None)
        known = scheme.lower() == "bearer" and token is not None and token.expires > time.monotonic()
        account = self._box.data.api_accounts.get(token.client_id) if known and token else None
        if token is None or account is None or not account.enabled:
            # Status: 401 is inferred (1).
            return _refusal(401, "access_denied", "The resource owner or authorization server denied the request.")
        if not self._spend(token.client_id):
            # GUESS (11.4 number 13): status and text.
            return jsons({"message": "Too Many Attempts."}, 429, {"Retry-After": "1"})
        return account

    def _spend(self, client_id: str) -> bool:
        now = time.monotonic()
        times = self._requests.setdefault(client_id, deque())
        while times and times[0] <= now - 3600:
            times.popleft()
        if len(times) >= PER_HOUR or sum(1 for at in times if at > now - 1) >= PER_SECOND:
            return False
        times.append(now)
        return True

    def limit_headers(self, account: ApiAccount) -> dict[str, str]:
        """X-RateLimit headers after a call of this account."""
        used = len(self._requests.get(account.client_id, ()))
        return {"X-RateLimit-Limit": str(PER_HOUR), "X-RateLimit-Remaining": str(PER_HOUR - used)}


def _basic(header: str) -> tuple[str, str]:
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _refusal(status: int, error: str, message: str) -> web.Response:
    return jsons({"error": error, "message": message}, status)
