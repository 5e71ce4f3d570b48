# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A file that a browser has received, given on piece by piece like one that comes as the answer to a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import playwright_api
from ansible_collections.bt_ops.pra.plugins.module_utils._web._answer import CHUNK, Download
from ansible_collections.bt_ops.pra.plugins.module_utils._web._browser import in_browser

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport


class SavedDownload(Download):
    """Lies in the browser's own private folder until it is closed.

    :param received: what Playwright tells of a download; it may still be coming.
    """

    def __init__(self, received: Any, transport: Transport, method: str) -> None:
        self._received = received
        self._transport = transport
        self._method = method
        self._name = str(received.suggested_filename)
        self._path: Path | None = None

    @property
    def name(self) -> str:
        """The file name that the box proposes, without any folder."""
        return re.split(r"[/\\]", self._name)[-1].strip()

    @property
    def size(self) -> int | None:
        """How many bytes it has."""
        return self._whole().stat().st_size

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece.

        :raises AnswerLost, Unreachable: it broke off.
        """
        with self._whole().open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def close(self) -> None:
        """Remove the browser's copy."""
        in_browser(self._received.delete)

    def _whole(self) -> Path:
        """The file, once it has come whole."""
        if self._path is None:
            try:
                self._path = Path(in_browser(self._received.path))
            except playwright_api().Error as error:
                raise self._transport.explain(ConnectionError(str(error)), self._method) from None
        return self._path
