"""The fold of a call: every state with every event, and how calls end."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from app.domain.call import (
    Call,
    CallAnswered,
    CallDigitReceived,
    CallEnded,
    CallEvent,
    CallHangupAsked,
    CallHoldChanged,
    CallMuteChanged,
    CallRemoteHoldChanged,
    CallRinging,
    CallSecured,
    CallSent,
    CallSoundMissing,
    CallState,
    Direction,
    EndReason,
    Outcome,
    advance,
)

START = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
THEN = START + timedelta(seconds=7)


def call_in(state: CallState, direction: Direction = Direction.OUT, **changes: Any) -> Call:
    """A call as it looks in this state."""
    plain = Call("c1", "main", direction, "+14155550142", "Ana", state, START)
    match state:
        case CallState.ACTIVE | CallState.HELD:
            plain = replace(plain, answered=START)
        case CallState.ENDED:
            plain = replace(plain, ended=START, outcome=Outcome.FAILED)
        case _:
            pass
    return replace(plain, **changes)


# What each event changes, state by state; a state left out is left alone by the event.
_LIVE = (CallState.DIALING, CallState.RINGING, CallState.ACTIVE, CallState.HELD)
_CONNECTED = (CallState.ACTIVE, CallState.HELD)
TABLE: tuple[tuple[CallEvent, tuple[CallState, ...], dict[str, Any]], ...] = (
    (CallSent("c1", THEN, "abc@sip"), _LIVE, {"sip_call_id": "abc@sip"}),
    (CallRinging("c1", THEN), (CallState.DIALING, CallState.RINGING), {"state": CallState.RINGING}),
    (
        CallRinging("c1", THEN, early_media=True),
        (CallState.DIALING, CallState.RINGING),
        {"state": CallState.RINGING, "early_media": True},
    ),
    (
        CallAnswered("c1", THEN),
        (CallState.DIALING, CallState.RINGING),
        {"state": CallState.ACTIVE, "answered": THEN},
    ),
    (CallHoldChanged("c1", THEN, held=True), _CONNECTED, {"state": CallState.HELD}),
    (CallHoldChanged("c1", THEN, held=False), _CONNECTED, {"state": CallState.ACTIVE}),
    (CallRemoteHoldChanged("c1", THEN, held=True), _LIVE, {"remote_held": True}),
    (CallRemoteHoldChanged("c1", THEN, held=False), _LIVE, {"remote_held": False}),
    (CallMuteChanged("c1", THEN, muted=True), _LIVE, {"muted": True}),
    (CallMuteChanged("c1", THEN, muted=False), _LIVE, {"muted": False}),
    (CallDigitReceived("c1", THEN, "5"), _LIVE, {"digits": "5"}),
    (CallSoundMissing("c1", THEN), _LIVE, {"no_sound": True}),
    (CallSoundMissing("c1", THEN, missing=False), _LIVE, {"no_sound": False}),
    (CallSecured("c1", THEN, encrypted=True), _LIVE, {"encrypted": True}),
    (CallSecured("c1", THEN, encrypted=False), _LIVE, {"encrypted": False}),
    (CallSecured("c1", THEN, encrypted=True), _LIVE, {"encrypted": True}),
    (CallSecured("c1", THEN, encrypted=False), _LIVE, {"encrypted": False}),
    (CallHangupAsked("c1", THEN), _LIVE, {"hanging_up": True, "declining": False}),
    (CallHangupAsked("c1", THEN, declined=True), _LIVE, {"hanging_up": True, "declining": True}),
)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize(("event", "states", "changes"), TABLE, ids=lambda value: type(value).__name__)
def test_each_event_changes_what_it_says_and_nothing_else(
    event: CallEvent, states: tuple[CallState, ...], changes: dict[str, Any], state: CallState, direction: Direction
) -> None:
    before = call_in(state, direction)
    expected = replace(before, **changes) if state in states else before
    assert advance(before, event) == expected


def test_the_table_names_every_event_but_the_end() -> None:
    assert {type(event) for event, _, _ in TABLE} | {CallEnded} == set(CallEvent.__args__)


@pytest.mark.parametrize("state", _LIVE)
@pytest.mark.parametrize("direction", Direction)
def test_every_live_call_ends(state: CallState, direction: Direction) -> None:
    after = advance(call_in(state, direction, muted=True), CallEnded("c1", THEN, 487))
    assert (after.state, after.ended, after.status, after.muted) == (CallState.ENDED, THEN, 487, False)
    assert after.outcome is not None
    assert not after.is_live
    assert not after.is_connected


@pytest.mark.parametrize("event", [*(row[0] for row in TABLE), CallEnded("c1", THEN, 200)])
def test_ended_stays_ended(event: CallEvent) -> None:
    ended = call_in(CallState.ENDED)
    assert advance(ended, event) is ended


@dataclass(frozen=True)
class _Strange:
    call_id: str = "c1"


def test_an_unknown_event_raises() -> None:
    with pytest.raises(TypeError, match="_Strange"):
        advance(call_in(CallState.ACTIVE), cast(CallEvent, _Strange()))


def test_an_event_of_another_call_raises() -> None:
    with pytest.raises(ValueError, match="another call"):
        advance(call_in(CallState.ACTIVE), CallAnswered("c2", THEN))
    with pytest.raises(ValueError, match="another call"):
        advance(call_in(CallState.ENDED), CallAnswered("c2", THEN))


def test_early_media_once_heard_stays_known() -> None:
    heard = advance(call_in(CallState.DIALING), CallRinging("c1", THEN, early_media=True))
    assert advance(heard, CallRinging("c1", THEN)).early_media


def test_only_the_last_64_digits_are_kept() -> None:
    call = call_in(CallState.ACTIVE)
    for digit in "1" * 10 + "2" * 64:
        call = advance(call, CallDigitReceived("c1", THEN, digit))
    assert call.digits == "2" * 64


# (direction, state, changes, reason, elsewhere) → (outcome, reason kept)
ENDS: tuple[tuple[Direction, CallState, dict[str, Any], EndReason, bool, Outcome, str], ...] = (
    (Direction.OUT, CallState.ACTIVE, {}, EndReason.NONE, False, Outcome.ANSWERED, ""),
    (Direction.IN, CallState.HELD, {}, EndReason.NONE, False, Outcome.ANSWERED, ""),
    (Direction.OUT, CallState.ACTIVE, {}, EndReason.NETWORK, False, Outcome.ANSWERED, "network"),
    (Direction.OUT, CallState.ACTIVE, {"hanging_up": True}, EndReason.NONE, False, Outcome.ANSWERED, ""),
    (Direction.OUT, CallState.RINGING, {}, EndReason.BUSY, False, Outcome.BUSY, "busy"),
    (Direction.OUT, CallState.RINGING, {}, EndReason.DECLINED, False, Outcome.DECLINED, "declined"),
    (Direction.OUT, CallState.DIALING, {}, EndReason.NOT_FOUND, False, Outcome.FAILED, "not-found"),
    (Direction.OUT, CallState.DIALING, {}, EndReason.NONE, False, Outcome.FAILED, ""),
    (Direction.OUT, CallState.RINGING, {}, EndReason.NO_ANSWER, False, Outcome.FAILED, "no-answer"),
    (Direction.OUT, CallState.RINGING, {"hanging_up": True}, EndReason.BUSY, False, Outcome.CANCELLED, ""),
    (Direction.OUT, CallState.DIALING, {"hanging_up": True}, EndReason.NONE, False, Outcome.CANCELLED, ""),
    (Direction.IN, CallState.RINGING, {}, EndReason.NONE, False, Outcome.MISSED, ""),
    (Direction.IN, CallState.RINGING, {}, EndReason.ENGINE_LOST, False, Outcome.MISSED, "engine-lost"),
    (Direction.IN, CallState.RINGING, {}, EndReason.NONE, True, Outcome.ELSEWHERE, ""),
    (Direction.IN, CallState.RINGING, {"declining": True}, EndReason.DECLINED, False, Outcome.DECLINED, ""),
    (Direction.IN, CallState.RINGING, {"declining": True}, EndReason.NONE, True, Outcome.ELSEWHERE, ""),
    (Direction.IN, CallState.RINGING, {"hanging_up": True}, EndReason.NONE, False, Outcome.MISSED, ""),
)


@pytest.mark.parametrize(("direction", "state", "changes", "reason", "elsewhere", "outcome", "kept"), ENDS)
def test_outcome_and_reason(
    direction: Direction,
    state: CallState,
    changes: dict[str, Any],
    reason: EndReason,
    elsewhere: bool,
    outcome: Outcome,
    kept: str,
) -> None:
    after = advance(call_in(state, direction, **changes), CallEnded("c1", THEN, 200, reason, elsewhere))
    assert (after.outcome, after.reason) == (outcome, kept)


def test_every_reason_and_direction_has_an_outcome() -> None:
    for direction, reason, elsewhere in itertools.product(Direction, EndReason, (False, True)):
        after = advance(call_in(CallState.RINGING, direction), CallEnded("c1", THEN, 500, reason, elsewhere))
        assert after.outcome is not None
        assert after.outcome is not Outcome.ANSWERED


@pytest.mark.parametrize(
    ("answered", "ended", "seconds"),
    [(None, None, 0), (START, None, 0), (None, START, 0), (START, THEN, 7), (THEN, START, 0)],
)
def test_duration_is_talk_time(answered: datetime | None, ended: datetime | None, seconds: int) -> None:
    assert call_in(CallState.ACTIVE, answered=answered, ended=ended).duration == seconds
