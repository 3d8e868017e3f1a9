"""Signing in among enemies: pages that call the callback, sign-in pages that name other hosts, other processes."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from app.errors import AppError
from app.words import sentence
from crm.oauth import Proof, TokenEndpoint, authorize_address, is_instance
from crm.oauth_flow import BrowserSignIn
from crm.oauth_listener import PATH, Listener
from tests.security.hostile_org import HostileOrg, Reply
from tests.signin.browser import Visit, free_ports

LOGIN = "https://login.salesforce.com"
STATE = "our-state"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listens on a free port."""
    made = Listener(STATE, "en", lambda: None, free_ports(3))
    yield made
    made.close(done=False)


def _raw(listener: Listener, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", listener.port), 5) as visitor:
        visitor.settimeout(5)
        visitor.sendall(request)
        answer = b""
        while chunk := visitor.recv(65_536):
            answer += chunk
        return answer


@pytest.mark.parametrize(
    ("instance", "page", "good"),
    [
        ("https://acme.my.salesforce.com", LOGIN, True),
        ("https://acme.my.salesforce.com/", "https://login.acme.example", True),
        ("https://acme--uat.sandbox.my.salesforce.com", "https://test.salesforce.com", True),
        ("https://na1.salesforce.com:443", LOGIN, True),
        ("https://crm.acme.example", "https://crm.acme.example", True),
        ("http://127.0.0.1:8080", "http://127.0.0.1:9090", True),
        ("https://evil.example", LOGIN, False),
        ("https://salesforce.com.evil.example", LOGIN, False),
        ("https://evilsalesforce.com", LOGIN, False),
        ("https://acme.my.salesforce.com@evil.example", LOGIN, False),
        ("https://evil.example\\.salesforce.com", LOGIN, False),
        ("https://evil.example#.salesforce.com", LOGIN, False),
        ("https://evil.example/.salesforce.com", LOGIN, False),
        ("https://evil.example?.salesforce.com", LOGIN, False),
        ("https://acme.my.salesforce.com:8443", LOGIN, False),
        ("https://acme.my.salesforce.com:99999", LOGIN, False),
        ("http://acme.my.salesforce.com", LOGIN, False),
        ("http://127.0.0.1:631", LOGIN, False),
        ("https://localhost", LOGIN, False),
        ("https://169.254.169.254", LOGIN, False),
        ("ftp://acme.my.salesforce.com", LOGIN, False),
        ("https://[", LOGIN, False),
        ("", LOGIN, False),
    ],
)
def test_only_salesforce_gets_the_tokens(instance: str, page: str, good: bool) -> None:
    assert is_instance(instance, page) is good


def test_the_code_goes_to_nobody_a_redirect_names() -> None:
    with HostileOrg(lambda *_: Reply()) as thief:
        for status in (301, 302, 303, 307, 308):
            moved = Reply(b"", status, {"Location": f"{thief.url}/services/oauth2/token"})
            with HostileOrg(lambda *_, moved=moved: moved) as page, TokenEndpoint(page.url, "app") as endpoint:
                with pytest.raises(AppError):
                    endpoint.redeem("code", "http://localhost:1/OauthRedirect", "verifier")
        assert not thief.asked


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"access_token":{},"refresh_token":[],"instance_url":5}', "9" * 5_000]
)
def test_an_odd_token_answer_is_a_sentence(body: str) -> None:
    with HostileOrg(lambda *_: Reply(body.encode())) as page, TokenEndpoint(page.url, "app") as endpoint:
        with pytest.raises(AppError):
            endpoint.redeem("code", "http://localhost:1/OauthRedirect", "verifier")


def test_what_a_strange_page_says_is_not_shown_as_salesforces_word() -> None:
    refusal = Reply(json.dumps({"error": "unsupported_grant_type"}).encode(), 400)
    lure = "Your+account+is+locked.+Call+%2B1+900+555+0100"
    with HostileOrg(lambda *_: refusal) as org:
        for name in ("whatever", "access_denied", "invalid_client"):
            page = BrowserSignIn(ports=free_ports(3), patience=10).begin(org.url, "app", "en", lambda _: None)
            port = parse_qs(urlsplit(page.address).query)["redirect_uri"][0].split(":")[2].split("/")[0]
            Visit(f"http://localhost:{port}{PATH}?error={name}&error_description={lure}")
            with pytest.raises(AppError) as caught:
                page.wait()
            page.answer(caught.value)
            assert "locked" not in sentence(caught.value)
            assert "locked" not in str(caught.value.values)


@pytest.mark.parametrize(
    "target",
    [
        b"http://[/OauthRedirect?code=c&state=our-state",
        b"//[/OauthRedirect",
        PATH.encode() + b"?" + b"&".join(b"a%d=1" % at for at in range(40)),
        PATH.encode() + b"?state=\xff\xfe&code=%ff",
        b"*",
    ],
)
def test_an_odd_address_is_answered_and_changes_nothing(listener: Listener, target: bytes) -> None:
    host = f"localhost:{listener.port}".encode()
    answer = _raw(listener, b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert answer.split()[1] in {b"400", b"404"}
    with pytest.raises(TimeoutError):
        listener.wait(0)


@pytest.mark.parametrize("method", [b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"PATCH", b"<script>"])
def test_no_other_method_counts(listener: Listener, method: bytes) -> None:
    host = f"localhost:{listener.port}".encode()
    target = f"{PATH}?code=c&state={STATE}".encode()
    answer = _raw(listener, method + b" " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert answer.split()[1] in {b"400", b"404", b"501"}
    assert b"<script>" not in answer
    assert STATE.encode() not in answer
    assert b"Access-Control" not in answer
    with pytest.raises(TimeoutError):
        listener.wait(0)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost", "localhost:1", "127.0.0.1.nip.io:{}", "localhost:{}.evil"]
)
def test_a_name_bent_to_this_machine_is_not_answered(listener: Listener, host: str) -> None:
    name = host.format(listener.port)
    answer = _raw(listener, f"GET {PATH}?code=c&state={STATE} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
    assert answer.split()[1] == b"404"
    with pytest.raises(TimeoutError):
        listener.wait(0)


def test_a_hundred_silent_visitors_keep_nobody_out(listener: Listener) -> None:
    silent = [socket.create_connection(("127.0.0.1", listener.port), 5) for _ in range(100)]
    try:
        for one in silent:
            one.sendall(b"GET /")
        Visit(f"http://localhost:{listener.port}{PATH}?code=c&state={STATE}")
        assert listener.wait(10) == {"code": "c", "state": STATE}
        began = time.monotonic()
        listener.close(done=True)
        assert time.monotonic() - began < 6
    finally:
        for one in silent:
            one.close()


def test_two_sign_ins_at_once_do_not_hear_each_other() -> None:
    ports = free_ports(4)
    one = Listener("state-one", "en", lambda: None, ports)
    other = Listener("state-two", "en", lambda: None, ports)
    assert one.port != other.port
    assert Visit(f"http://localhost:{other.port}{PATH}?code=c&state=state-one").page().status == 400
    one.close(done=False)
    other.close(done=False)
    for port in (one.port, other.port):
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), 2)


def test_the_proof_is_long_and_stays_here() -> None:
    proofs = [Proof() for _ in range(200)]
    assert len({proof.verifier for proof in proofs} | {proof.state for proof in proofs}) == 400
    assert all(len(proof.verifier) >= 86 and len(proof.state) >= 43 for proof in proofs)  # 512 and 256 bits
    address = authorize_address(LOGIN, "app", "http://localhost:1/OauthRedirect", proofs[0])
    assert address.startswith("https://")
    assert proofs[0].verifier not in address
