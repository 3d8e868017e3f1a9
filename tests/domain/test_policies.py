"""May it leave, when is it tried again."""

from __future__ import annotations

import itertools

import pytest

from app.domain.counterpart import Line
from app.domain.phone_number import NumberKind, PhoneNumber, parse
from app.domain.policies import (
    EMERGENCY,
    LONGEST_WAIT,
    SHORTEST_WAIT,
    is_emergency,
    may_dial,
    may_text,
    next_attempt,
)
from app.errors import AppError, ErrorCode

HOME = Line(id="main", uri="sip:riley@carrier.example", region="US", international=False)
ABROAD = Line(id="main", uri="sip:riley@carrier.example", region="US")
ANA = parse("+14155550142", "US")


@pytest.mark.parametrize("digits", sorted(EMERGENCY))
def test_an_emergency_call_passes_every_rule_but_never_leaves_the_demo(digits: str) -> None:
    number = PhoneNumber(digits, NumberKind.SHORT)
    assert is_emergency(number)
    may_dial(number, HOME, demo=False)
    with pytest.raises(AppError, match=ErrorCode.NUMBER_EMERGENCY_DEMO):
        may_dial(number, HOME, demo=True)
    with pytest.raises(AppError, match=ErrorCode.TEXT_EMERGENCY):
        may_text(number, "help")


@pytest.mark.parametrize("typed", ["911", " 911 ", "9-1-1", "9 1 1", "tel:911", "９１１", "911,1"])
def test_an_emergency_number_is_one_however_it_is_typed(typed: str) -> None:
    assert is_emergency(parse(typed, "US"))


@pytest.mark.parametrize("typed", ["+14155550911", "9111", "*911", "sip:911@host", "91", "555"])
def test_what_is_no_emergency(typed: str) -> None:
    try:
        number = parse(typed, "US")
    except AppError:
        return
    assert not is_emergency(number)


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        ("(415) 555-0142", True),
        ("+1 800 555 0199", True),
        ("+1 200 555 0142", True),  # no area code of anywhere, yet not abroad
        ("+1 416 555 0142", False),  # Canada
        ("+1 876 555 0142", False),  # Jamaica
        ("+44 20 7946 0958", False),
        ("+44 111 111 1111", False),  # not assigned, still abroad
        ("+7 111 111 1111", False),
        ("+870 773 111 632", False),  # satellite
        ("*97", True),
        ("1234", True),
        ("sip:bob@host", True),
    ],
)
def test_a_line_without_international_calls_stays_at_home(typed: str, allowed: bool) -> None:
    number = parse(typed, "US")
    may_dial(number, ABROAD, demo=False)
    may_dial(number, ABROAD, demo=True)
    if allowed:
        may_dial(number, HOME, demo=False)
        return
    with pytest.raises(AppError, match=ErrorCode.NUMBER_NOT_ALLOWED) as caught:
        may_dial(number, HOME, demo=False)
    assert caught.value.values == {"line": "main"}


def test_texts_must_say_something_and_fit_a_packet() -> None:
    may_text(ANA, "x" * 3_000)
    may_text(ANA, "日" * 1_000)
    for empty in ("", "  \n\t", "\u3000"):
        with pytest.raises(AppError, match=ErrorCode.TEXT_EMPTY):
            may_text(ANA, empty)
    with pytest.raises(AppError, match=ErrorCode.TEXT_TOO_LONG) as caught:
        may_text(ANA, "日" * 1_001)
    assert caught.value.values == {"bytes": 3_003, "most": 3_000}


def test_half_a_character_is_no_traceback() -> None:
    may_text(ANA, "half \ud83d")
    with pytest.raises(AppError, match=ErrorCode.TEXT_TOO_LONG):
        may_text(ANA, "\ud83d" * 3_000)


def wait(tries: int, code: ErrorCode = ErrorCode.CRM_OFFLINE, after: float | None = None, chance: float = 0.5) -> float:
    """The pause; the write must not be given up."""
    seconds = next_attempt(tries, code, after, chance).seconds
    assert seconds is not None
    return seconds


def test_pauses_grow_to_a_quarter_of_an_hour_and_no_further() -> None:
    waits = [wait(tries) for tries in range(60)]
    assert waits[:4] == [2.0, 4.0, 8.0, 16.0]
    assert all(now <= later for now, later in itertools.pairwise(waits))
    assert waits[-1] == LONGEST_WAIT / 2
    assert wait(10**9, chance=1.0) == LONGEST_WAIT


@pytest.mark.parametrize("tries", range(12))
def test_the_jitter_is_the_whole_pause(tries: int) -> None:
    longest = wait(tries, chance=1.0)
    assert wait(tries, chance=0.0) == SHORTEST_WAIT
    for _ in range(50):
        seconds = next_attempt(tries, ErrorCode.CRM_BUSY, None).seconds
        assert seconds is not None
        assert SHORTEST_WAIT <= seconds <= longest


def test_the_servers_wish_is_honoured_but_never_shortens_the_pause() -> None:
    assert wait(0, after=120.0, chance=0.0) == 120.0
    assert wait(0, after=120.0, chance=1.0) == pytest.approx(132.0)
    assert wait(5, after=1.0) == wait(5)
    assert wait(0, after=0.0) == wait(0)
    assert wait(0, after=-5.0) == wait(0)


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_used_up_allowance_waits_a_quarter_to_a_whole_hour_from_the_first_try(chance: float) -> None:
    assert 900.0 <= wait(0, ErrorCode.CRM_LIMIT, chance=chance) <= 3600.0
    assert wait(0, ErrorCode.CRM_LIMIT, after=7_200.0, chance=chance) >= 7_200.0


def test_an_org_without_the_package_is_asked_hourly() -> None:
    assert 3600.0 <= wait(9, ErrorCode.CRM_PACKAGE_MISSING) <= 5400.0


@pytest.mark.parametrize("code", ErrorCode)
def test_only_what_salesforce_refuses_for_good_waits_for_the_rep(code: ErrorCode) -> None:
    given_up = code in {ErrorCode.CRM_REFUSED, ErrorCode.CRM_NOT_FOUND}
    assert (next_attempt(3, code, 10.0).seconds is None) is given_up
