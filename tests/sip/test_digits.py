"""Digits a rep presses arrive once and in order, whatever happens to the sound of the call meanwhile (RFC 4733)."""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from app.domain.call import CallAnswered, CallHoldChanged, CallRemoteHoldChanged
from app.domain.phone_events import CallArrived
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import SDP, RawPeer, replaces

_EVENT = 101  # the payload type that raw_sip.SDP gives to telephone events
_KEYS = "0123456789*#ABCD"


class FarSide(RawPeer):
    """A caller with two ports for the sound, who hears the keys that come to either."""

    def __init__(self, harness: Harness, to_port: int) -> None:
        super().__init__()
        self._harness, self._to_port = harness, to_port
        self._begun: dict[tuple[int, int], str] = {}  # by source and timestamp, which name one event
        self._ended: set[tuple[int, int]] = set()
        self._ears = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        self._selector = selectors.DefaultSelector()
        for ear in self._ears:
            ear.bind(("127.0.0.1", 0))
            self._selector.register(ear, selectors.EVENT_READ)
        self._cseq = 1
        self.call_id = self._call()

    def close(self) -> None:
        """Hang nothing up, just go."""
        self._selector.close()
        for each in (self.socket, *self._ears):
            each.close()

    def sdp(self, ear: int = 0, way: str = "sendrecv") -> str:
        """A session description with the sound at one of the two ports."""
        text = SDP.format(profile="RTP/AVP", extra=f"a={way}\r\n")
        return text.replace("m=audio 40000", f"m=audio {self._ears[ear].getsockname()[1]}")

    def change(self, ear: int, way: str = "sendrecv") -> None:
        """A re-INVITE, and its answer."""
        self._cseq += 1
        self.again(self._answer, "INVITE", self._to_port, body=self.sdp(ear, way), cseq=self._cseq)
        self.acknowledge(self.expect("SIP/2.0 200"), self._to_port)

    def leave_to(self, other: RawPeer) -> None:
        """Somebody else takes over, whose sound is at the second port."""
        headers = replaces(self._answer, ours="To")
        body = self.sdp(ear=1).encode()
        other.request("INVITE", self._to_port, headers=headers, body=body, content_type="application/sdp")
        other.acknowledge(other.expect("SIP/2.0 200"), self._to_port)
        self.answer(self.expect("BYE"), "200 OK", self._to_port)

    def agree(self, way: str) -> None:
        """Take our side's re-INVITE."""
        self.answer(self.expect("INVITE"), "200 OK", self._to_port, body=self.sdp(1, way))
        self.expect("ACK")

    def listen(self, begun: int, timeout: float = 8.0) -> str:
        """The keys that have come so far, once there are so many."""
        end = time.monotonic() + timeout
        while len(self._begun) < begun and (left := end - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                self._hear(key.fileobj.recv(2048))  # type: ignore[union-attr]
        return "".join(self._begun.values())

    def all_end(self) -> bool:
        """Has every key that began an end, half a second later at most?"""
        end = time.monotonic() + 0.5
        while set(self._begun) != self._ended and (left := end - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                self._hear(key.fileobj.recv(2048))  # type: ignore[union-attr]
        return set(self._begun) == self._ended

    def _hear(self, packet: bytes) -> None:
        if packet[1] & 0x7F != _EVENT:
            return
        moment, source, key, flags = struct.unpack_from(">IIBB", packet, 4)
        self._begun.setdefault((source, moment), _KEYS[key])
        if flags & 0x80:
            self._ended.add((source, moment))

    def _call(self) -> str:
        self.request("INVITE", self._to_port, body=self.sdp().encode(), content_type="application/sdp")
        call_id = self._harness.wait(CallArrived).call_id
        self._harness.phone.answer(call_id)
        self._answer = self.expect("SIP/2.0 200")
        self.acknowledge(self._answer, self._to_port)
        self._harness.wait(CallAnswered)
        return call_id


@pytest.fixture
def far(harness: Harness) -> Iterator[FarSide]:
    """Somebody who has called us."""
    harness.apply(local_line("a", "alice"))
    made = FarSide(harness, harness.port("a"))
    yield made
    made.close()


def test_the_sound_moves_in_the_middle_of_them(harness: Harness, far: FarSide) -> None:
    harness.phone.send_digits(far.call_id, "1234567890")
    far.listen(2)
    far.change(ear=1)
    assert far.listen(10) == "1234567890"
    assert far.all_end()


def test_others_take_over_in_the_middle_of_them(harness: Harness, far: FarSide, peer: RawPeer) -> None:
    harness.phone.send_digits(far.call_id, "1234567890")
    far.listen(2)
    far.leave_to(peer)
    assert far.listen(10) == "1234567890"


def test_the_sound_moves_at_each_of_them(harness: Harness, far: FarSide) -> None:
    """Wherever it falls between a key and its first packet."""
    for turn in range(10):
        harness.phone.send_digits(far.call_id, str(turn))
        far.change(ear=turn % 2)
    assert far.listen(10) == "0123456789"


def test_pressed_while_they_hold_us(harness: Harness, far: FarSide) -> None:
    far.change(ear=0, way="sendonly")
    assert harness.wait(CallRemoteHoldChanged).held
    harness.phone.send_digits(far.call_id, "12")
    assert far.listen(1, timeout=0.5) == ""
    far.change(ear=1)
    harness.phone.send_digits(far.call_id, "3")
    assert far.listen(3) == "123"


@pytest.mark.parametrize("way", ["recvonly", "inactive"])
def test_held_by_us_in_the_middle_of_them(harness: Harness, far: FarSide, way: str) -> None:
    harness.phone.send_digits(far.call_id, "12,34")
    far.listen(1)
    harness.phone.hold(far.call_id, True)
    far.agree(way)
    assert harness.wait(CallHoldChanged).held
    assert "34" not in far.listen(3, timeout=0.5)
    harness.phone.hold(far.call_id, False)
    far.agree("sendrecv")
    assert far.listen(4) == "1234"
