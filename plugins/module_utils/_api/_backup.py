# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The backup API (appliance-interface.md section 4)."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import Api, kind_of
from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed, Unreachable

READ_SECONDS = 1800.0
CHUNK = 1 << 20


def download(api: Api, password: str) -> Iterator[bytes]:
    """The backup of a box as a stream of pieces.

    :param password: protects the file; empty for none.
    :raises ApiFailed: the box gave something else than a file.
    """
    answer = api.call(
        "POST", "/api/backup", json={"password": password} if password else {}, stream=True, read_seconds=READ_SECONDS
    )
    if answer.status_code != 200:
        answer.close()
        raise ApiFailed(
            f"The backup API of {api.transport.endpoint} gave HTTP {answer.status_code}, {kind_of(answer)}."
        )
    return pieces(answer)


def pieces(answer: requests.Response) -> Iterator[bytes]:
    """What streams in, checked against the length that the box announced."""
    announced, received = answer.headers.get("Content-Length"), 0
    try:
        for piece in answer.iter_content(CHUNK):
            received += len(piece)
            yield piece
    except (requests.RequestException, OSError):
        raise Unreachable(
            f"The download broke off after {received} bytes.", advice="Run the same command again."
        ) from None
    finally:
        answer.close()
    if announced and announced.isdigit() and "Content-Encoding" not in answer.headers and int(announced) != received:
        raise Unreachable(
            f"The download ended after {received} of {announced} bytes.", advice="Run the same command again."
        )
