"""A whole desk on a real store; the phone and the screen are played, and each kind of test brings its Salesforce."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import wiring
from app.background import Background
from app.desk import Desk
from app.domain.call import CallState
from app.domain.counterpart import Line, LineState
from app.domain.events import Troubled
from app.errors import AppError
from app.hub import Hub
from app.machine_policy import MachinePolicy
from app.paths import Profile
from app.ports.crm import CrmGateway
from app.ports.system import SecretStore
from app.settings import Settings
from app.store.database import Database
from tests.fakes import FakePhone, FixedClock
from tests.loop import TestLoop

KEY = "ab" * 32
LINE = Line(id="main", uri="sip:riley@carrier.example", number="+14155550100")


class DeskWorld:
    """One profile. Subclasses start the app on it with `start`, as often as they like."""

    loop: TestLoop
    phone: FakePhone
    hub: Hub
    background: Background
    database: Database
    desk: Desk

    def __init__(self, folder: Path) -> None:
        self.profile = Profile(folder)
        self.profile.prepare()
        self.clock = FixedClock()
        self.told: list[str] = []
        self.troubles: list[AppError] = []
        self.bugs: list[BaseException] = []

    def start(
        self, settings: Settings, secrets: SecretStore, make_gateway: Callable[[str, str], CrmGateway], **more: Any
    ) -> None:
        """Start the app on the profile (again) and wait for its line. ``more`` is for `wire`."""
        self.loop = TestLoop()
        self.phone = FakePhone(self.clock, self.loop.post)
        self.hub = Hub()
        self.told, self.troubles, self.bugs = [], [], []
        self.hub.subscribe(Troubled, lambda event: self.told.append(event.code))
        self.background = Background(self.loop, self.troubles.append, self.bugs.append)
        self.database = Database.open(self.profile.database, KEY)
        self.desk = wiring.wire(
            profile=self.profile,
            settings=settings,
            machine=MachinePolicy(),
            database=self.database,
            secrets=secrets,
            phone=self.phone,
            make_gateway=make_gateway,
            background=self.background,
            loop=self.loop,
            hub=self.hub,
            clock=self.clock,
            demo_numbers=(),
            quit_app=lambda: None,
            **more,
        )
        wiring.start(self.desk, self.phone)
        self.until(lambda: self.line_is(LineState.REGISTERED))

    def line_is(self, state: LineState) -> bool:
        """Is the only line in this state?"""
        return self.desk.lines.all()[0].state is state

    def until(self, is_so: Callable[[], object]) -> None:
        """Run the main thread until it is so."""
        self.loop.until(lambda: self.bugs or is_so())
        assert not self.bugs, self.bugs

    def short_call(self, number: str = "+14155550142") -> str:
        """A call that comes in, is answered and ends; its id once that is stored."""
        call_id = self.phone.call_in(number)
        self.until(self.desk.calls.live)
        self.desk.calls.answer(call_id)
        self.until(lambda: self.desk.calls.only().state is CallState.ACTIVE)
        self.phone.far_ends(call_id)
        self.until(lambda: (log := self.desk.reads.call_log(call_id)) and log.call.state is CallState.ENDED)
        return call_id
