"""The callback on this machine: who is answered, who is not, and that nothing of theirs comes back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import AppError, ErrorCode
from crm.oauth import PATH, PORTS
from crm.oauth_listener import Listener
from crm.oauth_page import Told, page
from tests.signin.browser import Visit, free_ports

STATE = "the-state-of-this-sign-in"


@pytest.fixture
def strangers() -> list[bool]:
    """One for each answer with another state."""
    return []


@pytest.fixture
def listener(strangers: list[bool]) -> Iterator[Listener]:
    """Listens on a free port."""
    made = Listener(STATE, "en", lambda: strangers.append(True), free_ports(3))
    yield made
    made.close(done=False)


def _at(listener: Listener, path: str = PATH, host: str = "localhost") -> str:
    return f"http://{host}:{listener.port}{path}"


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_the_answer_comes_in_on_every_loopback_address(listener: Listener, host: str) -> None:
    if host == "[::1]" and not _has_ipv6():
        pytest.skip("no IPv6 on this machine")
    tab = Visit(_at(listener, f"{PATH}?code=c&state={STATE}", host))
    assert listener.wait(5) == {"code": "c", "state": STATE}
    listener.close(done=True)
    assert tab.page().status == 200


def test_nobody_else_can_reach_it(listener: Listener) -> None:
    bound = _listening(listener.port)
    assert bound
    assert bound <= {"0100007F", "00000000000000000000000001000000"}


def _listening(port: int) -> set[str]:
    """The local addresses with this port in LISTEN, as the kernel writes them."""
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.rsplit(":", 1)[1], 16) == port:
                found.add(local.rsplit(":", 1)[0])
    return found


@pytest.mark.parametrize("path", ["/", "/favicon.ico", f"{PATH}/", f"{PATH}x?code=c&state={STATE}", "/oauthredirect"])
def test_other_paths_are_not_there(listener: Listener, strangers: list[bool], path: str) -> None:
    shown = Visit(_at(listener, path)).page()
    assert shown.status == 404
    assert not strangers


def test_another_host_name_is_not_answered(listener: Listener) -> None:
    shown = Visit(_at(listener, f"{PATH}?code=c&state={STATE}"), Host="evil.example").page()
    assert shown.status == 404
    with pytest.raises(TimeoutError):
        listener.wait(0)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS"])
def test_only_get_counts(listener: Listener, method: str) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), 5) as line:
        head = f"{method} {PATH}?code=c&state={STATE} HTTP/1.1\r\nHost: localhost:{listener.port}\r\n"
        line.sendall(f"{head}Content-Length: 0\r\n\r\n".encode())
        status = int(line.recv(64).split()[1])
    assert status in {404, 501}
    with pytest.raises(TimeoutError):
        listener.wait(0)


@pytest.mark.parametrize(
    "query",
    [
        "code=c&state=another",
        f"code=c&state={STATE}x",
        f"code=c&state={STATE}&state={STATE}",
        f"code=c&code=d&state={STATE}",
        f"code=c&error=e&state={STATE}",
        f"state={STATE}",
        "code=c",
        "error=access_denied&state=another",
        "error=e&code=c",
        "code=c&state=%F0%9F%98%80",
        "",
    ],
)
def test_an_answer_that_is_not_ours_changes_nothing(listener: Listener, strangers: list[bool], query: str) -> None:
    shown = Visit(_at(listener, f"{PATH}?{query}")).page()
    assert shown.status == 400
    assert "another sign-in" in shown.text
    assert strangers == [True]
    # The right one is still waited for.
    Visit(_at(listener, f"{PATH}?code=right&state={STATE}"))
    assert listener.wait(5) == {"code": "right", "state": STATE}


def test_a_refusal_may_come_without_a_state(listener: Listener) -> None:
    Visit(_at(listener, f"{PATH}?error=invalid_client&error_description=app+must+be+installed"))
    assert listener.wait(5) == {"error": "invalid_client", "error_description": "app must be installed"}


def test_the_page_loaded_twice_is_one_answer(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    here, visit = threading.Semaphore(0), listener.visit

    def counted(method: str, target: str, host: str) -> tuple[int, bytes]:
        here.release()
        return visit(method, target, host)

    monkeypatch.setattr(listener, "visit", counted)
    tabs = [Visit(_at(listener, f"{PATH}?code=c&state={STATE}")) for _ in range(2)]
    assert all(here.acquire(timeout=5) for _ in tabs), "both wait for the end"
    assert listener.wait(5)
    listener.close(done=True)
    assert ["You are signed in" in tab.page().text for tab in tabs] == [True, True]
    with pytest.raises(TimeoutError):
        listener.wait(0)


def test_nothing_of_the_address_is_in_the_page(listener: Listener) -> None:
    evil = "%3Cscript%3Ealert(1)%3C/script%3E"
    tab = Visit(_at(listener, f"{PATH}?error={evil}&error_description={evil}&state={STATE}"))
    listener.wait(5)
    listener.close(done=False)
    assert "script" not in tab.page().text
    assert "alert" not in tab.page().text


def test_a_flood_of_headers_and_a_silent_visitor_harm_nobody(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), 5):
        with socket.create_connection(("127.0.0.1", listener.port), 5) as loud:
            loud.sendall(b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n")
            assert int(loud.recv(64).split()[1]) in {404, 414}
        Visit(_at(listener, f"{PATH}?code=c&state={STATE}"))
        assert listener.wait(5)
        listener.close(done=True)


def test_a_port_somebody_holds_on_one_address_is_not_used(strangers: list[bool]) -> None:
    if not _has_ipv6():
        pytest.skip("no IPv6 on this machine")
    first, second = free_ports(2)
    with socket.socket(socket.AF_INET6) as other:
        other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        other.bind(("::1", first))
        other.listen()
        made = Listener(STATE, "en", lambda: None, (first, second))
        assert made.port == second
        made.close(done=False)
        with pytest.raises(AppError) as caught:
            Listener(STATE, "en", lambda: None, (first,))
    assert caught.value.code is ErrorCode.SIGN_IN_PORTS


def test_closed_it_is_gone_at_once_and_its_threads_too() -> None:
    before = threading.active_count()
    made = Listener(STATE, "en", lambda: None, free_ports(1))
    made.close(done=False)
    made.close(done=False)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", made.port), 2)
    assert threading.active_count() <= before


def test_the_registered_ports_are_few_and_fixed() -> None:
    assert len(PORTS) == len(set(PORTS)) == 5
    assert all(1024 < port < 32_768 for port in PORTS)  # below what systems give out by themselves


@pytest.mark.parametrize("told", Told)
@pytest.mark.parametrize("language", ["en", "ja", "fr", "<b>"])
def test_every_page_is_whole(told: Told, language: str) -> None:
    html = page(told, language).decode()
    assert html.startswith("<!doctype html>")
    assert html.count("<h1>") == 1
    assert f'lang="{language if language == "ja" else "en"}"' in html
