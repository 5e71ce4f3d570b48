# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names, addresses and name servers as users write them; the public name of a site resolved in each way."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _nameserver, _witness
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.module_utils._nameserver import Server


@pytest.fixture(autouse=True)
def _no_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine knows two names and no others."""
    known = {"ns1.example.com": ["2001:db8::53", "192.0.2.53"], "access.example.com": ["192.0.2.11", "192.0.2.11"]}

    def getaddrinfo(host: str, *_rest: Any, **_more: Any) -> list[tuple[Any, ...]]:
        if host not in known:
            raise socket.gaierror(host)
        return [(0, 0, 0, "", (address, 0)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    ("text", "server", "told"),
    [
        ("192.0.2.53", Server("192.0.2.53", 53), "192.0.2.53:53"),
        ("192.0.2.53:5353", Server("192.0.2.53", 5353), "192.0.2.53:5353"),
        (" 192.0.2.53 ", Server("192.0.2.53", 53), "192.0.2.53:53"),
        ("2001:DB8::53", Server("2001:db8::53", 53), "[2001:db8::53]:53"),
        ("[2001:db8::53]", Server("2001:db8::53", 53), "[2001:db8::53]:53"),
        ("[2001:db8::53]:5353", Server("2001:db8::53", 5353), "[2001:db8::53]:5353"),
        ("ns1.example.com", Server("192.0.2.53", 53), "192.0.2.53:53"),
        ("ns1.example.com:5353", Server("192.0.2.53", 5353), "192.0.2.53:5353"),
    ],
)
def test_a_name_server(text: str, server: Server, told: str) -> None:
    assert _nameserver.server_of(text, "resolvers") == server
    assert str(server) == told


@pytest.mark.parametrize(
    "text", ["", ":", ":53", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "nobody:53", "a b", "\x00"]
)
def test_no_name_server(text: str) -> None:
    with pytest.raises(BadInput, match="resolvers is "):
        _nameserver.server_of(text, "resolvers")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("access", "access.example.com."),
        ("access.example.com", "access.example.com."),
        ("Access.Example.COM.", "access.example.com."),
        ("access.eu", "access.eu.example.com."),
        ("@", "example.com."),
        ("example.com", "example.com."),
        ("example.org", "example.org.example.com."),
    ],
)
def test_a_name_in_a_zone(text: str, name: str) -> None:
    assert _nameserver.name_of(text, "record", "example.com.") == name


@pytest.mark.parametrize("text", ["", "..", "a..b", "access.example.org.", "." , "x" * 64, "\\300."])
def test_no_name_in_a_zone(text: str) -> None:
    with pytest.raises(BadInput, match="record is "):
        _nameserver.name_of(text, "record", "example.com.")


def test_a_key_never_shows_its_secret() -> None:
    key = _nameserver.key_of("pra", "c2Vj cmV0\n", "hmac-sha256")
    assert (key.name, key.secret) == ("pra.", b"secret")
    assert "secret" not in repr(key)


def test_public_names_as_this_machine_resolves_them() -> None:
    names = _witness.public_names({"site_hostname": "access.example.com", "site_port": 443})
    assert [(name.address, name.port) for name in names] == [("192.0.2.11", 443)]


def test_public_names_as_the_site_s_name_server_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def addresses(server: Server, name: str) -> list[str]:
        known = {("192.0.2.53:5353", "access.example.com"): ["192.0.2.12", "2001:db8::12"]}
        return known.get((str(server), name), [])

    monkeypatch.setattr(_nameserver, "addresses", addresses)
    asked = {"site_hostname": "access.example.com", "dns_server": "ns1.example.com", "dns_port": 5353}
    assert [name.address for name in _witness.public_names(asked)] == ["192.0.2.12", "2001:db8::12"]
    found = _witness.public_name({**asked, "site_address": "192.0.2.10"})
    assert found is not None
    assert found.address == "192.0.2.10"
    with pytest.raises(BadInput, match="does not resolve at the name server 192.0.2.53:5353"):
        _witness.public_names({**asked, "site_hostname": "other.example.com"})


def test_a_public_name_that_does_not_resolve() -> None:
    with pytest.raises(BadInput, match="The site's name nobody.example.com does not resolve here"):
        _witness.public_names({"site_hostname": "nobody.example.com"})
    assert _witness.public_names({}) == []
