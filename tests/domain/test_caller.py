"""Who calls, from the From of an INVITE: anybody may have written it."""

from __future__ import annotations

import random

import pytest

from app.domain.phone_number import (
    NumberKind,
    PhoneNumber,
    country,
    formatted,
    from_caller,
    from_key,
    national_digits,
    parse,
)

ANA = "+14155550142"


@pytest.mark.parametrize(
    ("user", "host", "expected"),
    [
        ("+14155550142", "carrier.example", PhoneNumber(ANA, NumberKind.E164)),
        ("4155550142", "carrier.example", PhoneNumber(ANA, NumberKind.E164)),
        ("14155550142;phone-context=+1", "carrier.example", PhoneNumber(ANA, NumberKind.E164)),
        ("415-555-0142", "h", PhoneNumber(ANA, NumberKind.E164)),
        ("12", "pbx", PhoneNumber("12", NumberKind.SHORT)),
        ("2001", "pbx", PhoneNumber("2001", NumberKind.SHORT)),
        ("1000001", "pbx", PhoneNumber("1000001", NumberKind.SHORT)),
        ("bob", "Example.COM", PhoneNumber("sip:bob@example.com", NumberKind.SIP)),
        ("bob", "2001:db8::1", PhoneNumber("sip:bob@[2001:db8::1]", NumberKind.SIP)),
        ("bob", "[::1]", PhoneNumber("sip:bob@[::1]", NumberKind.SIP)),
        ("bob", "", PhoneNumber("sip:bob@invalid", NumberKind.SIP)),
        ("日本", "h", PhoneNumber("sip:__@h", NumberKind.SIP)),
        # A plus and digits no country has: stays an address, so that nothing takes it for E.164.
        ("+12", "h", PhoneNumber("sip:+12@h", NumberKind.SIP)),
        ("+999999999999", "h", PhoneNumber("sip:+999999999999@h", NumberKind.SIP)),
        ("+911", "h", PhoneNumber("sip:+911@h", NumberKind.SIP)),
        ("()", "h", PhoneNumber("sip:()@h", NumberKind.SIP)),
        ("a b\r\nEvil: x", "h", PhoneNumber("sip:a_b__Evil__x@h", NumberKind.SIP)),
        ("bob", "evil\r\nX: y", PhoneNumber("sip:bob@evil--x--y", NumberKind.SIP)),
    ],
)
def test_who_calls(user: str, host: str, expected: PhoneNumber) -> None:
    assert from_caller(user, host, "US") == expected


@pytest.mark.parametrize("user", ["", "anonymous", "Anonymous", "UNKNOWN", "restricted", "unavailable"])
def test_a_withheld_caller_is_nobody(user: str) -> None:
    assert from_caller(user, "anonymous.invalid", "US") is None


@pytest.mark.parametrize("seed", range(20))
def test_no_caller_can_make_a_key_that_breaks_the_app(seed: int) -> None:
    dice = random.Random(seed)
    alphabet = "0123456789+().-;:@<>\"'%&,*#ab \r\n\0\x1b[]\u202e日😀\ud800"
    for _ in range(200):
        user = "".join(dice.choices(alphabet, k=dice.randint(1, 20))) * dice.choice([1, 1, 500])
        host = "".join(dice.choices(alphabet, k=dice.randint(0, 20))) * dice.choice([1, 1, 500])
        number = from_caller(user, host, "US")
        assert number is not None
        assert number.value
        assert number.value.isascii()
        assert number.value.isprintable()
        assert len(number.value) <= 256
        again = from_key(number.value)
        assert again == number
        assert formatted(again, "US").isprintable()
        assert national_digits(again) is not None
        assert isinstance(country(again), str)
        if number.kind is not NumberKind.SHORT:
            assert parse(number.value, "US").value == number.value
