"""Directory: the company's own list of colleagues, read once a day into the people kept here."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from app.background import Lane
from app.domain.events import DirectoryChanged, MatchChanged
from app.errors import AppError
from app.log import logger
from app.ports.directory import DirectorySource
from app.ports.system import SecretStore
from app.secret_names import DIRECTORY_SECRET
from app.settings import DirectorySettings
from app.store import records
from app.store.colleagues import replace_colleagues
from app.store.database import Session
from app.store.people_write import Prepared
from app.usecases.lines import Lines
from app.usecases.loading import prepare_gently
from app.usecases.tools import Tools

log = logger("directory")
EVERY = timedelta(hours=24)
_CHECK = 3600.0  # seconds between looks at the clock
_FIRST = 20.0  # seconds after the start: a morning's first calls come before the list of colleagues
_READ_AT, _READ_FROM = "directory.at", "directory.from"


class Directory:
    """Main thread. Without a directory in the settings it does nothing, and forgets what an earlier one gave."""

    def __init__(
        self,
        tools: Tools,
        *,
        open_source: Callable[[DirectorySettings, str], DirectorySource | None],
        lines: Lines,
        secrets: SecretStore,
    ) -> None:
        """``open_source(settings, password)`` gives the directory the settings name, None for none."""
        self.problem: AppError | None = None
        """Why the last reading failed, None when it did not."""
        self._reads = tools.reads
        self._writer = tools.writer
        self._background = tools.background
        self._loop = tools.loop
        self._hub = tools.hub
        self._clock = tools.clock
        self._open_source = open_source
        self._lines = lines
        self._secrets = secrets
        self._reading = False

    def start(self) -> None:
        """Read soon when that was last done a day ago, and look again every hour."""
        # Jitter: a thousand reps must not all ask one server in the same second.
        self._loop.later(_FIRST * (1 + random.random()), self._check)

    def read_at(self) -> datetime | None:
        """When the directory was last read; None when never."""
        text = self._reads.meta(_READ_AT)
        return datetime.fromisoformat(text) if text else None

    def refresh(self) -> None:
        """Read it now. `DirectoryChanged` tells the end, well or not."""
        if self._reading:
            return
        self._reading = True
        settings, region = self._lines.settings.directory, self._lines.region()

        def read() -> list[Prepared]:
            source = self._open_source(settings, self._secrets.get(DIRECTORY_SECRET) or "")
            return prepare_gently(source.read(), region) if source is not None else []

        self._background.run(Lane.WORKER, read, lambda people: self._keep(people, settings.place), self._failed)

    def _check(self) -> None:
        place, known, at = self._lines.settings.directory.place, self._reads.meta(_READ_FROM), self.read_at()
        is_old = at is None or self._clock.now() - at >= EVERY
        if place != known or (place and is_old):
            self.refresh()
        self._loop.later(_CHECK, self._check)

    def _keep(self, people: list[Prepared], place: str) -> None:
        now = self._clock.now()

        def store(s: Session) -> None:
            replace_colleagues(s, people)
            records.set_meta(s, _READ_AT, now.isoformat())
            records.set_meta(s, _READ_FROM, place)

        self._writer.write(store, lambda _: self._kept(len(people)), self._failed)

    def _kept(self, count: int) -> None:
        self._reading = False
        self.problem = None
        log.info("directory read: %d people", count)
        self._hub.publish(DirectoryChanged())
        self._hub.publish(MatchChanged(""))

    def _failed(self, error: AppError) -> None:
        self._reading = False
        self.problem = error
        log.warning("directory not read: %s", error.code.value)
        self._hub.publish(DirectoryChanged())
