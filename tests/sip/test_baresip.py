"""A telephone of another make called by its address: encryption that is optional, its codecs, changes in mid-call."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.call import (
    CallAnswered,
    CallEnded,
    CallHoldChanged,
    CallRemoteHoldChanged,
    CallSecured,
)
from app.domain.counterpart import Srtp
from app.domain.phone_events import CallArrived, CallRefused
from tests.peers.baresip import Baresip
from tests.peers.sound import tone
from tests.sip.harness import Harness, local_line

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(shutil.which("baresip") is None, reason="not installed: baresip"),
]
Phone = Callable[..., Baresip]


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    """Makes bob's telephone."""
    made: list[Baresip] = []

    def make(**more: object) -> Baresip:
        made.append(Baresip(tmp_path / "baresip", "bob", tone(440, 1), **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def register(harness: Harness, srtp: Srtp = Srtp.OFF) -> str:
    """Alice's address."""
    harness.apply(local_line("a", "alice", srtp=srtp))
    return harness.registered("a").contact


def talk(harness: Harness, bob: Baresip, ours: str, *, calls: bool) -> str:
    """A call between the two, begun by bob if he ``calls``; our call id."""
    if calls:
        bob.dial(ours)
        call_id = harness.wait(CallArrived).call_id
        harness.phone.answer(call_id)
    else:
        call_id = "c"
        harness.phone.dial(call_id, "a", bob.uri)
    harness.find(CallAnswered)
    bob.wait("CALL_ESTABLISHED")
    return call_id


def hears(harness: Harness, bob: Baresip, call_id: str, digit: str) -> None:
    """Our sound's stream is understood at bob's: the digit travels in it."""
    harness.phone.send_digits(call_id, digit)
    assert bob.wait("CALL_DTMF_START")["param"] == digit


@pytest.mark.parametrize("calls", [False, True], ids=["we-call", "he-calls"])
@pytest.mark.parametrize(
    ("ours", "bobs", "encrypted"),
    [
        (Srtp.OPTIONAL, "optional", True),
        (Srtp.OPTIONAL, "", False),
        (Srtp.OPTIONAL, "required", True),
        (Srtp.OFF, "optional", False),
        (Srtp.REQUIRED, "optional", True),
    ],
)
def test_optional_encryption(
    harness: Harness, phone: Phone, ours: Srtp, bobs: str, encrypted: bool, calls: bool
) -> None:
    bob = phone(srtp=bobs)
    call_id = talk(harness, bob, register(harness, ours), calls=calls)
    assert harness.find(CallSecured).encrypted is encrypted
    hears(harness, bob, call_id, "5")
    harness.phone.hold(call_id, True)
    harness.wait(CallHoldChanged, lambda e: e.held)
    harness.phone.hold(call_id, False)
    harness.wait(CallHoldChanged, lambda e: not e.held)
    hears(harness, bob, call_id, "6")
    assert {event.encrypted for event in harness.events if isinstance(event, CallSecured)} == {encrypted}


@pytest.mark.parametrize("calls", [False, True], ids=["we-call", "he-calls"])
@pytest.mark.parametrize(
    ("codecs", "spoken"),
    [("G722/16000/1,PCMU/8000/1", "G722"), ("opus/48000/2,PCMA/8000/1", "PCMA"), ("opus/48000/2", "")],
    ids=["g722", "opus-or-pcma", "opus-alone"],
)
def test_codecs(harness: Harness, phone: Phone, codecs: str, spoken: str, calls: bool) -> None:
    """Opus is his alone: he speaks what we both know, or there is no call."""
    bob, ours = phone(codecs=codecs), register(harness)
    if not spoken:
        if calls:
            bob.dial(ours)
            assert bob.wait("CALL_CLOSED")["param"].startswith("488")
        else:
            harness.phone.dial("c", "a", bob.uri)
            assert harness.wait(CallEnded).status == 488
        return
    call_id = talk(harness, bob, ours, calls=calls)
    hears(harness, bob, call_id, "5")
    assert bob.codec() == spoken


def test_required_encryption_refuses_him_without(harness: Harness, phone: Phone) -> None:
    bob = phone()
    bob.dial(register(harness, Srtp.REQUIRED))
    assert harness.wait(CallRefused).status == 488


def test_he_offers_the_call_anew(harness: Harness, phone: Phone) -> None:
    bob = phone()
    call_id = talk(harness, bob, register(harness), calls=True)
    for digit in "12":
        bob.renegotiate()
        hears(harness, bob, call_id, digit)
    bob.hold()
    harness.wait(CallRemoteHoldChanged, lambda e: e.held)
    bob.renegotiate()
    bob.resume()
    harness.wait(CallRemoteHoldChanged, lambda e: not e.held)
    hears(harness, bob, call_id, "3")
    assert not [event for event in harness.events if isinstance(event, (CallHoldChanged, CallEnded))]
