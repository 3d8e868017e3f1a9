"""Who is on the phone, asked of a notifier made of one socket and of a real telephone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.phone_events import PresenceChanged
from app.domain.presence import Presence
from tests.peers.baresip import Baresip
from tests.peers.sound import tone
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import RawPeer

FREE = "<note>Ready</note>"
# As Asterisk says it: words for people, and RFC 4480's activities where it knows them.
TALKS = "<note>On the phone</note>"
BUSY = "<rp:person id='p'><rp:activities><rp:busy/></rp:activities></rp:person>"
AWAY = "<rp:person id='p'><rp:activities><rp:away/></rp:activities></rp:person>"


class Exchange(RawPeer):
    """Answers SUBSCRIBE, and says what the test wants."""

    def __init__(self) -> None:
        super().__init__()
        self._cseq = 0

    def uri(self, user: str) -> str:
        return f"sip:{user}@127.0.0.1:{self.port}"

    def subscribed(self, status: str = "200 OK") -> tuple[str, int]:
        """The next SUBSCRIBE, answered, and the port it came from."""
        request = self.expect("SUBSCRIBE ")
        found = re.search(r"^Via: .*?:(\d+);", request, re.MULTILINE)
        assert found
        port = int(found[1])
        self.answer(request, status, port, headers="Expires: 600\r\n")
        return request, port

    def say(self, request: str, port: int, *, basic: str = "open", more: str = "", state: str = "active") -> None:
        """NOTIFY in the dialog of the SUBSCRIBE."""
        head = {
            line.split(":")[0].lower(): line.split(":", 1)[1].strip() for line in request.split("\r\n") if ":" in line
        }
        self._cseq += 1
        person, note = (more, "") if more.startswith("<rp:") else ("", more)
        body = (
            "<?xml version='1.0' encoding='UTF-8'?><presence xmlns='urn:ietf:params:xml:ns:pidf' "
            "xmlns:rp='urn:ietf:params:xml:ns:pidf:data-model' entity='sip:x@y'>"
            f"<tuple id='t'><status><basic>{basic}</basic></status>{note}</tuple>{person}</presence>"
        )
        text = (
            f"NOTIFY {head['contact'].split('<')[1].split('>')[0]} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bKn{self._cseq};rport\r\nMax-Forwards: 70\r\n"
            f"From: {head['to']};tag=raw\r\nTo: {head['from']}\r\nCall-ID: {head['call-id']}\r\n"
            f"CSeq: {self._cseq} NOTIFY\r\nContact: <sip:peer@127.0.0.1:{self.port}>\r\nEvent: presence\r\n"
            f"Subscription-State: {state}\r\nContent-Type: application/pidf+xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self.socket.sendto(text.encode(), ("127.0.0.1", port))


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    peer = Exchange()
    with peer:
        yield peer


@pytest.fixture
def phone(harness: Harness) -> Harness:
    harness.apply(local_line("main", "alice"))
    harness.registered("main")
    return harness


def told(harness: Harness, uri: str) -> Presence:
    return harness.wait(PresenceChanged, lambda e: e.uri == uri).presence


def until(harness: Harness, uri: str, presence: Presence) -> None:
    harness.wait(PresenceChanged, lambda e: e.uri == uri and e.presence is presence)


def test_what_the_exchange_says(phone: Harness, exchange: Exchange) -> None:
    bob = exchange.uri("bob")
    phone.phone.watch_presence("main", [bob])
    request, port = exchange.subscribed()
    assert "Event: presence" in request
    for basic, more, wanted in (
        ("open", FREE, Presence.AVAILABLE),
        ("open", TALKS, Presence.ON_THE_PHONE),
        ("open", BUSY, Presence.ON_THE_PHONE),
        ("open", AWAY, Presence.AWAY),
        ("closed", "", Presence.OFFLINE),
    ):
        exchange.say(request, port, basic=basic, more=more)
        until(phone, bob, wanted)


def test_who_is_no_longer_watched_is_left_alone(phone: Harness, exchange: Exchange) -> None:
    bob, carol = exchange.uri("bob"), exchange.uri("carol")
    phone.phone.watch_presence("main", [bob])
    request, port = exchange.subscribed()
    exchange.say(request, port)
    until(phone, bob, Presence.AVAILABLE)
    phone.phone.watch_presence("main", [carol])
    until(phone, bob, Presence.UNKNOWN)
    over = exchange.expect("SUBSCRIBE sip:peer@")
    assert re.search(r"^Expires: 0\r?$", over, re.MULTILINE)
    assert "SUBSCRIBE sip:carol@" in exchange.expect("SUBSCRIBE sip:carol")


def test_an_exchange_that_will_not_say_costs_nothing(phone: Harness, exchange: Exchange) -> None:
    bob = exchange.uri("bob")
    phone.phone.watch_presence("main", [bob])
    exchange.subscribed("489 Bad Event")
    until(phone, bob, Presence.UNKNOWN)
    assert phone.never_lost


def test_hostile_notes_and_bodies_are_only_read(phone: Harness, exchange: Exchange) -> None:
    bob = exchange.uri("bob")
    phone.phone.watch_presence("main", [bob, "sip:evil@127.0.0.1\r\nX: y", "no address"])
    request, port = exchange.subscribed()
    exchange.say(request, port, basic="<x", more="<note>" + "n" * 3000)
    exchange.say(request, port, more=TALKS)
    until(phone, bob, Presence.ON_THE_PHONE)
    assert phone.never_lost


def test_a_line_that_is_set_up_anew_asks_again(phone: Harness, exchange: Exchange) -> None:
    bob = exchange.uri("bob")
    phone.phone.watch_presence("main", [bob])
    exchange.subscribed()
    phone.apply(local_line("main", "alicia"))
    request, port = exchange.subscribed()
    while "sip:alicia@" not in request:  # the end of the old one comes first
        request, port = exchange.subscribed()
    exchange.say(request, port)
    until(phone, bob, Presence.AVAILABLE)


def test_it_ends_in_good_order_while_watching(phone: Harness, exchange: Exchange) -> None:
    phone.phone.watch_presence("main", [exchange.uri(f"user{n}") for n in range(60)])
    exchange.subscribed()
    phone.phone.close()
    assert "error" not in phone.engine_log().lower()


@pytest.mark.peers
@pytest.mark.skipif(shutil.which("baresip") is None, reason="not installed: baresip")
def test_a_real_telephone_says_when_somebody_is_there(phone: Harness, tmp_path: Path) -> None:
    with Baresip(tmp_path / "baresip", "bob", tone(440, 1)) as bob:
        phone.phone.watch_presence("main", [bob.uri])
        until(phone, bob.uri, Presence.UNKNOWN)  # it has not said yet
        for online, wanted in ((True, Presence.AVAILABLE), (False, Presence.OFFLINE), (True, Presence.AVAILABLE)):
            bob.show(online=online)
            until(phone, bob.uri, wanted)
