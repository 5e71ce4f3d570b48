# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How what a web site says reaches a browser: as HTML documents, or as JSON for an application that draws it.

GUESS (appliance-interface.md 11.4 number 1): all of the application.
"""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from simbox.eras import TRAITS
from simbox.http import Call, html, jsons, plain, redirect
from simbox.markup import Wire, render
from simbox.markup.app import asset, data_of, shell
from simbox.names import Names
from simbox.page import Page

JSON = "application/json"
TOKEN_HEADER = "X-CSRF-Token"
# A bigger file is not the answer to an act: the browser is told where to fetch it.
MOST_FILE_BYTES = 64 * 1024
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"
ASSETS = "assets"


class Delivery(Protocol):
    """One way of it."""

    def around(self, request: web.BaseRequest, names: Names) -> tuple[str, web.Response] | None:
        """Name and answer of a request that asks for no page but for what stands around all of them."""

    def page(self, page: Page, wire: Wire, token: str | None, here: str, status: int = 200) -> web.Response:
        """A page; `here` is its own address."""

    def moved(self, path: str) -> web.Response:
        """Go there."""

    def ended(self, path: str) -> web.Response:
        """Nobody is logged in: go there."""

    def token(self, call: Call, field: str) -> str:
        """The token that came with an act, `field` being what a field of the form said."""

    def instead_of(self, file: web.Response, path: str) -> web.Response | None:
        """What an act is answered with instead of its file, which is then fetched from `path`; None: the file."""


class AsDocuments:
    """Every page is an HTML document, every act a form."""

    def __init__(self, era: str) -> None:
        self._era = era

    def around(self, _request: web.BaseRequest, _names: Names) -> tuple[str, web.Response] | None:
        """Nothing: a document is whole."""
        return None

    def page(self, page: Page, wire: Wire, token: str | None, _here: str, status: int = 200) -> web.Response:
        """The document."""
        return html(render(page, self._era, wire, token), status)

    def moved(self, path: str) -> web.Response:
        """A redirect."""
        return redirect(path)

    def ended(self, path: str) -> web.Response:
        """A redirect."""
        return redirect(path)

    def token(self, _call: Call, field: str) -> str:
        """A hidden field of the form."""
        return field

    def instead_of(self, _file: web.Response, _path: str) -> web.Response | None:
        """The file itself is the answer."""
        return None


class AsData:
    """Every address answers the same few lines of HTML; who asks for JSON gets the page."""

    def __init__(self, language: str) -> None:
        self._language = language

    def around(self, request: web.BaseRequest, names: Names) -> tuple[str, web.Response] | None:
        """`shell` or `assets`: these need no log-in."""
        assets = names.path(ASSETS)
        folder, _slash, name = request.path.rpartition("/")
        if folder == assets:
            return ASSETS, self._asset(name)
        if request.method not in ("GET", "HEAD") or JSON in request.headers.get("Accept", ""):
            return None
        response = html(shell(assets, self._language))
        response.headers["Content-Security-Policy"] = POLICY
        return "shell", response

    def _asset(self, name: str) -> web.Response:
        found = asset(name, self._language)
        if found is None:
            return plain("", 404)
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return web.Response(text=found[0], content_type=found[1], charset="utf-8", headers=headers)

    def page(self, page: Page, wire: Wire, token: str | None, here: str, status: int = 200) -> web.Response:
        """What the page says."""
        return jsons({"page": data_of(page, wire, token, here)}, status)

    def moved(self, path: str) -> web.Response:
        """Where to go on."""
        return jsons({"next": path})

    def ended(self, path: str) -> web.Response:
        """Where to go on, and that there is no session."""
        return jsons({"next": path}, 401)

    def token(self, call: Call, _field: str) -> str:
        """A header."""
        return call.header(TOKEN_HEADER)

    def instead_of(self, file: web.Response, path: str) -> web.Response | None:
        """A big one is fetched by navigation."""
        big = isinstance(file.body, bytes) and len(file.body) > MOST_FILE_BYTES
        return jsons({"file": path}) if big else None


def delivery_of(era: str, language: str) -> Delivery:
    """The one of an era."""
    return AsData(language) if TRAITS[era].script else AsDocuments(era)
