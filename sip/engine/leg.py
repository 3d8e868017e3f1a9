"""One leg as the library's object: what does not depend on how far the call has got. `EngineCall` is the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pjsua2 as pj

from app.domain.call import CallDigitReceived
from sip.engine import info, sip_message
from sip.engine.call_host import CallHost
from sip.engine.digits import KEYS, Digits
from sip.engine.figures import all_packets_sent, audio_index, packets_sent
from sip.engine.line import EngineLine
from sip.engine.log import guarded, logger
from sip.engine.loop import Timer
from sip.engine.places import Dialog

if TYPE_CHECKING:
    from sip.engine.call import EngineCall


_OVER = 171140  # PJSIP_ESESSIONTERMINATED: its end is told by itself


class Leg(pj.Call):  # type: ignore[misc]
    """Its names, its digits, its timers. Engine thread only."""

    def __init__(self, host: CallHost, line: EngineLine, call_id: str, library_id: int) -> None:
        super().__init__(line.account, library_id)
        self.call_id = call_id
        self.line = line
        self.told_end = False
        self.dialog: Dialog | None = None
        self._offer = ""  # the far side's last, as it came
        self._host = host
        self._made = library_id >= 0
        self._asked_end = False
        self._digits = Digits()
        self._is_heard = False  # our sound goes to the far side: not while either of us holds
        self._timers: list[Timer] = []

    @property
    def is_hung_up(self) -> bool:
        """Have we ended it? Then the library may still wait for the far side."""
        return self._asked_end

    def send_digits(self, digits: str) -> None:
        """Queue digits and pauses."""
        if self.told_end or not self._digits.add(digits):
            logger.warning("digits refused")
            return
        self._go_on_with_digits()

    # Not `guarded`: the library needs the answer.
    def onCallRedirected(self, prm: pj.OnCallRedirectedParam) -> int:
        """The far side names another address: not followed, so that its 3xx is the end of the call and not a 487."""
        return int(pj.PJSIP_REDIRECT_REJECT)

    @guarded
    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        """The far side pressed a key."""
        if not self.told_end and prm.digit in KEYS:
            self._host.emit(CallDigitReceived(self.call_id, datetime.now(UTC), prm.digit))

    @guarded
    def onInstantMessage(self, prm: pj.OnInstantMessageParam) -> None:
        """A MESSAGE within the call: a text like any other; the library has answered it already."""
        self.line.on_text(self.line, prm)

    @guarded
    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """The far side wants us to call somebody (RFC 3515). Left to itself the library does, whoever that is and
        whatever it costs."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def _note(self, event: pj.TsxStateEvent) -> None:
        """What the packets of a transaction say of the dialog, of an offer, of a digit."""
        tsx = event.tsx
        if tsx.method == "INVITE":
            self._note_dialog(event)
        if event.type == pj.PJSIP_EVENT_RX_MSG and tsx.role == pj.PJSIP_ROLE_UAS:
            if tsx.method in {"INVITE", "UPDATE"}:
                self._offer = sip_message.body(event.src.rdata.wholeMsg)
            elif tsx.method == "INFO":
                self._meet_info(event.src.rdata)

    def _note_dialog(self, event: pj.TsxStateEvent) -> None:
        ours = event.tsx.role == pj.PJSIP_ROLE_UAC
        heard = ours and event.type == pj.PJSIP_EVENT_RX_MSG
        if message := event.src.rdata.wholeMsg if heard else event.tsx.lastTx.wholeMsg:
            self.dialog = Dialog.read(message, asked_by_us=ours)

    def _meet_info(self, data: pj.SipRxData) -> None:
        body = sip_message.body(data.wholeMsg)
        if info.is_cut(body):
            found = info.blot_out(data)
            logger.warning("a digit without an end%s", "" if found else ", and not found in its packet")
            if (digit := info.digit(body)) and not self.told_end:
                self._host.emit(CallDigitReceived(self.call_id, datetime.now(UTC), digit))

    def _library_hangup(self, code: int) -> None:
        if not self._made:
            return  # the library aborts on a call that was never made
        self._asked_end = True
        prm = pj.CallOpParam()
        prm.statusCode = code
        try:
            self.hangup(prm)
        except pj.Error as error:
            logger.info("hangup: already over (%s)", error.status)

    def _answer(self, code: int) -> bool:
        """False when the library cannot, though the caller is still there."""
        prm = pj.CallOpParam()
        prm.statusCode = code
        try:
            self.answer(prm)
        except pj.Error as error:
            logger.info("not answered (%s)", error.status)
            return bool(error.status == _OVER)
        return True

    def _connect_sound(self, *, microphone: bool) -> None:
        try:
            media = self.getAudioMedia(-1)
        except pj.Error:  # the session is agreed on, but the library cannot have its sound
            self._host.sound.disconnect(self.call_id)
            self._set_heard(False)
        else:
            self._host.sound.connect(self.call_id, media, microphone=microphone)
            self._set_heard(microphone)

    def _set_heard(self, heard: bool) -> None:
        self._is_heard = heard
        self._go_on_with_digits()

    def _go_on_with_digits(self) -> None:
        if not self._digits.is_waiting:
            self._next_digit()

    def _next_digit(self) -> None:
        if self.told_end or not self._is_heard or (found := self._digits.take()) is None:
            return
        key, wait = found
        if key:
            self._send_digit(key)
        self._digits.timer = self._later(wait, Leg._next_digit)

    def _send_digit(self, key: str) -> None:
        try:
            sent = packets_sent(self, audio_index(self))
            slot = int(self.getAudioMedia(-1).getPortId())
            self.dialDtmf(key)
        except pj.Error:
            # The far side takes no telephone-event: it hears the tones.
            self._host.sound.play_digits(self.call_id, key)
        else:
            self._digits.given(key, sent, slot)

    def _take_digit_back(self, index: int) -> None:
        """Its stream ends."""
        self._is_heard = False
        sent = packets_sent(self, index)
        if self._digits.hangs_on(sent):
            sent = all_packets_sent(self, index, self._digits.slot)
        self._digits.stream_ends(sent)

    def _later(self, seconds: float, work: Callable[[EngineCall], None]) -> Timer:
        host, call_id = self._host, self.call_id  # a closure over self would keep the call alive
        timer = host.loop.later(seconds, lambda: host.with_call(call_id, work))
        self._timers = [each for each in self._timers if each.is_pending]
        self._timers.append(timer)
        return timer

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
