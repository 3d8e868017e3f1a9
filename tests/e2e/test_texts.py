"""Texts to and from the far end, byte for byte."""

from __future__ import annotations

import pytest

from tests.e2e.ringdown import FAILED, Ringdown
from tests.peers import far_end as numbers
from tests.peers.child import until
from tests.peers.far_end import FarEnd

pytestmark = pytest.mark.peers

BODIES = (
    "Hello",
    "二行の\nテキスト です",
    "👩‍👩‍👧‍👦 family, 🇯🇵 flag, 👍🏽 skin",
    "مرحبا بالعالم \u200f(RTL) שלום",
    'e\u0301 combining, \u00a0no-break, tab\there, <b>markup</b> & "quotes" %s {0} \\n',
    "  leading and trailing  ",
    "長" * 400,
)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_text_out_arrives_as_it_is(desk: Ringdown, far_end: FarEnd, body: str) -> None:
    sent = desk.do("text", numbers.TALKS, body)
    assert sent["delivery"] in {"sent", "delivered"}
    there = far_end.texts()[-1]
    assert (there["body"], there["to"].split("@")[0].removeprefix("sip:"), there["cut"]) == (
        body,
        numbers.TALKS,
        False,
    )
    kept = desk.do("messages", numbers.TALKS)[-1]
    assert (kept["id"], kept["body"], kept["direction"]) == (sent["id"], body, "out")


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_text_in_is_kept_as_it_is(desk: Ringdown, far_end: FarEnd, body: str) -> None:
    far_end.text(desk.contact(), "+15035550142", body, name="Ana Flores")
    came = desk.wait("message-received")
    assert (came["body"], came["number"], came["direction"], came["delivery"]) == (
        body,
        "+15035550142",
        "in",
        "delivered",
    )
    assert desk.do("messages", "+15035550142")[-1] == came


def test_texts_stand_in_their_order(desk: Ringdown, far_end: FarEnd) -> None:
    for n in range(5):
        far_end.text(desk.contact(), "+15035550143", f"number {n}")
    until(lambda: len(desk.do("messages", "+15035550143")) == 5, what="all five")
    assert [m["body"] for m in desk.do("messages", "+1 503 555 0143")] == [f"number {n}" for n in range(5)]
    assert [m["body"] for m in desk.do("messages", "+15035550143", "--limit", "2")] == ["number 3", "number 4"]


def test_texts_that_must_not_leave(desk: Ringdown, far_end: FarEnd) -> None:
    before = len(far_end.texts())
    assert "emergency" in desk.refuses("text", "911", "help")
    assert desk.refuses("text", numbers.TALKS, "  \n ") == "There is no text to send."
    assert "too long" in desk.refuses("text", numbers.TALKS, "x" * 3_001)
    assert "is not a phone number" in desk.refuses("text", "hello", "x")
    desk.do("text", numbers.TALKS, "this one does")
    assert [text["body"] for text in far_end.texts()[before:]] == ["this one does"]


def test_a_text_the_far_end_never_answers_is_not_called_sent(desk: Ringdown) -> None:
    answer = desk.run("text", "sip:nobody@127.0.0.1:9", "hello?", timeout=60)
    if answer.code == FAILED:
        assert answer.sentence.startswith("The text could not be sent")
    else:  # nobody knows yet
        assert answer.json["delivery"] == "sending"
