"""A Call and its fold: `advance(call, event)` is the only way a call changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    """Who began it."""

    OUT = "out"
    IN = "in"


class CallState(StrEnum):
    """Where a call is. ``ENDED`` is final."""

    DIALING = "dialing"
    RINGING = "ringing"
    ACTIVE = "active"
    HELD = "held"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call ended."""

    ANSWERED = "answered"
    MISSED = "missed"
    ELSEWHERE = "elsewhere"
    DECLINED = "declined"
    BUSY = "busy"
    CANCELLED = "cancelled"
    FAILED = "failed"
    VOICEMAIL = "voicemail"
    SCREENED = "screened"
    BLOCKED = "blocked"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Call:
    """One leg with one counterpart. Times are UTC.

    ``number`` is a PhoneNumber's value, empty for a withheld one; ``name`` is what the network said of the caller.
    ``reason`` is a code for a bad end (`EndReason`), ``status`` the final SIP status, 0 when there was none.
    """

    id: str
    line: str
    direction: Direction
    number: str
    name: str
    state: CallState
    started: datetime
    sip_call_id: str = ""
    muted: bool = False
    early_media: bool = False
    remote_held: bool = False
    hanging_up: bool = False
    declining: bool = False
    no_sound: bool = False
    encrypted: bool = False
    answered: datetime | None = None
    ended: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    status: int = 0
    digits: str = ""

    @property
    def is_live(self) -> bool:
        """Not ended yet."""
        return self.state is not CallState.ENDED

    @property
    def is_connected(self) -> bool:
        """Talking or on hold."""
        return self.state in {CallState.ACTIVE, CallState.HELD}

    @property
    def duration(self) -> int:
        """Whole seconds of talk, 0 when never answered or not over."""
        if self.answered is None or self.ended is None:
            return 0
        return max(0, round((self.ended - self.answered).total_seconds()))


class EndReason(StrEnum):
    """Why a call did not go well; empty for a normal end."""

    NONE = ""
    NOT_FOUND = "not-found"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no-answer"
    UNAVAILABLE = "unavailable"
    TIMEOUT = "timeout"
    FORBIDDEN = "forbidden"
    NOT_ACCEPTABLE = "not-acceptable"
    NETWORK = "network"
    SERVER = "server"
    ENGINE_LOST = "engine-lost"
    APP_STOPPED = "app-stopped"
    REFUSED = "refused"
    BAD_ADDRESS = "bad-address"
    TOO_MANY = "too-many-calls"


# What the engine reports about a call. Frozen, past tense; they cross the pipe as they are.


@dataclass(frozen=True, slots=True)
class CallSent:
    """The INVITE left; the SIP Call-ID is known from here on."""

    call_id: str
    at: datetime
    sip_call_id: str


@dataclass(frozen=True, slots=True)
class CallRinging:
    """180 or 183 came back; with ``early_media`` the far side already sends sound."""

    call_id: str
    at: datetime
    early_media: bool = False


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """2xx and ACK: both sides talk."""

    call_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallHoldChanged:
    """Our side put the call on hold or took it back (RFC 3264 §8.4)."""

    call_id: str
    at: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class CallRemoteHoldChanged:
    """The far side put us on hold or took us back."""

    call_id: str
    at: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class CallMuteChanged:
    """The microphone is cut off from this call, or back."""

    call_id: str
    at: datetime
    muted: bool


@dataclass(frozen=True, slots=True)
class CallDigitReceived:
    """The far side pressed a key (RFC 4733)."""

    call_id: str
    at: datetime
    digit: str


@dataclass(frozen=True, slots=True)
class CallSoundMissing:
    """The call is up but no microphone or speaker could be opened (or one came back: ``missing`` false)."""

    call_id: str
    at: datetime
    missing: bool = True


@dataclass(frozen=True, slots=True)
class CallSecured:
    """Sound was negotiated: ``encrypted`` is what the media stream really does (SRTP), never what was asked for."""

    call_id: str
    at: datetime
    encrypted: bool


@dataclass(frozen=True, slots=True)
class CallHangupAsked:
    """The rep hung up or declined; what comes next is the network's confirmation."""

    call_id: str
    at: datetime
    declined: bool = False


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The leg is over. ``elsewhere`` when the CANCEL said so (RFC 3326: SIP cause 200 or Q.850 26)."""

    call_id: str
    at: datetime
    status: int
    reason: EndReason = EndReason.NONE
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class CallQuality:
    """How the call sounds, every few seconds of talk. No part of the fold.

    ``loss`` is the share of packets lost since the last report, ``total_loss`` since the beginning, each 0 to 1 and of
    the worse direction; ``mos`` is the E-model's opinion, 1 to 4.5. ``encrypted``: the sound goes by SRTP.
    ``received_loss`` and ``sent_loss`` are ``loss`` of each direction; ``silent`` when nothing at all has come.
    """

    call_id: str
    at: datetime
    codec: str
    encrypted: bool
    loss: float
    total_loss: float
    jitter_ms: float
    rtt_ms: float
    mos: float
    received_loss: float = 0.0
    sent_loss: float = 0.0
    silent: bool = False


CallEvent = (
    CallSent
    | CallRinging
    | CallAnswered
    | CallHoldChanged
    | CallRemoteHoldChanged
    | CallMuteChanged
    | CallDigitReceived
    | CallSoundMissing
    | CallSecured
    | CallHangupAsked
    | CallEnded
)


def advance(call: Call, event: CallEvent) -> Call:
    """The call after the event. An ended call stays as it is; an unknown event raises TypeError."""
    if event.call_id != call.id:
        raise ValueError("event of another call")
    if not call.is_live:
        return call
    match event:
        case CallSent(sip_call_id=sip_call_id):
            return replace(call, sip_call_id=sip_call_id)
        case CallRinging(early_media=early):
            if call.is_connected:
                return call
            return replace(call, state=CallState.RINGING, early_media=call.early_media or early)
        case CallAnswered(at=at):
            if call.is_connected:
                return call
            return replace(call, state=CallState.ACTIVE, answered=at)
        case CallHoldChanged(held=held):
            if not call.is_connected:
                return call
            return replace(call, state=CallState.HELD if held else CallState.ACTIVE)
        case CallRemoteHoldChanged(held=held):
            return replace(call, remote_held=held)
        case CallMuteChanged(muted=muted):
            return replace(call, muted=muted)
        case CallDigitReceived(digit=digit):
            return replace(call, digits=(call.digits + digit)[-64:])
        case CallSoundMissing(missing=missing):
            return replace(call, no_sound=missing)
        case CallSecured(encrypted=encrypted):
            return replace(call, encrypted=encrypted)
        case CallHangupAsked(declined=declined):
            return replace(call, hanging_up=True, declining=call.declining or declined)
        case CallEnded():
            return _ended(call, event)
        case _:
            raise TypeError(f"unknown call event {type(event).__name__}")


def _ended(call: Call, event: CallEnded) -> Call:
    outcome = _outcome(call, event)
    by_choice = outcome in {Outcome.CANCELLED, Outcome.ELSEWHERE} or call.declining
    return replace(
        call,
        state=CallState.ENDED,
        ended=event.at,
        outcome=outcome,
        reason="" if by_choice else event.reason.value,
        status=event.status,
        muted=False,
    )


def _outcome(call: Call, event: CallEnded) -> Outcome:
    if call.answered is not None:
        return Outcome.ANSWERED
    if call.direction is Direction.IN:
        if event.elsewhere:
            return Outcome.ELSEWHERE
        return Outcome.DECLINED if call.declining else Outcome.MISSED
    if call.hanging_up:
        return Outcome.CANCELLED
    match event.reason:
        case EndReason.BUSY:
            return Outcome.BUSY
        case EndReason.DECLINED:
            return Outcome.DECLINED
        case _:
            return Outcome.FAILED
