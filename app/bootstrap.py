"""Builds the app: the only place that names concrete classes. Opens in start order, closes in reverse.

The window is painted before any of this is imported. The secrets and the cache are opened on a worker, then
everything is put together on the main thread.
"""

from __future__ import annotations

import importlib
import secrets as random_source
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import settings as settings_file
from app.background import Background, Lane
from app.clock import SystemClock
from app.control import ControlServer
from app.domain.events import Troubled
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.launch import engine_argv
from app.log import logger
from app.paths import Profile
from app.ports import MainLoop, Phone
from app.secret_store import KeyringSecrets, MemorySecrets

if TYPE_CHECKING:
    from app.demo import Demo
    from app.desk import Desk
    from app.machine_policy import MachinePolicy
    from app.ports import CrmGateway
    from app.settings import Settings
    from app.store.database import Database

log = logger("bootstrap")
Secrets = KeyringSecrets | MemorySecrets


@dataclass(frozen=True, slots=True)
class _Opened:
    settings: Settings
    database: Database
    spool_key: str
    machine: MachinePolicy | None
    demo: Demo | None


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
    ) -> None:
        """``on_ready`` gets the desk, ``on_refused`` why the profile cannot be opened.

        ``on_closing`` is the last chance to store what is being typed; ``on_closed`` ends the loop.
        """
        self._profile = profile
        self._is_demo = demo
        self._loop = loop
        self._on_ready = on_ready
        self._on_refused = on_refused
        self._on_closing = on_closing
        self._on_closed = on_closed
        self._hub = Hub()
        self._background = Background(loop, self._troubled, on_bug)
        self._secrets: Secrets = MemorySecrets() if demo else KeyringSecrets(profile.name)
        self._opened: _Opened | None = None
        self._desk: Desk | None = None
        self._phone: Phone | None = None
        self._control: ControlServer | None = None
        self._closing = False

    def start(self) -> None:
        """Open the profile, then build the desk."""
        self._background.run(Lane.WORKER, self._open, self._build, self._on_refused)

    def close(self) -> None:
        """End calls, store everything, stop the engine, let go of the files. ``on_closed`` follows."""
        if self._closing:
            return
        self._closing = True
        self._on_closing()
        if self._desk is None:
            self._on_closed()
            return
        self._desk.calls.end_all()
        if self._control is not None:
            self._control.close()
        phone, desk, opened = self._phone, self._desk, self._opened

        def finish() -> None:
            if phone is not None:
                phone.close()
            desk.login.close()
            if opened is not None and opened.demo is not None:
                opened.demo.close()

        self._background.run(Lane.WORKER, finish, lambda _: self._closed(), lambda _: self._closed())

    def _closed(self) -> None:
        self._background.close()
        if self._opened is not None:
            self._opened.database.close()
        self._on_closed()

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
            database = Database.open(where.database, self._database_key(Database.exists(where.database)))
            spool_key = self._key(settings_file.SPOOL_SECRET)
            _warm_up()
            return _Opened(found, database, spool_key, _machine_policy(), demo)
        except BaseException:
            if demo is not None:
                demo.close()
            raise

    def _database_key(self, exists: bool) -> str:
        """The key of the cache. An existing cache without its key is never written over."""
        key = self._secrets.get(settings_file.DATABASE_SECRET)
        if key is not None:
            return key
        if exists:
            raise AppError(ErrorCode.KEY_LOST, path=str(self._profile.database), backend=self._secrets.backend())
        return self._key(settings_file.DATABASE_SECRET)

    def _key(self, name: str) -> str:
        """A random 256-bit key from the secret store, made there the first time and read back before it is used."""
        key = self._secrets.get(name)
        if key is None:
            self._secrets.set(name, random_source.token_hex(32))
            key = self._secrets.get(name)
        if key is None:
            raise AppError(ErrorCode.KEYRING_MISSING, backend=self._secrets.backend())
        return key

    # building, on the main thread

    def _build(self, opened: _Opened) -> None:
        if self._closing:
            opened.database.close()
            return
        from app.commands import Commands
        from app.wiring import start, wire
        from sip.phone import EnginePhone

        self._opened = opened
        where = self._profile
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
            make_gateway=_gateway,
            background=self._background,
            loop=self._loop,
            hub=self._hub,
            clock=SystemClock(),
            demo_numbers=opened.demo.numbers if opened.demo else (),
            quit_app=self.close,
        )
        self._desk, self._phone = desk, phone
        self._control = ControlServer(where.socket, self._loop, Commands(desk).handle)
        self._control.start()
        self._on_ready(desk)
        start(desk, phone)
        if opened.demo is not None:
            opened.demo.follow(desk)

    def _troubled(self, error: AppError) -> None:
        log.warning("trouble: %s", error.code.value)
        values = tuple((name, str(value)) for name, value in error.values.items())
        self._hub.publish(Troubled(error.code.value, values))


def _machine_policy() -> MachinePolicy | None:
    """The machine's policy; None when its file cannot be trusted or read: then the last known one holds."""
    from app.machine_policy import MachinePolicyStore

    try:
        return MachinePolicyStore().read()
    except AppError as error:
        log.error("machine policy refused: %s", error.values.get("reason", error.code.value))
        return None


def _gateway(instance_url: str, token: str) -> CrmGateway:
    from crm.gateway import SalesforceGateway

    return SalesforceGateway(instance_url, lambda: token)


def _warm_up() -> None:
    """Import on the worker what the main thread is about to use, so that the window goes on answering."""
    for name in ("app.commands", "app.wiring", "sip.phone"):
        importlib.import_module(name)
