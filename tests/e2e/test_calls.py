"""Calls to and from the far end, by the command line: what is told while they live, and what is kept of them."""

from __future__ import annotations

import pytest

from tests.e2e.ringdown import DONE, FAILED, Ringdown
from tests.peers import far_end as numbers
from tests.peers.child import until
from tests.peers.far_end import FarEnd

pytestmark = pytest.mark.peers


def test_a_whole_call_out(desk: Ringdown, far_end: FarEnd) -> None:
    call = desk.do("call", "(415) 555-0101", "--wait")
    there = far_end.newest(numbers.TALKS)
    assert (call["state"], call["direction"], call["number"]) == ("active", "out", numbers.TALKS)
    assert (there["from"], there["state"]) == ("riley", "active")

    assert desk.do("hold")["state"] == "held"
    far_end.until_call(there["id"], lambda c: c["state"] == "held")
    assert desk.refuses("dtmf", "1") == "The call is held: that is not possible now."
    assert desk.do("resume")["state"] == "active"
    far_end.until_call(there["id"], lambda c: c["state"] == "active" and c["holds"] == 1)

    assert desk.do("mute")["muted"] is True
    assert desk.do("calls")[0]["muted"] is True
    assert desk.do("unmute")["muted"] is False

    assert desk.refuses("dtmf", "12x") == "Only 0-9, *, #, A-D and commas can be sent as tones."
    desk.do("dtmf", "12#*0")
    there = far_end.until_call(there["id"], lambda c: len(c["dtmf"]) >= 5)
    assert (there["dtmf"], set(there["dtmf_methods"])) == ("12#*0", {"rfc4733"})

    assert desk.do("hangup")["state"] == "ended"
    far_end.until_call(there["id"], lambda c: c["state"] == "ended", 2)
    log = desk.call_ended(call["id"])
    assert (log["outcome"], log["reason"], log["state"]) == ("answered", "", "ended")
    assert log["started"] <= log["answered"] < log["ended"]
    assert desk.do("calls") == []


def test_a_menu_hears_the_digits_and_hangs_up(desk: Ringdown, far_end: FarEnd) -> None:
    call_id = desk.call(numbers.MENU)
    desk.do("dtmf", "2#")
    log = desk.call_ended(call_id)
    assert (log["outcome"], log["reason"]) == ("answered", "")
    assert far_end.newest(numbers.MENU)["dtmf"] == "2#"


def test_an_extension_is_dialled_after_the_answer(desk: Ringdown, far_end: FarEnd) -> None:
    call_id = desk.call("415-555-0101 x42")
    there = far_end.newest(numbers.TALKS)
    far_end.until_call(there["id"], lambda c: c["dtmf"] == "42", 12)
    desk.hangup(call_id)


@pytest.mark.parametrize(
    ("number", "outcome", "reason", "sentence"),
    [
        (numbers.BUSY, "busy", "busy", "The call failed: busy."),
        (numbers.NO_SUCH_NUMBER, "failed", "not-found", "The call failed: this number does not exist."),
        (numbers.DECLINES, "declined", "declined", "The call failed: the call was declined."),
        (numbers.OUT_OF_SERVICE, "failed", "server", "The call failed: the phone service has a problem."),
    ],
)
def test_a_call_that_is_refused(desk: Ringdown, number: str, outcome: str, reason: str, sentence: str) -> None:
    answer = desk.run("call", number, "--wait")
    assert (answer.code, answer.sentence) == (FAILED, sentence)
    log = desk.call_ended(answer.json["id"])
    assert (log["outcome"], log["reason"], log["answered"], log["duration"]) == (outcome, reason, None, 0)


def test_nobody_answers_and_we_hang_up(desk: Ringdown, far_end: FarEnd) -> None:
    call_id = desk.do("call", numbers.NO_ANSWER)["id"]
    until(lambda: [c for c in desk.do("calls") if c["id"] == call_id and c["state"] == "ringing"], what="it rings")
    log = desk.hangup(call_id)
    assert (log["outcome"], log["reason"], log["answered"]) == ("cancelled", "", None)
    there = far_end.newest(numbers.NO_ANSWER)
    assert far_end.until_call(there["id"], lambda c: c["state"] == "ended", 2)["status"] == 487


def test_the_far_end_hangs_up(desk: Ringdown) -> None:
    call_id = desk.call(numbers.HANGS_UP)
    log = desk.call_ended(call_id)
    assert (log["outcome"], log["reason"]) == ("answered", "")
    assert 2 <= log["duration"] <= 4


def test_a_call_in_is_answered_and_ends_over_there(desk: Ringdown, far_end: FarEnd) -> None:
    waiting = desk.ask("wait", "call-incoming", "--timeout", "10")
    there = far_end.call(desk.contact(), "+15035550199", name="Bo Lindqvist")
    rings = desk.answered(waiting).json
    assert (rings["direction"], rings["state"], rings["number"], rings["name"]) == (
        "in",
        "ringing",
        "+15035550199",
        "Bo Lindqvist",
    )
    assert desk.do("answer")["state"] == "active"
    far_end.until_call(there, lambda c: c["state"] == "active")
    far_end.hangup(there)
    log = desk.call_ended(rings["id"])
    assert (log["outcome"], log["direction"], log["number"]) == ("answered", "in", "+15035550199")


def test_a_call_in_is_rejected(desk: Ringdown, far_end: FarEnd) -> None:
    there = far_end.call(desk.contact(), "+15035550199")
    rings = desk.wait("call-incoming")
    assert desk.do("reject", rings["id"])["state"] == "ended"
    assert far_end.until_call(there, lambda c: c["state"] == "ended", 2)["status"] == 486
    log = desk.call_ended(rings["id"])
    assert (log["outcome"], log["reason"]) == ("declined", "")


def test_a_caller_who_gives_up_is_missed(desk: Ringdown, far_end: FarEnd) -> None:
    there = far_end.call(desk.contact(), "+15035550198")
    rings = desk.wait("call-incoming")
    far_end.hangup(there)
    log = desk.call_ended(rings["id"])
    assert (log["outcome"], log["answered"]) == ("missed", None)


def test_a_withheld_number(desk: Ringdown, far_end: FarEnd) -> None:
    there = far_end.call(desk.contact(), "anonymous", name="Anonymous")
    rings = desk.wait("call-incoming")
    assert rings["number"] == ""
    far_end.hangup(there)
    assert desk.call_ended(rings["id"])["outcome"] == "missed"


def test_answering_a_second_call_holds_the_first(desk: Ringdown, far_end: FarEnd) -> None:
    first = desk.call(numbers.ECHO)
    there = far_end.newest(numbers.ECHO)["id"]
    far_end.call(desk.contact(), "+15035550197")
    second = desk.wait("call-incoming")["id"]
    assert desk.refuses("hangup") == "There are several live calls: say which one."
    assert desk.do("answer")["id"] == second
    far_end.until_call(there, lambda c: c["state"] == "held")
    desk.hangup(second)
    desk.do("resume", first)
    far_end.until_call(there, lambda c: c["state"] == "active")
    desk.hangup(first)


def test_a_fifth_call_gets_busy_and_is_missed(
    desk: Ringdown, far_end: FarEnd, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The far end carries four calls as well, so the fifth comes from another one."""
    waiting = [far_end.call(desk.contact(), f"+1503555010{n}") for n in range(4)]
    until(lambda: len(desk.do("calls")) == 4, what="four calls ring")
    with FarEnd(tmp_path_factory.mktemp("second")) as second:
        fifth = second.call(desk.contact(), "+15035550109")
        ended = second.until_call(fifth, lambda c: c["state"] == "ended")
        assert ended["status"] == 486
    log = until(
        lambda: next((log for log in desk.do("recent") if log["number"] == "+15035550109"), None), what="it is kept"
    )
    assert (log["direction"], log["outcome"], log["reason"]) == ("in", "missed", "busy")
    assert len(desk.do("calls")) == 4
    assert desk.refuses("call", numbers.TALKS) == "There are already 4 calls. End one first."
    for call in waiting:
        far_end.hangup(call)
    until(lambda: desk.do("calls") == [], what="all ended")
    # Four calls are free again.
    desk.hangup(desk.call(numbers.ECHO))


UNUSABLE = {
    "": "Type a number first.",
    "hello": "“hello” is not a phone number.",
    "41": "“41” is too short for a phone number.",
    "+1 415 555 01019999999": "“+1 415 555 01019999999” is too long for a phone number.",
    "+999 415 555 0101": "“+999 415 555 0101” cannot be a phone number: no country has such a number.",
    "sip:a b@127.0.0.1": "“sip:a b@127.0.0.1” is not a phone number.",
    "+14155550101\r\nEvil: yes": "“+14155550101\ufffd\ufffdEvil: yes” is not a phone number.",
}


def test_an_unusable_number_never_leaves(desk: Ringdown, far_end: FarEnd) -> None:
    before = len(far_end.calls())
    for typed, sentence in UNUSABLE.items():
        assert desk.refuses("call", typed) == sentence
        assert desk.do("calls") == []
    # Whatever had left would be there before the next call. Three digits are an extension, dialled as typed.
    desk.hangup(desk.call("415"))
    assert [call["to"] for call in far_end.calls()[before:]] == ["415"]


def test_commands_without_a_call(desk: Ringdown) -> None:
    for command in ("hangup", "hold", "resume", "mute", "answer", "reject"):
        assert desk.refuses(command) == "There is no live call."
    assert desk.refuses("hangup", "nosuchcall") == "There is no live call “nosuchcall”."
    assert desk.refuses("call", numbers.TALKS, "--line", "nosuch") == "There is no line “nosuch”."
    assert (
        desk.refuses("call", numbers.TALKS, "--as", "+14155550199") == "“+14155550199” is not a caller ID of line main."
    )
    assert desk.run("wait", "call-incoming", "--timeout", "0.2").sentence == "Nothing happened within 0.2 seconds."
    assert desk.run("status").code == DONE
