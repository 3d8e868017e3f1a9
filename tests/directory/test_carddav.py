"""Colleagues from a real CardDAV server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.errors import AppError, ErrorCode
from app.words import sentence
from crm.directory.carddav import CardDavDirectory
from tests.peers import radicale
from tests.peers.radicale import PASSWORD, USER, Radicale

ANA = """
BEGIN:VCARD
VERSION:3.0
UID:ana-1
FN:Ana Flores
N:Flores;Ana;;;
ORG:Acme;Sales
TITLE:Account manager
TEL;TYPE=WORK,VOICE:214
TEL;TYPE=CELL:+1 415 555 0142
TEL;TYPE=FAX:+1 415 555 0199
EMAIL:ana@acme.example
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
NOTE:private
END:VCARD
"""
HANAKO = """
BEGIN:VCARD
VERSION:4.0
UID:hanako-1
FN:田中 花子
N:田中;花子;;;
TEL;VALUE=uri;TYPE="voice,work":tel:+81-3-1234-5678
END:VCARD
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    if not radicale.is_installed():
        pytest.skip("not installed: radicale")
    with Radicale(tmp_path_factory.mktemp("radicale")) as running:
        running.put("ana", ANA)
        running.put("hanako", HANAKO)
        yield running


def why(directory: CardDavDirectory) -> str:
    with pytest.raises(AppError) as caught:
        directory.read()
    assert caught.value.code is ErrorCode.DIRECTORY_UNREADABLE
    return sentence(caught.value).removeprefix("The company directory cannot be read: ").split(". ")[0]


@pytest.mark.peers
def test_everybody_of_the_address_book(server: Radicale) -> None:
    found = {record.name: record for record in CardDavDirectory(server.url, USER, PASSWORD).read()}
    assert set(found) == {"Ana Flores", "田中 花子"}
    ana = found["Ana Flores"]
    assert (ana.title, ana.department, ana.email) == ("Account manager", "Sales", "ana@acme.example")
    assert (ana.extension, ana.phones) == ("214", (("Mobile", "+1 415 555 0142"), ("Extension", "214")))
    assert found["田中 花子"].phones == (("Phone", "+81-3-1234-5678"),)


@pytest.mark.peers
def test_somebody_who_left_is_gone_and_a_change_keeps_the_id(server: Radicale) -> None:
    directory = CardDavDirectory(server.url, USER, PASSWORD)
    server.put("bo", ANA.replace("ana-1", "bo-1").replace("Ana Flores", "Bo"))
    before = {record.name: record.ref for record in directory.read()}
    server.put("bo", ANA.replace("ana-1", "bo-1").replace("Ana Flores", "Bo Lindqvist"))
    assert {record.name: record.ref for record in directory.read()}["Bo Lindqvist"] == before["Bo"]
    server.remove("bo")
    assert before["Bo"] not in {record.ref for record in directory.read()}


@pytest.mark.peers
def test_a_wrong_password_is_said(server: Radicale) -> None:
    assert why(CardDavDirectory(server.url, USER, "wrong")) == "it does not accept the user name or password"


@pytest.mark.peers
def test_an_address_without_an_address_book_is_said(server: Radicale) -> None:
    assert why(CardDavDirectory(server.url + "nothing/", USER, PASSWORD)).startswith("the server answered 4")


def test_nobody_there_is_said() -> None:
    assert why(CardDavDirectory("http://127.0.0.1:9/book/", USER, PASSWORD)) == "it cannot be reached"


class Strange(BaseHTTPRequestHandler):
    """Answers with what a server should not."""

    body = b""
    status = 207

    def do_REPORT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def strange() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Strange)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"<html>login</html>", "the server answered 200"),
        (302, b"", "the server answered 302"),
        (207, b"<html>", "the server's answer cannot be read"),
        (207, b"<html/>", "there is no address book at this address"),
        (
            207,
            b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><multistatus xmlns="DAV:">&c;</multistatus>',
            "the server's answer cannot be read",
        ),
    ],
)
def test_strange_answers(
    strange: HTTPServer, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, words: str
) -> None:
    monkeypatch.setattr(Strange, "status", status)
    monkeypatch.setattr(Strange, "body", body)
    assert why(CardDavDirectory(f"http://127.0.0.1:{strange.server_port}/", USER, PASSWORD)) == words


def test_a_broken_card_costs_only_itself(strange: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = ["BEGIN:VCARD\nFN:Torn", "nonsense", "", "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL:214\nEND:VCARD"]
    parts = "".join(
        f"<response><href>/{n}</href><propstat><prop><c:address-data>{card}</c:address-data></prop></propstat></response>"
        for n, card in enumerate(cards)
    )
    body = f'<multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">{parts}</multistatus>'
    monkeypatch.setattr(Strange, "body", body.encode())
    found = CardDavDirectory(f"http://127.0.0.1:{strange.server_port}/", USER, PASSWORD).read()
    assert [record.name for record in found] == ["Ana"]


def test_a_book_that_comes_a_byte_at_a_time_has_an_end(strange: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()

    def drip(handler: Strange) -> None:
        handler.send_response(207)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not gone.wait(0.05):
            handler.wfile.write(b" ")

    monkeypatch.setattr(Strange, "do_REPORT", drip)
    directory = CardDavDirectory(f"http://127.0.0.1:{strange.server_port}/", USER, PASSWORD, seconds=0.5)
    assert why(directory) == "it cannot be reached"
    gone.set()
