"""RFC 5626 over TCP, and keep-alives over UDP: what the registrar sees of them."""

from __future__ import annotations

import re
import socket

import pytest

from app.domain.counterpart import Line, Transport
from tests.sip.harness import Harness
from tests.sip.raw_sip import RawPeer


def register_by_tcp(harness: Harness, *, outbound: bool) -> str:
    """The REGISTER of a TCP line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        registrar = f"sip:127.0.0.1:{listener.getsockname()[1]}"
        line = Line("a", "sip:a@h.test", registrar, bind="127.0.0.1", transport=Transport.TCP, outbound=outbound)
        harness.apply(line)
        link, _ = listener.accept()
        with link:
            link.settimeout(5)
            return link.recv(65_536).decode()


def test_a_tcp_line_names_its_instance_and_flow(harness: Harness) -> None:
    text = register_by_tcp(harness, outbound=True)
    contact = next(line for line in text.split("\r\n") if line.startswith("Contact:"))
    assert re.search(r';\+sip\.instance="<urn:uuid:[0-9a-fA-F-]+>"', contact)
    assert ";reg-id=1" in contact
    assert "outbound" in next(line for line in text.split("\r\n") if line.startswith("Supported:"))


def test_unless_it_is_switched_off(harness: Harness) -> None:
    assert "sip.instance" not in register_by_tcp(harness, outbound=False)


@pytest.mark.parametrize("seconds", [1, 0])
def test_a_udp_line_keeps_its_way_open(harness: Harness, seconds: int) -> None:
    with RawPeer() as registrar:
        line = Line(
            "a", "sip:a@h.test", f"sip:127.0.0.1:{registrar.port}", bind="127.0.0.1", keep_alive=seconds, username="a"
        )
        harness.apply(line)
        register = registrar.expect("REGISTER")
        assert ";rport" in register
        contact = next(line for line in register.split("\r\n") if line.startswith("Contact:"))
        port = int(harness_port(register))
        registrar.answer(register, "200 OK", port, headers=f"{contact};expires=300\r\n")
        harness.registered("a")
        registrar.socket.settimeout(3)
        try:
            found = registrar.socket.recv(100)
        except TimeoutError:
            found = b""
    assert found == (b"\r\n\r\n" if seconds else b"")


def harness_port(register: str) -> str:
    """Where the REGISTER came from."""
    found = re.search(r"^Via: SIP/2\.0/UDP 127\.0\.0\.1:(\d+)", register, re.MULTILINE)
    assert found
    return found[1]
