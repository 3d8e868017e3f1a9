"""One call in the engine: the library's callbacks in, `CallEvent`s out."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.call import (
    CallAnswered,
    CallEnded,
    CallHangupAsked,
    CallHoldChanged,
    CallMuteChanged,
    CallRemoteHoldChanged,
    CallRinging,
    CallSecured,
    CallSent,
    EndReason,
)
from app.domain.counterpart import Srtp
from sip.engine import sip_message
from sip.engine.call_host import CallHost
from sip.engine.figures import AUDIO, CallFigures
from sip.engine.invite import (
    NOT_ACCEPTABLE,
    brings_keys,
    has_long_host,
    identify,
    is_deadly,
    is_encrypted,
    is_hold_offer,
)
from sip.engine.leg import Leg
from sip.engine.line import EngineLine
from sip.engine.log import guarded, logger
from sip.engine.reasons import end_reason

NO_REPLY = 12.0  # without any provisional response the library would wait 32 s; a rep does not
HANGUP_PATIENCE = 3.0  # for the far side's answer to our BYE or CANCEL, then the app is told it is over
QUALITY = 5.0  # as often as the far side's reports come


class EngineCall(Leg):
    """A leg. Its state is kept here: a library call that has ended answers for whoever has its number next."""

    def __init__(self, host: CallHost, line: EngineLine, call_id: str, *, incoming: bool, library_id: int = -1) -> None:
        super().__init__(host, line, call_id, library_id)
        self.incoming = incoming
        self.target = self.caller_id = ""
        self._heir: EngineCall | None = None
        self._ancestor: EngineCall | None = None
        self._srtp_only = False
        self._told_secured: bool | None = None
        self._confirmed = self._rang = self._early = self._replied = False
        self._hanging_up = self._elsewhere = self._timed_out = self._broken = False
        self._want_hold = self._held = self._remote_held = False
        self._reinviting = self._answering = False
        self._told_ringing: bool | None = None
        self._hold_tries = 0
        self._figures = CallFigures(call_id)

    # What the app asks for.

    def dial(self, target: str, caller_id: str, *, srtp_only: bool = False) -> None:
        """Send the INVITE. Raises pj.Error when the library refuses."""
        self.target, self.caller_id, self._srtp_only = target, caller_id, srtp_only
        prm = pj.CallOpParam(True)
        if caller_id:
            identify(prm, caller_id, self.line)
        self._host.sound.call_begins(self.call_id, self.line.line.region)
        self._later(NO_REPLY, EngineCall._check_reply)
        if srtp_only or self._must_encrypt:
            self.line.offer(Srtp.REQUIRED)
        try:
            self.makeCall(target, prm)
        except pj.Error:
            self.line.offer(self.line.line.srtp)
            raise
        self._made = True

    def answer_call(self) -> None:
        """200 OK."""
        if self.told_end or not self.incoming or self._confirmed or self._answering:
            return
        self._answering = True
        self._host.sound.call_begins(self.call_id, self.line.line.region)
        if not self._answer(200):
            # No way for the sound, as on a network that has just gone: better said than rung on for.
            self.tell_end(500, EndReason.NETWORK)
            self._library_hangup(500)

    def ring(self) -> None:
        """180: the caller hears that it rings."""
        self._answer(180)

    def reject(self, status: int) -> None:
        """A final answer to a caller."""
        if not self.incoming or self._confirmed:
            self.hang_up()
            return
        self._end(status if 400 <= status <= 699 else 486, declined=True)

    def hang_up(self) -> None:
        """CANCEL, BYE or 486, whichever fits; a second time does nothing."""
        refusing = self.incoming and not self._confirmed
        self._end(486 if refusing else 0, declined=refusing)

    def hold(self, on: bool) -> None:
        """Ask for hold or back; `CallHoldChanged` follows the far side's answer."""
        self._want_hold, self._hold_tries = on, 0
        self._sync_hold()

    def mute(self, on: bool) -> None:
        """Cut the microphone off, or connect it again."""
        if not self.told_end:
            self._host.sound.set_mute(self.call_id, on)
            self._host.emit(CallMuteChanged(self.call_id, _now(), on))

    def close(self) -> None:
        """The engine stops: BYE, CANCEL or 480, upon which other phones ring on, and no more events."""
        self._cancel_timers()
        self._library_hangup(480 if self.incoming and not self._confirmed else 0)

    def inherit(self, other: EngineCall) -> None:
        """Go on where another leg of the same call ends. What it has timed comes here by itself."""
        self.target, self.caller_id = other.target, other.caller_id
        self._made = True
        self._confirmed = other._confirmed
        self._held, self._remote_held, self._told_secured = other._held, other._remote_held, other._told_secured
        self._figures = other._figures
        self._digits = other._digits

    def put_off(self) -> None:
        """It could not leave yet: undo `dial`."""
        self._cancel_timers()
        self._host.sound.call_ends(self.call_id)

    # What the library tells.

    @guarded
    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        """The INVITE session moved."""
        info = self.getInfo()
        if self._srtp_only and info.state != pj.PJSIP_INV_STATE_NULL:
            self.line.offer(self.line.line.srtp)  # with ICE the offer is made later than makeCall returns
        match int(info.state):
            case pj.PJSIP_INV_STATE_CALLING:
                self._made = True
                self._host.emit(CallSent(self.call_id, _now(), sip_message.plain(info.callIdString)))
            case pj.PJSIP_INV_STATE_EARLY if not self.incoming:
                self._replied = self._rang = True
                self._tell_ringing()
            case pj.PJSIP_INV_STATE_CONFIRMED:
                is_news, self._confirmed = not self._confirmed, True
                self._replied = True
                if is_news and not self.told_end:
                    self._host.sound.ringback(self.call_id, on=False)
                    self._host.emit(CallAnswered(self.call_id, _now()))
                    self._later(QUALITY, EngineCall._tell_quality)
                    if self._host.sound.is_missing:
                        self._host.sound.tell_missing(self.call_id)
            case pj.PJSIP_INV_STATE_DISCONNECTED:
                self._disconnected(int(info.lastStatusCode))

    @guarded
    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        """Sound was negotiated, held, resumed or lost."""
        if self.told_end:
            return
        info = self.getInfo()
        status = next((int(each.status) for each in info.media if each.type == AUDIO), pj.PJSUA_CALL_MEDIA_NONE)
        sound = self._host.sound
        match status:
            case pj.PJSUA_CALL_MEDIA_ACTIVE | pj.PJSUA_CALL_MEDIA_REMOTE_HOLD:
                if info.state == pj.PJSIP_INV_STATE_EARLY and not self.incoming:
                    self._early = self._replied = self._rang = True
                    self._tell_ringing()
                if not self._tell_secured():
                    return
                remote_hold = status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
                self._connect_sound(microphone=not remote_hold)
                self._set_held(False)
                self._set_remote_held(remote_hold)
            case pj.PJSUA_CALL_MEDIA_LOCAL_HOLD:
                sound.disconnect(self.call_id)
                self._set_heard(False)
                if self._tell_secured():
                    self._set_held(True)
            case _:
                sound.disconnect(self.call_id)
                self._set_heard(False)

    @guarded
    def onCallRxOffer(self, prm: pj.OnCallRxOfferParam) -> None:
        """The far side offers a change: while we hold, only this tells whether it holds as well."""
        offer = self._offer or prm.offer.wholeSdp  # the library's own copy is empty when it is long
        if has_long_host(offer) or (self._must_encrypt and not (brings_keys(offer) or "RTP/SAVP" in offer)):
            prm.statusCode = pj.PJSIP_SC_NOT_ACCEPTABLE_HERE
            return
        if self._held and not self.told_end:
            self._set_remote_held(is_hold_offer(offer))

    @guarded
    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        """A transaction of this call moved: the only place that shows Reason headers and who said what."""
        event = prm.e.body.tsxState
        tsx = event.tsx
        self._note(event)
        if tsx.method == "CANCEL" and event.type == pj.PJSIP_EVENT_RX_MSG:
            self._elsewhere = self._elsewhere or sip_message.answered_elsewhere(event.src.rdata.wholeMsg)
            return
        if tsx.method != "INVITE" or tsx.role != pj.PJSIP_ROLE_UAC:
            return
        if event.type == pj.PJSIP_EVENT_TIMER and tsx.statusCode == 408:
            self._timed_out = True
        elif event.type == pj.PJSIP_EVENT_TRANSPORT_ERROR:
            self._broken = True
        elif event.type == pj.PJSIP_EVENT_RX_MSG:
            self._replied = True
        if self._confirmed and tsx.state in {pj.PJSIP_TSX_STATE_COMPLETED, pj.PJSIP_TSX_STATE_TERMINATED}:
            self._reinvite_over(int(tsx.statusCode))

    @guarded
    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        """Somebody takes the far side's place (RFC 3891): `Endpoint.onSelectAccount` has no say there. Without an
        object of its own the new leg would be nobody's: not to be heard, nor to be ended."""
        if is_deadly(prm.rdata.wholeMsg):
            prm.statusCode = pj.PJSIP_SC_NOT_ACCEPTABLE_HERE
            return
        heir = EngineCall(self._host, self.line, self.call_id, incoming=self.incoming)
        heir.inherit(self)
        self._heir = prm.newCall = heir

    @guarded
    def onCallReplaced(self, prm: pj.OnCallReplacedParam) -> None:
        """It has; the library ends this leg by itself."""
        if self._heir is not None:
            self.told_end = True
            self._heir._ancestor = self  # the library still needs it, till this leg has ended
            self._host.replace(self, self._heir)

    @guarded
    def onStreamDestroyed(self, prm: pj.OnStreamDestroyedParam) -> None:
        """A stream ends, at hold as well: its counters are read a last time."""
        self._take_digit_back(int(prm.streamIdx))
        if self._confirmed and not self.told_end:
            self._figures.stream_ends(self, int(prm.streamIdx))

    # The rest.

    def tell_end(self, status: int, reason: EndReason) -> None:
        """Report the end, once. The library may need longer for its own."""
        if self.told_end:
            return
        self.told_end = True
        self._cancel_timers()
        self._host.sound.call_ends(self.call_id)
        if self._confirmed and self._host.wants_quality and (last := self._figures.farewell()) is not None:
            self._host.emit(last)
        self._host.emit(
            CallEnded(self.call_id, _now(), status, reason, elsewhere=self._elsewhere and not self._confirmed)
        )

    def _end(self, code: int, *, declined: bool) -> None:
        if self.told_end or self._hanging_up:
            return
        self._hanging_up = True
        self._host.emit(CallHangupAsked(self.call_id, _now(), declined))
        self._host.sound.disconnect(self.call_id)
        self._host.sound.ringback(self.call_id, on=False)
        if not self.incoming and not self._replied:
            # Before any response not even a CANCEL may leave (RFC 3261 §9.1): the rep need not wait for it.
            self.tell_end(487, EndReason.NONE)
            self._library_hangup(0)
            return
        self._later(HANGUP_PATIENCE, EngineCall._hangup_unanswered)
        self._library_hangup(code)

    def _hangup_unanswered(self) -> None:
        self.tell_end(200 if self._confirmed else 487, EndReason.NONE)

    def _check_reply(self) -> None:
        if not self._replied and not self.told_end:
            self.tell_end(408, EndReason.TIMEOUT)
            self._library_hangup(0)

    def _tell_ringing(self) -> None:
        if not self.told_end and not self._hanging_up and self._told_ringing is not self._early:
            self._told_ringing = self._early
            self._host.sound.ringback(self.call_id, on=not self._early)
            self._host.emit(CallRinging(self.call_id, _now(), early_media=self._early))

    @property
    def _must_encrypt(self) -> bool:
        return self.line.line.srtp is Srtp.REQUIRED

    def _tell_secured(self) -> bool:
        """False when the sound is in the clear and must not be: that is the end of the call."""
        encrypted = is_encrypted(self.dump(True, ""))
        if self._must_encrypt and not encrypted:
            self._host.sound.disconnect(self.call_id)
            self._later(0.0, EngineCall._end_unencrypted)
            return False
        if encrypted is not self._told_secured:
            self._told_secured = encrypted
            self._host.emit(CallSecured(self.call_id, _now(), encrypted))
        return True

    def _end_unencrypted(self) -> None:
        self.tell_end(488, EndReason.NOT_ACCEPTABLE)
        self._library_hangup(488 if self.incoming and not self._confirmed else 0)

    def _may_redial(self, status: int) -> bool:
        """Our offer of optional SRTP was turned down before anything rang: perhaps only SRTP is welcome."""
        fresh = not (self.incoming or self._confirmed or self._hanging_up or self.told_end or self._srtp_only)
        return fresh and status in NOT_ACCEPTABLE and self.line.line.srtp is Srtp.OPTIONAL

    def _disconnected(self, status: int) -> None:
        if self._may_redial(status):
            self._cancel_timers()
            self._host.redial(self)
            return
        if self._confirmed:
            lost = status in {408, 503} and not self._hanging_up
            reason = EndReason.NETWORK if lost else EndReason.NONE
        elif self._hanging_up or self._elsewhere:
            reason = EndReason.NONE
        else:
            reason = end_reason(status, rang=self._rang, local_timeout=self._timed_out, network=self._broken)
        self.tell_end(status, reason)
        self._host.forget(self)
        if self._heir is not None:
            self._heir._ancestor = None
            self._heir = None

    def _set_held(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self._host.emit(CallHoldChanged(self.call_id, _now(), held))

    def _set_remote_held(self, held: bool) -> None:
        if held != self._remote_held:
            self._remote_held = held
            self._host.emit(CallRemoteHoldChanged(self.call_id, _now(), held))

    def _sync_hold(self) -> None:
        if not self._confirmed or self.told_end or self._reinviting or self._want_hold == self._held:
            return
        prm = pj.CallOpParam(True)
        try:
            if self._want_hold:
                self.setHold(prm)
            else:
                prm.opt.flag |= pj.PJSUA_CALL_UNHOLD
                self.reinvite(prm)
        except pj.Error as error:
            # Another offer is under way (RFC 3261 §14.1): soon again, a few times.
            logger.info("hold put off (%s)", error.status)
            self._hold_again(0.3)
        else:
            self._reinviting = True

    def _hold_again(self, seconds: float) -> None:
        self._hold_tries += 1
        if self._hold_tries <= 8:
            self._later(seconds, EngineCall._sync_hold)
        else:
            self._hold_failed()

    def _hold_failed(self) -> None:
        self._want_hold = self._held
        if not self.told_end:
            self._host.emit(CallHoldChanged(self.call_id, _now(), self._held))

    def _reinvite_over(self, status: int) -> None:
        if not self._reinviting:
            return
        self._reinviting = False
        if status == 491:
            self._hold_again(2.1 + 1.9 * random.random())
        elif status >= 300:
            self._hold_failed()
        else:
            self._later(0.0, EngineCall._sync_hold)  # the rep may have changed their mind meanwhile

    def _tell_quality(self) -> None:
        if self.told_end:
            return
        self._later(QUALITY, EngineCall._tell_quality)
        is_quiet = self._held or self._remote_held
        if self._host.wants_quality and not is_quiet and (found := self._figures.tell(self)) is not None:
            self._host.emit(found)


def _now() -> datetime:
    return datetime.now(UTC)
