# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who asks a site for its pages: requests, or a browser that also runs their scripts (docs/browser.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ansible_collections.bt_ops.pra.plugins.module_utils._web._answer import Answer
from ansible_collections.bt_ops.pra.plugins.module_utils._web._browser import HOW_TO_INSTALL, missing
from ansible_collections.bt_ops.pra.plugins.module_utils._web._browsing import Browsing
from ansible_collections.bt_ops.pra.plugins.module_utils._web._exchange import Exchange

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport
    from ansible_collections.bt_ops.pra.plugins.module_utils._web._memory import Memory

Choice = Literal["http", "browser", "auto"]
_SESSION = ("cookies", "stored")  # what an engine keeps of a session


class Engine:
    """The engine of one site under one account; `now` is the one that asks at present.

    :param choice: requests, a browser, or a browser from the first page on that JavaScript draws.
    :param session: a session that was kept, with what `record` told of it.
    """

    def __init__(
        self, transport: Transport, application: str, language: str, choice: Choice, memory: Memory,
        session: dict[str, Any],
    ) -> None:
        self._transport = transport
        self._application = application
        self._language = language
        self._choice = choice
        self._memory = memory
        drawn = choice == "auto" and bool(memory.load(f"{application}.drawn") or session.get("drawn"))
        self.now: Exchange | Browsing = (
            self._browsing() if drawn or choice == "browser" else Exchange(transport, language, application)
        )
        self.now.put({name: session[name] for name in _SESSION if name in session})

    def _browsing(self) -> Browsing:
        return Browsing(self._transport, self._language, self._application)

    @property
    def name(self) -> Literal["http", "browser"]:
        """Which engine asks at present."""
        return "browser" if isinstance(self.now, Browsing) else "http"

    @property
    def record(self) -> dict[str, Any]:
        """The session as it is kept: a secret."""
        return {**self.now.kept, **({"drawn": True} if self.name == "browser" else {})}

    def may_draw(self) -> bool:
        """Whether a page that JavaScript draws is to be had from a browser from now on."""
        return self._choice == "auto" and self.name == "http" and not missing()

    def drawn(self, shell: Answer) -> Answer:
        """What a browser shows where an answer was an empty shell; it goes on with this site from here."""
        browsing = self._browsing()
        browsing.put(self.now.kept)
        self.now = browsing
        self._memory.save(f"{self._application}.drawn", {"drawn": True})
        return browsing.get(shell.url)

    def advice(self) -> str:
        """What to do about a page that was not drawn; ``""`` where that is told elsewhere."""
        reason = missing()
        return "" if self._choice == "http" or not reason else f"{reason} {HOW_TO_INSTALL} Or do this step by hand."
