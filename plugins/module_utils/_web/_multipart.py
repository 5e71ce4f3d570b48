# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The body of a form as it goes over the wire; a file in it is read while it is sent, however large it is (law 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ansible_collections.bt_ops.pra.plugins.module_utils._deps import requests
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import MissingLibrary
from ansible_collections.bt_ops.pra.plugins.module_utils._web._submission import Submission, Upload

if TYPE_CHECKING:
    from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Body

FILE_TYPE = "application/octet-stream"


class _File:
    """A file as the encoder wants it: `len` is what is left of it. One that ends too early is an error, not a hang."""

    def __init__(self, upload: Upload) -> None:
        self._stream = upload.stream
        self._name = upload.name
        self.len = upload.size

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the file, never more than it had when the upload was prepared."""
        if not self.len:
            return b""
        piece = self._stream.read(self.len if size < 0 else min(size, self.len))
        if not piece:
            raise OSError(f"{self._name} became shorter while it was sent")
        self.len -= len(piece)
        return piece


def encoded(submission: Submission) -> tuple[Body | None, dict[str, str]]:
    """The body to send and the headers that describe it.

    Files are sent from where they begin, so a body that is asked for anew can be sent anew.

    :raises MissingLibrary: a file is to be sent and the library that streams it is not installed.
    """
    if not submission.is_write:
        return None, {}
    if not submission.multipart:
        return submission.encoded, {"Content-Type": "application/x-www-form-urlencoded"}
    if any(upload for _name, upload in submission.files):
        return _streamed(submission)
    parts: list[tuple[str, tuple[str | None, bytes, str | None]]] = [
        (name, (None, value.encode(submission.charset, "xmlcharrefreplace"), None)) for name, value in submission.fields
    ]
    parts += [(name, ("", b"", FILE_TYPE)) for name, _none in submission.files]
    if not parts:
        return b"", {}
    prepared = requests.Request("POST", "https://box.invalid/", files=parts).prepare()
    return cast(bytes, prepared.body), {"Content-Type": prepared.headers["Content-Type"]}


def encoder_class() -> Any:
    """What makes a body out of files without having them in memory.

    :raises MissingLibrary: it is not installed.
    """
    try:
        # Here and not in _deps: only who sends a file needs it, and every task would pay for the import.
        from requests_toolbelt import MultipartEncoder  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingLibrary(
            f"A file is to be sent, and the Python library {error.name} is not installed where this task runs.",
            state="Nothing was sent.",
            advice="Install requests-toolbelt for that Python; only uploads need it.",
        ) from None
    return MultipartEncoder


def _streamed(submission: Submission) -> tuple[Body, dict[str, str]]:
    parts: list[tuple[str, object]] = [
        (name, value.encode(submission.charset, "xmlcharrefreplace")) for name, value in submission.fields
    ]
    for name, upload in submission.files:
        if upload is None:
            parts.append((name, ("", b"", FILE_TYPE)))
        else:
            upload.stream.seek(0)
            parts.append((name, (upload.name, _File(upload), FILE_TYPE)))
    encoder = encoder_class()(parts)
    return cast("Body", encoder), {"Content-Type": encoder.content_type}
