"""From the network to the screen and from a click to the network, with a peer made of one UDP socket.

Both ends read CLOCK_MONOTONIC of the same machine, so the moments can be subtracted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tests.bench.figures import Figure, figure
from tests.bench.profile import Known
from tests.bench.running import App, Stamp
from tests.sip_standin.sip_client import SipClient

POP_UP, CLICK = 100.0, 30.0  # milliseconds
# The engine slows down callers who come faster than six in 0.8 s (a flood); these come as people do.
APART = 0.25  # seconds
NUMBER = "+14155550177"


def incoming(app: App, people: Sequence[Known], calls: int) -> list[Figure]:
    """INVITE sent → the pop-up with the caller's name is painted; each call is then turned away."""
    host = _host(app)
    shown: list[float] = []
    rang: list[float] = []
    told: list[float] = []
    for person in (people[n % len(people)] for n in range(calls)):
        time.sleep(APART)
        with SipClient(host, user=person.number) as phone:
            seen = len(app.stamps())
            sent = time.monotonic_ns()
            dialog = phone.invite("riley")
            phone.wait(lambda one: one.status == 180)
            told.append((time.monotonic_ns() - sent) / 1e6)
            painted = app.stamp("card-painted", _shows(person.record.name), after=seen)
            shown.append((painted["t"] - sent) / 1e6)
            rang += [(one["t"] - sent) / 1e6 for one in app.stamps()[seen:] if one["name"] == "rang"]
            app.ask("reject")
            assert phone.finish(dialog).status == 486
            app.ask("wait", event="call-ended", timeout=5)
    return [
        figure("INVITE to pop-up with name", "ms", shown, POP_UP),
        figure("  of it, until every pane was told", "ms", rang),
        figure("INVITE to our 180", "ms", told, None, "baresip: INVITE to its 180"),
    ]


def outgoing(app: App, carrier: SipClient, clicks: int) -> list[Figure]:
    """Click on Call again, or a dial command → the INVITE arrives at the carrier's socket, which answers busy."""
    first = app.ask("call", number=NUMBER)["id"]
    _refuse(carrier)
    app.ask("wait", event="call-ended", timeout=5)
    waits: list[float] = []
    commanded: list[float] = []
    for _ in range(clicks):
        time.sleep(APART)  # as before a click: until then the window is busy with the end of the last call
        asked = time.monotonic_ns()
        app.ask("call", number=NUMBER)
        commanded.append((_refuse(carrier) - asked) / 1e6)
        app.ask("wait", event="call-ended", timeout=5)
    for _ in range(clicks):
        seen = len(app.stamps())
        app.tell(f"open {first}")
        assert app.stamp("opened", after=seen)["ready"]
        app.tell("click")
        arrived = _refuse(carrier)
        waits.append((arrived - app.stamp("clicked", after=seen)["t"]) / 1e6)
        app.ask("wait", event="call-ended", timeout=5)
    return [
        figure("click to INVITE", "ms", waits, CLICK),
        figure("`ringdown call` to INVITE", "ms", commanded, None, "baresip: dial to INVITE"),
    ]


def _shows(name: str) -> Callable[[Stamp], bool]:
    return lambda one: one["who"] == name


def _refuse(carrier: SipClient) -> int:
    """Wait for an INVITE, answer 486, take its ACK; when the INVITE came."""
    invite = carrier.wait_request("INVITE")
    arrived = time.monotonic_ns()
    carrier.respond(invite, 486, "Busy Here")
    carrier.wait_request("ACK")
    return arrived


def talk(app: App, carrier: SipClient, calls: int) -> None:
    """Some answered calls of a second, one after the other."""
    for _ in range(calls):
        app.ask("call", number=NUMBER)
        invite = carrier.wait_request("INVITE")
        carrier.respond(invite, 200, "OK", carrier.sdp())
        carrier.wait_request("ACK")
        app.ask("wait", event="call-active", timeout=5)
        app.ask("hangup")
        carrier.respond(carrier.wait_request("BYE"), 200, "OK")
        app.ask("wait", event="call-ended", timeout=5)


def _host(app: App) -> str:
    """Where the line listens, ``host:port``."""
    contact = str(app.ask("status")["lines"][0]["contact"])
    return contact.strip("<>").rpartition("@")[2].split(";")[0].split(">")[0]
