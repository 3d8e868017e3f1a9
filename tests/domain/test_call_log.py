"""Subjects and people of calls."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import CallLog, default_subject
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


def test_several_people_are_ambiguous_until_one_is_chosen() -> None:
    ana = CrmRecord(RecordRef("Contact", "003000000000001AAA"), "Ana")
    mia = CrmRecord(RecordRef("Lead", "00Q000000000001AAA"), "Mia")
    both = Match((ana, mia))
    assert both.is_ambiguous
    assert not replace(both, chosen=mia).is_ambiguous
    assert not Match((ana,)).is_ambiguous
    assert not Match().is_ambiguous
