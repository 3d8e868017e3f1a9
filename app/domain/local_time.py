"""The rep's local time: an instant or a day in a zone of the IANA database. An unknown zone reads as UTC."""

from __future__ import annotations

from datetime import datetime, tzinfo


def zone_of(name: str) -> tzinfo:
    """The zone of this name."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a name that is a folder of the zone files
        return ZoneInfo("UTC")


def local(at: datetime, zone: str) -> datetime:
    """An instant in the rep's zone."""
    return at.astimezone(zone_of(zone))


def rep_day(at: datetime, zone: str) -> str:
    """The rep's local date of an instant, ISO 8601."""
    return local(at, zone).date().isoformat()
