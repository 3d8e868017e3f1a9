"""A call's name in Salesforce from a pattern."""

from __future__ import annotations

import pytest

from app.domain.call import Direction, Outcome
from app.domain.subject import LIMIT, subject_of
from tests.store.build import call


@pytest.mark.parametrize(
    ("pattern", "company", "said"),
    [
        ("", "Acme", "Call to Ana"),
        ("{direction}: {person} ({company})", "Acme", "Outbound: Ana (Acme)"),
        ("{person} – {company}", "", "Ana"),
        ("{company} – {person}", "", "Ana"),
        ("Sales call, {outcome}, {number} on {line}", "", "Sales call, answered, +14155550101 on main"),
        ("{Person} {nobody}\n 100 %", "", "{Person} {nobody} 100 %"),
        ("{company}", "", "Call to Ana"),
        ("電話：{person}", "", "電話：Ana"),
    ],
)
def test_pattern(pattern: str, company: str, said: str) -> None:
    one = call("c1", direction=Direction.OUT)
    assert subject_of(pattern, one, person="Ana", company=company, line="main") == said


def test_it_fits() -> None:
    assert len(subject_of("{person}" * 9, call("c1"), person="x" * 99)) == LIMIT


def test_before_the_end_there_is_no_outcome() -> None:
    assert subject_of("{person} · {outcome}", call("c1", outcome=None), person="Ana") == "Ana"
    assert subject_of("{outcome}", call("c1", outcome=Outcome.MISSED), person="Ana") == "missed"
