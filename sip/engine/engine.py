"""The engine: commands in, pjsua2 objects here, reports out. Everything on one thread."""

from __future__ import annotations

import functools
import gc
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pjsua2 as pj

from app.domain.call import CallEnded, EndReason
from app.domain.counterpart import LineReason, LineState, Srtp
from app.domain.phone_events import CallLeftOver, EngineStarted, LineChanged
from sip import wire
from sip.engine import config, sip_message, texts
from sip.engine.audio import SoundBridge
from sip.engine.call import EngineCall
from sip.engine.dialling import Dialling
from sip.engine.endpoint import Endpoint
from sip.engine.incoming import addressee, arrived, refused
from sip.engine.inflow import Inflow
from sip.engine.invite import brings_keys
from sip.engine.line import EngineLine
from sip.engine.log import give_back_memory, logger, trim
from sip.engine.loop import Loop
from sip.engine.network import Network
from sip.engine.places import Places
from sip.engine.presence import Watching
from sip.engine.spool import Spool
from sip.engine.stun import Stun

_TOO_MANY = 70010  # PJ_ETOOMANY
_BAD_URI = {70004, 171039, 171040, 171041, 171042}  # PJ_EINVAL, PJSIP_EINVALIDURI and its neighbours
SWEEP = 15.0
FULL = 0.02  # seconds until the library has read who is over


class Engine:
    """Owns every library object. Engine thread only, `loop.post` aside."""

    def __init__(self, loop: Loop, emit: Callable[[wire.Report], None], start: wire.StartEngine) -> None:
        self.loop = loop
        self.emit = emit
        self.sound = SoundBridge(loop, emit)
        self.wants_quality = False
        self._spool = Spool(Path(start.spool_folder), bytes.fromhex(start.spool_key))
        self._texts = texts.TextSender(emit)
        self._lines: dict[str, EngineLine] = {}
        self._watching = Watching(emit, self._lines, lambda: self._endpoint.hidden)
        self._going: list[EngineLine] = []
        self._wanted: dict[str, wire.LineSetup] = {}
        self._refused: set[str] = set()  # of those, for there is no more room
        self._calls: dict[str, EngineCall] = {}
        self._endpoint = Endpoint()
        self._places = Places(self._endpoint, self._calls)
        self._endpoint.choose_account = self._choose_account
        self._endpoint.refused = self._on_refused
        self._endpoint.transport_lost = self._on_transport_lost
        self._inflow = Inflow(loop)
        self._endpoint.connected, self._endpoint.destroyed = self._inflow.connected, self._inflow.closed
        self._stun = Stun(self._endpoint, loop, self._lines)
        self._dialling = Dialling(self, loop, self._lines, self._endpoint.pace, self._stun)
        self._network = Network(
            self._endpoint, loop, self._lines, before=self._inflow.let_in, when_ready=self._stun.after_move
        )
        self._endpoint.start()
        self.sound.start(self._endpoint)
        loop.wake = self._endpoint.wake
        # The collector frees on whatever thread it runs, and a Call freed elsewhere aborts: it runs here only.
        gc.disable()
        loop.later(SWEEP, self._sweep)
        emit(EngineStarted(datetime.now(UTC)))
        for text in self._spool.waiting():
            emit(text)
        for call in self._spool.calls():
            emit(CallLeftOver(call))

    def poll(self, most: float) -> None:
        """Let the library work for up to ``most`` seconds."""
        self._endpoint.libHandleEvents(max(1, int(self.loop.patience(most) * 1000)) if most else 0)

    def handle(self, command: wire.Command) -> None:
        """Carry out one command."""
        self.loop.check_thread()
        match command:
            case wire.ApplyLines(lines=lines):
                self.sound.choose(command.input, command.output, command.ringer, processing=command.processing)
                self.wants_quality = command.quality
                self._wanted = {setup.line.id: setup for setup in lines}
                self._refused.clear()
                self._stun.use(setup.line.stun for setup in lines)
                self._settle_lines()
            case wire.Dial():
                self._dialling.dial(command)
            case wire.Answer(call_id=call_id):
                self.with_call(call_id, EngineCall.answer_call)
            case wire.Reject(call_id=call_id, status=status):
                self.with_call(call_id, lambda call: call.reject(status))
            case wire.Hangup(call_id=call_id):
                self._hang_up(call_id)
            case wire.Hold(call_id=call_id, on=on):
                self.with_call(call_id, lambda call: call.hold(on))
            case wire.Mute(call_id=call_id, on=on):
                self.with_call(call_id, lambda call: call.mute(on))
            case wire.SendDigits(call_id=call_id, digits=digits):
                self.with_call(call_id, lambda call: call.send_digits(digits))
            case wire.Ring(on=on):
                self.sound.ring(on)
            case wire.SendText():
                self._send_text(command)
            case wire.TextStored(spool_id=spool_id):
                self._spool.forget(spool_id)
            case wire.CallStored(call_id=call_id):
                self._spool.forget_call(call_id)
            case wire.ListDevices():
                self.sound.list_devices()
            case wire.WatchLevels(on=on):
                self.sound.watch_levels(on)
            case wire.TestSound(test=test):
                self.sound.test(test)
            case wire.WatchPresence(line_id=line_id, uris=uris):
                self._watching.want(line_id, uris)
            case wire.NetworkChanged():
                self._network.changed()
            case wire.Ping(serial=serial):
                self.emit(wire.Pong(serial))
            case wire.StartEngine() | wire.Quit():
                logger.warning("%s out of place", type(command).__name__)

    def with_call(self, call_id: str, work: Callable[[EngineCall], None]) -> None:
        """Run ``work`` on a call that is still there."""
        call = self._calls.get(call_id)
        if call is not None:
            work(call)

    def forget(self, call: EngineCall) -> None:
        """See `CallHost.forget`."""
        if self._calls.get(call.call_id) is call:
            del self._calls[call.call_id]
        if call.is_hung_up and call.dialog is not None:
            self._places.hung_up(call.dialog)
        self._places.keep_one_free()
        self.loop.post(self._settle_lines)

    def replace(self, call: EngineCall, heir: EngineCall) -> None:
        """See `CallHost.replace`."""
        self._calls[call.call_id] = heir

    def redial(self, call: EngineCall) -> None:
        """See `CallHost.redial`."""
        again = wire.Dial(call.call_id, call.line.line.id, call.target, call.caller_id)
        self.forget(call)
        # Not here: the old leg's object must be gone before the new one can get its number.
        self._dialling.again(again, 0.0, srtp_only=True)

    def leave(self) -> None:
        """End all calls and leave all registrars; poll until `has_left`, then `close`."""
        self._wanted.clear()
        self._dialling.stop()
        for call_id in list(self._calls):
            self.with_call(call_id, EngineCall.close)
        self._network.stop()
        self._stun.stop()
        self._settle_lines()

    @property
    def has_left(self) -> bool:
        """The library has nothing more to end."""
        return not self._calls and not self._lines and not self._going

    def close(self) -> None:
        """Take everything down in the only order that does not abort."""
        self.loop.check_thread()
        self._watching.drop()
        self._calls.clear()
        is_waiting = any(self._texts.uses(line.account) for line in self._lines.values())
        self._texts.close()
        if is_waiting:
            # An unanswered MESSAGE would still call back into an account that is gone, and abort. The process ends
            # right after this, without the library's own farewell.
            self.sound.close()
            for line in self._lines.values():
                line.unregister()
            self._endpoint.libHandleEvents(100)
            return
        for line in (*self._lines.values(), *self._going):
            line.close()
        self._lines.clear()
        self._going.clear()
        self.sound.close()
        hidden, self._endpoint.hidden = self._endpoint.hidden, None
        if hidden is not None:
            hidden.shutdown()
            del hidden
        gc.collect()
        # The farewells are said: without the flag the library waits a second for answers to them.
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)

    # Lines

    def _settle_lines(self) -> None:
        """Make the lines those wanted; one that is in use is left until it is not."""
        for line_id, line in list(self._lines.items()):
            wanted = self._wanted.get(line_id)
            if wanted == line.setup or self._is_busy(line):
                continue
            if wanted is None:
                line.say_off()
            del self._lines[line_id]
            self._going.append(line)
            line.leave(functools.partial(self._line_left, line))
        if self._going:
            return  # a changed line may want the port and the number its old self still has
        for line_id, setup in self._wanted.items():
            if line_id in self._lines:
                continue
            if len(self._lines) >= config.MAX_LINES:
                self._refuse_line(line_id)
                continue
            self._lines[line_id] = line = EngineLine(
                setup,
                self._endpoint,
                self.loop,
                self.emit,
                on_call=self._on_call,
                on_text=self._on_text,
                on_text_status=self._on_text_status,
                is_busy=self._is_busy,
                drop_texts=self._drop_account,
                ready=self._watching.settle,
                moved=self._watching.renew,
                inflow=self._inflow,
            )
            line.use_stun(self._stun.works(ice=setup.line.ice), known=self._stun.is_known)
            if setup.line.stun:
                self._stun.when_sure(line.open)
            else:
                line.open()

    def _refuse_line(self, line_id: str) -> None:
        if line_id not in self._refused:
            self._refused.add(line_id)
            logger.warning("more lines than the library carries")
            now = datetime.now(UTC)
            self.emit(LineChanged(line_id, LineState.FAILED, LineReason.SERVER.value, 0, now))

    def _drop_account(self, line: EngineLine) -> None:
        self._texts.drop_account(line.account)
        self._watching.drop(line.account)

    def _is_busy(self, line: EngineLine) -> bool:
        return any(call.line is line for call in self._calls.values()) or self._texts.uses(line.account)

    def _line_left(self, line: EngineLine) -> None:
        self._going.remove(line)
        self.loop.post(self._settle_lines)

    def _choose_account(self, message: str, chosen: int) -> int:
        line = addressee(message, self._lines.values())
        if line is None:
            return chosen
        if sip_message.method(message) == "INVITE" and line.line.srtp is Srtp.REQUIRED:
            # The library takes RTP/SAVP alone where encryption is required; the call itself sees to it that it is.
            line.offer(Srtp.OPTIONAL if brings_keys(sip_message.body(message)) else Srtp.REQUIRED)
        return line.account_id

    def _on_transport_lost(self, kind: str, remote: str, error: int, certificate: LineReason) -> None:
        for line in self._lines.values():
            line.connection_lost(kind, remote, error, certificate)

    # Calls

    def send_invite(self, line: EngineLine, command: wire.Dial, *, srtp_only: bool) -> None:
        """See `Sender.send_invite`."""
        call = self._calls[command.call_id] = EngineCall(self, line, command.call_id, incoming=False)
        self._places.keep_one_free()
        try:
            call.dial(config.with_transport(command.target, line.line), command.caller_id, srtp_only=srtp_only)
        except pj.Error as error:
            if error.status == _TOO_MANY and len(self._calls) <= config.MAX_CALLS and self._places.is_clearing:
                call.put_off()
                del self._calls[command.call_id]
                self._dialling.again(command, FULL, srtp_only=srtp_only)
                return
            logger.warning("dial: %s", error.status)
            if error.status == _TOO_MANY:
                reason = EndReason.TOO_MANY
            else:
                reason = EndReason.BAD_ADDRESS if error.status in _BAD_URI else EndReason.NETWORK
            call.tell_end(0, reason)
            self.forget(call)

    def not_dialled(self, command: wire.Dial, reason: EndReason) -> None:
        """See `Sender.not_dialled`."""
        self.emit(CallEnded(command.call_id, datetime.now(UTC), 0, reason))

    def _hang_up(self, call_id: str) -> None:
        if (command := self._dialling.give_up(call_id)) is not None:
            self.not_dialled(command, EndReason.NONE)
        self.with_call(call_id, EngineCall.hang_up)

    def _on_call(self, line: EngineLine, library_id: int, invite: str) -> None:
        call = EngineCall(self, line, uuid.uuid4().hex, incoming=True, library_id=library_id)
        self._calls[call.call_id] = call
        self._places.keep_one_free()
        event = arrived(call.call_id, line.line.id, invite)
        self._spool.keep_call(event)
        self.emit(event)
        call.ring()

    def _on_refused(self, prm: pj.OnRejectedIncomingCallParam) -> None:
        self.emit(refused(prm, self._lines.values()))

    # Texts

    def _send_text(self, command: wire.SendText) -> None:
        line = self._lines.get(command.line_id)
        if line is None or line.account is None:
            self._texts.fail(command.message_id, 0, "line-unknown")
            return
        target = config.with_transport(command.target, line.line)
        if not line.reaches(sip_message.address(target).host):
            self._texts.fail(command.message_id, 0, "bad-address")
            return
        ready = wire.SendText(command.message_id, line.line.id, target, command.body)
        line.when_known(
            sip_message.address(target).host,
            lambda: self._text_resolved(line, ready),
            lambda: self._texts.fail(command.message_id, 0, "network"),
        )

    def _text_resolved(self, line: EngineLine, command: wire.SendText) -> None:
        if self._lines.get(command.line_id) is not line or line.account is None:
            self._texts.fail(command.message_id, 0, "line-unknown")
        else:
            self._texts.send(line.account, command)

    def _on_text(self, line: EngineLine, prm: pj.OnInstantMessageParam) -> None:
        text = texts.receive(self._spool, line.line.id, prm)
        if text is not None:
            self.emit(text)

    def _on_text_status(self, prm: pj.OnInstantMessageStatusParam) -> None:
        self._texts.on_status(prm)
        self.loop.post(self._texts.drain)
        self.loop.post(self._settle_lines)

    def _sweep(self) -> None:
        gc.collect()
        trim()
        give_back_memory()
        self.loop.later(SWEEP, self._sweep)
