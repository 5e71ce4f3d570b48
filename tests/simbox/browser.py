# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A person with a browser in front of a simulated box: reads, follows the menu, fills in, presses. Tests only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html

Node = Any  # lxml's stubs know too little of html elements
Value = str | bool | bytes  # bytes: a file


class Browser:
    """One log-in to one web site of one box. `page` is the document that is shown, `response` how it came."""

    def __init__(self, base: str, ca: str, application: str) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.base = base
        self.ca = ca
        self.application = application
        self.response: requests.Response
        self.page: Node = None

    def get(self, path: str) -> None:
        """Open an address."""
        self._shown(self.session.get(urljoin(self.base, path), verify=self.ca, timeout=10))

    def _shown(self, response: requests.Response) -> None:
        self.response = response
        self.page = html.document_fromstring(response.content) if response.content else None

    @property
    def text(self) -> str:
        """Everything that can be read, white space collapsed."""
        copy: Node = html.document_fromstring(self.response.content)
        for style in copy.xpath("//style"):
            style.getparent().remove(style)
        return " ".join(copy.text_content().split())

    def log_in(self, username: str, password: str, words: tuple[str, str, str]) -> None:
        """Start at the application's entry; `words` are the labels of user name, password and button."""
        self.get(f"/{self.application}")
        self.press(words[2], {words[0]: username, words[1]: password})

    def open(self, *labels: str) -> None:
        """Follow menu entries (or other links) by their text, one after the other."""
        for label in labels:
            links = [link for link in self.page.xpath("//a[@href]") if _text(link) == label]
            assert links, f"no link {label!r} on: {self.text[:400]}"
            self.get(links[-1].get("href"))

    def buttons(self) -> list[str]:
        """Texts of all buttons that can be pressed."""
        return [name for name, _node in self._buttons()]

    def _buttons(self) -> list[tuple[str, Node]]:
        found = self.page.xpath("//button | //input[@type='submit']")
        return [
            (node.get("value") if node.tag == "input" else _text(node), node)
            for node in found
            if "disabled" not in node.attrib
        ]

    def press(self, name: str, values: Mapping[str, Value] | None = None, number: int = 0) -> None:
        """Press the `number`th button of this name, after filling in fields by label; a label twice takes `label#2`."""
        button = [node for text, node in self._buttons() if text == name][number]
        self.submit(button, values or {})

    def tick(self, control: Node) -> None:
        """Tick a check box that has no label of its own; it is sent with the next button of its form."""
        control.set("checked", "checked")

    def form_of(self, button: Node) -> Node:
        """The form that a button sends, be it inside or outside."""
        if "form" in button.attrib:
            return self.page.get_element_by_id(button.get("form"))
        return button.xpath("ancestor::form")[0]

    def submit(self, button: Node, values: Mapping[str, Value]) -> None:
        """Send a button's form."""
        form = self.form_of(button)
        url = urljoin(self.response.url, form.get("action"))
        files = self.files_of(form, values)
        data = self.data_of(button, {name: value for name, value in values.items() if not isinstance(value, bytes)})
        headers = {"Referer": self.response.url}
        self._shown(self.session.post(url, data=data, files=files, verify=self.ca, timeout=10, headers=headers))

    def files_of(self, form: Node, values: Mapping[str, Value]) -> list[tuple[str, tuple[str, bytes]]]:
        """Files, by the labels of their controls; one that is not chosen is sent without name and content."""
        controls = form.xpath(".//input[@type='file']")
        chosen = [(control.get("name"), values.get(self.label_of(control))) for control in controls]
        return [(name, ("file.bin", value) if isinstance(value, bytes) else ("", b"")) for name, value in chosen]

    def data_of(self, button: Node, values: Mapping[str, str | bool]) -> list[tuple[str, str]]:
        """What a browser would send for a button."""
        form = self.form_of(button)
        left = dict(values)
        seen: dict[str, int] = {}
        data: list[tuple[str, str]] = []
        for control in form.xpath(".//input | .//select | .//textarea"):
            kind = control.get("type", "text") if control.tag == "input" else control.tag
            if "disabled" in control.attrib or kind in ("submit", "button", "image", "file"):
                continue
            label = "" if kind in ("hidden", "radio") else self.label_of(control)
            seen[label] = seen.get(label, 0) + 1
            key = label if seen[label] == 1 else f"{label}#{seen[label]}"
            value = left.pop(key, None) if label else None
            if kind == "radio":
                if "checked" in control.attrib:
                    data.append((control.get("name"), control.get("value")))
            elif kind == "checkbox":
                if value if value is not None else "checked" in control.attrib:
                    data.append((control.get("name"), control.get("value", "on")))
            elif kind == "select":
                data.append((control.get("name"), str(value) if value is not None else control.value))
            else:
                data.append((control.get("name"), str(value) if value is not None else control.get("value", "")))
        assert not left, f"no field {list(left)} in the form; there are {list(seen)}"
        data.append((button.get("name"), button.get("value", "")))
        return data

    def label_of(self, control: Node) -> str:
        """What a control is called, by any of the ways the eras use."""
        if "aria-label" in control.attrib:
            return str(control.get("aria-label"))
        if "aria-labelledby" in control.attrib:
            return _text(self.page.get_element_by_id(control.get("aria-labelledby").split()[0]))
        labels = self.page.xpath("//label[@for=$id]", id=control.get("id", ""))
        cells = labels or control.xpath("ancestor::td[1]/preceding-sibling::td[1]")
        return _text(cells[0]).rstrip(":") if cells else ""


def _text(node: Node) -> str:
    return " ".join(node.text_content().split())
