# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration API: its lists, that of the Jump Clients among them (appliance-interface.md section 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import Api, json_of, kind_of
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, NotPermitted

CONFIGURATION = "/api/config/v1"
JUMP_CLIENTS = f"{CONFIGURATION}/jump-client"
PER_PAGE = 100
# More than any site can have: a list that leads in circles ends here.
MOST_PAGES = 2000

Row = dict[str, Any]


def jump_client_pages(api: Api) -> Iterator[list[Row]]:
    """Every Jump Client that the box lists, page by page as the box leads from one to the next.

    It lists clients of shared groups only.

    :raises NotPermitted: the account lacks the right, or the box has no such API.
    :raises ApiFailed: the answer is no list of clients.
    """
    return list_pages(api, JUMP_CLIENTS, "Jump Clients")


def list_pages(api: Api, path: str, what: str) -> Iterator[list[Row]]:
    """A list of the API, page by page.

    :param what: what it lists, for messages.
    :raises NotPermitted: the account lacks the right, or the box has no such list.
    :raises ApiFailed: the answer is no list.
    """
    params = {"per_page": str(PER_PAGE), "current_page": "1"}
    for _page in range(MOST_PAGES):
        answer = api.call("GET", path, params=params, accept="application/json")
        if answer.status_code == 404:
            raise NotPermitted(f"{api.transport.endpoint} has no configuration API that lists {what}.")
        rows = json_of(answer)
        if answer.status_code != 200 or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ApiFailed(
                f"The configuration API of {api.transport.endpoint} gave HTTP {answer.status_code}, {kind_of(answer)}"
                f" instead of the list of {what}."
            )
        yield rows
        following = answer.links.get("next", {}).get("url", "")
        if not following:
            return
        # The box may write its address as users know it; the page is asked of this box.
        parts = urlsplit(following)
        path, params = f"{parts.path}?{parts.query}", {}
    raise ApiFailed(f"The list of {what} of {api.transport.endpoint} has no end after {MOST_PAGES} pages.")
