"""A whole desk on a real encrypted store, with fake edges and no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.counterpart import CrmRecord, RecordRef
from app.secret_names import TOKEN_SECRET
from app.secret_store import MemorySecrets
from app.settings import SalesforceSettings, Settings
from app.usecases.login import CrmState
from tests.fakes import FakeCrm
from tests.world import LINE, DeskWorld

ANA = CrmRecord(
    RecordRef("Contact", "003000000000001AAA"),
    "Ana Flores",
    company="Acme",
    account_id="001000000000001AAA",
    phones=(("Phone", "(415) 555-0142"),),
)


class World(DeskWorld):
    """One desk and its far side."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.crm = FakeCrm(people=[ANA])
        self.open()

    def open(self) -> None:
        """Start the app on the profile (again)."""
        crm = self.crm
        self.secrets = MemorySecrets()
        self.secrets.set(TOKEN_SECRET, "token")
        salesforce = SalesforceSettings(instance_url="https://example.my.salesforce.com")
        self.start(Settings(line=(LINE,), salesforce=salesforce), self.secrets, lambda url, token: crm)

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
