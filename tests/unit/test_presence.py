# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who is connected to a box, by either form of the command API; an answer in doubt is no "nobody"."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._api._oauth import Api, ApiAccount
from ansible_collections.bt_ops.pra.plugins.module_utils._api._presence import Presence, ask_presence
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Memory
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import ApiFailed
from ansible_collections.bt_ops.pra.plugins.module_utils._transport import Transport
from tests.unit.web.box import Asked, Box, Reply, serving

NO_REPS = "<logged_in_reps xmlns='urn:x'/>"
REPS = "<logged_in_reps xmlns='urn:x'><rep id='1'><display_name>Jo</display_name></rep><rep id='2'/></logged_in_reps>"
COUNT = {"id": "a", "access_consoles": 0, "asset_clients": 0, "gateways": 0}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with serving(tmp_path_factory.mktemp("tls")) as running:
        yield running


def ask(server: Box, **answers: Reply) -> Presence:
    """Ask a box that gives these answers, by the last part of the path or the name of the action."""

    def answer(asked: Asked) -> Reply:
        name = asked.query.get("action") or asked.path.rpartition("/")[2].replace("-", "_")
        given = {"token": listed(access_token="t"), **answers}.get(name, Reply("no such thing", 404))
        return Reply(given.body, given.status, {**given.headers, "Connection": "close"})

    server.answering = answer
    return ask_presence(Api(Transport(server.endpoint), ApiAccount("id", "secret"), Memory()))


def listed(*rows: object, **named: object) -> Reply:
    """A JSON list, or an object."""
    return Reply(json.dumps(named or rows), headers={"Content-Type": "application/json"})


def xml(body: str) -> Reply:
    """An XML answer."""
    return Reply(body, headers={"Content-Type": "text/xml"})


def test_json_counts(server: Box) -> None:
    there = ask(
        server, client_count=listed({**COUNT, "asset_clients": 3}, COUNT), user=listed({"id": 1, "session_count": 2})
    )
    assert there == Presence(users=1, sessions=2, clients=3)
    assert not there.nobody
    assert ask(server, client_count=listed(COUNT), user=listed()).nobody


@pytest.mark.parametrize(
    ("reps", "clients", "there"),
    [
        (NO_REPS, "<list/>", Presence(0, None, 0)),
        (NO_REPS, "<list><summary><asset>0</asset><console>0</console></summary></list>", Presence(0, None, 0)),
        (REPS, "<list/>", Presence(2, None, 0)),
        (NO_REPS, "<list><summary><asset>6</asset></summary></list>", Presence(0, None, 1)),
        (NO_REPS, "<list><client type='asset'><hostname>x</hostname></client></list>", Presence(0, None, 1)),
        (NO_REPS, "<list><count>4</count></list>", Presence(0, None, 4)),
        # A shape that nobody knows counts as somebody.
        (NO_REPS, "<list><what ever='1'/></list>", Presence(0, None, 1)),
    ],
)
def test_xml_where_there_is_no_json(server: Box, reps: str, clients: str, there: Presence) -> None:
    assert ask(server, get_logged_in_reps=xml(reps), get_connected_client_list=xml(clients)) == there


@pytest.mark.parametrize(
    ("reps", "clients"),
    [(xml(NO_REPS), xml("<error>no</error>")), (xml("<html>"), xml("<list/>")), (Reply("", 500), xml("<list/>"))],
)
def test_what_cannot_be_understood_is_no_nobody(server: Box, reps: Reply, clients: Reply) -> None:
    with pytest.raises(ApiFailed):
        ask(server, get_logged_in_reps=reps, get_connected_client_list=clients)


def test_json_without_numbers_is_not_taken(server: Box) -> None:
    with pytest.raises(ApiFailed):
        ask(server, client_count=listed({"id": "a"}), user=listed())
