"""A TLS line trusts whom it should, says what is wrong with whom it does not, and comes back once that is put right."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.call import CallAnswered
from app.domain.counterpart import Line, LineReason, LineState, Transport
from app.domain.phone_events import CallArrived, LineChanged
from sip.engine import config
from sip.engine.reasons import certificate_reason
from tests.peers import certificates, kamailio
from tests.peers.certificates import Flaw
from tests.peers.kamailio import Kamailio
from tests.sip.harness import Harness

needs_kamailio = [pytest.mark.peers, pytest.mark.skipif(not kamailio.is_installed(), reason="no kamailio here")]
Server = Callable[[Flaw], Kamailio]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Starts a registrar with this flaw in its certificate."""
    made = Kamailio(tmp_path / "kamailio", tls=True)

    def start(flaw: Flaw) -> Kamailio:
        certificates.make(made.folder, flaw)
        made.start()
        return made

    yield start
    made.stop()


def tls_line(server: Kamailio, user: str = "alice", *, host: str = "127.0.0.1", ca_file: str | None = None) -> Line:
    """A line over TLS."""
    return Line(
        id=user,
        uri=f"sip:{user}@127.0.0.1:{server.port}",
        registrar=f"sip:{host}:{server.tls_port}",
        username=user,
        bind="127.0.0.1",
        transport=Transport.TLS,
        ca_file=str(server.folder / "ca.crt") if ca_file is None else ca_file,
    )


class TestKamailioTls:
    pytestmark = needs_kamailio

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_a_good_certificate_registers_and_calls(self, harness: Harness, server: Server, host: str) -> None:
        good = server(Flaw.NONE)
        other = Harness(harness.folder / "other")
        try:
            harness.apply(tls_line(good, host=host), password="secret-alice")
            other.apply(tls_line(good, "bob", host=host), password="secret-bob")
            harness.registered("alice")
            other.registered("bob")
            harness.phone.dial("c1", "alice", f"sip:bob@127.0.0.1:{good.tls_port}")
            other.phone.answer(other.wait(CallArrived).call_id)
            harness.wait(CallAnswered)
        finally:
            other.phone.close()

    @pytest.mark.parametrize(
        ("flaw", "reason"),
        [
            (Flaw.OTHER_NAME, LineReason.CERTIFICATE_NAME),
            (Flaw.OTHER_AUTHORITY, LineReason.CERTIFICATE_CA),
            (Flaw.SELF_SIGNED, LineReason.CERTIFICATE_CA),
            (Flaw.EXPIRED, LineReason.CERTIFICATE_EXPIRED),
            (Flaw.NOT_YET_VALID, LineReason.CERTIFICATE_EXPIRED),
        ],
    )
    def test_a_bad_one_is_named_and_the_line_recovers(
        self, harness: Harness, server: Server, flaw: Flaw, reason: LineReason
    ) -> None:
        bad = server(flaw)
        harness.apply(tls_line(bad), password="secret-alice")
        assert harness.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == reason
        bad.stop()
        server(Flaw.NONE)
        harness.registered("alice", 10)

    @pytest.mark.parametrize("ca_file", ["", "/nonexistent/ca.crt"])
    def test_without_its_authority_nothing_is_trusted(self, harness: Harness, server: Server, ca_file: str) -> None:
        harness.apply(tls_line(server(Flaw.NONE), ca_file=ca_file), password="secret-alice")
        assert harness.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == LineReason.CERTIFICATE_CA

    def test_another_lines_bad_certificate_is_not_ours(self, harness: Harness, server: Server, tmp_path: Path) -> None:
        good = server(Flaw.NONE)
        other = Kamailio(tmp_path / "other", tls=True)
        certificates.make(other.folder, Flaw.EXPIRED)
        other.start()
        try:
            harness.apply(tls_line(good), tls_line(other, "bob"), password="secret-alice")
            expired = harness.wait(LineChanged, lambda e: e.state is LineState.FAILED)
            assert (expired.line, expired.reason) == ("bob", LineReason.CERTIFICATE_EXPIRED)
            harness.find(LineChanged, lambda e: e.line == "alice" and e.state is LineState.REGISTERED)
            harness.settle(3.0)
            states = [e.state for e in harness.events if isinstance(e, LineChanged) and e.line == "alice"]
            assert states == [LineState.REGISTERING, LineState.REGISTERED]
        finally:
            other.stop()


def test_a_server_that_speaks_no_tls_is_unreachable(harness: Harness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def babble() -> None:
            link, _ = listener.accept()
            with link:
                link.sendall(b"SIP/2.0 400 Bad Request\r\n\r\n" * 5)
                link.recv(4096)

        talker = threading.Thread(target=babble, daemon=True)
        talker.start()
        line = Line(
            "a", "sip:a@127.0.0.1", registrar=f"sip:127.0.0.1:{port}", bind="127.0.0.1", transport=Transport.TLS
        )
        harness.apply(line)
        assert harness.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == LineReason.UNREACHABLE
        talker.join(5)


def test_nothing_is_sent_before_the_certificate_is_trusted(harness: Harness, tmp_path: Path) -> None:
    certificates.make(tmp_path, Flaw.SELF_SIGNED)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            link, _ = listener.accept()
            with context.wrap_socket(link, server_side=True) as secure:
                seen.append(secure.recv(4096))

        server = threading.Thread(target=listen, daemon=True)
        server.start()
        registrar = f"sip:127.0.0.1:{listener.getsockname()[1]}"
        harness.apply(Line("a", "sip:a@127.0.0.1", registrar=registrar, bind="127.0.0.1", transport=Transport.TLS))
        assert harness.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == LineReason.CERTIFICATE_CA
        server.join(5)
    assert seen == [b""]


@pytest.mark.parametrize(
    ("bits", "reason"),
    [
        (0, LineReason.NONE),
        (0x1, LineReason.CERTIFICATE_CA),
        (0x2, LineReason.CERTIFICATE_CA),
        (0x4, LineReason.CERTIFICATE_EXPIRED),
        (0x6, LineReason.CERTIFICATE_CA),
        (0x40000000, LineReason.CERTIFICATE_NAME),
        (0x80, LineReason.CERTIFICATE),
    ],
)
def test_what_the_library_found(bits: int, reason: LineReason) -> None:
    assert certificate_reason(bits) is reason


def test_the_bundle_is_the_lines_own_the_systems_or_certifis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import certifi

    own = tmp_path / "own.crt"
    shutil.copy(certifi.where(), own)
    assert config.ca_bundle(Line("a", "sip:a@h", ca_file=str(own))) == str(own)
    monkeypatch.setattr(config, "CA_BUNDLES", (str(tmp_path / "none"), str(own)))
    assert config.ca_bundle(Line("a", "sip:a@h")) == str(own)
    monkeypatch.setattr(config, "CA_BUNDLES", ())
    assert config.ca_bundle(Line("a", "sip:a@h")) == certifi.where()
