# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two raw requests back to back: the shortest cut-over that there can be, to measure ours against.

No proof, no second look: both pages are opened and both forms filled in beforehand, then "off" is sent to one box and,
as soon as it has answered, "on" to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

import lxml.html
import requests

from tests.bench.boxes import Boxes


@dataclass
class Prepared:
    """A form that is filled in, and the open connection on which it is sent."""

    session: requests.Session
    address: str
    fields: list[tuple[str, str]]
    ca: str

    def send(self) -> None:
        """Send it; where the box leads to afterwards is not asked for."""
        answer = self.session.post(
            self.address, data=self.fields, verify=self.ca, allow_redirects=False, timeout=10
        )
        assert answer.status_code in (200, 302, 303), answer.status_code


def prepare(boxes: Boxes, name: str, on: bool) -> Prepared:
    """Log in on a box, open the page of the shared IP and fill it in."""
    box = boxes.boxes[name]
    session = requests.Session()
    session.trust_env = False
    ca = str(boxes.ca)

    def get(address: str) -> lxml.html.HtmlElement:
        answer = session.get(address, verify=ca, timeout=10)
        return lxml.html.document_fromstring(answer.content, base_url=answer.url)

    def link(page: lxml.html.HtmlElement, text: str) -> str:
        found = next(each for each in page.iter("a") if each.text_content().strip() == text)
        return str(urljoin(page.base_url, found.get("href")))

    page = get(f"https://{box['address']}:{box['port']}/appliance")
    form = next(each for each in page.forms if each.xpath(".//input[@type='password']"))
    fields = _fields(form)
    fields[form.xpath(".//input[@type='text']/@name")[0]] = box["appliance"]["username"]
    fields[form.xpath(".//input[@type='password']/@name")[0]] = box["appliance"]["password"]
    answer = session.post(urljoin(page.base_url, form.action), data=fields, verify=ca, timeout=10)
    page = lxml.html.document_fromstring(answer.content, base_url=answer.url)
    page = get(link(get(link(page, "Networking")), boxes.site["shared_ip"]))
    tick = page.xpath("//input[@type='checkbox']")[0]
    form = next(tick.iterancestors("form"))
    fields = _fields(form)
    fields.pop(tick.get("name"), None)
    if on:
        fields[tick.get("name")] = tick.get("value")
    return Prepared(session, urljoin(page.base_url, form.action), list(fields.items()), ca)


def _fields(form: lxml.html.HtmlElement) -> dict[str, str]:
    """The fields as they stand, and the form's only button."""
    button = form.xpath(".//button")[0]
    return {**dict(form.form_values()), button.get("name"): button.get("value")}
