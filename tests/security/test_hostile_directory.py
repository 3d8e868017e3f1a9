"""A company directory that has gone bad: bombs cost a moment, broken cards only themselves, and none is logged."""

from __future__ import annotations

import logging
import random
import time

import pytest

from app.errors import AppError, ErrorCode
from crm.directory import carddav
from crm.directory.carddav import CardDavDirectory
from crm.directory.entries import MOST
from tests.security.hostile_org import HostileOrg, Reply

CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:x\r\nFN:Ann Private\r\nN:Private;Ann;;;\r\nTEL;TYPE=cell:+14155550100\r\n"
    "ORG:Acme;Sales\r\nEMAIL:ann@private.example\r\nEND:VCARD\r\n"
)
BOMBS = {
    "nested": "BEGIN:VCARD\r\n" * 50_000 + "END:VCARD\r\n" * 50_000,
    "long name": CARD.replace("Ann Private", "A" * 5_000_000),
    "many parameters": CARD.replace("FN:", "FN;" + "X=1;" * 20_000 + ":"),
    "open quotes": CARD.replace("FN:", "FN" + ';A="' * 5_000),
    "many parts": CARD.replace("ORG:", "ORG:" + ";" * 300_000),
    "folded": CARD.replace("FN:Ann", "FN:A\r\n " * 200_000),
    "unknown letters": CARD.replace("TEL;TYPE=cell", "TEL;ENCODING=QUOTED-PRINTABLE;CHARSET=nonsense"),
    "no base64": CARD.replace("FN:", "FN;ENCODING=b:"),
    "picture": CARD.replace("VERSION", "PHOTO;ENCODING=b:" + "A" * 2_000_000 + "\r\nVERSION"),
    "no line at all": "a" * 2_000_000,
    "lines only": "\r\n" * 1_000_000,
}


def _book(*cards: str) -> bytes:
    found = "".join(
        f"<d:response><d:href>/{at}</d:href><d:propstat><d:prop><c:address-data><![CDATA[{card}]]></c:address-data>"
        "</d:prop></d:propstat></d:response>"
        for at, card in enumerate(cards)
    )
    return f'<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">{found}</d:multistatus>'.encode()


def _read(reply: Reply) -> list[str]:
    with HostileOrg(lambda *_: reply) as server:
        return [record.name for record in CardDavDirectory(server.url + "/book/", "riley", "hush").read()]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_a_moment_and_the_others_are_still_read(bomb: str) -> None:
    began = time.monotonic()
    names = _read(Reply(_book(BOMBS[bomb], CARD.replace("UID:x", "UID:y").replace("Ann Private", "Good Soul")), 207))
    assert "Good Soul" in names
    assert all(len(name) <= 200 for name in names)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<d:multistatus", 207),
        Reply(b"x" * 17_000_000, 207),
        Reply(_book(CARD), 207, {"Content-Encoding": "gzip"}),
        Reply(_book(CARD), 207, cut=40),
        Reply(b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>', 207),
        Reply(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 207),
        Reply(b"", 302, {"Location": "http://127.0.0.1:1/"}),
        Reply(b"", 401, {"WWW-Authenticate": "Digest"}),
        Reply(b"", 401, {"WWW-Authenticate": 'Digest realm="' + "x" * 5_000}),
    ],
)
def test_no_address_book_is_a_sentence(reply: Reply) -> None:
    with pytest.raises(AppError, match=ErrorCode.DIRECTORY_UNREADABLE):
        _read(reply)


def test_cards_broken_at_random_are_passed_over_and_never_written_down(caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(4)
    pieces = (
        ":",
        ";",
        "=",
        '"',
        "\\",
        "\n",
        "\r",
        "\x00",
        "é",
        "\ud800",
        ",",
        "BEGIN:VCARD\r\n",
        ";CHARSET=utf-7",
        "\n ",
    )
    with caplog.at_level(logging.DEBUG):
        for _ in range(400):
            card = list(CARD)
            for _ in range(chance.randint(1, 12)):
                at = chance.randrange(len(card))
                card[at : at + chance.randint(0, 1)] = chance.choice(pieces)
            carddav._entry("/1", "".join(card))
    assert not any(word in caplog.text for word in ("Private", "private", "415555", "Acme"))


def test_more_people_than_a_company_has_are_left_out() -> None:
    line = "FN:Soul {}\r\nTEL:+1415555{:05d}\r\n"
    cards = (f"BEGIN:VCARD\r\nVERSION:3.0\r\n{line.format(at, at)}END:VCARD\r\n" for at in range(MOST // 10))
    assert len(_read(Reply(_book(*cards), 207))) == MOST // 10
