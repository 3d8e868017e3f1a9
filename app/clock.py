"""SystemClock, and the IANA zone of this computer."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The instant, UTC."""
        return datetime.now(UTC)


def system_zone() -> str:
    """IANA name of the computer's time zone, UTC when it has none to say."""
    import tzlocal

    try:
        return tzlocal.get_localzone_name() or "UTC"
    except (LookupError, ValueError):  # zoneinfo's "no such zone" is a LookupError
        return "UTC"
