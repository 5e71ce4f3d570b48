# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests that wait until a test lets them go, so that something else can happen at exactly that moment."""

from __future__ import annotations

import asyncio

from aiohttp import web

LOOK_SECONDS = 0.02


class Holds:
    """`waiting` are the numbers (of the request log) of the requests that are held now."""

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self._release = asyncio.Event()

    async def until_released(self, number: int, request: web.BaseRequest) -> bool:
        """Keep a request waiting; False when its client went away before it was let go."""
        release = self._release
        self.waiting.append(number)
        try:
            while not release.is_set():
                if request.transport is None or request.transport.is_closing():
                    return False
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self.waiting.remove(number)
        return True

    def release(self) -> int:
        """Let all go that are held now; answers how many those are."""
        self._release.set()
        self._release = asyncio.Event()
        return len(self.waiting)
