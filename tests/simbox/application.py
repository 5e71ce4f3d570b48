# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A web site of a box of the era `app`, asked the way its script asks: JSON, no browser. Tests only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

import requests

Data = dict[str, Any]
Value = str | bool | bytes  # bytes: a file
HEADERS = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
MOST_STEPS = 5


class Application:
    """One log-in to one web site of one box. `page` is what the script would draw now, `response` how it came."""

    def __init__(self, base: str, ca: str, application: str) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(HEADERS)
        self.base = base
        self.ca = ca
        self.application = application
        self.response: requests.Response
        self.page: Data = {}
        self._unfolded: list[Data] = []

    def get(self, path: str) -> None:
        """Show the page of an address."""
        self._take(self._ask("GET", path))

    def _ask(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, urljoin(self.base, path), verify=self.ca, timeout=30, **options)

    def _take(self, response: requests.Response, steps: int = 0) -> None:
        """Go on to where an answer leads: a page, another address, a file."""
        self.response = response
        if response.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            return
        answer = response.json()
        if "page" in answer:
            self.page, self._unfolded = answer["page"], []
        elif "file" in answer:
            self.response = self._ask("GET", answer["file"], headers={"Accept": "text/html"})
        else:
            assert steps < MOST_STEPS, f"from address to address: {answer}"
            self._take(self._ask("GET", answer["next"]), steps + 1)

    @property
    def text(self) -> str:
        """Everything that can be read, in order, white space collapsed."""
        return " ".join(" ".join(_texts(self.page)).split())

    @property
    def messages(self) -> list[tuple[str, str]]:
        """What the page answers: tone and text."""
        return [(message["tone"], message["text"]) for message in self.page["messages"]]

    def log_in(self, username: str, password: str, words: tuple[str, str, str]) -> None:
        """Start at the application's entry; `words` are the labels of user name, password and button."""
        self.get(f"/{self.application}")
        self.press(words[2], {words[0]: username, words[1]: password})

    def open(self, *labels: str) -> None:
        """Follow menu entries (or other links) by their text, one after the other; one with pages below unfolds."""
        for label in labels:
            link = self._link(label)
            if link.get("children"):
                self._unfolded = link["children"]
            else:
                self.get(link["href"])

    def _link(self, label: str) -> Data:
        current = [child for entry in self.page["menu"] if entry["current"] for child in entry["children"]]
        logout = [self.page["logout"]] if self.page["logout"] else []
        links = [*self._unfolded, *self.links(), *current, *self.page["menu"], *logout]
        found = [link for link in links if link["label"] == label]
        assert found, f"no link {label!r} on: {self.text[:400]}"
        link: Data = found[0]
        return link

    def facts(self) -> list[tuple[str, str]]:
        """Labels and values."""
        return [(label, value) for facts in _of_kind(self.page["sections"], "facts") for label, value in facts["rows"]]

    def cards(self) -> list[Data]:
        """Things with a title of their own, such as update packages."""
        return _of_kind(self.page["sections"], "card")

    def rows(self) -> list[Data]:
        """Rows of lists that can be ticked."""
        return [
            row for form in self.forms() for part in form["parts"] if part["kind"] == "ticks" for row in part["rows"]
        ]

    def links(self) -> list[Data]:
        """Links of the page, menu aside."""
        return _of_kind(self.page["sections"], "link")

    def labels(self) -> list[str]:
        """Labels of all controls."""
        return [field["label"] for form in self.forms() for field in _fields(form)]

    def forms(self) -> list[Data]:
        """Controls and buttons that are sent together."""
        return _of_kind(self.page["sections"], "form")

    def presses(self) -> list[tuple[Data, Data]]:
        """All buttons that can be pressed, each with its form."""
        return [(form, button) for form in self.forms() for button in form["buttons"] if button["enabled"]]

    def buttons(self) -> list[str]:
        """Texts of all buttons that can be pressed."""
        return [button["label"] for _form, button in self.presses()]

    def press(self, name: str, values: Mapping[str, Value] | None = None, number: int = 0) -> None:
        """Press the `number`th button of this name, after filling in fields by label; a label twice takes `label#2`."""
        found = [(form, button) for form, button in self.presses() if button["label"] == name]
        assert len(found) > number, f"no button {name!r} on: {self.text[:400]}"
        form, button = found[number]
        data, files = self._values(form, values or {})
        data[button["name"]] = "1"
        headers = {"X-CSRF-Token": self.page["token"]} if self.page["token"] else {}
        body: dict[str, Any] = {"json": data}
        if form["upload"]:
            # Every part is sent as multipart, also where no file was chosen.
            body = {"files": [*((key, (None, value)) for key, value in data.items()), *files.items()]}
        self._take(self._ask("POST", form["action"], headers=headers, **body))

    def _values(self, form: Data, values: Mapping[str, Value]) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
        left, seen = dict(values), dict[str, int]()
        data: dict[str, str] = {}
        files: dict[str, tuple[str, bytes]] = {}
        for field in _fields(form):
            label = field["label"]
            seen[label] = seen.get(label, 0) + 1
            value = left.pop(label if seen[label] == 1 else f"{label}#{seen[label]}", None)
            if not field.get("enabled", True):
                continue
            if isinstance(value, bytes):
                files[field["name"]] = ("file.bin", value)
            elif "kind" not in field or field["kind"] == "checkbox":
                if value if value is not None else field.get("checked"):
                    data[field["name"]] = "1"
            elif field["kind"] in ("select", "radio") and value is not None:
                data[field["name"]] = next(each["value"] for each in field["options"] if each["label"] == value)
            elif field["kind"] != "file":
                data[field["name"]] = str(value) if value is not None else field["value"]
        assert not left, f"no field {list(left)} in the form; there are {list(seen)}"
        return data, files


def _fields(form: Data) -> Iterator[Data]:
    """Controls of a form in order; a row that can be ticked is one, without a kind."""
    for part in form["parts"]:
        if part["kind"] == "group":
            yield from part["parts"]
        elif part["kind"] == "ticks":
            yield from part["rows"]
        else:
            yield part


def _of_kind(value: Any, kind: str) -> list[Data]:
    """Everything of a kind inside a page."""
    if isinstance(value, list):
        return [found for inner in value for found in _of_kind(inner, kind)]
    if not isinstance(value, dict):
        return []
    if value.get("kind") == kind:
        return [value]
    return [found for inner in value.values() for found in _of_kind(inner, kind)]


# What of a page is no text that a person reads.
SILENT = {"address", "href", "name", "action", "kind", "tone", "token", "application", "value"}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in SILENT:
                yield from _texts(inner)
