# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Python libraries that this collection needs, imported in one place.

Every other file takes them from here, so that a missing library is one sentence and never a traceback.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests
    from lxml import etree, html
    from requests.adapters import HTTPAdapter
    from urllib3.poolmanager import PoolKey
    from urllib3.util.ssl_ import create_urllib3_context

    MISSING: str
else:
    try:
        import requests
        from lxml import etree, html
        from requests.adapters import HTTPAdapter
        from urllib3.poolmanager import PoolKey  # requests brings it along
        from urllib3.util.ssl_ import create_urllib3_context

        MISSING = ""
    except ImportError as error:
        requests = etree = html = PoolKey = create_urllib3_context = None
        HTTPAdapter = object
        MISSING = error.name or str(error)

__all__ = [
    "HTTPAdapter", "MISSING", "PoolKey", "create_urllib3_context", "etree", "html", "playwright_api",
    "playwright_is_installed", "requests",
]


def playwright_is_installed() -> bool:
    """Whether the optional library that drives a browser is there."""
    return find_spec("playwright") is not None


def playwright_api() -> Any:
    """That library, loaded only where a browser is needed: that takes a tenth of a second."""
    return import_module("playwright.sync_api")
