"""The rep's local days."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.local_time import local, rep_day

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        ("2026-11-20T07:59:59+00:00", "America/Los_Angeles", "2026-11-19"),
        ("2026-11-20T08:00:00+00:00", "America/Los_Angeles", "2026-11-20"),
        ("2026-03-08T07:59:59+00:00", "America/Los_Angeles", "2026-03-07"),
        ("2026-03-09T06:59:59+00:00", "America/Los_Angeles", "2026-03-08"),  # the day of 23 hours
        ("2026-03-09T07:00:00+00:00", "America/Los_Angeles", "2026-03-09"),
        ("2026-11-02T07:59:59+00:00", "America/Los_Angeles", "2026-11-01"),  # the day of 25 hours
        ("2026-11-02T08:00:00+00:00", "America/Los_Angeles", "2026-11-02"),
        ("2026-10-24T22:00:00+00:00", "Europe/Berlin", "2026-10-25"),
        ("2026-10-25T22:59:59+00:00", "Europe/Berlin", "2026-10-25"),
        ("2026-10-25T23:00:00+00:00", "Europe/Berlin", "2026-10-26"),
        ("2026-01-01T15:00:00+00:00", "Asia/Tokyo", "2026-01-02"),
        ("2026-01-01T10:00:00+00:00", "Pacific/Kiritimati", "2026-01-02"),
        ("2026-01-01T11:59:00+00:00", "Pacific/Niue", "2026-01-01"),
        ("2026-01-01T10:59:00+00:00", "Pacific/Niue", "2025-12-31"),
        ("2026-01-01T18:15:00+00:00", "Asia/Kathmandu", "2026-01-02"),
    ],
)
def test_the_day_is_the_reps(at: str, zone: str, day: str) -> None:
    assert rep_day(datetime.fromisoformat(at), zone) == day


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../etc/passwd", "/etc/passwd", "America", "UTC\0", "x" * 500])
def test_an_unknown_zone_reads_as_utc(zone: str) -> None:
    assert local(AT, zone) == AT
    assert rep_day(AT, zone) == "2026-11-20"
