"""Provisioning by link: fetched only from a host the admin listed, shown before it changes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from app.background import Background, Lane
from app.errors import AppError, Detail, ErrorCode
from app.machine_policy import tighten
from app.settings import Settings, plain_names
from app.settings_file import Provisioned, parse_provisioning
from app.usecases.lines import Lines


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that would change. ``before`` and ``after`` are plain words; secrets are only said to be there."""

    where: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link brings; nothing is changed until it is accepted."""

    host: str
    provisioned: Provisioned
    changes: tuple[Change, ...]


class Provisioning:
    """Main thread."""

    def __init__(self, *, lines: Lines, background: Background, download: Callable[[str], bytes]) -> None:
        self._lines = lines
        self._background = background
        self._download = download

    def fetch(self, url: str, then: Callable[[Offer], None], failed: Callable[[AppError], None]) -> None:
        """Read the settings at ``url``. Raises AppError LINK_NOT_ALLOWED before anything is fetched."""
        from urllib.parse import urlsplit

        if not self._lines.machine.allows_provisioning(url):
            raise AppError(ErrorCode.LINK_NOT_ALLOWED, host=urlsplit(url).hostname or "?")
        host, current = urlsplit(url).hostname or "", self._lines.settings

        def read() -> Offer:
            try:
                text = self._download(url).decode("utf-8")
            except UnicodeDecodeError as error:
                raise AppError(ErrorCode.FILE_UNREADABLE, path=host, detail=Detail.NOT_TEXT) from error
            found = parse_provisioning(text, host, current)
            _refuse_files(current, found.settings, host)
            # A link may make the rules stricter, never looser.
            policy = tighten(current.policy, found.settings.policy)
            safe = replace(found, settings=replace(found.settings, policy=policy))
            return Offer(host, safe, changes(current, safe))

        self._background.run(Lane.WORKER, read, then, failed)

    def accept(self, offer: Offer, then: Callable[[], None], failed: Callable[[AppError], None]) -> None:
        """The rep agreed. Fails as `Lines.provision`."""
        self._lines.provision(offer.provisioned, then, failed)


def _refuse_files(before: Settings, after: Settings, host: str) -> None:
    """A link names no file here: reading one may hand a password to a share. Raises FILE_UNREADABLE."""
    files = {line.ca_file for line in before.line} | {"", before.directory.csv}
    named = [("ca_file", line.ca_file) for line in after.line]
    if not after.directory.csv.lower().startswith("https://"):
        named.append(("csv", after.directory.csv))
    if fresh := next((name for name, file in named if file not in files), ""):
        raise AppError(ErrorCode.FILE_UNREADABLE, path=host, detail=Detail.NO_FILE_BY_LINK, where=fresh)


def changes(before: Settings, after: Provisioned) -> tuple[Change, ...]:
    """Every difference, for a person to read."""
    found: list[Change] = []
    old_lines = {line.id: asdict(line) for line in before.line}
    for line in after.settings.line:
        old = old_lines.get(line.id, {})
        for name, value in asdict(line).items():
            if old.get(name) != value and (value or old.get(name)):
                found.append(Change(f"line {line.id}", name, _words(old.get(name)), _words(value)))
    for table in ("salesforce", "policy", "audio", "directory"):
        old, new = asdict(getattr(before, table)), asdict(getattr(after.settings, table))
        found.extend(
            Change(table, name, _words(old[name]), _words(value)) for name, value in new.items() if old[name] != value
        )
    for name in plain_names():
        was, becomes = getattr(before, name), getattr(after.settings, name)
        if was != becomes:
            found.append(Change("settings", name, _words(was), _words(becomes)))
    found.extend(Change(name.replace(":", " "), "secret", "", "••••") for name in after.secrets)
    return tuple(found)


def _words(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
