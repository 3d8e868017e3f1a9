"""Bodies in chunks, as some clients send them."""

from __future__ import annotations

import io
import json
import socket
from email.message import Message
from urllib.parse import urlsplit

import pytest

from crm.standin.bodies import BrokenBodyError, TooLargeError, read_body
from tests.crm_standin.client import BASE, Client


def read(data: bytes, most: int = 100, **headers: str) -> bytes:
    message = Message()
    for name, value in (headers or {"Transfer_Encoding": "chunked"}).items():
        message[name.replace("_", "-")] = value
    return read_body(io.BytesIO(data), message, most)


def test_chunks_become_one_body() -> None:
    assert read(b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n") == b"abc0123456789"
    assert read(b"0\r\n\r\n") == b""
    assert read(b"abcd", Content_Length="3") == b"abc"
    assert read(b"abcd", Host="localhost") == b""


@pytest.mark.parametrize(
    "data",
    [b"", b"3\r\nab", b"3\r\nabcd\r\n0\r\n\r\n", b"x\r\n\r\n", b"-1\r\n\r\n", b"3\nabc", b"3\r\nabc\r\n0\r\n"],
)
def test_broken_chunks(data: bytes) -> None:
    with pytest.raises(BrokenBodyError):
        read(data)
    with pytest.raises(BrokenBodyError):
        read(b"ab", Content_Length="3")


def test_too_many_chunks() -> None:
    with pytest.raises(TooLargeError):
        read(b"32\r\n" + b"x" * 50 + b"\r\n33\r\n")


def test_a_chunked_call_is_served_and_the_connection_goes_on(client: Client) -> None:
    body = json.dumps({"LastName": "Chunked"}).encode()
    head = (
        f"POST {BASE}/sobjects/Contact HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {client.token}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[at : at + 5]), body[at : at + 5]) for at in range(0, len(body), 5))
    host, _, port = urlsplit(client.url).netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as one, one.makefile("rb") as answers:
        for _ in range(2):
            one.sendall(head + chunks + b"0\r\n\r\n")
            assert b" 201 " in answers.readline()
            length = 0
            while (line := answers.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            assert json.loads(answers.read(length))["success"] is True
    assert client.query("SELECT COUNT() FROM Contact WHERE LastName = 'Chunked'").body["totalSize"] == 2
