"""The org's daily requests are shared by everybody: what may go out, how far apart, and how long all rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.errors import AppError, ErrorCode
from app.usecases.budget import BELIEVED, Allowance, Budget
from app.usecases.pauses import MOST, Pauses

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at_share(percent: int) -> Allowance:
    budget = Budget()
    budget.note((percent, 100), 1, NOON)
    return budget.allowance(NOON)


def test_what_may_go_out_shrinks_with_what_is_left() -> None:
    assert Budget().allowance(NOON) is Allowance.ALL
    assert [at_share(percent) for percent in (0, 79, 80, 94, 95, 100)] == [
        *(Allowance.ALL, Allowance.ALL),
        *(Allowance.WRITES, Allowance.WRITES),
        *(Allowance.CALLS, Allowance.CALLS),
    ]


def test_an_old_figure_is_not_believed() -> None:
    budget = Budget()
    budget.note((99, 100), 1, NOON)
    assert budget.allowance(NOON + BELIEVED) is Allowance.CALLS
    assert budget.allowance(NOON + BELIEVED + timedelta(seconds=1)) is Allowance.ALL
    budget.note((99, 100), 1, NOON + timedelta(hours=1))
    assert budget.allowance(NOON + timedelta(hours=1)) is Allowance.ALL, "nothing was asked, so nothing was told"


def test_the_rep_may_try_at_any_time() -> None:
    budget = Budget()
    budget.note((99, 100), 1, NOON)
    budget.waived()
    assert budget.allowance(NOON) is Allowance.ALL
    budget.note((99, 100), 2, NOON)
    assert budget.allowance(NOON) is Allowance.CALLS


def test_the_days_requests_are_counted_over_restarts_and_sign_ins() -> None:
    budget = Budget()
    budget.note(None, 5, NOON)
    budget.note(None, 8, NOON)
    budget.note(None, 2, NOON)  # another gateway
    assert budget.today == 10
    again = Budget(budget.stored)
    again.note(None, 3, NOON)
    assert again.today == 13
    again.note(None, 4, NOON + timedelta(days=1))
    assert again.today == 1
    assert Budget("nonsense").today == 0


def test_rounds_are_further_apart_the_more_was_asked() -> None:
    paces = []
    for asked in (0, 99, 100, 200, 300, 5000):
        budget = Budget()
        budget.note(None, asked, NOON)
        paces.append(budget.pace())
    assert paces == [300.0, 300.0, 600.0, 900.0, 1800.0, 1800.0]


def offline(reason: str) -> AppError:
    return AppError(ErrorCode.CRM_OFFLINE, reason=reason)


def test_a_rest_ends_with_a_sign_in_but_a_used_up_allowance_only_by_time_or_by_the_rep() -> None:
    pauses = Pauses("")
    pauses.failed(offline("connection"), NOON)
    assert pauses.is_resting(NOON)
    assert pauses.stored == ""
    pauses.signed_in()
    assert not pauses.is_resting(NOON)
    pauses.failed(AppError(ErrorCode.CRM_LIMIT), NOON)
    pauses.signed_in()
    assert pauses.is_resting(NOON + timedelta(minutes=14))
    again = Pauses(pauses.stored)
    assert (again.until, again.why) == (pauses.until, ErrorCode.CRM_LIMIT)
    assert not again.is_resting(NOON + timedelta(minutes=61))
    again.waived()
    assert not again.is_resting(NOON)


def test_a_request_salesforce_cannot_digest_is_halved_and_a_lost_network_is_not_to_blame() -> None:
    pauses = Pauses("")
    pauses.failed(offline("timeout"), NOON)
    assert pauses.size == MOST
    for _ in range(20):
        pauses.failed(offline("UNKNOWN_EXCEPTION"), NOON)
    assert pauses.size == 1
    pauses.succeeded()
    assert pauses.size == 2
    for _ in range(20):
        pauses.succeeded()
    assert pauses.size == MOST


def test_the_distance_and_the_rest_both_count() -> None:
    pauses = Pauses("")
    assert pauses.earliest(NOON, 60) == NOON
    pauses.last = NOON - timedelta(seconds=10)
    assert pauses.earliest(NOON, 60) == NOON + timedelta(seconds=50)
    pauses.until = NOON + timedelta(hours=1)
    assert pauses.earliest(NOON, 60) == NOON + timedelta(hours=1)


def test_salesforces_wish_to_wait_is_honoured() -> None:
    pauses = Pauses("")
    pauses.failed(AppError(ErrorCode.CRM_OFFLINE, reason="http-503", retry_after=300), NOON)
    assert pauses.is_resting(NOON + timedelta(seconds=299))
