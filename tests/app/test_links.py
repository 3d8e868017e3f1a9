"""Links from other programs, kind and hostile."""

from __future__ import annotations

import random

import pytest

from app.errors import AppError, ErrorCode
from app.links import Link, parse_link
from app.words import sentence

RECORD = "006000000000001AAA"


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("tel:+14155550123", Link("+14155550123")),
        ("TEL:+14155550123", Link("+14155550123")),
        ("tel:415-555-0123;ext=12", Link("415-555-0123;ext=12")),
        ("tel:%2B1%20415%20555%200123", Link("+1 415 555 0123")),
        ("tel://+14155550123", Link("+14155550123")),
        ("tel:*97", Link("*97")),
        ("tel:%2331%23", Link("#31#")),
        ("callto:+14155550123", Link("+14155550123")),
        ("callto://+14155550123", Link("+14155550123")),
        ("sip:alice@example.com", Link("sip:alice@example.com")),
        ("sips:alice@[::1]:5061", Link("sips:alice@[::1]:5061")),
        ("sms:+14155550123", Link("+14155550123", messages=True)),
        ("sms:+14155550123?body=Hi%20there%21", Link("+14155550123", "Hi there!", messages=True)),
        ("sms:+14155550123?body=1+1", Link("+14155550123", "1+1", messages=True)),
        ("sms:+14155550123?body=a%0Ab", Link("+14155550123", "a\nb", messages=True)),
        ("sms:+14155550123?body=a%0D%0Ab", Link("+14155550123", "a\nb", messages=True)),
        ("sms:+14155550123?body=%F0%9F%98%80", Link("+14155550123", "😀", messages=True)),
        ("sms://+14155550123?x=1", Link("+14155550123", messages=True)),
        ("ringdown:call?to=%2B14155550123", Link("+14155550123")),
        ("ringdown:call?to=+493012345678", Link("+493012345678")),
        (f"ringdown:call?to=911&about={RECORD}", Link("911", about=RECORD)),
        (f"ringdown:call?to=911&about={RECORD[:15]}", Link("911", about=RECORD[:15])),
        ("ringdown://call?to=911", Link("911")),
        ("ringdown:/call/?to=911", Link("911")),
        (f"ringdown:text?to=911&about={RECORD}&body=x", Link("911", "x", RECORD, True)),
    ],
)
def test_links(link: str, found: Link) -> None:
    assert parse_link(link) == found


@pytest.mark.parametrize(
    "link",
    [
        "",
        "tel:",
        "tel:%20",
        "callto://",
        "sms:?body=x",
        "14155550123",
        "http://example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "mailto:a@b",
        "--demo",
        "ringdown:",
        "ringdown:call",
        "ringdown:call?to=",
        "ringdown:call?about=" + RECORD,
        "ringdown:call?to=911&about=../../etc",
        f"ringdown:call?to=911&about={RECORD}%0A",
        "ringdown:call?to=911&about=" + "0" * 17,
        "ringdown:quit",
        "ringdown:quit?to=911",
        "ringdown:provision?url=http://phone.example.com/x.toml",
        "tel://[",
        "sip://[::",
        "tel://\u2100",
        "tel:+1415555%0A0123",
        "tel:+1415555\n0123",
        "tel:+1415555%000123",
        "tel:+1415555%1b[31m",
        "tel:+1415555%7f",
        "tel:+1415555%C2%9B31m",
        "sip:alice@host\nEvil: x",
        "sip:alice@host%0d%0aEvil:%20x",
        "ringdown:call?to=911%0A",
        "sms:+14155550123?body=%1b[31m",
        "sms:+14155550123?body=%00",
        "tel:" + "1" * 2_000,
    ],
)
def test_what_is_refused(link: str) -> None:
    with pytest.raises(AppError) as caught:
        parse_link(link)
    assert caught.value.code is ErrorCode.LINK_UNREADABLE
    said = sentence(caught.value)
    assert said.isprintable()
    assert len(said) < 120


@pytest.mark.parametrize("seed", range(20))
def test_no_link_makes_a_traceback_or_lets_a_control_character_in(seed: int) -> None:
    dice, refused = random.Random(seed), set[ErrorCode]()
    pieces = (
        "tel:",
        "sip:",
        "sms:",
        "ringdown:",
        "//",
        "call",
        "text",
        "?to=",
        "?body=",
        "&about=",
        "[",
        "]",
        "@",
        "+",
    )
    hostile = (
        "1",
        "0",
        "%0A",
        "%0d",
        "%00",
        "%1b",
        "%C2%85",
        "%",
        "#",
        ";",
        "\n",
        "\0",
        "\u202e",
        "日",
        "\ud800",
        RECORD,
    )
    for _ in range(500):
        link = "".join(dice.choices(pieces + hostile, k=dice.randint(1, 8)))
        try:
            found = parse_link(link)
        except AppError as error:
            refused.add(error.code)
            continue
        assert found.to.strip()
        assert not any(
            ord(c) < 32 or 127 <= ord(c) < 160 for c in found.to + found.about + found.body.replace("\n", "")
        )
    assert refused == {ErrorCode.LINK_UNREADABLE}


def test_a_provisioning_link_carries_its_https_address() -> None:
    link = parse_link("ringdown:provision?url=https%3A%2F%2Fphone.example.com%2Friley.toml")
    assert (link.provision, link.to) == ("https://phone.example.com/riley.toml", "")


def test_a_plus_that_was_encoded_twice_is_one() -> None:
    assert parse_link("ringdown:call?to=%252B14155550142&about=006000000000001AAA").to == "+14155550142"
    with pytest.raises(AppError):
        parse_link("ringdown:call?to=%252B1%250D%250A")
