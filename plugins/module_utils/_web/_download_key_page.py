# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``/appliance > Updates``, "Appliance Download Key": the key that the update server takes (G19).

Where and how the key is shown is not documented (appliance-interface.md 6.3): beside its label, in a section of its
own, on a page behind a link, or as a file.
"""

from __future__ import annotations

import re

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BoxFailed, PageNotUnderstood
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Scope, Submission
from ansible_collections.bt_ops.pra.plugins.module_utils._web._site import Download, Site

KEY = "updates.download_key"
LARGEST_KEY = 65536  # bytes
# What stands beside the label may be short; what is taken for the key by its looks alone may not. A key of letters only
# is rare, not impossible: it is longer than most words, and has more than one capital.
_LETTERS = r"(?=\S*[A-Z]\S*[A-Z])[A-Za-z+/=_-]{20,}"
_LABELLED = re.compile(rf"(?=\S*\d)\S{{8,}}|{_LETTERS}")
_BARE = re.compile(rf"(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9+/=_.:-]{{16,}}|{_LETTERS}")
# The last line of a key that was broken into lines, however short; a word that follows is none.
WRAPPED_KEY = 40  # characters of a line, at least
_LAST_LINE = re.compile(r"(?=\S*[\d+/=]|\S+[A-Z])[A-Za-z0-9+/=]+")
_PIECES = re.compile(r"-----[A-Z ]+-----|\S+")
_ARMOUR = re.compile(r"-----(?:BEGIN|END)[A-Z ]+-----")
_ARMOURED = re.compile(r"-----BEGIN[A-Z ]+-----[A-Za-z0-9+/=\s]+-----END[A-Z ]+-----")


def read_download_key(site: Site) -> str:
    """The key of the box.

    :raises BoxFailed: the box says that it cannot give one.
    :raises PageNotUnderstood: nothing that can be the key is found, or more than one thing.
    """
    page = site.open("menu.updates")
    shown = _labelled(page) or _in_section(page)
    if shown:
        return shown
    answer = site.page_or_file(_way_to_it(page))
    if isinstance(answer, Download):
        with answer:
            content = b"".join(answer.chunks())[: LARGEST_KEY + 1]
        return _of_file(content, page)
    shown = _labelled(answer) or _in_section(answer) or _bare(answer, answer)
    if shown:
        return shown
    said = answer.says("error")
    if said is not None or answer.status >= 400:
        told = said.text[:300] if said else f"HTTP status {answer.status}"
        raise BoxFailed(
            f"{answer.box} gives no download key: {told}", state="Nothing was changed.", guide=("G19", "G22")
        )
    raise _unclear(answer, "no key")


def way_to_key(page: Page) -> Submission | None:
    """What would be sent for the key from the Updates page, None where that shows the key already; nothing is sent.

    :raises PageNotUnderstood: no way to the key is found, or more than one.
    """
    return None if _labelled(page) or _in_section(page) else _way_to_it(page)


def _unclear(page: Page, what: str) -> PageNotUnderstood:
    """What the page shows is not told: the key may be part of it."""
    return PageNotUnderstood(
        f"The page {page.where}, language {page.language}, shows {what} that could be the download key.",
        state="Nothing was changed.",
        advice="Read the key by hand.",
        guide=("G19",),
        copy=page.keep(),
    )


def _way_to_it(page: Page) -> Submission:
    """Following the link, or pressing the button, that leads to the key: called so, or alone in a section called so."""
    part = page.maybe_section(KEY)
    link = page.maybe_link(KEY)
    if link is None and part is not None and not part.all_buttons() and len(part.links()) == 1:
        link = part.links()[0]
    if link is not None:
        return page.follow(link)
    button = page.maybe_button(KEY)
    if button is None and part is not None and not part.links() and len(part.all_buttons()) == 1:
        button = part.all_buttons()[0]
    return page.fill({}, button or page.button(KEY))


def _labelled(scope: Scope) -> str:
    """The key beside its label."""
    field = scope.maybe_field(KEY)
    value = _text_of(field.value) if field is not None else ""
    if value:
        return value
    facts = [fact for fact in scope.values(KEY) if _LABELLED.fullmatch(fact)]
    return facts[0] if len(facts) == 1 else ""


def _in_section(page: Page) -> str:
    """The key in the section called so, unless that is the whole page."""
    part = page.maybe_section(KEY)
    return (_labelled(part) or _bare(page, part)) if part is not None else ""


def _bare(page: Page, scope: Scope) -> str:
    """The one thing that looks like a key."""
    shown = [_text_of(field.value) for field in scope.fields() if field.kind in ("text", "textarea")]
    shown += ["\n".join(_PIECES.findall(block)) for block in _ARMOURED.findall(scope.text)]
    shown += _runs(_ARMOURED.sub("\n\n", scope.text).splitlines())
    found = list(dict.fromkeys(each for each in shown if each))
    if len(found) > 1 or "-----BEGIN" in _ARMOURED.sub("", scope.text):
        raise _unclear(page, f"{len(found)} things")
    return found[0] if found else ""


def _runs(lines: list[str]) -> list[str]:
    """Lines that look like a key, those that follow one another as one; some pages show several as one line."""
    runs: list[list[str]] = [[]]
    for line in lines:
        pieces = line.split()
        *most, last = pieces or [""]
        if all(map(_BARE.fullmatch, most)) and (_BARE.fullmatch(last) or _is_last_line(last, runs[-1] + most)):
            runs[-1] += pieces
        else:
            runs.append([])
    return ["\n".join(run) for run in runs if run]


def _is_last_line(piece: str, before: list[str]) -> bool:
    """Whether it can be the rest of a key whose lines before are all of one length."""
    lengths = {len(each) for each in before}
    return len(lengths) == 1 and min(lengths) >= max(WRAPPED_KEY, len(piece)) and bool(_LAST_LINE.fullmatch(piece))


def _text_of(value: str) -> str:
    """The text of a field if it can be a key: without spaces inside a line, and one line looks like one."""
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    words = [line for line in lines if not _ARMOUR.fullmatch(line)]
    if any(" " in line for line in words) or not any(_LABELLED.fullmatch(line) for line in words):
        return ""
    return "\n".join(lines)


def key_in(content: bytes) -> str:
    """The key in a text that is nothing else, empty where it cannot be one."""
    return _text_of(content.decode("utf-8", "replace")) if len(content) <= LARGEST_KEY else ""


def _of_file(content: bytes, page: Page) -> str:
    """The key out of a file that is nothing but the key."""
    text = content.decode("utf-8", "replace").strip()
    if not text or len(content) > LARGEST_KEY or not all(line.isprintable() for line in text.splitlines()):
        raise _unclear(page, f"a file of {len(content)} bytes")
    return text
