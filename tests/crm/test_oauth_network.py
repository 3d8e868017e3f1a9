"""How Salesforce is reached: the system's certificates, the system's proxy, and words for what stands in the way."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
import pytest
import requests

from app.errors import AppError, ErrorCode
from crm import network
from crm.http import CrmSession
from crm.oauth import TokenEndpoint
from crm.patience import TooSlowError
from tests.peers import certificates
from tests.peers.certificates import Flaw

_ENV = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR")
_TOKEN_REFUSAL = b'{"error":"unsupported_grant_type","error_description":"grant type not supported"}'


class _Site(BaseHTTPRequestHandler):
    """Answers every POST with the server's ``answer``: status, type, body."""

    server: _Server

    def do_POST(self) -> None:
        status, kind, body = self.server.answer
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        while self.server.drips:
            self.wfile.write(b"x")
            time.sleep(0.05)  # the pace is what is tested
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    drips = False  # a byte at a time, until the reader goes
    answer: tuple[int, str, bytes] = (400, "application/json", _TOKEN_REFUSAL)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us goes away: as wished."""


class _Proxy(BaseHTTPRequestHandler):
    """CONNECT to anywhere ends at the server's ``target``, or is refused."""

    server: _ProxyServer

    def do_CONNECT(self) -> None:
        self.server.asked.append(self.path)
        if self.server.target is None:
            self.send_error(403)
            return
        with socket.create_connection(("127.0.0.1", self.server.target), 5) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pour, args=(there, self.connection), daemon=True)
            back.start()
            _pour(self.connection, there)
            back.join(5)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _ProxyServer(ThreadingHTTPServer):
    daemon_threads = True
    target: int | None = None
    asked: list[str]


def _pour(source: socket.socket, sink: socket.socket) -> None:
    try:
        while chunk := source.recv(65_536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own network."""
    for name in _ENV:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


Serve = Callable[..., _Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers with TLS, whose authority is ``ca.crt``."""
    running: list[_Server] = []

    def start(flaw: Flaw = Flaw.NONE) -> _Server:
        certificates.make(tmp_path, flaw)
        server = _Server(("127.0.0.1", 0), _Site)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve) -> Path:
    """The test's authority is the whole of the system's store."""
    certificates.make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.crt"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[_ProxyServer]:
    """A proxy that the environment names."""
    server = _ProxyServer(("127.0.0.1", 0), _Proxy)
    server.asked = []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.server_address[1]}")
    yield server
    server.shutdown()
    server.server_close()


def _probe(url: str) -> ErrorCode | None:
    try:
        with TokenEndpoint(url, "app", (2.0, 5.0)) as endpoint:
            endpoint.probe()
    except AppError as error:
        return error.code
    return None


def _url(server: _Server, host: str = "127.0.0.1") -> str:
    return f"https://{host}:{server.server_address[1]}"


def test_the_systems_store_is_what_is_trusted(serve: Serve, trusted: Path) -> None:
    assert _probe(_url(serve())) is None
    assert _probe(_url(serve(), "localhost")) is None


def test_an_unknown_authority_is_not_trusted(serve: Serve) -> None:
    assert _probe(_url(serve())) is ErrorCode.SIGN_IN_CERTIFICATE


@pytest.mark.parametrize("flaw", [flaw for flaw in Flaw if flaw is not Flaw.NONE])
def test_no_flaw_is_overlooked(serve: Serve, trusted: Path, flaw: Flaw) -> None:
    assert _probe(_url(serve(flaw))) is ErrorCode.SIGN_IN_CERTIFICATE


def test_verification_cannot_be_switched_off(serve: Serve) -> None:
    with CrmSession() as session:
        session.verify = False
        with pytest.raises(requests.exceptions.SSLError):
            session.request("POST", _url(serve()))
        with pytest.raises(requests.exceptions.SSLError):
            session.request("POST", _url(serve()), verify=False)


def test_another_bundle_may_be_named(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.crt"))
    with CrmSession() as session:
        assert session.request("POST", _url(server)).status_code == 400


def test_without_a_store_certifi_stands_in(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve()
    monkeypatch.setattr(network, "_BUNDLES", ())
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: ssl.DefaultVerifyPaths("", "", "", "", "", ""))
    monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "ca.crt"))
    assert _probe(_url(server)) is None


def test_the_systems_proxy_is_used_and_looked_through(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proxy: _ProxyServer
) -> None:
    server = serve(Flaw.OTHER_NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.crt"))
    proxy.target = int(server.server_address[1])
    assert _probe("https://other.example") is None
    assert proxy.asked == ["other.example:443"]
    # What is behind the proxy is verified too: this certificate is for another name.
    assert _probe("https://third.example") is ErrorCode.SIGN_IN_CERTIFICATE


def test_a_proxy_that_refuses_is_named(proxy: _ProxyServer) -> None:
    assert _probe("https://other.example") is ErrorCode.SIGN_IN_PROXY


def test_this_machine_is_reached_without_the_proxy(serve: Serve, trusted: Path, proxy: _ProxyServer) -> None:
    assert _probe(_url(serve())) is None
    assert not proxy.asked


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, "text/html", b"<html>a shop</html>"), ErrorCode.SIGN_IN_WRONG_DOMAIN),
        ((404, "text/html", b"<html>not here</html>"), ErrorCode.SIGN_IN_WRONG_DOMAIN),
        ((302, "text/html", b""), ErrorCode.SIGN_IN_WRONG_DOMAIN),
        ((200, "application/json", b"[]"), ErrorCode.SIGN_IN_WRONG_DOMAIN),
        ((200, "application/json", b'{"hello":1}'), ErrorCode.SIGN_IN_WRONG_DOMAIN),
        ((503, "text/html", b"<html>maintenance</html>"), ErrorCode.CRM_OFFLINE),
    ],
)
def test_what_is_no_sign_in_page(serve: Serve, trusted: Path, answer: tuple[int, str, bytes], code: ErrorCode) -> None:
    server = serve()
    server.answer = answer
    assert _probe(_url(server)) is code


def test_nobody_there() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert _probe(f"https://127.0.0.1:{nobody.getsockname()[1]}") is ErrorCode.SIGN_IN_UNREACHABLE


@pytest.mark.parametrize("instance", ["http://evil.example", "", "ftp://x", "https://", "javascript:alert(1)"])
def test_tokens_go_only_where_it_is_safe(serve: Serve, trusted: Path, instance: str) -> None:
    server = serve()
    server.answer = (
        200,
        "application/json",
        f'{{"access_token":"a","refresh_token":"r","instance_url":"{instance}","id":"x"}}'.encode(),
    )
    with TokenEndpoint(_url(server), "app") as endpoint, pytest.raises(AppError) as caught:
        endpoint.redeem("code", "http://localhost:1/OauthRedirect", "verifier")
    assert caught.value.code is ErrorCode.SIGN_IN_WRONG_DOMAIN


@pytest.mark.parametrize("url", ["http://login.example", "ftp://x", "login.salesforce.com", ""])
def test_plain_http_is_only_for_this_machine(url: str) -> None:
    with pytest.raises(AppError) as caught:
        TokenEndpoint(url, "app")
    assert caught.value.code is ErrorCode.SIGN_IN_ADDRESS


@pytest.mark.parametrize("looked_through", [False, True])
def test_a_dripping_answer_has_an_end_also_within_tls(
    serve: Serve, trusted: Path, looked_through: bool, request: pytest.FixtureRequest
) -> None:
    server = serve()
    if looked_through:
        proxy: _ProxyServer = request.getfixturevalue("proxy")
        proxy.target = int(server.server_address[1])
    server.answer = (200, "text/plain", b"x" * 100_000)
    server.drips = True
    with CrmSession(timeout=(5.0, 0.3)) as session:
        with pytest.raises(TooSlowError):
            session.request("POST", _url(server))
        server.drips = False
        server.answer = (200, "text/plain", b"all")
        assert session.request("POST", _url(server)).text == "all"
