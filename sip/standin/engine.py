"""The far end's engine: one thread that owns the library, its calls, accounts and timers.

The thread alternates between the library's events and the requests of other threads. Nothing of the
library is touched from elsewhere; other threads call `ask`, which waits for the answer.
"""

from __future__ import annotations

import gc
import heapq
import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pjsua2 as pj

from sip.standin import config, sip_text
from sip.standin.call import FarCall, Step
from sip.standin.guard import guarded
from sip.standin.messenger import Messenger
from sip.standin.number_table import lookup
from sip.standin.records import CallRecord, Direction, State
from sip.standin.scripts import Scripts

log = logging.getLogger("standin.engine")

T = TypeVar("T")

MOST_CALLS = 4  # what the library was built for; more make it answer 486 by itself
KEPT_CALLS = 500
TIDY_EVERY = 30.0  # seconds
MEDIA_REST = 0.3  # seconds a player outlives its use: the bridge lets go of it later
FILE_REST = 0.3  # seconds until a recorder let go of has closed its file
GOODBYE = 1.5  # seconds for BYEs to be answered at the end


class TooManyCallsError(RuntimeError):
    """Four calls are live already."""


class UnknownError(LookupError):
    """No live call has that id."""


class House(pj.Endpoint):  # type: ignore[misc]
    """The library. Sends every incoming request to the account that answers."""

    main_account = -1

    @guarded
    def onSelectAccount(self, prm: Any) -> None:
        """Never the account that sends texts, whatever its name is at the moment."""
        prm.accountIndex = self.main_account


class MainAccount(pj.Account):  # type: ignore[misc]
    """Takes calls and texts for any number."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    @guarded
    def onIncomingCall(self, prm: Any) -> None:
        """A call arrived."""
        self._engine.call_arrived(self, prm)

    @guarded
    def onInstantMessage(self, prm: Any) -> None:
        """A text arrived."""
        self._engine.messenger.arrived(prm)


class Engine:
    """Owns the library from `open` to the end of `run`. Only `ask` and `stop` are for other threads."""

    def __init__(self, *, replies: bool = True, folder: Path | None = None, log_level: int = 0) -> None:
        self.scripts = Scripts(folder)
        self.messenger = Messenger(self, replies=replies)
        self.calls: dict[str, FarCall] = {}
        self.history: deque[CallRecord] = deque(maxlen=KEPT_CALLS)
        self.last_contact: str | None = None
        """Where the application was last heard from."""
        self.address = ""
        """`127.0.0.1:port` of the SIP socket, once open."""
        self.on_stop: Callable[[], None] = lambda: None
        """Called on the engine's thread when the end begins."""
        self._log_level = log_level
        self.nowhere: Any = None
        """The silent loudspeaker of the bridge."""
        self._house: House | None = None
        self._account: MainAccount | None = None
        self._jobs: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._resting: deque[tuple[float, Any]] = deque()
        self._stopping = threading.Event()
        self._thread: int | None = None

    # life

    def open(self, port: int) -> None:
        """Starts the library on 127.0.0.1, on `port` or a free one when 0; pj.Error when it is taken."""
        self._thread = threading.get_ident()
        house = self._house = House()
        house.libCreate()
        house.libInit(config.endpoint(self._log_level))
        transport = house.transportCreate(pj.PJSIP_TRANSPORT_UDP, config.transport(port))
        self.address = house.transportGetInfo(transport).localName
        house.libStart()
        house.audDevManager().setNullDev()
        self.nowhere = house.audDevManager().getPlaybackDevMedia()
        config.choose_codecs(house)
        self._account = MainAccount(self)
        self._account.create(config.account("sip:standin@127.0.0.1"), True)
        house.main_account = self._account.getId()
        self.messenger.open(config.account("sip:standin-texts@127.0.0.1"))

    def run(self) -> None:
        """Works until `stop`, then ends the calls and closes the library."""
        self._on_thread()
        gc.disable()  # a collection on another thread could free a library object there
        self._tidy()
        while not self._stopping.is_set():
            self._turn()
        self._close()

    def stop(self) -> None:
        """Asks the engine to end. Any thread, also a signal handler."""
        self._stopping.set()

    def ask(self, work: Callable[[], T], timeout: float = 5.0) -> T:
        """Runs `work` on the engine's thread and returns or raises what it does. Other threads only."""
        answer: Future[T] = Future()

        def job() -> None:
            try:
                answer.set_result(work())
            except Exception as error:  # noqa: BLE001 - handed to the asking thread
                # Without its frames: a call kept alive by them would be freed on the asking thread.
                error.__cause__ = error.__context__ = error.__traceback__ = None
                answer.set_exception(error)

        self._jobs.append(job)
        return answer.result(timeout)

    def later(self, seconds: float, job: Callable[[], None]) -> None:
        """Runs `job` in so many seconds."""
        self._on_thread()
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), job))

    def after(self, seconds: float, call_id: str, step: Step) -> None:
        """Runs `step` with the call of that id in so many seconds, if it still lives."""
        self.later(seconds, partial(self._step, call_id, step))

    def bury(self, media: Any) -> None:
        """Lets go of a player or recorder a little later."""
        self._resting.append((time.monotonic() + MEDIA_REST, media))

    def bury_recorder(self, recorder: Any, record: CallRecord) -> None:
        """Lets go of a recorder, and notes in the record when its file is complete."""
        self.bury(recorder)
        self.later(MEDIA_REST + FILE_REST, partial(_file_closed, record, record.recording))

    def forget(self, call_id: str) -> None:
        """Drops an ended call at once, before its number in the library is given to another."""
        self.calls.pop(call_id, None)

    def live(self, call_id: str) -> FarCall:
        """The live call of that id; UnknownError when there is none."""
        self._on_thread()
        try:
            return self.calls[call_id]
        except KeyError:
            raise UnknownError("no live call has that id") from None

    # calls

    def call_arrived(self, account: MainAccount, prm: Any) -> None:
        """A new INVITE: remembers it and starts what the dialled number does."""
        whole = sip_text.repair(prm.rdata.wholeMsg)
        sender = sip_text.header(whole, "from")
        entry = lookup(sip_text.request_user(whole))
        record = CallRecord(
            Direction.IN,
            sip_text.user_of(sender),
            sip_text.name_of(sender),
            entry.number,
            State.RINGING,
            sip_call_id=sip_text.header(whole, "call-id"),
        )
        self.last_contact = sip_text.reply_address(whole, prm.rdata.srcAddress)
        call = FarCall(self, account, record, script=self.scripts.for_entry(entry), pj_id=prm.callId)
        self.calls[record.id] = call
        self.history.append(record)
        self.after(0.0, record.id, partial(self.scripts.begin, entry=entry))

    def place_call(
        self,
        *,
        to: str,
        sender: str,
        name: str,
        script: Step,
        ring_seconds: float,
        headers: list[tuple[str, str]],
    ) -> CallRecord:
        """Calls the application; BadRequestError or TooManyCallsError when that is not possible."""
        self._on_thread()
        if len(self.calls) >= MOST_CALLS:
            raise TooManyCallsError(f"{MOST_CALLS} calls are live already")
        uri = sip_text.target(to)
        prm = pj.CallOpParam(True)
        prm.txOption.localUri = sip_text.identity(sender, name, self.address)
        for key, value in headers:
            item = pj.SipHeader()
            item.hName, item.hValue = key, value
            prm.txOption.headers.append(item)
        record = CallRecord(Direction.OUT, sender, name, uri, State.DIALING)
        call = FarCall(self, self._account, record, script=script)
        self.calls[record.id] = call
        try:
            call.makeCall(uri, prm)
        except pj.Error as error:
            self.forget(record.id)
            raise sip_text.BadRequestError(f"the library refused to call: {error.status}") from error
        self.history.append(record)
        self.after(ring_seconds, record.id, _give_up)
        return record

    # the loop

    def _turn(self) -> None:
        assert self._house is not None
        self._house.libHandleEvents(10)
        present = time.monotonic()
        while self._timers and self._timers[0][0] <= present:
            self._run(heapq.heappop(self._timers)[2])
        while self._jobs:
            self._run(self._jobs.popleft())
        while self._resting and self._resting[0][0] <= present:
            self._resting.popleft()

    def _tidy(self) -> None:
        gc.collect()
        self.later(TIDY_EVERY, self._tidy)

    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:  # one step that fails must not end the others' calls
            log.exception("a step failed")

    def _step(self, call_id: str, step: Step) -> None:
        call = self.calls.get(call_id)
        if call is not None:
            step(call)

    def _on_thread(self) -> None:
        assert threading.get_ident() == self._thread, "the library belongs to the engine's thread"

    def _close(self) -> None:
        self.on_stop()
        for call_id in list(self.calls):
            self._run(partial(self._step, call_id, _leave))
        limit = time.monotonic() + GOODBYE
        while self.calls and time.monotonic() < limit:
            self._turn()
        self._timers.clear()
        self.calls.clear()
        self._resting.clear()
        self.messenger.close()
        if self._account is not None:
            self._account.shutdown()
        self._account = self.nowhere = None
        gc.collect()
        if self._house is not None:
            self._house.libDestroy()
        self._house = None
        if self.scripts.own_folder is not None:
            shutil.rmtree(self.scripts.own_folder, ignore_errors=True)


def _file_closed(record: CallRecord, file: str | None) -> None:
    if record.recording == file:  # not yet another one
        record.recorded = True


def _give_up(call: FarCall) -> None:
    if call.record.answered is None:
        call.end()


def _leave(call: FarCall) -> None:
    call.end(480)
