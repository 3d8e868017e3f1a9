"""Puts the use cases together on ready-made adapters: what `bootstrap` and the tests of whole journeys share."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable

from app.background import Background
from app.desk import Desk
from app.domain.call import CallQuality
from app.domain.counterpart import Card
from app.domain.events import CardChanged
from app.domain.message import TextArrived, TextProgressed
from app.domain.phone_events import (
    CallArrived,
    CallLeftOver,
    CallRefused,
    DevicesChanged,
    EngineLost,
    EngineStarted,
    LineChanged,
    PresenceChanged,
    SoundLevels,
    SoundTested,
)
from app.download import download
from app.hub import Hub
from app.machine_policy import MACHINE_POLICY, MachinePolicy, recall_policy, remember_policy
from app.paths import Profile
from app.ports.crm import CrmGateway, CrmUser
from app.ports.phone import Phone
from app.ports.sign_in import SignInService
from app.ports.system import Clock, MainLoop, SecretStore
from app.reads.reads import Reads
from app.settings import Settings
from app.store import records, reps
from app.store.database import Database
from app.store.writer import Writer
from app.usecases.calls import Calls
from app.usecases.cards import Cards
from app.usecases.directory import Directory
from app.usecases.index import Index
from app.usecases.lines import Lines
from app.usecases.login import USER, Login
from app.usecases.matching import Matching
from app.usecases.messages import Messages
from app.usecases.new_people import NewPeople
from app.usecases.presence import PresenceWatch
from app.usecases.provisioning import Provisioning
from app.usecases.recovery import Recovery
from app.usecases.relation import Relation
from app.usecases.sign_in import SignIn
from app.usecases.sync import Sync
from app.usecases.tokens import Access, Tokens
from app.usecases.tools import Tools
from app.usecases.typed_forms import TypedForms
from app.usecases.wrapup import Wrapup
from crm.directory.source import open_source
from crm.oauth_flow import BrowserSignIn
from sip.address import target_uri
from sip.carriers.message import MessageCarrier

_LIST_SECONDS = 600.0  # for a list of colleagues, which may be large


def wire(
    *,
    profile: Profile,
    settings: Settings,
    machine: MachinePolicy | None,
    database: Database,
    secrets: SecretStore,
    phone: Phone,
    make_gateway: Callable[[str, str], CrmGateway],
    make_renewing: Callable[[str, Access], CrmGateway] | None = None,
    sign_in_service: SignInService | None = None,
    background: Background,
    loop: MainLoop,
    hub: Hub,
    clock: Clock,
    demo_numbers: tuple[tuple[str, str], ...],
    quit_app: Callable[[], None],
) -> Desk:
    """Put the use cases together. Nothing runs yet; see `start`. Main thread."""
    reads, writer = Reads(database), Writer(database, background)
    tools = Tools(reads, writer, background, loop, hub, clock)
    if machine is None:
        machine = recall_policy(reads.meta(MACHINE_POLICY))
    else:
        kept = remember_policy(machine)
        writer.write(lambda s: records.set_meta(s, MACHINE_POLICY, kept))
    lines = Lines(tools, settings=settings, machine=machine, folder=profile.folder, phone=phone, secrets=secrets)
    service = sign_in_service or BrowserSignIn()
    tokens = Tokens(secrets, service, profile.folder)
    login = Login(
        tools,
        lines=lines,
        secrets=secrets,
        make_gateway=make_gateway,
        make_renewing=make_renewing or (lambda url, access: make_gateway(url, access.token() or "")),
        tokens=tokens,
        service=service,
        user=_remembered_user(reads),
        left=bool(reads.meta(reps.LEFT)),
    )
    sign_in = SignIn(
        tools, login=login, lines=lines, tokens=tokens, service=service, secrets=secrets, make_gateway=make_gateway
    )
    matching = Matching(tools, gateway=login.gateway, lines=lines)
    wrapup = Wrapup(tools, zone=login.zone, region=lines.region)
    cards = Cards(tools, login=login)
    calls = Calls(
        tools,
        phone=phone,
        lines=lines,
        matching=matching,
        wrapup=wrapup,
        address=target_uri,
        demo=bool(demo_numbers),
    )
    messages = Messages(
        tools, phone=phone, carrier=MessageCarrier(phone), lines=lines, matching=matching, zone=login.zone
    )
    sync = Sync(tools, login=login, lines=lines)
    lines.when_salesforce_changes(login.start)
    index = Index(tools, login=login, lines=lines)
    hub.subscribe(CardChanged, lambda event: _see(matching, cards.known(event.ref)))
    login.when_signed_out(matching.forget)
    login.when_signed_out(cards.forget_all)
    long_download = functools.partial(download, seconds=_LIST_SECONDS)
    return Desk(
        profile=profile,
        hub=hub,
        loop=loop,
        clock=clock,
        reads=reads,
        lines=lines,
        login=login,
        sign_in=sign_in,
        matching=matching,
        calls=calls,
        messages=messages,
        wrapup=wrapup,
        relation=Relation(tools, login=login, cards=cards, wrapup=wrapup),
        new_people=NewPeople(tools, login=login, lines=lines),
        typed_forms=TypedForms(tools),
        cards=cards,
        index=index,
        sync=sync,
        recovery=Recovery(tools, messages),
        provisioning=Provisioning(lines=lines, background=background, download=download),
        presence=PresenceWatch(phone=phone, lines=lines, hub=hub, address=target_uri),
        directory=Directory(
            tools,
            open_source=lambda wanted, password: open_source(wanted, password, long_download),
            lines=lines,
            secrets=secrets,
        ),
        is_demo=bool(demo_numbers),
        demo_numbers=demo_numbers,
        quit=quit_app,
    )


def _see(matching: Matching, card: Card | None) -> None:
    if card is not None:
        matching.see(card)


def start(desk: Desk, phone: Phone) -> None:
    """Close what a crash left open, then start the engine, the lines and the sign-in, in this order."""
    desk.recovery.run()
    phone.start(PhoneEvents(desk).on_event)
    desk.lines.start()
    desk.login.start()
    desk.directory.start()


class PhoneEvents:
    """Hands each event of the engine to the use case it is for. Main thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_event(self, event: object) -> None:
        """One event of the engine; an unknown one raises TypeError."""
        desk = self._desk
        match event:
            case EngineStarted():
                desk.lines.on_engine(event)
            case EngineLost():
                desk.lines.on_engine(event)
                desk.calls.on_engine_lost()
                desk.presence.on_engine_lost()
            case LineChanged():
                desk.lines.on_line(event)
            case DevicesChanged():
                desk.lines.on_devices(event)
            case SoundLevels():
                desk.lines.on_levels(event)
            case SoundTested():
                desk.lines.on_sound_test(event)
            case PresenceChanged():
                desk.presence.on_changed(event)
            case CallArrived():
                desk.calls.on_arrived(event)
            case CallLeftOver():
                desk.calls.on_left_over(event)
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


def _remembered_user(reads: Reads) -> CrmUser | None:
    text = reads.meta(USER)
    return CrmUser(**json.loads(text)) if text else None
