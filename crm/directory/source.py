"""Which directory the settings name."""

from __future__ import annotations

from collections.abc import Callable

from app.ports.directory import DirectorySource
from app.settings import DirectorySettings
from crm.directory.carddav import CardDavDirectory
from crm.directory.csv_list import CsvDirectory


def open_source(
    settings: DirectorySettings, password: str, fetch: Callable[[str, int], bytes]
) -> DirectorySource | None:
    """The directory of the settings; None when they name none. ``fetch`` as `app.download.download`."""
    if settings.carddav:
        return CardDavDirectory(settings.carddav, settings.username, password)
    if settings.csv:
        return CsvDirectory(settings.csv, fetch)
    return None
