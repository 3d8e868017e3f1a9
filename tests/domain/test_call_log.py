"""Subjects and local days."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import CallLog, default_subject, local, rep_day
from app.domain.counterpart import CrmRecord, Match, RecordRef

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def test_a_log_and_its_call_share_the_id() -> None:
    assert CallLog(Call("c7", "main", Direction.OUT, "+14155550142", "", CallState.ENDED, AT)).id == "c7"


@pytest.mark.parametrize(("direction", "outcome"), list(itertools.product(Direction, (*Outcome, None))))
def test_every_subject_fits_and_names_the_person(direction: Direction, outcome: Outcome | None) -> None:
    subject = default_subject(direction, outcome, "Ana Flores")
    assert subject.endswith(
        ("call to Ana Flores", "Call to Ana Flores", "call from Ana Flores", "Call from Ana Flores")
    )
    assert (" to " in subject) is (direction is Direction.OUT)
    assert len(default_subject(direction, outcome, "ü" * 400)) == 255


@pytest.mark.parametrize(
    ("direction", "outcome", "subject"),
    [
        (Direction.OUT, Outcome.ANSWERED, "Call to Ana"),
        (Direction.OUT, None, "Call to Ana"),
        (Direction.OUT, Outcome.BUSY, "Busy: call to Ana"),
        (Direction.OUT, Outcome.CANCELLED, "Unanswered call to Ana"),
        (Direction.OUT, Outcome.FAILED, "Unanswered call to Ana"),
        (Direction.IN, Outcome.ANSWERED, "Call from Ana"),
        (Direction.IN, Outcome.MISSED, "Missed call from Ana"),
        (Direction.IN, Outcome.DECLINED, "Declined call from Ana"),
        (Direction.IN, None, "Call from Ana"),
    ],
)
def test_subjects(direction: Direction, outcome: Outcome | None, subject: str) -> None:
    assert default_subject(direction, outcome, "Ana") == subject


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


def test_several_people_are_ambiguous_until_one_is_chosen() -> None:
    ana = CrmRecord(RecordRef("Contact", "003000000000001AAA"), "Ana")
    mia = CrmRecord(RecordRef("Lead", "00Q000000000001AAA"), "Mia")
    both = Match((ana, mia))
    assert both.is_ambiguous
    assert not replace(both, chosen=mia).is_ambiguous
    assert not Match((ana,)).is_ambiguous
    assert not Match().is_ambiguous
