"""What a rep can do about a refusal."""

from __future__ import annotations

import pytest

from app.domain.advice import Advice, advice_for


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("INSUFFICIENT_ACCESS_OR_READONLY", Advice.PERMISSION),
        ("INVALID_FIELD_FOR_INSERT_UPDATE", Advice.PERMISSION),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", Advice.RULE),
        ("REQUIRED_FIELD_MISSING", Advice.REQUIRED),
        ("INVALID_CROSS_REFERENCE_KEY", Advice.PARENT),
        ("ENTITY_IS_DELETED", Advice.PARENT),
        ("CANNOT_EXECUTE_FLOW_TRIGGER", Advice.AUTOMATION),
        ("hidden", Advice.HIDDEN),
        ("no-object", Advice.PACKAGE),
        ("SOMETHING_NEW", Advice.NONE),
    ],
)
def test_each_refusal_has_its_advice(reason: str, advice: Advice) -> None:
    assert advice_for(reason, failed=True) is advice


def test_what_waits_needs_none() -> None:
    assert advice_for("UNABLE_TO_LOCK_ROW", failed=False) is Advice.WAIT
    assert advice_for("", failed=False) is Advice.WAIT
