"""Calls: dial, answer, hang up, hold, mute, digits; folds what the engine reports into Call after Call."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from app.domain.call import (
    Call,
    CallAnswered,
    CallEnded,
    CallEvent,
    CallHangupAsked,
    CallQuality,
    CallSent,
    CallState,
    Direction,
    EndReason,
    advance,
)
from app.domain.call_quality import CallSound, hear
from app.domain.counterpart import NO_MATCH, Line, LineState, Match
from app.domain.events import CallChanged, CallRang, CallSoundChanged
from app.domain.phone_events import CallArrived, CallLeftOver, CallRefused
from app.domain.phone_number import PhoneNumber, from_caller, parse, same_number
from app.domain.policies import MAX_CALLS, is_emergency, may_dial
from app.errors import AppError, ErrorCode
from app.ports.phone import Phone
from app.store import records
from app.usecases.lines import Lines
from app.usecases.matching import Matching
from app.usecases.tools import Tools
from app.usecases.wrapup import Wrapup

LAST_ALIVE = "last-alive"
_PULSE = 10.0
_DIGITS = re.compile(r"^[0-9*#A-Da-d,]{1,32}$")


class Calls:
    """The live calls. Main thread."""

    def __init__(
        self,
        tools: Tools,
        *,
        phone: Phone,
        lines: Lines,
        matching: Matching,
        wrapup: Wrapup,
        address: Callable[[PhoneNumber, Line], str],
        demo: bool,
    ) -> None:
        """``address`` makes the SIP URI of a number on a line."""
        self._reads = tools.reads
        self._writer = tools.writer
        self._background = tools.background
        self._loop = tools.loop
        self._hub = tools.hub
        self._clock = tools.clock
        self._phone = phone
        self._lines = lines
        self._matching = matching
        self._wrapup = wrapup
        self._address = address
        self._demo = demo
        self._calls: dict[str, Call] = {}
        self._post_dial: dict[str, str] = {}
        self._silenced: set[str] = set()
        self._ended: dict[str, Call] = {}
        self._quality: dict[str, CallSound] = {}
        self._pulse_on = False

    # reading

    def live(self) -> tuple[Call, ...]:
        """Calls that have not ended, oldest first."""
        return tuple(self._calls.values())

    def get(self, call_id: str) -> Call | None:
        """A live call, or one that ended since the start."""
        return self._calls.get(call_id) or self._ended.get(call_id)

    def only(self, call_id: str = "") -> Call:
        """The named live call, or the only one. Raises AppError CALL_UNKNOWN, CALL_NONE or CALL_SEVERAL."""
        if call_id:
            if call_id not in self._calls:
                raise AppError(ErrorCode.CALL_UNKNOWN, call=call_id)
            return self._calls[call_id]
        if not self._calls:
            raise AppError(ErrorCode.CALL_NONE)
        if len(self._calls) > 1:
            raise AppError(ErrorCode.CALL_SEVERAL)
        return next(iter(self._calls.values()))

    def quality(self, call_id: str) -> CallSound | None:
        """How a call of this run sounds, or sounded; None before the first figures. Older ones: `Reads.call_sound`."""
        return self._quality.get(call_id)

    # doing

    def dial(self, typed: str, *, line_id: str = "", caller_id: str = "", about: str = "", anyway: bool = False) -> str:
        """Call a number in any form; the call's id. Raises AppError, and then nothing left this computer.

        CALL_NOT_WANTED with the ``name`` of who asked in Salesforce not to be called, unless ``anyway``.
        """
        line = self._lines.choose(line_id)
        number = parse(typed, line.region)
        may_dial(number, line, demo=self._demo)
        status = self._lines.status(line.id)
        if not self._lines.phone_is_up:
            raise AppError(ErrorCode.PHONE_DOWN)
        if (status is None or status.state is not LineState.REGISTERED) and not is_emergency(number):
            reason = status.reason.value if status else ""
            raise AppError(ErrorCode.LINE_NOT_READY, line=line.id, reason_code=reason)
        if caller_id and caller_id not in {*line.caller_ids, line.number}:
            raise AppError(ErrorCode.CALLER_ID_UNKNOWN, caller_id=caller_id, line=line.id)
        if len(self._calls) >= MAX_CALLS:
            raise AppError(ErrorCode.CALL_LIMIT, most=MAX_CALLS)
        match = self._who(self._matching.known, number.value)
        if not (anyway or is_emergency(number)) and (who := match.not_to_be_called(about)) is not None:
            raise AppError(ErrorCode.CALL_NOT_WANTED, name=who.name)
        call = Call(
            id=uuid.uuid4().hex,
            line=line.id,
            direction=Direction.OUT,
            number=number.value,
            name="",
            state=CallState.DIALING,
            started=self._clock.now(),
        )
        if number.extension:
            self._post_dial[call.id] = ",".join(["", *re.findall(r"[0-9*#]+", number.extension)])
        target = self._address(number, line)
        self._hold_others(call.id)
        self._calls[call.id] = call

        def send(_: object = None) -> None:
            now = self._calls.get(call.id)
            if now is not None and now.hanging_up:
                # The rep hung up while the log was being stored: the engine knows of no call that it could end.
                self._fold(CallEnded(call.id, self._clock.now(), 0))
            elif now is not None:
                self._phone.dial(call.id, line.id, target, caller_id=caller_id)

        if is_emergency(number):  # it waits for nothing, not even for the disk
            send()
            self._wrapup.keep(call, match, about=about)
        else:
            # A log that cannot be stored must not stop a call: it leaves, and the trouble is told.
            self._wrapup.keep(call, match, about=about, then=send, failed=send)
        self._hub.publish(CallChanged(call.id))
        self._matching.refresh(call.number)
        return call.id

    def answer(self, call_id: str) -> None:
        """Take a ringing call; the one before it goes on hold. Raises AppError CALL_WRONG_STATE."""
        call = self._expect(call_id, {CallState.RINGING}, direction=Direction.IN)
        self._hold_others(call.id)
        self._phone.answer(call.id)
        self._quiet()

    def reject(self, call_id: str) -> None:
        """Turn a ringing caller away: 486 Busy Here. Raises AppError CALL_WRONG_STATE."""
        call = self._expect(call_id, {CallState.RINGING}, direction=Direction.IN)
        self._fold(CallHangupAsked(call.id, self._clock.now(), declined=True))
        self._phone.reject(call.id, 486)
        self._quiet()

    def hangup(self, call_id: str) -> None:
        """End a call in whatever state it is; a ringing caller is turned away."""
        call = self.only(call_id)
        if call.direction is Direction.IN and call.state is CallState.RINGING:
            self.reject(call_id)
            return
        self._fold(CallHangupAsked(call.id, self._clock.now()))
        self._phone.hangup(call.id)
        if not call.sip_call_id and not self._lines.phone_is_up:
            self._fold(CallEnded(call.id, self._clock.now(), 0))

    def hold(self, call_id: str) -> None:
        """Put the counterpart on hold. Raises AppError CALL_WRONG_STATE."""
        self._phone.hold(self._expect(call_id, {CallState.ACTIVE}).id, True)

    def resume(self, call_id: str) -> None:
        """Take the counterpart back; another active call goes on hold."""
        call = self._expect(call_id, {CallState.HELD})
        self._hold_others(call.id)
        self._phone.hold(call.id, False)

    def mute(self, call_id: str, on: bool) -> None:
        """Cut the microphone off from this call, or connect it again."""
        self._phone.mute(self._expect(call_id, {CallState.ACTIVE, CallState.HELD}).id, on)

    def digits(self, call_id: str, digits: str) -> None:
        """Send tones. Raises AppError DIGITS_BAD or CALL_WRONG_STATE."""
        if not _DIGITS.match(digits):
            raise AppError(ErrorCode.DIGITS_BAD)
        self._phone.send_digits(self._expect(call_id, {CallState.ACTIVE}).id, digits.upper())

    def mark_seen(self, then: Callable[[], None] | None = None) -> None:
        """The rep has looked at the list: calls missed until now leave the badge."""
        now = self._clock.now()
        self._writer.write(lambda s: records.set_calls_seen(s, now), lambda _: then() if then else None)

    # what the engine reports

    def on_arrived(self, event: CallArrived) -> None:
        """An INVITE rings: the call is shown at once by its number, then stored and matched."""
        call = self._incoming(event, CallState.RINGING)
        self._calls[call.id] = call
        match = self._who(self._matching.look_up, call.number)
        if self._lines.settings.dnd:
            # 480 lets the carrier send the caller on to voicemail; here it counts as missed, not as declined.
            self._silenced.add(call.id)
            self._keep_arrived(call, match)
            self._phone.reject(call.id, 480)
            return
        if not any(other.is_connected for other in self._calls.values()):
            self._phone.ring(True)
        self._keep_arrived(call, match)
        self._hub.publish(CallRang(call.id))
        self._hub.publish(CallChanged(call.id))

    def on_left_over(self, event: CallLeftOver) -> None:
        """A run that was killed at once may not have stored who rang: a missed call then."""
        arrived = event.arrived
        if arrived.call_id in self._calls or arrived.call_id in self._ended:
            return  # of this run: only the engine was lost
        if self._reads.call_log(arrived.call_id) is not None:
            self._phone.call_stored(arrived.call_id)
            return
        over = CallEnded(arrived.call_id, arrived.at, 0, EndReason.APP_STOPPED)
        call = advance(self._incoming(arrived, CallState.RINGING), over)
        self._keep_arrived(call, self._who(self._matching.look_up, call.number))

    def on_refused(self, event: CallRefused) -> None:
        """The engine had no room for a caller: kept as a missed call."""
        arrived = CallArrived(
            uuid.uuid4().hex,
            event.line,
            event.user,
            event.host,
            event.name,
            # The library does not always say which INVITE it refused; the Task still needs a key of its own.
            event.sip_call_id or f"{uuid.uuid4().hex}@refused.invalid",
            event.at,
        )
        call = advance(
            self._incoming(arrived, CallState.RINGING),
            CallEnded(arrived.call_id, event.at, event.status, EndReason.BUSY),
        )
        self._wrapup.keep(call, self._who(self._matching.look_up, call.number))

    def on_event(self, event: CallEvent) -> None:
        """A live call moved on."""
        if isinstance(event, CallHangupAsked) and event.call_id in self._silenced:
            return
        if event.call_id in self._calls:
            self._fold(event)

    def on_quality(self, event: CallQuality) -> None:
        """The figures of the last seconds of talk."""
        self._quality[event.call_id] = hear(self._quality.get(event.call_id), event)
        while len(self._quality) > 200:
            self._quality.pop(next(iter(self._quality)))
        self._hub.publish(CallSoundChanged(event.call_id))

    def on_engine_lost(self) -> None:
        """The engine died: its calls are over, what was written stays."""
        for call in self.live():
            self._fold(CallEnded(call.id, self._clock.now(), 0, EndReason.ENGINE_LOST))

    def end_all(self) -> None:
        """Ringdown is closing: hang up everywhere and store it as it ends."""
        for call in self.live():
            self._phone.hangup(call.id)
            self._fold(CallEnded(call.id, self._clock.now(), 0, EndReason.APP_STOPPED))

    def _fold(self, event: CallEvent) -> None:
        before = self._calls[event.call_id]
        call = advance(before, event)
        if call == before:
            return
        match = self._who(self._matching.known, call.number)
        if call.is_live:
            self._calls[call.id] = call
        else:
            del self._calls[call.id]
            self._post_dial.pop(call.id, None)
            self._silenced.discard(call.id)
            self._ended[call.id] = call
            while len(self._ended) > 200:
                self._ended.pop(next(iter(self._ended)))
        if before.state is CallState.RINGING and call.state is not CallState.RINGING:
            self._quiet()
        if isinstance(event, CallAnswered) and (extension := self._post_dial.pop(call.id, "")):
            self._phone.send_digits(call.id, extension)
        if isinstance(event, CallSent | CallAnswered | CallEnded):
            self._wrapup.keep(call, match, sound=self._quality.get(call.id) if not call.is_live else None)
        if isinstance(event, CallAnswered) and not self._pulse_on:
            self._pulse_on = True
            self._pulse()
        self._hub.publish(CallChanged(call.id))

    def _pulse(self) -> None:
        """While calls live, note the time now and then: after a crash it tells how long they lasted."""
        self._pulse_on = any(call.is_connected for call in self._calls.values())
        if self._pulse_on:
            now = self._clock.now()
            self._writer.write(lambda s: records.set_meta(s, LAST_ALIVE, now.isoformat()))
            self._loop.later(_PULSE, self._pulse)

    def _keep_arrived(self, call: Call, match: Match) -> None:
        self._wrapup.keep(call, match, then=lambda: self._phone.call_stored(call.id))

    def _who(self, look: Callable[[str], Match], number: str) -> Match:
        """Whose number it is. A cache that cannot be read keeps no call from ringing, leaving or ending."""
        try:
            return look(number)
        except AppError as error:
            self._background.trouble(error)
            return NO_MATCH

    def _incoming(self, event: CallArrived, state: CallState) -> Call:
        region = self._lines.region(event.line)
        number = from_caller(event.user, event.host, region)
        is_named = number is None or not same_number(event.name, number, region)
        return Call(
            id=event.call_id,
            line=event.line,
            direction=Direction.IN,
            number=number.value if number else "",
            name=event.name if is_named else "",  # many carriers give the number once more in place of a name
            state=state,
            started=event.at,
            sip_call_id=event.sip_call_id,
        )

    def _expect(self, call_id: str, states: set[CallState], direction: Direction | None = None) -> Call:
        call = self.only(call_id)
        if call.state not in states or (direction is not None and call.direction is not direction):
            raise AppError(ErrorCode.CALL_WRONG_STATE, state=call.state)
        return call

    def _hold_others(self, call_id: str) -> None:
        for other in self._calls.values():
            if other.id != call_id and other.state is CallState.ACTIVE:
                self._phone.hold(other.id, True)

    def _quiet(self) -> None:
        ringing = [c for c in self._calls.values() if c.state is CallState.RINGING and c.direction is Direction.IN]
        if not ringing or any(call.is_connected for call in self._calls.values()):
            self._phone.ring(False)
