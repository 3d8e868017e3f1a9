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
from app.ports import Clock, MainLoop, Phone, SecretStore
from app.secret_store import KeyringSecrets, MemorySecrets

if TYPE_CHECKING:
    from app.demo import Demo
    from app.desk import Desk
    from app.machine_policy import MachinePolicy
    from app.ports import CrmGateway, CrmUser
    from app.reads.reads import Reads
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


def wire(
    *,
    profile: Profile,
    settings: Settings,
    machine: MachinePolicy | None,
    database: Database,
    secrets: SecretStore,
    phone: Phone,
    make_gateway: Callable[[str, str], CrmGateway],
    background: Background,
    loop: MainLoop,
    hub: Hub,
    clock: Clock,
    demo_numbers: tuple[tuple[str, str], ...],
    quit_app: Callable[[], None],
) -> Desk:
    """Put the use cases together. Nothing runs yet; see `start`. Main thread."""
    from app.desk import Desk
    from app.download import download
    from app.machine_policy import MACHINE_POLICY, recall_policy, remember_policy
    from app.reads.reads import Reads
    from app.store import records
    from app.store.writer import Writer
    from app.usecases.calls import Calls
    from app.usecases.cards import Cards
    from app.usecases.lines import Lines
    from app.usecases.login import Login
    from app.usecases.matching import Matching
    from app.usecases.messages import Messages
    from app.usecases.provisioning import Provisioning
    from app.usecases.recovery import Recovery
    from app.usecases.sync import Sync
    from app.usecases.wrapup import Wrapup
    from sip.address import target_uri
    from sip.carriers.message import MessageCarrier

    reads, writer = Reads(database), Writer(database, background)
    if machine is None:
        machine = recall_policy(reads.meta(MACHINE_POLICY))
    else:
        kept = remember_policy(machine)
        writer.write(lambda s: records.set_meta(s, MACHINE_POLICY, kept))
    lines = Lines(
        settings=settings,
        machine=machine,
        folder=profile.folder,
        phone=phone,
        secrets=secrets,
        background=background,
        hub=hub,
    )
    login = Login(
        lines=lines,
        secrets=secrets,
        make_gateway=make_gateway,
        writer=writer,
        background=background,
        loop=loop,
        hub=hub,
        user=_remembered_user(reads),
    )
    matching = Matching(
        reads=reads,
        writer=writer,
        background=background,
        gateway=login.gateway,
        lines=lines,
        hub=hub,
        clock=clock,
    )
    wrapup = Wrapup(writer=writer, hub=hub, clock=clock)
    calls = Calls(
        phone=phone,
        lines=lines,
        matching=matching,
        wrapup=wrapup,
        hub=hub,
        loop=loop,
        writer=writer,
        clock=clock,
        address=target_uri,
        demo=bool(demo_numbers),
    )
    messages = Messages(
        phone=phone,
        carrier=MessageCarrier(phone),
        lines=lines,
        matching=matching,
        writer=writer,
        hub=hub,
        clock=clock,
        zone=login.zone,
    )
    sync = Sync(
        login=login,
        lines=lines,
        reads=reads,
        writer=writer,
        background=background,
        loop=loop,
        hub=hub,
        clock=clock,
    )
    lines.when_salesforce_changes(login.start)
    login.when_signed_in(matching.refresh_people)
    return Desk(
        profile=profile,
        hub=hub,
        loop=loop,
        clock=clock,
        reads=reads,
        lines=lines,
        login=login,
        matching=matching,
        calls=calls,
        messages=messages,
        wrapup=wrapup,
        cards=Cards(login=login, background=background, hub=hub, clock=clock),
        sync=sync,
        recovery=Recovery(writer, messages, hub, clock),
        provisioning=Provisioning(lines=lines, background=background, download=download),
        is_demo=bool(demo_numbers),
        demo_numbers=demo_numbers,
        quit=quit_app,
    )


def start(desk: Desk, phone: Phone) -> None:
    """Close what a crash left open, then start the engine, the lines and the sign-in, in this order."""
    desk.recovery.run()
    phone.start(PhoneEvents(desk).on_event)
    desk.lines.start()
    desk.login.start()


class PhoneEvents:
    """Hands each event of the engine to the use case it is for. Main thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_event(self, event: object) -> None:
        """One event of the engine; an unknown one raises TypeError."""
        from app.domain.call import CallQuality
        from app.domain.message import TextArrived, TextProgressed
        from app.domain.phone_events import (
            CallArrived,
            CallRefused,
            DevicesChanged,
            EngineLost,
            EngineStarted,
            LineChanged,
        )

        desk = self._desk
        match event:
            case EngineStarted():
                desk.lines.on_engine(event)
            case EngineLost():
                desk.lines.on_engine(event)
                desk.calls.on_engine_lost()
            case LineChanged():
                desk.lines.on_line(event)
            case DevicesChanged():
                desk.lines.on_devices(event)
            case CallArrived():
                desk.calls.on_arrived(event)
            case CallRefused():
                desk.calls.on_refused(event)
            case CallQuality():
                desk.calls.on_quality(event)
            case TextArrived():
                desk.messages.on_arrived(event)
            case TextProgressed():
                desk.messages.on_progress(event)
            case _:
                desk.calls.on_event(event)  # type: ignore[arg-type]  # `advance` refuses what is no call event


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


def _remembered_user(reads: Reads) -> CrmUser | None:
    import json

    from app.ports import CrmUser
    from app.usecases.login import USER

    text = reads.meta(USER)
    return CrmUser(**json.loads(text)) if text else None


def _warm_up() -> None:
    """Import on the worker what the main thread is about to use, so that the window goes on answering."""
    for name in ("app.commands", "app.desk", "app.usecases.recovery", "sip.carriers.message", "sip.phone"):
        importlib.import_module(name)
