# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The vendor's update server: a page that takes a download key and answers with links, and the files behind them.

GUESS (11.4 number 7): all of it but its purpose. A file that was begun can be gone on with by Range, not begun anew.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from simbox.delivery import delivery_of
from simbox.faults import Fault
from simbox.http import Kind, error_page, finish, json_object
from simbox.names import Names
from simbox.packages import content
from simbox.page import Button, Field, Form, Item, Link, Page, Paragraph, Section, Table
from simbox.vendor import Offer
from simbox.words import Words

if TYPE_CHECKING:
    from simbox.world import World

MEBIBYTE = 1024 * 1024
_RANGE = re.compile(r"bytes=(\d+)-")


class VendorSite:
    """Listens at the vendor's address."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.config = world.config.vendor
        self._words = Words(self.config.language, False)
        self._names = Names("", False)
        self._delivery = delivery_of(self.config.era, self.config.language)
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen, with a certificate of the same CA; raises OSError when the address is taken."""
        names = [self.config.hostname, self.config.address]
        certificate = self._world.issue(self.config.hostname, names)
        loop = asyncio.get_running_loop()
        handler = web.Server(self._handle, access_log=None)
        self._server = await loop.create_server(
            handler, self.config.address, self._world.net.port, ssl=certificate.context(), reuse_address=True
        )

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        page, argument = self._names.page(request.path) or ("start" if request.path == "/" else "unknown", "")
        around = None if page == "download" else self._delivery.around(request, self._names)
        page = around[0] if around else page
        op, kind = f"vendor.{page}", _kind(page, request.method)
        config = self.config
        entry = self._world.log.add(config.hostname, config.address, request.method, request.path, op, kind)
        fault = self._world.faults.pick(config.hostname, request.method, request.path, op)
        entry.fault = fault.do if fault else ""
        started = time.monotonic()
        try:
            response = around[1] if around else await self._answer(request, page, argument, fault)
            entry.status = response.status
        except ConnectionError:
            entry.status = 0
            response = web.Response(status=500)
        entry.seconds = time.monotonic() - started
        return response

    async def _answer(
        self, request: web.BaseRequest, page: str, argument: str, fault: Fault | None
    ) -> web.StreamResponse:
        if fault and fault.do in ("refuse", "reset"):
            raise _cut(request)
        if fault and fault.do in ("500", "502", "503"):
            return finish(error_page(int(fault.do), "Error"), False)
        if fault and fault.do == "delay":
            await asyncio.sleep(fault.seconds)
        if page == "download":
            return await self._download(request, argument, fault)
        if page == "list" and request.method == "POST":
            return finish(self._list(dict(await _form(request))), False)
        if page == "list":
            return finish(self._delivery.moved("/"), False)
        if page == "unknown":
            return finish(error_page(404, "Not Found"), False)
        return finish(self._start(()), False)

    def _start(self, messages: tuple[Paragraph, ...], status: int = 200) -> web.Response:
        words = self._words
        form = Form(
            "key",
            self._names.path("list"),
            (Field("key", words("download_key")),),
            (Button("get", words("vendor_get"), "primary"),),
        )
        items: tuple[Item, ...] = (Paragraph(words("vendor_intro")), form)
        return self._page(Section(words("vendor_section"), items), messages, status)

    def _list(self, values: dict[str, str]) -> web.Response:
        words = self._words
        offers = self._world.vendor.offers(values.get(self._names.wire("key", "key"), ""))
        if offers is None:
            return self._start((Paragraph(words("vendor_bad_key"), "error"),), 422)
        if not offers:
            return self._page(Section(words("updates_available_section"), (Paragraph(words("updates_none")),)))
        columns = tuple(words(f"vendor_{name}") for name in ("package", "version", "size", "state", "file"))
        table = Table(columns, tuple(self._row(offer) for offer in offers))
        once = Paragraph(words("vendor_once"), "warning")
        return self._page(Section(words("updates_available_section"), (once, table)))

    def _row(self, offer: Offer) -> tuple[str | Link, ...]:
        words, package = self._words, offer.package
        size = f"{package.config.size / MEBIBYTE:.1f} MB"
        state = words("vendor_begun", percent=100 * offer.sent // package.config.size) if offer.sent else ""
        link = Link(words("vendor_download"), self._names.path("download", offer.token), file=True)
        return (words(f"package_{package.kind}", version=package.version), package.version, size, state, link)

    def _page(self, section: Section, messages: tuple[Paragraph, ...] = (), status: int = 200) -> web.Response:
        config = self.config
        page = Page(
            title=self._words("vendor_title"),
            language=config.language,
            application="appliance",
            box=config.hostname,
            product=self._words("vendor_title"),
            sections=(section,),
            messages=messages,
        )
        return self._delivery.page(page, self._names.wire, None, "/", status)

    async def _download(self, request: web.BaseRequest, token: str, fault: Fault | None) -> web.StreamResponse:
        offer = self._world.vendor.find(token)
        if offer is None:
            return finish(error_page(404, "Not Found"), False)
        asked = _RANGE.fullmatch(request.headers.get("Range", ""))
        start = int(asked.group(1)) if asked else 0
        size = offer.package.config.size
        # The tail of a complete one may still be on its way when the connection breaks: it can be fetched again.
        if (offer.sent and not asked) or (offer.complete and not start):
            message = Paragraph(self._words("vendor_given"), "error")
            return finish(self._page(Section(self._words("vendor_section"), (message,)), status=410), False)
        if start > offer.sent or start >= size:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        if self._world.watch.read_only:
            self._world.watch.record("T9", offer.box, f"download of {offer.package.id} while nothing may be changed")
        response = _file_response(offer, start, partial=asked is not None)
        await response.prepare(request)
        end = (start + size) // 2 if fault and fault.do == "truncate" else size
        await self._send(response, offer, start, end)
        if fault and fault.do in ("truncate", "do_then_reset"):
            raise _cut(request)
        await response.write_eof()
        return response

    async def _send(self, response: web.StreamResponse, offer: Offer, start: int, end: int) -> None:
        rate = self.config.bytes_per_second
        for block in content(await offer.header(), start):
            piece = block[: end - start]
            await response.write(piece)
            start += len(piece)
            offer.note(start)
            if rate:
                await asyncio.sleep(len(piece) / rate)
            if start >= end:
                return


def _kind(page: str, method: str) -> Kind:
    if page == "download":
        return "download"
    return "query" if method == "POST" else "read"


async def _form(request: web.BaseRequest) -> list[tuple[str, str]]:
    if request.content_type == "application/json":
        sent: Mapping[str, object] = json_object(await request.read()) or {}
    else:
        sent = await request.post()
    return [(name, str(value)) for name, value in sent.items()]


def _file_response(offer: Offer, start: int, partial: bool) -> web.StreamResponse:
    size = offer.package.config.size
    response = web.StreamResponse(status=206 if partial else 200)
    response.content_type = "application/octet-stream"
    response.content_length = size - start
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = f'attachment; filename="{offer.box.site.hostname}-{offer.package.id}.bin"'
    if partial:
        response.headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
    return response


def _cut(request: web.BaseRequest) -> ConnectionError:
    if request.transport is not None:
        request.transport.abort()
    return ConnectionAbortedError("cut on purpose")
