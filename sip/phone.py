"""The phone in the app's process: starts the engine, watches it, restarts it; commands out, events in.

One ``phone`` thread owns the engine's process and its pipe. The public methods only put commands into a queue and
wake it; events are posted to the main loop. An engine that dies or stops answering is replaced, its lines are applied
again, and the texts it had under way are reported as unknown: they may have left.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import selectors
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.domain.call import CallEnded, EndReason
from app.domain.message import Delivery, TextProgressed
from app.domain.phone_events import EngineLost, EngineStarted, PhoneEvent, SoundTest
from app.ports.phone import AudioChoice, LineAccess
from app.ports.system import MainLoop
from sip import wire
from sip.engine_process import EngineProcess

logger = logging.getLogger("ringdown.phone")

PING = 2.0
DEAF = 12.0  # seconds without an answer after which the engine is killed
BACK_OFF = (0.0, 0.5, 1.0, 2.0, 5.0)
STABLE = 60.0
CLOSE_WAIT = 4.5


def module_argv(fd: int) -> list[str]:
    """How a source tree or an installed app starts its engine."""
    return [sys.executable, "-m", "app", "--engine", str(fd)]


class EnginePhone:
    """Implements `ports.Phone` over the engine process.

    ``spool_key`` is 32 random bytes from the secret store; ``engine_argv`` gives the command line for an inherited
    socket, so that a bundle can start its own executable.
    """

    def __init__(
        self,
        main_loop: MainLoop,
        *,
        spool_folder: Path,
        spool_key: bytes,
        log_folder: Path,
        engine_argv: Callable[[int], list[str]] = module_argv,
    ) -> None:
        self._main_loop = main_loop
        self._first = wire.StartEngine(str(spool_folder), spool_key.hex(), str(log_folder))
        self._argv = engine_argv
        self._on_event: Callable[[PhoneEvent], None] = lambda event: None
        self._commands: deque[wire.Command] = deque()
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="phone", daemon=True)
        # Below: phone thread only.
        self._lines: wire.ApplyLines | None = None
        self._watched: wire.WatchPresence | None = None
        self._texts: dict[str, None] = {}  # sent, outcome not known yet
        self._dialled: dict[str, None] = {}  # dialled, not ended yet
        self._engine: EngineProcess | None = None
        self._told_lost = False

    # Main thread.

    def start(self, on_event: Callable[[PhoneEvent], None]) -> None:
        """Start the engine and watch it; begin to report."""
        self._on_event = on_event
        self._thread.start()

    def apply(self, lines: Sequence[LineAccess], audio: AudioChoice) -> None:
        """See `ports.Phone.apply`."""
        setups = tuple(wire.LineSetup(access.line, access.password, access.turn_password) for access in lines)
        self._put(wire.ApplyLines(setups, audio.input, audio.output, audio.ringer, audio.processing, True))

    def dial(self, call_id: str, line_id: str, target: str, *, caller_id: str = "") -> None:
        """See `ports.Phone.dial`."""
        self._put(wire.Dial(call_id, line_id, target, caller_id))

    def answer(self, call_id: str) -> None:
        """See `ports.Phone.answer`."""
        self._put(wire.Answer(call_id))

    def reject(self, call_id: str, status: int = 486) -> None:
        """See `ports.Phone.reject`."""
        self._put(wire.Reject(call_id, status))

    def hangup(self, call_id: str) -> None:
        """See `ports.Phone.hangup`."""
        self._put(wire.Hangup(call_id))

    def hold(self, call_id: str, on: bool) -> None:
        """See `ports.Phone.hold`."""
        self._put(wire.Hold(call_id, on))

    def mute(self, call_id: str, on: bool) -> None:
        """See `ports.Phone.mute`."""
        self._put(wire.Mute(call_id, on))

    def send_digits(self, call_id: str, digits: str) -> None:
        """See `ports.Phone.send_digits`."""
        self._put(wire.SendDigits(call_id, digits))

    def ring(self, on: bool) -> None:
        """See `ports.Phone.ring`."""
        self._put(wire.Ring(on))

    def send_text(self, message_id: str, line_id: str, target: str, body: str) -> None:
        """See `ports.Phone.send_text`."""
        self._put(wire.SendText(message_id, line_id, target, body))

    def text_stored(self, spool_id: str) -> None:
        """See `ports.Phone.text_stored`."""
        self._put(wire.TextStored(spool_id))

    def call_stored(self, call_id: str) -> None:
        """See `ports.Phone.call_stored`."""
        self._put(wire.CallStored(call_id))

    def list_devices(self) -> None:
        """See `ports.Phone.list_devices`."""
        self._put(wire.ListDevices())

    def watch_presence(self, line_id: str, uris: Sequence[str]) -> None:
        """See `ports.Phone.watch_presence`."""
        self._put(wire.WatchPresence(line_id, tuple(uris)))

    def watch_levels(self, on: bool) -> None:
        """See `ports.Phone`."""
        self._put(wire.WatchLevels(on))

    def test_sound(self, test: SoundTest) -> None:
        """See `ports.Phone.test_sound`."""
        self._put(wire.TestSound(test))

    def network_changed(self) -> None:
        """The computer has another address, or woke: lines register anew and calls are moved over (main thread)."""
        self._put(wire.NetworkChanged())

    def close(self) -> None:
        """End calls, leave the lines, stop the engine and wait for it (five seconds at most)."""
        self._closing.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join(5.0)
        if not self._thread.is_alive():
            self._waker.close()
            self._woken.close()

    @property
    def engine_pid(self) -> int | None:
        """The engine's process id while it runs; for tests and the diagnostics bundle."""
        engine = self._engine
        return engine.pid if engine is not None else None

    def _put(self, command: wire.Command) -> None:
        self._commands.append(command)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):  # full: it is awake already; closed: nobody listens
            self._waker.send(b"!")

    # Phone thread.

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            started = time.monotonic()
            try:
                self._engine = EngineProcess(self._argv)
            except OSError as error:
                logger.error("engine not started: %s", error.strerror)
            else:
                self._serve(self._engine)
                self._engine.end()
                self._engine = None
            if self._closing.is_set():
                break
            if time.monotonic() - started > STABLE:
                failures = 0
            self._lost()
            self._pause(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
            failures += 1
        self._finish()

    def _serve(self, engine: EngineProcess) -> None:
        """Talk to one engine until it is gone or we close."""
        engine.send(self._first)
        if self._lines is not None:
            engine.send(self._lines)
        if self._watched is not None:
            engine.send(self._watched)
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            selector.register(engine.pipe, selectors.EVENT_READ)
            answered = pinged = time.monotonic()
            serial = 0
            while not self._closing.is_set():
                self._forward(engine)
                wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if engine.has_unsent else 0)
                selector.modify(engine.pipe, wanted)
                before = time.monotonic()
                ready = selector.select(PING / 2)
                now = time.monotonic()
                if now - before > PING:
                    answered = now  # this computer slept: the engine did as well
                for key, events in ready:
                    if key.fileobj is self._woken:
                        self._woken.recv(4096)
                    else:
                        if events & selectors.EVENT_WRITE:
                            engine.flush()
                        if events & selectors.EVENT_READ:
                            answered = now
                            if not self._read(engine):
                                return
                if now - answered > DEAF:
                    logger.error("engine does not answer")
                    return
                if now - pinged >= PING:
                    pinged, serial = now, serial + 1
                    engine.send(wire.Ping(serial))
            self._leave(engine)

    def _leave(self, engine: EngineProcess) -> None:
        """Let it end its calls, and listen to the last it has to say."""
        self._forward(engine)
        engine.send(wire.Quit())
        engine.pipe.settimeout(0.2)
        end = time.monotonic() + CLOSE_WAIT - 0.7
        while time.monotonic() < end:
            engine.flush()
            with contextlib.suppress(TimeoutError):
                if not self._read(engine):
                    return

    def _read(self, engine: EngineProcess) -> bool:
        """Post what the engine says; False when it is gone."""
        try:
            for frame in engine.receive():
                match frame:
                    case TextProgressed(message_id=message_id):
                        self._texts.pop(message_id, None)
                    case CallEnded(call_id=call_id):
                        self._dialled.pop(call_id, None)
                    case EngineStarted():
                        self._told_lost = False
                if not isinstance(frame, wire.COMMANDS) and not isinstance(frame, wire.Pong):
                    self._post(frame)  # type: ignore[arg-type]
        except (EOFError, ConnectionError, wire.WireError) as error:
            if not self._closing.is_set():
                logger.error("engine pipe closed: %s", type(error).__name__)
            return False
        return True

    def _forward(self, engine: EngineProcess) -> None:
        while self._commands:
            command = self._commands.popleft()
            match command:
                case wire.ApplyLines():
                    self._lines = command
                case wire.WatchPresence():
                    self._watched = command
                case wire.SendText(message_id=message_id):
                    self._texts[message_id] = None
                case wire.Dial(call_id=call_id):
                    self._dialled[call_id] = None
            try:
                engine.send(command)
            except wire.WireError as error:
                self._refuse(command, error)

    def _refuse(self, command: wire.Command, error: wire.WireError) -> None:
        """The pipe does not take it, and nor would a carrier."""
        logger.error("%s", error)
        now = datetime.now(UTC)
        match command:
            case wire.SendText(message_id=message_id):
                del self._texts[message_id]
                self._post(TextProgressed(message_id, Delivery.FAILED, 513, "too-long", now))
            case wire.Dial(call_id=call_id):
                del self._dialled[call_id]
                self._post(CallEnded(call_id, now, 0, EndReason.BAD_ADDRESS))

    def _lost(self) -> None:
        """The engine died: say so, and what of its work nobody can know."""
        now = datetime.now(UTC)
        if not self._told_lost:
            self._told_lost = True
            self._post(EngineLost(now))
        self._give_up(EndReason.ENGINE_LOST, now)

    def _give_up(self, reason: EndReason, now: datetime) -> None:
        for call_id in self._dialled:
            self._post(CallEnded(call_id, now, 0, reason))
        for message_id in self._texts:
            self._post(TextProgressed(message_id, Delivery.UNKNOWN, 0, reason.value, now))
        self._dialled.clear()
        self._texts.clear()

    def _pause(self, seconds: float) -> None:
        """Wait before the next start. Calls cannot wait so long; texts, lines and acknowledgements can."""
        end = time.monotonic() + seconds
        while True:
            self._refuse_calls()
            left = end - time.monotonic()
            if left <= 0 or self._closing.is_set():
                return
            self._woken.settimeout(left)
            try:
                self._woken.recv(4096)
            except TimeoutError:
                pass
            finally:
                self._woken.setblocking(True)

    def _refuse_calls(self) -> None:
        kept: list[wire.Command] = []
        while self._commands:
            match command := self._commands.popleft():
                case wire.Dial(call_id=call_id):
                    self._post(CallEnded(call_id, datetime.now(UTC), 0, EndReason.ENGINE_LOST))
                case wire.ApplyLines():
                    self._lines = command
                case wire.WatchPresence():
                    self._watched = command
                case wire.SendText() | wire.TextStored() | wire.CallStored() | wire.ListDevices():
                    kept.append(command)
        self._commands.extendleft(reversed(kept))

    def _finish(self) -> None:
        """No engine any more: what was still to be sent has not left."""
        now = datetime.now(UTC)
        self._give_up(EndReason.APP_STOPPED, now)
        for command in self._commands:
            if isinstance(command, wire.SendText):
                reason = EndReason.APP_STOPPED.value
                self._post(TextProgressed(command.message_id, Delivery.FAILED, 0, reason, now))

    def _post(self, event: PhoneEvent) -> None:
        self._main_loop.post(functools.partial(self._on_event, event))
