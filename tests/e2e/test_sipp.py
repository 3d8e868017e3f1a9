"""A phone that plays from a script: the ends, refusals, holds and offers of SIP, one message after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.ringdown import FAILED, Ringdown, provisioning
from tests.peers.child import until
from tests.peers.sipp import Sipp, is_installed

pytestmark = [pytest.mark.peers, pytest.mark.skipif(not is_installed(), reason="SIPp is not installed")]

Plays = Callable[..., Sipp]


@pytest.fixture(scope="module")
def module_phone(tmp_path_factory: pytest.TempPathFactory, env: Mapping[str, str]) -> Iterator[Ringdown]:
    """One app with a line that needs no registrar."""
    folder = tmp_path_factory.mktemp("phone")
    with Ringdown(folder / "profile", env) as app:
        line = {"uri": "sip:riley@127.0.0.1", "srtp": "off"}
        app.provision(provisioning(folder / "provisioning.toml", line=line))
        yield app.start(registered=True)


@pytest.fixture
def phone(module_phone: Ringdown) -> Iterator[Ringdown]:
    """The file's app, without live calls."""
    yield module_phone
    module_phone.hang_up_all()


@pytest.fixture
def plays(tmp_path: Path) -> Iterator[Plays]:
    """Starts SIPp; what is left of it ends with the test."""
    made: list[Sipp] = []

    def play(scenario: str, **more: object) -> Sipp:
        made.append(Sipp(tmp_path / scenario, scenario, **more))  # type: ignore[arg-type]
        return made[-1]

    yield play
    for each in made:
        each.close()


def _address(phone: Ringdown) -> str:
    """``host:port`` of the line."""
    return phone.contact().rpartition("@")[2].partition(";")[0].rstrip(">")


def test_a_phone_that_answers_and_hangs_up_itself(phone: Ringdown, plays: Plays) -> None:
    sipp = plays("answers_then_leaves")
    call_id = phone.call(sipp.uri)
    log = phone.call_ended(call_id)
    assert (log["outcome"], log["reason"], log["duration"]) == ("answered", "", 1)
    sipp.finished()


@pytest.mark.parametrize(
    ("status", "more", "outcome", "reason"),
    [
        ("302 Moved Temporarily", "Contact: <sip:other@127.0.0.1:9>", "failed", "refused"),
        ("404 Not Found", "", "failed", "not-found"),
        ("480 Temporarily Unavailable", "", "failed", "no-answer"),  # it had rung
        ("486 Busy Here", "", "busy", "busy"),
        ("500 Server Internal Error", "", "failed", "server"),
        ("503 Service Unavailable", "Retry-After: 30", "failed", "server"),
        ("603 Decline", "", "declined", "declined"),
    ],
)
def test_a_phone_that_turns_us_away(
    phone: Ringdown, plays: Plays, status: str, more: str, outcome: str, reason: str
) -> None:
    sipp = plays("refuses", keys={"status": status, "more": more or "Server: SIPp"})
    answer = phone.run("call", sipp.uri, "--wait")
    assert (answer.code, answer.json["outcome"], answer.json["reason"]) == (FAILED, outcome, reason)
    assert answer.sentence
    assert phone.call_ended(answer.json["id"])["duration"] == 0
    sipp.finished()


def test_a_caller_who_holds_and_takes_us_back(phone: Ringdown, plays: Plays) -> None:
    """Its hold is not ours: we keep listening, and stay active."""
    sipp = plays("holds", remote=_address(phone))
    rings = phone.wait("call-incoming")
    assert (rings["number"], rings["name"]) == ("sip:sipp@127.0.0.1", "SIPp")
    phone.do("answer", rings["id"])
    until(lambda: "a=sendonly" in sipp.messages(), what="the caller holds")
    assert phone.do("calls")[0]["state"] == "active"
    log = phone.call_ended(rings["id"])
    assert (log["outcome"], log["reason"]) == ("answered", "")
    sipp.finished()


def test_a_caller_without_an_offer(phone: Ringdown, plays: Plays) -> None:
    """Ours comes with the 200; its answer, with the ACK."""
    sipp = plays("delayed_offer", remote=_address(phone))
    call_id = phone.wait("call-incoming")["id"]
    assert phone.do("answer", call_id)["state"] == "active"
    assert phone.do("calls")[0]["encrypted"] is False
    log = phone.call_ended(call_id)
    assert (log["outcome"], log["reason"]) == ("answered", "")
    sipp.finished()


def test_another_phone_has_answered(phone: Ringdown, plays: Plays) -> None:
    sipp = plays("answered_elsewhere", remote=_address(phone))
    call_id = phone.wait("call-incoming")["id"]
    log = phone.call_ended(call_id)
    assert (log["outcome"], log["reason"]) == ("elsewhere", "")
    sipp.finished()
