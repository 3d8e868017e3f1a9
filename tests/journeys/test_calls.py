"""Click to call, incoming call, notes: from the first touch to the one Task."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace

import pytest

from app.background import Lane
from app.command_json import log_json
from app.commands import Commands
from app.control import Answer
from app.domain.call import CallQuality, CallState, EndReason, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import LineReason, LineState, Match, RecordRef
from app.domain.events import CallRang, CallSoundChanged
from app.domain.phone_events import CallArrived, CallLeftOver
from app.errors import AppError, ErrorCode
from app.words import sentence
from tests.journeys.conftest import ANA, World


def _ends(world: World, call_id: str) -> None:
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and log.call.state is CallState.ENDED)


def test_a_call_out_becomes_one_task_with_person_notes_and_duration(world: World) -> None:
    world.signed_in()
    call_id = world.desk.calls.dial("(415) 555-0142")
    world.until(lambda: world.desk.calls.only().state is CallState.RINGING)
    assert ("dial", call_id, "main", "sip:+14155550142@carrier.example", "") in world.phone.commands
    world.phone.far_answers(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    world.desk.wrapup.set_notes(call_id, "wants the renewal")
    world.clock.move(65)
    world.desk.calls.hangup(call_id)
    _ends(world, call_id)
    world.pushed()
    assert list(world.crm.tasks) == [f"005000000000001AAA|{call_id}@sip"]
    task = world.crm.tasks[f"005000000000001AAA|{call_id}@sip"]
    assert task | {"Description": "wants the renewal", "WhoId": ANA.ref.id, "CallDurationInSeconds": 65} == task
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.synced, log.call.outcome, log.task_id[:3]) == (Synced.DONE, Outcome.ANSWERED, "00T")


def test_who_rang_as_the_app_was_killed_is_a_missed_call_once(world: World) -> None:
    """The engine tells it again: what the killed run had not stored yet, and what it had."""
    world.signed_in()
    known = world.phone.call_in("+14155550142")
    world.until(lambda: world.phone.calls_stored == [known])
    world.phone.far_ends(known, 487)
    _ends(world, known)
    lost = CallArrived("lost", "main", "+14155550142", "carrier.example", "", "lost@sip", world.clock.now())
    for _ in range(2):
        world.phone.emit(CallLeftOver(lost))
    arrived = CallArrived(known, "main", "+14155550142", "carrier.example", "", f"{known}@sip", world.clock.now())
    world.crash()
    world.open()
    world.signed_in()
    world.phone.emit(CallLeftOver(arrived))
    world.phone.emit(CallLeftOver(lost))
    world.until(lambda: {known, "lost"} <= set(world.phone.calls_stored))
    _ends(world, "lost")
    log = world.desk.reads.call_log("lost")
    assert log is not None
    assert log.call.outcome is Outcome.MISSED
    world.pushed()
    assert sorted(key.partition("|")[2] for key in world.crm.tasks) == sorted([f"{known}@sip", "lost@sip"])
    assert len(world.desk.reads.recents().rows) == 2


def test_who_asked_not_to_be_called_is_not_dialled_by_mistake(world: World) -> None:
    world.crm.people = [replace(ANA, do_not_call=True)]
    world.signed_in()
    world.desk.matching.look_up("+14155550142")
    world.until(lambda: world.desk.matching.known("+14155550142").chosen)
    here, there = socket.socketpair()
    refusal, answer = Answer(here), Answer(here)
    commands = Commands(world.desk)
    with pytest.raises(AppError) as refused:
        commands.handle({"command": "call", "number": "(415) 555-0142"}, refusal)
    assert sentence(refused.value) == "Ana Flores asked not to be called. To call all the same, add --anyway."
    assert not world.desk.calls.live()
    assert refusal.is_awaited()
    assert "dial" not in {command[0] for command in world.phone.commands}
    commands.handle({"command": "call", "number": "(415) 555-0142", "anyway": True}, answer)
    world.until(lambda: "dial" in {command[0] for command in world.phone.commands})
    assert answer.wait()["ok"]
    here.close()
    there.close()


def test_an_opened_card_tells_who_asked_not_to_be_called_since(world: World) -> None:
    world.crm.people = [ANA]
    world.signed_in()
    world.desk.matching.look_up("+14155550142")
    world.until(lambda: world.desk.matching.known("+14155550142").chosen)
    world.crm.people = [replace(ANA, do_not_call=True)]
    world.desk.cards.load(ANA.ref, fresh=True)
    world.until(lambda: world.desk.matching.known("+14155550142").not_to_be_called())
    with pytest.raises(AppError) as refused:
        world.desk.calls.dial("+14155550142")
    assert refused.value.code is ErrorCode.CALL_NOT_WANTED
    world.crm.people = [ANA]
    world.desk.cards.load(ANA.ref, fresh=True)
    world.until(lambda: world.desk.matching.known("+14155550142").not_to_be_called() is None)
    world.desk.calls.dial("+14155550142")


def test_the_log_is_stored_before_the_invite_leaves(world: World) -> None:
    seen: list[bool] = []
    dial = world.phone.dial

    def spy(call_id: str, line_id: str, target: str, *, caller_id: str = "") -> None:
        seen.append(world.desk.reads.call_log(call_id) is not None)
        dial(call_id, line_id, target, caller_id=caller_id)

    world.phone.dial = spy  # type: ignore[method-assign]
    world.desk.calls.dial("+14155550142")
    world.until(lambda: seen)
    assert seen == [True]


@pytest.mark.parametrize("name", ["+14155550142", "14155550142", "(415) 555-0142", "4155550142"])
def test_a_name_that_is_only_the_number_is_none(world: World, name: str) -> None:
    world.crm.people = [ANA, replace(ANA, ref=RecordRef("Contact", "003000000000009AAA"), name="Bo Flores")]
    world.signed_in()
    call_id = world.phone.call_in(name=name)
    world.until(lambda: world.desk.matching.known("+14155550142").is_ambiguous)
    world.phone.far_ends(call_id)
    _ends(world, call_id)
    (row,) = world.desk.reads.recents().rows
    assert row.name == "", "the list shows the number as people read it"


def test_an_emergency_call_waits_for_nothing(world: World) -> None:
    go_on = threading.Event()
    world.background.run(Lane.STORE, lambda: go_on.wait(10))
    call_id = world.desk.calls.dial("911")
    assert world.phone.commands[-1][:2] == ("dial", call_id)
    go_on.set()
    world.phone.far_ends(call_id)
    _ends(world, call_id)


def _unreadable(number: str) -> Match:
    raise AppError(ErrorCode.STORE_UNREADABLE, path="ringdown.db")


def test_a_cache_that_cannot_be_read_stops_no_call(world: World) -> None:
    """The page with the people is damaged: calls ring, leave and end all the same, by their number."""
    world.signed_in()
    world.desk.reads.match = _unreadable  # type: ignore[method-assign]
    call_id = world.phone.call_in()
    world.until(lambda: world.phone.ringing)
    world.desk.calls.answer(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    world.phone.far_ends(call_id)
    _ends(world, call_id)
    out = world.desk.calls.dial("+14155550142")
    world.until(lambda: world.phone.commands[-1][:2] == ("dial", out))
    sent = world.desk.messages.send("+14155550142", "you will not reach me")  # and is not called refused
    world.until(lambda: world.phone.commands[-1][:2] == ("text", sent))
    assert {error.code for error in world.troubles} == {ErrorCode.STORE_UNREADABLE}


def test_it_rings_before_anybody_shows_it(world: World) -> None:
    """A mistake in the card of the caller costs neither the ring nor the log."""

    def fail(event: CallRang) -> None:
        raise ZeroDivisionError

    world.hub.subscribe(CallRang, fail)
    call_id = world.phone.call_in()
    with pytest.raises(ZeroDivisionError):
        world.until(lambda: world.phone.ringing)
    assert world.phone.ringing
    world.until(lambda: world.desk.reads.call_log(call_id))


def test_an_incoming_call_rings_is_answered_and_logged(world: World) -> None:
    world.signed_in()
    call_id = world.phone.call_in()
    world.until(lambda: world.phone.ringing)
    world.desk.calls.answer(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    assert not world.phone.ringing
    world.clock.move(5)
    world.phone.far_ends(call_id)
    _ends(world, call_id)
    world.pushed()
    assert world.crm.tasks[f"005000000000001AAA|{call_id}@sip"]["WhoId"] == ANA.ref.id


def test_a_missed_call_is_missed_and_a_rejected_one_declined(world: World) -> None:
    missed, declined = world.phone.call_in(), ""
    world.until(world.desk.calls.live)
    world.phone.far_ends(missed, 487)
    _ends(world, missed)
    declined = world.phone.call_in()
    world.until(world.desk.calls.live)
    world.desk.calls.reject(declined)
    _ends(world, declined)
    outcomes = [(log.id, log.call.outcome) for log in world.desk.reads.call_logs(10)]
    assert sorted(outcomes) == sorted([(missed, Outcome.MISSED), (declined, Outcome.DECLINED)])
    assert not world.phone.ringing


def test_answering_a_second_call_holds_the_first(world: World) -> None:
    first = world.phone.call_in()
    world.until(world.desk.calls.live)
    world.desk.calls.answer(first)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    second = world.phone.call_in("+15035550199")
    world.until(lambda: len(world.desk.calls.live()) == 2)
    assert not world.phone.ringing, "no ringer into a conversation"
    world.desk.calls.answer(second)
    world.until(lambda: {c.id: c.state for c in world.desk.calls.live()}.get(second) is CallState.ACTIVE)
    assert ("hold", first, True) in world.phone.commands
    world.desk.calls.resume(first)
    world.until(lambda: {c.id: c.state for c in world.desk.calls.live()}[first] is CallState.ACTIVE)
    assert ("hold", second, True) in world.phone.commands


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", ErrorCode.NUMBER_EMPTY),
        ("12", ErrorCode.NUMBER_TOO_SHORT),
        ("hello", ErrorCode.NUMBER_UNREADABLE),
        ("+1 415 555 0142 99999", ErrorCode.NUMBER_TOO_LONG),
        ("+999 123456", ErrorCode.NUMBER_IMPOSSIBLE),
        ("sip:a@b\r\nX: y", ErrorCode.NUMBER_UNREADABLE),
    ],
)
def test_an_impossible_number_is_refused_and_nothing_leaves(world: World, typed: str, code: ErrorCode) -> None:
    before = len(world.phone.commands)
    with pytest.raises(AppError) as caught:
        world.desk.calls.dial(typed)
    assert caught.value.code is code
    assert len(world.phone.commands) == before
    assert world.desk.reads.call_logs(10) == ()


def test_a_line_that_is_not_registered_says_why(world: World) -> None:
    world.phone.line("main", LineState.FAILED, LineReason.WRONG_PASSWORD)
    world.until(lambda: world.line_is(LineState.FAILED))
    with pytest.raises(AppError) as caught:
        world.desk.calls.dial("+14155550142")
    assert caught.value.code is ErrorCode.LINE_NOT_READY
    assert caught.value.values["reason_code"] == "wrong-password"
    # An emergency call leaves whatever the line says of itself.
    world.desk.calls.dial("911")
    world.until(lambda: any(command[0] == "dial" for command in world.phone.commands))


def test_the_engine_dies_in_a_call_and_the_notes_stay(world: World) -> None:
    call_id = world.phone.call_in()
    world.until(world.desk.calls.live)
    world.desk.calls.answer(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    world.desk.wrapup.set_notes(call_id, "half a sentence")
    world.phone.die()
    _ends(world, call_id)
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.notes, log.call.reason) == ("half a sentence", EndReason.ENGINE_LOST.value)


def test_a_crash_in_a_call_closes_it_at_the_next_start_with_its_notes(world: World) -> None:
    world.signed_in()
    call_id = world.phone.call_in()
    world.until(world.desk.calls.live)
    world.desk.calls.answer(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    noted: list[bool] = []
    world.desk.wrapup.set_notes(call_id, "before the crash", lambda: noted.append(True))
    world.until(lambda: noted)
    world.crash()
    world.clock.move(3600)
    world.open()
    world.signed_in()
    _ends(world, call_id)
    world.pushed()
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert (log.notes, log.call.outcome, log.call.reason) == (
        "before the crash",
        Outcome.ANSWERED,
        EndReason.APP_STOPPED.value,
    )
    assert log.call.duration < 60, "the hour the app was gone is no talk time"
    assert len(world.crm.tasks) == 1


def test_the_extension_is_dialled_after_the_answer(world: World) -> None:
    call_id = world.desk.calls.dial("(415) 555-0142 x12")
    world.until(lambda: world.desk.calls.only().state is CallState.RINGING)
    assert not any(command[0] == "digits" for command in world.phone.commands)
    world.phone.far_answers(call_id)
    world.until(lambda: ("digits", call_id, ",12") in world.phone.commands)


def test_hanging_up_before_the_log_is_stored_sends_no_invite(world: World) -> None:
    call_id = world.desk.calls.dial("+14155550142")
    world.desk.calls.hangup(call_id)
    _ends(world, call_id)
    assert not any(command[0] == "dial" for command in world.phone.commands)


def test_do_not_disturb_turns_callers_away_without_a_ring_and_keeps_them_as_missed(world: World) -> None:
    rang: list[CallRang] = []
    world.hub.subscribe(CallRang, rang.append)
    world.desk.lines.set_dnd(True)
    call_id = world.phone.call_in()
    _ends(world, call_id)
    assert ("reject", call_id, 480) in world.phone.commands
    assert not rang
    assert not world.phone.ringing
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.call.outcome is Outcome.MISSED


def test_how_a_call_sounded_stays_with_it(world: World) -> None:
    call_id = world.phone.call_in()
    world.until(lambda: world.phone.ringing)
    world.desk.calls.answer(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    told: list[str] = []
    world.hub.subscribe(CallSoundChanged, lambda event: told.append(event.call_id))
    for mos, loss in ((4.4, 0.0), (3.6, 0.02)):
        world.phone.emit(
            CallQuality(call_id, world.clock.now(), "G722", True, loss, loss / 2, 3.0, 40.0, mos, loss, 0.0)
        )
    world.until(lambda: len(told) == 2)
    assert world.desk.reads.call_sound(call_id) is None
    world.phone.far_ends(call_id)
    _ends(world, call_id)
    kept = world.desk.reads.call_sound(call_id)
    assert kept is not None
    assert (kept.mos, kept.lowest_mos, kept.loss, kept.codec, kept.encrypted) == (4.0, 3.6, 0.01, "G722", True)
    world.desk.wrapup.set_notes(call_id, "sounded well")
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and log.notes == "sounded well")
    assert world.desk.reads.call_sound(call_id) == kept
    # Also for another run, which knows nothing of the live figures.
    world.crash()
    world.open()
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    shown = log_json(world.desk, log)["quality"]
    assert shown == {"mos": 4.0, "loss": 0.01, "jitter_ms": 3.0, "rtt_ms": 40.0, "codec": "G722"}
