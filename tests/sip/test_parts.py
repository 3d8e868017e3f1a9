"""The engine's pure parts."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.call import Direction, EndReason
from app.domain.counterpart import Line, LineReason
from app.domain.message import Delivery, Message, TextArrived
from app.domain.phone_events import CallArrived
from app.domain.phone_number import NumberKind, PhoneNumber, parse
from sip.address import domain, target_uri
from sip.carriers.message import MessageCarrier
from sip.engine import sip_message
from sip.engine.config import Bind, parse_bind
from sip.engine.log import masked
from sip.engine.loop import Loop
from sip.engine.reasons import end_reason, line_reason
from sip.engine.spool import Spool


@pytest.mark.parametrize(
    ("number", "line", "uri"),
    [
        ("+14155550123", Line("a", "sip:me@home.org"), "sip:+14155550123@home.org"),
        ("+14155550123", Line("a", "sip:me@home.org", registrar="sip:10.0.0.1:5070"), "sip:+14155550123@10.0.0.1:5070"),
        ("+14155550123", Line("a", "sip:me@home.org", registrar="pbx:5070;x=y"), "sip:+14155550123@pbx:5070"),
        ("*97", Line("a", "sip:me@home.org:5062"), "sip:*97@home.org:5062"),
        ("*21#", Line("a", "sip:me@home.org"), "sip:*21%23@home.org"),
        ("100", Line("a", "sips:me@[::1]:5061;transport=tls"), "sip:100@[::1]:5061"),
        ("100", Line("a", "sip:me@home.org", registrar="[2001:db8::1]:5070;lr"), "sip:100@[2001:db8::1]:5070"),
        ("100", Line("a", "sip:me@home.org", registrar="2001:db8::1"), "sip:100@[2001:db8::1]"),
        ("sip:bob@else.org", Line("a", "sip:me@home.org"), "sip:bob@else.org"),
    ],
)
def test_target_uri(number: str, line: Line, uri: str) -> None:
    assert target_uri(parse(number, "US"), line) == uri


def test_extension_is_not_part_of_the_uri() -> None:
    line = Line("a", "sip:me@home.org")
    assert target_uri(PhoneNumber("+14155550123", NumberKind.E164, "12"), line) == "sip:+14155550123@home.org"
    assert domain(line) == "home.org"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("<sip:bob@h.org:5070;x=y>;tag=1", sip_message.Address("", "bob", "h.org", 5070)),
        ("sip:bob@h.org;tag=1", sip_message.Address("", "bob", "h.org")),
        ('"A \\"B\\" <c>" <sip:bob@h.org>', sip_message.Address('A "B" <c>', "bob", "h.org")),
        ("Bob Smith <sip:bob:pw@[2001:db8::1]:5060>", sip_message.Address("Bob Smith", "bob", "2001:db8::1", 5060)),
        ("<tel:+1-415-555-0123;phone-context=x>", sip_message.Address("", "+1-415-555-0123")),
        ("<sip:%2B14155550123;phone-context=x@h.org>", sip_message.Address("", "+14155550123", "h.org")),
        ("sip:h.org", sip_message.Address("", "", "h.org")),
        ('"unclosed <sip:bob@h.org>', sip_message.Address("unclosed", "bob", "h.org")),
        ("", sip_message.Address()),
        ("<>", sip_message.Address()),
    ],
)
def test_address(value: str, address: sip_message.Address) -> None:
    assert sip_message.address(value) == address


def test_headers_long_compact_and_folded() -> None:
    message = "INVITE sip:x SIP/2.0\r\nf: one\r\nFROM : two\r\n three\r\nX: four\r\n\r\nFrom: body"
    assert sip_message.headers(message, "From") == ["one", "two three"]
    assert sip_message.body(message) == "From: body"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_lines_end_in_three_ways(end: str) -> None:
    message = end.join(("INVITE sip:bob@h.org SIP/2.0", "From: one", "To: two", "", f"body{end}{end}more"))
    assert sip_message.request_uri(message).user == "bob"
    assert sip_message.header(message, "From") == "one"
    assert sip_message.header(message, "To") == "two"
    assert sip_message.body(message) == f"body{end}{end}more"


def test_list_splits_outside_quotes_and_brackets() -> None:
    assert sip_message.split_list('"a,b" <sip:x@y?h=1,2>, <sip:z@y>') == ['"a,b" <sip:x@y?h=1,2>', "<sip:z@y>"]


@pytest.mark.parametrize(
    ("text", "bind"),
    [("auto", Bind()), ("127.0.0.1", Bind("127.0.0.1")), ("127.0.0.1:5070", Bind("127.0.0.1", 5070))],
)
def test_bind(text: str, bind: Bind) -> None:
    assert parse_bind(text) == bind


@pytest.mark.parametrize(
    ("status", "rang", "reason"),
    [(480, True, EndReason.NO_ANSWER), (408, True, EndReason.NO_ANSWER), (487, False, EndReason.NONE)],
)
def test_end_reason(status: int, rang: bool, reason: EndReason) -> None:
    assert end_reason(status, rang=rang) is reason


def test_local_trouble_is_not_the_servers() -> None:
    assert end_reason(503, rang=False, network=True) is EndReason.NETWORK
    assert end_reason(503, rang=False) is EndReason.SERVER
    assert line_reason(503, 171173, has_password=True, answered=False) is LineReason.CERTIFICATE
    assert line_reason(503, 0, has_password=True, answered=False) is LineReason.UNREACHABLE
    assert line_reason(401, 171100, has_password=False, answered=True) is LineReason.NO_PASSWORD


def test_log_masks() -> None:
    text = masked(
        'call to sip:+14155550123@h.org from "Eve Smith" <sip:eve@h.org> (415) 555-0123 tel:+1999 failed 171100'
    )
    for private in ("555", "Eve", "eve", "1999"):
        assert private not in text


def test_spool_keeps_what_another_key_wrote(tmp_path: Path) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    text = TextArrived("", "a", "+1", "h", "", "words", "text/plain", "c", at)
    kept = Spool(tmp_path, b"1" * 32).keep(text)
    assert list(Spool(tmp_path, b"2" * 32).waiting()) == []
    again = Spool(tmp_path, b"1" * 32)
    assert list(again.waiting()) == [kept]
    again.forget("../../etc/passwd")
    again.forget(kept.spool_id)
    assert list(tmp_path.iterdir()) == []


def test_spool_keeps_who_rang_until_the_app_has_it(tmp_path: Path) -> None:
    call = CallArrived("0" * 32, "a", "+14155550142", "h", "Eve", "1@h", datetime(2026, 11, 21, tzinfo=UTC))
    Spool(tmp_path, b"1" * 32).keep_call(call)
    (file,) = tmp_path.iterdir()
    assert b"Eve" not in file.read_bytes()
    again = Spool(tmp_path, b"1" * 32)
    assert (list(again.calls()), list(again.waiting())) == ([call], [])
    again.forget_call("../../etc/passwd")
    again.forget_call(call.call_id)
    assert list(tmp_path.iterdir()) == []


def test_spool_clears_away_what_was_never_whole(tmp_path: Path) -> None:
    whole, half = tmp_path / "a.text", tmp_path / "b.new"
    whole.write_bytes(b"x")
    half.write_bytes(b"")
    Spool(tmp_path, b"k" * 32)
    assert list(tmp_path.iterdir()) == [whole]


def test_spool_leaves_no_caller_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed, or the disk full, before the end: what is left would be an error at every start."""
    call = CallArrived("0" * 32, "a", "+14155550142", "h", "Eve", "1@h", datetime(2026, 11, 21, tzinfo=UTC))
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", lambda fresh, path: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        Spool(tmp_path, b"1" * 32).keep_call(call)
    assert list(Spool(tmp_path, b"1" * 32).calls()) == []
    assert list(tmp_path.iterdir()) == []


def test_cancelled_timer_and_failing_work_do_not_stop_the_rest() -> None:
    loop = Loop()
    done: list[str] = []
    loop.later(0, lambda: done.append("never")).cancel()
    loop.later(0, lambda: done.append("timer"))
    loop.post(lambda: done.append("posted"))
    loop.run_due(lambda work: work())
    assert done == ["posted", "timer"]
    assert loop.patience(1.0) == 1.0


class RecordingPhone:
    """Only what a carrier uses."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, str]] = []

    def send_text(self, message_id: str, line_id: str, target: str, body: str) -> None:
        """Remember it."""
        self.sent.append((message_id, line_id, target, body))


def test_message_carrier() -> None:
    phone = RecordingPhone()
    at = datetime(2026, 11, 21, tzinfo=UTC)
    message = Message("m", "a", "+14155550123", Direction.OUT, "hi", at, "2026-11-21", "UTC", Delivery.QUEUED)
    MessageCarrier(phone).send(message, Line("a", "sip:me@home.org"))  # type: ignore[arg-type]
    assert phone.sent == [("m", "a", "sip:+14155550123@home.org", "hi")]
