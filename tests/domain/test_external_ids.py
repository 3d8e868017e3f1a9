"""Keys: one for every record, the same for ever, and no longer than their field."""

from __future__ import annotations

import itertools

import pytest

from app.domain.external_ids import LIMIT, call_key, call_key_again, day_key, follow_up_key, owner

USER = "005000000000001AAA"
LONG = "z" * 300


def test_keys_as_salesforce_shows_them() -> None:
    assert call_key(USER, "x@y") == f"{USER}|x@y"
    assert day_key(USER, "sip:Bob@Example.COM", "2026-11-20", 2) == f"{USER}|sip:bob@example.com|2026-11-20|2"
    assert follow_up_key(USER, "f1") == f"{USER}|followup|f1"
    assert call_key_again(f"{USER}|x@y") == f"{USER}|x@y|again-2"
    assert call_key_again(f"{USER}|x@y|again-2") == f"{USER}|x@y|again-3"


def test_the_longest_that_has_room_stays_legible() -> None:
    room = LIMIT - len(f"{USER}|")
    assert call_key(USER, "z" * room) == f"{USER}|{'z' * room}"
    assert "zz" not in call_key(USER, "z" * (room + 1))


def test_keys_without_room_fit_and_stay_apart() -> None:
    number = f"sip:{LONG}@x.test"
    keys = [
        call_key(USER, LONG),
        call_key(USER, f"{LONG}z"),
        call_key("005000000000002AAA", LONG),
        call_key_again(call_key(USER, "y" * (LIMIT - len(f"{USER}|")))),
        call_key_again(call_key(USER, LONG)),
        day_key(USER, number, "2026-11-20", 1),
        day_key(USER, number, "2026-11-20", 2),
        day_key(USER, number, "2026-11-21", 1),
        day_key(USER, f"sips:{LONG}@x.test", "2026-11-20", 1),
    ]
    assert all(len(key) <= LIMIT for key in keys)
    assert all(one != other for one, other in itertools.combinations(keys, 2))
    assert day_key(USER, number.upper(), "2026-11-20", 1) == day_key(USER, number, "2026-11-20", 1)


@pytest.mark.parametrize("rest", ["x@y", "a|b|c", "", LONG])
def test_whose_a_key_is_can_be_told(rest: str) -> None:
    assert owner(call_key(USER, rest)) == owner(call_key_again(call_key(USER, rest))) == USER
