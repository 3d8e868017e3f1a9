"""Two telephones in a `Net`: Alice inside, Bob outside, and what proves that they hear each other."""

from __future__ import annotations

import time
from pathlib import Path

from app.domain.call import CallAnswered, CallDigitReceived
from app.domain.counterpart import Line, Transport
from app.domain.phone_events import CallArrived
from tests.network.net import OUTSIDE, Net
from tests.peers.kamailio import Kamailio
from tests.sip.harness import Harness


class World:
    """A net with a registrar outside. Engines start when asked for."""

    def __init__(self, net: Net, registrar: Kamailio, folder: Path) -> None:
        self.net, self.registrar = net, registrar
        self._folder = folder
        self._engines: list[Harness] = []

    def close(self) -> None:
        """End the engines."""
        for engine in self._engines:
            engine.phone.close()

    def phone(self, place: str, user: str, *, before: str = "", **more: object) -> Harness:
        """An engine in a namespace with a registered line of ``user``."""
        engine = Harness(self._folder / user, argv=self.net.engine(place, before))
        self._engines.append(engine)
        engine.apply(self.line(user, **more), password=f"secret-{user}")
        engine.registered(user)
        return engine

    def line(self, user: str, **more: object) -> Line:
        """A line at the registrar."""
        port = f":{self.registrar.tls_port}" if more.get("transport") is Transport.TLS else ""
        values: dict[str, object] = {"registrar": f"sip:{OUTSIDE}{port}", "username": user}
        if port:
            values["ca_file"] = str(self.registrar.folder / "ca.crt")
        return Line(id=user, uri=f"sip:{user}@{OUTSIDE}", **(values | more))  # type: ignore[arg-type]


def talk(caller: Harness, line: str, callee: Harness, user: str, call_id: str) -> str:
    """``caller`` calls, ``callee`` answers; the callee's call id."""
    caller.phone.dial(call_id, line, f"sip:{user}@{OUTSIDE}")
    arrived = callee.wait(CallArrived)
    callee.phone.answer(arrived.call_id)
    caller.wait(CallAnswered, lambda e: e.call_id == call_id)
    return arrived.call_id


def hear_each_other(one: Harness, one_call: str, other: Harness, other_call: str, digits: str = "12") -> None:
    """Sound passes both ways: the digits travel in the sound's own stream (RFC 4733)."""
    one.phone.send_digits(one_call, digits[0])
    other.wait(CallDigitReceived, lambda e: e.call_id == other_call and e.digit == digits[0])
    other.phone.send_digits(other_call, digits[1])
    one.wait(CallDigitReceived, lambda e: e.call_id == one_call and e.digit == digits[1])


def hear_again(one: Harness, one_call: str, other: Harness, other_call: str, digits: str, within: float) -> None:
    """Sound passes both ways again ``within`` seconds: what is said while it moves over is lost, so say it again."""
    for speaker, its_call, listener, call, digit in (
        (one, one_call, other, other_call, digits[0]),
        (other, other_call, one, one_call, digits[1]),
    ):
        end = time.monotonic() + within
        heard = False
        while not heard and time.monotonic() < end:
            speaker.phone.send_digits(its_call, digit)
            listener.settle(0.5)
            heard = any(
                isinstance(e, CallDigitReceived) and e.call_id == call and e.digit == digit for e in listener.events
            )
        assert heard, f"silence for {within} s"
