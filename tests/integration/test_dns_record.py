# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""bt_dns switches a record on real name servers, while real resolvers keep the old one for as long as they may."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils import _edge, _gates, _nameserver
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import Refused
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Journal
from ansible_collections.bt_ops.pra.plugins.modules import bt_dns
from tests.integration import name_server
from tests.integration.name_server import KEY, SECRET, ZONE, Running

RECORDS = """
access 4 A 127.0.0.11
alias CNAME access
both 300 A 127.0.0.11
both 300 AAAA ::1
several A 127.0.0.11
several A 127.0.0.12
"""
OLD, NEW = "127.0.0.11", "127.0.0.12"
Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path, worker_number: int) -> Iterator[Start]:
    """Start name servers; each has an address of its own and is stopped at the end."""
    running: list[Running] = []

    def begin(how: Callable[..., Running], *arguments: Any) -> Running:
        # BIND listens only at addresses that an interface has.
        address = f"127.0.{29 + 10 * worker_number}.53" if how is name_server.knot else "127.0.0.1"
        running.append(how(tmp_path / f"name_server{len(running)}", address, *arguments))
        return running[-1]

    yield begin
    for server in running:
        server.stop()


class Runs:
    """Runs bt_dns as a task does, with one run folder."""

    def __init__(self, folder: Path, server: Running) -> None:
        self.journal = Journal(str(folder / "run"))
        self.lines: list[str] = []
        self.options = {
            "run_dir": str(folder / "run"), "server": server.address, "server_port": server.port, "zone": ZONE,
            "record": "access", "key_name": KEY, "key_secret": SECRET, "value": NEW, "box": "box-b", "ttl": 2,
            "timeout": 2, "unverified_by": "Jane Doe",
        }

    def __call__(self, state: str, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        given = {**self.options, "state": state, **options}
        arguments, _secrets = _edge.validated("bt_ops.pra.bt_dns", bt_dns.SPEC, given)
        context = Context(check_mode=check_mode, say=self.lines.append, journal=self.journal)
        return _edge.perform(bt_dns.run, arguments, context)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A zone that no test changes."""
    server = name_server.bind(tmp_path_factory.mktemp("untouched") / "server", "127.0.0.1", RECORDS)
    yield server
    server.stop()


@pytest.fixture
def master(start: Start) -> Running:
    """The zone on Knot."""
    return start(name_server.knot, RECORDS)


@pytest.fixture
def runs(tmp_path: Path, master: Running) -> Runs:
    """bt_dns on that zone."""
    return Runs(tmp_path, master)


@pytest.mark.parametrize("program", [name_server.knot, name_server.bind])
def test_ttl_is_lowered_the_record_switched_and_the_ttl_put_back(
    start: Start, tmp_path: Path, program: Callable[..., Running]
) -> None:
    master = start(program, RECORDS)
    runs = Runs(tmp_path, master)
    begin = time.monotonic()
    assert runs("lowered")["after"]["ttl"] == 2
    assert runs("lowered")["changed"] is False
    switched = runs("switched")
    assert (switched["before"]["values"], switched["after"]["values"]) == ([OLD], [NEW])
    # The old TTL of 4 s before the switch, and the lowered one of 2 s after it.
    assert time.monotonic() - begin >= 6
    assert runs("lowered")["changed"] is False
    assert runs("switched")["changed"] is False
    assert runs("restored")["after"]["ttl"] == 4
    assert runs("restored")["changed"] is False
    assert [record["by"] for record in runs.journal.records() if record["kind"] == "unverified"] == ["Jane Doe"]
    assert master.ask("access") == ([NEW], 4)
    assert master.ask("several") == ([OLD, NEW], 3600)


def test_check_mode_changes_nothing_and_tells_the_plan(runs: Runs, master: Running) -> None:
    lowered, switched = runs("lowered", check_mode=True), runs("switched", check_mode=True)
    assert (lowered["diff"]["after"]["ttl"], switched["diff"]["after"]["values"]) == (2, [NEW])
    assert switched["after"] == switched["before"]
    assert runs.lines == [
        f"would lower the TTL of access.{ZONE} A from 4 s to 2 s.",
        f"would switch access.{ZONE} A from {OLD} to {NEW}.",
    ]
    assert (master.serial(), runs.journal.records()) == (1, [])


def test_a_record_is_switched_to_no_box_that_was_not_just_proven(runs: Runs, master: Running) -> None:
    def tried() -> dict[str, Any]:
        return runs("switched", unverified_by="", ttl=1)

    for box, age in (("", 0), ("box-a", 0), ("box-b", 3600)):
        if box:
            runs.journal.write("run", "Begun.", procedure="async", target="24.3.1", a="box-a", b="box-b")
            runs.journal.write("may_switch", "The site may be switched.", box=box)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_gates, "SWITCH_SECONDS", 900.0 - age)
            told = tried()
        assert (told.get("failed"), told["error"]) == (True, "refused"), told
        assert "The site is not switched to box-b" in told["msg"]
    assert master.ask("access") == ([OLD], 4)
    assert tried()["changed"] is True
    assert master.ask("access")[0] == [NEW]


def test_no_resolver_gives_the_old_address_when_the_switch_ends(start: Start, runs: Runs, master: Running) -> None:
    resolvers = [start(name_server.resolver, master) for _count in range(2)]
    runs.options["resolvers"] = [str(one) for one in resolvers]
    assert runs("lowered")["changed"] is True
    assert [one.ask("access")[0] for one in resolvers] == [[OLD], [OLD]]
    assert runs("switched")["changed"] is True
    assert [one.ask("access")[0] for one in resolvers] == [[NEW], [NEW]]


def test_resolver_that_keeps_the_old_address_is_named_and_waited_for_again(
    start: Start, runs: Runs, master: Running
) -> None:
    slow = start(name_server.resolver, master, 12)
    runs.options.update(resolvers=[str(slow)], ttl=1, timeout=1)
    master.write("access", "A", OLD, ttl=1)
    slow.ask("access")
    told = runs("switched")
    assert (told["failed"], told["error"], told["stragglers"]) == (True, "deadline", [f"{slow} gives {OLD}"])
    assert f"{slow} gives {OLD}" in told["msg"]
    assert runs.journal.open_act("box-b", "cutover") is not None
    again = runs("switched", timeout=30)
    assert (again.get("failed"), again["changed"]) == (None, False)
    assert slow.ask("access")[0] == [NEW]
    assert runs.journal.open_act("box-b", "cutover") is None


def test_only_the_planned_type_is_changed_and_the_other_named(runs: Runs, master: Running) -> None:
    told = runs("switched", record=f"both.{ZONE}", value="::2", ttl=1, check_mode=True)
    assert told["diff"]["after"] == {
        "record": f"both.{ZONE}", "type": "AAAA", "values": ["::2"], "ttl": 300, "elsewhere": [OLD],
    }
    assert f"both.{ZONE} also has A {OLD}" in runs.lines[0]
    assert runs("lowered", record="both", value="::2")["after"]["ttl"] == 2
    assert (master.ask("both", "AAAA"), master.ask("both")) == ((["::1"], 2), ([OLD], 300))


def test_ttl_that_somebody_else_set_stays(runs: Runs, master: Running) -> None:
    runs("lowered")
    master.write("access", "A", OLD, ttl=17)
    assert runs("restored")["changed"] is False
    assert master.ask("access") == ([OLD], 17)


def test_record_that_changed_just_now_is_left_alone(master: Running) -> None:
    server = _nameserver.Server(master.address, master.port)
    key = _nameserver.key_of(KEY, SECRET, "hmac-sha256")
    with pytest.raises(Refused, match="changed by somebody else"):
        _nameserver.update(server, f"{ZONE}.", key, f"access.{ZONE}.", "A", ["127.0.0.99"], [NEW], 2)
    assert master.ask("access") == ([OLD], 4)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"key_name": "nobody"}, "login_refused", "refuses the key nobody: it knows no such key"),
        ({"key_secret": SECRET.replace("M", "N", 1)}, "login_refused", "the secret is wrong"),
        ({"key_algorithm": "hmac-sha1"}, "login_refused", "it knows no such key for this algorithm"),
        ({"key_secret": "no base64!"}, "bad_input", "key_secret is not written in Base64"),
        ({"key_name": ""}, "bad_input", "key_name is missing"),
        ({"zone": "example.org", "record": "access.example.org"}, "bad_input", "does not hold the zone example.org"),
        ({"zone": "example.org", "record": f"access.{ZONE}."}, "bad_input", "is not in the zone example.org."),
        ({"record": "nowhere"}, "bad_input", f"has no record nowhere.{ZONE} A"),
        ({"record": "alias"}, "refused", f"is an alias of access.{ZONE} (CNAME)"),
        ({"record": "several"}, "refused", f"has 2 addresses ({OLD}, {NEW})"),
        ({"record": "a..b"}, "bad_input", "'a..b', which is no name in DNS"),
        ({"value": "::3"}, "bad_input", f"has no record access.{ZONE} AAAA"),
        ({"value": "no address"}, "bad_input", "value is 'no address'"),
        ({"resolvers": ["127.0.0.1:1"]}, "unreachable", "The name server 127.0.0.1:1 does not answer"),
        ({"resolvers": ["127.0.0.1:port"]}, "bad_input", "resolvers is '127.0.0.1:port', whose port is none"),
        ({"server_port": 1}, "unreachable", ":1 does not answer"),
        ({"server_port": 70000}, "bad_input", "server_port is 70000"),
        ({"ttl": 0}, "bad_input", "ttl is 0"),
        ({"run_dir": ""}, "bad_input", "run_dir is missing"),
    ],
)
@pytest.mark.parametrize("state", ["lowered", "switched"])
def test_what_cannot_be_right_is_one_sentence_and_changes_nothing(
    tmp_path: Path,
    untouched: Running,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    options: dict[str, Any],
    error: str,
    words: str,
) -> None:
    monkeypatch.setattr(_nameserver, "ASK_SECONDS", 0.5)
    runs = Runs(tmp_path, untouched)
    for check_mode in (True, False):
        told = runs(state, check_mode=check_mode, **options)
        assert (told.get("failed"), told["error"]) == (True, error), told
        assert words in told["msg"]
        assert "Nothing was changed." in told["msg"]
        assert options.get("key_secret", SECRET) not in told["msg"]
    assert untouched.serial() == 1


def test_without_dnspython_it_says_so(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_nameserver, "HAVE_DNSPYTHON", False)
    told = runs("lowered")
    assert (told["failed"], told["error"]) == (True, "missing_library")
    assert "dnspython is not installed" in told["msg"]
