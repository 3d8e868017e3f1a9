"""One call of the far end: follows its state and carries what it plays and records.

Everything here runs on the engine's thread. Media is native (players, tones, recorders), so the
sound never waits for Python. The library gives call numbers out again as soon as a call has ended,
so an ended call is never asked anything: the record keeps what there is to know.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pjsua2 as pj

from sip.standin import sip_text, speech
from sip.standin.guard import guarded
from sip.standin.records import CallRecord, Direction, State, now

if TYPE_CHECKING:
    from sip.standin.engine import Engine

log = logging.getLogger("standin.call")

_STATES = {
    pj.PJSIP_INV_STATE_CALLING: State.DIALING,
    pj.PJSIP_INV_STATE_INCOMING: State.RINGING,
    pj.PJSIP_INV_STATE_EARLY: State.RINGING,
    pj.PJSIP_INV_STATE_CONFIRMED: State.ACTIVE,
    pj.PJSIP_INV_STATE_DISCONNECTED: State.ENDED,
}

Step = Callable[["FarCall"], None]


class FarCall(pj.Call):  # type: ignore[misc]
    """A live call. `script` is run once when it becomes active."""

    def __init__(self, engine: Engine, account: Any, record: CallRecord, *, script: Step, pj_id: int = -1) -> None:
        super().__init__(account, pj_id)
        self.record = record
        self._engine = engine
        self._script = script
        self._source: Any = None
        self._recorder: Any = None
        self._echo = False
        self._rx_before = 0
        self.on_digit: Callable[[FarCall, str], None] | None = None

    # what scripts do with it

    def after(self, seconds: float, step: Step) -> None:
        """Runs `step(call)` in so many seconds, unless the call has ended by then."""
        self._engine.after(seconds, self.record.id, step)

    def respond(self, status: int) -> None:
        """Answers the INVITE: 180 rings, 183 opens the media early, 200 takes the call, others refuse."""
        prm = pj.CallOpParam(True)
        prm.statusCode = status
        self.answer(prm)

    def end(self, status: int = 0) -> None:
        """Ends the call, whatever its state; `status` is used if it was never answered."""
        if self.record.state is State.ENDED:
            return
        prm = pj.CallOpParam(True)
        if status:
            prm.statusCode = status
        try:
            self.hangup(prm)
        except pj.Error as error:  # the other side was faster
            log.info("hang-up refused by the library: %s", error.status)

    def speak(self, sound: speech.Sound | Path, *, loop: bool = False) -> float:
        """Plays a phrase or WAV file instead of what is playing; returns its length in seconds."""
        file = sound if isinstance(sound, Path) else speech.path(sound)
        player = pj.AudioMediaPlayer()
        player.createPlayer(str(file), 0 if loop else pj.PJMEDIA_FILE_NO_LOOP)
        self._set_source(player)
        return speech.seconds(file)

    def tone(self, low: int, high: int = 0, *, on_ms: int, off_ms: int = 0, loop: bool = False) -> float:
        """Plays one or two frequencies (Hz) instead of what is playing; returns seconds of one round."""
        desc = pj.ToneDesc()
        desc.freq1, desc.freq2, desc.on_msec, desc.off_msec = low, high, on_ms, off_ms
        generator = pj.ToneGenerator()
        generator.createToneGenerator(16000, 1)
        generator.play(pj.ToneDescVector([desc]), loop)
        self._set_source(generator)
        return (on_ms + off_ms) / 1000

    def echo(self) -> None:
        """Sends the other side its own sound back."""
        self.silence()
        self._echo = True
        self._wire()

    def silence(self) -> None:
        """Plays nothing."""
        self._set_source(None)

    def record_to(self, file: Path) -> None:
        """Records what the other side says into a WAV file (mono, 16 kHz) until the call ends."""
        recorder = pj.AudioMediaRecorder()
        recorder.createRecorder(str(file))
        self._drop_recorder()
        self._recorder = recorder
        self.record.recording = str(file)
        self.record.recorded = False
        self._wire()

    def measure(self) -> None:
        """Brings the received packets and level in the record up to date."""
        audio = self._audio()
        if audio is None:
            return
        self.record.rx_packets = self._rx_before + self._received(0)
        self.record.rx_level = int(audio.getRxLevel())

    # media

    def _set_source(self, source: Any) -> None:
        audio = self._audio()
        if audio is not None:
            if self._echo:
                audio.stopTransmit(audio)
            if self._source is not None:
                self._source.stopTransmit(audio)
        self._echo = False
        if self._source is not None:
            self._engine.bury(self._source)
        self._source = source
        self._wire()

    def _drop_recorder(self) -> None:
        if self._recorder is None:
            return
        audio = self._audio()
        if audio is not None:
            audio.stopTransmit(self._recorder)
        self._release_recorder()

    def _release_recorder(self) -> None:
        if self._recorder is not None:
            self._engine.bury_recorder(self._recorder, self.record)
        self._recorder = None

    def _audio(self) -> Any:
        """The call's sound in the bridge, or None while there is none."""
        if self.record.state is State.ENDED:
            return None
        info = self.getInfo()  # kept: what is inside is freed with it
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status in {
                pj.PJSUA_CALL_MEDIA_ACTIVE,
                pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
            }:
                if media.audioConfSlot < 0:  # held with `inactive`: no stream either way
                    return None
                return self.getAudioMedia(media.index)
        return None

    def _received(self, stream: int) -> int:
        stat = self.getStreamStat(stream)
        return int(stat.rtcp.rxStat.pkt)

    def _wire(self) -> None:
        audio = self._audio()
        if audio is None:
            return
        audio.startTransmit(self._engine.nowhere)  # sound that goes nowhere is not measured
        if self._echo:
            audio.startTransmit(audio)
        if self._source is not None:
            self._source.startTransmit(audio)
        if self._recorder is not None:
            audio.startTransmit(self._recorder)

    # callbacks of the library

    @guarded
    def onCallState(self, prm: Any) -> None:
        """Follows the call's state; starts the script, and forgets the call when it is over."""
        info = self.getInfo()
        record = self.record
        record.sip_call_id = record.sip_call_id or info.callIdString
        if info.lastStatusCode:
            record.status = info.lastStatusCode
            record.reason = sip_text.repair(info.lastReason)
        state = _STATES.get(info.state)
        if state is State.ENDED:
            self._ended()
        elif state is State.ACTIVE:
            if record.answered is None:
                record.answered = now()
                record.state = State.ACTIVE
                self._script(self)
        elif state is not None and record.answered is None:
            record.state = state

    def _ended(self) -> None:
        self.record.state = State.ENDED
        self.record.ended = now()
        if self._source is not None:
            self._engine.bury(self._source)
        self._source = None
        self._release_recorder()
        self._engine.forget(self.record.id)

    @guarded
    def onCallMediaState(self, prm: Any) -> None:
        """Connects the sound again: every re-INVITE makes a new stream."""
        info = self.getInfo()
        held = any(m.type == pj.PJMEDIA_TYPE_AUDIO and m.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD for m in info.media)
        if self.record.answered is not None and self.record.state is not State.ENDED:
            if held and self.record.state is State.ACTIVE:
                self.record.holds += 1
            self.record.state = State.HELD if held else State.ACTIVE
        self._wire()

    @guarded
    def onStreamDestroyed(self, prm: Any) -> None:
        """Keeps the packet count, which starts again with every stream."""
        self._rx_before += self._received(prm.streamIdx)
        self.record.rx_packets = self._rx_before

    @guarded
    def onDtmfDigit(self, prm: Any) -> None:
        """A digit came, as RFC 4733 event or SIP INFO."""
        self.record.dtmf += prm.digit
        self.record.dtmf_methods.append("info" if prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO else "rfc4733")
        if self.on_digit is not None:
            self.on_digit(self, prm.digit)

    @guarded
    def onInstantMessage(self, prm: Any) -> None:
        """A text inside the call."""
        self._engine.messenger.arrived(prm)

    @property
    def outgoing(self) -> bool:
        """Whether the far end called the application."""
        return self.record.direction is Direction.OUT
