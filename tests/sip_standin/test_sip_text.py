"""Reading and writing SIP text in the far end."""

import pytest

from sip.standin import sip_text
from sip.standin.sip_text import BadRequestError

HOST = "127.0.0.1:5060"


@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [
        ("+14155550142", "", f"<sip:+14155550142@{HOST}>"),
        ("+14155550142", "山田 太郎", f'"山田 太郎" <sip:+14155550142@{HOST}>'),
        ("anonymous", 'a "b" \\c', f'"a \\"b\\" \\\\c" <sip:anonymous@{HOST}>'),
        ("sip:bob@127.0.0.9", "Bob", '"Bob" <sip:bob@127.0.0.9>'),
    ],
)
def test_identity(number: str, name: str, expected: str) -> None:
    header = sip_text.identity(number, name, HOST)
    assert header == expected
    assert sip_text.name_of(header) == name


@pytest.mark.parametrize(
    ("number", "name"), [("+1\r\nX: 1", ""), ("+1", "a\nb"), ("+1", "\ud800"), ("a b", ""), ("", "x"), ("a@b", "")]
)
def test_identity_refuses(number: str, name: str) -> None:
    with pytest.raises(BadRequestError):
        sip_text.identity(number, name, HOST)


@pytest.mark.parametrize("to", ["sip:bob@example.com", "sip:bob@10.0.0.1:5060", "sip:", "sip:a@127.0.0.1>\r\n", "x y"])
def test_target_refuses(to: str) -> None:
    with pytest.raises(BadRequestError):
        sip_text.target(to)


def test_target_adds_the_scheme() -> None:
    assert sip_text.target("bob@127.0.0.1:5099") == "sip:bob@127.0.0.1:5099"


@pytest.mark.parametrize("extra", [{"Via": "x"}, {"X-A": "a\r\nB: c"}, {"X A": "a"}, {"": "a"}, {"X:": "a"}])
def test_headers_refuse(extra: dict[str, str]) -> None:
    with pytest.raises(BadRequestError):
        sip_text.headers(extra)


def test_reading_a_request() -> None:
    whole = 'INVITE sip:+1415@127.0.0.1 SIP/2.0\r\nf: "Al" <sip:al@h>;tag=1\r\nm: <sip:al@127.0.0.1:9>\r\n\r\nTo: no'
    assert sip_text.request_user(whole) == "+1415"
    assert sip_text.name_of(sip_text.header(whole, "From")) == "Al"
    assert sip_text.header(whole, "To") == ""
    assert sip_text.reply_address(whole, "127.0.0.1:7") == "sip:al@127.0.0.1:9"
    assert sip_text.reply_address(whole.replace("m:", "X:"), "127.0.0.1:7") == "sip:al@127.0.0.1:7"


def test_repair_makes_text_writable() -> None:
    assert sip_text.repair(b"a\xffb".decode("utf-8", "surrogateescape")) == "a\ufffdb"
