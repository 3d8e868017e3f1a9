"""A call's name in Salesforce from a pattern."""

from __future__ import annotations

import pytest

from app.domain.call import Direction, Outcome
from app.domain.call_log import CallLog
from app.domain.subject import LIMIT, person_of, subject_of
from tests.store.build import call


@pytest.mark.parametrize(
    ("pattern", "company", "said"),
    [
        ("", "Acme", "Call to Ana"),
        ("{direction}: {person} ({company})", "Acme", "Outbound: Ana (Acme)"),
        ("{person} – {company}", "", "Ana"),
        ("{company} – {person}", "", "Ana"),
        ("Sales call, {outcome}, {number} on {line}", "", "Sales call, answered, +1 415-555-0101 on main"),
        ("{Person} {nobody}\n 100 %", "", "{Person} {nobody} 100 %"),
        ("{company}", "", "Call to Ana"),
        ("電話：{person}", "", "電話：Ana"),
    ],
)
def test_pattern(pattern: str, company: str, said: str) -> None:
    one = call("c1", direction=Direction.OUT)
    assert subject_of(pattern, one, person="Ana", company=company, line="main") == said


@pytest.mark.parametrize(
    ("number", "name", "said"),
    [
        ("+14155550101", "", "Call to +1 415-555-0101"),
        ("+14155550101", "Reception", "Call to Reception"),
        ("sip:ana@pbx.test", "", "Call to ana@pbx.test"),
        ("1234", "", "Call to 1234"),
        ("", "", "Call to Unknown"),
    ],
)
def test_a_number_nobody_or_everybody_has_is_one_people_can_read(number: str, name: str, said: str) -> None:
    one = call("c1", direction=Direction.OUT, number=number, name=name)
    assert subject_of("", one, person=person_of(CallLog(one))) == said
    assert subject_of("Call to {person}", one, person=person_of(CallLog(one))) == said


def test_it_fits() -> None:
    assert len(subject_of("{person}" * 9, call("c1"), person="x" * 99)) == LIMIT


def test_before_the_end_there_is_no_outcome() -> None:
    assert subject_of("{person} · {outcome}", call("c1", outcome=None), person="Ana") == "Ana"
    assert subject_of("{outcome}", call("c1", outcome=Outcome.MISSED), person="Ana") == "missed"
