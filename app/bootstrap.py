"""Builds the app: the only place that names concrete classes. Opens in start order, closes in reverse.

The window is painted before any of this is imported. The secrets and the cache are opened on a worker, then
everything is put together on the main thread.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import re
import secrets as random_source
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import settings_file
from app.background import Background, Lane
from app.clock import SystemClock
from app.control import ControlServer
from app.domain.events import Troubled
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.launch import engine_argv
from app.log import logger
from app.paths import Profile
from app.ports.phone import Phone
from app.ports.system import MainLoop
from app.secret_names import DATABASE_SECRET, SPOOL_SECRET
from app.secret_store import DEADLINE, KeyringSecrets, MemorySecrets

if TYPE_CHECKING:
    from app.demo import Demo
    from app.desk import Desk
    from app.machine_policy import MachinePolicy
    from app.ports.crm import CrmGateway, OrgMemory
    from app.settings import Settings
    from app.store.database import Database
    from app.usecases.org_memory import StoredMemory
    from app.usecases.tokens import Access

log = logger("bootstrap")
_PATIENCE = 1.0  # seconds with the password store after which the rep is told
_LOOK = 0.25
_FLUSH = 2.0  # seconds for what still waits for Salesforce when the app closes; what does not get through stays
_LAST_RESORT = 20.0  # seconds; no disk and no engine that hangs keeps the app longer
_KEY = re.compile(r"[0-9a-f]{64}")
Secrets = KeyringSecrets | MemorySecrets


@dataclass(frozen=True, slots=True)
class _Opened:
    settings: Settings
    database: Database
    spool_key: str
    machine: MachinePolicy | None
    demo: Demo | None

    def close(self) -> None:
        """Let go of it unused."""
        self.database.close()
        if self.demo is not None:
            self.demo.close()


class Bootstrap:
    """One app on one profile. Main thread."""

    def __init__(
        self,
        profile: Profile,
        loop: MainLoop,
        *,
        demo: bool,
        on_ready: Callable[[Desk], None],
        on_refused: Callable[[AppError], None],
        on_bug: Callable[[BaseException], None],
        on_closed: Callable[[], None],
        on_closing: Callable[[], None] = lambda: None,
        on_waiting: Callable[[bool], None] | None = None,
    ) -> None:
        """``on_ready`` gets the desk, ``on_refused`` why the profile cannot be opened.

        ``on_waiting`` hears when the start has waited a second for the password store, and when that is over; who
        listens can wait as long as the rep wants. Without it the store's own deadline ends the start.
        ``on_closing`` takes the window away, and is the last chance to store what is being typed; ``on_closed`` ends
        the loop.
        """
        self._profile = profile
        self._is_demo = demo
        self._loop = loop
        self._on_ready = on_ready
        self._on_refused = on_refused
        self._on_closing = on_closing
        self._on_closed = on_closed
        self._on_bug = on_bug
        self._on_waiting = on_waiting
        self._store_asked: float | None = None  # monotonic; written by the worker that opens
        self._told_waiting = self._opening = False
        self._hub = Hub(on_bug)
        self._background = Background(loop, self._troubled, on_bug)
        self._secrets: Secrets = MemorySecrets() if demo else KeyringSecrets(profile.name)
        self._opened: _Opened | None = None
        self._desk: Desk | None = None
        self._phone: Phone | None = None
        self._control: ControlServer | None = None
        self._closing = self._has_ended = False

    def start(self) -> None:
        """Open the profile, then build the desk. Again after a refusal, when the rep has done something about it."""
        self._opening = True
        self._background.run(Lane.WORKER, self._open, self._build, self._refused)
        if self._on_waiting is not None:
            self._watch_store()

    def close(self) -> None:
        """End calls, store everything, stop the engine, let go of the files. ``on_closed`` follows."""
        if self._closing:
            return
        self._closing = True
        self._try(self._on_closing)
        if self._desk is None:
            self._end()
            return
        phone, desk, opened = self._phone, self._desk, self._opened
        self._loop.later(_LAST_RESORT, self._closed)
        self._try(desk.calls.end_all)
        self._try(desk.sign_in.cancel)
        if self._control is not None:
            self._control.close()

        def finish() -> None:
            if phone is not None:
                phone.close()
            desk.login.close()
            if opened is not None and opened.demo is not None:
                opened.demo.close()

        def flushed() -> None:
            self._background.run(Lane.WORKER, finish, lambda _: self._closed(), lambda _: self._closed())

        self._try(lambda: desk.sync.flush(_FLUSH, flushed))

    def _try(self, step: Callable[[], None]) -> None:
        """One step of closing: what goes wrong in it is told, and keeps the app from nothing else."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - goes to the last resort, never away
            self._on_bug(error)

    def _closed(self) -> None:
        if self._has_ended:
            return
        has_stored = self._background.close()
        if self._opened is not None and has_stored:  # else the disk hangs, and a close under a write would not end well
            self._opened.database.close()
        self._end()

    def _end(self) -> None:
        self._has_ended = True
        self._on_closed()

    def _refused(self, error: AppError) -> None:
        self._opened_or_not()
        self._on_refused(error)

    def _opened_or_not(self) -> None:
        self._opening = False
        if self._on_waiting is not None:
            self._tell_waiting(False)

    def _watch_store(self) -> None:
        """Most of the start is quick; only a prompt of the password store takes as long as the rep takes."""
        if self._opening and not self._closing:
            asked = self._store_asked
            self._tell_waiting(asked is not None and time.monotonic() - asked >= _PATIENCE)
            self._loop.later(_LOOK, self._watch_store)

    def _tell_waiting(self, waiting: bool) -> None:
        if waiting != self._told_waiting and self._on_waiting is not None:
            self._told_waiting = waiting
            log.info("the keyring %s", "is locked: waiting" if waiting else "has answered")
            self._on_waiting(waiting)

    # opening, on a worker

    def _open(self) -> _Opened:
        from app.store.database import Database

        where = self._profile
        demo: Demo | None = None
        found = settings_file.load(where.folder)
        if self._is_demo:
            from app.demo import Demo

            demo = Demo.start(where.folder)
            for name, value in demo.provisioned.secrets.items():
                self._secrets.set(name, value)
            found = demo.provisioned.settings
        try:
            with self._asking_store():
                key = self._database_key(Database.exists(where.database))
                spool_key = self._key(SPOOL_SECRET)
            database = Database.open(where.database, key)
            _warm_up()
            return _Opened(found, database, spool_key, _machine_policy(), demo)
        except BaseException:
            if demo is not None:
                demo.close()
            raise

    @contextlib.contextmanager
    def _asking_store(self) -> Iterator[None]:
        secrets = self._secrets
        if isinstance(secrets, KeyringSecrets) and self._on_waiting is not None:
            secrets.deadline = None
        self._store_asked = time.monotonic()
        try:
            yield
        finally:
            self._store_asked = None
            if isinstance(secrets, KeyringSecrets):
                secrets.deadline = DEADLINE

    def _database_key(self, exists: bool) -> str:
        """The key of the cache. An existing cache without its key is never written over."""
        key = self._secrets.get(DATABASE_SECRET)
        if key is None and exists:
            raise AppError(ErrorCode.KEY_LOST, path=str(self._profile.database), backend=self._secrets.backend())
        if exists and not _is_key(key):
            raise AppError(ErrorCode.STORE_UNREADABLE, path=str(self._profile.database))
        return self._key(DATABASE_SECRET)

    def _key(self, name: str) -> str:
        """A random 256-bit key from the secret store, made there the first time and read back before it is used.

        What is no key has never opened anything and is replaced.
        """
        key = self._secrets.get(name)
        if not _is_key(key):
            self._secrets.set(name, random_source.token_hex(32))
            key = self._secrets.get(name)
        if key is None or not _is_key(key):
            raise AppError(ErrorCode.KEYRING_MISSING, backend=self._secrets.backend())
        return key

    # building, on the main thread

    def _build(self, opened: _Opened) -> None:
        self._opened_or_not()
        if self._closing:
            opened.close()
            return
        try:
            desk, phone = self._put_together(opened)
        except AppError as error:  # the cache is damaged behind its first page, the socket's folder is full
            # Behind what the use cases have given the store to do; and a demo takes its time to end.
            self._background.run(Lane.STORE, opened.close)
            self._on_refused(error)
            return
        from app.wiring import start

        self._opened, self._desk, self._phone = opened, desk, phone
        self._on_ready(desk)
        start(desk, phone)
        # What stands now lives until the end. Without this the garbage collector looks at all of it again and again,
        # and the window stands still for some 50 ms each time thousands of people are read.
        gc.freeze()
        if opened.demo is not None:
            opened.demo.follow(desk)

    def _put_together(self, opened: _Opened) -> tuple[Desk, Phone]:
        """Nothing runs yet but the control socket. Raises AppError, and then not even that."""
        from app.commands import Commands
        from app.wiring import wire
        from sip.phone import EnginePhone

        where = self._profile
        memory = self._memory(opened)
        phone = EnginePhone(
            self._loop,
            engine_argv=engine_argv,
            spool_folder=where.spool,
            spool_key=bytes.fromhex(opened.spool_key),
            log_folder=where.log,
        )
        desk = wire(
            profile=where,
            settings=opened.settings,
            machine=opened.machine,
            database=opened.database,
            secrets=self._secrets,
            phone=phone,
            make_gateway=functools.partial(_gateway, memory),
            make_renewing=functools.partial(_renewing_gateway, memory),
            background=self._background,
            loop=self._loop,
            hub=self._hub,
            clock=SystemClock(),
            demo_numbers=opened.demo.numbers if opened.demo else (),
            quit_app=self.close,
        )
        desk.login.when_signed_out(memory.forget)
        control = ControlServer(where.socket, self._loop, Commands(desk).handle)
        control.start()
        self._control = control
        return desk, phone

    def _memory(self, opened: _Opened) -> StoredMemory:
        from app.reads.reads import Reads
        from app.store.writer import Writer
        from app.usecases.org_memory import StoredMemory

        return StoredMemory(Reads(opened.database), Writer(opened.database, self._background), self._loop)

    def _troubled(self, error: AppError) -> None:
        log.warning("trouble: %s", error.code.value)
        self._hub.publish(Troubled.of(error))


def _is_key(text: str | None) -> bool:
    return text is not None and _KEY.fullmatch(text) is not None


def _machine_policy() -> MachinePolicy | None:
    """The machine's policy; None when its file cannot be trusted or read: then the last known one holds."""
    from app.machine_policy import MachinePolicyStore

    try:
        return MachinePolicyStore().read()
    except AppError as error:
        log.error("machine policy refused: %s", error.values.get("reason", error.code.value))
        return None


def _gateway(memory: OrgMemory, instance_url: str, token: str) -> CrmGateway:
    from crm.gateway import SalesforceGateway

    return SalesforceGateway(instance_url, lambda: token, memory=memory)


def _renewing_gateway(memory: OrgMemory, instance_url: str, access: Access) -> CrmGateway:
    from crm.gateway import SalesforceGateway

    gateway = SalesforceGateway(instance_url, access.token, refresh=access.refresh, memory=memory)
    access.when_moved(gateway.move_to)
    return gateway


def _warm_up() -> None:
    """Import on the worker what the main thread is about to use, so that the window goes on answering."""
    for name in ("app.commands", "app.wiring", "sip.phone"):
        importlib.import_module(name)
