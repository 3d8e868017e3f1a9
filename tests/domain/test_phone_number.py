"""Numbers as people and systems write them, and what is no number."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from app.domain.phone_number import (
    NumberKind,
    PhoneNumber,
    country,
    formatted,
    from_key,
    is_abroad,
    national_digits,
    parse,
    same_number,
)
from app.errors import AppError, ErrorCode

ANA = "+14155550142"


def refusal(text: str, region: str = "US") -> ErrorCode:
    """Why the text is refused; the sentence shown never carries a control character."""
    with pytest.raises(AppError) as caught:
        parse(text, region)
    typed = str(caught.value.values.get("typed", ""))
    assert typed.isprintable()
    assert len(typed) <= 40
    return caught.value.code


@pytest.mark.parametrize(
    "typed",
    [
        "4155550142",
        "14155550142",
        "+14155550142",
        "+1 415 555 0142",
        "+1 (415) 555-0142",
        "(415) 555-0142",
        "415-555-0142",
        "415.555.0142",
        "415/555/0142",
        "1-415-555-0142",
        "011 1 415 555 0142",
        "  415 555 0142\n",
        "415\u00a0555\u00a00142",
        "415\u2011555\u20110142",  # non-breaking hyphens, as web pages have them
        "415\u2013555\u20130142",
        "415\u2212555\u22120142",
        "\u202a+1 415 555 0142\u202c",  # copied from an address book
        "\u200e+1 415 555 0142\u200f",
        "\ufeff415 555 0142",
        "４１５５５５０１４２",
        "（４１５）５５５－０１４２",
        "＋１\u3000４１５\u3000５５５\u3000０１４２",
        "tel:+14155550142",
        "TEL:+1-415-555-0142",
        "callto:+14155550142",
        "sms:+14155550142",
    ],
)
def test_every_form_of_a_number_is_the_same_number(typed: str) -> None:
    assert parse(typed, "US") == PhoneNumber(ANA, NumberKind.E164)


@pytest.mark.parametrize(
    ("typed", "region", "value"),
    [
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "US", "+442079460958"),
        ("0049 30 123456", "GB", "+4930123456"),
        ("030 123456", "DE", "+4930123456"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+39 06 1234 5678", "US", "+390612345678"),  # Italy keeps its zero
        ("03-1234-5678", "JP", "+81312345678"),
        ("０３ー１２３４ー５６７８", "JP", "+81312345678"),
        ("０３－１２３４－５６７８", "JP", "+81312345678"),
        ("（０３）１２３４−５６７８", "JP", "+81312345678"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("0120-123-456", "JP", "+81120123456"),
        ("010 1 415 555 0142", "JP", ANA),
        ("+81 90 1234 5678", "US", "+819012345678"),
        ("+800 1234 5678", "US", "+80012345678"),
        ("+870 773 111 632", "US", "+870773111632"),
    ],
)
def test_national_and_international_forms(typed: str, region: str, value: str) -> None:
    assert parse(typed, region) == PhoneNumber(value, NumberKind.E164)


@pytest.mark.parametrize(
    ("typed", "extension"),
    [
        ("+14155550142;ext=12", "12"),
        ("tel:415-555-0142;ext=12", "12"),
        ("415-555-0142x12", "12"),
        ("415-555-0142 x 12", "12"),
        ("415-555-0142 X12", "12"),
        ("415-555-0142 ext 12", "12"),
        ("415-555-0142 ext. 12", "12"),
        ("415-555-0142 Extension 12", "12"),
        ("415-555-0142,12", "12"),
        ("415-555-0142,,12,3#", ",12,3#"),
        ("415-555-0142 , 12", "12"),
        ("４１５５５５０１４２，１２", "12"),
    ],
)
def test_extensions(typed: str, extension: str) -> None:
    assert parse(typed, "US") == PhoneNumber(ANA, NumberKind.E164, extension)


@pytest.mark.parametrize(
    ("typed", "value", "extension"),
    [
        ("*97", "*97", ""),
        ("*31#", "*31#", ""),
        ("#31#4155550142", "#31#4155550142", ""),
        ("＊９７", "*97", ""),
        ("*97,1234", "*97", "1234"),
        ("*98 x 55#", "*98", "55#"),
    ],
)
def test_service_codes_are_dialled_as_typed(typed: str, value: str, extension: str) -> None:
    assert parse(typed, "US") == PhoneNumber(value, NumberKind.SERVICE, extension)


@pytest.mark.parametrize(
    ("typed", "value", "extension"),
    [("911", "911", ""), ("1234", "1234", ""), ("100000", "100000", ""), ("１１９", "119", ""), ("200,9", "200", "9")],
)
def test_short_numbers_are_dialled_as_typed(typed: str, value: str, extension: str) -> None:
    assert parse(typed, "JP") == PhoneNumber(value, NumberKind.SHORT, extension)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1-800-FLOWERS", "+18003569377"),
        ("1 (800) Flowers", "+18003569377"),
        ("800FLOWERS", "+18003569377"),
        ("1-800-MATRIX1", "+18006287491"),
    ],
)
def test_vanity_numbers(typed: str, value: str) -> None:
    assert parse(typed, "US") == PhoneNumber(value, NumberKind.E164)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("sip:alice@example.com", "sip:alice@example.com"),
        ("SIP:Alice@Example.COM", "sip:Alice@example.com"),
        ("sips:alice@example.com:5061", "sips:alice@example.com:5061"),
        ("sip:alice@[2001:DB8::1]:5060", "sip:alice@[2001:db8::1]:5060"),
        ("sip:+14155550142@carrier.example", "sip:+14155550142@carrier.example"),
        ("sip:a%20b;x=1@127.0.0.1", "sip:a%20b;x=1@127.0.0.1"),
        ("sip:alice@host;transport=tcp", "sip:alice@host"),
        ("sip:alice@host:5070;transport=tcp?Subject=x", "sip:alice@host:5070"),
    ],
)
def test_sip_uris(typed: str, value: str) -> None:
    number = parse(typed, "US")
    assert number == PhoneNumber(value, NumberKind.SIP)
    assert str(number) == value
    assert parse(value, "JP") == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", ErrorCode.NUMBER_EMPTY),
        ("  \t\n ", ErrorCode.NUMBER_EMPTY),
        ("\u200f\u202e", ErrorCode.NUMBER_EMPTY),
        ("Ana", ErrorCode.NUMBER_UNREADABLE),
        ("x12", ErrorCode.NUMBER_UNREADABLE),
        (",12", ErrorCode.NUMBER_UNREADABLE),
        ("(((((", ErrorCode.NUMBER_UNREADABLE),
        ("+", ErrorCode.NUMBER_UNREADABLE),
        ("+1+1+1", ErrorCode.NUMBER_UNREADABLE),
        ("sip:", ErrorCode.NUMBER_UNREADABLE),
        ("sip:@host", ErrorCode.NUMBER_UNREADABLE),
        ("sip:alice", ErrorCode.NUMBER_UNREADABLE),
        ("sip:alice@ho st", ErrorCode.NUMBER_UNREADABLE),
        ("sip:alice@host?To=mallory@elsewhere", ErrorCode.NUMBER_UNREADABLE),
        ("sip:alice@host;x=@elsewhere", ErrorCode.NUMBER_UNREADABLE),
        ('sip:"a" <b@host>', ErrorCode.NUMBER_UNREADABLE),
        ("4155550142\r\nEvil: yes", ErrorCode.NUMBER_UNREADABLE),
        ("sip:alice@host\r\nEvil: yes", ErrorCode.NUMBER_UNREADABLE),
        ("415555\x000142", ErrorCode.NUMBER_UNREADABLE),
        ("415555\x7f0142", ErrorCode.NUMBER_UNREADABLE),
        ("415555\x9b0142", ErrorCode.NUMBER_UNREADABLE),
        ("415555\u202e0142\x1b[31m", ErrorCode.NUMBER_UNREADABLE),
        ("\udcff4155550142", ErrorCode.NUMBER_UNREADABLE),
        ("1" * 257, ErrorCode.NUMBER_UNREADABLE),
        ("4" * 10_000, ErrorCode.NUMBER_UNREADABLE),
        ("sip:" + "a" * 10_000 + "@host", ErrorCode.NUMBER_UNREADABLE),
        ("*" * 17, ErrorCode.NUMBER_UNREADABLE),
        ("12", ErrorCode.NUMBER_TOO_SHORT),
        ("555-0142", ErrorCode.NUMBER_TOO_SHORT),
        ("+1 415", ErrorCode.NUMBER_TOO_SHORT),
        ("bob123", ErrorCode.NUMBER_TOO_SHORT),  # a name is no internal number
        ("415555014244", ErrorCode.NUMBER_TOO_LONG),
        ("+4412345678901", ErrorCode.NUMBER_TOO_LONG),
        ("+999 1234 5678", ErrorCode.NUMBER_IMPOSSIBLE),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(typed: str, code: ErrorCode) -> None:
    assert refusal(typed) is code


def test_a_length_no_number_of_the_country_has_is_impossible() -> None:
    assert refusal("+49 1") in {ErrorCode.NUMBER_TOO_SHORT, ErrorCode.NUMBER_UNREADABLE}
    impossible = next(
        text
        for code in (299, 376, 49, 43, 58, 501, 61, 500, 55)
        for text in (f"+{code}{'2' * length}" for length in range(3, 15))
        if phonenumbers.is_possible_number_with_reason(phonenumbers.parse(text, None))
        == phonenumbers.ValidationResult.INVALID_LENGTH
    )
    assert refusal(impossible) is ErrorCode.NUMBER_IMPOSSIBLE


def test_a_line_without_a_country_reads_international_numbers_only() -> None:
    assert parse(ANA, "").value == ANA
    assert refusal("415 555 0142", "") is ErrorCode.NUMBER_IMPOSSIBLE


def _examples() -> list[tuple[str, phonenumbers.PhoneNumber]]:
    found = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None and phonenumbers.is_possible_number(example):
                found.append((region, example))
    return found


def test_formatting_and_reading_again_gives_the_same_number_in_every_country() -> None:
    examples = _examples()
    assert len(examples) > 1_000
    for region, example in examples:
        if (region, example.national_number) == ("CA", 3101234):  # seven digits by themselves: a local number
            continue
        for style in (0, 1, 2, 3):
            number = parse(phonenumbers.format_number(example, style), region)
            assert parse(number.value, "") == number
            for home in (region, "US", "JP", "DE", "GB"):
                assert parse(formatted(number, home), home) == number


def test_formatting_and_reading_again_keeps_the_extension() -> None:
    for text in ("415-555-0142 x12", "*97,1234", "200 ext 9", "+819012345678;ext=77#"):
        number = parse(text, "US")
        assert number.extension
        for home in ("US", "JP"):
            assert parse(formatted(number, home), home) == number


@pytest.mark.parametrize("seed", range(20))
def test_nothing_typed_makes_a_traceback(seed: int) -> None:
    dice, refused = random.Random(seed), set[str]()
    alphabet = "0123456789+*#,;:()/.-xXabcSIPtel@[]% \t\r\n\0\x1b\u200f\u202e\ufeff０９ー＋日😀\ud800"
    for _ in range(300):
        text = "".join(dice.choices(alphabet, k=dice.randint(0, 30)))
        region = dice.choice(["US", "JP", "DE", "", "XX"])
        try:
            number = parse(text, region)
        except AppError as error:
            refused.add(error.code.value.partition("-")[0])
        else:
            assert number.value.isascii()
            assert number.value.isprintable()
            assert from_key(number.value).value == number.value
            formatted(number, region)
    assert refused == {"number"}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (ANA, NumberKind.E164),
        ("*97", NumberKind.SERVICE),
        ("#31#", NumberKind.SERVICE),
        ("911", NumberKind.SHORT),
        ("sip:alice@host", NumberKind.SIP),
        ("sips:alice@host", NumberKind.SIP),
        ("", NumberKind.SHORT),
    ],
)
def test_a_stored_key_is_the_number_again(value: str, kind: NumberKind) -> None:
    assert from_key(value) == PhoneNumber(value, kind)


@pytest.mark.parametrize(
    ("value", "home", "shown"),
    [
        (ANA, "US", "(415) 555-0142"),
        (ANA, "JP", "+1 415-555-0142"),
        (ANA, "", "+1 415-555-0142"),
        ("+18765550142", "US", "(876) 555-0142"),
        ("+81312345678", "JP", "03-1234-5678"),
        ("+442079460958", "GB", "020 7946 0958"),
        ("+6837012", "NU", "+683 7012"),  # 7012 alone would be an internal number
        ("sip:alice@example.com", "US", "alice@example.com"),
        ("*97", "US", "*97"),
        ("911", "US", "911"),
    ],
)
def test_for_people(value: str, home: str, shown: str) -> None:
    assert formatted(from_key(value), home) == shown


def test_the_extension_is_shown() -> None:
    assert formatted(PhoneNumber(ANA, NumberKind.E164, "12"), "US") == "(415) 555-0142 ext. 12"


@pytest.mark.parametrize(
    ("value", "found", "digits"),
    [
        (ANA, "US", "4155550142"),
        ("+442079460958", "GB", "2079460958"),
        ("+390612345678", "IT", "0612345678"),
        ("+870773111632", "001", "773111632"),
        ("+12005550142", "", "2005550142"),
        ("*97", "", "97"),
        ("1234", "", "1234"),
        ("sip:alice2@example.com", "", "2"),
    ],
)
def test_country_and_national_digits(value: str, found: str, digits: str) -> None:
    assert country(from_key(value)) == found
    assert national_digits(from_key(value)) == digits


@pytest.mark.parametrize(
    ("value", "region", "abroad"),
    [
        (ANA, "US", False),
        (ANA, "CA", True),
        (ANA, "JP", True),
        ("+12005550142", "US", False),
        ("+12005550142", "GB", True),
        ("+441111111111", "US", True),
        ("+870773111632", "US", True),
        ("911", "US", False),
        ("sip:alice@host", "US", False),
    ],
)
def test_abroad(value: str, region: str, abroad: bool) -> None:
    assert is_abroad(from_key(value), region) is abroad


def test_a_number_stored_in_any_form_is_recognised() -> None:
    number = parse(ANA, "US")
    for stored in ("(415) 555-0142", "+1 415 555 0142", "415.555.0142 x99", "1-415-555-0142"):
        assert same_number(stored, number, "US")
    for stored in ("", "unknown", "555-0142", "+44 415 555 0142", "(415) 555-0143", "x" * 10_000):
        assert not same_number(stored, number, "US")
