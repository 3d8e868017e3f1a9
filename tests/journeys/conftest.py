"""A whole desk on a real encrypted store, with fake edges and no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.background import Background
from app.desk import Desk
from app.domain.counterpart import CrmRecord, Line, LineState, RecordRef
from app.errors import AppError
from app.hub import Hub
from app.machine_policy import MachinePolicy
from app.paths import Profile
from app.ports.crm import CrmGateway
from app.secret_names import TOKEN_SECRET
from app.secret_store import MemorySecrets
from app.settings import SalesforceSettings, Settings
from app.store.database import Database
from app.usecases.login import CrmState
from app.wiring import start, wire
from tests.fakes import FakeCrm, FakePhone, FixedClock
from tests.loop import TestLoop

KEY = "ab" * 32
ANA = CrmRecord(
    RecordRef("Contact", "003000000000001AAA"),
    "Ana Flores",
    company="Acme",
    account_id="001000000000001AAA",
    phones=(("Phone", "(415) 555-0142"),),
)


class World:
    """One desk and its far side."""

    def __init__(self, folder: Path) -> None:
        self.profile = Profile(folder)
        self.profile.prepare()
        self.clock = FixedClock()
        self.crm = FakeCrm(people=[ANA])
        self.open()

    def open(self) -> None:
        """Start the app on the profile (again)."""
        self.loop = TestLoop()
        self.phone = FakePhone(self.clock, self.loop.post)
        self.hub = Hub()
        self.troubles: list[AppError] = []
        self.bugs: list[BaseException] = []
        self.background = Background(self.loop, self.troubles.append, self.bugs.append)
        self.database = Database.open(self.profile.database, KEY)
        self.secrets = MemorySecrets()
        self.secrets.set(TOKEN_SECRET, "token")
        crm = self.crm
        make: Callable[[str, str], CrmGateway] = lambda url, token: crm  # noqa: E731
        self.desk: Desk = wire(
            profile=self.profile,
            settings=Settings(
                line=(Line(id="main", uri="sip:riley@carrier.example", number="+14155550100"),),
                salesforce=SalesforceSettings(instance_url="https://example.my.salesforce.com"),
            ),
            machine=MachinePolicy(),
            database=self.database,
            secrets=self.secrets,
            phone=self.phone,
            make_gateway=make,
            background=self.background,
            loop=self.loop,
            hub=self.hub,
            clock=self.clock,
            demo_numbers=(),
            quit_app=lambda: None,
        )
        start(self.desk, self.phone)
        self.until(lambda: self.line_is(LineState.REGISTERED))

    def line_is(self, state: LineState) -> bool:
        """Is the only line in this state?"""
        return self.desk.lines.all()[0].state is state

    def until(self, is_so: Callable[[], object]) -> None:
        """Run the main thread until it is so."""
        self.loop.until(lambda: self.bugs or is_so())
        assert not self.bugs, self.bugs

    def signed_in(self) -> None:
        """Run until Salesforce has answered."""
        self.until(lambda: self.desk.login.status.state is CrmState.SIGNED_IN)

    def pushed(self) -> None:
        """Push everything and run until nothing waits."""
        done: list[bool] = []
        self.desk.sync.push(lambda: done.append(True))
        self.until(lambda: done and self.desk.reads.outbox_count().waiting == 0)

    def crash(self) -> None:
        """Leave everything as a SIGKILL would: nothing is closed in order, what is queued for the store is gone."""
        self.background.close()
        self.database.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fresh desk; closed at the end, and nothing unexpected may have happened."""
    world = World(tmp_path / "profile")
    yield world
    world.background.close()
    world.database.close()
    assert not world.bugs
