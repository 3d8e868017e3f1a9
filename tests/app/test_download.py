"""A file over https, from a real TLS server on this machine: what is taken, what is refused, and that it ends."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.download import download
from app.errors import AppError, ErrorCode
from app.words import sentence
from tests.peers import certificates
from tests.peers.certificates import Flaw

DRIP = 0.02  # seconds between two bytes: far within the time-out of a read
SECONDS = 0.5  # for the whole of it
HEAD = b"HTTP/1.1 200 OK\r\n"
Behaviour = Callable[[socket.socket], None]


class Server:
    """Takes connections one after the other; ``behave`` gets each, and plays until the other side has gone."""

    def __init__(self, folder: Path) -> None:
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(folder / "server.crt", folder / "server.key")
        self.behave: Behaviour = lambda line: None
        self._gone = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}/riley.toml"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line, contextlib.suppress(OSError):
                self.behave(line)

    def close(self) -> None:
        """The thread ends with its connection."""
        self._gone.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        assert not self._thread.is_alive(), "somebody still holds the connection"

    def answer(self, content: bytes) -> Behaviour:
        """The request is read and answered."""

        def behave(line: socket.socket) -> None:
            with self.tls.wrap_socket(line, server_side=True) as safe:
                safe.recv(65_536)
                safe.sendall(content)

        return behave

    def drip(self, content: bytes) -> Behaviour:
        """The request is read, then the answer begins and comes byte by byte, for ever."""

        def behave(line: socket.socket) -> None:
            with self.tls.wrap_socket(line, server_side=True) as safe:
                safe.recv(65_536)
                safe.sendall(content)
                self.trickle(safe)

        return behave

    def trickle(self, line: socket.socket) -> None:
        """A byte now and then until the other side has gone, or the test is over."""
        while not self._gone.wait(DRIP):
            line.sendall(b"a")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, and its authority."""
    made = tmp_path_factory.mktemp("certificates")
    certificates.make(made)
    return made


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """It answers as the test says."""
    running = Server(folder)
    yield running
    running.close()


@pytest.fixture
def trust(folder: Path) -> ssl.SSLContext:
    """Who trusts the authority of the tests."""
    return ssl.create_default_context(cafile=str(folder / "ca.crt"))


def _refused(url: str, trust: ssl.SSLContext | None, most: int = 1_000) -> str:
    with pytest.raises(AppError) as raised:
        download(url, most, trust, seconds=SECONDS)
    assert raised.value.code is ErrorCode.DOWNLOAD_FAILED
    return sentence(raised.value).removeprefix("The settings could not be fetched: ").removesuffix(".")


def test_a_file_is_fetched(server: Server, trust: ssl.SSLContext) -> None:
    server.behave = server.answer(HEAD + b"Content-Length: 5\r\n\r\nhello")
    assert download(server.url, 1_000, trust) == b"hello"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "the server answered 404"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            "the server answered 302",
        ),
        (HEAD + b"Content-Length: 9\r\n\r\nhello", "its answer broke off"),
        (HEAD + b"\r\n" + b"x" * 1_001, "it is too large"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhello", "it cannot be reached"),
        (b"nonsense\r\n\r\n", "it cannot be reached"),
        (b"", "it cannot be reached"),
    ],
)
def test_what_is_no_file_is_refused(server: Server, trust: ssl.SSLContext, answer: bytes, said: str) -> None:
    server.behave = server.answer(answer)
    assert _refused(server.url, trust) == said


def test_only_https_and_only_certificates_that_are_trusted(server: Server, tmp_path: Path) -> None:
    server.behave = server.answer(HEAD + b"Content-Length: 5\r\n\r\nhello")
    assert _refused(server.url, None) == "its certificate cannot be trusted"
    certificates.make(tmp_path, Flaw.OTHER_NAME)
    other = ssl.create_default_context(cafile=str(tmp_path / "ca.crt"))
    assert _refused(server.url, other) == "its certificate cannot be trusted"
    assert _refused(server.url.replace("https", "http"), None) == "only https addresses are read"


@pytest.mark.parametrize(
    "begun",
    [HEAD + b"Content-Length: 500\r\n\r\n", HEAD + b"\r\n", HEAD + b"X-Long: ", b"HTTP/1.1 "],
    ids=["content", "content of unknown length", "header", "status"],
)
def test_a_dripping_answer_has_an_end(server: Server, trust: ssl.SSLContext, begun: bytes) -> None:
    server.behave = server.drip(begun)
    assert _refused(server.url, trust) == "it took too long"


def test_so_has_a_handshake_that_drips(server: Server, trust: ssl.SSLContext) -> None:
    def behave(line: socket.socket) -> None:
        line.recv(65_536)
        line.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KB begins
        server.trickle(line)

    server.behave = behave
    assert _refused(server.url, trust) == "it took too long"


def test_and_one_through_a_proxy(server: Server, trust: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def behave(line: socket.socket) -> None:
        line.recv(65_536)  # CONNECT
        line.sendall(b"HTTP/1.1 200 ")
        server.trickle(line)

    server.behave = behave
    monkeypatch.setenv("https_proxy", server.url.replace("https", "http").removesuffix("/riley.toml"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert _refused("https://phone.example.com/riley.toml", trust) == "it took too long"
