"""The wheel is built without IPv6 and aborts when asked for it: we say so instead, and never ask."""

from __future__ import annotations

import pytest

from app.domain.call import CallEnded
from app.domain.counterpart import Line, LineReason, LineState
from app.domain.message import Delivery, TextProgressed
from app.domain.phone_events import EngineLost, LineChanged
from sip.engine.config import Bind, is_ipv6, parse_bind
from tests.sip.harness import Harness, local_line


@pytest.mark.parametrize(
    "line",
    [
        Line("a", "sip:a@[::1]", bind="127.0.0.1"),
        Line("a", "sip:a@h.test", registrar="sip:[2001:db8::1]:5060", bind="127.0.0.1"),
        Line("a", "sip:a@h.test", registrar="sip:h.test", proxy="sip:[2001:db8::1];lr", bind="127.0.0.1"),
        Line("a", "sip:a@127.0.0.1", bind="::1"),
        Line("a", "sip:a@127.0.0.1", bind="[::1]:5060"),
    ],
)
def test_an_ipv6_line_says_so(harness: Harness, line: Line) -> None:
    harness.apply(line)
    assert harness.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == LineReason.IPV6


def test_an_ipv6_target_fails_and_the_engine_lives(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"))
    harness.registered("a")
    harness.phone.dial("c1", "a", "sip:bob@[::1]:5060")
    harness.wait(CallEnded)
    harness.phone.send_text("m", "a", "sip:bob@[::1]:5060", "hello")
    assert harness.wait(TextProgressed).delivery is Delivery.FAILED
    assert not [event for event in harness.events if isinstance(event, EngineLost)]


@pytest.mark.parametrize(
    ("text", "bind"), [("::1", Bind("::1")), ("[::1]", Bind("::1")), ("[::1]:50", Bind("::1", 50))]
)
def test_bind(text: str, bind: Bind) -> None:
    assert parse_bind(text) == bind


def test_what_is_ipv6() -> None:
    assert [is_ipv6(host) for host in ("::1", "[2001:db8::1]", "127.0.0.1", "h.test", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
